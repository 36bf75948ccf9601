"""`llmlint rules`: all rules with what the project wants of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import add_rule_options

if TYPE_CHECKING:
    from llmlint.findings import RuleInfo
    from llmlint.knowledge import Knowledge
    from llmlint.reporters.report import View

_EPILOG = """\
examples:
  llmlint rules                    every rule: code, name, severity in this project, what it finds
  llmlint rules --rules policies/  with rules of your own
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    add_rule_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Writes one line for each rule."""
    from llmlint.cli.output import write

    knowledge = known_here(arguments)

    def draw(out: TextIO, _view: View) -> None:
        rows = [(rule.code, rule.name, severity_of(rule, knowledge), rule.summary) for rule in knowledge.described()]
        _table(rows, out)

    write(draw)
    return ExitCode.CLEAN


def known_here(arguments: argparse.Namespace) -> Knowledge:
    """The rules of the project around the current folder."""
    from llmlint.cli.options import settings_of
    from llmlint.discovery import find_root
    from llmlint.knowledge import load_knowledge

    return load_knowledge(settings_of(arguments, find_root(Path())), date.today().isoformat())


def severity_of(rule: RuleInfo, knowledge: Knowledge) -> str:
    """The word for what the project wants of a rule in most files."""
    from llmlint.own_rules import own_severities
    from llmlint.policy.settings import settings_for

    policies = [policy for policy in knowledge.settings.policies if not policy.paths]
    for each in knowledge.rules:
        if each.rule == rule.name:
            settings = settings_for(each, policies, "")
            return settings.severity.value if settings.enabled else "off"
    own = own_severities(policies, "").get(rule.name)
    return own.value if own else "off"


def _table(rows: Sequence[tuple[str, ...]], out: TextIO) -> None:
    from llmlint.reporters.escape import encodable, visible

    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    fit = encodable(getattr(out, "encoding", None))
    for *cells, summary in rows:
        aligned = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        out.write(fit(f"{aligned}  {visible(summary)}\n"))
