"""Renders a report for GitHub: annotations as workflow commands, the rest as log lines, and a job summary.

GitHub shows ten annotations of each level per step and drops the others without a word, so no more are sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
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
    annotated, others = annotate(report, out, view)
    safe = encodable(out.encoding)
    for sentence in _closing(report, annotated, others):
        out.write(safe(f"{log_line(sentence)}\n"))
    append_summary(lambda room: job_summary(report, room), out, view)


def annotate(report: Report, out: TextIO, view: View) -> tuple[int, int]:
    """Writes the active findings: how many became annotations, and for how many there was no room."""
    annotated, others = _divide(report.with_status(Status.ACTIVE))
    safe = encodable(out.encoding)
    for finding in annotated:
        out.write(safe(f"{_command(report, finding, view)}\n"))
    for finding in others:
        said = f"{place(finding.location)} {finding.code} {finding.rule} {finding.severity.value}"
        out.write(safe(f"{log_line(f'{said}: {finding.message}')}\n"))
    return len(annotated), len(others)


def append_summary(text: Callable[[int], bytes], out: TextIO, view: View) -> None:
    """Appends to the job summary if the environment names its file. `text` is told how many bytes there is room for.

    GitHub rejects a whole summary beyond its limit, so it is kept below. Failing here fails no build.
    """
    if not view.environment.get(SUMMARY_FILE):
        return
    file = Path(view.environment[SUMMARY_FILE])
    try:
        written = file.stat().st_size if file.exists() else 0
        data = text(SUMMARY_BYTES - written)
        with file.open("ab") as summary:
            summary.write(data)
    except OSError as error:
        reason = workflow_data(f"The job summary could not be written: {error}.")
        out.write(f"::warning title=llmlint::{reason}\n")


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
