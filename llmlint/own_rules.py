"""The rules that no YAML file describes, what a project wants of them, and the findings about unreadable files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

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
OWN_RULES = (UNREADABLE, *COMMENT_RULES)
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
