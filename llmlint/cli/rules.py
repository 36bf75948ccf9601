"""`llmlint rules`: all rules with what the project wants of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import add_rule_options
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.findings import RuleInfo
    from llmlint.knowledge import Knowledge
    from llmlint.reporters.report import View

_EPILOG = """\
examples:
  llmlint rules                    every rule: code, name, severity in this project, what it finds
  llmlint rules --rules policies/  with rules of your own
  llmlint rules --path src/app.py  what holds in that file, and which line of which settings says so
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("--path", type=Path, metavar="FILE", help="tell what holds in this file, and why")
    add_rule_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Writes one line for each rule."""
    from llmlint.cli.output import write

    if arguments.path is not None:
        return _at_path(arguments)
    knowledge = known_here(arguments)

    def draw(out: TextIO, _view: View) -> None:
        rows = [(rule.code, rule.name, severity_of(rule, knowledge), rule.summary) for rule in knowledge.described()]
        _table(rows, out)

    write(draw)
    return ExitCode.CLEAN


def known_here(arguments: argparse.Namespace, folder: Path | None = None) -> Knowledge:
    """The rules of the project around a folder, by default the current one."""
    from llmlint.cli.options import settings_of
    from llmlint.discovery import find_root
    from llmlint.knowledge import load_knowledge

    return load_knowledge(settings_of(arguments, find_root(folder or Path())), date.today().isoformat())


def _at_path(arguments: argparse.Namespace) -> ExitCode:
    """Every rule with what holds for it in one file, and where that stands."""
    from llmlint.cli.output import write
    from llmlint.config.effective import effective, options_of
    from llmlint.discovery import find_root
    from llmlint.reporters.escape import encodable, visible

    path = arguments.path.resolve()
    folder = path.parent
    if not folder.is_dir() or path.is_dir():
        raise LlmlintError(f"{arguments.path} is no file in a folder that exists.\nName a file, which need not exist.")
    root = find_root(folder)
    knowledge = known_here(arguments, folder)
    settings, shown = knowledge.settings, path.relative_to(root).as_posix()
    defaults = {rule.rule: rule.options for rule in knowledge.rules}
    rows, options = [], {}
    for rule in knowledge.described():
        found = effective(rule.name, rule.severity, settings, shown)
        rows.append((rule.code, rule.name, found.severity.value if found.enabled else "off", found.origin))
        options[rule.code] = list(options_of(found, defaults.get(rule.name, {}))) if found.enabled else []

    def draw(out: TextIO, _view: View) -> None:
        fit = encodable(getattr(out, "encoding", None))
        sources = ", ".join(dict.fromkeys(settings.sources)) or "none"
        out.write(fit(visible(f"{shown}, with settings from: {sources}") + "\n\n"))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
            out.write(fit(f"{cells}  {visible(row[3])}\n"))
            for name, value, origin in options[row[0]]:
                out.write(fit(visible(f"    {name} = {value!r}  {origin}") + "\n"))

    write(draw)
    return ExitCode.CLEAN


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
