"""Where findings stand: a call site and the verdicts on its paths come in, places with their paths go out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llmlint.facts.call_site import ABSENT, CallPath, CallSite, Location
from llmlint.ternary import TRUE, Ternary

LOOP = "surroundings.loop"
"""What a finding is about that stands where a loop repeats what leads to the call."""


class Group(NamedTuple):
    """The paths that make the rule's condition TRUE and for which it is said at one place."""

    place: Location
    paths: tuple[CallPath, ...]


def groups(site: CallSite, verdicts: Sequence[Ternary], about: str = "") -> list[Group]:
    """One group at the call if all paths are TRUE, else one at each caller that makes the difference.

    `about` is an argument, and paths whose client gives it to every call stand where the client is constructed; or the
    loop, and paths that one repeats further out stand at what the loop calls.
    """
    if len(site.paths) == 1:
        return [Group(elsewhere(site.paths[0], about) or site.location, site.paths)]
    found: list[Group] = []
    for place, paths in _by_caller(site, verdicts):
        at: dict[Location, list[CallPath]] = {}
        for path in paths:
            at.setdefault(elsewhere(path, about) or place, []).append(path)
        found.extend(Group(each, tuple(several)) for each, several in at.items())
    return found


def elsewhere(path: CallPath, about: str) -> Location | None:
    """Where what a finding is about is decided, if that is neither the call nor a caller that makes the difference."""
    if about == LOOP:
        repeated = path.facts.get("surroundings.repeated", ABSENT)
        return repeated.evidence[0].location if repeated.evidence else None
    gives = path.facts.get("client.gives", ABSENT) if about else ABSENT
    if isinstance(gives.value, list) and about in gives.value and gives.evidence:
        return gives.evidence[0].location
    return None


def _by_caller(site: CallSite, verdicts: Sequence[Ternary]) -> list[Group]:
    judged = list(zip(site.paths, verdicts, strict=True))
    true = [path for path, verdict in judged if verdict is TRUE]
    if len(true) == len(judged):
        return [Group(site.location, tuple(true))]
    others = [path for path, verdict in judged if verdict is not TRUE]
    at: dict[Location, list[CallPath]] = {}
    for path in true:
        at.setdefault(_place(site, path, others), []).append(path)
    return [Group(place, tuple(paths)) for place, paths in at.items()]


def _place(site: CallSite, path: CallPath, others: Sequence[CallPath]) -> Location:
    """The nearest caller through which no other verdict comes; the nearest of all if there is none."""
    for length in range(1, len(path.callers) + 1):
        way = _way(path)[:length]
        if not any(_way(other)[:length] == way for other in others):
            return path.callers[length - 1].location
    return path.callers[0].location if path.callers else site.location


def _way(path: CallPath) -> list[Location]:
    return [step.location for step in path.callers]
