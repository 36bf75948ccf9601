"""Rules come in, the verdict on each of their examples goes out: does the rule say what is marked in the code?

The code of an example is a project of its own, kept in memory, and goes through the same stages as any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from llmlint.catalog.catalog import Catalog
from llmlint.catalog.loading import load_catalog
from llmlint.cost import Pricing, priced
from llmlint.discovery import changed_names, mentions
from llmlint.facts.call_site import CallSite, Location
from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.frontend import lower
from llmlint.linking import link
from llmlint.mending import applied, with_fixes
from llmlint.policy import RulePolicy, evaluate
from llmlint.policy.examples import marks, unmarked
from llmlint.policy.rules import Example, Rule

SOURCES = (".py", ".ipynb")


@dataclass(frozen=True)
class ExampleResult:
    """`problems` say where something else was found than the example expects; none if it is right."""

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


def run_linked(rule: Rule, linked: LinkedExample, *, fix: bool = True) -> ExampleResult:
    """The verdict on one example whose call sites are known. Without `fix` nobody looks what the rule's fixes make."""
    problems = list(linked.problems)
    if not problems:
        expected = {mark[:3]: mark.word for mark in marks(linked.example)}
        problems.extend(_differences(expected, _said(rule, linked.example, linked.call_sites)))
        if expected and not linked.call_sites:
            problems.append("no call to a model is found in the example")
        mended = [f"fixed: {each}" for each in _differences({}, _said(rule, linked.example, linked.mended))]
        if fix and linked.example.fixed and rule.fixes and not mended:
            mended = list(_unlike(rule, linked))
        problems.extend(mended)
    return ExampleResult(rule.rule, linked.example, tuple(problems))


def fixed_files(rule: Rule, example: Example, call_sites: Sequence[CallSite]) -> dict[str, str]:
    """The files as the rule's own fixes leave them, without marks; empty where no fix can be made.

    Marks stand at the end of lines, so places are the same without them.
    """
    project = ExampleProject({path: unmarked(path, text) for path, text in example.files.items()})
    findings = evaluate([rule], call_sites, [RulePolicy(options=example.options)]).findings
    return applied(with_fixes(findings, project), project)


def _linked(files: Mapping[str, str], catalog: Catalog) -> tuple[list[str], tuple[CallSite, ...]]:
    project = ExampleProject(files)
    problems = project.problems()
    if problems or not files:
        return problems, ()
    linked = link(project, catalog, today=catalog.data.models.as_of)
    return [], priced(linked.call_sites, Pricing(catalog)).call_sites


def _unlike(rule: Rule, linked: LinkedExample) -> Iterator[str]:
    """Where the rule's own fixes lead elsewhere than `fixed` says."""
    for path, text in fixed_files(rule, linked.example, linked.call_sites).items():
        pairs = zip_longest(linked.example.fixed[path].splitlines(), text.splitlines())
        for number, (wanted, made) in enumerate(pairs, 1):
            if wanted != made:
                said = "nothing" if made is None else f"`{made.strip()}`"
                yield f"fixed: {path}:{number}: the rule's own fix writes {said} here"
                break


_Line = tuple[str, "int | None", int]


def _said(rule: Rule, example: Example, call_sites: Sequence[CallSite]) -> dict[_Line, tuple[str, str]]:
    """The lines where the rule speaks or is undecided: which of the two, and in what words."""
    verdicts = evaluate([rule], call_sites, [RulePolicy(options=example.options)])
    undecided = {_line(each.location): ("undecided", "; ".join(each.reasons)) for each in verdicts.undecided}
    return undecided | {_line(each.location): ("finding", each.message) for each in verdicts.findings}


def _line(location: Location) -> _Line:
    return location.path, location.cell, location.line


def _differences(expected: Mapping[_Line, str], said: Mapping[_Line, tuple[str, str]]) -> Iterator[str]:
    """What was expected and what was found, where that isn't the same, in the order of the lines."""
    for line in sorted({*expected, *said}, key=lambda each: (each[0], each[1] or 0, each[2])):
        wanted = expected.get(line, "nothing")
        found, words = said.get(line, ("nothing", ""))
        if wanted != found:
            place = Location(line[0], line[2], cell=line[1])
            yield f"{place}: expected {_NOUNS[wanted]}, found {_NOUNS[found]}" + (f": {words}" if words else "")


_NOUNS = {"finding": "a finding", "undecided": "undecided", "nothing": "nothing"}
