"""Renders a report for GitHub: annotations as workflow commands, the rest as log lines, and a job summary.

GitHub shows ten annotations of each level per step and drops the others without a word, so no more are sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from llmlint.findings import Finding, Severity, Status
from llmlint.reporters.escape import encodable, log_line, workflow_data, workflow_property
from llmlint.reporters.job_summary import job_summary
from llmlint.reporters.report import Report, View
from llmlint.reporters.wording import clean, looked_at, place, set_aside, totals

PER_LEVEL = 10
SUMMARY_BYTES = 1024 * 1024
SUMMARY_FILE = "GITHUB_STEP_SUMMARY"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, out: TextIO, view: View) -> None:
    """Writes the log; appends to the job summary if the environment names its file."""
    annotated, others = _divide(report.with_status(Status.ACTIVE))
    safe = encodable(out.encoding)
    for finding in annotated:
        out.write(safe(f"{_command(report, finding, view)}\n"))
    for finding in others:
        said = f"{place(finding.location)} {finding.code} {finding.rule} {finding.severity.value}"
        out.write(safe(f"{log_line(f'{said}: {finding.message}')}\n"))
    for sentence in _closing(report, len(annotated), len(others)):
        out.write(safe(f"{log_line(sentence)}\n"))
    if view.environment.get(SUMMARY_FILE):
        _append_summary(report, Path(view.environment[SUMMARY_FILE]), out)


def _divide(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The findings to annotate, worst first, and those for which there is no room."""
    seen: Counter[Severity] = Counter()
    annotated: list[Finding] = []
    others: list[Finding] = []
    for finding in sorted(findings, key=lambda each: -each.severity.rank):
        seen[finding.severity] += 1
        (annotated if seen[finding.severity] <= PER_LEVEL else others).append(finding)
    return annotated, others


def _command(report: Report, finding: Finding, view: View) -> str:
    """In a notebook GitHub can't show a line of a cell; the place then stands in the message."""
    location = finding.location
    properties = {"file": view.repository_path(report.root, location.path)}
    message = finding.message
    if location.cell is None:
        last = max(location.line, location.end_line)
        properties |= {"line": str(location.line), "endLine": str(last), "col": str(location.column)}
    else:
        message = f"Cell {location.cell}, line {location.line}: {message}"
    properties["title"] = f"{finding.code} {finding.rule}"
    said = ",".join(f"{name}={workflow_property(value)}" for name, value in properties.items())
    return f"::{_LEVELS[finding.severity]} {said}::{workflow_data(message)}"


def _closing(report: Report, annotated: int, others: int) -> list[str]:
    if not annotated:
        return [clean(report)]
    room = f"{annotated} of them are annotations, as many as GitHub shows; the others stand above."
    return [totals(report), *([room] if others else []), looked_at(report), *set_aside(report)]


def _append_summary(report: Report, file: Path, out: TextIO) -> None:
    """GitHub rejects a whole summary beyond its limit, so it is kept below. Failing here fails no build."""
    try:
        written = file.stat().st_size if file.exists() else 0
        text = job_summary(report, SUMMARY_BYTES - written)
        with file.open("ab") as summary:
            summary.write(text)
    except OSError as error:
        reason = workflow_data(f"The job summary could not be written: {error}.")
        out.write(f"::warning title=llmlint::{reason}\n")
