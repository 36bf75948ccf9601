"""Where the bytes of a project's files come from: a path relative to its root comes in, its bytes go out."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


class Contents(Protocol):
    """`root` is the project's folder. Both methods give None for a file of more than `limit` bytes, and raise
    `OSError` where there is none to read.
    """

    @property
    def root(self) -> Path: ...

    def source(self, path: str, limit: int) -> bytes | None:
        """A discovered file; a link is none."""

    def data(self, path: str, limit: int) -> bytes | None:
        """Any file of the project, also through links that stay inside; None outside of it."""


class Folder:
    """The files of a folder as they are on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def source(self, path: str, limit: int) -> bytes | None:
        """As in `Contents`."""
        return _read_regular(self.root / path, limit)

    def data(self, path: str, limit: int) -> bytes | None:
        """As in `Contents`."""
        real = Path(os.path.realpath(self.root / path))
        return _read_regular(real, limit) if real.is_relative_to(self.root.resolve()) else None


def _read_regular(path: Path, limit: int) -> bytes | None:
    """The bytes of a regular file. Never waits, as a pipe would make it."""
    descriptor = os.open(path, _OPEN_FLAGS | _NO_LINKS)
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a regular file")
        if status.st_size > limit:
            return None
        data = stream.read(limit + 1)
        return None if len(data) > limit else data
