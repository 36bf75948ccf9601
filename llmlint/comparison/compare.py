"""Compares two analysed revisions: sides come in, what differs goes out. Nothing is read but source lines."""

from __future__ import annotations

from llmlint.comparison.changes import change_of
from llmlint.comparison.costs import CostPair, cost_change, costs_of
from llmlint.comparison.lines import Touched
from llmlint.comparison.pairing import paired
from llmlint.comparison.renames import earlier_names
from llmlint.comparison.result import Comparison
from llmlint.comparison.sides import Side
from llmlint.comparison.verdicts import Verdicts


def compare(before: Side, after: Side) -> Comparison:
    """What the head has and the base doesn't, what it no longer has, and what is different."""
    earlier = earlier_names(before, after)
    touched = Touched(before, after, earlier)
    pairs = paired(before, after, earlier)
    kept_before = {id(pair.before) for pair in pairs}
    kept_after = {id(pair.after) for pair in pairs}
    ordered = sorted(pairs, key=lambda pair: pair.after.location)
    costs = {id(pair): costs_of(pair, before, after) for pair in pairs}
    changed = [change for pair in ordered if (change := change_of(pair, costs[id(pair)], earlier, touched)) is not None]
    added = tuple(site for site in after.call_sites if id(site) not in kept_after)
    removed = tuple(site for site in before.call_sites if id(site) not in kept_before)
    alone = (
        *(CostPair(None, after.costs.get(site.location)) for site in added),
        *(CostPair(before.costs.get(site.location), None) for site in removed),
    )
    verdicts = Verdicts(before, after, pairs, earlier, touched)
    return Comparison(
        added=added,
        removed=removed,
        changed=tuple(changed),
        unchanged=len(pairs) - len(changed),
        new=verdicts.new(),
        fixed=verdicts.fixed(),
        cost=cost_change((*costs.values(), *alone)),
    )
