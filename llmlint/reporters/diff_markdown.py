"""Renders a comparison as Markdown for a comment on a pull request, with a mark by which it can be found again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from llmlint.comparison import CallChange, FixedFinding, NewFinding
from llmlint.facts.call_site import CallSite, Step
from llmlint.reporters.diff_report import DiffReport
from llmlint.reporters.diff_wording import (
    HOW,
    before_and_after,
    call_sites,
    cost_change,
    costs_of,
    headline,
    reading,
    sends,
    where,
)
from llmlint.reporters.escape import code_span, encodable, markdown, markdown_prose, whole
from llmlint.reporters.report import Report, View
from llmlint.reporters.wording import place

MOST_BYTES = 60_000
"""GitHub takes comments of 65,536 characters, GitLab longer ones."""
MOST_CAUSES = 3


def render(report: DiffReport, out: TextIO, _view: View) -> None:
    """Writes the comment. Rows for which there is no room are counted."""
    out.write(encodable(out.encoding)(comment(report, MOST_BYTES)))


def marker(prefix: str) -> str:
    """The first line of the comment: the same for every run over the project, another for another project."""
    name = "".join(char if char.isalnum() or char in "/._" else "-" for char in prefix.strip("/"))
    return f"<!-- llmlint diff{f' {name}' if name else ''} -->"


def comment(report: DiffReport, room: int) -> str:
    """The comment in at most `room` bytes."""
    comparison = report.comparison
    title = headline(report)
    cost = cost_change(comparison)
    paragraphs = (f"## llmlint: {title}", *([f"**{markdown(cost)}**"] if cost else []), _revisions(report))
    head = "\n\n".join((f"{marker(report.prefix)}\n{paragraphs[0]}", *paragraphs[1:])) + "\n"
    closing = "".join(f"\n{markdown(sentence)}\n" for sentence in reading(report))
    page = _Page(room - len(head.encode()) - len(closing.encode()))
    page.section("New findings", ("Severity", "Rule", "Place", "What"), [_new(each) for each in comparison.new])
    page.section("Call sites changed", ("Call", "What", "Before", "After"), _rows_of_changes(comparison.changed))
    page.section("Call sites added", ("Call", "Sends"), _sites(comparison.added, report.after))
    page.section("Call sites removed", ("Call", "Sent"), _sites(comparison.removed, report.before))
    page.section("Findings fixed", ("Rule", "Place before", "How"), [_fixed(each) for each in comparison.fixed])
    return whole(f"{head}{page.text}{closing}")


class _Page:
    """Tables until the room is used up."""

    def __init__(self, room: int) -> None:
        self._room = room - 200
        self.text = ""

    def section(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table under a title; nothing without rows."""
        if not rows:
            return
        self._add(f"\n### {title}\n\n{_row(columns)}{_row(['---'] * len(columns))}")
        for number, row in enumerate(rows):
            if not self._add(_row(row)):
                self.text += f"\n{len(rows) - number:,} more rows did not fit.\n"
                return

    def _add(self, text: str) -> bool:
        self._room -= len(whole(text).encode())
        if self._room > 0:
            self.text += text
        return self._room > 0


def _revisions(report: DiffReport) -> str:
    numbers = call_sites(report.comparison)
    return f"{markdown(report.base)} → {markdown(report.head)}. Call sites: {numbers}."


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _new(new: NewFinding) -> Sequence[str]:
    finding = new.finding
    rule = f"{markdown(finding.code)} {markdown(finding.rule)}"
    said = markdown_prose(finding.message) + _caused(new.causes, finding.location.path)
    return finding.severity.value, rule, code_span(place(finding.location)), said


def _fixed(fixed: FixedFinding) -> Sequence[str]:
    finding = fixed.finding
    return f"{markdown(finding.code)} {markdown(finding.rule)}", code_span(place(finding.location)), HOW[fixed.how]


def _sites(sites: Sequence[CallSite], report: Report) -> list[Sequence[str]]:
    return [(_call(site), markdown(sends(site, report.costs.at(site.location)))) for site in sites]


def _call(site: CallSite) -> str:
    return f"{code_span(place(site.location))}<br>{code_span(where(site))}"


def _rows_of_changes(changed: Sequence[CallChange]) -> list[Sequence[str]]:
    return [row for each in changed for row in _changes(each)]


def _changes(change: CallChange) -> Iterator[Sequence[str]]:
    """One row for each difference; the call stands in the first of them."""
    call = _call(change.after) + _caused(change.causes, change.after.location.path)
    for each in change.changes:
        before, after = before_and_after(each)
        yield call, each.name, markdown(before), markdown(after)
        call = ""
    if (costs := costs_of(change)) is not None:
        yield call, "cost per 1,000 calls", markdown(costs[0]), markdown(costs[1])
        call = ""
    for word, steps in (("new caller", change.callers_added), ("caller gone", change.callers_removed)):
        for step in steps:
            at = f"{code_span(str(step.location))} {markdown_prose(step.what)}"
            yield (call, word, "", at) if word == "new caller" else (call, word, at, "")
            call = ""


def _caused(causes: Sequence[Step], path: str) -> str:
    """The changed lines in other files that lead there."""
    elsewhere = [step for step in causes if step.location.path != path][:MOST_CAUSES]
    if not elsewhere:
        return ""
    return "<br>because of " + ", ".join(code_span(str(step.location)) for step in elsewhere)
