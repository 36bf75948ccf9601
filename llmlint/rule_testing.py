"""Rules come in; the verdicts on their examples go out, with a warning for each condition that no example needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from llmlint.catalog.catalog import Catalog
from llmlint.document import Document
from llmlint.document import Path as DocumentPath
from llmlint.errors import Problem
from llmlint.policy.loading import read_rules
from llmlint.policy.mutating import mutants
from llmlint.policy.rules import Rule
from llmlint.rule_examples import ExampleResult, LinkedExample, linked_example, run_linked

MOST_MUTANTS = 500
"""Changed rules that are tried for one rule: a condition of more parts is no longer read by people."""


@dataclass(frozen=True)
class TriedExample:
    """An example's verdict and where it stands in the rule file."""

    place: Problem
    result: ExampleResult


@dataclass(frozen=True)
class TriedRule:
    """`warnings` name conditions, and what the rule file lacks, so that its examples prove less than they seem to."""

    rule: Rule
    examples: tuple[TriedExample, ...]
    warnings: tuple[Problem, ...]

    @property
    def failed(self) -> tuple[TriedExample, ...]:
        """The examples of which the rule says something else than is marked."""
        return tuple(each for each in self.examples if each.result.problems)


def try_rules(locations: Sequence[Path], catalog: Catalog, *, mutate: bool = True) -> tuple[TriedRule, ...]:
    """The rules of files and folders by code. Without `mutate` nobody looks for conditions that no example needs.

    Raises `ProblemsError` with every mistake in the rule files.
    """
    rules, documents = read_rules(locations)
    return tuple(_tested(rule, documents[rule.source], catalog, mutate) for rule in rules)


def _tested(rule: Rule, document: Document, catalog: Catalog, mutate: bool) -> TriedRule:
    linked = [linked_example(example, catalog) for example in rule.examples]
    places = _places(rule)
    examples = tuple(
        TriedExample(document.problem(places[one.example.name], ""), run_linked(rule, one)) for one in linked
    )
    right = mutate and not any(each.result.problems for each in examples)
    warnings = [*_lacking(rule, document), *(_unneeded(rule, document, linked) if right else ())]
    return TriedRule(rule, examples, tuple(warnings))


def _places(rule: Rule) -> Mapping[str, DocumentPath]:
    """Where each example stands in the rule file, by its name."""
    counted: Counter[str] = Counter()
    found: dict[str, DocumentPath] = {}
    for example in rule.examples:
        found[example.name] = ("examples", example.verdict, counted[example.verdict], "name")
        counted[example.verdict] += 1
    return found


def _lacking(rule: Rule, document: Document) -> Iterator[Problem]:
    verdicts = {example.verdict for example in rule.examples}
    where: DocumentPath = ("examples",) if verdicts else ("rule",)
    if "bad" not in verdicts:
        yield document.problem(where, "no example shows that the rule speaks", "add one under `bad`")
    if "good" not in verdicts:
        yield document.problem(where, "no example shows that the rule is silent", "add one under `good`")


def _unneeded(rule: Rule, document: Document, linked: Sequence[LinkedExample]) -> Iterator[Problem]:
    """A warning for each condition that can be left out or turned round while all examples stay right."""
    if not linked:
        return
    left_out: set[DocumentPath] = set()
    for tried, mutant in enumerate(mutants(rule)):
        if tried == MOST_MUTANTS:
            return
        inside = any(mutant.path[: len(path)] == path for path in left_out)
        if inside or not _survives(mutant.rule, linked):
            continue
        if mutant.change == "left out":
            left_out.add(mutant.path)
        yield document.problem(
            mutant.path,
            f"`{_last_key(mutant.path, document)}` can be {mutant.change}, and all examples stay as they are",
            "add an example that only this condition decides, or remove the condition",
        )


def _survives(rule: Rule, linked: Sequence[LinkedExample]) -> bool:
    return not any(run_linked(rule, one, fix=False).problems for one in linked)


def _last_key(path: DocumentPath, document: Document) -> str:
    """The key of a condition: what stands at the end of the path, or in the mapping at its end."""
    part = document
    for step in path:
        part = part.under(step)
    inner = part.values.get("when", part.values) if isinstance(part.values, dict) else None
    keyed = isinstance(inner, dict) and isinstance(path[-1], int)
    return next(iter(inner), "") if keyed and isinstance(inner, dict) else str(path[-1])
