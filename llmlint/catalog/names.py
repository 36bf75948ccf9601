"""Look-up by dotted name: exact names first, then the longest pattern that ends in `.*`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class NameTable(Generic[Entry]):
    """Entries by dotted name. `package.*` stands for every name below `package`; the longest pattern wins."""

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._exact: dict[str, Entry] = {}
        self._below: dict[str, Entry] = {}
        for name, entry in entries:
            if name.endswith(".*"):
                self._below[name[:-2]] = entry
            else:
                self._exact[name] = entry

    def get(self, dotted: str) -> Entry | None:
        """The entry of a name, None if there is none."""
        found = self._exact.get(dotted)
        prefix = dotted
        while found is None and (cut := prefix.rfind(".")) > 0:
            prefix = prefix[:cut]
            found = self._below.get(prefix)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._exact
        yield from (f"{name}.*" for name in self._below)


class TailTable(Generic[Entry]):
    """Entries by the last names of a dotted text, where what stands before them is not known."""

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self._entries = {tuple(tail.split(".")): entry for tail, entry in entries}
        self._longest = max(map(len, self._entries), default=0)

    def get(self, dotted: str) -> Entry | None:
        """The entry of the longest tail that the text ends with, None if there is none."""
        parts = tuple(dotted.split("."))
        for length in range(min(self._longest, len(parts)), 0, -1):
            if (found := self._entries.get(parts[-length:])) is not None:
                return found
        return None
