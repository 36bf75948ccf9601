from __future__ import annotations

import pytest
from hypothesis import given
from making import rule
from test_laws import conditions, some_facts

from llmlint.facts.call_site import ABSENT
from llmlint.policy.conditions import compiled
from llmlint.policy.guarantees import known_facts
from llmlint.ternary import TRUE

STOP, SEED = "argument.stop", "argument.seed"


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("{present: argument.stop}", set()),
        ("{equals: {argument.user: x}}", {"argument.user"}),
        ("{absent: argument.stop}", set()),
        ("{unproven: {present: argument.stop}}", set()),
        ("{not: {unproven: {above: {argument.seed: 1}}}}", {SEED}),
        ("{not: {absent: argument.stop}}", set()),
        ("{not: {present: argument.stop}}", set()),
        ("{all: [{contains: {argument.stop: x}}, {above: {argument.seed: 1}}]}", {STOP, SEED}),
        ("{any: [{contains: {argument.stop: x}}, {above: {argument.seed: 1}}]}", set()),
        ("{any: [{above: {argument.seed: 5}}, {below: {argument.seed: 1}}]}", {SEED}),
        ("{not: {not: {above: {argument.seed: 1}}}}", {SEED}),
        ("{some: {list: model.ids, where: {equals: {item: x}}}}", {"model.ids"}),
        ("{count: {at_least: 1, of: [{present: argument.stop}]}}", set()),
    ],
)
def test_known_where_true(when, names):
    assert known_facts(rule(when).when) == names


@given(conditions(), some_facts)
def test_what_is_promised_is_kept(condition, facts):
    if compiled(condition, {}).holds(facts) is TRUE:
        assert all(facts.get(name, ABSENT).value is not None for name in known_facts(condition))
