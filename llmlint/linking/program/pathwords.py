"""What the folders and the name of a file say about it."""

from __future__ import annotations

import fnmatch
from pathlib import PurePosixPath

from llmlint.catalog.ecosystem import PathWords


def matches(words: PathWords, path: str) -> bool:
    """Whether a folder of the path, or its file name, is among the words."""
    pure = PurePosixPath(path)
    folders = {part.lower() for part in pure.parent.parts}
    return bool(folders & set(words.folders)) or any(fnmatch.fnmatch(pure.name.lower(), glob) for glob in words.files)
