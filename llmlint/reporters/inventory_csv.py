"""Renders the inventory as CSV for spreadsheets: a header and one call site a row, without its facts."""

from __future__ import annotations

import csv
from typing import Any, TextIO

from llmlint.cost.records import CallCost, Range, rounded
from llmlint.facts.call_site import CallSite
from llmlint.reporters.escape import encodable, spreadsheet_cell
from llmlint.reporters.inventory import short
from llmlint.reporters.report import Report, View

COLUMNS = (
    "path", "cell", "line", "column", "end_line", "function", "endpoint", "kind", "api", "vendor",
    "models", "output_cap", "format", "role", "loop", "callers",
    "cost_state", "cost_reason", "service", "input_tokens", "cached_tokens", "output_tokens", "assumed",
    "per_1000_calls_low", "per_1000_calls", "per_1000_calls_high", "calls_per_day",
    "per_month_low", "per_month", "per_month_high", "measured_per_month", "prices_as_of",
)  # fmt: skip
"""Tokens and money are what to expect where no bound is named; money is in US dollars."""


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes the rows. Several models or callers share a field, with "; " between them."""
    safe = encodable(out.encoding)
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    costs = {cost.location: cost for cost in report.costs.calls}
    for site in report.call_sites:
        rows.writerow([safe(spreadsheet_cell(field)) for field in _fields(site, costs.get(site.location))])


def _fields(site: CallSite, cost: CallCost | None) -> list[str]:
    values: dict[str, Any] = short(site)
    values["models"] = "; ".join(values["models"])
    values["callers"] = "; ".join(str(caller.location) for caller in site.callers)
    values |= _cost_fields(cost) if cost is not None else {}
    return [str(values.get(column, "")) for column in COLUMNS]


def _cost_fields(cost: CallCost) -> dict[str, Any]:
    values: dict[str, Any] = {
        "cost_state": cost.state,
        "cost_reason": cost.reason,
        "service": cost.service,
        "assumed": "; ".join(cost.assumed),
        "prices_as_of": cost.prices_as_of,
    }
    for name in ("input_tokens", "cached_tokens", "output_tokens"):
        found: Range | None = getattr(cost, name)
        values |= {name: rounded(found.expected)} if found is not None else {}
    for name in ("per_1000_calls", "per_month"):
        found = getattr(cost, name)
        if found is not None:
            values |= {f"{name}_low": rounded(found.low), name: rounded(found.expected)}
            values[f"{name}_high"] = rounded(found.high)
    if cost.calls_per_day is not None:
        values["calls_per_day"] = rounded(cost.calls_per_day)
    if cost.measured is not None and cost.measured.per_month is not None:
        values["measured_per_month"] = rounded(cost.measured.per_month)
    return values
