"""Renders a report as JSON, format 1: the contract of docs/report.schema.json. Equal runs, equal bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from llmlint.cost.records import Saving
from llmlint.edits import Fix
from llmlint.facts.call_site import Location, Step
from llmlint.findings import Finding, Status, Undecided
from llmlint.reporters.costs_json import saving_entry
from llmlint.reporters.escape import whole
from llmlint.reporters.report import Report, View

FORMAT = 1


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes one JSON object in ASCII."""
    write(document(report), out)


def document(report: Report) -> dict[str, Any]:
    """The report as plain values, keys in the order of the contract."""
    savings = {saving.fingerprint: saving for saving in report.costs.savings}
    return {
        "format": FORMAT,
        "tool": {"name": "llmlint", "version": report.version},
        "findings": [finding_entry(finding, savings.get(finding.fingerprint)) for finding in report.findings],
        "undecided": [_undecided(undecided) for undecided in report.undecided],
        "summary": _summary(report),
    }


def write(value: Mapping[str, Any], out: TextIO) -> None:
    """JSON with a final newline. It is ASCII, so that no stream's encoding can break or change it."""
    json.dump(value, out, indent=2, allow_nan=False)
    out.write("\n")


def span(location: Location) -> dict[str, Any]:
    """A whole place: path, the cell of a notebook, and where it starts and ends."""
    return {
        **place(location),
        "column": location.column,
        "end_line": location.end_line or location.line,
        "end_column": location.end_column or location.column,
    }


def steps(evidence: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps with their path and line, and the cell where there is one."""
    return [{**place(step.location), "what": whole(step.what)} for step in evidence]


def place(location: Location) -> dict[str, Any]:
    """Path and line, and the cell in a notebook."""
    cell = {} if location.cell is None else {"cell": location.cell}
    return {"path": whole(location.path), **cell, "line": location.line}


def finding_entry(finding: Finding, saving: Saving | None = None) -> dict[str, Any]:
    """One finding as plain values, with what following it saves."""
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity.value,
        "status": finding.status.value,
        **({"reason": whole(finding.reason)} if finding.reason else {}),
        **span(finding.location),
        "message": whole(finding.message),
        "evidence": steps(finding.evidence),
        "fingerprint": finding.fingerprint,
        **({"saving": saving_entry(saving)} if saving is not None else {}),
        **({"fix": _fix(finding.fix)} if finding.fix is not None else {}),
        "help": finding.help or f"llmlint explain {finding.rule}",
    }


def _fix(fix: Fix) -> dict[str, Any]:
    """What llmlint can do about the finding; no edits where it only has something to show."""
    return {
        "title": whole(fix.title),
        "safety": fix.safety.value,
        "edits": [{**span(edit.location), "text": whole(edit.text)} for edit in fix.edits],
        **({"sketch": whole(fix.sketch)} if fix.sketch else {}),
    }


def _undecided(undecided: Undecided) -> dict[str, Any]:
    return {
        "rule": undecided.rule,
        "code": undecided.code,
        **span(undecided.location),
        "reasons": [whole(reason) for reason in undecided.reasons],
    }


def _summary(report: Report) -> dict[str, Any]:
    return {
        "findings": {severity.value: number for severity, number in report.severities().items()},
        "suppressed": len(report.with_status(Status.SUPPRESSED)),
        "baselined": len(report.with_status(Status.BASELINED)),
        "undecided": len(report.undecided),
        "undecided_reasons": {whole(reason): number for reason, number in report.undecided_reasons().items()},
        "files": report.files,
        "candidates": report.candidates,
        "call_sites": len(report.call_sites),
        "skipped": len(report.skipped),
    }
