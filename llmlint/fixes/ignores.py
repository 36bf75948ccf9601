"""The text of a module and the places of findings come in; the text with comments that silence them goes out.

A comment goes to the end of the call's first line, or alone above the statement where that line would be too long or
can't take one. Nothing but comments is added: the syntax tree before and after is compared.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

LONGEST_LINE = 100
"""Characters of a line that a comment is added to, if there is another way."""

_DIRECTIVE = re.compile(r"(#\s*llmlint\s*:\s*ignore\s*\[)([^\]]*)(\])", re.IGNORECASE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\Z)")


class Place(NamedTuple):
    """Where findings stand: the lines of the call, from 1."""

    line: int
    end_line: int


class Ignored(NamedTuple):
    """`text` has comments for all wanted places but those in `left`. `moved` maps the others to where they are now."""

    text: str
    moved: Mapping[Place, Place]
    left: tuple[Place, ...]


class _Edit(NamedTuple):
    """Lines from `line` on (from 0), `removed` of them, become `lines`."""

    line: int
    removed: int
    lines: tuple[str, ...]


Silences = Callable[[str, Mapping[Place, Place]], Collection[Place]]
"""Text and places as they were and as they are: those whose findings are silenced now, as they were."""


def with_ignores(text: str, wanted: Mapping[Place, Sequence[str]], reason: str, silences: Silences) -> Ignored:
    """Adds a comment for the rules of each place. A place for which no comment works is left as it was."""
    tree = _tree(text)
    if tree is None or re.search(r"\r(?!\n)", text):
        return Ignored(text, {}, tuple(sorted(wanted)))
    attempts = dict.fromkeys(wanted, 0)
    while True:
        result = _attempted(text, tree, wanted, reason, attempts)
        failed = [place for place in result.moved if place not in silences(result.text, result.moved)]
        if not failed:
            return result
        for place in failed:
            attempts[place] += 1


def _attempted(
    text: str, tree: ast.Module, wanted: Mapping[Place, Sequence[str]], reason: str, attempts: Mapping[Place, int]
) -> Ignored:
    """All comments, each in the first way from its attempt on that leaves the code as it is; from the last line up."""
    lines = [match for match in _LINE.findall(text) if match]
    untouched = ast.dump(tree)
    starts = _statements(tree)
    inserted: list[int] = []
    left: list[Place] = []
    for place in sorted(wanted, reverse=True):
        ways = list(_ways(lines, place, starts, sorted(wanted[place]), reason))[attempts[place] :]
        edit = next((way for way in ways if _harmless(lines, way, untouched)), None)
        if edit is None:
            left.append(place)
            continue
        lines[edit.line : edit.line + edit.removed] = edit.lines
        if not edit.removed:
            inserted.append(edit.line + 1)
    moved = {
        place: Place(*(number + sum(at <= number for at in inserted) for number in place))
        for place in wanted
        if place not in left
    }
    return Ignored("".join(lines), moved, tuple(sorted(left)))


def _ways(
    lines: Sequence[str], place: Place, starts: Sequence[tuple[int, int]], rules: Sequence[str], reason: str
) -> Iterator[_Edit]:
    comment = f"# llmlint: ignore[{', '.join(rules)}] {reason}".rstrip()
    first = place.line - 1
    for line in dict.fromkeys((first, place.end_line - 1)):
        if 0 <= line < len(lines) and _DIRECTIVE.search(lines[line]):
            yield _Edit(line, 1, (_DIRECTIVE.sub(lambda match: _with_names(match, rules), lines[line], count=1),))
    if not 0 <= first < len(lines):
        return
    behind = [_Edit(line, 1, (_behind(lines[line], comment),)) for line in dict.fromkeys((first, place.end_line - 1))]
    above = _above(lines, place, starts, comment)
    if len(behind[0].lines[0].rstrip("\r\n")) <= LONGEST_LINE:
        yield behind[0]
    yield above
    yield from behind


def _with_names(match: re.Match[str], rules: Sequence[str]) -> str:
    names = [name.strip() for name in match[2].split(",") if name.strip()]
    return f"{match[1]}{', '.join(dict.fromkeys([*names, *rules]))}{match[3]}"


def _behind(line: str, comment: str) -> str:
    body = line.rstrip("\r\n")
    return f"{body.rstrip()}  {comment}{line[len(body) :]}"


def _above(lines: Sequence[str], place: Place, starts: Sequence[tuple[int, int]], comment: str) -> _Edit:
    around = [start for start, end in starts if start <= place.line <= end]
    index = max(around, default=place.line) - 1
    line = lines[index]
    indent = line[: len(line) - len(line.lstrip(" \t\f"))]
    end = "\r\n" if line.endswith("\r\n") else "\n"
    return _Edit(index, 0, (f"{indent}{comment}{end}",))


def _harmless(lines: Sequence[str], edit: _Edit, untouched: str) -> bool:
    """Whether the code is the same after the edit."""
    tree = _tree("".join([*lines[: edit.line], *edit.lines, *lines[edit.line + edit.removed :]]))
    return tree is not None and ast.dump(tree) == untouched


def _statements(tree: ast.Module) -> list[tuple[int, int]]:
    """First and last lines of all statements; decorators belong to them."""
    return [
        (min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]), node.end_lineno or 0)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
    ]


def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # for another Python, or beyond this one's limits
        return None
