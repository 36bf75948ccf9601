"""Renders an audit as JSON: the report of `check` and every call site with its facts and its cost."""

from __future__ import annotations

from typing import TextIO

from llmlint.reporters.costs_json import costs_entry
from llmlint.reporters.inventory import entry
from llmlint.reporters.json_report import document, write
from llmlint.reporters.report import Report, View


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes one JSON object in ASCII."""
    checked = document(report)
    summary = checked.pop("summary")
    costs = {cost.location: cost for cost in report.costs.calls}
    call_sites = [entry(site, costs.get(site.location)) for site in report.call_sites]
    write({**checked, "call_sites": call_sites, "costs": costs_entry(report.costs), "summary": summary}, out)
