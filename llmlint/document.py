"""A file that people write, as plain values together with the place of every key and value in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from llmlint.errors import Problem

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
Path: TypeAlias = "tuple[str | int, ...]"
Place: TypeAlias = "tuple[int, int]"


@dataclass(frozen=True)
class Document:
    """`name` is the path shown to people. Places are (line, column), 1-based, keyed by the way to the value.

    `keys` holds the place of what introduces a value (its key or list item), `contents` that of the value.
    """

    name: str
    values: Value
    keys: Mapping[Path, Place]
    contents: Mapping[Path, Place]
    prefix: Path = ()

    def place(self, path: Path) -> Place:
        """Line and column of the key or list item at the end of `path`, or of the nearest one above it."""
        return self._nearest(self.keys, path)

    def value_place(self, path: Path) -> Place:
        """Line and column where the value itself starts; of the nearest one above it if there is none."""
        return self._nearest(self.contents, path)

    def problem(self, path: Path, message: str, hint: str = "") -> Problem:
        """A mistake at the key or list item at the end of `path`."""
        line, column = self.place(path)
        return Problem(self.name, line, column, message, hint)

    def under(self, key: str | int) -> Document:
        """The part of this document below one key or item; None where there is none. Places stay the file's."""
        values: Value = None
        if isinstance(self.values, dict):
            values = self.values.get(str(key))
        elif isinstance(self.values, list) and isinstance(key, int) and 0 <= key < len(self.values):
            values = self.values[key]
        return replace(self, values=values, prefix=(*self.prefix, key))

    def _nearest(self, places: Mapping[Path, Place], path: Path) -> Place:
        whole = (*self.prefix, *path)
        for length in range(len(whole), -1, -1):
            if (place := places.get(whole[:length])) is not None:
                return place
        return (1, 1)
