"""Kleene's three-valued logic: what rules are evaluated in."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Ternary(Enum):
    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __invert__(self) -> Ternary:
        return FALSE if self is TRUE else TRUE if self is FALSE else UNKNOWN

    def __and__(self, other: Ternary) -> Ternary:
        return every((self, other))

    def __or__(self, other: Ternary) -> Ternary:
        return some((self, other))

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
        if value is FALSE:
            return FALSE
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def some(values: Iterable[Ternary]) -> Ternary:
    """FALSE for no values; stops at the first TRUE."""
    result = FALSE
    for value in values:
        if value is TRUE:
            return TRUE
        if value is UNKNOWN:
            result = UNKNOWN
    return result
