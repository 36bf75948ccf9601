"""Sentences that are said only for some findings: of the variants the first that holds counts, part by part."""

from __future__ import annotations

import pytest
from making import known, path, place, rule, rule_text, site

from llmlint import yamlfile
from llmlint.errors import ProblemsError
from llmlint.facts.call_site import Step
from llmlint.policy import evaluate
from llmlint.policy.grouping import groups
from llmlint.policy.loading import rule_from
from llmlint.ternary import FALSE, TRUE

VARIANTS = """advice: "Be quiet."
  variants:
    - when: {equals: {endpoint.kind: embedding}}
      advice: "Embed quietly."
    - when: {at_least: {prompt.static_tokens: $option.least}}
      fact: "The call is loud: {prompt.static_tokens:number} tokens."
"""


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({}, "The call is loud. It hurts. Be quiet."),
        ({"endpoint__kind": "embedding"}, "The call is loud. It hurts. Embed quietly."),
        ({"prompt__static_tokens": 12}, "The call is loud: 12 tokens. It hurts. Be quiet."),
        ({"prompt__static_tokens": 9}, "The call is loud. It hurts. Be quiet."),
        ({"prompt__static_tokens": ...}, "The call is loud. It hurts. Be quiet."),
        ({"endpoint__kind": "embedding", "prompt__static_tokens": 12}, "The call is loud. It hurts. Embed quietly."),
    ],
)
def test_what_is_said(facts: dict[str, object], message: str):
    spoken = rule(advice=VARIANTS.replace("advice", "  advice", 1))
    (finding,) = evaluate([spoken], [site(path(argument__stop="x", **facts))]).findings
    assert finding.message == message


@pytest.mark.parametrize(
    ("variant", "problem"),
    [
        ('{when: {present: argument.stop}}', "it says nothing else"),
        ('{when: {present: argument.stopp}, fact: "It is."}', "unknown fact `argument.stopp`"),
        ('{when: {present: argument.stop}, fact: "It is"}', "end it with a full stop"),
        ('{when: {present: argument.stop}, fact: "It is {prompt.static_tokens:number}."}', "may be unknown or absent"),
    ],
)  # fmt: skip
def test_mistakes_in_variants(variant: str, problem: str):
    text = rule_text(advice=f'  advice: "Be quiet."\n  variants:\n    - {variant}')
    with pytest.raises(ProblemsError) as caught:
        rule_from(yamlfile.load(text, "rule.yaml"))
    assert any(problem in str(each) for each in caught.value.problems)


# --- where a client's construction gives the argument that a finding is about -------------------------------------


def test_calls_of_one_construction_are_one_finding():
    built = known(["output_cap", "model"], Step(place(3), "the client is constructed"))
    calls = [site(path(argument__stop="x", client__gives=built), line=line) for line in (10, 20)]
    spoken = rule(evidence="about: argument.output_cap\nevidence: []")
    (finding,) = evaluate([spoken], calls).findings
    assert finding.location == place(3)
    assert [step.location.line for step in finding.evidence] == [10, 20]


def test_another_argument_stays_at_the_call():
    built = known(["model"], Step(place(3), "the client is constructed"))
    call = site(path(client__gives=built), line=10)
    assert [group.place.line for group in groups(call, [TRUE], "output_cap")] == [10]
    assert [group.place.line for group in groups(call, [TRUE], "model")] == [3]
    assert [group.place.line for group in groups(call, [TRUE])] == [10]


def test_several_constructions_on_several_paths():
    one = known(["model"], Step(place(3), "the client is constructed"))
    two = known(["model"], Step(place(4), "the client is constructed"))
    call = site(path(50, client__gives=one), path(60, client__gives=two), path(70), line=10)
    assert [group.place.line for group in groups(call, [TRUE, TRUE, TRUE], "model")] == [3, 4, 10]
    assert [group.place.line for group in groups(call, [TRUE, FALSE, FALSE], "model")] == [3]


def test_what_is_about_a_loop_stands_where_the_loop_calls_once():
    repeated = known("ask", Step(place(30), "the loop repeats `ask(...)`"))
    inner = site(path(20, argument__stop="x", surroundings__repeated=repeated), line=10)
    other = site(path(25, argument__stop="x", surroundings__repeated=repeated), line=15)
    (finding,) = evaluate([rule(evidence="about: surroundings.loop\nevidence: []")], [inner, other]).findings
    assert finding.location == place(30)
    assert [location.line for location in finding.calls] == [10, 15]
    assert [group.place.line for group in groups(site(path(20), line=10), [TRUE], "surroundings.loop")] == [10]


def test_what_a_finding_is_about_is_an_argument():
    with pytest.raises(ProblemsError) as caught:
        rule(evidence="about: model.ids\nevidence: []")
    assert "unknown argument `model.ids`" in str(caught.value.problems[0])
