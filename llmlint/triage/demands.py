"""What a project demands of suppression comments, and what a comment lacks of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from llmlint.triage.directives import Directive

ALL = "all"


class Demands(msgspec.Struct, frozen=True):
    """`never` are names of rules that no comment silences ("all" for every one); `longest_days` bounds the day up to
    which a comment may hold, from today.
    """

    require_reason: bool = False
    require_expiry: bool = False
    longest_days: int | None = None
    never: frozenset[str] = frozenset()

    def forbids(self, rule: str) -> bool:
        """Whether no comment may silence the rule."""
        return rule in self.never or ALL in self.never

    def lacking(self, directive: Directive, today: str) -> Iterator[str]:
        """What a comment lacks, each as the end of the sentence "this comment ..."."""
        if self.require_reason and not directive.explained:
            yield "gives no reason"
        if not directive.until:
            if self.require_expiry or self.longest_days is not None:
                yield "names no last day"
        elif self.longest_days is not None and _days(today, directive.until) > self.longest_days:
            yield f"holds until {directive.until}, which is more than {self.longest_days:,} days from now"


class Place(msgspec.Struct, frozen=True):
    """The demands in one folder of the project ("" is its root) and below."""

    folder: str
    demands: Demands


def demands_at(path: str, places: Sequence[Place]) -> Demands:
    """Those of the folder nearest to the file."""
    around = [each for each in places if not each.folder or path.startswith(f"{each.folder}/")]
    return max(around, key=lambda each: len(each.folder)).demands if around else Demands()


def _days(today: str, until: str) -> int:
    return (date.fromisoformat(until) - date.fromisoformat(today)).days
