"""`llmlint audit`: every call with what it sends, and the findings."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from llmlint.cli.caching import add_cache_options
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import add_paths, add_report_options, add_rule_options
from llmlint.errors import LlmlintError
from llmlint.reporters.formats import AUDIT_FORMATS, reporter

if TYPE_CHECKING:
    from llmlint.knowledge import Knowledge
    from llmlint.reporters.report import Report
    from llmlint.usage import Usage

_EPILOG = """\
examples:
  llmlint audit --format json > audit.json
  llmlint audit --format html --output audit.html
  llmlint audit --format csv --output calls.csv services/
  llmlint audit --usage traces.json     with what the calls really cost

The exit code is 0 unless --fail-on is given.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    add_paths(parser)
    add_report_options(parser, AUDIT_FORMATS, next(iter(AUDIT_FORMATS)))
    _add_usage(parser)
    add_rule_options(parser)
    add_cache_options(parser)


def _add_usage(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("cost")
    group.add_argument(
        "--usage",
        type=Path,
        metavar="FILE",
        help="real usage to join to the calls: OpenTelemetry spans as OTLP JSON, or a CSV table",
    )
    group.add_argument(
        "--usage-days", type=_days, metavar="DAYS", help="how long the usage took, where the file doesn't say it"
    )
    group.add_argument(
        "--refresh-prices",
        action="store_true",
        help="first fetch newer prices and keep them, as `llmlint prices --refresh` does; this opens the network",
    )


def _days(text: str) -> float:
    """A time in days; what argparse calls to check it."""
    try:
        days = float(text)
    except ValueError:
        days = 0
    if not 0 < days < 100_000:
        raise argparse.ArgumentTypeError(f"`{text}` is no number of days")
    return days


def run(arguments: argparse.Namespace) -> ExitCode:
    """Reports; findings don't make it fail unless that is asked for."""
    from llmlint.cli.output import write, write_statistics
    from llmlint.cli.running import exit_code, run_on

    usage = _usage(arguments)
    if arguments.refresh_prices:
        from llmlint.cli.messages import tell
        from llmlint.cli.prices import refresh

        refresh(tell)
    outcome, knowledge = run_on(arguments, arguments.paths)
    report = outcome.report if usage is None else _measured(outcome.report, usage, knowledge, arguments.usage_days)
    write(partial(reporter(AUDIT_FORMATS[arguments.format]), report), arguments.output)
    if arguments.statistics:
        write_statistics(outcome.statistics, outcome.seconds)
    if not arguments.fail_on:
        return ExitCode.CLEAN
    settings = knowledge.settings
    return exit_code(outcome.report, settings.fail_on, undecided=settings.fail_on_undecided)


def _usage(arguments: argparse.Namespace) -> Usage | None:
    """What the usage file says, read before the long work: a mistake in it is told at once."""
    if arguments.usage is None:
        if arguments.usage_days is not None:
            raise LlmlintError("--usage-days needs --usage FILE.\nName the file with the usage.")
        return None
    from llmlint.usage import read_usage

    return read_usage(arguments.usage)


def _measured(report: Report, usage: Usage, knowledge: Knowledge, days: float | None) -> Report:
    from msgspec.structs import replace

    from llmlint.usage import with_usage

    return replace(report, costs=with_usage(report.costs, report.call_sites, usage, knowledge.pricing, days))
