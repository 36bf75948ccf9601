"""What a kind of fix works with: the file of a finding, the place in it, and what is known about the project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from llmlint.edits import Wanted
from llmlint.facts.call_site import Location
from llmlint.fixes.source import Change, Source


@dataclass(frozen=True)
class Scene:
    """`other` gives further files of the project, `uses` says whether any of them mentions a word, and `version` which
    version of a distribution the project pins at least, None where it doesn't say.
    """

    source: Source
    location: Location
    wanted: Wanted
    other: Callable[[str], Source | None]
    uses: Callable[[str], bool]
    version: Callable[[str], tuple[int, ...] | None]

    def text(self, name: str) -> str:
        """A parameter that is text; "" where the rule doesn't give it."""
        value = self.wanted.values.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Made:
    """What became of a fix: changes of the file, none where people have to make them; the sketch shows what is meant.
    A `title` replaces the one of the rule, a `source` is the changed file where it isn't that of the finding.
    """

    changes: Sequence[Change] = ()
    sketch: str = ""
    title: str = ""
    source: Source | None = None


Make: TypeAlias = "Callable[[Scene], Made | None]"
"""What each kind of fix has: None where there is nothing to offer."""
