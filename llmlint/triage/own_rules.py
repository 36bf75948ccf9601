"""The rules about suppression comments themselves, which no YAML can express, and their findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from llmlint.edits import KINDS, Safety, Wanted
from llmlint.facts.call_site import Location
from llmlint.findings import Finding, RuleFix, RuleInfo, Severity, fingerprint

UNUSED = RuleInfo(
    name="unused-suppression",
    code="LLM901",
    severity=Severity.WARNING,
    summary="A suppression comment names a rule that does not fire there.",
    category="suppressions",
    rationale="A comment that silences nothing today hides the next true finding on that line.",
    when_not="Never: a comment that is not needed can go. Undecided verdicts do not count as unused.",
    fix="Remove the rule from the comment, or the comment, or move it to the line where the rule fires.",
    fixes=(RuleFix("remove-suppression", KINDS["remove-suppression"].meaning, Safety.SAFE.value),),
)
MALFORMED = RuleInfo(
    name="malformed-suppression",
    code="LLM902",
    severity=Severity.WARNING,
    summary="A comment speaks to llmlint in words that it does not know.",
    category="suppressions",
    rationale="The comment looks as if it silenced something, and silences nothing.",
    when_not="Never: such a comment does nothing.",
    fix="Write `# llmlint: ignore[rule-name] reason`, or `ignore-file[...]` above the first statement.",
)
UNKNOWN = RuleInfo(
    name="unknown-rule-in-suppression",
    code="LLM903",
    severity=Severity.WARNING,
    summary="A suppression comment names a rule that does not exist.",
    category="suppressions",
    rationale="A misspelt name silences nothing, and the finding it was meant for still fails the build.",
    when_not="While a rule of your own is not on every branch yet.",
    fix="Correct the name; `llmlint rules` lists all names and codes.",
)
BLANKET = RuleInfo(
    name="blanket-suppression",
    code="LLM904",
    severity=Severity.INFO,
    summary="A suppression comment names no rule, so it silences all of them.",
    category="suppressions",
    rationale="It silences rules that nobody had in mind, also those that are added later.",
    when_not="In generated code, and in files that are about to go.",
    fix="Name the rules: `# llmlint: ignore[rule-name] reason`.",
)
EXPIRED = RuleInfo(
    name="expired-suppression",
    code="LLM905",
    severity=Severity.WARNING,
    summary="A suppression comment names a last day, and that day is over.",
    category="suppressions",
    rationale="Somebody promised to look at it again by then. What the comment silenced is reported again.",
    when_not="Never: the comment does nothing any more.",
    fix="Mend the code and remove the comment, or give it a new day: `# llmlint: ignore[rule-name] until DAY reason`.",
)
INCOMPLETE = RuleInfo(
    name="incomplete-suppression",
    code="LLM906",
    severity=Severity.WARNING,
    summary="A suppression comment lacks the reason or the last day that the settings ask for.",
    category="suppressions",
    rationale="The team agreed to say why something is silenced, or for how long, so that others can judge it later.",
    when_not="Never: change `suppressions` in the settings if it asks for too much.",
    fix="Write why, and until when: `# llmlint: ignore[rule-name] until 2027-01-31 reason`.",
)
FORBIDDEN = RuleInfo(
    name="forbidden-suppression",
    code="LLM907",
    severity=Severity.WARNING,
    summary="A suppression comment names a rule that the settings don't allow to be silenced.",
    category="suppressions",
    rationale="The comment looks as if it silenced the rule. It doesn't, so the finding is still reported.",
    when_not="Never: ask whoever keeps the policy, or change `suppressions.never` in the settings.",
    fix="Mend the code, and remove the rule from the comment.",
)


def removal(names: Sequence[str]) -> Wanted:
    """The fix that takes these names out of a comment; all of it where there are none."""
    title = f"Remove {', '.join(f'`{name}`' for name in names)} from the comment." if names else "Remove the comment."
    return Wanted("remove-suppression", title, Safety.SAFE, "comment", {"names": [*names]} if names else {})


OWN_RULES = (UNUSED, MALFORMED, UNKNOWN, BLANKET, EXPIRED, INCOMPLETE, FORBIDDEN)
"""They can't be silenced by comments; the configuration can turn them off."""

OWN_SEVERITIES: Mapping[str, Severity] = MappingProxyType({rule.name: rule.severity for rule in OWN_RULES})


class OwnFindings:
    """Collects findings of `OWN_RULES` at the severities asked for; a rule without one is off."""

    def __init__(self, severities: Mapping[str, Severity]) -> None:
        self._severities = severities
        self._alike: dict[tuple[str, ...], int] = {}
        self.findings: list[Finding] = []

    def add(
        self, rule: RuleInfo, location: Location, sentences: Sequence[str], likeness: str, *fixes: Wanted
    ) -> None:
        """A finding at a comment. `likeness` is what it is about, for the fingerprint."""
        severity = self._severities.get(rule.name)
        if severity is None:
            return
        alike = (rule.name, location.path, likeness)
        ordinal = self._alike[alike] = self._alike.get(alike, -1) + 1
        self.findings.append(
            Finding(
                rule=rule.name,
                code=rule.code,
                severity=severity,
                location=location,
                message=" ".join(sentence for sentence in sentences if sentence),
                fingerprint=fingerprint(alike, ordinal),
                help=f"llmlint explain {rule.name}",
                wanted=fixes,
            )
        )
