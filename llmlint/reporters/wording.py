"""The sentences that reports share: places, counted nouns, what was looked at and what is not shown."""

from __future__ import annotations

from collections.abc import Iterator

from llmlint.edits import Safety
from llmlint.facts.call_site import Location
from llmlint.findings import Status
from llmlint.reporters.escape import visible
from llmlint.reporters.report import Report

MOST_REASONS = 3
_PLURALS = {"info": "info"}


def place(location: Location) -> str:
    """`path:line:column` (in a notebook `path:cell N:line:column`), on one line, nothing unseen in it."""
    return f"{visible(str(location))}:{location.column}"


def count(number: int, noun: str) -> str:
    """A number with its noun, e.g. "1,200 files"."""
    return f"{number:,} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"


def totals(report: Report) -> str:
    """How many active findings in how many files, and of which severity."""
    active = report.with_status(Status.ACTIVE)
    if not active:
        return "No findings."
    files = count(len({finding.location.path for finding in active}), "file")
    return f"{count(len(active), 'finding')} in {files}: {severities(report)}."


def severities(report: Report) -> str:
    """The active findings by severity, e.g. "1 error, 2 warnings"."""
    numbers = {severity: n for severity, n in report.severities().items() if n}
    return ", ".join(count(n, severity.value) for severity, n in numbers.items())


def looked_at(report: Report) -> str:
    """What the run has read, and how long that took."""
    calls = count(len(report.call_sites), "call site")
    return f"Looked at {calls}; {report.candidates:,} of {count(report.files, 'file')} could hold one{_time(report)}."


def set_aside(report: Report, shown: frozenset[str] = frozenset()) -> Iterator[str]:
    """A sentence for each kind of result that is counted but not shown."""
    undecided = count(len(report.undecided), "rule verdict") + " undecided"
    kinds = [("undecided", undecided, len(report.undecided))]
    for status in (Status.SUPPRESSED, Status.BASELINED):
        number = len(report.with_status(status))
        kinds.append((status.value, f"{count(number, 'finding')} {status.value}", number))
    for name, words, number in kinds:
        if number and name not in shown:
            yield f"{words} (see with --show {name})."
    if report.skipped:
        yield f"{count(len(report.skipped), 'file')} could not be read."


def fixable(report: Report) -> str:
    """How many findings llmlint can fix, and by which options; "" where there are none."""
    fixes = [f.fix for f in report.with_status(Status.ACTIVE) if f.fix is not None and f.fix.edits]
    safe = sum(fix.safety is Safety.SAFE for fix in fixes)
    unsafe = len(fixes) - safe
    if safe and unsafe:
        return f"[*] {safe:,} fixable with --fix, {unsafe:,} more with --fix --unsafe-fixes (--diff shows them)."
    option = "--fix" if safe else "--fix --unsafe-fixes"
    return f"[*] {len(fixes):,} fixable with {option} (--diff shows what changes)." if fixes else ""


def because(report: Report) -> str:
    """The most frequent reasons for undecided verdicts, each with the number of verdicts; "" where there are none."""
    reasons = report.undecided_reasons()
    named = [f"{reason} ({number:,})" for reason, number in list(reasons.items())[:MOST_REASONS]]
    if len(reasons) > MOST_REASONS:
        named.append(f"{len(reasons) - MOST_REASONS:,} more")
    return f"Undecided because: {'; '.join(named)}." if named else ""


def clean(report: Report) -> str:
    """The one line of a run without findings: what was looked at, so that silence can be trusted."""
    if report.call_sites:
        head = f"All good: no findings. {looked_at(report)}"
    else:
        head = f"No calls to a model in {count(report.files, 'file')}, so nothing to report{_time(report)}."
    return " ".join((head, *set_aside(report)))


def help_line(rule: str, text: str) -> str:
    """What to do next about a finding; the rule's page where the finding says nothing itself."""
    return text or f"llmlint explain {rule}"


def _time(report: Report) -> str:
    return "" if report.elapsed is None else f" ({report.elapsed:.2f} s)"
