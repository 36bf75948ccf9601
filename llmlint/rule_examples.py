"""Rules come in, the verdict on each of their examples goes out: does the rule say what is marked in the code?

The code of an example is a project of its own, kept in memory, and goes through the same stages as any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from llmlint.catalog.catalog import Catalog
from llmlint.catalog.loading import load_catalog
from llmlint.cost import Pricing, priced
from llmlint.discovery import changed_names, mentions
from llmlint.facts.call_site import CallSite, Location
from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.frontend import lower
from llmlint.linking import link
from llmlint.policy import RulePolicy, evaluate
from llmlint.policy.examples import Mark, marks
from llmlint.policy.rules import Example, Rule

SOURCES = (".py", ".ipynb")


@dataclass(frozen=True)
class ExampleResult:
    """`problems` say what was marked and not said, or said and not marked; none if the example is right."""

    rule: str
    example: Example
    problems: tuple[str, ...]


class ExampleProject:
    """The files of an example as linking asks for them."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._lowered: dict[str, ModuleFacts | SourceProblem] = {}

    @cached_property
    def paths(self) -> Sequence[str]:
        """The Python files and notebooks, sorted."""
        return sorted(path for path in self._files if path.endswith(SOURCES))

    @property
    def candidates(self) -> Sequence[str]:
        """The same: an example is small."""
        return self.paths

    def facts(self, path: str) -> ModuleFacts | None:
        """The facts of a file; None when it can't be lowered."""
        lowered = self._lower(path)
        return lowered if isinstance(lowered, ModuleFacts) else None

    def problems(self) -> list[str]:
        """Why files can't be lowered."""
        found = ((path, self._lower(path)) for path in self.paths)
        return [f"{path}:{each.line}: {each.message}" for path, each in found if isinstance(each, SourceProblem)]

    def containing(self, identifier: str) -> Sequence[str]:
        """The files that mention the identifier as a whole word."""
        return [path for path in self.paths if mentions(self._files[path].encode(), identifier)]

    def source(self, path: str) -> bytes | None:
        """The bytes of a file."""
        return self._files[path].encode() if path in self._files else None

    def changing(self, name: str) -> Sequence[str]:
        """The files that seem to assign to an attribute of that name, or to change what it holds."""
        return [path for path in self.paths if name in changed_names(self._files[path].encode())]

    def text(self, path: str) -> str | None:
        """The text of a file that is no code, such as a prompt."""
        return self._files.get(path)

    def _lower(self, path: str) -> ModuleFacts | SourceProblem:
        if path not in self._lowered:
            self._lowered[path] = lower(self._files[path].encode(), notebook=path.endswith(".ipynb"))
        return self._lowered[path]


def run_examples(rules: Sequence[Rule], catalog: Catalog | None = None) -> list[ExampleResult]:
    """The verdict on every example of the rules, with the given catalogue or the one of llmlint."""
    used = catalog or load_catalog()
    return [run_example(rule, example, used) for rule in rules for example in rule.examples]


def run_example(rule: Rule, example: Example, catalog: Catalog) -> ExampleResult:
    """The verdict on one example: every mark must be met by the rule, and nothing else be said.

    It is judged as of the day of the model facts, so that it stays right when days pass.
    """
    return run_linked(rule, linked_example(example, catalog))


@dataclass(frozen=True)
class LinkedExample:
    """An example with its call sites, to be judged by several rules. `problems` say what can't be read.

    `mended` are the call sites of the code after it is fixed.
    """

    example: Example
    problems: tuple[str, ...]
    call_sites: tuple[CallSite, ...]
    mended: tuple[CallSite, ...]


def linked_example(example: Example, catalog: Catalog) -> LinkedExample:
    """The call sites of an example, before and after it is fixed."""
    problems, call_sites = _linked(example.files, catalog)
    faults, mended = _linked(example.fixed, catalog)
    return LinkedExample(example, (*problems, *(f"fixed: {fault}" for fault in faults)), call_sites, mended)


def run_linked(rule: Rule, linked: LinkedExample) -> ExampleResult:
    """The verdict on one example whose call sites are known."""
    example, problems = linked.example, list(linked.problems)
    if not problems:
        said = _said(rule, example, linked.call_sites)
        problems.extend(_misses(example, said, bool(linked.call_sites)))
        problems.extend(_surprises(marks(example), said))
        problems.extend(f"fixed: {each}" for each in _surprises((), _said(rule, example, linked.mended)))
    return ExampleResult(rule.rule, example, tuple(problems))


def _linked(files: Mapping[str, str], catalog: Catalog) -> tuple[list[str], tuple[CallSite, ...]]:
    project = ExampleProject(files)
    problems = project.problems()
    if problems or not files:
        return problems, ()
    linked = link(project, catalog, today=catalog.data.models.as_of)
    return [], priced(linked.call_sites, Pricing(catalog)).call_sites


def _said(rule: Rule, example: Example, call_sites: Sequence[CallSite]) -> dict[Mark, str]:
    """Where the rule speaks or is undecided, and in what words."""
    verdicts = evaluate([rule], call_sites, [RulePolicy(options=example.options)])
    findings = {_mark(each.location, "finding"): each.message for each in verdicts.findings}
    return findings | {_mark(each.location, "undecided"): "; ".join(each.reasons) for each in verdicts.undecided}


def _mark(location: Location, word: str) -> Mark:
    return Mark(location.path, location.cell, location.line, word)


def _misses(example: Example, said: Mapping[Mark, str], any_call: bool) -> Iterator[str]:
    for mark in marks(example):
        if mark not in said:
            why = "nothing is said there" if any_call else "no call site is found in the example"
            yield f"{_place(mark)}: marked as {mark.word}, but {why}"


def _surprises(expected: Collection[Mark], said: Mapping[Mark, str]) -> Iterator[str]:
    for mark, words in said.items():
        if mark not in expected:
            yield f"{_place(mark)}: {mark.word} that is not marked: {words}"


def _place(mark: Mark) -> str:
    return f"{mark.path}:{mark.line}" if mark.cell is None else f"{mark.path}:cell {mark.cell}:{mark.line}"
