from __future__ import annotations

import pytest

from llmlint.reporters.money import dollars, increase


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "$0"), (1234.5, "$1,234"), (12.3, "$12.30"), (0.5, "$0.50"), (0.0042, "$0.0042"), (-0.5, "-$0.50")],
)
def test_dollars(amount: float, said: str):
    assert dollars(amount) == said


def test_increases():
    assert (increase(1), increase(-1), increase(0)) == ("+$1.00", "-$1.00", "$0")
