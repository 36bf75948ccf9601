"""Where the cache of a project lies: its root, a wish and the environment come in, a folder or a store goes out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from llmlint.cache.database import owned_files
from llmlint.cache.store import MARKS, Store

NAME = ".llmlint_cache"
VARIABLE = "LLMLINT_CACHE_DIR"


@dataclass(frozen=True)
class Place:
    """`chosen` says that somebody named the folder: then it may have come from another machine, as in CI."""

    folder: Path
    chosen: bool

    def open(self) -> Store:
        """The store there."""
        if not self.chosen and self.folder.is_symlink():  # a stranger's project may let it lead anywhere
            return Store.nothing()
        return Store.open(self.folder, portable=self.chosen)

    def clear(self) -> int:
        """Deletes what llmlint made there, and the folder if nothing else is in it; says how many bytes went."""
        removed = 0
        if not self.chosen and self.folder.is_symlink():
            return removed
        marks = [self.folder / name for name, text in MARKS.items() if _text(self.folder / name) == text]
        for path in (*owned_files(self.folder), *marks):
            try:
                size = path.lstat().st_size
                path.unlink()
            except FileNotFoundError:
                continue
            removed += size
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()
        return removed


def place_of(root: Path, asked: Path | None, environment: Mapping[str, str] = os.environ) -> Place:
    """The folder that was asked for, else that of the environment variable, else one in the project's root."""
    variable = environment.get(VARIABLE, "")
    named = asked if asked is not None else Path(variable) if variable else None
    return Place(root / NAME, chosen=False) if named is None else Place(named.absolute(), chosen=True)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
