"""A rule comes in, rules that differ from it in one place of the condition go out, each with what was changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from llmlint.document import Path
from llmlint.policy.rules import AllOf, AnyOf, Condition, Members, Not, Question, Rule, Score, Unproven, Weighted


class Mutant(NamedTuple):
    """`path` leads to the changed condition in the rule file; `change` says what became of it."""

    path: Path
    change: str
    rule: Rule


def mutants(rule: Rule) -> Iterator[Mutant]:
    """The rule without each of its conditions, and with each of its questions turned round."""
    for path, change, when in _changed(rule.when, ("when",)):
        yield Mutant(path, change, msgspec.structs.replace(rule, when=when))


_Changed = Iterator[tuple[Path, str, Condition]]


def _changed(condition: Condition, path: Path) -> _Changed:
    if isinstance(condition, AllOf | AnyOf):
        key = "all" if isinstance(condition, AllOf) else "any"
        remake: Callable[[tuple[Condition, ...]], Condition] = type(condition)
        yield from _in_list(condition.of, (*path, key), remake)
    elif isinstance(condition, Not | Unproven):
        key = "not" if isinstance(condition, Not) else "unproven"
        for where, change, inner in _changed(condition.of, (*path, key)):
            yield where, change, type(condition)(inner)
    elif isinstance(condition, Score):
        yield from _in_score(condition, path)
    elif isinstance(condition, Members):
        for where, change, inner in _changed(condition.where, (*path, condition.quantifier, "where")):
            yield where, change, Members(condition.quantifier, condition.subject, inner)
    elif isinstance(condition, Question):
        yield (*path, condition.operator), "negated", Not(condition)


def _in_list(parts: Sequence[Condition], path: Path, remake: Callable[[tuple[Condition, ...]], Condition]) -> _Changed:
    for index, part in enumerate(parts):
        others = (*parts[:index], *parts[index + 1 :])
        if others:
            yield (*path, index), "left out", remake(others)
        for where, change, inner in _changed(part, (*path, index)):
            yield where, change, remake((*parts[:index], inner, *parts[index + 1 :]))


def _in_score(score: Score, path: Path) -> _Changed:
    """`count` is a score whose conditions weigh the same; which of the two the file has is told by the weights."""
    counted = all(part.weight == 1 for part in score.of)
    for index, part in enumerate(score.of):
        here: Path = (*path, "count" if counted else "score", "of", index)
        others = (*score.of[:index], *score.of[index + 1 :])
        if others:
            yield here, "left out", Score(score.at_least, others)
        for where, change, inner in _changed(part.when, here if counted else (*here, "when")):
            weighted = Weighted(part.weight, inner)
            yield where, change, Score(score.at_least, (*score.of[:index], weighted, *score.of[index + 1 :]))
