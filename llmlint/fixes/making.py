"""A finding and the file that it stands in come in; the fix that its rule asks for goes out, or None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from llmlint.edits import Edit, Fix, FixKind
from llmlint.findings import Finding
from llmlint.fixes.answers import send_schema
from llmlint.fixes.arguments import set_argument
from llmlint.fixes.comments import remove_suppression
from llmlint.fixes.prompts import move_behind
from llmlint.fixes.scene import Made, Make, Scene
from llmlint.fixes.sets import sort_set
from llmlint.fixes.source import Change, Source, changed, overlap, parsed

KINDS: Mapping[FixKind, Make] = {
    "set-argument": set_argument,
    "send-schema": send_schema,
    "move-behind": move_behind,
    "sort-set": sort_set,
    "remove-suppression": remove_suppression,
}
"""The code for each kind of fix: a new one is one module and one line here."""

Surroundings: TypeAlias = (
    "tuple[Callable[[str], Source | None], Callable[[str], bool], Callable[[str], tuple[int, ...] | None]]"
)
"""As in `Scene`: other files, whether a word is used, which version of a distribution is pinned."""


def fix_of(finding: Finding, source: Source | None, surroundings: Surroundings) -> Fix | None:
    """The first fix that can be made, else the first of which there is something to show.

    `source` is None for a file that can't be changed. What doesn't parse afterwards is no fix.
    """
    shown: Fix | None = None
    for wanted in finding.wanted:
        if source is None:
            continue
        made = _made(Scene(source, finding.location, wanted, *surroundings))
        if made is None:
            continue
        title = made.title or wanted.title
        file = made.source or source
        if made.changes and _works(file, made.changes):
            return Fix(title, wanted.safety, tuple(_edits(file, made.changes)), made.sketch)
        if made.sketch and shown is None:
            shown = Fix(title, wanted.safety, (), made.sketch)
    return shown


def _made(scene: Scene) -> Made | None:
    try:
        return KINDS[scene.wanted.kind](scene)
    except RecursionError:  # names that lead to names without end: nobody's code to be changed by a program
        return None


def _works(source: Source, changes: Sequence[Change]) -> bool:
    apart = not any(overlap(one, other) for index, one in enumerate(changes) for other in changes[:index])
    return apart and parsed(changed(source.text, list(changes))) is not None


def _edits(source: Source, changes: Sequence[Change]) -> list[Edit]:
    return [Edit(source.location(one.start, one.end), one.text) for one in sorted(changes)]
