"""Renders the inventory as JSON lines: one call site with its facts a line, as in the audit's JSON."""

from __future__ import annotations

import json
from typing import TextIO

from llmlint.reporters.inventory import entry
from llmlint.reporters.report import Report, View


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes ASCII; nothing at all when there are no call sites."""
    costs = {cost.location: cost for cost in report.costs.calls}
    for site in report.call_sites:
        json.dump(entry(site, costs.get(site.location)), out, separators=(",", ":"), allow_nan=False)
        out.write("\n")
