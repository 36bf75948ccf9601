"""What the folders and the name of a file say about it, and the name of a function."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from pathlib import PurePosixPath

from llmlint.catalog.ecosystem import PathWords


def matches(words: PathWords, path: str) -> bool:
    """Whether a folder of the path, or its file name, is among the words."""
    pure = PurePosixPath(path)
    folders = {part.lower() for part in pure.parent.parts}
    return any(fnmatch.fnmatch(folder, glob) for folder in folders for glob in words.folders) or any(
        fnmatch.fnmatch(pure.name.lower(), glob) for glob in words.files
    )


def are_named(words: PathWords, name: Sequence[str]) -> bool:
    """Whether a part of a function's name is among the words, and no neighbour gives it another meaning."""
    found = [place for place, word in enumerate(name) if word in words.words]
    return any(not {*name[max(place - 1, 0) : place + 2]} & {*words.unless} for place in found)
