"""`llmlint test`: what the examples in rule files expect against what the rules say."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import add_settings_options
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.catalog.catalog import Catalog
    from llmlint.config import Settings
    from llmlint.reporters.report import View
    from llmlint.reporters.terminal import Terminal
    from llmlint.rule_testing import TriedExample, TriedRule

_EPILOG = """\
examples:
  llmlint test                     the rules that the settings name
  llmlint test policies/           all rules below a folder, or those of a file
  llmlint test --verbose policies/ also every example that is as expected

Lines on which a rule speaks end in `# finding` in bad examples, in `# undecided` in undecided ones; nothing is said
about code under `fixed` and in good examples. A warning names a condition that can be left out or negated although all
examples stay as they are.

exit codes: 0 all examples are as expected, 1 some are not (with --strict also warnings), 2 a rule can't be read
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "locations",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="folders and .yaml files with rules (default: `rules` of the settings)",
    )
    parser.add_argument("--verbose", action="store_true", help="list the examples that are as expected, too")
    parser.add_argument("--strict", action="store_true", help="leave with 1 for warnings, too")
    parser.add_argument("--quick", action="store_true", help="don't look for conditions that no example needs")
    add_settings_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Writes what is not as expected, and says by the exit code whether there is any."""
    from llmlint.cli.output import write
    from llmlint.config import Settings, read_settings
    from llmlint.discovery import find_root
    from llmlint.rule_testing import try_rules

    root = find_root(Path())
    settings = Settings() if arguments.no_config else read_settings(root, arguments.config)
    locations = arguments.locations or settings.rules
    if not locations:
        raise LlmlintError("the settings name no rules of your own.\nName a folder or file: llmlint test policies/")
    tested = try_rules(locations, _catalog(settings), mutate=not arguments.quick)
    write(partial(_page, tested, arguments.verbose))
    if not arguments.no_config:
        _tell_of_unused(arguments.locations, settings, root)
    failed = any(each.failed or (arguments.strict and each.warnings) for each in tested)
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN


def _tell_of_unused(locations: Sequence[Path], settings: Settings, root: Path) -> None:
    """A rule that passes its tests looks as if it were on. That is up to the settings."""
    from llmlint.cli.messages import tell
    from llmlint.policy.loading import builtin_rules

    used = [each.resolve() for each in (builtin_rules(), *settings.rules)]
    for location in locations:
        path = location.resolve()
        if path.is_relative_to(root) and not any(path.is_relative_to(each) for each in used):
            folder = path if path.is_dir() else path.parent
            name = folder.relative_to(root).as_posix()
            tell(f'{location}: not applied by `llmlint check`; to apply, add rules = ["{name}"] to the settings')


def _catalog(settings: Settings) -> Catalog:
    """The catalogue with the clients and models that the settings add: examples may use them."""
    from llmlint.catalog.loading import load_catalog
    from llmlint.config.models import with_own_models

    return with_own_models(load_catalog(settings.providers), settings)


def _page(tested: Sequence[TriedRule], verbose: bool, out: TextIO, view: View) -> None:
    from llmlint.reporters.terminal import Terminal

    terminal = Terminal(out, view)
    for each in tested:
        _rule(terminal, each, verbose)
    terminal.line()
    _summary(terminal, tested)


def _rule(terminal: Terminal, tested: TriedRule, verbose: bool) -> None:
    word, style = ("FAIL", "bold red") if tested.failed else ("ok", "green")
    number = len(tested.examples)
    counted = f"  {number} example{'s' * (number != 1)}"
    terminal.line(terminal.text(f"{word:<5}", style), tested.rule.rule, terminal.text(counted, "dim"))
    for example in tested.examples if verbose else tested.failed:
        _example(terminal, example)
    for warning in tested.warnings:
        place = f"{warning.path}:{warning.line}:{warning.column}: "
        words = terminal.prose(f"warning: {warning.message}; {warning.hint}.", "yellow")
        terminal.wrapped(words, "        ", f"      {place}")


def _example(terminal: Terminal, tested: TriedExample) -> None:
    example, place = tested.result.example, tested.place
    word = "as expected" if not tested.result.problems else "not as expected"
    terminal.line(
        f"      {place.path}:{place.line}:{place.column}: {example.verdict} example `{example.name}` is {word}"
    )
    for problem in tested.result.problems:
        terminal.wrapped(terminal.prose(problem), "          ", "        ")


def _summary(terminal: Terminal, tested: Sequence[TriedRule]) -> None:
    from llmlint.reporters.wording import count

    examples = sum(len(each.examples) for each in tested)
    failed = sum(len(each.failed) for each in tested)
    warnings = sum(len(each.warnings) for each in tested)
    said = f"{count(len(tested), 'rule')}, {count(examples, 'example')}: "
    said += f"{failed:,} not as expected" if failed else "all as expected"
    said += f", {count(warnings, 'warning')}" if warnings else ""
    terminal.line(terminal.text(f"{said}.", "bold red" if failed else ""))
