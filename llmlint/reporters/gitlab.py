"""Renders findings as GitLab's code-quality report: the subset of the Code Climate format that its widget reads."""

from __future__ import annotations

import json
from typing import Any, TextIO

from llmlint.findings import Finding, Severity, Status
from llmlint.reporters.escape import whole
from llmlint.reporters.report import Report, View

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, out: TextIO, view: View) -> None:
    """Writes one JSON array in ASCII; only active findings are in it, for GitLab knows no others."""
    entries = [_entry(report, finding, view) for finding in report.with_status(Status.ACTIVE)]
    json.dump(entries, out, indent=2, allow_nan=False)
    out.write("\n")


def _entry(report: Report, finding: Finding, view: View) -> dict[str, Any]:
    """Lines of a notebook count inside a cell, which GitLab can't show: then the place stands in the description."""
    location = finding.location
    said, lines = finding.message, {"begin": max(1, location.line)}
    if location.cell is not None:
        said, lines = f"Cell {location.cell}, line {location.line}: {said}", {"begin": 1}
    elif location.end_line > location.line:
        lines["end"] = location.end_line
    return {
        "description": whole(f"{finding.rule}: {said}"),
        "check_name": f"llmlint/{finding.code}",
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": whole(view.repository_path(report.root, location.path)), "lines": lines},
    }
