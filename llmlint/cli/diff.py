"""`llmlint diff`: what a change does to the calls of a project."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from llmlint.cli.caching import add_cache_options, store_of
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.messages import tell
from llmlint.cli.options import add_report_options, add_rule_options
from llmlint.reporters.formats import DIFF_FORMATS, diff_reporter

if TYPE_CHECKING:
    from llmlint.findings import Severity
    from llmlint.reporters.diff_report import DiffReport

_EPILOG = """\
examples:
  llmlint diff HEAD                        what is not committed yet
  llmlint diff --merge-base main           what this branch does
  llmlint diff v1.4 v1.5 --format json
  llmlint diff HEAD^ --fail-on-new         exit code 1 if there is a new warning
  llmlint diff --merge-base main --max-increase 10%
  llmlint diff --merge-base main --format markdown > comment.md

Run it in the folder that you want to know about. Both revisions are read from git's objects; nothing is checked
out. Rules, settings and prices are today's on both sides. What git ignores (such as .env) is left aside.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("base", metavar="BASE", help="the revision before: a branch, a tag or a commit")
    parser.add_argument("head", metavar="HEAD", nargs="?", help="the revision after (default: the working tree)")
    parser.add_argument("--merge-base", action="store_true", help="compare with what BASE and HEAD have in common")
    report = add_report_options(parser, DIFF_FORMATS, "text")
    report.add_argument(
        "--max-increase",
        type=_limit,
        metavar="AMOUNT",
        help="exit code 1 if the calls get dearer than that: dollars per 1,000 calls of each (0.5), or per cent (10%%)",
    )
    report.add_argument(
        "--fail-on-new", action="store_true", help="exit code 1 for new findings; --fail-on says from which severity on"
    )
    add_rule_options(parser)
    add_cache_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Reports what differs; it fails only on what it is asked to fail on."""
    from datetime import date

    from llmlint.cli.options import settings_of
    from llmlint.cli.output import write, write_statistics
    from llmlint.cli.progress import progress
    from llmlint.cli.targets import locate
    from llmlint.difference import Revisions, Tools, difference
    from llmlint.knowledge import load_knowledge
    from llmlint.timing import Stopwatch

    target = locate(["."])
    revisions = Revisions(arguments.base, arguments.head, arguments.merge_base)
    with progress() as show, store_of(arguments, target.root) as store:
        watch = Stopwatch(show)
        with watch.stage("rules", "reading rules"):
            knowledge = load_knowledge(settings_of(arguments, target.root), date.today().isoformat(), store)
        report = difference(target.root, target.scope, revisions, Tools(knowledge, watch, store))
    write(partial(diff_reporter(DIFF_FORMATS[arguments.format]), report), arguments.output)
    if arguments.statistics:
        write_statistics({"files before": report.before.files, "files after": report.after.files}, watch.seconds)
    asked = arguments.fail_on_new or arguments.fail_on
    failed = _fails(report, knowledge.settings.fail_on) if asked else False
    failed |= _too_dear(report, arguments.max_increase)
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN


def _fails(report: DiffReport, fail_on: Severity | None) -> bool:
    return fail_on is not None and report.comparison.new_from(fail_on) > 0


def _too_dear(report: DiffReport, limit: Limit | None) -> bool:
    """Says so on stderr, for the report doesn't know the limit."""
    cost = report.comparison.cost
    if limit is None or not limit.exceeded(cost.increase, cost.percent):
        return False
    tell(f"llmlint: the calls get dearer than --max-increase {limit.text} allows")
    return True


class Limit(NamedTuple):
    """How much dearer calls may get, in dollars or per cent, and how that was written."""

    amount: float
    percent: bool
    text: str

    def exceeded(self, increase: float, percent: float | None) -> bool:
        """Where it cost nothing before, any increase is more than any share of it."""
        if not self.percent:
            return increase > self.amount
        return increase > 0 if percent is None else percent > self.amount


def _limit(text: str) -> Limit:
    number = text.strip().removeprefix("$")
    try:
        amount = float(number.removesuffix("%"))
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise argparse.ArgumentTypeError(f"`{text}` is no amount (write dollars, as 0.5, or per cent, as 10%)")
    return Limit(amount, number.endswith("%"), text)
