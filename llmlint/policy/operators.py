"""The operators of conditions: which facts and values each one takes, and what it says of a known value."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from llmlint import ternary
from llmlint.facts.call_site import OTHER_KEYS, Fact, FactValue, State
from llmlint.globs import matches, text_matches
from llmlint.policy.rules import MATCHED_TEXT, Scalar
from llmlint.ternary import FALSE, TRUE, UNKNOWN, Ternary

Value: TypeAlias = "Scalar | tuple[Scalar, ...]"
Decision: TypeAlias = "Callable[[Fact], Ternary]"

SCALARS = ("string", "number", "boolean")
_KNOWN, _ABSENT, _UNKNOWN = State.KNOWN, State.ABSENT, State.UNKNOWN  # look-ups in an enumeration are slow


@dataclass(frozen=True)
class Operator:
    """`subjects` are the types of fact it takes; `operand` says what it compares with.

    same: a value of the subject's type; several: a list of those; pattern: a regular expression;
    number; part: an item, key or substring; paths or globs: one glob or several; none: nothing. `meaning` says what
    holds where it is TRUE.
    `decide` gets the fact and the operand. Except for `state` operators it is FALSE for an absent fact and
    UNKNOWN for one that is unknown or not constant, and `decide` is only asked about known values.
    """

    subjects: tuple[str, ...]
    operand: str
    decide: Callable[[Fact, Value], Ternary]
    meaning: str
    asks_state: bool = False
    prepare: Callable[[Value], Decision | None] | None = None
    """Makes the same decision for one operand, where that can be quicker."""

    def __call__(self, fact: Fact, operand: Value) -> Ternary:
        """What the operator says of the fact."""
        if not self.asks_state:
            if fact.state is _ABSENT:
                return FALSE
            if fact.state is _UNKNOWN or fact.value is None:
                return UNKNOWN
        return self.decide(fact, operand)

    def prepared(self, operand: Value) -> Decision:
        """What the operator says of facts that have a value, with the operand looked at only once."""
        if self.prepare is not None and (prepared := self.prepare(operand)) is not None:
            return prepared
        decide = self.decide
        return lambda fact: decide(fact, operand)


def same(left: FactValue, right: FactValue) -> bool:
    """Equality as people mean it: true is not 1, but 1 is 1.0."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _present(fact: Fact, _: Value) -> Ternary:
    return UNKNOWN if fact.state is _UNKNOWN else ternary.of(fact.state is _KNOWN)


def _absent(fact: Fact, operand: Value) -> Ternary:
    return ~_present(fact, operand)


def _equals(fact: Fact, operand: Value) -> Ternary:
    return ternary.of(not isinstance(operand, tuple) and same(fact.value, operand))


def _equals_text(operand: Value) -> Decision | None:
    if isinstance(operand, bool):
        return lambda fact: TRUE if fact.value is operand else FALSE
    return (lambda fact: TRUE if fact.value == operand else FALSE) if isinstance(operand, str) else None


def _one_of(fact: Fact, operand: Value) -> Ternary:
    return ternary.of(isinstance(operand, tuple) and any(same(fact.value, choice) for choice in operand))


def _one_of_texts(operand: Value) -> Decision | None:
    if isinstance(operand, tuple) and all(isinstance(one, str) for one in operand):
        return lambda fact: TRUE if fact.value in operand else FALSE
    return None


def _contains(fact: Fact, operand: Value) -> Ternary:
    held = fact.value
    if isinstance(held, str):
        return ternary.of(isinstance(operand, str) and operand in held)
    if isinstance(held, dict):
        if operand in held:
            return TRUE
        return UNKNOWN if OTHER_KEYS in held else FALSE
    if isinstance(held, list) and not isinstance(operand, tuple):
        if any(same(item, operand) for item in held):
            return TRUE
        return UNKNOWN if None in held else FALSE
    return FALSE


def _matches(fact: Fact, operand: Value) -> Ternary:
    """Looks at the head of a long text only, and does not know about its tail."""
    if not isinstance(fact.value, str) or not isinstance(operand, str):
        return FALSE
    text = fact.value[:MATCHED_TEXT]
    cut = len(text) < len(fact.value)
    found = _compiled(operand).search(text)
    if found is not None and not (cut and found.end() == len(text)):
        return TRUE
    return UNKNOWN if cut else FALSE


def _globbed(takes: Callable[[str, str], bool]) -> Callable[[Value], Decision]:
    def prepare(operand: Value) -> Decision:
        globs = [str(glob) for glob in (operand if isinstance(operand, tuple) else (operand,))]

        def decide(fact: Fact) -> Ternary:
            text = fact.value
            if not isinstance(text, str):
                return FALSE
            if len(text) > MATCHED_TEXT:
                return UNKNOWN
            for glob in globs:
                if takes(glob, text):
                    return TRUE
            return FALSE

        return decide

    return prepare


def _like(fact: Fact, operand: Value) -> Ternary:
    return _LIKE(operand)(fact)


def _within(fact: Fact, operand: Value) -> Ternary:
    return _WITHIN(operand)(fact)


_LIKE, _WITHIN = _globbed(text_matches), _globbed(matches)


def _compared(holds: Callable[[float, float], bool]) -> Callable[[Fact, Value], Ternary]:
    def decide(fact: Fact, operand: Value) -> Ternary:
        left, right = fact.value, operand
        if isinstance(left, bool) or not isinstance(left, int | float) or not isinstance(right, int | float):
            return FALSE
        return ternary.of(holds(left, right))

    return decide


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


ANY = (*SCALARS, "list", "mapping")
OPERATORS: dict[str, Operator] = {
    "present": Operator(ANY, "none", _present, "the call has such a thing", asks_state=True),
    "absent": Operator(ANY, "none", _absent, "the call certainly has no such thing", asks_state=True),
    "equals": Operator(SCALARS, "same", _equals, "the value is this", prepare=_equals_text),
    "one_of": Operator(SCALARS, "several", _one_of, "the value is one of these", prepare=_one_of_texts),
    "matches": Operator(
        ("string",),
        "pattern",
        _matches,
        f"the expression is found in the first {MATCHED_TEXT:,} characters of the text",
    ),
    "like": Operator(
        ("string",), "globs", _like, "the whole text is like this, or one of these: `*` any, `?` one", prepare=_LIKE
    ),
    "within": Operator(
        ("string",), "paths", _within, "the path is within this file or folder, or one of these", prepare=_WITHIN
    ),
    "contains": Operator(
        ("string", "list", "mapping"), "part", _contains, "a list has the item, a mapping the key, a text the part"
    ),
    "above": Operator(
        ("number",), "number", _compared(lambda left, right: left > right), "the number is greater than this"
    ),
    "below": Operator(
        ("number",), "number", _compared(lambda left, right: left < right), "the number is smaller than this"
    ),
    "at_least": Operator(
        ("number",), "number", _compared(lambda left, right: left >= right), "the number is this or greater"
    ),
    "at_most": Operator(
        ("number",), "number", _compared(lambda left, right: left <= right), "the number is this or smaller"
    ),
}
