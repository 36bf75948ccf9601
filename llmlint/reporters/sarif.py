"""Renders a report as SARIF 2.1.0 for code scanning: rules, results with evidence, and what was not read."""

from __future__ import annotations

import json
from typing import Any, TextIO

from llmlint.edits import Fix
from llmlint.facts.call_site import Location, Step
from llmlint.findings import Finding, RuleInfo, Severity, Status
from llmlint.reporters.escape import uri, whole
from llmlint.reporters.report import Report, SkippedFile, View
from llmlint.reporters.wording import help_line

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "SRCROOT"
FINGERPRINT = "llmlint/v1"
LONGEST_DESCRIPTION = 1_000
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SUPPRESSIONS = {Status.SUPPRESSED: "inSource", Status.BASELINED: "external"}


def render(report: Report, out: TextIO, view: View) -> None:
    """Writes one JSON object in ASCII. Equal runs give equal bytes: there are no times in it."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_Run(report, view).as_json()]}
    json.dump(log, out, indent=2, allow_nan=False)
    out.write("\n")


class _Run:
    """One run: what its parts share is the report and where each rule stands in the table of rules."""

    def __init__(self, report: Report, view: View) -> None:
        self._report = report
        self._view = view
        self._rules = _rules(report)
        self._index = {rule.name: index for index, rule in enumerate(self._rules)}

    def as_json(self) -> dict[str, Any]:
        driver = {
            "name": "llmlint",
            "version": self._report.version,
            "rules": [_rule(rule) for rule in self._rules],
        }
        notifications = [self._notification(file) for file in self._report.skipped]
        return {
            "tool": {"driver": driver},
            "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
            "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the project."}}},
            "columnKind": "unicodeCodePoints",
            "results": [self._result(finding) for finding in self._report.findings],
            "properties": {"undecided": len(self._report.undecided)},
        }

    def _result(self, finding: Finding) -> dict[str, Any]:
        """Evidence is given twice: as related places, and in order as a flow that ends at the finding."""
        related = [{"id": number, **self._step(step)} for number, step in enumerate(finding.evidence, 1)]
        return {
            "ruleId": finding.code,
            "ruleIndex": self._index[finding.rule],
            "level": _LEVELS[finding.severity],
            "message": _message(finding.message),
            "locations": [self._location(finding.location)],
            **({"relatedLocations": related, "codeFlows": [self._flow(finding)]} if related else {}),
            **({"partialFingerprints": {FINGERPRINT: finding.fingerprint}} if finding.fingerprint else {}),
            **({"fixes": [self._fix(finding.fix)]} if finding.fix is not None and finding.fix.edits else {}),
            "suppressions": _suppressions(finding),
            "properties": {"help": help_line(finding.rule, finding.help)},
        }

    def _fix(self, fix: Fix) -> dict[str, Any]:
        """All edits of a fix are in one file."""
        replacements = [
            {"deletedRegion": _span(edit.location), "insertedContent": {"text": whole(edit.text)}} for edit in fix.edits
        ]
        artifact = self._artifact(fix.edits[0].location)
        return {
            "description": _message(f"{fix.title} ({fix.safety.value})"),
            "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
        }

    def _flow(self, finding: Finding) -> dict[str, Any]:
        last = Step(finding.location, f"{finding.rule}: the finding")
        places = [{"location": self._step(step)} for step in (*finding.evidence, last)]
        return {"threadFlows": [{"locations": places}]}

    def _step(self, step: Step) -> dict[str, Any]:
        return {**self._location(step.location), "message": _message(step.what)}

    def _location(self, location: Location) -> dict[str, Any]:
        """In a notebook the lines count inside the cell, which is named beside them."""
        physical = {"artifactLocation": self._artifact(location), "region": _region(location)}
        if location.cell is None:
            return {"physicalLocation": physical}
        return {
            "physicalLocation": physical,
            "logicalLocations": [{"name": f"cell {location.cell}", "kind": "cell"}],
            "properties": {"cell": location.cell},
        }

    def _artifact(self, location: Location) -> dict[str, Any]:
        path = self._view.repository_path(self._report.root, location.path)
        return {"uri": uri(path), "uriBaseId": ROOT}

    def _notification(self, file: SkippedFile) -> dict[str, Any]:
        return {
            "level": "warning",
            "descriptor": {"id": file.kind},
            "message": _message(file.message),
            "locations": [self._location(file.location)],
        }


def _rules(report: Report) -> list[RuleInfo]:
    """All rules by code; a finding's rule that is not among them is known by its names alone."""
    rules = {rule.name: rule for rule in report.rules}
    for finding in report.findings:
        if finding.rule not in rules:
            rules[finding.rule] = RuleInfo(finding.rule, finding.code, finding.severity, finding.rule)
    return sorted(rules.values(), key=lambda rule: (rule.code, rule.name))


def _rule(rule: RuleInfo) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _first_paragraph(rule.rationale) or rule.summary},
        "help": {"text": _help(rule, ""), "markdown": _help(rule, "## ")},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["llm", *([rule.category] if rule.category else [])]},
    }


def _first_paragraph(text: str) -> str:
    """As one line, cut where code scanning cuts it; the whole text stands in the help."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    return paragraph if len(paragraph) <= LONGEST_DESCRIPTION else f"{paragraph[: LONGEST_DESCRIPTION - 1]}…"


def _help(rule: RuleInfo, heading: str) -> str:
    """The rule's texts under headings; they are Markdown as they are."""
    sections = (
        ("Why", rule.rationale),
        ("What to do", rule.fix),
        ("When not to care", rule.when_not),
        ("References", "\n".join(f"- {reference}" for reference in rule.references)),
    )
    parts = [f"{heading}{title}\n\n{text.strip()}" for title, text in sections if text.strip()]
    return "\n\n".join((rule.summary, *parts, f"`llmlint explain {rule.name}` says more."))


def _message(text: str) -> dict[str, str]:
    """Plain text. What would be a link in a SARIF message is none: it may come from the code of strangers."""
    return {"text": whole(text).replace("](", "] (")}


def _region(location: Location) -> dict[str, int]:
    region = {"startLine": max(1, location.line), "startColumn": max(1, location.column)}
    if (location.end_line, location.end_column) > (location.line, location.column):
        region |= {"endLine": location.end_line, "endColumn": location.end_column}
    return region


def _span(location: Location) -> dict[str, int]:
    """A region that may be empty: something is put in there."""
    return {
        "startLine": location.line,
        "startColumn": location.column,
        "endLine": location.end_line,
        "endColumn": location.end_column,
    }


def _suppressions(finding: Finding) -> list[dict[str, str]]:
    """An empty list says that the finding is not suppressed; leaving it out would say that nobody knows."""
    kind = _SUPPRESSIONS.get(finding.status)
    if kind is None:
        return []
    justification = {"justification": whole(finding.reason)} if finding.reason else {}
    return [{"kind": kind, "status": "accepted", **justification}]
