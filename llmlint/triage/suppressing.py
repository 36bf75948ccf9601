"""Findings and facts of their modules come in; the same findings go out with the status that comments give
them, and findings about the comments themselves. None is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from llmlint.facts.syntax import ModuleFacts
from llmlint.findings import Finding, Severity, Status, Undecided
from llmlint.triage.comments import Comments, Spoken
from llmlint.triage.demands import Demands, Place, demands_at
from llmlint.triage.directives import cut, likely
from llmlint.triage.own_rules import (
    BLANKET,
    EXPIRED,
    FORBIDDEN,
    INCOMPLETE,
    MALFORMED,
    OWN_RULES,
    OWN_SEVERITIES,
    UNKNOWN,
    UNUSED,
    OwnFindings,
    removal,
)
from llmlint.triage.scope import in_order

NEAR = 3
"""An unused comment this many lines from a finding of its rule was probably meant for it."""
MOST_NAMED = 5


class KnownRules(msgspec.Struct, frozen=True):
    """The rules that comments may name.

    `codes` maps the name of every rule to its code, also of those that are off. `silent` are names of rules
    that had no chance to fire in this run; a comment that names them is not called unused. `own` gives the
    severities of the rules about comments; one that is missing is off.
    """

    codes: Mapping[str, str]
    silent: frozenset[str] = frozenset()
    own: Mapping[str, Severity] = OWN_SEVERITIES
    demands: tuple[Place, ...] = ()
    today: str = "0001-01-01"
    """The day (ISO) for which it is judged whether a comment still holds."""


def triage(
    findings: Sequence[Finding],
    modules: Mapping[str, ModuleFacts],
    known: KnownRules,
    undecided: Sequence[Undecided] = (),
) -> tuple[Finding, ...]:
    """All findings in order, those that a comment silences with status SUPPRESSED and the comment's reason.

    `modules` are facts by path; only files with comments that speak to llmlint need be there.
    `undecided` verdicts keep the comments at their places from being called unused.
    """
    names = _Names(known)
    own = OwnFindings(known.own)
    files = {
        path: _File(Comments(path, facts, names.all), names, own, _Terms(demands_at(path, known.demands), known.today))
        for path, facts in modules.items()
        if facts.comments
    }
    triaged = [files[f.location.path].status(f) if f.location.path in files else f for f in findings]
    for verdict in undecided:
        if verdict.location.path in files:
            files[verdict.location.path].spare(verdict)
    for file in files.values():
        file.judge()
    return in_order([*triaged, *own.findings])


class _Names:
    """Names and codes of rules, in whatever case they are written."""

    def __init__(self, known: KnownRules) -> None:
        codes = {**{rule.name: rule.code for rule in OWN_RULES}, **known.codes}
        self.all = [*codes, *codes.values()]
        self.silent = known.silent
        self._names = {name.lower(): name for name in codes} | {code.lower(): name for name, code in codes.items()}

    def resolve(self, written: str) -> str | None:
        """The rule's name."""
        return self._names.get(written.lower())


class _Terms(NamedTuple):
    """What comments of a file must have, and the day for which that is judged."""

    demands: Demands
    today: str

    def expired(self, spoken: Spoken) -> bool:
        """Whether its last day is over."""
        return bool(spoken.directive.until) and spoken.directive.until < self.today


class _File:
    """The comments of one file, and which of them have silenced what."""

    def __init__(self, comments: Comments, names: _Names, own: OwnFindings, terms: _Terms) -> None:
        self._comments = comments
        self._terms = terms
        self._refused: list[set[str]] = [set() for _ in comments.spoken]
        self._names = names
        self._own = own
        self._rules = [{names.resolve(name) for name in spoken.directive.names} - {None} for spoken in comments.spoken]
        self._used: list[set[str]] = [set() for _ in comments.spoken]
        self._spared: list[set[str]] = [set() for _ in comments.spoken]
        self._active: dict[str, list[Finding]] = {}

    def status(self, finding: Finding) -> Finding:
        """The finding, suppressed if a comment says so; the comment nearest to it gives the reason."""
        silencing = [index for index in self._comments.at(finding.location) if self._speaks(index, finding.rule)]
        for index in silencing:
            self._used[index].add(finding.rule)
        if self._terms.demands.forbids(finding.rule):
            for index in silencing:
                self._refused[index].add(finding.rule)
            silencing = []
        silencing = [index for index in silencing if not self._terms.expired(self._comments.spoken[index])]
        if not silencing:
            self._active.setdefault(finding.rule, []).append(finding)
            return finding
        reason = self._comments.spoken[silencing[0]].directive.reason
        return msgspec.structs.replace(finding, status=Status.SUPPRESSED, reason=reason)

    def spare(self, undecided: Undecided) -> None:
        """Notes that the rule might fire there."""
        for index in self._comments.at(undecided.location):
            if self._speaks(index, undecided.rule):
                self._spared[index].add(undecided.rule)

    def judge(self) -> None:
        """Reports what is wrong with the comments."""
        for location, malformed, text in self._comments.malformed:
            sentences = (
                f"llmlint does not understand this comment: {malformed.what}. It silences nothing.",
                malformed.hint,
            )
            self._own.add(MALFORMED, location, sentences, text)
        for index, spoken in enumerate(self._comments.spoken):
            self._judge_terms(index, spoken)
            if self._terms.expired(spoken):
                continue
            if spoken.directive.names:
                self._judge_unknown(spoken)
                self._judge_unused(index, spoken)
            else:
                self._judge_blanket(index, spoken)

    def _speaks(self, index: int, rule: str) -> bool:
        return not self._comments.spoken[index].directive.names or rule in self._rules[index]

    def _judge_terms(self, index: int, spoken: Spoken) -> None:
        demands, today = self._terms
        named = {rule for rule in self._rules[index] if rule and demands.forbids(rule)}
        refused = sorted(named | self._refused[index])
        if refused:
            fact = f"The settings don't allow {_listed(refused, 'or')} to be silenced, so this comment doesn't."
            self._own.add(FORBIDDEN, spoken.location, (fact, "Mend the code instead."), " ".join(refused))
        if self._terms.expired(spoken):
            fact = f"This comment held until {spoken.directive.until}, so it silences nothing any more."
            advice = "Mend the code and remove it, or give it a new day and say why."
            self._own.add(EXPIRED, spoken.location, (fact, advice), " ".join(spoken.directive.names))
        elif lacking := list(demands.lacking(spoken.directive, today)):
            fact = f"This comment {' and '.join(lacking)}; the settings ask for that."
            names = ", ".join(spoken.directive.names) or "rule-name"
            advice = f"Write `# llmlint: ignore[{names}] {_wanted(demands)}`."
            self._own.add(INCOMPLETE, spoken.location, (fact, advice), " ".join(spoken.directive.names))

    def _judge_unknown(self, spoken: Spoken) -> None:
        unknown = [name for name in spoken.directive.names if self._names.resolve(name) is None]
        if not unknown:
            return
        meant = {name: likely(name, self._names.all) for name in unknown[:MOST_NAMED]}
        hints = " ".join(f"Did you mean `{hint}` by `{cut(name)}`?" for name, hint in meant.items() if hint)
        fact = f"There is no rule {_listed(unknown, 'or')}, so this comment silences nothing by that name."
        advice = hints or "`llmlint rules` lists all names and codes."
        self._own.add(UNKNOWN, spoken.location, (fact, advice), " ".join(unknown))

    def _judge_unused(self, index: int, spoken: Spoken) -> None:
        needed = self._used[index] | self._spared[index] | self._names.silent
        needed |= {rule for rule in self._rules[index] if rule and self._terms.demands.forbids(rule)}
        resolved = {name: self._names.resolve(name) for name in spoken.directive.names}
        unused = [rule for rule in dict.fromkeys(resolved.values()) if rule and rule not in needed]
        if not unused:
            return
        where = "in this file" if spoken.directive.whole_file else "here"
        verb = "does" if len(unused) == 1 else "do"
        fact = f"This comment silences {_listed(unused, 'and')}, which {verb} not fire {where}."
        elsewhere = self._elsewhere(spoken, unused)
        advice = elsewhere or "Remove it, lest it hide a finding to come."
        written = [name for name, rule in resolved.items() if rule in unused]
        fixes = () if elsewhere else (removal(written if len(written) < len(resolved) else ()),)
        self._own.add(UNUSED, spoken.location, (fact, advice), " ".join(unused), *fixes)

    def _judge_blanket(self, index: int, spoken: Spoken) -> None:
        used = sorted(self._used[index])
        if used:
            verb = "ignore-file" if spoken.directive.whole_file else "ignore"
            fact = "This comment silences every rule, also those that nobody had in mind."
            advice = f"Name those that fire: `# llmlint: {verb}[{', '.join(used)}] reason`."
            self._own.add(BLANKET, spoken.location, (fact, advice), "")
        elif not self._spared[index]:
            fact = "This comment silences every rule, and none fires here."
            advice = "Remove it, lest it hide a finding to come."
            self._own.add(UNUSED, spoken.location, (fact, advice), "", removal(()))

    def _elsewhere(self, spoken: Spoken, unused: Iterable[str]) -> str:
        """Where the rule does fire, if that is so near that the comment was probably meant for it."""
        for rule in unused:
            for finding in self._active.get(rule, ()):
                place = finding.location
                near = place.line - NEAR <= spoken.location.line <= max(place.line, place.end_line) + NEAR
                if near and place.cell == spoken.location.cell:
                    return f"`{rule}` fires at line {place.line}: put it there, or alone above that statement."
        return ""


def _listed(names: Sequence[str], conjunction: str) -> str:
    """Names in backticks, the first few of many."""
    shown = [f"`{cut(name)}`" for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        shown.append(f"{len(names) - MOST_NAMED:,} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {conjunction} {shown[-1]}"


def _wanted(demands: Demands) -> str:
    """What to write behind the brackets."""
    dated = demands.require_expiry or demands.longest_days is not None
    return "until DAY reason" if dated else "reason"
