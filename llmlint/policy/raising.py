"""What rules say of call sites comes in, one after another; findings in order of place and rule go out."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from llmlint.edits import Wanted
from llmlint.facts.call_site import CallSite, Location, Step
from llmlint.findings import Finding, Severity, fingerprint
from llmlint.policy.grouping import Group
from llmlint.policy.rules import Rule

MAX_EVIDENCE = 40


class Cause(msgspec.Struct, frozen=True, gc=False):
    """A finding before it has a fingerprint: of one call site, or of several that it is about."""

    rule: Rule
    severity: Severity
    site: CallSite
    message: str
    evidence: tuple[Step, ...]
    calls: tuple[Location, ...]
    ways: tuple[tuple[int, ...], ...]
    wanted: tuple[Wanted, ...]


class Raised:
    """The causes of findings by place and name of the rule: a caller that reaches two calls is told once."""

    def __init__(self) -> None:
        self._causes: dict[Location, dict[str, Cause]] = {}

    def add(self, place: Location, cause: Cause) -> None:
        """One more; both are the evidence where the rule speaks there already."""
        here = self._causes.get(place)
        if here is None:
            here = self._causes[place] = {}
        first = here.setdefault(cause.rule.rule, cause)
        if first is not cause:
            here[cause.rule.rule] = _one(first, cause)

    def findings(self) -> Iterator[Finding]:
        """Those that are alike but for their line are numbered in the order of their lines."""
        alike: dict[tuple[str, ...], int] = {}
        for place in sorted(self._causes):
            for cause in sorted(self._causes[place].values(), key=lambda each: each.rule.code):
                rule, site = cause.rule, cause.site
                likeness = (rule.rule, place.path, site.function, site.callee)
                ordinal = alike[likeness] = alike.get(likeness, -1) + 1
                yield Finding(
                    rule=rule.rule,
                    code=rule.code,
                    severity=cause.severity,
                    location=place,
                    message=cause.message,
                    evidence=cause.evidence,
                    fingerprint=fingerprint(likeness, ordinal),
                    help=f"llmlint explain {rule.rule}",
                    calls=cause.calls,
                    ways=cause.ways,
                    function=site.function,
                    wanted=cause.wanted,
                )


def _one(first: Cause, other: Cause) -> Cause:
    """The first, about the calls of both."""
    steps = tuple(dict.fromkeys((*first.evidence, *other.evidence)))
    ways = dict(zip(first.calls, first.ways, strict=True))
    for call, more in zip(other.calls, other.ways, strict=True):
        every = call in ways and not (ways[call] and more)
        ways[call] = () if every else tuple(sorted({*ways.get(call, ()), *more}))
    wanted = tuple(one for one in first.wanted if one in other.wanted)
    return msgspec.structs.replace(
        first, evidence=steps[:MAX_EVIDENCE], calls=tuple(ways), ways=tuple(ways.values()), wanted=wanted
    )


def ways(site: CallSite, group: Group) -> tuple[int, ...]:
    """Which paths of the call those of the group are; none where it is all of them."""
    if len(group.paths) == len(site.paths):
        return ()
    members = {id(path) for path in group.paths}
    return tuple(number for number, path in enumerate(site.paths) if id(path) in members)


def evidence(rule: Rule, site: CallSite, group: Group) -> tuple[Step, ...]:
    """The call if the finding stands elsewhere, what led to the rule's facts, the callers; no step twice."""
    steps: list[Step] = []
    if group.place is not site.location and group.place != site.location:
        steps.append(Step(site.location, f"calls {site.callee}"))
    for path in group.paths:
        facts = path.facts
        for name in rule.evidence:
            if name in facts:
                steps += facts[name].evidence
    for path in group.paths:
        steps += path.callers
    if len(steps) < 2 or (len(steps) == 2 and steps[0] != steps[1]):  # that is quicker than hashing them
        return tuple(steps)
    return tuple(dict.fromkeys(steps))[:MAX_EVIDENCE]
