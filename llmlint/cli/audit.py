"""`llmlint audit`: every call with what it sends, and the findings."""

from __future__ import annotations

import argparse
from functools import partial

from llmlint.cli.caching import add_cache_options
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import add_paths, add_report_options, add_rule_options
from llmlint.reporters.formats import AUDIT_FORMATS, reporter

_EPILOG = """\
examples:
  llmlint audit --format json > audit.json
  llmlint audit --format csv --output calls.csv services/

The exit code is 0 unless --fail-on is given.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    add_paths(parser)
    add_report_options(parser, AUDIT_FORMATS, next(iter(AUDIT_FORMATS)))
    add_rule_options(parser)
    add_cache_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Reports; findings don't make it fail unless that is asked for."""
    from llmlint.cli.output import write, write_statistics
    from llmlint.cli.running import exit_code, run_on

    outcome, knowledge = run_on(arguments, arguments.paths)
    write(partial(reporter(AUDIT_FORMATS[arguments.format]), outcome.report), arguments.output)
    if arguments.statistics:
        write_statistics(outcome.statistics, outcome.seconds)
    if not arguments.fail_on:
        return ExitCode.CLEAN
    settings = knowledge.settings
    return exit_code(outcome.report, settings.fail_on, undecided=settings.fail_on_undecided)
