from __future__ import annotations

import pytest
from making import rule

from llmlint.policy import RulePolicy
from llmlint.policy.options import fits, option_problems


@pytest.mark.parametrize(
    ("glob", "covered", "not_covered"),
    [
        ("tests", ["tests/a.py", "pkg/tests/b/c.py"], ["tests2/a.py", "mytests/a.py"]),
        ("tests/", ["tests/a.py"], ["tests.py"]),
        ("*.ipynb", ["a.ipynb", "docs/b.ipynb"], ["a.py"]),
        ("src/*.py", ["src/a.py"], ["src/b/a.py", "other/src/a.py"]),
        ("src/**/*.py", ["src/a.py", "src/b/c/a.py"], ["a.py"]),
        ("src/**", ["src/a.py", "src/b/a.py"], ["lib/a.py"]),
        ("**/jobs/**", ["jobs/a.py", "x/y/jobs/z/a.py"], ["jobs.py"]),
        ("/app.py", ["app.py"], ["src/app.py2"]),
        ("a?c.py", ["abc.py", "x/abc.py"], ["ac.py", "a/c.py"]),
        ("a.b", ["a.b"], ["axb"]),
    ],
)
def test_globs(glob, covered, not_covered):
    policy = RulePolicy(paths=(glob,))
    assert [path for path in covered if not policy.covers(path)] == []
    assert [path for path in not_covered if policy.covers(path)] == []


def test_no_globs_cover_all():
    assert RulePolicy().covers("any/thing.py")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", [1, -3], [1.5, "1", True, None]),
        ("number", [1, 2.5], ["1", True]),
        ("string", ["a", ""], [1, None, ["a"]]),
        ("boolean", [True], [1, "true"]),
        ("list", [[], ["a", 1], ("b",)], ["a", [["a"]], [None]]),
    ],
)
def test_what_fits_an_option(kind, good, bad):
    assert [value for value in good if not fits(kind, value)] == []
    assert [value for value in bad if fits(kind, value)] == []


def test_problems_of_settings():
    problems = option_problems(rule(), {"least": "10", "leest": 3, "hosts": ["openai"]})
    assert [(each.option, each.message) for each in problems] == [
        ("least", "option `least` must be of type integer, not '10'"),
        ("leest", "rule `loud-call` has no option `leest`"),
    ]
    assert problems[1].allowed == ("least", "hosts")
