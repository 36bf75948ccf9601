"""Renders the inventory as JSON lines: one call site with its facts a line, as in the audit's JSON."""

from __future__ import annotations

import json
from typing import TextIO

from llmlint.reporters.inventory import entry
from llmlint.reporters.report import Report, View


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes ASCII; nothing at all when there are no call sites."""
    for site in report.call_sites:
        json.dump(entry(site), out, separators=(",", ":"), allow_nan=False)
        out.write("\n")
