"""The cost of a call comes in; the facts `cost.*` that rules may read go out."""

from __future__ import annotations

from llmlint.cost.records import CallCost, Range, rounded
from llmlint.cost.requests import Facts
from llmlint.facts.call_site import ABSENT, Fact, absent, known, unknown


def cost_facts(cost: CallCost, facts: Facts) -> dict[str, Fact]:
    """All facts `cost.*`; absent where the endpoint isn't billed by tokens, unknown where the price isn't known."""
    steps = facts.get("model.ids", ABSENT).evidence
    if cost.state == "not_by_token":
        return dict.fromkeys(_MONEY, absent())
    if cost.per_1000_calls is None:
        return dict.fromkeys(_MONEY, unknown(cost.reason, *steps)) | _traffic(cost)
    values = {
        **_bounds("cost.per_1000_calls", cost.per_1000_calls),
        **_bounds("cost.input_tokens", cost.input_tokens),
        **_bounds("cost.output_tokens", cost.output_tokens),
    }
    found = {name: known(value, *steps) for name, value in values.items()}
    found["cost.service"] = known(cost.service)
    found["cost.assumed"] = known([*cost.assumed])
    found["cost.prices_as_of"] = known(cost.prices_as_of)
    return found | _traffic(cost)


_MONEY = (
    "cost.per_1000_calls",
    "cost.per_1000_calls_low",
    "cost.per_1000_calls_high",
    "cost.input_tokens",
    "cost.input_tokens_low",
    "cost.input_tokens_high",
    "cost.output_tokens",
    "cost.output_tokens_low",
    "cost.output_tokens_high",
    "cost.service",
    "cost.assumed",
    "cost.prices_as_of",
)


def _traffic(cost: CallCost) -> dict[str, Fact]:
    """Absent without traffic: nothing is said per month then."""
    names = ("cost.per_month", "cost.per_month_low", "cost.per_month_high")
    if cost.calls_per_day is None:
        return dict.fromkeys(("cost.calls_per_day", *names), absent())
    calls = {"cost.calls_per_day": known(cost.calls_per_day)}
    if cost.per_month is None:
        return calls | dict.fromkeys(names, unknown(cost.reason))
    return calls | {name: known(value) for name, value in _bounds("cost.per_month", cost.per_month).items()}


def _bounds(name: str, found: Range | None) -> dict[str, float]:
    if found is None:
        return {}
    named = {name: found.expected, f"{name}_low": found.low, f"{name}_high": found.high}
    return {each: rounded(value) for each, value in named.items()}
