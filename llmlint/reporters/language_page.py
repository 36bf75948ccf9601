"""Renders what rules may be made of: as a page in the terminal, as tables in Markdown, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TextIO

import msgspec

from llmlint.facts.vocabulary import FactSpec
from llmlint.findings import Language
from llmlint.reporters.report import View
from llmlint.reporters.terminal import Terminal

FORMAT = 1
"""Raised when a reader of the old JSON could go wrong."""


def render_text(language: Language, out: TextIO, view: View) -> None:
    """A page: facts by group, then the keys of conditions, the formats of placeholders and the types of options."""
    terminal = Terminal(out, view)
    for group, facts in _groups(language.facts):
        terminal.line(terminal.text(group, "bold"))
        for spec in facts:
            _entry(terminal, spec.name, _type(spec, " or "), _explained(spec))
        terminal.line()
    terminal.line(terminal.text("conditions", "bold"))
    for key in language.keys:
        _entry(terminal, key.form, " or ".join(key.takes), key.meaning)
    terminal.line()
    terminal.line(terminal.text("placeholders in messages", "bold"))
    for each in language.formats:
        _entry(terminal, each.form, " or ".join(each.takes), f"{each.meaning}: {each.shown}")
    terminal.line()
    terminal.line(terminal.text("types of options", "bold"))
    for name, accepts in language.option_types:
        _entry(terminal, name, "", accepts)


def _entry(terminal: Terminal, name: str, kind: str, text: str) -> None:
    terminal.line("  ", terminal.text(name, "cyan"), "  ", terminal.text(kind, "dim"))
    terminal.wrapped(terminal.prose(f"{text}."), "      ", "      ")


def render_json(language: Language, out: TextIO, _view: View) -> None:
    """The same for programs."""
    facts = [spec._asdict() for spec in language.facts]
    keys, formats = msgspec.to_builtins(language.keys), msgspec.to_builtins(language.formats)
    types = [{"name": name, "accepts": accepts} for name, accepts in language.option_types]
    page = {"format": FORMAT, "facts": facts, "conditions": keys, "placeholders": formats, "option_types": types}
    out.write(json.dumps(page, indent=2, ensure_ascii=False) + "\n")


def render_markdown(language: Language, out: TextIO, _view: View) -> None:
    """The same as tables."""
    for title, table in tables(language).items():
        out.write(f"## {title}\n\n{table}\n")


def tables(language: Language) -> dict[str, str]:
    """Tables in Markdown by their title; each ends in a line feed."""
    return {
        "Conditions": _table(
            ("Key", "Asks about", "Holds where"),
            ((f"`{each.form}`", ", ".join(each.takes), each.meaning) for each in language.keys),
        ),
        "Placeholders": _table(
            ("Form", "Shows", "As", "For example"),
            ((f"`{each.form}`", ", ".join(each.takes), each.meaning, each.shown) for each in language.formats),
        ),
        "Options": _table(("Type", "Accepts"), ((f"`{name}`", accepts) for name, accepts in language.option_types)),
        "Facts": "\n".join(f"### {group}\n\n{_facts(facts)}" for group, facts in _groups(language.facts)),
    }


def _facts(facts: Iterable[FactSpec]) -> str:
    rows = ((f"`{spec.name}`", _type(spec, ", "), _meaning(spec), spec.unknown_when or "never") for spec in facts)
    return _table(("Fact", "Type", "Meaning", "Unknown where"), rows)


def _groups(facts: Iterable[FactSpec]) -> Iterator[tuple[str, list[FactSpec]]]:
    """The facts by what stands before the dot, in their order."""
    for group, found in groupby(facts, key=lambda spec: spec.name.partition(".")[0]):
        yield group, list(found)


def _type(spec: FactSpec, separator: str) -> str:
    return separator.join(f"`{value}`" for value in spec.values) if spec.values else spec.type


def _meaning(spec: FactSpec) -> str:
    return f"{spec.meaning} (in {spec.unit})" if spec.unit else spec.meaning


def _explained(spec: FactSpec) -> str:
    return f"{_meaning(spec)}; unknown where {spec.unknown_when}" if spec.unknown_when else _meaning(spec)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
