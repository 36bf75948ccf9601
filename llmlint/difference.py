"""Two revisions of a project come in; both are judged without touching the working tree, and a report goes out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from llmlint.cache import Store
from llmlint.comparison import Side, compare
from llmlint.discovery import Contents, Discovery, discover
from llmlint.discovery.git import Objects
from llmlint.discovery.revisions import Repository, Revision
from llmlint.discovery.trees import CheckedOut, Tree
from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.knowledge import Knowledge
from llmlint.pipeline import Earlier, judge, project_of
from llmlint.project import SourceProject
from llmlint.relink import KeptFacts, Means
from llmlint.reporters.diff_report import DiffReport
from llmlint.reporters.report import Report
from llmlint.timing import Stopwatch

WORKING_TREE = "the working tree"


@dataclass(frozen=True)
class Revisions:
    """`head` is None for the working tree. With `merge_base` the base is what both have in common."""

    base: str
    head: str | None = None
    merge_base: bool = False


@dataclass(frozen=True)
class Tools:
    """What both sides are judged with."""

    knowledge: Knowledge
    watch: Stopwatch
    store: Store


def difference(root: Path, scope: Sequence[str], revisions: Revisions, tools: Tools) -> DiffReport:
    """What differs in the files and folders of `scope`, by the same settings, rules and prices on both sides.

    Raises `LlmlintError` where a revision can't be had.
    """
    repository = Repository(root)
    base, head = _resolved(repository, revisions)
    with Objects(root) as objects:
        reader = _Reader(repository, objects, tools, _Lowering(tools.store))
        old, new = reader.project(base), reader.project(head)
        means = Means(tools.store)  # one process: git answers only one at a time
        before = judge(old, scope, tools.knowledge, tools.watch, means).report
        after = judge(new, scope, tools.knowledge, tools.watch, means).report
        with tools.watch.stage("compare", "comparing"):
            comparison = compare(_side(before, old), _side(after, new))
    return DiffReport(
        base=str(base),
        base_commit=base.commit,
        head=str(head or WORKING_TREE),
        head_commit=head.commit if head else "",
        prefix=repository.prefix,
        comparison=comparison,
        before=before,
        after=after,
    )


class _Lowering:
    """Lowers what both sides have only once."""

    def __init__(self, store: Store) -> None:
        self._lower = KeptFacts(store).lower
        self._known: dict[tuple[bytes, bool], ModuleFacts | SourceProblem] = {}

    def __call__(self, data: bytes, notebook: bool) -> ModuleFacts | SourceProblem:
        key = (hashlib.sha256(data).digest(), notebook)
        if key not in self._known:
            self._known[key] = self._lower(data, notebook)
        return self._known[key]


def _resolved(repository: Repository, revisions: Revisions) -> tuple[Revision, Revision | None]:
    base = repository.resolve(revisions.base)
    head = None if revisions.head is None else repository.resolve(revisions.head)
    if revisions.merge_base:
        base = repository.merge_base(base, head or repository.resolve("HEAD"))
    return base, head


@dataclass(frozen=True)
class _Reader:
    """What the projects of both sides are made of."""

    repository: Repository
    objects: Objects
    tools: Tools
    lowering: _Lowering

    def project(self, revision: Revision | None) -> SourceProject:
        """The project in a revision; in the working tree if that is None."""
        with self.tools.watch.stage("discover", f"looking for Python files in {revision or WORKING_TREE}"):
            contents, found = self._found(revision)
        return project_of(contents, found, self.tools.knowledge, self.tools.watch, Earlier(self.lowering))

    def _found(self, revision: Revision | None) -> tuple[Contents, Discovery]:
        exclude = self.tools.knowledge.settings.exclude
        if revision is None:
            folder = self.repository.folder
            return CheckedOut(folder), discover(folder, exclude=exclude)
        tree = Tree(self.repository, revision, self.objects)
        return tree, tree.files(exclude)


def _side(report: Report, project: SourceProject) -> Side:
    costs = {each.location: each for each in report.costs.calls}
    return Side(report.call_sites, report.findings, project.source, costs)
