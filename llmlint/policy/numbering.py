"""Facts of a call path come in; whole numbers that are the same for facts that no condition can tell apart go out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from operator import itemgetter
from typing import TypeAlias

from llmlint.facts.call_site import Fact, State

Numbers: TypeAlias = "list[int]"
Key: TypeAlias = "Callable[[Numbers], Hashable]"
_ABSENT, _UNKNOWN = State.ABSENT, State.UNKNOWN  # look-ups in an enumeration are slow
_VALUES_FROM = 3


class Numbering:
    """Numbers for the facts of some names.

    A hundred rules ask about the same forty facts of a call, and thousands of calls are alike in the few of them that
    one rule asks about. With the facts as numbers, whether a rule has seen their like is one look-up.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._places = {name: place for place, name in enumerate(dict.fromkeys(names))}
        self._numbers: dict[object, int] = {}

    def key(self, names: Iterable[str]) -> Key:
        """What takes the numbers of these names, which must be among its own, out of those of a path."""
        places = [self._places[name] for name in dict.fromkeys(names)]
        return itemgetter(*places) if places else lambda _: ()

    def numbers(self, facts: Mapping[str, Fact]) -> Numbers:
        """One for each of its names. Only what evidence and reasons say makes no difference."""
        found: Numbers = []
        seen = self._numbers
        for name in self._places:
            fact = facts.get(name)
            if fact is None:
                found.append(0)
            elif (value := fact.value) is None:
                found.append(0 if fact.state is _ABSENT else 1 if fact.state is _UNKNOWN else 2)
            else:
                kind = type(value)
                alike = value if kind is str else (kind, repr(value) if kind in (list, dict) else value)
                number = seen.get(alike)
                if number is None:
                    number = seen[alike] = len(seen) + _VALUES_FROM
                found.append(number)
        return found
