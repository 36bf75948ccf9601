"""Reads texts of rules: what people write in YAML comes in, blocks of prose, lists and code go out."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from itertools import groupby
from textwrap import dedent
from typing import NamedTuple

FENCE = "```"
CODE_INDENT = "    "
ITEM = "- "


class Block(NamedTuple):
    """Lines of code, or of prose: then each is one paragraph or one list item ("- ..."), however long."""

    code: bool
    lines: list[str]


class _Kind(Enum):
    PROSE = auto()
    CODE = auto()
    BETWEEN = auto()


def blocks(text: str) -> list[Block]:
    """The blocks in order, none of them empty. Code is fenced, or indented by four blanks after an empty line."""
    result = []
    for kind, numbered in groupby(_kinds(text), key=lambda pair: pair[0]):
        lines = [line for _, line in numbered]
        if kind is _Kind.PROSE:
            result.append(Block(False, _items(lines)))
        elif kind is _Kind.CODE:
            result.append(Block(True, dedent("\n".join(lines)).strip("\n").split("\n")))
    return result


def _kinds(text: str) -> Iterator[tuple[_Kind, str]]:
    """Each line and what it belongs to; empty lines inside code are code."""
    kind, fenced = _Kind.BETWEEN, False
    for line in text.expandtabs(4).splitlines():
        if line.strip().startswith(FENCE):
            fenced = not fenced
            kind = _Kind.BETWEEN
        elif fenced:
            kind = _Kind.CODE
        elif not line.strip():
            kind = kind if kind is _Kind.CODE else _Kind.BETWEEN
        elif not line.startswith(CODE_INDENT) or kind is _Kind.PROSE:
            kind = _Kind.PROSE
        else:
            kind = _Kind.CODE
        yield kind, line


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in (line.strip() for line in lines):
        if items and not line.startswith(ITEM):
            items[-1] += f" {line}"
        else:
            items.append(line)
    return items
