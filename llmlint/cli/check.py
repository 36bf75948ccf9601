"""`llmlint check`: findings of files and folders."""

from __future__ import annotations

import argparse
import os
from functools import partial

from llmlint.cli.caching import add_cache_options
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import SHOWABLE, add_paths, add_report_options, add_rule_options, showable
from llmlint.errors import LlmlintError
from llmlint.reporters.formats import FORMATS, reporter

_EPILOG = """\
examples:
  llmlint check                            everything in this project
  llmlint check src tests/test_api.py      report on these; the whole project is linked
  llmlint check --select missing-output-cap --fail-on error
  llmlint check --format sarif --output llmlint.sarif
  llmlint check --show undecided           also where a rule can't tell, and why
  llmlint check --diff --unsafe-fixes      what fixes would change; exit code 1 if anything
  llmlint check --fix                      apply safe fixes, then report what is left
  llmlint check --watch                    again whenever a file is saved
  llmlint check --add-ignores --reason "before our policy" --until 2027-01-31

A comment silences a rule where it stands: # llmlint: ignore[rule-name] reason
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    add_paths(parser)
    report = add_report_options(parser, FORMATS, "text")
    report.add_argument(
        "--show", action="extend", type=showable, default=[], metavar="WHAT", help=f"also {', '.join(SHOWABLE)}"
    )
    report.add_argument(
        "--watch", action="store_true", help="report again whenever a file of the project is saved, until Ctrl-C"
    )
    fixing = parser.add_argument_group("fixes")
    fixing.add_argument("--fix", action="store_true", help="apply safe fixes to the files, then report what is left")
    fixing.add_argument(
        "--unsafe-fixes", action="store_true", help="with --fix or --diff, fixes too that may change what code does"
    )
    fixing.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    adopting = parser.add_argument_group("adopting old code")
    adopting.add_argument(
        "--add-ignores", action="store_true", help="write a comment beside every finding that silences it, then report"
    )
    adopting.add_argument("--reason", metavar="TEXT", default="", help="what the comments say")
    adopting.add_argument("--until", metavar="DAY", default="", help="last day on which they hold, e.g. 2027-01-31")
    add_rule_options(parser)
    add_cache_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Reports, and says by the exit code whether there is something to mend."""
    from llmlint.cli.fixing import check_options

    check_options(arguments)
    if arguments.watch:
        from llmlint.cli.watching import watch

        return watch(arguments, _once)
    return _once(arguments)


def _once(arguments: argparse.Namespace) -> ExitCode:
    from llmlint.cli.baseline import shrink
    from llmlint.cli.fixing import apply, mended, show
    from llmlint.cli.output import write, write_statistics
    from llmlint.cli.running import exit_code, looks_at_everything, run_on
    from llmlint.mending import offered

    outcome, knowledge = run_on(arguments, arguments.paths)
    if arguments.fix or arguments.diff:
        result = mended(arguments, outcome, knowledge)
        if arguments.diff:
            return show(result, arguments)
        outcome = apply(result)
    if arguments.add_ignores:
        from llmlint.cli.ignoring import add_ignores, comment_reason
        from llmlint.cli.targets import locate

        reason = comment_reason(arguments, knowledge)
        if add_ignores(outcome.report, locate(arguments.paths).scope, reason, knowledge):
            outcome, knowledge = run_on(arguments, arguments.paths)
    elif arguments.reason or arguments.until:
        raise LlmlintError("--reason and --until are for --add-ignores.\nAdd it, or leave them out.")
    outcome = offered(outcome)
    render = reporter(FORMATS[arguments.format])
    write(partial(render, outcome.report), arguments.output, frozenset(arguments.show))
    if arguments.statistics:
        write_statistics(outcome.statistics, outcome.seconds)
    if outcome.baseline.gone and looks_at_everything(arguments, outcome.report.root):
        shrink(outcome, knowledge, may_write=not os.environ.get("CI"))
    settings = knowledge.settings
    return exit_code(outcome.report, settings.fail_on, undecided=settings.fail_on_undecided)
