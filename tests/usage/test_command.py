"""`llmlint audit --usage FILE` from end to end: the report shows what was measured, mistakes end with code 2."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from llmlint.cli.main import main

SAMPLES = Path(__file__).parents[2] / "fixtures" / "usage"


@pytest.fixture(autouse=True)
def _service(tmp_path: Path, monkeypatch):
    shutil.copytree(SAMPLES / "service", tmp_path / "project" / "service")
    (tmp_path / "project" / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path / "project")


def test_the_audit_shows_what_was_measured(capsys):
    assert main(["audit", "--format", "json", "--usage", str(SAMPLES / "table.csv")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [site["cost"]["measured"]["requests"] for site in document["call_sites"]] == [25_000, 3_000, 800]
    assert document["costs"]["usage"]["joined_requests"] == 28_800
    assert [row["where"] for row in document["costs"]["usage"]["unjoined"]] == ["row 5", "row 6"]
    assert document["costs"]["measured_per_month"] > 0


def test_the_time_may_be_given(capsys):
    usage = ["--usage", str(SAMPLES / "table.csv")]
    main(["audit", "--format", "json", *usage, "--usage-days", "30"])
    (month,) = {json.loads(capsys.readouterr().out)["costs"]["usage"]["per_month"]}
    main(["audit", "--format", "json", *usage])
    assert json.loads(capsys.readouterr().out)["costs"]["usage"]["per_month"] == pytest.approx(3 * month, rel=1e-3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--usage", str(SAMPLES / "bad" / "truncated.json")], "truncated.json:195:1: the JSON breaks off"),
        (["--usage", "nothing.csv"], "nothing.csv: there is no such file"),
        (["--usage-days", "3"], "--usage-days needs --usage FILE"),
        (["--usage", "x", "--usage-days", "0"], "`0` is no number of days"),
    ],
)
def test_mistakes_end_with_code_2(capsys, arguments: list[str], said: str):
    try:
        code = main(["audit", *arguments])
    except SystemExit as stop:  # argparse, on bad usage
        code = stop.code
    assert code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
