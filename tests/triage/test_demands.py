"""What a project demands of suppression comments: reasons, last days, and rules that nothing silences."""

from __future__ import annotations

import pytest
from commented import module

from llmlint.facts.call_site import Location
from llmlint.findings import Finding, Severity
from llmlint.triage import Demands, KnownRules, Place, triage
from llmlint.triage.demands import demands_at

TODAY = "2026-11-23"
NONE = Demands()
CODES = {"missing-output-cap": "LLM102", "changing-prompt-prefix": "LLM101"}


def run(comment: str, demands: Demands = NONE, rule: str = "missing-output-cap") -> list[tuple[str, str]]:
    """Code and status of every finding where a comment stands on the line of one."""
    known = KnownRules(CODES, demands=(Place("", demands),), today=TODAY)
    location = Location("app.py", 1, 1, 1, 10)
    finding = Finding(rule, CODES[rule], Severity.WARNING, location, "Said.")
    found = triage([finding], {"app.py": module(f"create(1)  # llmlint: {comment}")}, known)
    return sorted((each.code, each.status.value) for each in found)


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("ignore[LLM102] until 2026-11-23 the gateway", [("LLM102", "suppressed")]),
        ("ignore[LLM102] the gateway caps it, until 2027-01-31", [("LLM102", "suppressed")]),
        ("ignore[LLM102] until 2026-11-22", [("LLM102", "active"), ("LLM905", "active")]),
        ("ignore until 2026-11-22", [("LLM102", "active"), ("LLM905", "active")]),
        ("ignore[LLM102] until 2027-02-30", [("LLM102", "active"), ("LLM902", "active")]),
        ("ignore[LLM102] until 2027-1-3", [("LLM102", "active"), ("LLM902", "active")]),
        ("ignore[LLM102] until the gateway caps it", [("LLM102", "suppressed")]),
    ],
)
def test_a_last_day(comment: str, expected: list[tuple[str, str]]):
    assert run(comment) == expected


@pytest.mark.parametrize(
    ("comment", "demands", "complaint"),
    [
        ("ignore[LLM102]", Demands(require_reason=True), True),
        ("ignore[LLM102] until 2027-01-31", Demands(require_reason=True), True),
        ("ignore[LLM102] until 2027-01-31: the gateway", Demands(require_reason=True), False),
        ("ignore[LLM102] the gateway", Demands(require_reason=True), False),
        ("ignore[LLM102] the gateway", Demands(require_expiry=True), True),
        ("ignore[LLM102] until 2027-01-31", Demands(require_expiry=True), False),
        ("ignore[LLM102] the gateway", Demands(longest_days=30), True),
        ("ignore[LLM102] until 2026-12-23", Demands(longest_days=30), False),
        ("ignore[LLM102] until 2026-12-24", Demands(longest_days=30), True),
    ],
)
def test_what_a_comment_must_say(comment: str, demands: Demands, complaint: bool):
    """It still silences: one finding about one place is enough."""
    assert run(comment, demands) == [("LLM102", "suppressed"), *([("LLM906", "active")] if complaint else [])]


NEVER = Demands(never=frozenset({"missing-output-cap"}))


@pytest.mark.parametrize(
    ("comment", "rule", "expected"),
    [
        ("ignore[LLM102] why", "missing-output-cap", [("LLM102", "active"), ("LLM907", "active")]),
        ("ignore why", "missing-output-cap", [("LLM102", "active"), ("LLM904", "active"), ("LLM907", "active")]),
        ("ignore[LLM101] why", "changing-prompt-prefix", [("LLM101", "suppressed")]),
        ("ignore[LLM101, LLM102] why", "changing-prompt-prefix", [("LLM101", "suppressed"), ("LLM907", "active")]),
    ],
)
def test_rules_that_nothing_silences(comment: str, rule: str, expected: list[tuple[str, str]]):
    assert run(comment, NEVER, rule) == expected


def test_no_rule_may_be_silenced():
    assert ("LLM102", "active") in run("ignore[LLM102] why", Demands(never=frozenset({"all"})))


def test_the_nearest_folder_decides():
    near, far = Demands(require_reason=True), Demands()
    places = (Place("", far), Place("a", near), Place("a/b", far))
    assert [demands_at(path, places) for path in ("x.py", "a/x.py", "a/b/x.py", "ab/x.py")] == [far, near, far, far]
