from __future__ import annotations

import json
from pathlib import Path

import pytest

FILE = "llmlint-baseline.json"
UNCAPPED = """\
from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Tell a story."}])
print(answer.choices[0].message.content)
"""


@pytest.fixture(autouse=True)
def nobodys_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


def entries(project: Path, name: str = FILE) -> list[dict[str, str]]:
    return json.loads((project / name).read_text())["findings"]


def test_old_findings_are_left_alone_and_new_ones_are_not(llmlint, project: Path):
    result = llmlint("baseline")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"{FILE}: 1 finding (1 added, 0 gone)\n       1  missing-output-cap\n"
    assert llmlint("check").code == 0
    assert "1 finding baselined" in llmlint("check").out
    assert llmlint("check", "--no-baseline").code == 1
    assert llmlint("check", "--no-config").code == 1
    app = project / "src/app.py"
    app.write_text("# moved down\n\n" + UNCAPPED.replace("Tell a story", "Sing a song"))
    assert llmlint("check").code == 0
    (project / "src/new.py").write_text(UNCAPPED.replace("answer", "other"))
    result = llmlint("check")
    assert result.code == 1
    assert "src/new.py" in result.out
    assert "src/app.py" not in result.out


def test_growing_is_asked_for(llmlint, project: Path):
    llmlint("baseline")
    (project / "src/new.py").write_text(UNCAPPED.replace("answer", "other"))
    result = llmlint("baseline")
    assert result.code == 1
    assert "1 new finding is not in it: mend them, or add them with --grow." in result.out
    assert len(entries(project)) == 1
    result = llmlint("baseline", "--grow")
    assert (result.code, result.out.splitlines()) == (
        0,
        [f"{FILE}: 2 findings (1 added, 0 gone)", "       2  missing-output-cap  +1"],
    )
    assert llmlint("check").code == 0


def test_shrinking_is_not(llmlint, project: Path):
    llmlint("baseline")
    text = (project / FILE).read_text()
    (project / "src/app.py").write_text(UNCAPPED.replace("messages=", "max_tokens=30, messages="))
    result = llmlint("check", "src")
    assert (result.code, result.err) == (0, ""), "a part of the project tells nothing about the rest"
    llmlint("check", "--select", "LLM001")
    assert (project / FILE).read_text() == text
    result = llmlint("check")
    assert (result.code, result.err) == (0, f"llmlint: 1 finding of {FILE} is gone, so it has 0 findings now\n")
    assert entries(project) == []
    (project / "src/app.py").write_text(UNCAPPED)
    assert llmlint("check").code == 1, "what was mended may not come back"


def test_nothing_is_written_for_a_ci_service(llmlint, project: Path, monkeypatch):
    llmlint("baseline")
    monkeypatch.setenv("CI", "true")
    (project / "src/app.py").write_text("x = 1\n")
    assert "`llmlint baseline` drops what is gone" in llmlint("check").err
    assert len(entries(project)) == 1
    result = llmlint("baseline", "--prune")
    assert (result.code, result.out) == (0, f"{FILE}: 0 findings (0 added, 1 gone)\n       0  missing-output-cap  -1\n")


def test_what_nobody_can_tell_today_is_not_gone(llmlint, project: Path):
    llmlint("baseline")
    (project / "src/app.py").write_text(UNCAPPED + "def broken(:\n")
    llmlint("check")
    assert len(entries(project)) == 1
    llmlint("baseline")
    assert len(entries(project)) == 1
    (project / "src/app.py").write_text(UNCAPPED)
    (project / "llmlint.toml").write_text("ignore = ['missing-output-cap']\n")
    llmlint("check")
    assert len(entries(project)) == 1
    llmlint("baseline", "--prune")
    assert entries(project) == []


def test_a_file_of_another_name(llmlint, project: Path):
    (project / "llmlint.toml").write_text("baseline = 'ci/old.json'\n")
    assert llmlint("check").code == 1, "it need not exist"
    (project / "ci").mkdir()
    assert llmlint("baseline").code == 0
    assert len(entries(project, "ci/old.json")) == 1
    assert llmlint("check").code == 0
    (project / "src").joinpath("deep").mkdir()


def test_without_findings_there_is_none(llmlint, project: Path):
    (project / "src/app.py").write_text("x = 1\n")
    assert llmlint("baseline").out == "No findings, so no baseline is needed.\n"
    assert not (project / FILE).exists()


def test_a_broken_one_is_a_mistake_like_others(llmlint, project: Path):
    (project / FILE).write_text("<<<<<<< HEAD\n")
    (project / "llmlint.toml").write_text("baseline = '../x.json'\n")
    result = llmlint("check")
    assert result.code == 2
    assert "llmlint.toml:1:1: `../x.json` is no file of the project" in result.err
    (project / "llmlint.toml").unlink()
    result = llmlint("check")
    assert result.code == 2
    assert f"{FILE}:1:1: no baseline: " in result.err


def test_findings_in_notebooks(llmlint, project: Path):
    cells = [{"cell_type": "code", "metadata": {}, "source": UNCAPPED, "outputs": [], "execution_count": None}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (project / "src/app.py").unlink()
    (project / "tour.ipynb").write_text(json.dumps(notebook))
    llmlint("baseline")
    (entry,) = entries(project)
    assert entry["code"]
    notebook["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": "# Tour"})
    (project / "tour.ipynb").unlink()
    (project / "renamed.ipynb").write_text(json.dumps(notebook))
    assert llmlint("check").code == 0
