"""What a call costs: reckoned by hand from its tokens, the prices and what is assumed."""

from __future__ import annotations

import pytest
from costing import call, catalog, cost, price, report
from programs import TODAY, MemoryProject, files_of

from llmlint.cost.pricing import Pricing, priced
from llmlint.cost.records import DEFAULTS, Assumptions, CostOverride, CostSettings, Range, exactly
from llmlint.facts.call_site import State
from llmlint.linking import link

WORD = '"word " * 2000'


def test_a_fixed_prompt_with_known_output_has_one_price():
    found = cost(call(), output_tokens=100)
    assert found.input_tokens == exactly(1)  # "Hello"
    assert found.per_1000_calls == exactly(pytest.approx((1 * 1 + 100 * 10) / 1000))
    assert found.assumed == ()


def test_what_changes_is_assumed_and_said():
    found = cost(call(content="question"), output_tokens=0)
    assert found.assumed == ("input",)
    assert found.input_tokens == DEFAULTS.changing_input
    assert found.per_1000_calls == Range(0, pytest.approx(0.5), pytest.approx(4))


def test_the_tokens_of_a_whole_request_may_be_given_but_fixed_text_counts_at_least():
    assert cost(call(content="question"), input_tokens=700).input_tokens == exactly(700)
    assert cost(call(content='"word " * 300 + question'), input_tokens=7).input_tokens.low >= 300


def test_the_cap_is_the_most():
    found = cost(call(more="max_completion_tokens=900"))
    assert found.output_tokens == Range(20, 300, 900)
    assert cost(call(more="max_completion_tokens=100")).output_tokens == Range(20, 100, 100)
    assert cost(call(more="max_completion_tokens=100"), output_tokens=250).output_tokens == exactly(100)


def test_a_cap_that_is_never_reached_makes_no_call_dearer_than_none_does():
    without = cost(call())
    assert cost(call(more="max_completion_tokens=16_000")).per_1000_calls == without.per_1000_calls
    assert cost(call(more="max_completion_tokens=16_000"), output_tokens=3000).output_tokens == exactly(3000)


def test_answers_are_counted():
    assert cost(call(more="n=3"), output_tokens=100).output_tokens == exactly(300)


def test_a_model_that_reasons_writes_more_unless_it_is_told_not_to():
    more = DEFAULTS.output.plus(DEFAULTS.reasoning)
    assert cost(call("gpt-5.5")).output_tokens == more
    assert cost(call("gpt-5.5", more='reasoning_effort="none"')).output_tokens == DEFAULTS.output
    assert cost(call("gpt-4o")).output_tokens == DEFAULTS.output


def test_the_fixed_prefix_may_be_read_from_the_cache():
    found = cost(call("gpt-4o", content=f"{WORD} + question"), output_tokens=0)
    prefix = found.static_tokens
    assert prefix >= 2000
    assert found.assumed == ("input", "cache")
    low = prefix * 1.25 / 1000
    expected = (prefix * 0.5 * 1.25 + (prefix * 0.5 + 500) * 2.5) / 1000
    high = (prefix + 4000) * 2.5 / 1000
    assert found.per_1000_calls == Range(*map(pytest.approx, (low, expected, high)))


def test_a_short_prefix_or_one_behind_a_change_is_not_cached():
    assert cost(call("gpt-4o", content='"word " * 100 + question')).cached_tokens == exactly(0)
    assert cost(call("gpt-4o", content=f"question + {WORD}")).cached_tokens == exactly(0)


def test_a_given_hit_rate_is_a_share_of_all_input():
    found = cost(call("gpt-4o", content="question"), input_tokens=4000, output_tokens=0, cache_hit_rate=0.25)
    assert found.per_1000_calls == exactly(pytest.approx((1000 * 1.25 + 3000 * 2.5) / 1000))
    small = cost(call("gpt-4o", content="question"), input_tokens=400, output_tokens=0, cache_hit_rate=0.25)
    assert small.per_1000_calls == exactly(pytest.approx(1)), "below the minimum nothing is cached"


def test_writing_to_the_cache_costs_more_unless_breakpoints_are_explicit():
    written = cost(call("gpt-6-sol", content="question"), input_tokens=2000, output_tokens=0, cache_hit_rate=0)
    assert written.per_1000_calls == Range(*map(pytest.approx, (4, 5, 5)))
    explicit = 'extra_body={"prompt_cache_options": {"mode": "explicit"}}'
    plain = cost(call("gpt-6-sol", content="question", more=explicit), input_tokens=2000, output_tokens=0)
    assert plain.per_1000_calls == exactly(pytest.approx(4))


@pytest.mark.parametrize(("tier", "dollars"), [("flex", 2.5), ("priority", 12.5), ("fast", 12.5), ("default", 5)])
def test_the_tier_decides_the_price(tier: str, dollars: float):
    found = cost(call("gpt-5.5", content="question", more=f'service_tier="{tier}"'), input_tokens=1000, output_tokens=0)
    assert found.per_1000_calls == exactly(pytest.approx(dollars))


def test_a_tier_without_a_price_is_said():
    found = cost(call("gpt-4o", more='service_tier="flex"'))
    assert (found.state, found.reason) == ("unknown", "no flex price is known for `gpt-4o`")
    assert cost(call("gpt-5.5", more='service_tier="scale"')).state == "unknown"


def test_long_requests_are_dearer_as_a_whole():
    below = cost(call("gpt-5.5", content="question"), input_tokens=272_000, output_tokens=1000, cache_hit_rate=0)
    above = cost(call("gpt-5.5", content="question"), input_tokens=272_001, output_tokens=1000, cache_hit_rate=0)
    assert below.per_1000_calls == exactly(pytest.approx(1360 + 30))
    assert above.per_1000_calls == exactly(pytest.approx(272.001 * 10 + 45))


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (call("gpt-unheard-of"), "no price is known for `gpt-unheard-of`"),
        (call("ft:gpt-4o:us:x:1"), "`ft:gpt-4o:us:x:1` is fine-tuned and has a price of its own"),
    ],
)
def test_what_has_no_price_is_unknown_and_in_no_sum(program: str, reason: str):
    found = report(program)
    assert [(each.state, each.reason) for each in found.unknown] == [("unknown", reason)]
    assert found.per_1000_calls == exactly(0)


def test_a_model_that_is_not_known_says_why():
    found = cost(call().replace('model="dime"', "model=question"))
    assert found.state == "unknown"
    assert found.reason.startswith("the model is not known: ")


def test_of_several_models_the_dearest_is_expected():
    program = call().replace('model="dime"', 'model="gpt-5.5" if question else "gpt-4o-mini"')
    found = cost(program, output_tokens=100, input_tokens=1000)
    assert found.models == ("gpt-5.5", "gpt-4o-mini")
    assert found.per_1000_calls == Range(*map(pytest.approx, (0.15 + 0.06, 5 + 3, 5 + 3)))


def test_other_endpoints_are_not_billed_by_tokens():
    found = cost('import openai\nopenai.OpenAI().images.generate(model="gpt-image-1", prompt="a cat")')
    assert found.state == "not_by_token"


def test_embeddings_write_nothing():
    program = """
        from openai import OpenAI


        def embed(text: str):
            return OpenAI().embeddings.create(model="text-embedding-3-small", input=text)
    """
    found = cost(program, input_tokens=1000)
    assert found.per_1000_calls == exactly(pytest.approx(0.02))


def test_traffic_makes_it_money_of_a_month():
    found = cost(call(), output_tokens=100, calls_per_day=2000)
    assert found.per_month == exactly(pytest.approx(1.001 * 60))
    assert cost(call()).per_month is None


def test_overrides_hold_for_files_and_calls_and_the_last_wins():
    program = call() + "\n# file: jobs/night.py\n" + call().replace("ask(", "report(")
    settings = CostSettings(
        Assumptions(calls_per_day=1),
        (
            CostOverride(Assumptions(calls_per_day=10, output_tokens=exactly(5)), paths=("jobs/*",)),
            CostOverride(Assumptions(calls_per_day=20), calls=("jobs/night.py::report",)),
            CostOverride(Assumptions(calls_per_day=30), calls=("jobs/night.py::nothing", "app.py:99")),
        ),
    )
    found = report(program, settings)
    assert [each.calls_per_day for each in found.calls] == [1, 20]
    assert found.calls[1].output_tokens == exactly(5)
    assert found.unmatched == ("jobs/night.py::nothing", "app.py:99")


def test_a_call_may_be_named_by_any_of_its_lines():
    found = price(call(), CostSettings(overrides=(CostOverride(Assumptions(calls_per_day=7), calls=("app.py:9",)),)))
    assert found.report.calls[0].calls_per_day == 7


def test_sums_leave_out_tests():
    program = call() + "\n# file: tests/test_ask.py\n" + call()
    found = report(program)
    assert [each.test for each in found.calls] == [False, True]
    assert found.per_1000_calls == found.calls[0].per_1000_calls


def test_rules_may_read_the_cost():
    site = price(call(), CostSettings(Assumptions(output_tokens=exactly(100), calls_per_day=1000))).call_sites[0]
    assert site.fact("cost.per_1000_calls").value == 1.001
    assert site.fact("cost.per_month_high").value == 30.03
    assert site.fact("cost.service").value == "standard"
    unknown = price(call("gpt-unheard-of")).call_sites[0].fact("cost.per_1000_calls")
    assert (unknown.state, unknown.reason) == (State.UNKNOWN, "no price is known for `gpt-unheard-of`")
    assert price(call()).call_sites[0].fact("cost.per_month").state is State.ABSENT


def test_prices_of_another_vendor_are_not_guessed():
    program = call("gpt-4o").replace("OpenAI()", 'OpenAI(base_url="https://llm.example.org/v1")')
    assert cost(program).reason == "another vendor answers, whose prices are not in the catalogue"
    assert cost(program.replace("gpt-4o", "dime")).state == "known", "unless the user gives them"


def test_the_sums_are_of_what_the_catalogue_dates():
    assert report(call()).prices_as_of == catalog().data.models.as_of


def test_the_bounds_are_those_of_all_callers():
    program = call(content="question").replace("ask(question: str)", "ask(question: str, more='')") + (
        "\n# file: use.py\nfrom app import ask\n\nask('word ' * 100)\nask('one')\n"
    )
    found = cost(program, output_tokens=0)
    assert (found.input_tokens.low, found.input_tokens.high) == (1, found.input_tokens.expected)
    assert found.per_1000_calls == Range(*map(pytest.approx, (0.001, 0.101, 0.101)))


def test_a_deployment_needs_its_model():
    program = call("our-own", api="AzureOpenAI")
    assert cost(program).reason == (
        "no price is known for `our-own`; `deployments` in the settings names the models behind them"
    )
    found = Pricing(catalog().with_deployments({"our-own": "gpt-4o"}))
    linked = link(MemoryProject(files_of(program)), found.catalog, today=TODAY)
    assert priced(linked.call_sites, found).report.calls[0].models == ("gpt-4o",)


def test_tools_that_are_known_in_part_leave_the_input_open():
    tools = "tools=[{'type': 'function', 'function': {'name': 'find', 'description': question}}]"
    found = cost(call(content='"Hello"', more=tools), output_tokens=0)
    assert found.assumed == ("input",)
    assert not found.tokens_exact
    assert found.input_tokens == DEFAULTS.changing_input.plus(exactly(found.static_tokens))
