"""The words that the formats of `llmlint diff` share: counted differences, calls, and values before and after."""

from __future__ import annotations

from collections.abc import Iterator

from llmlint.comparison import CallChange, Change, Comparison, Seen
from llmlint.comparison.changes import seen
from llmlint.cost.records import CallCost, exactly
from llmlint.facts.call_site import CallSite, FactValue
from llmlint.reporters.diff_report import DiffReport
from llmlint.reporters.escape import visible
from llmlint.reporters.money import increase, spread
from llmlint.reporters.wording import count

MOST_VALUES = 6
LONGEST_VALUE = 80
HOW = {
    "mended": "mended",
    "removed": "gone with its call",
    "silenced": "silenced",
}


def headline(report: DiffReport) -> str:
    """What matters most, on one line without a full stop."""
    comparison = report.comparison
    if comparison.nothing:
        return "no call to a model changes"
    numbers = (
        (len(comparison.new), "new finding"),
        (len(comparison.fixed), "finding fixed"),
        (len(comparison.added), "call site added"),
        (len(comparison.removed), "call site removed"),
        (len(comparison.changed), "call site changed"),
    )
    return ", ".join(_counted(number, words) for number, words in numbers if number)


def call_sites(comparison: Comparison) -> str:
    """How many call sites there are of each kind."""
    numbers = {
        "added": len(comparison.added),
        "removed": len(comparison.removed),
        "changed": len(comparison.changed),
        "unchanged": comparison.unchanged,
    }
    return ", ".join(f"{number:,} {word}" for word, number in numbers.items())


def findings(comparison: Comparison) -> str:
    """How many findings are new, and how many are gone."""
    return f"{len(comparison.new):,} new, {len(comparison.fixed):,} fixed"


def where(site: CallSite) -> str:
    """The callee as written, and the function around it."""
    inside = f" in {visible(site.function)}" if site.function else ""
    return f"{visible(site.callee)}{inside}"


def sends(site: CallSite, cost: CallCost | None = None) -> str:
    """What an added or removed call sends and costs, in a few words."""
    known = cost is not None and cost.per_1000_calls is not None
    return ", ".join((*_sent(site), *([f"{call_cost(cost)} per 1,000 calls"] if known else [])))


def value(state: Seen, unit: str = "") -> str:
    """All that a fact may be, e.g. "gpt-5.5 or gpt-5.5-mini"."""
    words = [_written(each, unit) for each in state.values[:MOST_VALUES]]
    if len(state.values) > MOST_VALUES:
        words.append(count(len(state.values) - MOST_VALUES, "other"))
    words += ["none"] * state.absent + ["unknown"] * state.unknown
    return " or ".join(words) or "none"


def cost_change(comparison: Comparison) -> str:
    """What all calls cost before and after, as a sentence; "" where nothing is known of costs."""
    cost = comparison.cost
    left_out = f"{count(cost.unknown, 'call')} of unknown cost left out" if cost.unknown else ""
    if cost.before == cost.after == exactly(0):
        return f"Cost not compared: {left_out}." if left_out else ""
    aside = f" ({left_out})" if left_out else ""
    if cost.before == cost.after:
        return f"Cost when each call is made 1,000 times: {spread(cost.after)}, as before{aside}."
    percent = "" if cost.percent is None else f", {cost.percent:+,.1f} %"
    change = f"{increase(cost.increase)}{percent}" if cost.increase else "the same is expected"
    said = f"{spread(cost.before)} before, {spread(cost.after)} after"
    return f"Cost when each call is made 1,000 times: {said} ({'; '.join(filter(None, (change, left_out)))})."


def call_cost(cost: CallCost | None) -> str:
    """What one call costs, or why that isn't known; "" where nothing is known of prices."""
    if cost is None:
        return ""
    if cost.per_1000_calls is None:
        return "not billed by token" if cost.state == "not_by_token" else "unknown"
    return spread(cost.per_1000_calls)


def costs_of(change: CallChange) -> tuple[str, str] | None:
    """The costs of a call before and after; None where they are the same."""
    costs = call_cost(change.cost_before), call_cost(change.cost_after)
    return None if costs[0] == costs[1] else costs


def before_and_after(change: Change) -> tuple[str, str]:
    """Both values; the unit stands behind the second one only."""
    return value(change.before), value(change.after, change.unit)


def reading(report: DiffReport) -> Iterator[str]:
    """Sentences on what the comparison could not look at, and what stayed undecided."""
    undecided = (len(report.before.undecided), len(report.after.undecided))
    if any(undecided):
        yield f"Undecided rule verdicts: {undecided[0]:,} before, {undecided[1]:,} after."
    if report.after.skipped:
        yield f"{count(len(report.after.skipped), 'file')} of {report.head} could not be read."


def _sent(site: CallSite) -> Iterator[str]:
    endpoint = seen(site, "endpoint.id")
    if endpoint.values:
        yield value(endpoint)
    yield f"model {value(seen(site, 'model.ids'))}"
    if seen(site, "endpoint.cap_parameter").values:
        cap = seen(site, "argument.output_cap")
        yield "no output cap" if cap == Seen(absent=True) else f"output cap {value(cap, 'tokens')}"
    form = seen(site, "output.format")
    if form.values not in ((), ("text",)):
        yield f"format {value(form)}"
    tokens = seen(site, "prompt.static_tokens")
    if tokens.values not in ((), (0,)):
        yield f"fixed prompt of {value(tokens, 'tokens')}"


def _written(each: FactValue, unit: str) -> str:
    if each is None:
        return "not constant"
    if isinstance(each, bool):
        return "yes" if each else "no"
    if isinstance(each, int | float):
        return f"{each:,} {unit.removesuffix('s') if each == 1 else unit}".rstrip()
    text = visible(each if isinstance(each, str) else str(each))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _counted(number: int, words: str) -> str:
    noun, _, rest = (
        words.rpartition(" ") if words.endswith(("fixed", "added", "removed", "changed")) else (words, "", "")
    )
    return f"{count(number, noun)} {rest}".rstrip()
