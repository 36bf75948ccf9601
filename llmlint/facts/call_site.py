"""What `link` knows about one call: facts that are known, absent or unknown, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

if TYPE_CHECKING:
    FactValue: TypeAlias = "str | int | float | bool | list[FactValue] | dict[str, FactValue] | None"
else:
    FactValue = Any  # what decodes call sites knows no types that refer to themselves


OTHER_KEYS = "**"
"""A key of mappings that may have more keys than those that are known."""


class Location(msgspec.Struct, frozen=True, order=True, gc=False):
    """A place in the project: `path` relative to its root with `/`; lines and columns 1-based, end exclusive.

    In a notebook `cell` is the index among all cells from 0 and lines count inside the cell.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    cell: int | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.cell is None else f"{self.path}:cell {self.cell}:{self.line}"


class Step(msgspec.Struct, frozen=True, order=True, gc=False):
    """One place on the way to a fact, and what is there, in words that finish the sentence "here ..."."""

    location: Location
    what: str


class State(Enum):
    KNOWN = "known"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Fact(msgspec.Struct, frozen=True, gc=False):
    """`value` only when known: None where something is there that isn't constant.

    `reason` (a clause without full stop) says why the fact or its value isn't known.
    """

    state: State
    value: FactValue = None
    reason: str = ""
    evidence: tuple[Step, ...] = ()


def known(value: FactValue, *evidence: Step) -> Fact:
    """A fact with a value. The value may be empty: no items is knowledge too."""
    return Fact(State.KNOWN, value, "", evidence)


def absent(*evidence: Step) -> Fact:
    """It is certain that the call has no such thing."""
    return Fact(State.ABSENT, None, "", evidence)


def unknown(reason: str, *evidence: Step) -> Fact:
    """It can't be known; `reason` says why in words a user can act on."""
    return Fact(State.UNKNOWN, None, reason, evidence)


class CallPath(msgspec.Struct, frozen=True, gc=False):
    """One way to reach a call: its facts with one chain of callers fixed, nearest caller first.

    `facts` is keyed by the names in `vocabulary`; a name that is missing is absent.
    """

    facts: Mapping[str, Fact]
    callers: tuple[Step, ...] = ()


class CallSite(msgspec.Struct, frozen=True, gc=False):
    """One call in the source. `paths` is never empty; `joined` holds what is common to all of them.

    `function` is the qualified name of the innermost function or class around the call, "" at module level.
    `callee` is the callee as written. `callers` are the call expressions, nearest layer first, that reach it.
    """

    location: Location
    function: str
    callee: str
    joined: Mapping[str, Fact]
    paths: tuple[CallPath, ...]
    callers: tuple[Step, ...] = ()

    def fact(self, name: str) -> Fact:
        """The joined fact of that name; absent if there is none."""
        return self.joined.get(name, ABSENT)


ABSENT = absent()
