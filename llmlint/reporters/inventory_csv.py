"""Renders the inventory as CSV for spreadsheets: a header and one call site a row, without its facts."""

from __future__ import annotations

import csv
from typing import Any, TextIO

from llmlint.facts.call_site import CallSite
from llmlint.reporters.escape import encodable, spreadsheet_cell
from llmlint.reporters.inventory import short
from llmlint.reporters.report import Report, View

COLUMNS = (
    "path", "cell", "line", "column", "end_line", "function", "endpoint", "kind", "api", "vendor",
    "models", "output_cap", "format", "role", "loop", "callers",
)  # fmt: skip


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes the rows. Several models or callers share a field, with "; " between them."""
    safe = encodable(out.encoding)
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for site in report.call_sites:
        rows.writerow([safe(spreadsheet_cell(field)) for field in _fields(site)])


def _fields(site: CallSite) -> list[str]:
    values: dict[str, Any] = short(site)
    values["models"] = "; ".join(values["models"])
    values["callers"] = "; ".join(str(caller.location) for caller in site.callers)
    return [str(values.get(column, "")) for column in COLUMNS]
