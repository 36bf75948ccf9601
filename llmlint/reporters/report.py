"""What every reporter gets: the result of a run (`Report`) and how it should look (`View`)."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Mapping, Set
from pathlib import Path, PurePosixPath
from typing import Protocol, TextIO

import msgspec

from llmlint import __version__
from llmlint.cost.records import CostReport
from llmlint.facts.call_site import CallSite, Location
from llmlint.findings import Finding, RuleInfo, Severity, Status, Undecided

PIPE_WIDTH = 80
NARROWEST = 40
_CODE = re.compile("`[^`]*`")


class SkippedFile(msgspec.Struct, frozen=True, order=True):
    """A file that llmlint could not read: `kind` as in `SourceProblem`, `message` for people."""

    location: Location
    kind: str
    message: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one run over a project. Every sequence is already sorted and limited to what is reported.

    `root` is the project's root, from which source lines are shown. `files` counts the Python files and
    notebooks looked at, `candidates` those that could hold a call. `elapsed` is in seconds, or None. `ends` has the
    announced last day (ISO) of the models that the calls name, by id.
    """

    root: Path
    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    call_sites: tuple[CallSite, ...] = ()
    costs: CostReport = CostReport()
    ends: Mapping[str, str] = {}
    files: int = 0
    candidates: int = 0
    skipped: tuple[SkippedFile, ...] = ()
    rules: tuple[RuleInfo, ...] = ()
    elapsed: float | None = None
    version: str = __version__

    def with_status(self, status: Status) -> tuple[Finding, ...]:
        """The findings of that status, in their order."""
        return tuple(finding for finding in self.findings if finding.status is status)

    def undecided_reasons(self) -> Mapping[str, int]:
        """Why verdicts stayed undecided, without the names in it, and how many verdicts each reason has, most first."""
        counted = Counter(reason for verdict in self.undecided for reason in {*map(_general, verdict.reasons)})
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def severities(self) -> Mapping[Severity, int]:
        """How many active findings there are of each severity, worst first; every severity has a number."""
        counted = Counter(finding.severity for finding in self.with_status(Status.ACTIVE))
        return {severity: counted[severity] for severity in reversed(Severity)}


class View(msgspec.Struct, frozen=True):
    """How a report should look. `show` may hold "undecided", "suppressed" and "baselined".

    `environment` is what the process was given; only formats that speak to a CI service look into it.
    """

    width: int = PIPE_WIDTH
    color: bool = False
    show: frozenset[str] = frozenset()
    environment: Mapping[str, str] = {}

    def repository_path(self, root: Path, path: str) -> str:
        """`path` as the CI service knows it: relative to its checkout, when the project lies inside that."""
        workspace = self.environment.get("GITHUB_WORKSPACE") or self.environment.get("CI_PROJECT_DIR", "")
        if not workspace:
            return path
        try:
            prefix = root.resolve().relative_to(Path(workspace).resolve())
        except (ValueError, OSError):
            return path
        return str(PurePosixPath(prefix.as_posix()) / path)


def _general(reason: str) -> str:
    """A reason without the fact before it and the code within it, so that equal ones can be counted."""
    return _CODE.sub("`…`", reason.partition(": ")[2] or reason)


class Render(Protocol):
    """What each format's module offers as `render`: writes the whole report, ending with a newline."""

    def __call__(self, report: Report, out: TextIO, view: View, /) -> None: ...


def view_for(out: TextIO, environment: Mapping[str, str], show: Set[str] = frozenset()) -> View:
    """The view that suits a stream: on a terminal its width and, without NO_COLOR, colour; else neither."""
    terminal = out.isatty()
    color = terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    width = shutil.get_terminal_size().columns if terminal else PIPE_WIDTH
    return View(max(NARROWEST, width), color, frozenset(show), dict(environment))
