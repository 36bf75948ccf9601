from __future__ import annotations

from making import path, place, site

from llmlint.policy.grouping import groups
from llmlint.ternary import FALSE, TRUE, UNKNOWN


def places(call, *verdicts) -> list[int]:
    return [group.place.line for group in groups(call, verdicts)]


def test_one_path_stands_at_the_call():
    assert places(site(path()), TRUE) == [1]
    assert places(site(path(20)), TRUE) == [1]


def test_all_paths_alike_stand_at_the_call_together():
    call = site(path(20), path(30))
    (group,) = groups(call, [TRUE, TRUE])
    assert (group.place, group.paths) == (place(1), call.paths)


def test_some_callers():
    assert places(site(path(20), path(30)), TRUE, FALSE) == [20]
    assert places(site(path(20), path(30), path(40)), TRUE, UNKNOWN, TRUE) == [20, 40]


def test_the_nearest_caller_that_makes_the_difference():
    """Both ways go through 20; the caller of 20 decides."""
    assert places(site(path(20, 50), path(20, 60)), TRUE, FALSE) == [50]
    assert places(site(path(20, 50), path(20, 60), path(30)), TRUE, TRUE, FALSE) == [20]


def test_paths_with_one_place_are_one_group():
    (group,) = groups(site(path(20, 50), path(20, 60), path(30)), [TRUE, TRUE, FALSE])
    assert [each.callers[1].location.line for each in group.paths] == [50, 60]


def test_no_caller_tells_the_difference():
    """The same way with two verdicts, as branches make them: the nearest caller has to do."""
    assert places(site(path(20), path(20)), TRUE, FALSE) == [20]
    assert places(site(path(20), path(20, 50)), TRUE, FALSE) == [20]


def test_a_path_without_callers_among_others():
    assert places(site(path(), path(20)), TRUE, FALSE) == [1]
