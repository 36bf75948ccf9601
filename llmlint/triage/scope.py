"""Which findings a run reports, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Set

from llmlint.facts.call_site import Location
from llmlint.findings import Finding


def in_scope(finding: Finding, paths: Set[str]) -> bool:
    """Whether the finding's place, or one of those that decide it, lies in a reported file or folder.

    `paths` are relative to the project's root, with `/`, without a slash at the end; "." is all of it.
    """
    return "." in paths or any(
        _covered(place, paths) for place in (finding.location, *(step.location for step in finding.evidence))
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by path, cell, line, column and rule; findings that are equal in these keep their order."""
    return tuple(sorted(findings, key=_key))


def _covered(location: Location, paths: Set[str]) -> bool:
    path = location.path
    while path:
        if path in paths:
            return True
        path = path.rpartition("/")[0]
    return False


def _key(finding: Finding) -> tuple[str, int, int, int, str]:
    place = finding.location
    cell = -1 if place.cell is None else place.cell
    return place.path, cell, place.line, place.column, finding.rule
