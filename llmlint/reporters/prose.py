"""Reads texts of rules: what people write in YAML comes in, blocks of prose, lists and code go out."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent
from typing import NamedTuple

FENCE = "```"
CODE_INDENT = "    "
ITEM = "- "


class Block(NamedTuple):
    """Lines of code, or of prose: then each is one paragraph or one list item ("- ..."), however long."""

    code: bool
    lines: list[str]


def blocks(text: str) -> list[Block]:
    """The blocks in order, none of them empty. Code is fenced or indented by four blanks."""
    return [Block(code, _code(lines) if code else _prose(lines)) for code, lines in _parts(text)]


def _parts(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Stretches of lines between empty lines and fences; empty lines inside code stay."""
    lines: list[str] = []
    fenced = False
    for line in [*text.expandtabs(4).splitlines(), ""]:
        fence = line.strip().startswith(FENCE)
        if fenced and not fence:
            lines.append(line)
        elif fence or not line.strip() or _starts_code(line, lines):
            if any(each.strip() for each in lines):
                yield fenced or lines[0].startswith(CODE_INDENT), lines
            lines = [line] if line.strip() and not fence else []
            fenced = fence and not fenced
        else:
            lines.append(line)
    if lines and fenced:  # a fence that nobody closed
        yield True, lines


def _starts_code(line: str, before: list[str]) -> bool:
    """Whether prose ends here because the next line is indented as code is."""
    in_list = any(each.lstrip().startswith(ITEM) for each in before)
    starts = line.startswith(CODE_INDENT) and not in_list
    return bool(before) and starts and not before[0].startswith(CODE_INDENT)


def _code(lines: list[str]) -> list[str]:
    return dedent("\n".join(lines)).strip("\n").split("\n")


def _prose(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in (line.strip() for line in lines):
        if items and not line.startswith(ITEM):
            items[-1] += f" {line}"
        else:
            items.append(line)
    return items
