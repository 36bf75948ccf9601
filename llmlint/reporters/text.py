"""Renders a report for people, on a terminal or in a pipe. A run without findings is one line."""

from __future__ import annotations

from typing import TextIO

from llmlint.findings import Status
from llmlint.reporters.escape import encodable
from llmlint.reporters.report import Report, View
from llmlint.reporters.wording import clean


def render(report: Report, out: TextIO, view: View) -> None:
    """Writes what `view` shows of the report, and one friendly line when there is nothing to show."""
    shown = [f for f in report.findings if f.status is Status.ACTIVE or f.status.value in view.show]
    undecided = report.undecided if "undecided" in view.show else ()
    if not shown and not undecided:
        out.write(encodable(out.encoding)(f"{clean(report)}\n"))
        return

    from llmlint.reporters.text_page import render_page

    render_page(report, shown, undecided, out, view)
