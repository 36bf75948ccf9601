"""Scope and order of findings."""

import pytest

from llmlint.facts.call_site import Location, Step
from llmlint.findings import Finding, Severity
from llmlint.triage import in_order, in_scope


def finding(path, line=1, column=1, rule="a-rule", *, cell=None, evidence=()):
    steps = tuple(Step(Location(other, 1), "it is decided") for other in evidence)
    place = Location(path, line, column, line, column + 1, cell)
    return Finding(rule, "LLM001", Severity.INFO, place, "Said.", steps)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ({"."}, True),
        ({"src/app.py"}, True),
        ({"src"}, True),
        ({"lib/deep"}, True),
        ({"lib/deep/settings.py"}, True),
        ({"sr"}, False),
        ({"src/app"}, False),
        ({"lib/other", "tests"}, False),
        (set(), False),
    ],
)
def test_a_finding_is_in_scope_by_its_place_or_what_decides_it(paths, expected):
    assert in_scope(finding("src/app.py", evidence=["lib/deep/settings.py"]), paths) is expected


def test_findings_are_ordered_by_path_cell_line_column_and_rule():
    ordered = [
        finding("a.ipynb", 9, cell=0),
        finding("a.ipynb", 1, cell=2),
        finding("a.py", 2, 1, "a-rule"),
        finding("a.py", 2, 1, "b-rule"),
        finding("a.py", 2, 7),
        finding("a.py", 10),
        finding("b.py", 1),
    ]
    assert in_order(reversed(ordered)) == tuple(ordered)


def test_equal_findings_keep_their_order():
    first, second = finding("a.py"), finding("a.py", evidence=["b.py"])
    assert in_order([first, second]) == (first, second)
    assert in_order([second, first]) == (second, first)
