"""Kleene's three-valued logic: what rules are evaluated in."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Ternary(Enum):
    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __invert__(self) -> Ternary:
        return Ternary(2 - self.value)

    def __and__(self, other: Ternary) -> Ternary:
        return Ternary(min(self.value, other.value))

    def __or__(self, other: Ternary) -> Ternary:
        return Ternary(max(self.value, other.value))

    def __bool__(self) -> bool:
        raise TypeError("a Ternary is not a bool; compare it with Ternary.TRUE")


TRUE, FALSE, UNKNOWN = Ternary.TRUE, Ternary.FALSE, Ternary.UNKNOWN


def of(value: bool) -> Ternary:
    """TRUE or FALSE."""
    return TRUE if value else FALSE


def every(values: Iterable[Ternary]) -> Ternary:
    """TRUE for no values; stops at the first FALSE."""
    result = TRUE
    for value in values:
        result &= value
        if result is FALSE:
            break
    return result


def some(values: Iterable[Ternary]) -> Ternary:
    """FALSE for no values; stops at the first TRUE."""
    result = FALSE
    for value in values:
        result |= value
        if result is TRUE:
            break
    return result
