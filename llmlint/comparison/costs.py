"""What calls cost before and after: costs of both sides come in, what can be compared is summed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from llmlint.comparison.pairing import Pair
from llmlint.comparison.result import CostChange
from llmlint.comparison.sides import Side
from llmlint.cost.records import CallCost, Range, exactly


class CostPair(NamedTuple):
    """The costs of one call site; None on a side that doesn't have it."""

    before: CallCost | None
    after: CallCost | None

    @property
    def differ(self) -> bool:
        """Whether both are known, and another one is likely or possible."""
        if self.before is None or self.after is None:
            return False
        ranges = (self.before.per_1000_calls, self.after.per_1000_calls)
        return None not in ranges and ranges[0] != ranges[1]


def costs_of(pair: Pair, before: Side, after: Side) -> CostPair:
    """The costs of a call site that both sides have."""
    return CostPair(before.costs.get(pair.before.location), after.costs.get(pair.after.location))


def cost_change(pairs: Iterable[CostPair]) -> CostChange:
    """The sums of all calls that can be compared."""
    before, after, unknown = exactly(0), exactly(0), 0
    for pair in pairs:
        counted = [cost for cost in pair if cost is not None and _counts(cost)]
        if any(cost.per_1000_calls is None for cost in counted):
            unknown += 1
            continue
        before, after = before.plus(_money(pair.before)), after.plus(_money(pair.after))
    return CostChange(before, after, unknown)


def _counts(cost: CallCost) -> bool:
    return not cost.test and cost.state != "not_by_token"


def _money(cost: CallCost | None) -> Range:
    known = cost.per_1000_calls if cost is not None and _counts(cost) else None
    return known or exactly(0)
