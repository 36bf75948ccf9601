"""Which findings are new, and which are gone: findings of two sides and the pairs of their call sites come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from llmlint.comparison.pairing import Pair
from llmlint.comparison.result import FixedFinding, NewFinding
from llmlint.comparison.sides import Side
from llmlint.facts.call_site import Location
from llmlint.findings import Finding, Status

Key = Callable[[Finding], Hashable]


class Verdicts:
    """The findings of both sides, matched. `earlier` maps paths of the head to those of the base."""

    def __init__(
        self,
        before: Side,
        after: Side,
        pairs: Sequence[Pair],
        earlier: Mapping[str, str],
        touched: Callable[[Location], bool],
    ) -> None:
        self._touched = touched
        self._sites_before = {pair.before.location: number for number, pair in enumerate(pairs)}
        self._sites_after = {pair.after.location: number for number, pair in enumerate(pairs)}
        self._all_before = {site.location for site in before.call_sites}
        self._sides = (before, after)
        self._earlier = earlier
        self._left = list(before.findings)
        self._right = list(after.findings)
        self._matched: list[tuple[Finding, Finding]] = []
        self._match()

    def new(self) -> tuple[NewFinding, ...]:
        """Those of the head that nothing silences, and that the base doesn't have or silences."""
        silenced = [after for before, after in self._matched if before.status is not Status.ACTIVE]
        found = [each for each in (*self._right, *silenced) if each.status is Status.ACTIVE]
        return tuple(self._new(each) for each in sorted(found, key=lambda each: (each.location, each.code)))

    def fixed(self) -> tuple[FixedFinding, ...]:
        """Those of the base that nothing silences, and that the head doesn't have or silences."""
        gone = [FixedFinding(each, self._how(each)) for each in self._left]
        silenced = (before for before, after in self._matched if after.status is not Status.ACTIVE)
        gone += [FixedFinding(each, "silenced") for each in silenced]
        active = (each for each in gone if each.finding.status is Status.ACTIVE)
        return tuple(sorted(active, key=lambda each: (each.finding.location, each.finding.code)))

    def _match(self) -> None:
        """From sure to likely: the same call, the same line, the same fingerprint, a caller of the same call."""
        before, after = self._sides
        self._round(self._at_site(self._sites_before), self._at_site(self._sites_after))
        self._round(self._on_line(before, {}), self._on_line(after, self._earlier))
        self._round(lambda each: each.fingerprint or None, lambda each: each.fingerprint or None)
        self._round(self._at_caller(self._sites_before, {}), self._at_caller(self._sites_after, self._earlier))
        self._regroup()

    def _round(self, key_before: Key, key_after: Key) -> None:
        groups: defaultdict[Hashable, list[Finding]] = defaultdict(list)
        for each in self._left:
            groups[key_before(each)].append(each)
        groups.pop(None, None)
        left_over: list[Finding] = []
        for each in self._right:
            waiting = groups.get(key_after(each))
            if waiting:
                self._matched.append((waiting.pop(0), each))
            else:
                left_over.append(each)
        self._right = left_over
        done = {id(before) for before, _ in self._matched}
        self._left = [each for each in self._left if id(each) not in done]

    def _regroup(self) -> None:
        """A finding that moved between a call and its callers is neither new nor mended for that alone."""
        stay = {self._about(each, self._sites_before) for each in self._left} - {None}
        come = {self._about(each, self._sites_after) for each in self._right} - {None}
        self._left = [each for each in self._left if self._about(each, self._sites_before) not in come]
        self._right = [
            each
            for each in self._right
            if self._about(each, self._sites_after) not in stay or any(map(self._touched, _places(each)))
        ]

    def _about(self, finding: Finding, sites: Mapping[Location, int]) -> Hashable:
        """The rule and the pair of call sites that the finding is about, wherever it stands."""
        places = (finding.location, *(step.location for step in finding.evidence[:1]))
        number = next((sites[place] for place in places if place in sites), None)
        return None if number is None else (finding.rule, number)

    def _at_site(self, sites: Mapping[Location, int]) -> Key:
        return lambda each: (each.rule, sites[each.location]) if each.location in sites else None

    def _on_line(self, side: Side, earlier: Mapping[str, str]) -> Key:
        def key(finding: Finding) -> Hashable:
            place = finding.location
            return finding.rule, earlier.get(place.path, place.path), place.cell, side.line(place)

        return key

    def _at_caller(self, sites: Mapping[Location, int], earlier: Mapping[str, str]) -> Key:
        def key(finding: Finding) -> Hashable:
            place = finding.location
            about = self._about(finding, sites)
            return None if about is None or place in sites else (about, earlier.get(place.path, place.path))

        return key

    def _new(self, finding: Finding) -> NewFinding:
        causes = tuple(step for step in finding.evidence if self._touched(step.location))
        touched = [place for place in _places(finding) if self._touched(place)]
        return NewFinding(finding, touched[0] if touched else finding.location, causes)

    def _how(self, finding: Finding) -> str:
        places = (finding.location, *(step.location for step in finding.evidence[:1]))
        call = next((place for place in places if place in self._all_before), None)
        return "mended" if call is None or call in self._sites_before else "removed"


def _places(finding: Finding) -> Iterator[Location]:
    yield finding.location
    yield from (step.location for step in finding.evidence)
