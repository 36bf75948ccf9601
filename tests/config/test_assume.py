from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.catalog.assumptions import Assumption
from llmlint.config import read_settings
from llmlint.errors import ProblemsError
from llmlint.facts.call_site import Location


def test_names_with_and_without_quotes(tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text(
        """\
[tool.llmlint.assume.environment]
MODEL = "m-1"
LIMIT = 300

[tool.llmlint.assume.values]
"app.settings.MODEL" = { one-of = ["m-1", "m-2"] }
app.config.Options.stops = ["a", "b"]

[tool.llmlint.assume]
returns = { "app.flags.beta" = true }
"""
    )
    found = read_settings(tmp_path).assumptions

    def declared(name: str, line: int, *values, column: int = 1) -> dict[str, Assumption]:
        return {name: Assumption(name, values, Location("pyproject.toml", line, column))}

    assert found.environment == declared("MODEL", 2, "m-1") | declared("LIMIT", 3, 300)
    assert found.values == declared("app.settings.MODEL", 6, "m-1", "m-2") | declared(
        "app.config.Options.stops", 7, ("a", "b")
    )
    assert found.returns == declared("app.flags.beta", 10, True, column=13)


def test_every_mistake_at_its_place(tmp_path: Path):
    (tmp_path / "llmlint.toml").write_text(
        """\
[assume.environment]
A.B = "x"
"C=D" = "x"
[assume.values]
MODEL = "x"
"app settings.MODEL" = "x"
app.a = { one_of = ["x"] }
app.b = { one-of = [] }
app.c = { one-of = ["x"], more = 1 }
app.d = [["x"]]
app.e = 1
"app.e" = 2
[assume.retruns]
x.y = 1
"""
    )
    with pytest.raises(ProblemsError) as caught:
        read_settings(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == [
        "llmlint.toml:13:1: unknown key `retruns` (did you mean `returns`?)"
    ]
    text = (tmp_path / "llmlint.toml").read_text().replace("retruns", "returns")
    (tmp_path / "llmlint.toml").write_text(text)
    with pytest.raises(ProblemsError) as caught:
        read_settings(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == [
        "llmlint.toml:2:1: `A.B` is no name of an environment variable (write NAME = value)",
        "llmlint.toml:3:1: `C=D` is no name of an environment variable (write NAME = value)",
        "llmlint.toml:5:1: `MODEL` is no dotted name (write it as an import spells it, e.g. `app.settings.MODEL`)",
        "llmlint.toml:6:1: `app settings.MODEL` is no dotted name "
        "(write it as an import spells it, e.g. `app.settings.MODEL`)",
        "llmlint.toml:7:11: unknown key `one_of` (did you mean `one-of`?)",
        "llmlint.toml:8:1: `one-of` must be a list with at least one value",
        "llmlint.toml:9:1: unknown key `more` in `c` (allowed: `one-of`)",
        "llmlint.toml:10:1: `d` can't hold that (allowed: text, numbers, true, false, or a list of them)",
        "llmlint.toml:12:1: `app.e` is assumed twice (once with quotes, once without: keep one)",
    ]


@pytest.mark.parametrize(
    ("said", "severity", "undecided"),
    [
        ('"undecided"', "warning", True),
        ('["error", "undecided"]', "error", True),
        ('["never", "undecided"]', None, True),
        ('"never"', None, False),
    ],
)
def test_undecided_verdicts_can_fail_a_run(tmp_path: Path, said: str, severity: str | None, undecided: bool):
    (tmp_path / "llmlint.toml").write_text(f"fail-on = {said}\n")
    settings = read_settings(tmp_path)
    assert (settings.fail_on and settings.fail_on.value, settings.fail_on_undecided) == (severity, undecided)
    assert settings.changed(fail_on=["undecided"]).fail_on is settings.fail_on
    assert not settings.changed(fail_on=["info"]).fail_on_undecided


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('"eror"', '`fail-on` can\'t be "eror" (did you mean `error`?)'),
        ('["error", "undecidd"]', 'item 2 of `fail-on` can\'t be "undecidd" (did you mean `undecided`?)'),
        ('["error", "info"]', "`fail-on` needs one severity"),
        ("[]", "`fail-on` needs one severity"),
        ("3", "`fail-on` can't be the number 3 (allowed: 'info', 'warning',"),
    ],
)
def test_words_of_fail_on(tmp_path: Path, said: str, problem: str):
    (tmp_path / "llmlint.toml").write_text(f"fail-on = {said}\n")
    with pytest.raises(ProblemsError) as caught:
        read_settings(tmp_path)
    assert problem in str(caught.value)
