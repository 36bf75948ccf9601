"""`[tool.llmlint.cost]`: what a project says about its traffic, and mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.config import read_settings
from llmlint.cost.records import Assumptions, CostOverride, CostSettings, Range, exactly
from llmlint.errors import ProblemsError


def read(folder: Path, text: str) -> CostSettings:
    (folder / "llmlint.toml").write_text(text)
    return read_settings(folder).cost


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        read(folder, text)
    return [f"{each.line}: {each.message}; {each.hint}" for each in caught.value.problems]


def test_everything_that_can_be_set(tmp_path: Path):
    text = """
[cost]
expected-input-tokens = 1500
expected-output-tokens = [50, 400]
calls-per-day = 2.5
cache-hit-rate = 0.8

[[cost.overrides]]
paths = ["jobs/**"]
expected_output_tokens = [1, 2, 9]

[[cost.overrides]]
calls = ["app.py:42", "app.py::Agent.ask"]
calls-per-day = 1000
"""
    assert read(tmp_path, text) == CostSettings(
        Assumptions(
            input_tokens=exactly(1500), output_tokens=Range(50, 225, 400), calls_per_day=2.5, cache_hit_rate=0.8
        ),
        (
            CostOverride(Assumptions(output_tokens=Range(1, 2, 9)), paths=("jobs/**",)),
            CostOverride(Assumptions(calls_per_day=1000), calls=("app.py:42", "app.py::Agent.ask")),
        ),
    )


def test_nothing_set_assumes_nothing(tmp_path: Path):
    assert read(tmp_path, "") == CostSettings()


def test_settings_that_extend_others_add_to_them(tmp_path: Path):
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "llmlint.toml").write_text(
        "[cost]\nexpected-output-tokens = 90\ncache-hit-rate = 0.1\n"
        "[[cost.overrides]]\npaths = ['a']\ncalls-per-day = 1\n"
    )
    text = "extends = ['./team']\n[cost]\ncache-hit-rate = 0.5\n[[cost.overrides]]\npaths = ['b']\ncalls-per-day = 2\n"
    found = read(tmp_path, text)
    assert found.assumptions == Assumptions(output_tokens=exactly(90), cache_hit_rate=0.5)
    assert [each.paths for each in found.overrides] == [("a",), ("b",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[cost]\ncalls-per-dya = 3\n", "did you mean `calls-per-day`?"),
        ("[cost]\ncache-hit-rate = 80\n", "must be at most 1.0"),
        ("[cost]\nexpected-output-tokens = -1\n", "must be at least 0.0"),
        ("[cost]\nexpected-output-tokens = [9, 1]\n", "the numbers must rise"),
        ("[[cost.overrides]]\ncalls-per-day = 3\n", "say for which `paths` or `calls` this holds"),
        ('[[cost.overrides]]\ncalls = ["ask"]\n', "`ask` names no call: write `path/file.py:42`"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, said: str):
    told = mistakes(tmp_path, text)
    assert len(told) == 1
    assert said in told[0]
