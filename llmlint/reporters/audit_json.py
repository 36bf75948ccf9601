"""Renders an audit as JSON: the report of `check` and every call site with its facts."""

from __future__ import annotations

from typing import TextIO

from llmlint.reporters.inventory import entry
from llmlint.reporters.json_report import document, write
from llmlint.reporters.report import Report, View


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes one JSON object in ASCII."""
    checked = document(report)
    summary = checked.pop("summary")
    call_sites = [entry(site) for site in report.call_sites]
    write({**checked, "call_sites": call_sites, "summary": summary}, out)
