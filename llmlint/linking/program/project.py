"""What linking asks of the project around it, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from llmlint.facts.call_site import CallSite
from llmlint.facts.syntax import ModuleFacts


class Project(Protocol):
    """The files of a project, by paths relative to its root with `/`."""

    @property
    def paths(self) -> Sequence[str]:
        """All Python files and notebooks, sorted."""

    @property
    def candidates(self) -> Sequence[str]:
        """Those that can hold a call site, sorted."""

    def facts(self, path: str) -> ModuleFacts | None:
        """The facts of one of `paths`, lowered at the first demand; None when it can't be lowered."""

    def containing(self, identifier: str) -> Sequence[str]:
        """Those of `paths` that mention the identifier as a whole word, sorted."""

    def source(self, path: str) -> bytes | None:
        """The bytes of one of `paths`; None when it can't be read."""

    def changing(self, name: str) -> Sequence[str]:
        """Those of `paths` that look as if they assign to an attribute of that name of anything but `self`, or change
        in place what the name holds; sorted."""

    def text(self, path: str) -> str | None:
        """A data file of the project; None when there is none, or it is too large, outside or no text."""


@dataclass(frozen=True)
class Linked:
    """`statistics` counts what was done and which limits were met."""

    call_sites: tuple[CallSite, ...]
    statistics: Mapping[str, int]
