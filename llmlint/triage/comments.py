"""Where the directives of one module apply: facts of the module come in, a look-up by place comes out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate

import msgspec

from llmlint.facts.call_site import Location
from llmlint.facts.syntax import (
    Cell,
    Comment,
    Constant,
    Event,
    ImportedModule,
    ImportedName,
    ModuleFacts,
)
from llmlint.triage.directives import Directive, Malformed, read_directive

MISPLACED = Malformed(
    "`ignore-file` stands alone on its line, above the first statement that is no import",
    "Move it there, or use `ignore[...]` here.",
)


class Spoken(msgspec.Struct, frozen=True):
    """A directive and the place of its comment. `line` counts through the module, also in a notebook."""

    directive: Directive
    location: Location
    line: int


class Comments:
    """The directives of one module.

    `spoken` holds those that can be obeyed, in order; `malformed` the others with their places and texts.
    """

    def __init__(self, path: str, facts: ModuleFacts, known: Collection[str]) -> None:
        self._layout = _Layout(path, facts.cells)
        self._statements = _statement_lines(facts)
        self._calls = _CallSpans(facts)
        self.spoken: list[Spoken] = []
        self.malformed: list[tuple[Location, Malformed, str]] = []
        self._lines: list[int] = []
        self._on_line: dict[int, list[int]] = defaultdict(list)
        self._above: dict[int, list[int]] = defaultdict(list)
        self._file: list[int] = []
        head_ends = _first_statement(facts)
        for comment in sorted(facts.comments, key=lambda each: (each.line, each.column)):
            self._read(comment, known, head_ends)
        self._lines = sorted(self._on_line)

    def at(self, location: Location) -> Iterator[int]:
        """Indices into `spoken` of the directives that speak about a place; those nearest to it first."""
        first = self._layout.module_line(location)
        if first is not None:
            last = first + max(0, location.end_line - location.line)
            for line in self._lines[bisect_left(self._lines, first) : bisect_right(self._lines, last)]:
                yield from self._on_line[line]
            yield from self._above.get(self._statement_of(first), ())
        yield from self._file

    def _read(self, comment: Comment, known: Collection[str], head_ends: int) -> None:
        said = read_directive(comment.text, known)
        if isinstance(said, Directive) and said.whole_file and not (comment.alone and comment.line < head_ends):
            said = MISPLACED
        location = self._layout.location(comment)
        if isinstance(said, Malformed):
            self.malformed.append((location, said, comment.text))
        elif said is not None:
            self._place(Spoken(said, location, comment.line), comment.alone)

    def _place(self, spoken: Spoken, alone: bool) -> None:
        index = len(self.spoken)
        self.spoken.append(spoken)
        if spoken.directive.whole_file:
            self._file.append(index)
            return
        self._on_line[spoken.line].append(index)
        if alone and not self._calls.cover(spoken.line):
            following = self._next_statement(spoken.line)
            if following is not None and self._layout.same_cell(spoken.line, following):
                self._above[following].append(index)

    def _next_statement(self, line: int) -> int | None:
        index = bisect_right(self._statements, line)
        return self._statements[index] if index < len(self._statements) else None

    def _statement_of(self, line: int) -> int:
        index = bisect_right(self._statements, line)
        return self._statements[index - 1] if index else 0


class _Layout:
    """Turns lines of the module into places, and back; only in a notebook is there a difference."""

    def __init__(self, path: str, cells: Sequence[Cell]) -> None:
        self._path = path
        self._cells = sorted(cells, key=lambda cell: cell.first_line)
        self._starts = [cell.first_line for cell in self._cells]
        self._by_index = {cell.index: cell for cell in cells}

    def location(self, comment: Comment) -> Location:
        cell = self._cell(comment.line)
        line = comment.line if cell is None else comment.line - cell.first_line + 1
        end = comment.column + len(comment.text)
        return Location(self._path, line, comment.column, line, end, None if cell is None else cell.index)

    def module_line(self, location: Location) -> int | None:
        if location.cell is None:
            return None if self._cells else location.line
        cell = self._by_index.get(location.cell)
        return None if cell is None else cell.first_line + location.line - 1

    def same_cell(self, line: int, other: int) -> bool:
        return self._cell(line) is self._cell(other)

    def _cell(self, line: int) -> Cell | None:
        index = bisect_right(self._starts, line)
        return self._cells[index - 1] if index else None


class _CallSpans:
    """Tells whether a line is inside a call, so that a comment there does not speak about what follows it."""

    def __init__(self, facts: ModuleFacts) -> None:
        spans = sorted((call.place.line, call.place.end_line) for call in facts.calls)
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))

    def cover(self, line: int) -> bool:
        index = bisect_right(self._starts, line)
        return bool(index) and self._ends[index - 1] >= line


def _statement_lines(facts: ModuleFacts) -> list[int]:
    """The lines on which statements begin; lambdas and comprehensions lie inside statements."""
    of_statements = [scope.kind != "comprehension" and scope.name != "<lambda>" for scope in facts.scopes]
    lines = {block.line for block in facts.blocks if block.kind != "body" and of_statements[block.scope]}
    for scope, counts in zip(facts.scopes, of_statements, strict=True):
        if counts:
            lines.update(event.line for event in scope.events)
    lines.update(
        scope.line for scope in facts.scopes[1:] if scope.kind in ("class", "function") and scope.name != "<lambda>"
    )
    return sorted(lines)


def _first_statement(facts: ModuleFacts) -> int:
    """The line of the first statement that is neither docstring nor import."""
    others = (event.line for event in facts.scopes[0].events if not _belongs_to_head(event))
    return min(others, default=facts.lines + 1)


def _belongs_to_head(event: Event) -> bool:
    text = event.kind == "evaluate" and isinstance(event.value, Constant)
    return text or isinstance(event.value, ImportedModule | ImportedName)
