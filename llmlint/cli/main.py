"""Picks the subcommand and runs it; the only place where errors become messages and exit codes."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import TracebackType
from typing import Protocol, cast

from llmlint import __version__
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.messages import complain, tell, writing_to_stdout
from llmlint.cli.parser import Parser
from llmlint.errors import LlmlintError

COMMANDS = {
    "check": "report findings in files and folders",
    "audit": "list every call with what it sends, and the findings",
    "diff": "compare two revisions: calls added, removed and changed, findings new and fixed",
    "facts": "show what is known about the calls of a file, and how it is known",
    "rules": "list all rules",
    "explain": "show the page of a rule",
    "prices": "show where prices come from, or fetch newer ones",
    "cache": "show or delete what is kept for the next run",
    "test": "run the examples in rule files",
    "init": "write first settings after a look at the project",
    "baseline": "write down old findings, so that only new ones are reported",
    "schema": "print the JSON schema of rules, providers, settings or reports",
}
"""Each is a module of this package with `configure(parser)` and `run(arguments)`."""

_EPILOG = """\
examples:
  llmlint check                       everything in this project
  llmlint check src/app.py            one file, linked with all of the project
  llmlint facts src/app.py:42         what is known about the call at line 42
  llmlint diff --merge-base main      what this branch does to them
  llmlint explain missing-output-cap  why a rule exists, and how to satisfy it

exit codes: 0 nothing found, 1 findings, 2 llmlint could not do its job
"""


def entry() -> None:
    """What the installed program runs."""
    sys.excepthook = _crashed
    gc.set_threshold(50_000, 20, 100)  # trees and facts are many small objects that live long: a tenth of a cold run
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Runs one command line; the exit code comes out."""
    try:
        code = _run(arguments)
    except LlmlintError as error:
        complain(error)
        code = ExitCode.FAILED
    except KeyboardInterrupt:
        tell("llmlint: interrupted")
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        code = ExitCode.PIPE_CLOSED
    return code


def _run(arguments: Sequence[str]) -> ExitCode:
    parser = _parser(arguments)
    with writing_to_stdout():  # help and version
        parser.refuse_unknown(arguments[0] if arguments else "--help")
        parsed = parser.parse_args(arguments or ["--help"])
    from llmlint.cli.replay import replayed

    return replayed(parsed, _command(parsed.command).run)


def _parser(arguments: Sequence[str]) -> Parser:
    """All commands by name, but only the asked one with its arguments: the others are not even imported."""
    parser = Parser(
        prog="llmlint",
        description="Finds calls to language models in Python code, works out what they send, and checks it.",
        epilog=_EPILOG,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"llmlint {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[:1].upper()}{summary[1:]}.",
            formatter_class=_Help,
        )
        if name in arguments:
            _command(name).configure(command)
    return parser


class _Help(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal. Left to find out itself, it imports modules for archives with every parser."""

    def __init__(self, prog: str) -> None:
        wanted = os.environ.get("COLUMNS", "")
        try:
            columns = int(wanted) if wanted.isdecimal() else os.get_terminal_size().columns
        except OSError:  # stdout is no terminal
            columns = 80
        super().__init__(prog, width=max(columns, 40) - 2)


class _Command(Protocol):
    """What the module of a command has."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declares its arguments."""

    def run(self, arguments: argparse.Namespace) -> ExitCode:
        """Does its job."""


def _command(name: str) -> _Command:
    return cast("_Command", import_module(f"llmlint.cli.{name}"))


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Python itself would leave with 1, which means findings."""
    sys.__excepthook__(kind, error, trace)
    tell("llmlint: this is a mistake in llmlint itself; please report it with the lines above")
    sys.exit(ExitCode.FAILED)
