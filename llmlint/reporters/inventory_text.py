"""Renders an audit for people: what the calls cost, what to do first, and what is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TextIO

from llmlint.cost.records import CallCost, CostReport, Saving, UsageSummary
from llmlint.facts.call_site import CallSite, Location
from llmlint.findings import Finding, Status
from llmlint.reporters.money import assumptions, dollars, saves, spread, weight
from llmlint.reporters.report import Report, View
from llmlint.reporters.terminal import SEVERITY_STYLE, Terminal
from llmlint.reporters.wording import count, looked_at, place, set_aside, totals

RULE_WIDTH = 80
MOST_PLACES = 8


def render(report: Report, out: TextIO, view: View) -> None:
    """Writes the calls by what they cost, the findings by what they save, and a summary."""
    terminal = Terminal(out, view)
    functions = {site.location: site for site in report.call_sites}
    _headline(terminal, report)
    _calls(terminal, report.costs, functions)
    _usage(terminal, report.costs.usage)
    _findings(terminal, report)
    _not_priced(terminal, report.costs)
    terminal.wrapped(terminal.text(totals(report), "bold"))
    terminal.wrapped(terminal.text(looked_at(report)))
    for sentence in set_aside(report, view.show):
        terminal.wrapped(terminal.text(sentence))


def _title(terminal: Terminal, text: str) -> None:
    rule = terminal.glyph("rule")
    head = f"{rule * 2} {text} "
    terminal.line(terminal.text(head + rule * max(2, min(terminal.width, RULE_WIDTH) - len(head)), "bold"))
    terminal.line()


def _headline(terminal: Terminal, report: Report) -> None:
    costs = report.costs
    if not costs.calls:
        return
    _title(terminal, "Cost")
    priced = len(costs.counted)
    if priced:
        each = "A call" if priced == 1 else f"{priced:,} calls, each made 1,000 times,"
        verb = "costs" if priced == 1 else "cost"
        unit = " per 1,000 calls" if priced == 1 else ""
        text = f"{each} {verb} {spread(costs.per_1000_calls)}{unit}, at prices of {costs.prices_as_of}."
        terminal.wrapped(terminal.text(text, "bold"), "  ", "  ")
    if costs.per_month is not None:
        number = sum(cost.per_month is not None for cost in costs.counted)
        text = (
            f"With the traffic that the settings give for {count(number, 'call')}: {spread(costs.per_month)} a month."
        )
        terminal.wrapped(terminal.text(text), "  ", "  ")
    if costs.measured_per_month is not None:
        text = f"Measured: {dollars(costs.measured_per_month)} a month for the calls that usage could be joined to."
        terminal.wrapped(terminal.text(text), "  ", "  ")
    tests = sum(cost.test and cost.state == "known" for cost in costs.calls)
    if tests:
        terminal.wrapped(terminal.text(f"{count(tests, 'call')} of tests left out of the sum."), "  ", "  ")
    for sentence in assumptions(costs):
        terminal.wrapped(terminal.prose(sentence, "dim"), "  ", "  ")
    terminal.line()


def _calls(terminal: Terminal, costs: CostReport, sites: dict[Location, CallSite]) -> None:
    """The dearest first."""
    known = [cost for cost in costs.calls if cost.per_1000_calls is not None]
    if not known:
        return
    _title(terminal, "Calls, by what 1,000 of them cost")
    for cost in sorted(known, key=_dear):
        _call(terminal, cost, sites.get(cost.location))
    terminal.line()


def _dear(cost: CallCost) -> tuple[float, float, Location]:
    expected = cost.per_1000_calls.expected if cost.per_1000_calls is not None else 0
    return -(cost.per_month.expected if cost.per_month is not None else 0), -expected, cost.location


def _call(terminal: Terminal, cost: CallCost, site: CallSite | None) -> None:
    assert cost.per_1000_calls is not None
    function = f" in {site.function}" if site is not None and site.function else ""
    test = " (test)" if cost.test else ""
    terminal.line("  ", terminal.text(place(cost.location), "bold"), terminal.text(function + test, "dim"))
    month = f", {spread(cost.per_month)} a month" if cost.per_month is not None else ""
    models = ", ".join(cost.models)
    terminal.wrapped(
        terminal.text(f"{spread(cost.per_1000_calls)}{month}  {models}: {weight(cost)}"), "      ", "      "
    )
    if cost.measured is not None:
        terminal.wrapped(terminal.text(_measured(cost)), "      ", "      ")
    for caveat in cost.caveats:
        terminal.wrapped(terminal.prose(caveat, "dim"), "      ", "      ")


def _measured(cost: CallCost) -> str:
    found = cost.measured
    assert found is not None
    requests = count(found.requests, "request")
    if found.cost is None:
        return f"measured: {requests}; {found.reason}"
    month = f", {dollars(found.per_month)} a month" if found.per_month is not None else ""
    per = f", {dollars(found.per_1000_calls)} per 1,000" if found.per_1000_calls is not None else ""
    return f"measured: {requests} for {dollars(found.cost)}{per}{month} (joined by {found.joined_by})"


def _usage(terminal: Terminal, usage: UsageSummary | None) -> None:
    if usage is None:
        return
    _title(terminal, f"Usage of {usage.source}")
    span = f" in {usage.days:,.1f} days" if usage.days is not None else ""
    joined = f"{usage.joined_requests:,} of {count(usage.requests, 'request')}{span} joined to calls"
    terminal.wrapped(terminal.text(f"{joined}; all of them cost {dollars(usage.cost)}."), "  ", "  ")
    if usage.unpriced_requests:
        terminal.line(f"  {count(usage.unpriced_requests, 'request')} without a known price.")
    for row in usage.unjoined:
        money = f", {dollars(row.cost)}" if row.cost is not None else ""
        text = (
            f"not joined: {row.where}: {row.model or 'no model'}, {count(row.requests, 'request')}{money}: {row.reason}"
        )
        terminal.wrapped(terminal.prose(text), "    ", "  - ")
    terminal.line()


def _findings(terminal: Terminal, report: Report) -> None:
    """Those that save the most first, then those of which nothing is known."""
    active = report.with_status(Status.ACTIVE)
    if not active:
        return
    _title(terminal, "What to do, by what it saves")
    ranks = {saving.fingerprint: number for number, saving in enumerate(report.costs.savings)}
    savings = {saving.fingerprint: saving for saving in report.costs.savings}
    last = len(ranks)
    for finding in sorted(active, key=lambda each: ranks.get(each.fingerprint, last)):
        _finding(terminal, finding, savings.get(finding.fingerprint))
    terminal.line()


def _finding(terminal: Terminal, finding: Finding, saving: Saving | None) -> None:
    terminal.line(
        "  ",
        terminal.text(place(finding.location), "bold"),
        f" {finding.code} ",
        terminal.text(finding.rule, SEVERITY_STYLE[finding.severity]),
    )
    if saving is not None and saving.per_1000_calls.high > 0:
        terminal.wrapped(terminal.text(saves(saving), "green"), "      ", "      ")
    terminal.article(finding.message, "      ")



def _not_priced(terminal: Terminal, costs: CostReport) -> None:
    """Why calls have no price, and where they are."""
    reasons: dict[str, list[Location]] = defaultdict(list)
    for cost in costs.unknown:
        reasons[cost.reason].append(cost.location)
    if not reasons:
        return
    _title(terminal, f"Not in the sum: {count(len(costs.unknown), 'call')} of unknown cost")
    for reason, places in sorted(reasons.items(), key=lambda each: (-len(each[1]), each[0])):
        text = f"{count(len(places), 'call')}: {reason}"
        terminal.wrapped(terminal.prose(text), "    ", "  - ")
        _places(terminal, places)
    terminal.line()


def _places(terminal: Terminal, places: Sequence[Location]) -> None:
    for location in places[:MOST_PLACES]:
        terminal.line("      ", place(location))
    if len(places) > MOST_PLACES:
        terminal.line(f"      and {len(places) - MOST_PLACES:,} more (see with --format json)")
