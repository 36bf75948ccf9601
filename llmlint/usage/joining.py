"""Real usage, call sites and their costs come in; costs with what was measured go out, and what can't be joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from llmlint.cost.pricing import Pricing
from llmlint.cost.rates import SERVICES, Tokens, rates
from llmlint.cost.records import DAYS_PER_MONTH, CostReport, MeasuredCost, UsageRow, UsageSummary
from llmlint.facts.call_site import CallSite
from llmlint.usage.places import Places
from llmlint.usage.records import Usage, UsageEntry
from llmlint.usage.savings import with_months

LEAST_DAYS = 1.0
"""Nothing is told per month from a shorter time: nights and weekends would be missing."""
_HOW = ("line", "function", "model")


class _Sum(msgspec.Struct):
    """What one call has, or one group of rows that can't be joined."""

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0
    unpriced: int = 0
    how: int = 0

    def add(self, entry: UsageEntry, cost: float | None, how: int = 0) -> None:
        self.requests += entry.requests
        self.input_tokens += entry.input_tokens
        self.cached_tokens += entry.cached_tokens
        self.output_tokens += entry.output_tokens
        self.cost += cost or 0
        self.unpriced += entry.requests if cost is None else 0
        self.how = max(self.how, how)


def with_usage(
    costs: CostReport, call_sites: Sequence[CallSite], usage: Usage, pricing: Pricing, days: float | None = None
) -> CostReport:
    """The costs with what was measured. `days` is how long the usage took, where the file can't say it."""
    span = days or usage.days
    places = Places(call_sites, costs.calls, pricing)
    joined: dict[int, _Sum] = defaultdict(_Sum)
    rest: dict[tuple[str, str, str, str], _Sum] = defaultdict(_Sum)
    whole = _Sum()
    for entry in usage.entries:
        cost = cost_of(entry, pricing)
        whole.add(entry, cost)
        found = places.of(entry)
        if isinstance(found, str):
            rest[entry.model, entry.endpoint, entry.where, found].add(entry, cost)
        else:
            joined[found.index].add(entry, cost, _HOW.index(found.how))
    measured = {index: _measured(found, span) for index, found in joined.items()}
    calls = tuple(msgspec.structs.replace(call, measured=measured.get(i)) for i, call in enumerate(costs.calls))
    summary = UsageSummary(
        source=usage.source,
        kind=usage.kind,
        requests=whole.requests,
        joined_requests=sum(each.requests for each in joined.values()),
        days=span,
        cost=whole.cost,
        per_month=_monthly(whole.cost, span),
        unpriced_requests=whole.unpriced,
        unjoined=_rows(rest),
    )
    measured_costs = msgspec.structs.replace(costs, calls=calls, usage=summary)
    return msgspec.structs.replace(measured_costs, savings=with_months(measured_costs))


def cost_of(entry: UsageEntry, pricing: Pricing) -> float | None:
    """US dollars for all requests of an entry; None where the model or its tier has no known price.

    Of requests that are counted together the mean decides whether they are long.
    """
    catalog = pricing.catalog
    model = catalog.deployment(entry.model) or catalog.models.get(entry.model)
    service = SERVICES.get(entry.tier.lower())
    if (
        model is None
        or service is None
        or (catalog.models.is_fine_tuned(entry.model) and entry.model not in pricing.own)
    ):
        return None
    found = rates(model, service, catalog.models.data.long_context)
    if found is None or entry.requests == 0:
        return None
    written = entry.written_tokens
    mean = Tokens(
        entry.input_tokens / entry.requests,
        entry.output_tokens / entry.requests,
        entry.cached_tokens / entry.requests,
        writes=written is None,
        written=None if written is None else written / entry.requests,
    )
    return found.dollars(mean) * entry.requests


def _measured(found: _Sum, days: float | None) -> MeasuredCost:
    reason = ""
    if found.unpriced:
        reason = f"{found.unpriced:,} requests have no known price"
    elif days is None:
        reason = "the file doesn't say how long it took"
    elif days < LEAST_DAYS:
        reason = "the file covers less than a day"
    known = not found.unpriced
    return MeasuredCost(
        requests=found.requests,
        input_tokens=found.input_tokens,
        cached_tokens=found.cached_tokens,
        output_tokens=found.output_tokens,
        cost=found.cost if known else None,
        per_1000_calls=1000 * found.cost / found.requests if known else None,
        per_month=_monthly(found.cost, days) if known else None,
        joined_by=_HOW[found.how],
        reason=reason,
    )


def _monthly(cost: float, days: float | None) -> float | None:
    return cost / days * DAYS_PER_MONTH if days is not None and days >= LEAST_DAYS else None


def _rows(rest: Mapping[tuple[str, str, str, str], _Sum]) -> tuple[UsageRow, ...]:
    """The dearest first."""
    rows = [
        UsageRow(
            model=model,
            endpoint=endpoint,
            requests=found.requests,
            input_tokens=found.input_tokens,
            cached_tokens=found.cached_tokens,
            output_tokens=found.output_tokens,
            cost=None if found.unpriced else found.cost,
            where=where,
            reason=reason,
        )
        for (model, endpoint, where, reason), found in rest.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-(row.cost or 0), -row.requests, row.model, row.where)))
