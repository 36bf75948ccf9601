"""Renders what is known about calls, and how it is known: call sites come in, a page of text goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, zip_longest
from typing import TextIO

from llmlint.facts.call_site import ABSENT, CallPath, CallSite, Fact, State, Step
from llmlint.reporters.fact_words import value_text
from llmlint.reporters.inventory import in_vocabulary_order
from llmlint.reporters.report import View
from llmlint.reporters.terminal import Terminal, columns
from llmlint.reporters.text_page import evidence
from llmlint.reporters.wording import count, place

NAME_WIDTH = 18
MOST_PATHS = 12


def render(call_sites: Sequence[CallSite], out: TextIO, view: View) -> None:
    """Writes every fact of every call with its value, or why it is unknown, and the places that show it."""
    terminal = Terminal(out, view)
    for number, site in enumerate(call_sites):
        if number:
            terminal.line()
        _site(terminal, site)


def _site(terminal: Terminal, site: CallSite) -> None:
    function = f"  in {site.function}" if site.function else ""
    terminal.line(terminal.text(place(site.location), "bold"), "  ", site.callee, function)
    _callers(terminal, site.callers)
    for group, facts in _groups(site.joined):
        terminal.line()
        terminal.line("  ", terminal.text(group, "bold"))
        _present(terminal, {name: fact for name, fact in facts.items() if fact.state is not State.ABSENT})
        absent = [_short(name) for name, fact in facts.items() if fact.state is State.ABSENT]
        if absent:
            terminal.wrapped(terminal.text(f"absent: {', '.join(absent)}", "dim"), "    ")
    _paths(terminal, site)


def _callers(terminal: Terminal, callers: Sequence[Step]) -> None:
    if callers:
        terminal.line(f"  reached from {count(len(callers), 'call')}:")
        evidence(terminal, callers, "    ")


def _groups(facts: Mapping[str, Fact]) -> list[tuple[str, dict[str, Fact]]]:
    """The facts by what stands before the dot, in the order of the vocabulary."""
    ordered = in_vocabulary_order(facts)
    return [(key, {n: ordered[n] for n in names}) for key, names in groupby(ordered, key=_group)]


def _present(terminal: Terminal, facts: Mapping[str, Fact]) -> None:
    """Facts that are known or unknown; evidence that several in a row share is shown below the last of them."""
    names = list(facts)
    for name, following in zip_longest(names, names[1:]):
        fact = facts[name]
        label = f"    {_short(name):<{NAME_WIDTH}} "
        style = "yellow" if fact.state is State.UNKNOWN else "green"
        terminal.wrapped(terminal.text(value_text(name, fact), style), " " * columns(label), label)
        if following is None or facts[following].evidence != fact.evidence:
            evidence(terminal, fact.evidence, "      ")


def _paths(terminal: Terminal, site: CallSite) -> None:
    """Where the ways to the call differ: each with its callers and the facts that are not the joined ones."""
    if len(site.paths) == 1:
        return
    terminal.line()
    terminal.line(terminal.text(f"  {count(len(site.paths), 'way')} to reach this call:", "bold"))
    for number, path in enumerate(site.paths[:MOST_PATHS], 1):
        terminal.line(f"  way {number}", *([" through"] if path.callers else [", with no caller in the project"]))
        evidence(terminal, path.callers, "    ")
        _differences(terminal, site, path)
    if len(site.paths) > MOST_PATHS:
        terminal.line(f"  and {len(site.paths) - MOST_PATHS:,} more")


def _differences(terminal: Terminal, site: CallSite, path: CallPath) -> None:
    names = in_vocabulary_order({**site.joined, **path.facts})
    for name in names:
        fact = path.facts.get(name, ABSENT)
        joined = site.fact(name)
        if (fact.state, fact.value) != (joined.state, joined.value):
            text = terminal.text(value_text(name, fact))
            terminal.wrapped(text, "      ", f"    {name}: ")


def _group(name: str) -> str:
    return name.partition(".")[0]


def _short(name: str) -> str:
    return name.partition(".")[2] or name
