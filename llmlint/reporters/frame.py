"""Draws the source around a finding: numbered lines with the exact span underlined."""

from __future__ import annotations

from dataclasses import dataclass

from llmlint.facts.call_site import Location
from llmlint.reporters.escape import visible
from llmlint.reporters.terminal import Terminal, columns

MOST_LINES = 8
HEAD_LINES = 5
LEAD = 12
"""Characters of a long line that are kept to the left of the span."""


def draw(terminal: Terminal, lines: list[str], location: Location, style: str) -> None:
    """Writes the frame. A place that is not in the lines (the file has changed since) draws nothing."""
    if not 1 <= location.line <= len(lines):
        return
    last = min(max(location.line, location.end_line), len(lines))
    frame = _Frame(terminal, lines, location, last, style)
    for number in _choose(location.line, last):
        frame.gap() if number is None else frame.draw_line(number)


def _choose(first: int, last: int) -> list[int | None]:
    """Line numbers to show; None where lines are left out."""
    if last - first < MOST_LINES:
        return list(range(first, last + 1))
    return [*range(first, first + HEAD_LINES), None, last]


@dataclass(frozen=True)
class _Frame:
    terminal: Terminal
    lines: list[str]
    location: Location
    last: int
    style: str

    def gap(self) -> None:
        mark = self.terminal.text(self.terminal.glyph("gap"), "dim")
        self.terminal.line(" " * (self._gutter + 2), mark)

    def draw_line(self, number: int) -> None:
        """The line, and under the first and the last one the marks of the span."""
        line = self.lines[number - 1]
        start, end = self._span(number, line)
        skip = start - LEAD if start > LEAD and columns(visible(line[:end])) > self._room else 0
        lead = self.terminal.glyph("cut") if skip else ""
        room = self._room - len(lead)
        self._row(f"{number}", f"{lead}{self.terminal.cut(line[skip:], room)}", "")
        if number in (self.location.line, self.last) and end > start:
            offset = len(lead) + columns(visible(line[skip:start]))
            length = max(1, min(columns(visible(line[start:end])), room - offset))
            self._row("", " " * offset, "^" * length)

    @property
    def _gutter(self) -> int:
        return len(str(self.last))

    @property
    def _room(self) -> int:
        return self.terminal.width - self._gutter - 4

    def _row(self, number: str, text: str, marks: str) -> None:
        bar = f" {number:>{self._gutter}} {self.terminal.glyph('bar')} "
        self.terminal.line(self.terminal.text(bar, "dim"), text, self.terminal.text(marks, self.style))

    def _span(self, number: int, line: str) -> tuple[int, int]:
        """Where the finding starts and ends in this line, from 0; if not known, it ends with the line."""
        location = self.location
        blank = len(line) - len(line.lstrip())
        start = location.column - 1 if number == location.line else blank
        known_end = number == location.end_line and location.end_column > 0
        end = location.end_column - 1 if known_end else len(line.rstrip())
        return max(0, min(start, len(line))), min(end, len(line))
