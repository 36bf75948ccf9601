"""`llmlint explain RULE`: the page of one rule."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import add_rule_options
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.findings import RuleInfo

_EPILOG = """\
examples:
  llmlint explain missing-output-cap
  llmlint explain LLM002
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("rule", metavar="RULE", help="name or code")
    add_rule_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Writes the page."""
    from llmlint.cli.output import write
    from llmlint.cli.rules import known_here
    from llmlint.reporters.rule_page import render

    write(partial(render, find_rule(arguments.rule, known_here(arguments).described())))
    return ExitCode.CLEAN


def find_rule(word: str, rules: Sequence[RuleInfo]) -> RuleInfo:
    """The rule of a name or code, in whatever case. Raises `LlmlintError` if there is none."""
    by_word = {key.lower(): rule for rule in rules for key in (rule.name, rule.code)}
    found = by_word.get(word.lower())
    if found is not None:
        return found
    near = get_close_matches(word.lower(), by_word, n=1)
    hint = f"Did you mean {by_word[near[0]].name}?" if near else "`llmlint rules` lists all of them."
    raise LlmlintError(f"there is no rule `{word}`.\n{hint}")
