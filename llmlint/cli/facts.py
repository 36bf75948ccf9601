"""`llmlint facts FILE[:LINE]`: what is known about the calls of a file, and how it is known; or what can be known."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from llmlint.cli.caching import add_cache_options
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import add_rule_options
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.facts.call_site import CallSite

_EPILOG = """\
examples:
  llmlint facts src/app.py        all calls of the file
  llmlint facts src/app.py:42     the call at line 42 (in a notebook: of its cell)
  llmlint facts --list            every fact and condition that a rule may be made of

The same as JSON, for all calls: llmlint audit --format json src/app.py
"""
LIST_FORMATS = ("text", "json", "markdown")
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d*)?:?\Z")


class Place(NamedTuple):
    """A file and, unless all of it is meant, a line from 1."""

    path: str
    line: int | None


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("place", nargs="?", metavar="FILE[:LINE]", help="a Python file or notebook, and a line of it")
    parser.add_argument("--list", action="store_true", help="all facts, and the conditions that ask about them")
    parser.add_argument("--format", choices=LIST_FORMATS, help="of --list; default: text")
    add_rule_options(parser)
    add_cache_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Writes a page about every call that is asked for."""
    from llmlint.cli.messages import tell
    from llmlint.cli.output import write
    from llmlint.cli.running import run_on
    from llmlint.reporters.facts_page import render

    if arguments.list:
        return _list(arguments)
    if arguments.format is not None:
        raise LlmlintError("--format goes with --list.\nAs JSON for all calls: llmlint audit --format json")
    if arguments.place is None:
        raise LlmlintError("which calls?\nName a file, or use --list for all facts that there are.")
    place = parse_place(arguments.place)
    outcome, _ = run_on(arguments, [place.path])
    call_sites = at_line(outcome.report.call_sites, place)
    for skipped in outcome.report.skipped:
        tell(f"{skipped.location}: can't be read: {skipped.message}")
    if call_sites:
        write(partial(render, call_sites))
    else:
        write(lambda out, _view: print(f"No calls to a model in {place.path}.", file=out))
    return ExitCode.CLEAN


def _list(arguments: argparse.Namespace) -> ExitCode:
    from llmlint.cli.output import write
    from llmlint.policy.language import language
    from llmlint.reporters import language_page

    if arguments.place is not None:
        raise LlmlintError("--list is about no file.\nLeave the file out, or leave --list out.")
    write(partial(getattr(language_page, f"render_{arguments.format or LIST_FORMATS[0]}"), language()))
    return ExitCode.CLEAN


def parse_place(text: str) -> Place:
    """FILE, FILE:LINE or FILE:LINE:COLUMN; a file that has such a name itself comes first."""
    split = _PLACE.match(text)
    if split is None or Path(text).exists():
        return Place(text, None)
    return Place(split["path"], int(split["line"]))


def at_line(call_sites: Sequence[CallSite], place: Place) -> tuple[CallSite, ...]:
    """The calls that the line belongs to. Raises `LlmlintError` if it belongs to none."""
    if place.line is None:
        return tuple(call_sites)
    found = tuple(
        site
        for site in call_sites
        if site.location.line <= place.line <= max(site.location.line, site.location.end_line)
    )
    if found or not call_sites:
        return found
    lines = ", ".join(dict.fromkeys(str(site.location.line) for site in call_sites))
    raise LlmlintError(f"no call to a model at {place.path}:{place.line}.\nThere are calls at line {lines}.")
