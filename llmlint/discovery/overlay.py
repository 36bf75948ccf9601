"""The files of a project as they would be with some of them changed, without touching the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from llmlint.discovery.contents import Contents
from llmlint.discovery.files import Discovery


class Overlay:
    """`Contents` in which `changed` files, by path, have other bytes."""

    def __init__(self, contents: Contents, changed: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._changed = changed

    @property
    def root(self) -> Path:
        """As in `Contents`."""
        return self._contents.root

    def source(self, path: str, limit: int) -> bytes | None:
        """As in `Contents`."""
        data = self._changed.get(path)
        if data is None:
            return self._contents.source(path, limit)
        return data if len(data) <= limit else None

    def data(self, path: str, limit: int) -> bytes | None:
        """As in `Contents`."""
        data = self._changed.get(path)
        if data is None:
            return self._contents.data(path, limit)
        return data if len(data) <= limit else None


def overlaid(found: Discovery, changed: Mapping[str, bytes]) -> Discovery:
    """The same files; nothing that an earlier run saw of the changed ones proves anything."""
    files = tuple(
        replace(file, size=len(changed[file.path]), stamp="", modified=0) if file.path in changed else file
        for file in found.files
    )
    return replace(found, files=files)
