"""Money, tokens and assumptions as people read them."""

from __future__ import annotations

from collections.abc import Iterator

from llmlint.cost.records import DAYS_PER_MONTH, DEFAULTS, Assumptions, CallCost, CostReport, Range, Saving


def dollars(value: float) -> str:
    """US dollars with as many digits as help: $0.0012, $4.20, $1,234, -$0.50."""
    sign, size = ("-", -value) if value < 0 else ("", value)
    if size == 0:
        return "$0"
    if size >= 100:
        return f"{sign}${size:,.0f}"
    return f"{sign}${size:.2f}" if size >= 0.1 else f"{sign}${size:.2g}"


def increase(value: float) -> str:
    """The same with a plus where something is added."""
    return f"+{dollars(value)}" if value > 0 else dollars(value)


def spread(found: Range) -> str:
    """What to expect, and from where to where, with two digits that mean something; one number where it is known."""
    if dollars(found.low) == dollars(found.high):
        return dollars(found.expected)
    low, expected, high = (dollars(float(f"{each:.2g}")) for each in (found.low, found.expected, found.high))
    return f"{expected} ({low} to {high})"


def tokens(found: Range, *, exact: bool = True) -> str:
    """Tokens in the same manner; a tilde stands before an estimate."""
    mark = "" if exact else "~"
    if found.exact:
        return f"{mark}{found.expected:,.0f}"
    return f"{mark}{found.expected:,.0f} ({found.low:,.0f} to {found.high:,.0f})"


def weight(cost: CallCost) -> str:
    """What a request weighs, and what of that is assumed."""
    if cost.input_tokens is None or cost.output_tokens is None:
        return ""
    parts = [f"input {tokens(cost.input_tokens, exact=cost.tokens_exact)} tokens"]
    if cost.cached_tokens is not None and cost.cached_tokens.low:
        parts.append(f"of which up to {cost.cached_tokens.low:,.0f} cached")
    if cost.output_tokens.high:
        parts.append(f"output {tokens(cost.output_tokens)}")
    if cost.service != "standard":
        parts.append(f"at {cost.service} prices")
    return ", ".join(parts)


def assumptions(costs: CostReport) -> Iterator[str]:
    """The sentences on what the figures rest on, each said once for the whole report."""
    used = {name for cost in costs.calls for name in cost.assumed}
    if "input" in used:
        yield f"The changing parts of a prompt are taken for {tokens(DEFAULTS.changing_input)} tokens."
    if "output" in used:
        yield (
            f"An answer is taken for {tokens(DEFAULTS.output)} tokens, and {tokens(DEFAULTS.reasoning)} more where the "
            "model reasons; a lower cap is the most it can be."
        )
    if "cache" in used:
        yield "The fixed text before the first change is read from the cache always, in half of the calls, or never."
    given = list(_given(costs.settings.assumptions))
    if given:
        yield f"The settings say: {', '.join(given)}."
    if costs.settings.overrides:
        yield f"Overrides in the settings that change this for some calls: {len(costs.settings.overrides):,}."
    if any(cost.per_month is not None for cost in costs.calls) or costs.usage is not None:
        yield f"A month has {DAYS_PER_MONTH} days."
    for name in costs.unmatched:
        yield f"The settings name `{name}`, but there is no such call."


def _given(said: Assumptions) -> Iterator[str]:
    if said.input_tokens is not None:
        yield f"input {tokens(said.input_tokens)} tokens"
    if said.output_tokens is not None:
        yield f"output {tokens(said.output_tokens)} tokens"
    if said.calls_per_day is not None:
        yield f"{said.calls_per_day:,.0f} calls a day"
    if said.cache_hit_rate is not None:
        yield f"{said.cache_hit_rate:.0%} of the input read from the cache"


def saves(saving: Saving) -> str:
    """What a finding saves, in words: the least, the likely and the most, per 1,000 calls."""
    month = f", {spread(saving.per_month)} a month" if saving.per_month is not None else ""
    several = len(saving.calls) > 1
    unit = f"when each of {len(saving.calls):,} calls is made 1,000 times" if several else "per 1,000 calls"
    unit += " from there" if saving.some_callers else ""
    if saving.per_1000_calls.expected == 0:
        return f"saves up to {dollars(float(f'{saving.per_1000_calls.high:.2g}'))} {unit}{month}"
    return f"saves {spread(saving.per_1000_calls)} {unit}{month}"
