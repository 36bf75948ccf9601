from __future__ import annotations

from llmlint.comparison.costs import CostPair, cost_change
from llmlint.cost.records import CallCost, Range, exactly
from llmlint.facts.call_site import Location

PLACE = Location("a.py", 1)


def cost(*bounds: float, **fields) -> CallCost:
    return CallCost(location=PLACE, state="known", per_1000_calls=Range(*bounds), **fields)


UNKNOWN = CallCost(location=PLACE, state="unknown", reason="the model is not known")
IMAGE = CallCost(location=PLACE, state="not_by_token")


def test_sums_of_what_can_be_compared():
    pairs = [
        CostPair(cost(1, 2, 3), cost(2, 4, 6)),
        CostPair(None, cost(0, 1, 2)),
        CostPair(cost(10, 10, 10), None),
        CostPair(UNKNOWN, cost(5, 5, 5)),
        CostPair(None, UNKNOWN),
        CostPair(IMAGE, IMAGE),
        CostPair(None, None),
    ]
    change = cost_change(pairs)
    assert (change.before, change.after, change.unknown) == (Range(11, 12, 13), Range(2, 5, 8), 2)
    assert change.increase == -7


def test_calls_of_tests_are_left_out():
    change = cost_change([CostPair(cost(1, 1, 1, test=True), cost(9, 9, 9, test=True))])
    assert (change.before, change.after, change.unknown, change.percent) == (exactly(0), exactly(0), 0, None)


def test_only_known_costs_differ():
    assert CostPair(cost(1, 1, 1), cost(1, 1, 2)).differ
    assert not CostPair(cost(1, 1, 1), cost(1, 1, 1)).differ
    assert not CostPair(UNKNOWN, cost(1, 1, 1)).differ
    assert not CostPair(None, cost(1, 1, 1)).differ
