"""Rules and call sites come in; findings with their evidence, and what stayed undecided and why, go out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from llmlint.facts.call_site import CallSite, Location
from llmlint.findings import Finding, Severity, Undecided
from llmlint.policy.deciding import Judge, read_by
from llmlint.policy.grouping import Group, elsewhere, groups
from llmlint.policy.numbering import Key, Numbering, Numbers
from llmlint.policy.raising import Cause, Raised, evidence, ways
from llmlint.policy.rules import Rule
from llmlint.policy.settings import RulePolicy, Settings, settings_for
from llmlint.ternary import FALSE, TRUE, UNKNOWN, Ternary


class Verdicts(msgspec.Struct, frozen=True):
    """`findings` and `undecided` in the order of place and rule."""

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]


def evaluate(rules: Sequence[Rule], call_sites: Sequence[CallSite], policies: Sequence[RulePolicy] = ()) -> Verdicts:
    """Every rule on every call path, grouped by call site. Later policies win over earlier ones."""
    numbering = Numbering(name for rule in rules for name in read_by(rule))
    engines = [_Engine(rule, [each for each in policies if each.concerns(rule)], numbering) for rule in rules]
    everywhere = [on for engine in engines if engine.same_everywhere and (on := engine.at(""))]
    somewhere = [engine for engine in engines if not engine.same_everywhere]
    raised, undecided = Raised(), _Open()
    for path, sites in groupby(call_sites, key=lambda site: site.location.path):
        active = [*everywhere, *(on for engine in somewhere if (on := engine.at(path)))]
        for site in sites if active else ():  # all rules on one call while its facts are at hand: memory is slow
            _judge(site, [numbering.numbers(each.facts) for each in site.paths], active, raised, undecided)
    return Verdicts(tuple(raised.findings()), tuple(undecided.in_order()))


def _judge(
    site: CallSite, numbers: Sequence[Numbers], active: Sequence[_Active], raised: Raised, undecided: _Open
) -> None:
    """Puts down what rules say of a call.

    Nearly all verdicts have been given before on the like, and most of them are FALSE: two look-ups and no more.
    """
    first, alone = numbers[0], len(numbers) == 1
    for engine, severity, judge, key, given in active:
        verdict = given(key(first))
        if alone and verdict is FALSE:
            continue
        verdicts = [verdict] if alone and verdict is not None else judge.verdicts(site.paths, numbers)
        if TRUE in verdicts:
            if alone and elsewhere(site.paths[0], judge.rule.about) is None:
                raised.add(site.location, _cause(judge, severity, site, Group(site.location, site.paths), first))
            else:
                engine.raise_at(site, verdicts, numbers, raised)
        elif UNKNOWN in verdicts:
            undecided.add(judge.undecided(site, verdicts, numbers))


def _cause(judge: Judge, severity: Severity, site: CallSite, group: Group, numbers: Numbers) -> Cause:
    said = judge.message(group.paths[0].facts, numbers)
    return Cause(
        rule=judge.rule,
        severity=severity,
        site=site,
        message=said,
        evidence=evidence(judge.rule, site, group),
        calls=(site.location,),
        ways=(ways(site, group),),
        wanted=judge.wanted(site, group),
    )


class _Active(NamedTuple):
    """A rule that is on in a file, with what judges there. `given` looks up by `key` the verdicts on the like."""

    engine: _Engine
    severity: Severity
    judge: Judge
    key: Key
    given: Callable[[Hashable], Ternary | None]


class _Engine:
    """One rule, compiled once for each setting of its options that is met."""

    def __init__(self, rule: Rule, policies: Sequence[RulePolicy], numbering: Numbering) -> None:
        self.rule = rule
        self._policies = policies
        self._numbering = numbering
        self._differs = any(policy.paths or policy.folder or policy.except_in for policy in policies)
        self._settings: dict[str, Settings] = {}
        self._judges: dict[tuple[object, ...], Judge] = {}

    @property
    def same_everywhere(self) -> bool:
        """Whether the path of a file by itself makes no difference to the rule."""
        return not self._differs and not self._judge(self._at("")).guarded

    def at(self, path: str) -> _Active | None:
        """The rule as it is in a file; None where it is off, or is about other files only."""
        settings = self._at(path)
        if not settings.enabled:
            return None
        judge = self._judge(settings)
        return _Active(self, settings.severity, judge, judge.key, judge.given.get) if judge.concerns(path) else None

    def raise_at(self, site: CallSite, verdicts: Sequence[Ternary], numbers: Sequence[Numbers], raised: Raised) -> None:
        """Puts down the findings at the call site or at its callers, where the rule is on."""
        for group in groups(site, verdicts, self.rule.about):
            settings = self._at(group.place.path)
            if settings.enabled:
                at = next(index for index, path in enumerate(site.paths) if path is group.paths[0])
                cause = _cause(self._judge(settings), settings.severity, site, group, numbers[at])
                raised.add(group.place, cause)

    def _at(self, path: str) -> Settings:
        path = path if self._differs else ""
        if path not in self._settings:
            self._settings[path] = settings_for(self.rule, self._policies, path)
        return self._settings[path]

    def _judge(self, settings: Settings) -> Judge:
        options = tuple(settings.options.values())
        if options not in self._judges:
            self._judges[options] = Judge(self.rule, settings.options, self._numbering)
        return self._judges[options]


class _Open:
    """What stays undecided, by place."""

    def __init__(self) -> None:
        self._found: dict[Location, list[Undecided]] = {}

    def add(self, undecided: Undecided) -> None:
        self._found.setdefault(undecided.location, []).append(undecided)

    def in_order(self) -> Iterator[Undecided]:
        """In the order of place and rule."""
        for place in sorted(self._found):
            yield from sorted(self._found[place], key=lambda each: each.code)
