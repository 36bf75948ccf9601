"""`llmlint diff`: what a change does to the calls of a project."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from llmlint.cli.exit_codes import ExitCode
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
        "--fail-on-new", action="store_true", help="exit code 1 if a new finding is at or above --fail-on"
    )
    add_rule_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Reports what differs; it fails only on what it is asked to fail on."""
    from datetime import date

    from llmlint.cli.options import settings_of
    from llmlint.cli.output import write, write_statistics
    from llmlint.cli.progress import progress
    from llmlint.cli.targets import locate
    from llmlint.difference import Revisions, difference
    from llmlint.knowledge import load_knowledge
    from llmlint.timing import Stopwatch

    target = locate(["."])
    revisions = Revisions(arguments.base, arguments.head, arguments.merge_base)
    with progress() as tell:
        watch = Stopwatch(tell)
        with watch.stage("rules", "reading rules"):
            knowledge = load_knowledge(settings_of(arguments, target.root), date.today().isoformat())
        report = difference(target.root, target.scope, revisions, knowledge, watch)
    write(partial(diff_reporter(DIFF_FORMATS[arguments.format]), report), arguments.output)
    if arguments.statistics:
        write_statistics({"files before": report.before.files, "files after": report.after.files}, watch.seconds)
    return _exit_code(report, knowledge.settings.fail_on if arguments.fail_on_new else None)


def _exit_code(report: DiffReport, fail_on: Severity | None) -> ExitCode:
    failed = fail_on is not None and report.comparison.new_from(fail_on)
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN
