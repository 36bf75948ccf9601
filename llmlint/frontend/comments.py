"""The comments of a module: those that speak to llmlint, and what people say to one another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llmlint.facts.syntax import Comment, Remark
from llmlint.frontend.positions import Positions
from llmlint.frontend.scanning import COMMENTS, STRINGS

_DIRECTIVE = re.compile(r"\#\s*llmlint\s*:", re.IGNORECASE)
_LONGEST, _MOST = 200, 5_000
"""Characters of a remark and remarks of a module that are kept."""
_REMARK = re.compile(COMMENTS)
_TOKEN = re.compile(rf"(?P<comment>{COMMENTS})|{STRINGS}", re.DOTALL)


def find_comments(positions: Positions) -> tuple[Comment, ...]:
    """Comments with `# llmlint:` in them, in order; those within the holes of f-strings don't count."""
    text, outline = positions.text, positions.outline
    if not _DIRECTIVE.search(text):
        return ()
    formatted = [number for number, start in enumerate(outline.opens) if text[start] not in "([{"]
    found: list[Comment] = []
    position, following = 0, iter(formatted)
    number = next(following, None)
    while (match := _TOKEN.search(text, position)) is not None:
        if number is not None and outline.opens[number] < match.start():
            position = max(position, outline.closes[number] + 1)
            number = next(following, None)
            continue
        position = match.end()
        if match["comment"] and _DIRECTIVE.search(match["comment"]):
            found.append(_comment(positions, match.start(), match["comment"]))
    return tuple(found)


def _comment(positions: Positions, start: int, comment: str) -> Comment:
    line, column = positions.line_and_column(start)
    alone = not positions.text[start - column + 1 : start].strip()
    return Comment(line, column, comment.rstrip(), alone)


def find_remarks(positions: Positions) -> tuple[Remark, ...]:
    """All other comments of the module, in order, without their `#`."""
    if "#" not in positions.text:
        return ()
    text = positions.text
    spans = sorted({*positions.outline.trailing, *_within(positions), *_between(positions)})
    found: list[Remark] = []
    for start, end in spans[:_MOST]:
        said = text[start:end].lstrip("#").strip()
        if said and not _DIRECTIVE.match(text, start):
            line, column = positions.line_and_column(start)
            alone = not text[start - column + 1 : start].strip()
            found.append(Remark(line, said[:_LONGEST], alone))
    return tuple(found)


def _within(positions: Positions) -> Iterator[tuple[int, int]]:
    return ((start, end) for end, start in positions.outline.comments.items())


def _between(positions: Positions) -> Iterator[tuple[int, int]]:
    """Those that stand between logical lines."""
    text, outline = positions.text, positions.outline
    for begin, end in zip([0, *outline.ends], [*outline.heads, len(text)], strict=True):
        yield from (match.span() for match in _REMARK.finditer(text, begin, end))
