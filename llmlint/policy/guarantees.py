"""The facts whose value is certainly known where a condition is TRUE: a message may rely on them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from llmlint.policy.operators import OPERATORS
from llmlint.policy.rules import AllOf, AnyOf, Condition, Members, Not, Question, Unproven


def known_facts(condition: Condition, holds: bool = True) -> frozenset[str]:
    """The facts with a value in every case in which the condition is TRUE (or, if not `holds`, FALSE)."""
    if isinstance(condition, Not):
        return known_facts(condition.of, not holds)
    if isinstance(condition, Unproven):
        return frozenset() if holds else known_facts(condition.of)
    if isinstance(condition, AllOf | AnyOf):
        parts = [known_facts(part, holds) for part in condition.of]
        return _union(parts) if isinstance(condition, AllOf) is holds else _intersection(parts)
    if isinstance(condition, Question):
        compares = holds and not OPERATORS[condition.operator].asks_state
        return frozenset({condition.subject}) if compares else frozenset()
    if isinstance(condition, Members) and holds:
        return frozenset({condition.subject})
    return frozenset()


def _union(parts: Iterable[frozenset[str]]) -> frozenset[str]:
    return reduce(frozenset.union, parts, frozenset())


def _intersection(parts: list[frozenset[str]]) -> frozenset[str]:
    return reduce(frozenset.intersection, parts) if parts else frozenset()
