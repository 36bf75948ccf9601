"""The rules that no YAML file describes, what a project wants of them, and the findings about unreadable files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

import msgspec

from llmlint.catalog.assumptions import Assumption, counted
from llmlint.facts.call_site import Location
from llmlint.facts.syntax import SourceProblem
from llmlint.findings import Finding, RuleInfo, Severity, fingerprint
from llmlint.policy import RulePolicy
from llmlint.triage import OWN_RULES as COMMENT_RULES

UNREADABLE = RuleInfo(
    name="unreadable-source",
    code="LLM900",
    severity=Severity.WARNING,
    summary="A file that may call a model can't be read, so llmlint knows nothing about it.",
    category="files",
    rationale="Whatever the file does wrong is not reported, and what it shares with others is not known to them.",
    when_not="For files that are no Python 3, such as templates: exclude them.",
    fix="Mend the file, or add it to `exclude` in the settings.",
)
UNUSED_ASSUMPTION = RuleInfo(
    name="unused-assumption",
    code="LLM908",
    severity=Severity.WARNING,
    summary="The settings assume a value that no call of a model depends on.",
    category="settings",
    rationale="A misspelt name declares nothing, and what was to become known stays undecided in silence.",
    when_not="While the code that reads it is not on every branch yet. What an extended set assumes is left alone.",
    fix="Spell the name as the code does, with the modules as an import names them, or remove it from `assume`.",
)
OWN_RULES = (UNREADABLE, *COMMENT_RULES, UNUSED_ASSUMPTION)
_NAMES = frozenset(rule.name for rule in OWN_RULES)

_ADVICE = {
    "syntax": "Mend the syntax, or `exclude` the file in the settings.",
    "encoding": "Save the file as UTF-8 or declare its encoding, or `exclude` it in the settings.",
    "too-deep": "Make the code flatter, or `exclude` the file in the settings.",
    "notebook": "Save the notebook anew, or `exclude` it in the settings.",
    "too-large": "Split the file, or `exclude` it in the settings.",
    "unreadable": "Check the name and the permissions, or `exclude` it in the settings.",
}


def own_severities(policies: Sequence[RulePolicy], path: str) -> Mapping[str, Severity]:
    """The severities of these rules in a file; one that is off is missing."""
    found = ((rule.name, _severity(rule, policies, path)) for rule in OWN_RULES)
    return {name: severity for name, severity in found if severity is not None}


def own_severity(finding: Finding, policies: Sequence[RulePolicy]) -> Finding:
    """The finding as severe as the settings want it in its file, if it is of one of these rules."""
    if finding.rule not in _NAMES:
        return finding
    severity = own_severities(policies, finding.location.path).get(finding.rule, finding.severity)
    return finding if severity is finding.severity else msgspec.structs.replace(finding, severity=severity)


def unreadable_findings(problems: Mapping[str, SourceProblem], policies: Sequence[RulePolicy]) -> Iterator[Finding]:
    """A finding for each file that can't be read, unless that is nobody's concern there."""
    for path, problem in sorted(problems.items()):
        severity = own_severities(policies, path).get(UNREADABLE.name)
        if severity is not None:
            yield _finding(path, problem, severity)


def unused_assumptions(
    assumptions: Iterable[Assumption],
    statistics: Mapping[str, int],
    names: Callable[[Assumption], Iterable[str]],
    policies: Sequence[RulePolicy],
) -> Iterator[Finding]:
    """A finding for each assumption that linking had no use for. `names` gives those that it may have meant."""
    for assumption in assumptions:
        place = assumption.location
        severity = own_severities(policies, place.path).get(UNUSED_ASSUMPTION.name)
        if severity is None or counted(assumption) in statistics:
            continue
        meant = get_close_matches(assumption.name, sorted(names(assumption)), n=1, cutoff=0.75)
        hint = f" (did you mean `{meant[0]}`?)" if meant else ""
        yield Finding(
            rule=UNUSED_ASSUMPTION.name,
            code=UNUSED_ASSUMPTION.code,
            severity=severity,
            location=place,
            message=f"No call of a model depends on `{assumption.name}`, which is assumed here{hint}. "
            "What it was to tell stays unknown. Spell the name as the code does, or remove it.",
            fingerprint=fingerprint((UNUSED_ASSUMPTION.name, place.path, assumption.name), 0),
            help=f"llmlint explain {UNUSED_ASSUMPTION.name}",
        )


def location_of(path: str, problem: SourceProblem) -> Location:
    """Where in the file the problem is; its start if that is not known."""
    return Location(path, max(1, problem.line), max(1, problem.column))


def _finding(path: str, problem: SourceProblem, severity: Severity) -> Finding:
    message = problem.message.strip().rstrip(".")
    sentences = (
        f"This can't be read: {message[:1].lower()}{message[1:]}.",
        "Calls in it are not checked; the rest of the project is.",
        _ADVICE[problem.kind],
    )
    return Finding(
        rule=UNREADABLE.name,
        code=UNREADABLE.code,
        severity=severity,
        location=location_of(path, problem),
        message=" ".join(sentences),
        fingerprint=fingerprint((UNREADABLE.name, path, problem.kind), 0),
        help=f"llmlint explain {UNREADABLE.name}",
    )


def _severity(rule: RuleInfo, policies: Sequence[RulePolicy], path: str) -> Severity | None:
    enabled, severity = True, rule.severity
    for policy in policies:
        if policy.rule in ("", rule.name) and policy.covers(path):
            if policy.reset:
                enabled, severity = True, rule.severity
            enabled = enabled if policy.enabled is None else policy.enabled
            severity = policy.severity or severity
    return severity if enabled else None
