"""Which call site of the base is which of the head: two sides come in, pairs go out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from llmlint.comparison.sides import Side
from llmlint.facts.call_site import CallSite

MOST_WEIGHED = 150
"""Pairs of one group that are compared letter by letter; beyond that, their order decides."""


class Pair(NamedTuple):
    before: CallSite
    after: CallSite


class _Call(NamedTuple):
    """`path` is the one in the head."""

    site: CallSite
    path: str
    text: str

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.site.function.rpartition(".")[2]

    @property
    def kind(self) -> str:
        """What the endpoint makes."""
        return str(self.site.fact("endpoint.kind").value)


_ROUNDS: tuple[tuple[Callable[[_Call], Hashable], float], ...] = (
    (lambda call: (call.path, call.site.function, call.site.callee, call.text), 0.0),
    (lambda call: (call.path, call.site.function, call.site.callee) if call.name else None, 0.0),
    (lambda call: (call.path, call.site.function, call.kind), 0.3),
    (lambda call: (call.path, call.site.callee, call.text), 0.0),
    (lambda call: (call.path, call.kind), 0.6),
    (lambda call: (call.name, call.site.callee, call.text) if call.name else None, 0.0),
    (lambda call: (call.name, call.kind) if call.name else None, 0.8),
)
"""What two calls must have in common, and how alike their texts must be (0 to 1), from sure to likely."""


def paired(before: Side, after: Side, earlier: Mapping[str, str]) -> list[Pair]:
    """`earlier` maps paths of the head to those of the base where they differ."""
    later = {old: new for new, old in earlier.items()}
    left = [_call(before, site, later) for site in before.call_sites]
    right = [_call(after, site, {}) for site in after.call_sites]
    found: list[Pair] = []
    for key, least in _ROUNDS:
        matched = list(_round(left, right, key, least))
        found.extend(Pair(one.site, other.site) for one, other in matched)
        done = {id(call) for pair in matched for call in pair}
        left = [call for call in left if id(call) not in done]
        right = [call for call in right if id(call) not in done]
    return found


def _call(side: Side, site: CallSite, later: Mapping[str, str]) -> _Call:
    path = site.location.path
    return _Call(site, later.get(path, path), side.text(site.location))


def _round(
    left: Sequence[_Call], right: Sequence[_Call], key: Callable[[_Call], Hashable], least: float
) -> Iterator[tuple[_Call, _Call]]:
    groups = _grouped(left, key)
    for value, others in _grouped(right, key).items():
        yield from _closest(groups.get(value, []), others, least)


def _grouped(calls: Sequence[_Call], key: Callable[[_Call], Hashable]) -> dict[Hashable, list[_Call]]:
    groups: defaultdict[Hashable, list[_Call]] = defaultdict(list)
    for call in calls:
        if (value := key(call)) is not None:
            groups[value].append(call)
    return groups


def _closest(left: list[_Call], right: list[_Call], least: float) -> Iterator[tuple[_Call, _Call]]:
    """The pairs that are most alike; of equally alike ones those that stand in the same order."""
    if len(left) * len(right) > MOST_WEIGHED:
        yield from (pair for pair in zip(left, right, strict=False) if _likeness(*pair) >= least)
        return
    weighed = sorted(
        (-_likeness(one, other), abs(at - beside), at, beside)
        for at, one in enumerate(left)
        for beside, other in enumerate(right)
    )
    taken: set[int] = set()
    given: set[int] = set()
    for likeness, _, at, beside in weighed:
        if -likeness >= least and at not in taken and beside not in given:
            taken.add(at)
            given.add(beside)
            yield left[at], right[beside]


def _likeness(one: _Call, other: _Call) -> float:
    if one.text == other.text:
        return 1.0
    return SequenceMatcher(None, one.text, other.text).ratio()
