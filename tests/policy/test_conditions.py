from __future__ import annotations

import pytest
from making import absent, facts, rule

from llmlint.policy.conditions import compiled
from llmlint.ternary import FALSE, TRUE, UNKNOWN


def judge(when: str, **values):
    each = rule(when)
    return compiled(each.when, each.defaults()).holds(facts(**values))


def missing(when: str, **values):
    each = rule(when)
    return list(compiled(each.when, each.defaults()).missing(facts(**values)))


A, B, C = "{present: argument.stop}", "{present: argument.tools}", "{present: argument.seed}"


@pytest.mark.parametrize(
    ("stop", "tools", "both", "either"),
    [
        (1, 1, TRUE, TRUE),
        (1, ..., UNKNOWN, TRUE),
        (1, absent(), FALSE, TRUE),
        (..., ..., UNKNOWN, UNKNOWN),
        (..., absent(), FALSE, UNKNOWN),
        (absent(), absent(), FALSE, FALSE),
    ],
)
def test_all_and_any(stop, tools, both, either):
    for first, second in ((stop, tools), (tools, stop)):
        values = {"argument__stop": first, "argument__tools": second}
        assert judge(f"{{all: [{A}, {B}]}}", **values) is both
        assert judge(f"{{any: [{A}, {B}]}}", **values) is either


def test_not():
    assert judge(f"{{not: {A}}}", argument__stop=1) is FALSE
    assert judge(f"{{not: {A}}}") is TRUE
    assert judge(f"{{not: {A}}}", argument__stop=...) is UNKNOWN


def test_unproven():
    assert judge(f"{{unproven: {A}}}", argument__stop=1) is FALSE
    assert judge(f"{{unproven: {A}}}") is TRUE
    assert judge(f"{{unproven: {A}}}", argument__stop=...) is TRUE


def test_a_missing_fact_is_absent():
    assert judge("{absent: argument.stop}") is TRUE
    assert judge("{equals: {endpoint.api: chat}}") is FALSE


class TestCount:
    when = f"{{count: {{at_least: 2, of: [{A}, {B}, {C}]}}}}"

    def test_enough(self):
        assert judge(self.when, argument__stop=1, argument__tools=1) is TRUE
        assert judge(self.when, argument__stop=1, argument__tools=1, argument__seed=...) is TRUE

    def test_not_enough_whatever_is_unknown(self):
        assert judge(self.when, argument__stop=1) is FALSE
        assert judge(self.when, argument__stop=...) is FALSE

    def test_open(self):
        assert judge(self.when, argument__stop=1, argument__tools=...) is UNKNOWN
        assert judge(self.when, argument__stop=..., argument__tools=...) is UNKNOWN


class TestScore:
    when = (
        f"{{score: {{at_least: 3, of: [{{weight: 2, when: {A}}}, {{weight: 1, when: {B}}}, "
        f"{{weight: -2, when: {C}}}]}}}}"
    )

    def test_weights_add_up(self):
        assert judge(self.when, argument__stop=1, argument__tools=1) is TRUE
        assert judge(self.when, argument__stop=1) is FALSE

    def test_counter_evidence(self):
        assert judge(self.when, argument__stop=1, argument__tools=1, argument__seed=1) is FALSE
        assert judge(self.when, argument__stop=1, argument__tools=1, argument__seed=...) is UNKNOWN

    def test_unknown_that_can_not_help(self):
        assert judge(self.when, argument__tools=1, argument__seed=...) is FALSE


class TestMembers:
    some = "{some: {list: model.ids, where: {matches: {item: '^gpt-4'}}}}"
    every = some.replace("some", "every")

    @pytest.mark.parametrize(
        ("ids", "some", "every"),
        [
            (["gpt-4", "gpt-5"], TRUE, FALSE),
            (["gpt-4"], TRUE, TRUE),
            ([], FALSE, TRUE),
            ([1], FALSE, FALSE),
            (..., UNKNOWN, UNKNOWN),
            (absent(), FALSE, FALSE),
        ],
    )
    def test_quantifiers(self, ids, some, every):
        assert judge(self.some, model__ids=ids) is some
        assert judge(self.every, model__ids=ids) is every

    def test_conditions_on_items_nest(self):
        where = "{all: [{contains: {item: gpt}}, {not: {contains: {item: mini}}}]}"
        when = f"{{some: {{list: model.ids, where: {where}}}}}"
        assert judge(when, model__ids=["gpt-5-mini", "o3"]) is FALSE
        assert judge(when, model__ids=["gpt-5-mini", "gpt-5"]) is TRUE


class TestOptions:
    def test_as_operand(self):
        when = "{at_least: {prompt.static_tokens: $option.least}}"
        assert judge(when, prompt__static_tokens=10) is TRUE
        each = rule(when)
        strict = compiled(each.when, {**each.defaults(), "least": 11})
        assert strict.holds(facts(prompt__static_tokens=10)) is FALSE

    def test_list_as_operand(self):
        when = "{one_of: {client.host: $option.hosts}}"
        assert judge(when, client__host="azure") is TRUE
        assert judge(when, client__host="other") is FALSE

    def test_among_operands(self):
        assert judge("{one_of: {prompt.static_tokens: [1, $option.least]}}", prompt__static_tokens=10) is TRUE

    def test_as_subject(self):
        assert judge("{contains: {option.hosts: azure}}") is TRUE
        assert judge("{above: {option.least: 10}}") is FALSE

    def test_as_threshold(self):
        assert judge(f"{{count: {{at_least: $option.least, of: [{A}]}}}}", argument__stop=1) is FALSE


class TestMissing:
    def test_only_what_decided(self):
        when = f"{{all: [{A}, {{any: [{B}, {C}]}}]}}"
        values = {"argument__stop": ..., "argument__tools": 1, "argument__seed": ...}
        assert missing(when, **values) == ["argument.stop"]

    def test_through_not_score_and_members(self):
        when = (
            f"{{all: [{{not: {A}}}, {{count: {{at_least: 1, of: [{B}]}}}}, "
            "{some: {list: model.ids, where: {equals: {item: x}}}}]}"
        )
        values = {"argument__stop": ..., "argument__tools": ..., "model__ids": ...}
        assert missing(when, **values) == ["argument.stop", "argument.tools", "model.ids"]


class TestKeysOfMappings:
    some = "{some: {list: argument.metadata, where: {like: {item: 'cost-*'}}}}"
    every = "{every: {list: argument.metadata, where: {like: {item: 'cost-*'}}}}"

    def test_all_keys_known(self):
        assert judge(self.some, argument__metadata={"cost-centre": "4711"}) is TRUE
        assert judge(self.some, argument__metadata={"owner": "x"}) is FALSE
        assert judge(self.every, argument__metadata={"cost-centre": "4711", "owner": "x"}) is FALSE

    def test_there_may_be_more(self):
        more = {"**": None}
        assert judge(self.some, argument__metadata={"cost-centre": "4711", **more}) is TRUE
        assert judge(self.some, argument__metadata={"owner": "x", **more}) is UNKNOWN
        assert judge(self.every, argument__metadata={"cost-centre": "4711", **more}) is UNKNOWN
        assert judge(self.every, argument__metadata={"owner": "x", **more}) is FALSE
        assert missing(self.some, argument__metadata=more) == ["argument.metadata"]


def test_some_and_every_of_an_option():
    assert judge("{some: {list: option.hosts, where: {equals: {item: azure}}}}") is TRUE
    assert judge("{every: {list: option.hosts, where: {equals: {item: azure}}}}") is FALSE


def test_globs_out_of_options():
    assert judge("{like: {endpoint.api: $option.hosts}}", endpoint__api="azure") is TRUE
    assert judge("{within: {surroundings.file: [$option.place, x]}}".replace("$option.place", "src")) is FALSE
    assert judge("{within: {surroundings.file: $option.hosts}}", surroundings__file="openai/a.py") is TRUE
