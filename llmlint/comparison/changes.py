"""What differs between two versions of a call: its facts over all ways to it, and who calls it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from llmlint.comparison.costs import CostPair
from llmlint.comparison.pairing import Pair
from llmlint.comparison.result import CallChange, Change, Seen
from llmlint.facts.call_site import ABSENT, CallSite, Fact, FactValue, Location, State, Step

MOST_CAUSES = 8
LARGEST = 1e300  # what a float can hold
CALLS = "calls it"
"""What linking says of a caller before it names the function around it."""


class _Watched(NamedTuple):
    name: str
    fact: str
    unit: str = ""


WATCHED = (
    _Watched("endpoint", "endpoint.id"),
    _Watched("host", "client.host"),
    _Watched("model", "model.ids"),
    _Watched("model tier", "model.tier"),
    _Watched("service tier", "argument.service_tier"),
    _Watched("effort", "argument.effort"),
    _Watched("output cap", "argument.output_cap", "tokens"),
    _Watched("format", "output.format"),
    _Watched("fixed prompt", "prompt.static_tokens", "tokens"),
    _Watched("fixed prompt before the first change", "prompt.leading_tokens", "tokens"),
    _Watched("answers per request", "argument.choices"),
    _Watched("loop", "surroundings.loop"),
)
"""What a reviewer wants to know of: it decides what a call costs or gives."""


def change_of(
    pair: Pair, costs: CostPair, earlier: Mapping[str, str], touched: Callable[[Location], bool]
) -> CallChange | None:
    """What differs; None if nothing does. `earlier` maps paths of the head to those of the base."""
    changes = tuple(_changes(pair))
    added, removed = _callers(pair, earlier)
    if not (changes or added or removed or costs.differ):
        return None
    steps = (step for change in changes for step in _evidence(pair.after, change.fact))
    causes = [step for step in dict.fromkeys((*steps, *added)) if touched(step.location)]
    return CallChange(pair.before, pair.after, changes, added, removed, tuple(causes[:MOST_CAUSES]), *costs)


def seen(site: CallSite, fact: str) -> Seen:
    """The fact over all ways to the call."""
    facts = [path.facts.get(fact, ABSENT) for path in site.paths]
    values: dict[str, FactValue] = {}
    for each in facts:
        values.update((repr(value), value) for value in _values(each))
    return Seen(
        tuple(sorted(values.values(), key=_order)),
        any(each.state is State.ABSENT for each in facts),
        any(each.state is State.UNKNOWN for each in facts),
    )


def _order(value: FactValue) -> tuple[bool, float, str]:
    """Numbers by size, then the rest by how it is written."""
    if isinstance(value, int | float):
        return False, float(max(-LARGEST, min(value, LARGEST))), repr(value)
    return True, 0.0, repr(value)


def _values(fact: Fact) -> Iterator[FactValue]:
    """A list of alternatives, such as models, gives each of them."""
    if fact.state is State.KNOWN:
        yield from fact.value if isinstance(fact.value, list) else [fact.value]


def _changes(pair: Pair) -> Iterator[Change]:
    for name, fact, unit in WATCHED:
        before, after = seen(pair.before, fact), seen(pair.after, fact)
        if before != after:
            yield Change(name, fact, unit, before, after)


def _callers(pair: Pair, earlier: Mapping[str, str]) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """The nearest calls of each way that are only in the head, and those only in the base; lines don't matter."""
    before = {_caller(step, pair.before, {}): step for step in _nearest(pair.before)}
    after = {_caller(step, pair.after, earlier): step for step in _nearest(pair.after)}
    added = [step for key, step in after.items() if key not in before]
    removed = [step for key, step in before.items() if key not in after]
    return tuple(added), tuple(removed)


def _caller(step: Step, site: CallSite, earlier: Mapping[str, str]) -> tuple[str, str]:
    """What a caller is known by: its file, seen from the call, and the function that it stands in. What it calls may
    have got another name.
    """
    path = step.location.path
    return "" if path == site.location.path else earlier.get(path, path), step.what.rpartition(CALLS)[2]


def _nearest(site: CallSite) -> list[Step]:
    return list(Counter(path.callers[0] for path in site.paths if path.callers))


def _evidence(site: CallSite, fact: str) -> Iterator[Step]:
    for path in site.paths:
        yield from path.facts.get(fact, ABSENT).evidence
        yield from path.callers
