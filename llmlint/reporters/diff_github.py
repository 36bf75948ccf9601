"""Renders a comparison for GitHub: new findings as annotations on changed lines, the rest as a job summary."""

from __future__ import annotations

from typing import TextIO

import msgspec

from llmlint.comparison import NewFinding
from llmlint.findings import Finding
from llmlint.reporters.diff_markdown import comment
from llmlint.reporters.diff_report import DiffReport
from llmlint.reporters.diff_wording import headline
from llmlint.reporters.escape import encodable, log_line, whole
from llmlint.reporters.github import annotate, append_summary
from llmlint.reporters.report import View
from llmlint.reporters.wording import place


def render(report: DiffReport, out: TextIO, view: View) -> None:
    """Writes the log; appends to the job summary if the environment names its file."""
    moved = tuple(_on_changed_line(each) for each in report.comparison.new)
    annotate(msgspec.structs.replace(report.after, findings=moved), out, view)
    sentence = f"llmlint, from {report.base} to {report.head}: {headline(report)}."
    out.write(encodable(out.encoding)(f"{log_line(sentence)}\n"))
    append_summary(lambda room: whole(comment(report, room)).encode(), out, view)


def _on_changed_line(new: NewFinding) -> Finding:
    """The finding where a reviewer sees it; the place of the call then stands in the message."""
    finding = new.finding
    if new.place == finding.location:
        return finding
    message = f"This change causes a finding at {place(finding.location)}: {finding.message}"
    return msgspec.structs.replace(finding, location=new.place, message=message)
