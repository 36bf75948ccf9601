"""What is remembered of calls that are alike never changes what is said of the next one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import known, path, place, rule, site, unknown
from test_laws import conditions, some_facts

from llmlint.facts.call_site import CallPath, Step
from llmlint.policy import deciding, evaluate
from llmlint.policy.conditions import compiled
from llmlint.policy.deciding import Judge, read_by
from llmlint.policy.numbering import Numbering

LOUD = rule("{above: {prompt.static_tokens: 100}}", fact='  fact: "{prompt.static_tokens:number} tokens."')


@given(conditions(), st.lists(some_facts, min_size=1, max_size=6))
def test_verdicts_are_those_of_the_condition(condition, many):
    asked = msgspec.structs.replace(rule(), when=condition)
    numbering = Numbering(read_by(asked))
    judge = Judge(asked, asked.defaults(), numbering)
    paths = [CallPath(facts) for facts in many]
    numbers = [numbering.numbers(each.facts) for each in paths]
    alone = [compiled(condition, asked.defaults()).holds(facts) for facts in many]
    assert judge.verdicts(paths, numbers) == alone
    assert judge.verdicts(paths, numbers) == alone


@pytest.mark.parametrize(
    ("one", "other"),
    [(True, 1), (1, "1"), (["1"], [1]), ([True], [1]), (None, "None"), ({"a": 1}, "{'a': 1}"), (0, False), ("", [])],
)
def test_facts_that_a_condition_can_tell_apart_have_other_numbers(one: object, other: object):
    numbering = Numbering(["argument.stop"])
    first, second = (numbering.numbers({"argument.stop": known(value)}) for value in (one, other))
    assert first != second
    assert first == numbering.numbers({"argument.stop": known(one, Step(place(7), "elsewhere"))})


def test_alike_calls_keep_their_own_evidence_and_reasons():
    said = [site(path(prompt__static_tokens=known(200, Step(place(line), "PROMPT"))), line=line) for line in (1, 2)]
    assert [each.evidence[0].location.line for each in evaluate([LOUD], said).findings] == [1, 2]
    reasons = ("no file", "no key")
    left = [site(path(prompt__static_tokens=unknown(why)), line=line) for line, why in enumerate(reasons, 1)]
    assert [each.reasons for each in evaluate([LOUD], left).undecided] == [
        ("prompt.static_tokens: no file",),
        ("prompt.static_tokens: no key",),
    ]


def test_more_kinds_of_calls_than_are_kept_in_mind(monkeypatch):
    monkeypatch.setattr(deciding, "MOST_REMEMBERED", 3)
    calls = [site(path(prompt__static_tokens=tokens), line=tokens) for tokens in (*range(95, 110), *range(95, 110))]
    found = evaluate([LOUD], calls).findings
    assert [each.message.split()[0] for each in found] == [str(tokens) for tokens in range(101, 110)]
