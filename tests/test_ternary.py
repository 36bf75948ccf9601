from __future__ import annotations

import pytest

from llmlint.ternary import FALSE, TRUE, UNKNOWN, every, of, some

ORDER = [FALSE, UNKNOWN, TRUE]
PAIRS = [(left, right) for left in ORDER for right in ORDER]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_and_is_the_lesser_or_the_greater(left, right):
    assert left & right is ORDER[min(ORDER.index(left), ORDER.index(right))]
    assert left | right is ORDER[max(ORDER.index(left), ORDER.index(right))]


def test_not():
    assert [~value for value in ORDER] == [TRUE, UNKNOWN, FALSE]


def test_every_and_some():
    assert every([]) is TRUE
    assert some([]) is FALSE
    assert every([TRUE, UNKNOWN, TRUE]) is UNKNOWN
    assert every([UNKNOWN, FALSE]) is FALSE
    assert some([FALSE, UNKNOWN]) is UNKNOWN
    assert some([UNKNOWN, TRUE]) is TRUE


def test_they_stop_when_the_answer_is_clear():
    assert every(iter_then_fail(FALSE)) is FALSE
    assert some(iter_then_fail(TRUE)) is TRUE


def iter_then_fail(value):
    yield value
    raise AssertionError("asked for more")


def test_of():
    assert (of(True), of(False)) == (TRUE, FALSE)


def test_is_no_bool():
    with pytest.raises(TypeError, match="compare it"):
        bool(TRUE)
