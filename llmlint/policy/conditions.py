"""Conditions compiled to three-valued functions of facts that can also name what left them undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from llmlint import ternary
from llmlint.facts.call_site import ABSENT, OTHER_KEYS, Fact, FactValue, known, unknown
from llmlint.policy.operators import OPERATORS, Operator, Value
from llmlint.policy.rules import (
    AllOf,
    Condition,
    Members,
    Not,
    Operand,
    OptionValue,
    OptionValues,
    Question,
    Score,
    Unproven,
)
from llmlint.ternary import FALSE, TRUE, UNKNOWN, Ternary

Facts: TypeAlias = "Mapping[str, Fact]"
OPTION = "option."
ITEM = "item"


@dataclass(frozen=True)
class Compiled:
    """`holds` is the verdict on the facts; where it is UNKNOWN, `missing` names the facts it lacked."""

    holds: Callable[[Facts], Ternary]
    missing: Callable[[Facts], Iterator[str]]


def compiled(condition: Condition, options: OptionValues) -> Compiled:
    """The condition as functions, with its options filled in. The condition must have been checked."""
    if isinstance(condition, Question):
        return _question(condition, options)
    if isinstance(condition, Members):
        return _members(condition, options)
    if isinstance(condition, Score):
        return _score(condition, options)
    if isinstance(condition, Not):
        inner = compiled(condition.of, options)
        return Compiled(lambda facts: ~inner.holds(facts), inner.missing)
    if isinstance(condition, Unproven):
        inner = compiled(condition.of, options)
        return Compiled(lambda facts: ternary.of(inner.holds(facts) is not TRUE), lambda _: iter(()))
    combine = ternary.every if isinstance(condition, AllOf) else ternary.some
    return _joined(combine, [compiled(part, options) for part in condition.of])


def _joined(combine: Callable[[Iterator[Ternary]], Ternary], parts: Sequence[Compiled]) -> Compiled:
    tests = [part.holds for part in parts]
    return Compiled(lambda facts: combine(test(facts) for test in tests), partial(_missing_in, parts))


def _missing_in(parts: Sequence[Compiled], facts: Facts) -> Iterator[str]:
    for part in parts:
        if part.holds(facts) is UNKNOWN:
            yield from part.missing(facts)


def _question(question: Question, options: OptionValues) -> Compiled:
    operator, subject = OPERATORS[question.operator], question.subject
    operand = _filled(question.operand, options)
    if subject.startswith(OPTION):
        decided = operator(known(_plain(options[subject.removeprefix(OPTION)])), operand)
        return Compiled(lambda _: decided, lambda _: iter(()))
    return Compiled(
        lambda facts: operator(facts.get(subject, ABSENT), operand),
        lambda _: iter((subject,)),
    )


def _members(members: Members, options: OptionValues) -> Compiled:
    where, subject = compiled(members.where, options), members.subject
    combine = ternary.some if members.quantifier == "some" else ternary.every

    def decide(fact: Fact, _: Value) -> Ternary:
        return combine(where.holds({ITEM: item}) for item in _items(fact.value))

    quantified = Operator(("list", "mapping"), "none", decide, "")
    if subject.startswith(OPTION):
        decided = quantified(known(_plain(options[subject.removeprefix(OPTION)])), True)
        return Compiled(lambda _: decided, lambda _: iter(()))
    return Compiled(
        lambda facts: quantified(facts.get(subject, ABSENT), True),
        lambda _: iter((subject,)),
    )


def _items(held: FactValue) -> Iterator[Fact]:
    """The items of a list or the keys of a mapping; one that isn't known stands for those that there may be."""
    if isinstance(held, list):
        yield from map(known, held)
    elif isinstance(held, dict):
        yield from (unknown("there may be more keys") if key == OTHER_KEYS else known(key) for key in held)


def _score(score: Score, options: OptionValues) -> Compiled:
    needed = _filled(score.at_least, options)
    parts = [(part.weight, compiled(part.when, options)) for part in score.of]

    def holds(facts: Facts) -> Ternary:
        """Least and most that the sum can be, whatever the unknown conditions turn out to be."""
        least = most = 0
        for weight, part in parts:
            verdict = part.holds(facts)
            least += weight if verdict is TRUE else min(weight, 0) if verdict is UNKNOWN else 0
            most += weight if verdict is TRUE else max(weight, 0) if verdict is UNKNOWN else 0
        if not isinstance(needed, int | float) or most < needed:
            return FALSE
        return TRUE if least >= needed else UNKNOWN

    return Compiled(holds, partial(_missing_in, [part for _, part in parts]))


def _filled(operand: Operand, options: OptionValues) -> Value:
    """The operand with the options' values in place of their names."""
    if isinstance(operand, OptionValue):
        return options[operand.name]
    if isinstance(operand, tuple):
        return tuple(_single(_filled(part, options)) for part in operand)
    return operand


def _single(value: Value) -> str | int | float | bool:
    if isinstance(value, tuple):
        raise TypeError("a list inside of a list of values; rules are checked for that when loaded")
    return value


def _plain(value: Value) -> FactValue:
    return list(value) if isinstance(value, tuple) else value
