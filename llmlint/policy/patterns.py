"""Regular expressions of rules: a pattern comes in, the reason to refuse it goes out if it could be slow."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

from llmlint.policy.rules import MATCHED_TEXT

if sys.version_info >= (3, 11):
    from re import _parser as parser  # type: ignore[attr-defined]
else:
    import sre_parse as parser

MAX_LENGTH = 500
MAX_WAYS = 10_000
"""The ways in which a pattern may match from one position, which bound its backtracking."""


def problem(pattern: str) -> str:
    """Why the pattern can't be used, in words that follow "the pattern"; "" when it can."""
    if len(pattern) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH} characters"
    try:
        re.compile(pattern)
        ways = _ways(parser.parse(pattern).data)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is no regular expression: {error}"
    except _UnsupportedError as error:
        return f"uses {error}, which rules may not"
    return "" if ways <= MAX_WAYS else "repeats in too many ways; bound its repeats, e.g. `.{0,40}` instead of `.*`"


class _UnsupportedError(Exception):
    """A construct whose matching time can't be bounded here; the message names it."""


def _ways(items: Iterable[tuple[Any, Any]]) -> int:
    """In how many ways the sequence can match from one position, at most."""
    ways = 1
    for code, argument in items:
        ways = min(ways * _ways_of(str(code), argument), MAX_WAYS + 1)
    return ways


def _ways_of(code: str, argument: Any) -> int:  # noqa: ANN401 - shapes of the standard library's parser
    if code in _SINGLE:
        return 1
    if code in _COMPOUND:
        return _COMPOUND[code](argument)
    raise _UnsupportedError(_NAMES.get(code, code.lower().replace("_", " ")))


def _repeat(argument: tuple[Any, Any, Iterable[tuple[Any, Any]]]) -> int:
    least, most, body = argument
    inner = _ways(body)
    total = 0
    for times in range(int(least), min(int(most), MATCHED_TEXT) + 1):
        total += inner ** min(times, 20)  # 2**20 is beyond the limit already
        if total > MAX_WAYS:
            break
    return total


_SINGLE = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "CATEGORY", "RANGE"})
_COMPOUND: dict[str, Callable[[Any], int]] = {
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
    "BRANCH": lambda argument: sum(_ways(branch) for branch in argument[1]),
    "SUBPATTERN": lambda argument: _ways(argument[3]),
}
_NAMES = {
    "GROUPREF": "a back-reference",
    "GROUPREF_EXISTS": "a conditional group",
    "ASSERT": "a look-around",
    "ASSERT_NOT": "a look-around",
}
