from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from llmlint.catalog.loading import load_catalog
from llmlint.config import Settings
from llmlint.errors import ProblemsError
from llmlint.findings import Severity
from llmlint.knowledge import Knowledge, load_knowledge
from llmlint.pipeline import Outcome, run
from llmlint.timing import Stopwatch

CALL = "from openai import OpenAI\nOpenAI().responses.create(model='gpt-4o', input='Tell a story.')\n"
TODAY = "2026-11-23"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(Settings(), TODAY)


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_py", ".py").replace("_nb", ".ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def outcome(root: Path, knowledge: Knowledge, *scope: str) -> Outcome:
    return run(root, scope or (".",), knowledge, Stopwatch())


def test_all_of_a_project(tmp_path: Path, knowledge: Knowledge):
    write(tmp_path, a_py=CALL, pkg__b_py=CALL, pkg__c_py="x = 1\n")
    report = outcome(tmp_path, knowledge).report
    assert [each.location.path for each in report.call_sites] == ["a.py", "pkg/b.py"]
    assert {each.rule for each in report.findings} == {"missing-output-cap"}
    assert (report.files, report.candidates, report.skipped) == (3, 2, ())
    assert [rule.code for rule in report.rules][-1] == "LLM908"


def test_only_a_part_is_reported(tmp_path: Path, knowledge: Knowledge):
    write(tmp_path, a_py=CALL, pkg__b_py=CALL, pkg__c_py="x = 1\n", pkgs__d_py=CALL)
    report = outcome(tmp_path, knowledge, "pkg").report
    assert [each.location.path for each in report.call_sites] == ["pkg/b.py"]
    assert [each.location.path for each in report.findings] == ["pkg/b.py"]
    assert (report.files, report.candidates) == (2, 1)


def test_undecided_verdicts_of_the_scope(tmp_path: Path, knowledge: Knowledge):
    text = "from openai import OpenAI\ndef ask(**kw):\n    return OpenAI().responses.create(input='x', **kw)\n"
    write(tmp_path, a_py=text, b_py=text)
    report = outcome(tmp_path, knowledge, "b.py").report
    assert report.undecided
    assert {each.location.path for each in report.undecided} == {"b.py"}


def test_a_notebook(tmp_path: Path, knowledge: Knowledge):
    cells = [{"cell_type": "markdown", "source": ["# hi"]}, {"cell_type": "code", "source": CALL.splitlines(True)}]
    write(tmp_path, n_nb=json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    (site,) = outcome(tmp_path, knowledge).report.call_sites
    assert (site.location.cell, site.location.line) == (1, 2)


def test_what_cannot_be_read_is_reported_once(tmp_path: Path, knowledge: Knowledge):
    write(tmp_path, a_py=CALL, bad_py=CALL + "def f(:\n", nb_nb="{completions")
    report = outcome(tmp_path, knowledge).report
    unreadable = [each for each in report.findings if each.rule == "unreadable-source"]
    assert [(each.location.path, each.location.line) for each in unreadable] == [("bad.py", 3), ("nb.ipynb", 1)]
    assert [each.location.path for each in report.skipped] == ["bad.py", "nb.ipynb"]
    assert len({each.fingerprint for each in unreadable}) == 2
    assert report.files == 3
    assert [each.location.path for each in report.call_sites] == ["a.py"]


def test_settings_decide_about_unreadable_files(tmp_path: Path):
    write(tmp_path, bad_py=CALL + "def f(:\n", old__bad_py=CALL + "def f(:\n")
    (tmp_path / "llmlint.toml").write_text(
        "severity.LLM900 = 'error'\n[[overrides]]\npaths = ['old/']\nignore = ['unreadable-source']\n"
    )
    from llmlint.config import read_settings

    (finding,) = outcome(tmp_path, load_knowledge(read_settings(tmp_path), TODAY)).report.findings
    assert (finding.location.path, finding.severity) == ("bad.py", Severity.ERROR)


def test_what_was_done_and_how_long_it_took(tmp_path: Path, knowledge: Knowledge):
    write(tmp_path, a_py=CALL, b_py="x = 1\n")
    result = outcome(tmp_path, knowledge)
    assert (result.statistics["files"], result.statistics["candidates"], result.statistics["lowered"]) == (2, 1, 1)
    assert list(result.seconds) == ["discover", "read", "link", "price", "evaluate", "triage", "save"]
    assert result.report.elapsed is not None
    assert result.report.elapsed >= sum(result.seconds.values())


def test_an_empty_project(tmp_path: Path, knowledge: Knowledge):
    report = outcome(tmp_path, knowledge).report
    assert (report.files, report.findings, report.call_sites) == (0, (), ())


def test_progress_is_told_while_files_are_read(tmp_path: Path, knowledge: Knowledge):
    write(tmp_path, a_py=CALL)
    told: list[str] = []
    run(tmp_path, ["."], knowledge, Stopwatch(told.append))
    assert "linking, 0 files read" in told
    assert "linking, 1 files read, 1 call sites" in told


def test_progress_has_a_rate_after_a_second(monkeypatch):
    monkeypatch.setattr(time, "perf_counter", iter([0, 10, 10.5, 12, 13]).__next__)
    told: list[str] = []
    watch = Stopwatch(told.append)
    with watch.stage("link", "linking"):
        watch.count("linking", files_read=30)
        watch.count("linking", files_read=3000, call_sites=1200)
    assert told == ["linking", "linking, 30 files read", "linking, 3,000 files read, 1,200 call sites, 1,500 a second"]


def test_mistakes_in_rules_and_providers_are_told_together(tmp_path: Path):
    (tmp_path / "rule.yaml").write_text("rule: 3\n")
    (tmp_path / "provider.yaml").write_text("provder: x\n")
    settings = Settings(rules=(tmp_path / "rule.yaml",), providers=(tmp_path / "provider.yaml",))
    with pytest.raises(ProblemsError) as caught:
        load_knowledge(settings, TODAY)
    assert {Path(problem.path).name for problem in caught.value.problems} == {"rule.yaml", "provider.yaml"}


def test_every_rule_has_a_name_and_a_code_of_its_own(knowledge: Knowledge):
    assert len(set(knowledge.codes.values())) == len(knowledge.codes)
    assert len(knowledge.described()) == len(knowledge.codes)


def test_the_vocabulary_is_that_of_the_catalogue(knowledge: Knowledge):
    assert knowledge.catalog.vocabulary == load_catalog().vocabulary
