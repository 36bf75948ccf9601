"""Runs the pipeline for a command: paths and options come in, an outcome with something to report goes out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from llmlint.cli.caching import jobs_of, store_of
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.messages import tell
from llmlint.cli.options import settings_of
from llmlint.cli.progress import progress
from llmlint.cli.targets import Target, locate
from llmlint.errors import LlmlintError
from llmlint.findings import Severity, Status
from llmlint.knowledge import Knowledge, load_knowledge
from llmlint.pipeline import Outcome, run
from llmlint.relink import Means
from llmlint.reporters.report import Report
from llmlint.timing import Stopwatch


def run_on(arguments: argparse.Namespace, paths: Sequence[str]) -> tuple[Outcome, Knowledge]:
    """The outcome for some paths. Raises `LlmlintError` where a folder has no Python files."""
    target = locate(paths)
    with progress() as tell, store_of(arguments, target.root) as store:
        watch = Stopwatch(tell)
        with watch.stage("rules", "reading rules"):
            knowledge = load_knowledge(settings_of(arguments, target.root), date.today().isoformat(), store)
        outcome = run(target.root, target.scope, knowledge, watch, Means(store, jobs_of(arguments)))
    if (recording := getattr(arguments, "recording", None)) is not None:
        recording.saw(outcome, knowledge.settings)
    if not outcome.report.files:
        _nothing_to_look_at(target, paths)
    return outcome, knowledge


def exit_code(report: Report, fail_on: Severity | None, *, undecided: bool = False) -> ExitCode:
    """Whether anything that is not silenced is as severe as that; `undecided` verdicts count where that is asked."""
    if undecided and report.undecided:
        return ExitCode.FINDINGS
    if fail_on is None:
        return ExitCode.CLEAN
    severe = any(each.severity.rank >= fail_on.rank for each in report.with_status(Status.ACTIVE))
    return ExitCode.FINDINGS if severe else ExitCode.CLEAN


def looks_at_everything(arguments: argparse.Namespace, root: Path) -> bool:
    """Whether a run is about all files and all that the project's own settings ask for."""
    return any(Path(path).resolve() == root for path in arguments.paths) and not narrowed(arguments)


def narrowed(arguments: argparse.Namespace) -> bool:
    """Whether the command line changes what the project's own settings ask for."""
    asked = (arguments.select, arguments.ignore, arguments.exclude, arguments.rules, arguments.config)
    return any(asked) or bool(arguments.no_config)


def _nothing_to_look_at(target: Target, paths: Sequence[str]) -> None:
    """Files that were named and are excluded are no mistake: a hook hands over whatever was changed."""
    if all(Path(path).is_file() for path in paths):
        tell("llmlint: all named files are excluded by the settings")
        return
    named = ", ".join("this folder" if path == "." else path for path in paths)
    raise LlmlintError(
        f"no Python files or notebooks in {named}.\n"
        f"What .gitignore and `exclude` leave out is not looked at. The project is {target.root}."
    )
