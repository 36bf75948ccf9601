"""Comments in code: which findings they silence, and what is said about the comments."""

from textwrap import dedent

import pytest
from commented import module, notebook

from llmlint.facts.call_site import Location
from llmlint.findings import Finding, Severity, Status, Undecided
from llmlint.triage import OWN_RULES, KnownRules, triage

KNOWN = KnownRules({"missing-output-cap": "LLM102", "changing-prompt-prefix": "LLM101"})


def finding(line, end_line=0, rule="missing-output-cap", cell=None, path="app.py"):
    location = Location(path, line, 5, end_line or line, 20, cell)
    return Finding(rule, KNOWN.codes[rule], Severity.WARNING, location, "Said.")


def run(source, *findings, known=KNOWN, undecided=()):
    return triage(findings, {"app.py": module(dedent(source))}, known, undecided)


def said(results):
    """The findings about comments, as (code, line, message)."""
    return [(f.code, f.location.line, f.message) for f in results if f.code.startswith("LLM9")]


def statuses(results):
    return [(f.location.line, f.status.value, f.reason) for f in results if not f.code.startswith("LLM9")]


@pytest.mark.parametrize(
    "source",
    [
        "create(1)  # llmlint: ignore[missing-output-cap] short",
        "create(1)  # llmlint: ignore[LLM102] short",
        "create(1)  # llmlint: ignore[llm102] short",
        "create(  # llmlint: ignore[LLM102] short\n    1,\n)",
        "create(\n    1,  # llmlint: ignore[LLM102] short\n)",
        "create(\n    # llmlint: ignore[LLM102] short\n    1,\n)",
        "create(\n    1,\n)  # llmlint: ignore[LLM102] short",
        "# llmlint: ignore-file[LLM102] short\nimport os\ncreate(1)",
        '"""Text."""\nimport os\n# llmlint: ignore-file[LLM102] short\n\ncreate(1)',
    ],
)
def test_a_finding_is_silenced_with_the_reason(source):
    first = source.split("\n").index(next(line for line in source.split("\n") if line.startswith("create"))) + 1
    results = run(source, finding(first, source.count("\n") + 1))
    assert [(f.status, f.reason) for f in results] == [(Status.SUPPRESSED, "short")]


def test_alone_above_it_speaks_about_the_whole_statement():
    source = """\
    import os

    def ask():
        # llmlint: ignore[LLM102] short
        # as everybody knows
        answer = parse(
            create(1),
        )
        return create(2)
    """
    results = run(source, finding(7), finding(9))
    assert statuses(results) == [(7, "suppressed", "short"), (9, "active", "")]
    assert said(results) == []


def test_inside_a_call_it_does_not_speak_about_the_next_statement():
    source = """\
    create(
        # llmlint: ignore[LLM102] short
        1,
    )
    create(2)
    """
    assert statuses(run(source, finding(1, 4), finding(5))) == [(1, "suppressed", "short"), (5, "active", "")]


def test_behind_code_it_speaks_about_that_line_only():
    source = """\
    x = 1  # llmlint: ignore[LLM102]
    create(2)
    """
    results = run(source, finding(2))
    assert statuses(results) == [(2, "active", "")]
    assert said(results) == [
        (
            "LLM901",
            1,
            "This comment silences `missing-output-cap`, which does not fire here. "
            "`missing-output-cap` fires at line 2: put it there, or alone above that statement.",
        )
    ]


def test_other_rules_at_the_place_stay_active():
    results = run("create(1)  # llmlint: ignore[LLM102]", finding(1), finding(1, rule="changing-prompt-prefix"))
    assert {f.rule: f.status.value for f in results} == {
        "missing-output-cap": "suppressed",
        "changing-prompt-prefix": "active",
    }


def test_the_nearest_comment_gives_the_reason():
    source = "# llmlint: ignore-file[LLM102] far\ncreate(1)  # llmlint: ignore[LLM102] near"
    results = run(source, finding(2))
    assert statuses(results) == [(2, "suppressed", "near")]
    assert said(results) == []


def test_the_rules_that_did_not_fire_are_named():
    results = run("create(1)  # llmlint: ignore[LLM102, changing-prompt-prefix] short", finding(1))
    assert said(results) == [
        (
            "LLM901",
            1,
            "This comment silences `changing-prompt-prefix`, which does not fire here. "
            "Remove it, lest it hide a finding to come.",
        )
    ]


def test_an_unused_file_comment_is_reported():
    ((code, line, message),) = said(run("# llmlint: ignore-file[LLM102]\ncreate(1)"))
    assert (code, line) == ("LLM901", 1)
    assert "does not fire in this file" in message


def test_a_rule_that_was_not_run_is_not_called_unused():
    known = KnownRules(KNOWN.codes, silent=frozenset({"missing-output-cap"}))
    assert said(run("create(1)  # llmlint: ignore[LLM102]", known=known)) == []


def test_an_undecided_rule_is_not_called_unused():
    undecided = Undecided("missing-output-cap", "LLM102", Location("app.py", 1, 1, 1, 10), ("the splat",))
    assert said(run("create(1)  # llmlint: ignore[LLM102]", undecided=[undecided])) == []
    assert said(run("create(1)  # llmlint: ignore", undecided=[undecided])) == []


def test_an_unknown_rule_is_reported_with_the_likely_name():
    ((code, line, message),) = said(run("create(1)  # llmlint: ignore[mising-output-cap, x]", finding(1)))
    assert (code, line) == ("LLM903", 1)
    assert "no rule `mising-output-cap` or `x`" in message
    assert "Did you mean `missing-output-cap` by `mising-output-cap`?" in message


def test_a_malformed_comment_silences_nothing_and_is_reported():
    results = run("create(1)  # llmlint: ignore missing-output-cap", finding(1))
    assert statuses(results) == [(1, "active", "")]
    ((code, _, message),) = said(results)
    assert code == "LLM902"
    assert "Write `# llmlint: ignore[missing-output-cap] reason`." in message


def test_a_file_comment_below_the_first_statement_is_malformed():
    results = run("x = 1\n# llmlint: ignore-file[LLM102]\ncreate(1)", finding(3))
    assert statuses(results) == [(3, "active", "")]
    assert [code for code, _, _ in said(results)] == ["LLM902"]


def test_without_names_every_rule_is_silenced_and_the_names_are_asked_for():
    results = run("create(1)  # llmlint: ignore short", finding(1), finding(1, rule="changing-prompt-prefix"))
    assert statuses(results) == [(1, "suppressed", "short")] * 2
    ((code, _, message),) = said(results)
    assert code == "LLM904"
    assert "`# llmlint: ignore[changing-prompt-prefix, missing-output-cap] reason`" in message


def test_without_names_and_findings_it_is_unused():
    assert [code for code, _, _ in said(run("create(1)  # llmlint: ignore"))] == ["LLM901"]


def test_rules_about_comments_can_be_turned_off_and_reweighed():
    source = "create(1)  # llmlint: ignore[LLM102]\nx = 1  # llmlint: nothing"
    known = KnownRules(KNOWN.codes, own={"unused-suppression": Severity.ERROR})
    assert [(f.code, f.severity) for f in run(source, known=known)] == [("LLM901", Severity.ERROR)]


def test_comments_do_not_silence_findings_about_comments():
    results = run("# llmlint: ignore-file[unused-suppression]\ncreate(1)  # llmlint: ignore[LLM102]")
    assert [(f.code, f.location.line, f.status) for f in results] == [
        ("LLM901", 1, Status.ACTIVE),
        ("LLM901", 2, Status.ACTIVE),
    ]


def test_the_place_of_a_comment_is_exact():
    (unused,) = run("create(1)  # llmlint: ignore[LLM102]")
    assert unused.location == Location("app.py", 1, 12, 1, 37)


def test_fingerprints_stay_when_lines_move_and_differ_between_equals():
    twice = "a = 1  # llmlint: ignore[LLM102]\nb = 1  # llmlint: ignore[LLM102]\n"
    before = [f.fingerprint for f in run(twice)]
    assert before == [f.fingerprint for f in run("\n\n" + twice)]
    assert len(set(before)) == 2


def test_in_a_notebook_lines_count_inside_the_cell():
    facts = notebook(
        [
            (1, "import os\n# llmlint: ignore[LLM102] alone"),
            (4, "create(1)"),
            (5, "# x\ncreate(2)  # llmlint: ignore[LLM102] short"),
        ]
    )
    findings = [finding(1, cell=4, path="n.ipynb"), finding(2, cell=5, path="n.ipynb")]
    results = triage(findings, {"n.ipynb": facts}, KNOWN)
    assert [(f.code, f.location.cell, f.location.line, f.status.value) for f in results] == [
        ("LLM901", 1, 2, "active"),
        ("LLM102", 4, 1, "active"),
        ("LLM102", 5, 2, "suppressed"),
    ]


def test_files_without_facts_keep_their_findings_and_nothing_is_dropped():
    findings = [finding(n, path=path) for path in ("b.py", "app.py") for n in (3, 1)]
    results = triage(findings, {"app.py": module("create(1)  # llmlint: ignore[LLM102]")}, KNOWN)
    assert [(f.location.path, f.location.line) for f in results] == [
        ("app.py", 1),
        ("app.py", 3),
        ("b.py", 1),
        ("b.py", 3),
    ]


def test_a_file_full_of_comments_is_quick():
    source = "\n".join(f"create({n})  # llmlint: ignore[LLM102, x{n}]" for n in range(3_000))
    assert len(run(source, *(finding(n, 3_000) for n in range(1, 50)))) > 3_000


def test_own_rules_are_told_about_in_full():
    for rule in OWN_RULES:
        assert all((rule.summary, rule.rationale, rule.when_not, rule.fix, rule.category)), rule.name
