"""What findings save: reckoned from the same tokens and prices as the cost, and never more than that."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from costing import call, catalog, price
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from llmlint.cost import Pricing
from llmlint.cost.pricing import Priced
from llmlint.cost.records import Assumptions, CostSettings, Range, Saving, SavingKind, SavingRule, exactly
from llmlint.cost.savings import KINDS, savings
from llmlint.findings import Finding, Severity, Status

FIXED = '"word " * 3000'
BEHIND = f'f"{{question}}" + {FIXED}'


@dataclass
class Told:
    """Findings of the named kinds on all calls of a program, and what they save."""

    costed: Priced
    saved: tuple[Saving, ...]

    def of(self, kind: str) -> Range:
        return next(each.per_1000_calls for each in self.saved if each.kind == kind)


def finding(kind: str, costed: Priced, number: int = 0, status: Status = Status.ACTIVE) -> Finding:
    calls = tuple(site.location for site in costed.call_sites)
    return Finding(
        kind, "X001", Severity.WARNING, calls[0], "It costs.", fingerprint=f"{kind}{number}", calls=calls, status=status
    )


def tell(program: str, *kinds: str, settings: CostSettings | None = None, times: int = 1) -> Told:
    costed = price(program, settings or CostSettings())
    found = [finding(kind, costed, number) for kind in kinds for number in range(times)]
    rules = {kind: SavingRule(kind) for kind in KINDS}
    pricing = Pricing(catalog())
    return Told(costed, savings(found, rules, costed, pricing))


def fixed(input_tokens: float = 1000, output_tokens: float = 100, **more: float) -> CostSettings:
    return CostSettings(
        Assumptions(input_tokens=exactly(input_tokens), output_tokens=exactly(output_tokens), cache_hit_rate=0, **more)
    )


def test_batches_cost_half():
    told = tell(call("gpt-5.5", "question"), "batch", settings=fixed())
    assert told.costed.report.calls[0].per_1000_calls == exactly(pytest.approx(8))
    assert told.of("batch") == exactly(pytest.approx(4))


def test_a_cheaper_model_saves_the_difference():
    told = tell(call("gpt-5.5", "question"), "cheaper_model", settings=fixed())
    name = told.costed.call_sites[0].fact("model.cheaper").value
    there = price(call(name, "question"), fixed()).report.calls[0].per_1000_calls
    assert told.of("cheaper_model") == exactly(pytest.approx(8 - there.expected))


def test_a_prefix_that_can_be_cached_saves_its_reading():
    told = tell(call("gpt-5.5", BEHIND), "cached_prefix")
    tokens = told.costed.call_sites[0].fact("prompt.stranded_tokens").value
    difference = tokens * (5 - 0.5) / 1000
    assert told.of("cached_prefix") == Range(0, pytest.approx(difference / 2), pytest.approx(difference))


def test_a_cap_saves_what_is_longer_than_expected():
    told = tell(call("gpt-4o"), "output_cap")
    assert told.of("output_cap") == Range(0, 0, pytest.approx((2000 - 300) * 10 / 1000))


def test_one_answer_instead_of_several():
    told = tell(call("gpt-4o", "question", "n=4"), "single_answer", settings=fixed(output_tokens=100))
    assert told.of("single_answer") == exactly(pytest.approx(3 * 100 * 10 / 1000))


def test_the_fast_tier_is_saved_where_it_is_asked_for():
    assert tell(call("gpt-5.5", "question"), "standard_tier", settings=fixed()).of("standard_tier") == exactly(0)
    fast = tell(call("gpt-5.5", "question", 'service_tier="fast"'), "standard_tier", settings=fixed())
    assert fast.of("standard_tier") == exactly(pytest.approx(8 * 1.5))


def test_savings_on_one_call_follow_one_another():
    told = tell(call("gpt-5.5", "question"), "batch", "cheaper_model", "flex", settings=fixed())
    cheaper, batch, flex = (told.of(kind) for kind in ("cheaper_model", "batch", "flex"))
    assert batch.expected == pytest.approx((8 - cheaper.expected) / 2), "half of what the cheaper model costs"
    assert flex == exactly(0), "flex and batch are the same price"
    assert [each.kind for each in told.saved] == ["cheaper_model", "batch", "flex"]


def test_findings_of_one_kind_on_one_call_share():
    told = tell(call("gpt-5.5", "question"), "batch", settings=fixed(), times=2)
    assert [each.per_1000_calls.expected for each in told.saved] == pytest.approx([2, 2])


def test_a_finding_on_several_calls_saves_on_each():
    two = call("gpt-5.5", "question") + "\n# file: b.py\n" + call("gpt-5.5", "question")
    told = tell(two, "batch", settings=fixed())
    assert told.saved[0].per_1000_calls.expected == pytest.approx(8)
    assert len(told.saved[0].calls) == 2


def test_money_of_a_month_ranks_where_traffic_is_given():
    told = tell(call("gpt-5.5", "question"), "batch", settings=fixed(calls_per_day=100))
    assert told.saved[0].per_month == exactly(pytest.approx(4 * 3))


def test_what_is_suppressed_or_has_no_price_saves_nothing():
    costed = price(call("gpt-5.5", "question"))
    silenced = [finding("batch", costed, status=Status.SUPPRESSED)]
    rules = {"batch": SavingRule("batch")}
    assert savings(silenced, rules, costed, Pricing(catalog())) == ()
    assert tell(call("gpt-unheard-of"), "batch").saved == ()


def test_a_rule_may_save_on_some_endpoints_only():
    costed = price(call("gpt-5.5", "question"))
    rules = {"batch": SavingRule("batch", ("embedding",))}
    found = [finding("batch", costed)]
    assert savings(found, rules, costed, Pricing(catalog())) == ()


PROGRAMS = [
    call("gpt-5.5", BEHIND, "n=3"),
    call("gpt-5.5", BEHIND, 'service_tier="fast"'),
    call("gpt-6-sol", BEHIND),
    call("gpt-4o", "question", "max_completion_tokens=50"),
    call("gpt-5.5", "question").replace('"gpt-5.5"', '"gpt-5.5" if question else "gpt-4o-mini"'),
]
RULES: list[SavingKind] = sorted(KINDS)


@hypothesis_settings(deadline=None, max_examples=60)
@given(st.sampled_from(PROGRAMS), st.permutations(RULES), st.integers(1, 3))
def test_the_sum_of_savings_on_a_call_never_exceeds_its_cost(program: str, kinds: list[str], times: int):
    told = tell(program, *kinds, times=times)
    cost = told.costed.report.calls[0].per_1000_calls
    assert len(told.saved) == len(kinds) * times
    for bound in ("low", "expected", "high"):
        each = [getattr(saving.per_1000_calls, bound) for saving in told.saved]
        assert min(each) >= 0
        assert sum(each) <= getattr(cost, bound) * (1 + 1e-9)


TWO_WAYS = """
    from openai import OpenAI

    client = OpenAI()


    def complete(model: str, text: str, cap: int) -> str:
        answer = client.chat.completions.create(
            model=model, messages=[{"role": "user", "content": text}], max_completion_tokens=cap
        )
        return answer.choices[0].message.content


    def route(text: str) -> str:
        return complete("gpt-5.5", text, 16)


    def write(text: str) -> str:
        return complete("gpt-5.5", text, 1500)
"""
"""Expected with an input of 1,000 tokens: 5 + 16 * 0.03 = 5.48 by `route`, 5 + 1500 * 0.03 = 50 by `write`."""


def told_at(ways: dict[str, tuple[int, ...]], kind: str = "batch", **more: float) -> tuple[Priced, dict[str, Saving]]:
    """Findings of one kind on the only call, each on some of its ways."""
    costed = price(TWO_WAYS, fixed(output_tokens=1500, **more))
    place = costed.call_sites[0].location
    found = [
        Finding(kind, "X001", Severity.WARNING, place, "It costs.", fingerprint=name, calls=(place,), ways=(numbers,))
        for name, numbers in ways.items()
    ]
    saved = savings(found, {kind: SavingRule(kind)}, costed, Pricing(catalog()))
    return costed, {each.fingerprint: each for each in saved}


def test_a_finding_at_one_caller_saves_what_that_caller_costs():
    costed, saved = told_at({"route": (0,)})
    assert costed.report.calls[0].per_1000_calls.expected == pytest.approx(50)
    assert saved["route"].per_1000_calls == exactly(pytest.approx(5.48 / 2))
    assert saved["route"].some_callers
    _, saved = told_at({"write": (1,)})
    assert saved["write"].per_1000_calls == Range(pytest.approx(5.48), pytest.approx(25), pytest.approx(25)), (
        "the least that the call costs is what its cheapest caller costs"
    )


def test_a_finding_at_all_callers_is_told_as_the_cost_is():
    _, saved = told_at({"all": ()})
    assert saved["all"].per_1000_calls == Range(pytest.approx(2.74), pytest.approx(25), pytest.approx(25))
    assert not saved["all"].some_callers


def test_the_traffic_of_a_month_may_all_come_from_other_callers():
    _, saved = told_at({"route": (0,), "all": ()}, calls_per_day=100)
    assert saved["route"].per_month.low == 0
    assert saved["all"].per_month.low > 0


def test_findings_at_different_callers_together_save_no_more_than_the_call_costs():
    costed, saved = told_at({"route": (0,), "first": (1,), "second": (1,), "all": ()}, kind="cheaper_model")
    cost = costed.report.calls[0].per_1000_calls
    for bound in ("low", "expected", "high"):
        each = [getattr(saving.per_1000_calls, bound) for saving in saved.values()]
        assert min(each) >= 0
        assert sum(each) <= getattr(cost, bound) * (1 + 1e-9)
    for saving in saved.values():
        money = saving.per_1000_calls
        assert money.low <= money.expected <= money.high
