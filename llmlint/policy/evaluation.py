"""Rules and call sites come in; findings with their evidence, and what stayed undecided and why, go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from llmlint.facts.call_site import ABSENT, CallPath, CallSite, Fact, Location, Step, known
from llmlint.findings import Finding, Undecided, fingerprint
from llmlint.policy import messages
from llmlint.policy.conditions import Compiled, Test, compiled
from llmlint.policy.describing import subjects
from llmlint.policy.fixes import Fixing
from llmlint.policy.grouping import Group, groups
from llmlint.policy.messages import Template
from llmlint.policy.rules import MATCHED_TEXT, AllOf, Condition, Message, OptionValues, Rule, Variant
from llmlint.policy.settings import RulePolicy, Settings, settings_for
from llmlint.ternary import FALSE, TRUE, UNKNOWN, Ternary

MAX_EVIDENCE = 40
FILE = "surroundings.file"
"""The fact that is the same for all calls of a file: its path."""


class Verdicts(msgspec.Struct, frozen=True):
    """`findings` and `undecided` in the order of place and rule."""

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]


def evaluate(rules: Sequence[Rule], call_sites: Sequence[CallSite], policies: Sequence[RulePolicy] = ()) -> Verdicts:
    """Every rule on every call path, grouped by call site. Later policies win over earlier ones."""
    findings: list[_Raised] = []
    undecided: list[Undecided] = []
    engines = [_Engine(rule, [policy for policy in policies if policy.concerns(rule)]) for rule in rules]
    for path, sites in groupby(call_sites, key=lambda site: site.location.path):
        active = [(engine, holds) for engine in engines if (holds := engine.active_at(path)) is not None]
        for site in sites:  # all rules on one call while its facts are at hand: memory is slower than the rules
            for engine, holds in active:
                if len(site.paths) == 1:
                    verdict = holds(site.paths[0].facts)
                    if verdict is FALSE:
                        continue
                    verdicts = [verdict]
                else:
                    verdicts = [holds(each.facts) for each in site.paths]
                if TRUE in verdicts:
                    findings.extend(engine.findings(site, verdicts))
                elif UNKNOWN in verdicts:
                    undecided.append(engine.undecided(site, verdicts))
    return Verdicts(
        tuple(sorted(_with_fingerprints(_merged(findings)), key=lambda each: (each.location, each.code))),
        tuple(sorted(undecided, key=lambda each: (each.location, each.code))),
    )


class _Raised(NamedTuple):
    """A finding before it has a fingerprint, and what the fingerprint needs of its call site."""

    finding: Finding
    function: str
    callee: str


class _Engine:
    """One rule, compiled once for each setting of its options that is met."""

    def __init__(self, rule: Rule, policies: Sequence[RulePolicy]) -> None:
        self.rule = rule
        self.policies = policies
        self.said = messages.parse(_said_by(rule.message))
        self.fixing = Fixing(rule)
        self.variants = [messages.parse(_said_by(rule.message, each)) for each in rule.message.variants]
        self._differs = any(policy.paths for policy in policies)
        self._settings: dict[str, Settings] = {}
        self._conditions: dict[str, Compiled] = {}
        self._compiled: dict[tuple[object, ...], Compiled] = {}

    def active_at(self, path: str) -> Test | None:
        """The condition as it is in a file; None where the rule is off, or is about other files only."""
        if not self._at(path).enabled or self._place_guard(path).holds({FILE: known(path)}) is FALSE:
            return None
        return self._condition(path).holds

    def findings(self, site: CallSite, verdicts: Sequence[Ternary]) -> Iterator[_Raised]:
        """The findings at the call site or at its callers."""
        for group in groups(site, verdicts, self.rule.about):
            settings = self._at(group.place.path)
            if settings.enabled:
                yield _Raised(self._finding(site, group, settings), site.function, site.callee)

    def undecided(self, site: CallSite, verdicts: Sequence[Ternary]) -> Undecided:
        """Why the rule can't tell about the call site."""
        condition = self._condition(site.location.path)
        paths = [path for path, verdict in zip(site.paths, verdicts, strict=True) if verdict is UNKNOWN]
        reasons = dict.fromkeys(reason for path in paths for reason in _reasons(condition, path))
        return Undecided(self.rule.rule, self.rule.code, site.location, tuple(reasons))

    def _at(self, path: str) -> Settings:
        path = path if self._differs else ""
        if path not in self._settings:
            self._settings[path] = settings_for(self.rule, self.policies, path)
        return self._settings[path]

    def _place_guard(self, path: str) -> Compiled:
        """What the condition asks of the file alone: it is the same for all calls in it."""
        options = self._at(path).options
        key = ("", *options.values())
        if key not in self._compiled:
            self._compiled[key] = compiled(AllOf(tuple(_about_the_file(self.rule.when))), options)
        return self._compiled[key]

    def _condition(self, path: str) -> Compiled:
        path = path if self._differs else ""
        if path not in self._conditions:
            options = self._at(path).options
            key = tuple(options.values())
            if key not in self._compiled:
                self._compiled[key] = compiled(self.rule.when, options)
            self._conditions[path] = self._compiled[key]
        return self._conditions[path]

    def _finding(self, site: CallSite, group: Group, settings: Settings) -> Finding:
        facts, options = group.paths[0].facts, settings.options
        return Finding(
            rule=self.rule.rule,
            code=self.rule.code,
            severity=settings.severity,
            location=group.place,
            message=messages.fill(self._said(facts, options), facts, options),
            evidence=_evidence(self.rule, site, group),
            help=f"llmlint explain {self.rule.rule}",
            calls=(site.location,),
            ways=(_numbers(site, group),),
            wanted=self.fixing.wanted(site, group, options),
        )

    def _said(self, facts: Mapping[str, Fact], options: OptionValues) -> Template:
        """The template of the first variant that holds, else the message's own."""
        for variant, template in zip(self.rule.message.variants, self.variants, strict=True):
            key = (id(variant), *options.values())
            if key not in self._compiled:
                self._compiled[key] = compiled(variant.when, options)
            if self._compiled[key].holds(facts) is TRUE:
                return template
        return self.said


def _about_the_file(condition: Condition) -> Iterator[Condition]:
    """The parts without which the condition is not TRUE and that ask about nothing but the file."""
    if isinstance(condition, AllOf):
        for part in condition.of:
            yield from _about_the_file(part)
    elif set(subjects(condition)) == {FILE}:
        yield condition


def _said_by(message: Message, variant: Variant | None = None) -> str:
    """The three sentences as one text; a variant has some of its own."""
    own = (message.fact, message.consequence, message.advice)
    other = (variant.fact, variant.consequence, variant.advice) if variant else ("", "", "")
    return " ".join(second or first for first, second in zip(own, other, strict=True))


def _numbers(site: CallSite, group: Group) -> tuple[int, ...]:
    """Which paths of the call those of the group are; none where it is all of them."""
    if len(group.paths) == len(site.paths):
        return ()
    members = {id(path) for path in group.paths}
    return tuple(number for number, path in enumerate(site.paths) if id(path) in members)


def _evidence(rule: Rule, site: CallSite, group: Group) -> tuple[Step, ...]:
    """The call if the finding stands elsewhere, what led to the rule's facts, the callers; no step twice."""
    steps = [] if group.place == site.location else [Step(site.location, f"calls {site.callee}")]
    for path in group.paths:
        for name in rule.evidence:
            steps.extend(path.facts.get(name, ABSENT).evidence)
    for path in group.paths:
        steps.extend(path.callers)
    return tuple(dict.fromkeys(steps))[:MAX_EVIDENCE] if len(steps) > 1 else tuple(steps)


def _reasons(condition: Compiled, path: CallPath) -> Iterator[str]:
    for name in condition.missing(path.facts):
        fact = path.facts.get(name, ABSENT)
        yield f"{name}: {fact.reason or _value_reason(fact)}"


def _value_reason(fact: Fact) -> str:
    """Why a fact that is known left a condition undecided."""
    if fact.value is None:
        return "its value is not constant"
    if isinstance(fact.value, list | dict):
        return "not all of it is constant"
    return f"only the first {MATCHED_TEXT:,} characters are looked at"


def _merged(raised: Iterable[_Raised]) -> Iterable[_Raised]:
    """One finding for each rule and place: a caller that reaches two calls is told once, with both as evidence."""
    first: dict[tuple[str, Location], _Raised] = {}
    for each in raised:
        key = (each.finding.rule, each.finding.location)
        if key in first:
            first[key] = first[key]._replace(finding=_one(first[key].finding, each.finding))
        else:
            first[key] = each
    return first.values()


def _one(first: Finding, other: Finding) -> Finding:
    """The first finding, about the calls of both."""
    steps = tuple(dict.fromkeys((*first.evidence, *other.evidence)))
    ways = dict(zip(first.calls, first.ways, strict=True))
    for call, more in zip(other.calls, other.ways, strict=True):
        every = call in ways and not (ways[call] and more)
        ways[call] = () if every else tuple(sorted({*ways.get(call, ()), *more}))
    wanted = tuple(one for one in first.wanted if one in other.wanted)
    return msgspec.structs.replace(
        first, evidence=steps[:MAX_EVIDENCE], calls=tuple(ways), ways=tuple(ways.values()), wanted=wanted
    )


def _with_fingerprints(raised: Iterable[_Raised]) -> Iterator[Finding]:
    """Findings that are alike but for their line are numbered in the order of their lines."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding, function, callee in sorted(raised, key=lambda each: (each.finding.rule, each.finding.location)):
        likeness = (finding.rule, finding.location.path, function, callee)
        yield msgspec.structs.replace(finding, fingerprint=fingerprint(likeness, seen[likeness]), function=function)
        seen[likeness] += 1
