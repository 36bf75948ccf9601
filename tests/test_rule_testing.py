"""What `llmlint test` finds in rule files: examples that go wrong, and conditions that no example needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.catalog.loading import load_catalog
from llmlint.policy.loading import builtin_rules
from llmlint.rule_testing import try_rules

RULE = """\
rule: fast-tier
code: ACME001
category: cost
severity: warning
summary: A call asks for the fast tier.
rationale: It is dear.
when: WHEN
message: {fact: "A.", consequence: "B.", advice: "C."}
fix: Leave it out.
when_not: Never.
examples:
EXAMPLES
"""
FAST = "equals: {argument.service_tier: fast}"
CALL = "OpenAI().responses.create(model='gpt-5.5', input='Hello'%s)"
BAD = (", service_tier='fast'", "# finding")
GOOD = ("", "")


def examples(verdict: str, *calls: tuple[str, str]) -> str:
    lines = [f"  {verdict}:"]
    for number, (rest, mark) in enumerate(calls):
        lines += [f"    - name: {verdict} {number}", "      code: |", "        from openai import OpenAI"]
        lines += [f"        {CALL % rest}  {mark}".rstrip()]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


@pytest.fixture
def tried(catalog, tmp_path: Path):
    def run(when: str, *shown: str, mutate: bool = True):
        text = RULE.replace("WHEN", when).replace("EXAMPLES", "\n".join(shown))
        (tmp_path / "rule.yaml").write_text(text)
        (result,) = try_rules([tmp_path], catalog, mutate=mutate)
        return result

    return run


def warned(result) -> list[str]:
    return [f"{each.line}:{each.column}: {each.message.partition(',')[0]}" for each in result.warnings]


def test_nothing_to_say(tried):
    result = tried(f"{{{FAST}}}", examples("bad", BAD), examples("good", GOOD))
    assert (result.failed, result.warnings, len(result.examples)) == ((), (), 2)


def test_an_example_that_goes_wrong_is_told_with_its_place(tried):
    result = tried(f"{{{FAST}}}", examples("bad", BAD, (", service_tier='flex'", "# finding")), examples("good", GOOD))
    (failed,) = result.failed
    assert failed.result.example.name == "bad 1"
    assert (failed.place.line, failed.place.column) == (17, 7)
    assert failed.result.problems == ("example.py:2: expected a finding, found nothing",)
    assert result.warnings == (), "no mutants of a rule that is wrong itself"


def test_a_condition_that_can_be_left_out(tried):
    when = f"{{all: [{{{FAST}}}, {{equals: {{endpoint.kind: generation}}}}]}}"
    result = tried(when, examples("bad", BAD), examples("good", GOOD))
    (warning,) = warned(result)
    assert warning == f"7:{len('when: ') + when.index('{equals: {endpoint') + 1}: `equals` can be left out"
    assert tried(when, examples("bad", BAD), examples("good", GOOD), mutate=False).warnings == ()


def test_nothing_inside_of_what_can_be_left_out_is_told(tried):
    when = f"{{any: [{{{FAST}}}, {{all: [{{present: argument.stop}}, {{present: argument.seed}}]}}]}}"
    assert [each.partition(": ")[2] for each in warned(tried(when, examples("bad", BAD), examples("good", GOOD)))] == [
        "`all` can be left out"
    ]


def test_a_question_that_can_be_negated(tried):
    when = f"{{all: [{{{FAST}}}, {{any: [{{absent: argument.stop}}, {{absent: argument.seed}}]}}]}}"
    found = [each.partition(": ")[2] for each in warned(tried(when, examples("bad", BAD), examples("good", GOOD)))]
    assert found == ["`any` can be left out"]
    when = "{some: {list: model.ids, where: {not: {like: {item: 'gpt-4*'}}}}}"
    found = [each.partition(": ")[2] for each in warned(tried(when, examples("bad", ("", "# finding"))))]
    assert found == ["no example shows that the rule is silent"]
    when = f"{{count: {{at_least: 1, of: [{{{FAST}}}, {{present: argument.seed}}]}}}}"
    found = [each.partition(": ")[2] for each in warned(tried(when, examples("bad", BAD), examples("good", GOOD)))]
    assert found == ["`present` can be left out"]
    seeded = "{weight: 1, when: {present: argument.seed}}"
    when = f"{{score: {{at_least: 2, of: [{{weight: 2, when: {{{FAST}}}}}, {seeded}]}}}}"
    found = [each.partition(": ")[2] for each in warned(tried(when, examples("bad", BAD), examples("good", GOOD)))]
    assert found == ["`present` can be left out"]
    when = f"{{any: [{{{FAST}}}, {{not: {{present: argument.output_cap}}}}]}}"
    shown = examples("bad", BAD), examples("good", (", max_output_tokens=5", ""))
    found = [each.partition(": ")[2] for each in warned(tried(when, *shown))]
    assert found == ["`equals` can be left out", "`not` can be left out"]


def test_an_example_that_only_one_condition_decides_ends_the_warning(tried):
    when = f"{{any: [{{{FAST}}}, {{present: argument.seed}}]}}"
    more = (", extra_body={'seed': 1}", "# finding")
    assert warned(tried(when, examples("bad", BAD), examples("good", GOOD)))
    chat = "OpenAI().chat.completions.create(model='gpt-5.5', messages=[], seed=1)  # finding"
    shown = examples("bad", BAD, more).replace(CALL % more[0] + "  # finding", chat)
    assert warned(tried(when, shown, examples("good", GOOD))) == []


def test_examples_that_are_missing(tried):
    only_good = tried(f"{{{FAST}}}", examples("good", GOOD), mutate=False)
    assert warned(only_good) == ["11:1: no example shows that the rule speaks"]
    only_bad = tried(f"{{{FAST}}}", examples("bad", BAD), mutate=False)
    assert warned(only_bad) == ["11:1: no example shows that the rule is silent"]


def test_a_rule_without_examples(catalog, tmp_path):
    (tmp_path / "rule.yaml").write_text(RULE.replace("WHEN", f"{{{FAST}}}").replace("examples:\nEXAMPLES\n", ""))
    (result,) = try_rules([tmp_path], catalog)
    assert warned(result) == [
        "1:1: no example shows that the rule speaks",
        "1:1: no example shows that the rule is silent",
    ]


def test_the_examples_of_our_own_rules_are_as_expected(catalog):
    assert [each.rule.rule for each in try_rules([builtin_rules()], catalog, mutate=False) if each.failed] == []
