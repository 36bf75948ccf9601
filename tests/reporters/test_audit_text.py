"""The audit for people: what calls cost, what to do first, and what is not known."""

from __future__ import annotations

from msgspec.structs import replace
from reporting import COSTS, assert_snapshot, rendered, report_in

from llmlint.cost.records import CallCost, CostReport, Range, exactly
from llmlint.facts.call_site import Location
from llmlint.reporters.money import dollars, spread
from llmlint.reporters.report import Report


def test_the_whole_report(tmp_path):
    assert_snapshot("audit.txt", rendered("text", report_in(tmp_path), audit=True))


def test_calls_of_unknown_cost_are_counted_and_named(tmp_path):
    unknown = [
        CallCost(location=Location(f"a{number}.py", 3), state="unknown", reason="no price is known for `x`")
        for number in range(9)
    ]
    text = rendered("text", Report(root=tmp_path, costs=CostReport(calls=tuple(unknown))), audit=True)
    assert "Not in the sum: 9 calls of unknown cost" in text
    assert "  - 9 calls: no price is known for `x`" in text
    assert "a0.py:3:1" in text
    assert "and 1 more (see with --format json)" in text


def test_nothing_to_report_is_a_line(tmp_path):
    assert rendered("text", Report(root=tmp_path), audit=True).splitlines()[0] == "No findings."


def test_hostile_names_are_shown_as_they_are(tmp_path):
    evil = replace(COSTS.calls[0], models=("\x1b[31mred\n",), caveats=("\u202e",))
    text = rendered("text", Report(root=tmp_path, costs=CostReport(calls=(evil,))), audit=True)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_money_has_as_many_digits_as_help():
    shown = [dollars(value) for value in (0, 0.00123, 0.1234, 4.2, 99.994, 1234.5)]
    assert shown == ["$0", "$0.0012", "$0.12", "$4.20", "$99.99", "$1,234"]
    assert spread(exactly(4.256)) == "$4.26"
    assert spread(Range(1.2345, 29.8123, 561.23)) == "$30.00 ($1.20 to $560)"
