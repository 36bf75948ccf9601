"""Globs of settings and rules: a pattern and a path or text come in, whether they match goes out, in little time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["character", "one", "some", "any", "folders", "below"]


class _Token(NamedTuple):
    """`one` and `some` stay within a folder; `any` crosses them; `folders` are whole ones, also none; `below` is the
    end, or all below it.
    """

    kind: Kind
    character: str = ""


@lru_cache(maxsize=4096)
def matches(pattern: str, path: str) -> bool:
    """Whether a glob takes a path. `*` and `?` stay within a folder, `**` crosses them; without a slash it takes a
    file or folder anywhere; a folder stands for all below it.
    """
    expression = _expression(pattern) if len(path) <= _LONGEST else None
    return _matches(_path_tokens(pattern), path) if expression is None else expression.match(path) is not None


@lru_cache(maxsize=4096)
def text_matches(pattern: str, text: str) -> bool:
    """Whether a glob takes a whole text. `*` stands for any characters, `?` for one."""
    return _matches(_text_tokens(pattern), text)


_FEW, _LONGEST = 3, 300
"""Wildcards of a pattern and characters of a path for which a regular expression is quick whatever they are."""


@lru_cache(maxsize=512)
def _expression(pattern: str) -> re.Pattern[str] | None:
    """The same as a regular expression, which is quicker; None where it could go back too often."""
    tokens = _path_tokens(pattern)
    if sum(token.kind in ("some", "any", "folders") for token in tokens) > _FEW:
        return None
    return re.compile(
        "".join(_EXPRESSIONS.get(token.kind) or re.escape(token.character) for token in tokens), re.DOTALL
    )


_EXPRESSIONS = {"one": "[^/]", "some": "[^/]*", "any": ".*", "folders": "(?:[^/]*/)*", "below": r"(?:/.*)?\Z"}


@lru_cache(maxsize=512)
def _path_tokens(pattern: str) -> tuple[_Token, ...]:
    anywhere = () if "/" in pattern.rstrip("/") else (_Token("folders"),)
    pieces = re.findall(r"\*\*/|\*\*|.", pattern.strip("/"), re.DOTALL)
    return (*anywhere, *(_PATH_TOKENS.get(piece) or _Token("character", piece) for piece in pieces), _Token("below"))


@lru_cache(maxsize=512)
def _text_tokens(pattern: str) -> tuple[_Token, ...]:
    return tuple(_TEXT_TOKENS.get(character) or _Token("character", character) for character in pattern)


_PATH_TOKENS = {"**/": _Token("folders"), "**": _Token("any"), "*": _Token("some"), "?": _Token("one")}
_TEXT_TOKENS = {"*": _Token("any"), "?": _Token("character")}


def _matches(tokens: tuple[_Token, ...], text: str) -> bool:
    """All tokens at which the match can be are followed at once. A negative one is inside of what it takes."""
    states = set(_reached(tokens, 0))
    for character in text:
        states = {further for state in states for further in _after(tokens, state, character)}
        if not states:
            return False
    return len(tokens) in states or -len(tokens) in states


def _reached(tokens: tuple[_Token, ...], at: int) -> Iterator[int]:
    """A token, and those behind it as far as tokens may take nothing."""
    yield at
    while at < len(tokens) and tokens[at].kind in _OPTIONAL:
        at += 1
        yield at


_OPTIONAL = frozenset({"some", "any", "folders", "below"})


def _after(tokens: tuple[_Token, ...], state: int, character: str) -> Iterator[int]:
    """Where the match can be once the token has taken the character."""
    at = state if state >= 0 else -state - 1
    if at >= len(tokens):
        return
    kind, wanted = tokens[at]
    ends_folder = character == "/"
    if kind == "character":
        if wanted in ("", character):
            yield from _reached(tokens, at + 1)
    elif kind == "one":
        if not ends_folder:
            yield from _reached(tokens, at + 1)
    elif kind == "any" or (kind == "some" and not ends_folder):
        yield from _reached(tokens, at)
    elif kind == "folders":
        yield from _reached(tokens, at) if ends_folder else (-at - 1,)
    elif kind == "below" and (ends_folder or state < 0):
        yield -at - 1
