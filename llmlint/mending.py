"""Findings come in; the fixes that can be made for them go out, and the files as they would be with them applied.

Nothing is written here. Files are changed in memory, the project is judged again, and a fix is kept only if its finding
is gone then and no other has come.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replace_field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from msgspec.structs import replace

from llmlint.discovery import Discovery, Folder, discover
from llmlint.discovery.overlay import Overlay, overlaid
from llmlint.edits import Edit, Safety
from llmlint.facts.call_site import Location
from llmlint.findings import Finding, Status
from llmlint.fixes.making import Surroundings, fix_of
from llmlint.fixes.source import Change, Source, changed, overlap
from llmlint.fixes.versions import FILES, pinned
from llmlint.knowledge import Knowledge
from llmlint.linking.program.project import Project
from llmlint.pipeline import Earlier, Outcome, judge, project_of
from llmlint.relink import KeptFacts, Means
from llmlint.timing import Stopwatch

MOST_PASSES = 10
"""Rounds of fixing: what overlaps waits for the next one."""
MOST_TRIALS = 3
"""Times that a round is tried with fewer fixes, when some turn out not to do what they should."""


# --- what can be done about findings ------------------------------------------------------------------------


def offered(outcome: Outcome) -> Outcome:
    """The same outcome, its active findings with the fixes that can be made for them."""
    findings = with_fixes(outcome.report.findings, outcome.project)
    return replace_field(outcome, report=replace(outcome.report, findings=findings))


def with_fixes(findings: Sequence[Finding], project: Project) -> tuple[Finding, ...]:
    """The findings with the fixes that can be made for those that are active."""
    if not any(finding.wanted for finding in findings):
        return tuple(findings)
    read = cache(lambda path: _source(project, path))
    return tuple(_with_fix(finding, project, read) for finding in findings)


def _with_fix(finding: Finding, project: Project, read: Callable[[str], Source | None]) -> Finding:
    if not finding.wanted or finding.status is not Status.ACTIVE:
        return finding
    path = finding.location.path
    return replace(finding, fix=fix_of(finding, read(path), _surroundings(project, read, path)))


def applied(findings: Iterable[Finding], project: Project) -> dict[str, str]:
    """The texts of the files that the fixes of these findings change; what gets into the way of another is left out."""
    taken = _Taken(project)
    changes = _changes([finding for finding in findings if taken.takes(finding)], project)
    sources = ((path, _source(project, path), ones) for path, ones in changes.items())
    return {path: changed(source.text, ones) for path, source, ones in sources if source is not None}


_DEFINED = re.compile(r"^(?:class\s+)?([A-Za-z_]\w*)(?=\s*[=(:])", re.MULTILINE)


class _Taken:
    """What the fixes that were chosen so far change, and the names that they define."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._changes: dict[str, list[Change]] = defaultdict(list)
        self._names: dict[str, set[str]] = defaultdict(set)

    def takes(self, finding: Finding) -> bool:
        """Chooses the fix of a finding, unless it gets into the way of another."""
        new = _changes([finding], self._project)
        names = {path: {name for one in ones for name in _defined(one)} for path, ones in new.items()}
        if any(overlap(one, other) for path, ones in new.items() for one in ones for other in self._changes[path]):
            return False
        if any(defined & self._names[path] for path, defined in names.items()):
            return False
        for path, ones in new.items():
            self._changes[path] += ones
            self._names[path] |= names[path]
        return True


def _defined(change: Change) -> Iterable[str]:
    """The names of statements that are put in; two fixes may have thought of the same."""
    return _DEFINED.findall(change.text) if change.start == change.end and "\n" in change.text else ()


def _source(project: Project, path: str) -> Source | None:
    data = None if path.endswith(".ipynb") else project.source(path)
    return None if data is None else Source.of(path, data)


def _surroundings(project: Project, read: Callable[[str], Source | None], path: str) -> Surroundings:
    folders = [str(folder) for folder in PurePosixPath(path).parents]

    def version(distribution: str) -> tuple[int, ...] | None:
        names = (f"{folder}/{name}" if folder != "." else name for folder in folders for name in FILES)
        return pinned((text for name in names if (text := project.text(name)) is not None), distribution)

    return read, lambda word: bool(project.containing(word)), version


# --- doing it -----------------------------------------------------------------------------------------------


class Left(NamedTuple):
    """A finding that has a fix which was not applied, and why, as the end of "... left alone: "."""

    finding: Finding
    why: str


@dataclass
class Mended:
    """`files` are the changed ones with their bytes before and after; `outcome` is that of the project with them."""

    outcome: Outcome
    files: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    unsafe: int = 0
    """Findings whose fix was not applied for no other reason than that it is unsafe."""


@dataclass(frozen=True)
class Tools:
    """What projects are judged with. `scope` as in `pipeline.run`: only files in it are changed."""

    root: Path
    scope: Sequence[str]
    knowledge: Knowledge
    watch: Stopwatch
    means: Means


def mend(outcome: Outcome, tools: Tools, *, unsafe: bool) -> Mended:
    """Applies the fixes of an outcome, and those that its changes bring about, until there are none left."""
    mended = Mended(offered(outcome))
    found = discover(tools.root, exclude=tools.knowledge.settings.exclude, named=[p for p in tools.scope if p != "."])
    failed: set[tuple[str, ...]] = set()
    for _ in range(MOST_PASSES):
        chosen = _chosen(mended.outcome, tools.scope, failed, unsafe)
        if not chosen:
            break
        _round(mended, chosen, failed, _Trials(tools, found, mended))
    _say_what_is_left(mended, tools.scope, failed, unsafe)
    return mended


def _chosen(outcome: Outcome, scope: Sequence[str], failed: set[tuple[str, ...]], unsafe: bool) -> list[Finding]:
    """The findings whose fixes don't get into each other's way."""
    chosen: list[Finding] = []
    taken = _Taken(outcome.project)
    for finding in outcome.report.findings:
        if _why_not(finding, scope, unsafe) or _key(finding) in failed:
            continue
        if taken.takes(finding):
            chosen.append(finding)
    return chosen


def _why_not(finding: Finding, scope: Sequence[str], unsafe: bool) -> str:
    """Why a fix isn't applied; "" if it may be, and a blank if there is nothing to say about it."""
    fix = finding.fix
    if finding.status is not Status.ACTIVE or fix is None or not fix.edits:
        return " "
    if not all(_named(edit.location.path, scope) for edit in fix.edits):
        return "it would change a file that was not named"
    return "its fix is unsafe" if fix.safety is Safety.UNSAFE and not unsafe else ""


def _named(path: str, scope: Sequence[str]) -> bool:
    return any(named in (".", path) or path.startswith(f"{named}/") for named in scope)


def _key(finding: Finding) -> tuple[str, ...]:
    """Tells findings apart from round to round, though their lines move."""
    texts = (edit.text for edit in finding.fix.edits) if finding.fix else ()
    return (finding.rule, finding.location.path, finding.function, *texts)


class _Trials:
    """Judges the project with some fixes applied."""

    def __init__(self, tools: Tools, found: Discovery, mended: Mended) -> None:
        self._tools = tools
        self._found = found
        self._before = mended.outcome
        self._files = {path: after for path, (_, after) in mended.files.items()}

    def data(self, path: str) -> bytes:
        """A file before the fixes of this round."""
        return self._before.project.source(path) or b""

    def run(self, findings: Sequence[Finding]) -> tuple[dict[str, bytes], Outcome]:
        """The files that these fixes change, and what the project with them comes to."""
        new: dict[str, bytes] = {}
        for path, changes in _changes(findings, self._before.project).items():
            source = Source.of(path, self.data(path))
            if source is not None:
                new[path] = changed(source.text, changes).encode(source.encoding)
        files = {**self._files, **new}
        tools = self._tools
        earlier = Earlier(KeptFacts(tools.means.store).lower, self._before.project.snapshot())
        contents = Overlay(Folder(tools.root), files)
        project = project_of(contents, overlaid(self._found, files), tools.knowledge, tools.watch, earlier)
        return new, offered(judge(project, tools.scope, tools.knowledge, tools.watch, tools.means))


def _round(mended: Mended, chosen: list[Finding], failed: set[tuple[str, ...]], trials: _Trials) -> None:
    """Applies as many of the fixes as do what they should."""
    before = mended.outcome
    for trial in range(MOST_TRIALS):
        new, after = trials.run(chosen)
        unwell = _unwell(before, after, chosen)
        if not unwell:
            for path, data in new.items():
                original = mended.files[path][0] if path in mended.files else trials.data(path)
                mended.files[path] = (original, data)
            mended.fixed += chosen
            mended.outcome = after
            return
        failed.update(map(_key, unwell))
        chosen = [each for each in chosen if each not in unwell]
        if not chosen or trial == MOST_TRIALS - 1:
            failed.update(map(_key, chosen))
            return


def _unwell(before: Outcome, after: Outcome, chosen: Sequence[Finding]) -> list[Finding]:
    """The findings that are still there after their fix, and those in whose file another one has appeared."""
    changes = _changes(chosen, before.project)
    moved = _Moved(changes, before, after)
    active = {(each.rule, each.location.path, _start(each)) for each in after.report.with_status(Status.ACTIVE)}
    known = {(each.rule, each.location.path, moved.start(each.location)) for each in before.report.findings}
    fresh = {path for rule, path, start in active - known}
    unwell = []
    for finding in chosen:
        place = (finding.rule, finding.location.path, moved.start(finding.location))
        touched = {edit.location.path for edit in (finding.fix.edits if finding.fix else ())}
        if place in active or (touched | {finding.location.path}) & fresh:
            unwell.append(finding)
    return unwell


def _start(finding: Finding) -> tuple[int, int]:
    return finding.location.line, finding.location.column


class _Moved:
    """Where places of files are after changes."""

    def __init__(self, changes: Mapping[str, list[Change]], before: Outcome, after: Outcome) -> None:
        self._changes = changes
        self._old = {path: _source(before.project, path) for path in changes}
        self._new = {path: _source(after.project, path) for path in changes}

    def start(self, location: Location) -> tuple[int, int]:
        """Line and column where a place starts now."""
        old, new = self._old.get(location.path), self._new.get(location.path)
        if old is None or new is None:
            return location.line, location.column
        offset = old.offsets(location)[0]
        grown = sum(len(one.text) - (one.end - one.start) for one in self._changes[location.path] if one.end <= offset)
        place = new.location(offset + grown, offset + grown)
        return place.line, place.column


def _changes(findings: Iterable[Finding], project: Project) -> dict[str, list[Change]]:
    """What the fixes of findings change, by file."""
    by_path: dict[str, list[Edit]] = defaultdict(list)
    for finding in findings:
        for edit in finding.fix.edits if finding.fix else ():
            by_path[edit.location.path].append(edit)
    found: dict[str, list[Change]] = {}
    for path, edits in by_path.items():
        source = _source(project, path)
        if source is not None:
            found[path] = [Change(*source.offsets(edit.location), edit.text) for edit in edits]
    return found


def _say_what_is_left(mended: Mended, scope: Sequence[str], failed: set[tuple[str, ...]], unsafe: bool) -> None:
    for finding in mended.outcome.report.findings:
        why = _why_not(finding, scope, unsafe)
        if not why and _key(finding) in failed:
            why = "its fix would not make the finding go away"
        elif not why:
            why = "its fix gets into the way of others; run llmlint again"
        if why == "its fix is unsafe":
            mended.unsafe += 1
        elif why.strip():
            mended.left.append(Left(finding, why))
