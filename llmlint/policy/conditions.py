"""Conditions compiled to three-valued functions of facts that can also name what left them undecided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from llmlint import ternary
from llmlint.facts.call_site import ABSENT, OTHER_KEYS, Fact, FactValue, State, known, unknown
from llmlint.policy.operators import OPERATORS, Operator, Value
from llmlint.policy.rules import (
    AllOf,
    AnyOf,
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
Test: TypeAlias = "Callable[[Facts], Ternary]"
OPTION = "option."
ITEM = "item"
_ABSENT = State.ABSENT  # look-ups in an enumeration are slow


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
        return _turned(compiled(condition.of, options))
    if isinstance(condition, Unproven):
        inner = compiled(condition.of, options).holds
        return Compiled(lambda facts: FALSE if inner(facts) is TRUE else TRUE, lambda _: iter(()))
    parts = [compiled(part, options) for part in _flat(condition)]
    decided_by = FALSE if isinstance(condition, AllOf) else TRUE
    return Compiled(_joined(tuple(part.holds for part in parts), decided_by), partial(_missing_in, parts))


def _flat(condition: AllOf | AnyOf) -> Iterator[Condition]:
    """The parts, with those of parts of the same kind in their place."""
    for part in condition.of:
        if isinstance(part, type(condition)):
            yield from _flat(part)
        else:
            yield part


def _turned(inner: Compiled) -> Compiled:
    test = inner.holds

    def holds(facts: Facts) -> Ternary:
        verdict = test(facts)
        return FALSE if verdict is TRUE else TRUE if verdict is FALSE else UNKNOWN

    return Compiled(holds, inner.missing)


def _joined(tests: Sequence[Test], decided_by: Ternary) -> Test:
    """All of the tests, or any: what `ternary.every` and `some` say.

    Where a hundred rules meet ten thousand calls, most of the time goes by here. The order of the tests makes no
    difference to the verdict, so that the one which decided last is asked first the next time.
    """
    otherwise = ~decided_by
    asked = list(tests)

    def holds(facts: Facts) -> Ternary:
        result = otherwise
        for test in asked:
            verdict = test(facts)
            if verdict is not otherwise:
                if verdict is decided_by:
                    if test is not asked[0]:
                        asked.remove(test)
                        asked.insert(0, test)
                    return verdict
                result = UNKNOWN
        return result

    return holds


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
    return Compiled(_asked(operator, subject, operand), lambda _: iter((subject,)))


def _asked(operator: Operator, subject: str, operand: Value) -> Test:
    """The operator on one fact: what calling it says, without looking up what is the same for all facts."""
    if operator.asks_state:
        return lambda facts: operator(facts.get(subject, ABSENT), operand)
    decide = operator.prepared(operand)

    def holds(facts: Facts) -> Ternary:
        fact = facts.get(subject)
        if fact is None:
            return FALSE
        if fact.value is None:
            return FALSE if fact.state is _ABSENT else UNKNOWN
        return decide(fact)

    return holds


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
