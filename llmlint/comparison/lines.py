"""Which lines of the head are new or changed: two sides come in, places are told to be touched or not."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

from llmlint.comparison.sides import Side
from llmlint.facts.call_site import Location

MOST_COMPARED = 4_000
"""Lines between the first and the last difference; in larger stretches every line counts as changed."""


class Touched:
    """`earlier` maps paths of the head to those that the files had in the base."""

    def __init__(self, before: Side, after: Side, earlier: Mapping[str, str]) -> None:
        self._before = before
        self._after = after
        self._earlier = earlier
        self._known: dict[tuple[str, int | None], frozenset[int]] = {}

    def __call__(self, place: Location) -> bool:
        """Whether a place of the head lies on changed lines, or beside removed ones."""
        key = (place.path, place.cell)
        if key not in self._known:
            old = self._before.lines(self._earlier.get(place.path, place.path), place.cell)
            self._known[key] = _changed(old, self._after.lines(*key))
        lines = range(place.line, max(place.line, place.end_line) + 1)
        return not self._known[key].isdisjoint(lines)


def _changed(old: tuple[str, ...], new: tuple[str, ...]) -> frozenset[int]:
    """Numbers, from 1, of the lines that are new or changed, and of those around a gap."""
    if old == new:
        return frozenset()
    start = _common(old, new)
    tail = _common(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - tail], new[start : len(new) - tail]
    if not middle_new:
        return frozenset((start, start + 1))
    if len(middle_old) + len(middle_new) > MOST_COMPARED:
        return frozenset(range(start + 1, len(new) - tail + 1))
    found: set[int] = set()
    for tag, _, _, first, last in SequenceMatcher(None, middle_old, middle_new).get_opcodes():
        if tag == "delete":
            found.update((start + first, start + first + 1))
        elif tag != "equal":
            found.update(range(start + first + 1, start + last + 1))
    return frozenset(found)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many lines are equal at the start."""
    length = min(len(one), len(other))
    return next((index for index in range(length) if one[index] != other[index]), length)
