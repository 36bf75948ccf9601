"""A string literal in a file comes in; its text with the places of what is filled in goes out, to be reordered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from llmlint.fixes.source import Change

if TYPE_CHECKING:
    import libcst as cst

_FILLED = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)[^{}]*\}")
_HIDDEN = "\0"


LONGEST = 50_000
DEEPEST = 40


class Place(NamedTuple):
    """Something that is filled in: offsets in the file, and its code, or its name in a template."""

    start: int
    end: int
    code: str


class Token(NamedTuple):
    """One literal of several beside each other: where its text starts and ends, and how it is written."""

    start: int
    end: int
    prefix: str
    quote: str


class Literal(NamedTuple):
    """`tokens` in order; `places` are what is filled in."""

    tokens: Sequence[Token]
    places: Sequence[Place]


def literal(text: str, start: int, end: int, *, template: bool = False) -> Literal | None:
    """The literal at these offsets of a file, None for anything else. In a template `{name}` is filled in."""
    import libcst as cst

    if end - start > LONGEST or _depth(text[start:end]) > DEEPEST:
        return None
    try:
        expression = cst.parse_expression(f"({text[start:end]})")
    except (cst.ParserSyntaxError, cst.CSTValidationError, cst.CSTLogicError):
        return None
    tokens: list[Token] = []
    places: list[Place] = []
    bare = expression.with_changes(lpar=(), rpar=()) if hasattr(expression, "lpar") else expression
    try:
        _collect(bare, start, tokens, places)
    except TypeError:
        return None
    if template:
        if any("f" in token.prefix for token in tokens):
            return None
        places = [place for token in tokens for place in _filled(text, token)]
    return Literal(tokens, places) if tokens and text[start:end] == cst.Module([]).code_for_node(bare) else None


def _depth(text: str) -> int:
    """How deep brackets are nested, at most; the parser recurses, and has no limit of its own."""
    depth = deepest = 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _collect(node: cst.CSTNode, start: int, tokens: list[Token], places: list[Place]) -> None:
    import libcst as cst

    code = cst.Module([]).code_for_node
    if isinstance(node, cst.ConcatenatedString):
        _collect(node.left, start, tokens, places)
        behind = start + len(code(node.left)) + len(code(node.whitespace_between))
        _collect(node.right, behind, tokens, places)
    elif isinstance(node, cst.SimpleString):
        opening = len(node.prefix) + len(node.quote)
        tokens.append(
            Token(start + opening, start + len(node.value) - len(node.quote), node.prefix.lower(), node.quote)
        )
    elif isinstance(node, cst.FormattedString):
        at = start + len(node.start)
        for part in node.parts:
            written = code(part)
            if isinstance(part, cst.FormattedStringExpression):
                places.append(Place(at, at + len(written), written))
            at += len(written)
        tokens.append(Token(start + len(node.start), at, node.prefix.lower(), node.quote))
    else:
        raise TypeError(type(node).__name__)


def _filled(text: str, token: Token) -> Iterator[Place]:
    for found in _FILLED.finditer(text, token.start, token.end):
        if found[1]:
            yield Place(found.start(), found.end(), found[1])


class Stretch(NamedTuple):
    """A line or sentence: `start` to `end`, and the white space behind it up to `behind`."""

    start: int
    end: int
    behind: int


def moved(text: str, whole: Literal, place: Place) -> list[Change] | None:
    """The line or sentence of a place moved to the end; None where nothing stands behind it, or it can't be cut out."""
    token = next(each for each in whole.tokens if each.start <= place.start <= each.end)
    last = whole.tokens[-1]
    if "r" in token.prefix + last.prefix or token.quote != last.quote:
        return None
    if ("f" in token.prefix) != ("f" in last.prefix):
        return None
    shown = _hidden(text, whole, token)
    stretch = _stretch(shown, token, place)
    final = len(_core(_hidden(text, whole, last))) + last.start
    if final <= stretch.end or (token is last and stretch.behind >= last.end):
        return None
    between = text[stretch.end : stretch.behind] or " "
    core = text[stretch.start : stretch.end]
    return [Change(stretch.start, stretch.behind, ""), Change(final, final, f"{between}{core}")]


def _hidden(text: str, whole: Literal, token: Token) -> str:
    """The text of a token, with every character of what is filled in made unreadable."""
    shown = list(text[token.start : token.end])
    for place in whole.places:
        if token.start <= place.start < token.end:
            shown[place.start - token.start : place.end - token.start] = _HIDDEN * (place.end - place.start)
    return "".join(shown)


_BLANK = r"(?:\\n|\\r|\\t|\s)"
_BREAK = re.compile(r"\\n|\n")
_SENTENCE = re.compile(rf"[.!?][\"')]*(?={_BLANK}|$)")
_BLANKS = re.compile(rf"{_BLANK}*")
_TAIL = re.compile(rf"{_BLANK}*\Z")


def _core(shown: str) -> str:
    """Without white space at the end."""
    found = _TAIL.search(shown)
    return shown[: found.start()] if found else shown


def _stretch(shown: str, token: Token, place: Place) -> Stretch:
    at, until = place.start - token.start, place.end - token.start
    starts = [found.end() for found in _BREAK.finditer(shown, 0, at)]
    starts += [found.end() for found in _SENTENCE.finditer(shown, 0, at)]
    start = _skipped(shown, max(starts, default=0))
    ends = [len(shown)]
    if found := _BREAK.search(shown, until):
        ends.append(found.start())
    if found := _SENTENCE.search(shown, until):
        ends.append(found.end())
    if shown[_skipped(shown, until) : _skipped(shown, until) + 1] == _HIDDEN:
        ends.append(until)
    end = min(ends)
    return Stretch(token.start + start, token.start + end, token.start + _skipped(shown, end))


def _skipped(shown: str, position: int) -> int:
    found = _BLANKS.match(shown, position)
    return found.end() if found else position
