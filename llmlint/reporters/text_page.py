"""The page of findings for people: place, message, source and evidence of each, and a summary at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TextIO

from llmlint.cost.records import Saving
from llmlint.edits import Fix
from llmlint.facts.call_site import Step
from llmlint.findings import Finding, Status, Undecided
from llmlint.reporters.escape import visible
from llmlint.reporters.frame import draw
from llmlint.reporters.money import saves
from llmlint.reporters.report import Report, View
from llmlint.reporters.source import Source
from llmlint.reporters.terminal import SEVERITY_STYLE, Terminal, columns
from llmlint.reporters.wording import because, count, fixable, help_line, looked_at, place, set_aside, totals

RULE_WIDTH = 80
MOST_STEPS = 8


def render_page(
    report: Report, shown: Iterable[Finding], undecided: Iterable[Undecided], out: TextIO, view: View
) -> None:
    """Writes the findings and the undecided verdicts that are shown, then the summary of all."""
    terminal = Terminal(out, view)
    source = Source(report.root)
    savings = {saving.fingerprint: saving for saving in report.costs.savings}
    for path, findings in groupby(shown, key=lambda finding: finding.location.path):
        _file(terminal, path, list(findings), source, savings)
    for verdict in undecided:
        _undecided(terminal, verdict)
    _summary(terminal, report, view)


def evidence(terminal: Terminal, steps: Sequence[Step], indent: str) -> None:
    """Numbered steps, the first few of many. A path is never broken: what does not fit behind it goes below."""
    for number, step in enumerate(steps[:MOST_STEPS], 1):
        head = f"{indent}{number}. {visible(str(step.location))}"
        what = terminal.prose(step.what)
        if columns(head) + 2 + what.cell_len <= terminal.width:
            terminal.line(head, "  ", what)
        else:
            terminal.line(head)
            terminal.wrapped(what, f"{indent}   ")
    if len(steps) > MOST_STEPS:
        terminal.line(f"{indent}   and {len(steps) - MOST_STEPS:,} more (see with --format json)")


def _file(
    terminal: Terminal, path: str, findings: Sequence[Finding], source: Source, savings: Mapping[str, Saving]
) -> None:
    rule = terminal.glyph("rule")
    title = f"{rule * 2} {visible(path)} ({count(len(findings), 'finding')}) "
    tail = rule * max(2, min(terminal.width, RULE_WIDTH) - columns(title))
    terminal.line(terminal.text(title + tail, "bold"))
    terminal.line()
    for finding in findings:
        _finding(terminal, finding, source, savings.get(finding.fingerprint))


def _finding(terminal: Terminal, finding: Finding, source: Source, saving: Saving | None) -> None:
    style = SEVERITY_STYLE[finding.severity]
    terminal.line(
        terminal.text(place(finding.location), "bold"),
        f" {finding.code} ",
        terminal.text(finding.rule, "bold"),
        " ",
        terminal.text(finding.severity.value, style),
        terminal.text("" if finding.status is Status.ACTIVE else f" ({finding.status.value})", "dim"),
        terminal.text(" [*]" if finding.fix is not None and finding.fix.edits else "", "cyan"),
    )
    terminal.article(finding.message, "  ")
    if finding.reason:
        terminal.wrapped(terminal.text(f"{finding.status.value}: {finding.reason}"), "  ")
    lines = source.lines(finding.location)
    if lines is not None:
        terminal.line()
        draw(terminal, lines, finding.location, style)
    if finding.evidence:
        terminal.line()
        evidence(terminal, finding.evidence, "  ")
    if saving is not None and saving.per_1000_calls.high > 0:
        terminal.line()
        terminal.wrapped(terminal.text(f"{saves(saving)} (estimated)", "green"), "  ")
    if finding.fix is not None:
        _fix(terminal, finding.fix)
    terminal.line(terminal.text(f"  help: {help_line(finding.rule, finding.help)}", "dim"))
    terminal.line()


def _fix(terminal: Terminal, fix: Fix) -> None:
    """What llmlint can do, or what it has to show where people have to do it."""
    terminal.line()
    words = f" ({fix.safety.value})" if fix.edits else " (by hand)"
    terminal.wrapped(terminal.prose(f"{fix.title}{words}"), "       ", "  fix: ")
    for line in fix.sketch.splitlines():
        terminal.line("       ", terminal.text(line, "cyan"))


def _undecided(terminal: Terminal, undecided: Undecided) -> None:
    terminal.line(
        terminal.text(place(undecided.location), "bold"),
        f" {undecided.code} ",
        terminal.text(undecided.rule, "bold"),
        " ",
        terminal.text("undecided", "magenta"),
    )
    for reason in undecided.reasons:
        terminal.wrapped(terminal.prose(reason), "    ", "  - ")
    terminal.line()


def _summary(terminal: Terminal, report: Report, view: View) -> None:
    terminal.wrapped(terminal.text(totals(report), "bold"))
    terminal.wrapped(terminal.text(looked_at(report)))
    for sentence in set_aside(report, view.show):
        terminal.wrapped(terminal.text(sentence))
    if sentence := fixable(report):
        terminal.wrapped(terminal.text(sentence))
    if reasons := because(report):
        terminal.wrapped(terminal.text(reasons))
