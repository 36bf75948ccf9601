"""Costs with what was measured come in; the savings, with what they are of the money that calls really cost, go out."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from llmlint.cost.records import CallCost, CostReport, Range, Saving, exactly
from llmlint.cost.savings import fitted, rank
from llmlint.facts.call_site import Location


def with_months(costs: CostReport) -> tuple[Saving, ...]:
    """The greatest first. A saving on one call is the same share of what was measured there as of what was worked out.

    Shares of savings on several calls are not known, and nothing is told of a month for them.
    """
    at: dict[Location, list[Saving]] = defaultdict(list)
    for saving in costs.savings:
        if len(saving.calls) == 1:
            at[saving.calls[0]].append(saving)
    months: dict[str, Range] = {}
    for call in costs.calls:
        if call.measured is not None and call.measured.per_month is not None:
            savings = at.get(call.location, [])
            shares = fitted([_share(saving, call) for saving in savings], exactly(1))
            for saving, share in zip(savings, shares, strict=True):
                months[saving.fingerprint] = share.times(call.measured.per_month)
    found = [
        msgspec.structs.replace(saving, per_month=months.get(saving.fingerprint, saving.per_month))
        for saving in costs.savings
    ]
    return tuple(sorted(found, key=rank))


def _share(saving: Saving, call: CallCost) -> Range:
    """What is saved of each bound of the cost, in order. All requests may come from callers where there is nothing."""
    saved, cost = saving.per_1000_calls, call.per_1000_calls
    if cost is None:
        return exactly(0)
    bounds = ((saved.low, cost.low), (saved.expected, cost.expected), (saved.high, cost.high))
    shares = [part / whole if whole > 0 else 0.0 for part, whole in bounds]
    return Range(0 if saving.some_callers else min(shares), shares[1], max(shares))
