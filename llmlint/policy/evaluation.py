"""Rules and call sites come in; findings with their evidence, and what stayed undecided and why, go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from llmlint.facts.call_site import ABSENT, CallPath, CallSite, Fact, Location, Step
from llmlint.findings import Finding, Undecided, fingerprint
from llmlint.policy import messages
from llmlint.policy.conditions import Compiled, compiled
from llmlint.policy.grouping import Group, groups
from llmlint.policy.messages import Template
from llmlint.policy.rules import MATCHED_TEXT, Message, OptionValues, Rule, Variant
from llmlint.policy.settings import RulePolicy, Settings, settings_for
from llmlint.ternary import TRUE, UNKNOWN, Ternary

MAX_EVIDENCE = 40


class Verdicts(msgspec.Struct, frozen=True):
    """`findings` and `undecided` in the order of place and rule."""

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]


def evaluate(rules: Sequence[Rule], call_sites: Sequence[CallSite], policies: Sequence[RulePolicy] = ()) -> Verdicts:
    """Every rule on every call path, grouped by call site. Later policies win over earlier ones."""
    findings: list[_Raised] = []
    undecided: list[Undecided] = []
    for rule in rules:
        engine = _Engine(rule, [policy for policy in policies if policy.concerns(rule)])
        for site in call_sites:
            judged = engine.judged(site)
            findings.extend(engine.findings(site, judged))
            undecided.extend(engine.undecided(site, judged))
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
        self.sentences = [messages.parse(text) for text in _sentences(rule.message)]
        self.variants = [[messages.parse(text) for text in _sentences(each)] for each in rule.message.variants]
        self._settings: dict[str, Settings] = {}
        self._conditions: dict[str, Compiled] = {}
        self._compiled: dict[tuple[object, ...], Compiled] = {}

    def judged(self, site: CallSite) -> tuple[Ternary, ...]:
        """The verdict on each path; none where the rule is off."""
        if not self._at(site.location.path).enabled:
            return ()
        holds = self._condition(site.location.path).holds
        return tuple(holds(path.facts) for path in site.paths)

    def findings(self, site: CallSite, verdicts: Sequence[Ternary]) -> Iterator[_Raised]:
        """The findings at the call site or at its callers."""
        if TRUE not in verdicts:
            return
        for group in groups(site, verdicts, self.rule.about):
            settings = self._at(group.place.path)
            if settings.enabled:
                yield _Raised(self._finding(site, group, settings), site.function, site.callee)

    def undecided(self, site: CallSite, verdicts: Sequence[Ternary]) -> Iterator[Undecided]:
        """Why the rule can't tell about the call site, if it can't."""
        if TRUE in verdicts or UNKNOWN not in verdicts:
            return
        condition = self._condition(site.location.path)
        paths = [path for path, verdict in zip(site.paths, verdicts, strict=True) if verdict is UNKNOWN]
        reasons = dict.fromkeys(reason for path in paths for reason in _reasons(condition, path))
        yield Undecided(self.rule.rule, self.rule.code, site.location, tuple(reasons))

    def _at(self, path: str) -> Settings:
        if path not in self._settings:
            self._settings[path] = settings_for(self.rule, self.policies, path)
        return self._settings[path]

    def _condition(self, path: str) -> Compiled:
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
            message=" ".join(messages.fill(template, facts, options) for template in self._said(facts, options)),
            evidence=_evidence(self.rule, site, group),
            help=f"llmlint explain {self.rule.rule}",
            calls=(site.location,),
        )

    def _said(self, facts: Mapping[str, Fact], options: OptionValues) -> list[Template]:
        """The templates of the sentences: those of the first variant that holds, else the message's own."""
        for variant, templates in zip(self.rule.message.variants, self.variants, strict=True):
            key = (id(variant), *options.values())
            if key not in self._compiled:
                self._compiled[key] = compiled(variant.when, options)
            if self._compiled[key].holds(facts) is TRUE:
                return [said or own for said, own in zip(templates, self.sentences, strict=True)]
        return self.sentences


def _sentences(said: Message | Variant) -> tuple[str, str, str]:
    return said.fact, said.consequence, said.advice


def _evidence(rule: Rule, site: CallSite, group: Group) -> tuple[Step, ...]:
    """The call if the finding stands elsewhere, what led to the rule's facts, the callers; no step twice."""
    steps = [] if group.place == site.location else [Step(site.location, f"calls {site.callee}")]
    for path in group.paths:
        steps.extend(step for name in rule.evidence for step in path.facts.get(name, ABSENT).evidence)
    for path in group.paths:
        steps.extend(path.callers)
    return tuple(dict.fromkeys(steps))[:MAX_EVIDENCE]


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
            steps = tuple(dict.fromkeys((*first[key].finding.evidence, *each.finding.evidence)))
            calls = tuple(dict.fromkeys((*first[key].finding.calls, *each.finding.calls)))
            finding = msgspec.structs.replace(first[key].finding, evidence=steps[:MAX_EVIDENCE], calls=calls)
            first[key] = first[key]._replace(finding=finding)
        else:
            first[key] = each
    return first.values()


def _with_fingerprints(raised: Iterable[_Raised]) -> Iterator[Finding]:
    """Findings that are alike but for their line are numbered in the order of their lines."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding, function, callee in sorted(raised, key=lambda each: (each.finding.rule, each.finding.location)):
        likeness = (finding.rule, finding.location.path, function, callee)
        yield msgspec.structs.replace(finding, fingerprint=fingerprint(likeness, seen[likeness]), function=function)
        seen[likeness] += 1
