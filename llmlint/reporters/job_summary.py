"""A report as Markdown for the summary page of a CI job, within a number of bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from llmlint.findings import Finding, Status
from llmlint.reporters.escape import code_span, markdown, markdown_prose, whole
from llmlint.reporters.report import Report
from llmlint.reporters.wording import clean, looked_at, place, set_aside, totals

_TABLE = "| Severity | Rule | Place | What |\n|---|---|---|---|\n"
_CLOSING_ROOM = 500


def job_summary(report: Report, room: int) -> bytes:
    """Markdown in UTF-8, at most `room` bytes: rows that do not fit are counted. Empty without room."""
    findings = sorted(report.with_status(Status.ACTIVE), key=lambda each: -each.severity.rank)
    if not findings:
        return _within(room, f"## llmlint\n\n{markdown(clean(report))}\n\n")
    head = f"## llmlint\n\n{markdown(totals(report))}\n\n{_TABLE}"
    foot = "".join(f"{markdown(sentence)}\n" for sentence in chain([looked_at(report)], set_aside(report)))
    rows = list(_rows(findings, room - len(head) - len(foot) - _CLOSING_ROOM))
    if len(rows) < len(findings):
        foot = f"{len(findings) - len(rows):,} more findings stand in the log of the job.\n{foot}"
    return _within(room, f"{head}{''.join(rows)}\n{foot}\n")


def _rows(findings: list[Finding], room: int) -> Iterator[str]:
    for finding in findings:
        row = _row(finding)
        room -= len(whole(row).encode())
        if room < 0:
            return
        yield row


def _row(finding: Finding) -> str:
    rule = f"{finding.code} {markdown(finding.rule)}"
    place_span = code_span(place(finding.location))
    return f"| {finding.severity.value} | {rule} | {place_span} | {markdown_prose(finding.message)} |\n"


def _within(room: int, text: str) -> bytes:
    data = whole(text).encode()
    return data if len(data) <= room else b""
