"""Errors that a user can mend. Only `cli` catches them, prints them and turns them into exit code 2."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class LlmlintError(Exception):
    """llmlint could not do its job. The message says what is wrong and what to do about it."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a file that people write: config, rule, provider or model catalogue. Lines are 1-based."""

    path: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class ProblemsError(LlmlintError):
    """Several mistakes in such files, all of them reported at once, in the order of file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def suggest(word: str, allowed: Iterable[str]) -> str:
    """A hint for a word that is not among the allowed ones: the nearest one, or the list of them."""
    import difflib  # noqa: PLC0415 - only mistakes need it

    names = sorted(set(allowed))
    nearest = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if nearest:
        return f"did you mean `{nearest[0]}`?"
    if not names:
        return ""
    shown = ", ".join(f"`{name}`" for name in names[:20])
    return f"allowed: {shown}" + (" ..." if len(names) > 20 else "")
