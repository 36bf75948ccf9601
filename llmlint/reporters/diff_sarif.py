"""Renders the new findings of a comparison as SARIF 2.1.0; what the base has as well is not in it."""

from __future__ import annotations

from typing import TextIO

import msgspec

from llmlint.reporters import sarif
from llmlint.reporters.diff_report import DiffReport
from llmlint.reporters.report import View


def render(report: DiffReport, out: TextIO, view: View) -> None:
    """Writes one JSON object in ASCII."""
    new = tuple(each.finding for each in report.comparison.new)
    sarif.render(msgspec.structs.replace(report.after, findings=new), out, view)
