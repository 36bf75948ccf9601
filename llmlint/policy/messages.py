"""Templates of findings' sentences: parsed once, filled with facts and options. No logic, no evaluation.

A placeholder is `{name}`, `{name:format}`, either with `|words` to say when the value is not known.
`{{` and `}}` are braces. Formats: `list` (a, b and c), `number` (1,234.5), `money` ($1.23).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from llmlint.facts.call_site import ABSENT, Fact, FactValue, State
from llmlint.policy.conditions import OPTION
from llmlint.policy.rules import OptionValues

LONGEST = 100
"""Characters of a single value that a message shows."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True)
class Placeholder:
    """`alternative` is None where none is given; `format` is "" for plain text."""

    name: str
    format: str
    alternative: str | None


Template: TypeAlias = "tuple[str | Placeholder, ...]"


class TemplateError(ValueError):
    """A template that can't be read; the message says what is wrong with it."""


@lru_cache(maxsize=512)
def parse(text: str) -> Template:
    """The template's text and placeholders in order. Raises `TemplateError`."""
    pieces: list[str | Placeholder] = []
    position = 0
    for found in _PIECE.finditer(text):
        pieces.append(text[position : found.start()])
        position = found.end()
        if found.group() in ("{{", "}}"):
            pieces.append(found.group()[0])
        elif found.group(1) is None:
            raise TemplateError(f"single `{found.group()}`; write `{found.group() * 2}` for a brace")
        else:
            pieces.append(_placeholder(found.group(1)))
    pieces.append(text[position:])
    return tuple(piece for piece in pieces if piece != "")


def _placeholder(text: str) -> Placeholder:
    head, bar, alternative = text.partition("|")
    name, _, spec = head.partition(":")
    if spec not in FORMATS:
        raise TemplateError(f"unknown format `{spec}`; formats are {', '.join(filter(None, FORMATS))}")
    return Placeholder(name.strip(), spec, alternative if bar else None)


def placeholders(template: Template) -> list[Placeholder]:
    """The placeholders in order."""
    return [piece for piece in template if isinstance(piece, Placeholder)]


def fill(template: Template, facts: Mapping[str, Fact], options: OptionValues) -> str:
    """The sentence with the values in place. A value that isn't known shows the alternative's words."""
    return "".join([piece if isinstance(piece, str) else _shown(piece, facts, options) for piece in template])


def _shown(place: Placeholder, facts: Mapping[str, Fact], options: OptionValues) -> str:
    if place.name.startswith(OPTION):
        value = options[place.name.removeprefix(OPTION)]
        return FORMATS[place.format][1](list(value) if isinstance(value, tuple) else value)
    fact = facts.get(place.name, ABSENT)
    if fact.state is not State.KNOWN or fact.value is None:
        return place.alternative or ""
    return FORMATS[place.format][1](fact.value)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _as_text(value: FactValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _as_number(value)
    return _as_list(value) if isinstance(value, list) else _short(str(value))


def _as_list(value: FactValue) -> str:
    items = value if isinstance(value, list) else [value]
    words = [_as_text(item) for item in items[:6]]
    if len(items) > len(words):
        words[-1:] = [f"{len(items) - len(words) + 1} more"]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else "none"


def _as_number(value: FactValue) -> str:
    if not isinstance(value, int | float):
        return _short(str(value))
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


def _as_money(value: FactValue) -> str:
    if not isinstance(value, int | float):
        return _short(str(value))
    return f"${value:,.2f}" if abs(value) >= 0.01 or not value else f"${value:,.2g}"


FORMATS: dict[str, tuple[tuple[str, ...], Callable[[FactValue], str]]] = {
    "": (("string", "number", "boolean"), _as_text),
    "list": (("list",), _as_list),
    "number": (("number",), _as_number),
    "money": (("number",), _as_money),
}
"""Format -> the types of value it shows, and how."""
