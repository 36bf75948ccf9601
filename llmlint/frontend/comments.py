"""The comments of a module that speak to llmlint."""

from __future__ import annotations

import re

from llmlint.facts.syntax import Comment
from llmlint.frontend.positions import Positions
from llmlint.frontend.scanning import COMMENTS, STRINGS

_DIRECTIVE = re.compile(r"\#\s*llmlint\s*:", re.IGNORECASE)
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
