"""Patterns as in a .gitignore file, matched in bounded time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

MAX_WILDCARDS = 3
"""Per pattern. Matching takes time that grows with the path's length to the power of their number."""

_WILDCARD = re.compile(r"\*+")


@dataclass(frozen=True)
class Patterns:
    """What a list of patterns says about a path."""

    _spec: GitIgnoreSpec

    @classmethod
    def of(cls, lines: Iterable[str]) -> Patterns:
        """Raises `ValueError` that says which pattern is wrong and why."""
        kept = list(lines)
        for line in kept:
            if (reason := unsuitable(line)) is not None:
                raise ValueError(f"`{line}` is no pattern: {reason}")
        return cls(_parsed(kept))

    @classmethod
    def of_suitable(cls, lines: Iterable[str]) -> Patterns:
        """The patterns that can be used; others are left out, as git does."""
        return _of_suitable(tuple(lines))

    def decision(self, path: str) -> bool | None:
        """True: left out; False: kept by a `!` pattern; None: nothing said. Folders end in `/`."""
        return self._spec.check_file(path).include


@lru_cache(maxsize=64)  # the packages of one repository tend to have the same file
def _of_suitable(lines: tuple[str, ...]) -> Patterns:
    return Patterns(_parsed(line for line in lines if unsuitable(line) is None))


def _parsed(lines: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def unsuitable(pattern: str) -> str | None:
    """Why a pattern can't be used, as a clause; None if it can."""
    if len(_WILDCARD.findall(pattern)) > MAX_WILDCARDS:
        return f"it has more than {MAX_WILDCARDS} wildcards"
    try:
        _parsed([pattern])
    except (ValueError, re.error):
        return "it is not written as in a .gitignore file"
    return None
