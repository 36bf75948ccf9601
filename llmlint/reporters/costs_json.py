"""Costs come in, plain values for JSON go out. Money is in US dollars, with a few significant digits."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from llmlint.cost.records import (
    DEFAULTS,
    CallCost,
    CostReport,
    MeasuredCost,
    Range,
    Saving,
    UsageRow,
    UsageSummary,
    rounded,
)
from llmlint.reporters.escape import whole


def cost_entry(cost: CallCost) -> dict[str, Any]:
    """The key `cost` of a call site."""
    measured = {"measured": _measured(cost.measured)} if cost.measured is not None else {}
    traffic = {"calls_per_day": rounded(cost.calls_per_day)} if cost.calls_per_day is not None else {}
    if cost.per_1000_calls is None:
        return {"state": cost.state, "reason": whole(cost.reason), **traffic, **measured}
    ranges = {
        "per_1000_calls": cost.per_1000_calls,
        "per_month": cost.per_month,
        "input_tokens": cost.input_tokens,
        "cached_tokens": cost.cached_tokens,
        "output_tokens": cost.output_tokens,
    }
    return {
        "state": cost.state,
        "models": [whole(model) for model in cost.models],
        "service": cost.service,
        "prices_as_of": cost.prices_as_of,
        **{name: bounds(found) for name, found in ranges.items() if found is not None},
        "static_tokens": cost.static_tokens,
        "tokens_exact": cost.tokens_exact,
        **traffic,
        "assumed": [*cost.assumed],
        "caveats": [whole(caveat) for caveat in cost.caveats],
        **measured,
    }


def costs_entry(costs: CostReport) -> dict[str, Any]:
    """The key `costs` of an audit: sums, and what they rest on."""
    sums = {"per_month": costs.per_month}
    measured = costs.measured_per_month
    reasons = Counter(whole(each.reason) for each in costs.unknown)
    return {
        "currency": "USD",
        "prices_as_of": costs.prices_as_of,
        "assumptions": assumptions_entry(costs),
        "counted": len(costs.counted),
        "tests": sum(each.test for each in costs.calls),
        "unknown": len(costs.unknown),
        "unknown_reasons": dict(sorted(reasons.items())),
        "per_1000_calls": bounds(costs.per_1000_calls),
        **{name: bounds(found) for name, found in sums.items() if found is not None},
        **({"measured_per_month": rounded(measured)} if measured is not None else {}),
        **({"unmatched": [whole(name) for name in costs.unmatched]} if costs.unmatched else {}),
        **({"usage": _usage(costs.usage)} if costs.usage is not None else {}),
    }


def assumptions_entry(costs: CostReport) -> dict[str, Any]:
    """What is assumed where neither the source nor the settings say it, and what the settings say."""
    given = costs.settings.assumptions
    said = {
        "expected_input_tokens": bounds(given.input_tokens) if given.input_tokens else None,
        "expected_output_tokens": bounds(given.output_tokens) if given.output_tokens else None,
        "calls_per_day": given.calls_per_day,
        "cache_hit_rate": given.cache_hit_rate,
    }
    return {
        **{name: bounds(getattr(DEFAULTS, name)) for name in DEFAULTS.__struct_fields__},
        "given": {name: value for name, value in said.items() if value is not None},
        "overrides": len(costs.settings.overrides),
    }


def saving_entry(saving: Saving) -> dict[str, Any]:
    """The key `saving` of a finding."""
    month = {"per_month": bounds(saving.per_month)} if saving.per_month is not None else {}
    some = {"some_callers": True} if saving.some_callers else {}
    return {"kind": saving.kind, "per_1000_calls": bounds(saving.per_1000_calls), **month, **some}


def bounds(found: Range) -> dict[str, float]:
    """A range."""
    return {"low": rounded(found.low), "expected": rounded(found.expected), "high": rounded(found.high)}


def _measured(measured: MeasuredCost) -> dict[str, Any]:
    return _plain(measured)


def _usage(usage: UsageSummary) -> dict[str, Any]:
    rows = [_plain(row) for row in usage.unjoined]
    return {**_plain(usage), "unjoined": rows}


def _plain(record: MeasuredCost | UsageSummary | UsageRow) -> dict[str, Any]:
    """Numbers rounded, text made whole, what isn't known left out."""
    found: dict[str, Any] = {}
    for name, value in msgspec.structs.asdict(record).items():
        if isinstance(value, str):
            found[name] = whole(value)
        elif isinstance(value, float):
            found[name] = rounded(value)
        elif value is not None:
            found[name] = value
    return {name: value for name, value in found.items() if value != ""}
