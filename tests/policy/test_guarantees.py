from __future__ import annotations

import pytest
from hypothesis import given
from making import rule
from test_laws import conditions, some_facts

from llmlint.facts.call_site import ABSENT, State
from llmlint.policy.conditions import compiled
from llmlint.policy.guarantees import known_facts
from llmlint.ternary import TRUE

STOP, SEED = "argument.stop", "argument.seed"


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("{present: argument.stop}", {STOP}),
        ("{absent: argument.stop}", set()),
        ("{unproven: {present: argument.stop}}", set()),
        ("{not: {unproven: {present: argument.stop}}}", {STOP}),
        ("{not: {absent: argument.stop}}", {STOP}),
        ("{not: {present: argument.stop}}", set()),
        ("{all: [{present: argument.stop}, {present: argument.seed}]}", {STOP, SEED}),
        ("{any: [{present: argument.stop}, {present: argument.seed}]}", set()),
        ("{any: [{present: argument.stop}, {above: {argument.output_cap: 1}}]}", set()),
        ("{not: {any: [{absent: argument.stop}, {absent: argument.seed}]}}", {STOP, SEED}),
        ("{some: {list: model.ids, where: {equals: {item: x}}}}", {"model.ids"}),
        ("{count: {at_least: 1, of: [{present: argument.stop}]}}", set()),
    ],
)
def test_known_where_true(when, names):
    assert known_facts(rule(when).when) == names


@given(conditions(), some_facts)
def test_what_is_promised_is_kept(condition, facts):
    if compiled(condition, {}).holds(facts) is TRUE:
        assert all(facts.get(name, ABSENT).state is State.KNOWN for name in known_facts(condition))
