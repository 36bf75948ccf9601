"""Renders a comparison of two revisions for people, on a terminal or in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from llmlint.comparison import CallChange, FixedFinding, NewFinding
from llmlint.cost.records import CallCost
from llmlint.facts.call_site import CallSite, Step
from llmlint.reporters.diff_report import DiffReport
from llmlint.reporters.diff_wording import (
    HOW,
    before_and_after,
    call_sites,
    cost_change,
    costs_of,
    findings,
    headline,
    reading,
    sends,
    where,
)
from llmlint.reporters.report import View
from llmlint.reporters.terminal import SEVERITY_STYLE, Terminal
from llmlint.reporters.text_page import evidence
from llmlint.reporters.wording import place


def render(report: DiffReport, out: TextIO, view: View) -> None:
    """Writes what differs: findings first, then call sites."""
    terminal = Terminal(out, view)
    comparison = report.comparison
    if comparison.nothing:
        terminal.wrapped(terminal.text(f"From {report.base} to {report.head}, {headline(report)}."))
        return
    terminal.wrapped(terminal.text(f"From {report.base} to {report.head}: {headline(report)}.", "bold"))
    _new(terminal, comparison.new)
    _fixed(terminal, comparison.fixed)
    _sites(terminal, "added", "+", "green", [(site, report.after.costs.at(site.location)) for site in comparison.added])
    _changed(terminal, comparison.changed)
    removed = [(site, report.before.costs.at(site.location)) for site in comparison.removed]
    _sites(terminal, "removed", "-", "red", removed)
    terminal.line()
    if cost := cost_change(comparison):
        terminal.wrapped(terminal.text(cost, "bold"))
    terminal.wrapped(terminal.text(f"Call sites: {call_sites(comparison)}. Findings: {findings(comparison)}."))
    for sentence in reading(report):
        terminal.wrapped(terminal.text(sentence))


def _heading(terminal: Terminal, text: str) -> None:
    terminal.line()
    terminal.line(terminal.text(text, "bold"))


def _new(terminal: Terminal, new: Sequence[NewFinding]) -> None:
    if new:
        _heading(terminal, "New findings")
    for each in new:
        finding = each.finding
        severity = terminal.text(finding.severity.value, SEVERITY_STYLE[finding.severity])
        at = terminal.text(place(finding.location), "bold")
        terminal.line("  + ", at, f" {finding.code} {finding.rule} ", severity)
        terminal.wrapped(terminal.prose(finding.message), "    ")
        _causes(terminal, each.causes)


def _fixed(terminal: Terminal, fixed: Sequence[FixedFinding]) -> None:
    if fixed:
        _heading(terminal, "Fixed findings (places of the base)")
    for each in fixed:
        finding = each.finding
        terminal.line("  - ", place(finding.location), f" {finding.code} {finding.rule}: {HOW[each.how]}")


def _sites(
    terminal: Terminal, word: str, mark: str, style: str, sites: Sequence[tuple[CallSite, CallCost | None]]
) -> None:
    if sites:
        _heading(terminal, f"Call sites {word}{' (places of the base)' if mark == '-' else ''}")
    for site, cost in sites:
        terminal.line(
            "  ", terminal.text(mark, style), " ", terminal.text(place(site.location), "bold"), f" {where(site)}"
        )
        terminal.wrapped(terminal.text(sends(site, cost)), "    ")


def _changed(terminal: Terminal, changed: Sequence[CallChange]) -> None:
    if changed:
        _heading(terminal, "Call sites changed")
    for each in changed:
        site = each.after
        at = terminal.text(place(site.location), "bold")
        terminal.line("  ", terminal.text("~", "yellow"), " ", at, f" {where(site)}")
        for change in each.changes:
            before, after = before_and_after(change)
            terminal.wrapped(terminal.text(f"{change.name}: {before} -> {after}"), "      ", "    ")
        if (costs := costs_of(each)) is not None:
            terminal.wrapped(terminal.text(f"cost per 1,000 calls: {costs[0]} -> {costs[1]}"), "      ", "    ")
        for sign, steps in (("+", each.callers_added), ("-", each.callers_removed)):
            for step in steps:
                terminal.line(f"    {sign} caller {step.location}  ", terminal.prose(step.what))
        _causes(terminal, each.causes)


def _causes(terminal: Terminal, causes: Sequence[Step]) -> None:
    if causes:
        terminal.line(terminal.text("    changed lines that lead to it:", "dim"))
        evidence(terminal, causes, "    ")
