"""Usage of the sample service: what is joined to which call and by what, reckoned by hand; the rest is listed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace
from programs import TODAY, MemoryProject

from llmlint.catalog.loading import load_catalog
from llmlint.cost.pricing import Priced, Pricing, priced
from llmlint.cost.records import CallCost, CostReport, Saving
from llmlint.linking import link
from llmlint.usage import Usage, UsageEntry, read_usage, with_usage

SAMPLES = Path(__file__).parents[2] / "fixtures" / "usage"
ANSWER, TITLE, EMBED = 0, 1, 2


@cache
def pricing() -> Pricing:
    return Pricing(load_catalog())


@cache
def service() -> Priced:
    code = (SAMPLES / "service" / "app.py").read_text()
    return priced(link(MemoryProject({"service/app.py": code}), pricing().catalog, today=TODAY).call_sites, pricing())


def measured(usage: Usage, days: float | None = None) -> CostReport:
    return with_usage(service().report, service().call_sites, usage, pricing(), days)


def of(*entries: UsageEntry, days: float | None = 10) -> CostReport:
    return measured(Usage(source="u", kind="table", entries=entries, days=days))


def joined(report: CostReport) -> list[str | None]:
    return [call.measured.joined_by if call.measured else None for call in report.calls]


def money(call: CallCost) -> float:
    assert call.measured is not None
    assert call.measured.cost is not None
    return call.measured.cost


def test_spans_are_joined_by_line_function_and_model():
    found = measured(read_usage(SAMPLES / "spans.json"))
    assert joined(found) == ["line", "function", "model"]
    answer = (1200 * 5 + 300 * 30 + (1800 - 1024) * 5 + 1024 * 0.5 + 200 * 30) / 1e6
    title = (500 * 5 + 12 * 30) / 1e6
    embed = 100_000 * 0.02 / 1e6
    assert [money(call) for call in found.calls] == pytest.approx([answer, title, embed])
    assert found.calls[ANSWER].measured.requests == 2
    assert found.calls[ANSWER].measured.cached_tokens == 1024
    assert found.calls[ANSWER].measured.per_1000_calls == pytest.approx(answer * 500)
    assert found.usage.days == pytest.approx(10)
    assert found.calls[EMBED].measured.per_month == pytest.approx(embed * 3)
    assert found.measured_per_month == pytest.approx((answer + title + embed) * 3)


def test_what_cannot_be_joined_is_listed_with_the_reason():
    usage = measured(read_usage(SAMPLES / "spans.json")).usage
    assert (usage.requests, usage.joined_requests, usage.unpriced_requests) == (6, 4, 1)
    assert [(row.model, row.requests, row.reason) for row in usage.unjoined] == [
        ("gpt-5.5", 1, "2 calls may send `gpt-5.5`"),
        ("claude-opus", 1, "no call is known to send `claude-opus`"),
    ]
    assert usage.unjoined[0].cost == pytest.approx((900 * 5 + 100 * 30) / 1e6)
    assert usage.unjoined[1].cost is None


def test_a_table_with_places():
    found = measured(read_usage(SAMPLES / "table.csv"))
    assert joined(found) == ["function", "function", "model"]
    answer = ((15.6 + 16.9 - 18.9) * 5 + 18.9 * 0.5 + 6.4 * 30) * 1
    assert money(found.calls[ANSWER]) == pytest.approx(answer)
    assert found.calls[ANSWER].measured.requests == 25_000
    assert found.usage.days == 10


def test_an_export_of_the_provider():
    usage = measured(read_usage(SAMPLES / "export.csv")).usage
    assert usage.days == 4
    assert usage.requests == 4_500
    assert usage.joined_requests == 300
    standard, batch = (2.2 * 5 + 3 * 0.5 + 1.1 * 30), (0.26 * 2.5 + 0.06 * 15)
    assert [row.cost for row in usage.unjoined] == pytest.approx([standard, batch])
    assert usage.cost == pytest.approx(standard + batch + 0.6 * 0.02)
    assert usage.per_month == pytest.approx(usage.cost * 7.5)


ENTRY = {"model": "gpt-5.5", "requests": 10, "input_tokens": 1000, "output_tokens": 100}


@pytest.mark.parametrize(
    ("place", "index", "how"),
    [
        ({"path": "service/app.py", "line": 8}, ANSWER, "line"),  # inside of the call
        ({"path": "C:\\srv\\service\\app.py", "line": 19}, TITLE, "line"),
        ({"path": "app.py", "function": "service.app.title"}, TITLE, "function"),
        ({"path": "/other/app.py", "function": "title"}, TITLE, "function"),
    ],
)
def test_places(place: dict, index: int, how: str):
    found = of(UsageEntry(**ENTRY, **place))
    assert found.calls[index].measured.joined_by == how
    assert sum(call.measured is not None for call in found.calls) == 1


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ({"path": "service/app.py", "line": 1}, "2 calls in service/app.py may send `gpt-5.5`"),
        ({"path": "service/app.py", "function": "nothing"}, "2 calls in service/app.py may send `gpt-5.5`"),
        ({"path": "/usr/lib/other.py", "line": 7}, "2 calls may send `gpt-5.5`"),
        ({"endpoint": "responses"}, "no call is known to send `gpt-5.5`"),
    ],
)
def test_a_place_without_a_call(place: dict, reason: str):
    assert [row.reason for row in of(UsageEntry(**ENTRY, **place)).usage.unjoined] == [reason]


def test_a_caller_counts_as_the_call():
    program = {
        "llm.py": "from openai import OpenAI\n\n\ndef ask(text):\n    return OpenAI().responses.create(\n"
        "        model='gpt-5.5', input=text\n    )\n",
        "use.py": "from llm import ask\n\nprint(ask('a'))\n",
    }
    costed = priced(link(MemoryProject(program), pricing().catalog, today=TODAY).call_sites, pricing())
    entry = UsageEntry(**ENTRY, path="/srv/use.py", line=3)
    usage = Usage(source="u", kind="spans", entries=(entry,), days=2)
    found = with_usage(costed.report, costed.call_sites, usage, pricing())
    assert joined(found) == ["line"]


def test_tokens_written_to_the_cache_have_their_own_price():
    long = {"requests": 1, "input_tokens": 4000, "cached_tokens": 1000, "output_tokens": 0, "line": 7}
    new = UsageEntry(model="gpt-6-sol", written_tokens=2000, path="app.py", **long)
    assert money(of(new).calls[ANSWER]) == pytest.approx((1000 * 0.2 + 2000 * 2.5 + 1000 * 2) / 1e6)


def test_a_long_request_is_dearer():
    long = UsageEntry(model="gpt-5.5", input_tokens=300_000, output_tokens=100, path="app.py", line=7)
    assert money(of(long).calls[ANSWER]) == pytest.approx((300_000 * 10 + 100 * 45) / 1e6)


def test_money_of_a_month_needs_a_day_at_least():
    entry = UsageEntry(**ENTRY, path="app.py", line=7)
    for days, reason in ((None, "the file doesn't say how long it took"), (0.5, "the file covers less than a day")):
        call = of(entry, days=days).calls[ANSWER]
        assert (call.measured.per_month, call.measured.reason) == (None, reason)
    told = measured(Usage(source="u", kind="table", entries=(entry,)), days=3)
    assert told.calls[ANSWER].measured.per_month == pytest.approx(money(told.calls[ANSWER]) * 10)


def test_requests_without_a_price_make_the_cost_of_a_call_unknown():
    entry = UsageEntry(**{**ENTRY, "model": "my-own"}, path="app.py", line=7)
    call = of(entry, UsageEntry(**ENTRY, path="app.py", line=7)).calls[ANSWER]
    assert (call.measured.cost, call.measured.requests) == (None, 20)
    assert call.measured.reason == "10 requests have no known price"


def saving(kind: str, call: int, share: float, **more: object) -> Saving:
    cost = service().report.calls[call].per_1000_calls
    location = service().report.calls[call].location
    return Saving(fingerprint=kind, kind=kind, per_1000_calls=cost.times(share), calls=(location,), **more)


def with_savings(*savings: Saving, days: float | None = 10) -> dict[str, Saving]:
    entry = UsageEntry(model="text-embedding-3-small", requests=100, input_tokens=3_000_000)
    costs = replace(service().report, savings=savings)
    usage = Usage(source="u", kind="table", entries=(entry,), days=days)
    found = with_usage(costs, service().call_sites, usage, pricing())
    return {each.fingerprint: each for each in found.savings}


def test_savings_of_a_month_are_shares_of_what_was_measured():
    month = 3 * 0.02 * 3
    found = with_savings(saving("batch", EMBED, 0.5), saving("flex", EMBED, 0.25, some_callers=True))
    assert found["batch"].per_month.expected == pytest.approx(month / 2)
    assert found["flex"].per_month.low == 0
    assert found["flex"].per_month.high == pytest.approx(month / 4)


def test_savings_of_a_month_never_exceed_what_was_measured():
    found = with_savings(saving("batch", EMBED, 0.9), saving("flex", EMBED, 0.9))
    assert sum(each.per_month.high for each in found.values()) == pytest.approx(3 * 0.02 * 3)


def test_savings_have_no_month_where_none_was_measured():
    assert with_savings(saving("batch", TITLE, 0.5))["batch"].per_month is None
    assert with_savings(saving("batch", EMBED, 0.5), days=None)["batch"].per_month is None
