"""Which comments speak to llmlint, and where."""

from __future__ import annotations

import pytest
from lowered import module


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(1)  # llmlint: ignore[a] why  ", [(1, 7, "# llmlint: ignore[a] why", False)]),
        ("# llmlint: ignore\nf(1)", [(1, 1, "# llmlint: ignore", True)]),
        ("if a:\n\t#LLMLINT :ignore\n\tb", [(2, 2, "#LLMLINT :ignore", True)]),
        ("a  # noqa # llmlint: ignore", [(1, 4, "# noqa # llmlint: ignore", False)]),
        ("f(\n  # llmlint: ignore\n  1,  # llmlint: x\n)",
         [(2, 3, "# llmlint: ignore", True), (3, 7, "# llmlint: x", False)]),
        ("é = 'é'  # llmlint: é", [(1, 10, "# llmlint: é", False)]),
        ("a  # llmlint is good", []),
        ("'# llmlint: ignore'", []),
        ("'''\n# llmlint: ignore\n'''", []),
        ("f'''{a}\n# llmlint: ignore\n'''", []),
        ("f'{a['#']}' # llmlint: ignore", [(1, 13, "# llmlint: ignore", False)]),
        ("f'{a('#')}' f'''{b:\"}''' \"#\" # llmlint: ignore", [(1, 30, "# llmlint: ignore", False)]),
    ],
)  # fmt: skip
def test_comments(source, expected):
    found = module(source).comments
    assert [(each.line, each.column, each.text, each.alone) for each in found] == expected
