from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from llmlint.cli import watching

FINDING = "missing-output-cap"
PROGRAM = """\
import signal
from llmlint.cli.main import entry
signal.signal(signal.SIGINT, signal.default_int_handler)
entry()
"""
"""As it is installed, and heeding Ctrl-C even where the tests run in the background, which ignores it."""


@pytest.fixture
def saves(monkeypatch) -> Callable[..., None]:
    """Lets steps happen one after another while it is watched, as (names, what to do) each; then comes Ctrl-C."""

    def prepare(*steps: tuple[Sequence[str], Callable[[], object]]) -> None:
        def changes(root: Path, written: Sequence[Path]) -> Iterator[Sequence[str]]:
            yield []
            for names, happens in steps:
                happens()
                yield names
            raise KeyboardInterrupt

        monkeypatch.setattr(watching, "changes", changes)

    return prepare


def mend(path: Path) -> None:
    path.write_text(path.read_text().replace("create(", "create(max_tokens=9, "))


def test_it_reports_again_after_each_change(llmlint, project: Path, saves):
    app = project / "src/app.py"
    before = app.read_text()
    saves((["src/app.py"], lambda: mend(app)), (["a", "b", "c", "src/app.py"], lambda: app.write_text(before)))
    result = llmlint("check", "--watch")
    assert result.code == 1
    reports = re.split(r" s\)\.\n", result.out)
    assert [FINDING in report for report in reports] == [True, False, True, False], "the last one is what follows"
    lines = [re.sub(r"\d\d:\d\d:\d\d", "NOW", line) for line in result.err.splitlines()]
    assert lines == [
        f"llmlint: watching {project}; Ctrl-C ends it",
        "llmlint: NOW changed: src/app.py",
        "llmlint: NOW changed: a, b, c and 1 more",
        "llmlint: stopped watching",
    ]
    assert "\x1b" not in result.out, "no terminal, no clearing"


def test_the_exit_code_is_that_of_the_last_run(llmlint, project: Path, saves):
    saves((["src/app.py"], lambda: mend(project / "src/app.py")))
    assert llmlint("check", "--watch").code == 0


def test_mistakes_are_told_and_it_goes_on(llmlint, project: Path, saves):
    settings = project / "llmlint.toml"
    settings.write_text("colour = 1\n")
    saves(
        (["llmlint.toml"], lambda: settings.write_text("ignore = ['missing-output-cap']\n")),
        (
            ["src/app.py"],
            lambda: (project / "src/app.py").write_text("from openai import OpenAI\nOpenAI().responses.create(\n"),
        ),
        (["llmlint.toml"], lambda: settings.write_text("fail-on = \n")),
    )
    result = llmlint("check", "--watch")
    assert result.code == 2
    assert "llmlint.toml:1:1: " in result.err
    assert result.err.count("1 mistake to mend before it can run") == 2
    assert FINDING not in result.out
    assert " LLM900 unreadable-source" in result.out


def test_a_file_that_vanishes_may_come_back(llmlint, project: Path, saves):
    app = project / "src/app.py"
    before = app.read_text()
    saves((["src/app.py"], app.unlink), (["src/app.py"], lambda: app.write_text(before)))
    result = llmlint("check", "--watch", "src/app.py")
    assert result.code == 1
    assert "src/app.py does not exist." in result.err
    assert result.out.count(f"LLM002 {FINDING}") == 2


def test_ctrl_c_before_the_first_report(llmlint, project: Path, monkeypatch):
    def interrupted(arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("llmlint.cli.check._once", interrupted)
    result = llmlint("check", "--watch")
    assert (result.code, result.out, result.err) == (130, "", "llmlint: stopped watching\n")


def test_a_terminal_is_cleared_before_each_new_report(llmlint, project: Path, saves, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    saves((["src/app.py"], lambda: mend(project / "src/app.py")))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert llmlint("check", "--watch").code == 0
    first, second = terminal.getvalue().split("\x1b[H\x1b[2J")
    assert FINDING in first
    assert FINDING not in second


def test_other_formats(llmlint, project: Path, saves):
    saves((["src/app.py"], lambda: mend(project / "src/app.py")))
    result = llmlint("check", "--watch", "--format", "json", "--output", "out.json")
    assert (result.code, result.out) == (0, "")
    assert json.loads((project / "out.json").read_text())["findings"] == []


def test_without_the_package(llmlint, project: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    result = llmlint("check", "--watch")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("not installed.\nInstall it: pip install 'llmlint[watch]'\n")


def test_it_does_not_wait_for_changes_of_its_own(llmlint, project: Path):
    result = llmlint("check", "--watch", "--add-ignores", "--reason", "old")
    assert result.code == 2
    assert "--add-ignores" in result.err
    assert "ignore[" not in (project / "src/app.py").read_text()


def test_where_watching_is_not_possible(llmlint, project: Path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuse)
    result = llmlint("check", "--watch")
    assert result.code == 2
    assert "can't be watched: OS file watch limit reached.\n" in result.err
    assert "WATCHFILES_FORCE_POLLING" in result.err


def test_what_counts_as_a_change(tmp_path: Path):
    """With the real package. What a run writes, and what tools write, is none, or it would never rest."""
    root = tmp_path.resolve() / ".venv" / "project"  # what the project lies in doesn't matter
    for folder in (".git", "cache", "src/__pycache__"):
        (root / folder).mkdir(parents=True)
    seen = watching.changes(root, [root / "cache", root / "out.txt"])
    assert next(seen) == []
    for name in (".git/index", "cache/x", "out.txt", "src/__pycache__/a.pyc", "src/.a.py.swp", "src/a.py~"):
        (root / name).write_text("")
    alarm = threading.Timer(0.3, lambda: (root / "src" / ".env").write_text("MODEL=x"))
    alarm.start()
    assert next(seen) == ["src/.env"]
    (root / "out.txt.py").write_text("")
    (root / "src/.env").unlink()
    assert next(seen) == ["out.txt.py", "src/.env"]
    seen.close()


def test_a_cache_folder_around_the_project_hides_no_change(llmlint, project: Path, monkeypatch):
    told: list[Path] = []

    def changes(root: Path, written: Sequence[Path]) -> Iterator[Sequence[str]]:
        told.extend(written)
        return iter([])

    monkeypatch.setattr(watching, "changes", changes)
    llmlint("check", "--watch", "--cache-dir", project)
    assert project not in told
    assert project / "llmlint.sqlite3" in told


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way")
def test_the_program(llmlint, project: Path, tmp_path: Path):
    """A file is saved, the new report comes, nothing more comes by itself, and Ctrl-C ends it without a traceback."""
    saved = tmp_path / "app.py"
    saved.write_text((project / "src/app.py").read_text())
    mend(saved)
    llmlint("check")  # fills the cache, which the program then starts with
    command = [sys.executable, "-c", PROGRAM, "check", "--watch", "--format", "json", "--output", "out.json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, cwd=project, env=environment, text=True, stderr=subprocess.PIPE) as process:
        killer = threading.Timer(30, process.kill)
        killer.start()
        assert process.stderr is not None
        assert process.stderr.readline().startswith("llmlint: watching ")
        assert findings(project) == 1
        saved.replace(project / "src/app.py")
        assert process.stderr.readline().endswith(" changed: src/app.py\n")
        while process.poll() is None and findings(project) != 0:
            time.sleep(0.02)
        time.sleep(0.3)  # in which a report that it wrote itself would count as a change
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        killer.cancel()
    assert (err, process.returncode) == ("llmlint: stopped watching\n", 0)


def findings(project: Path) -> int | None:
    """None while the report is being written."""
    try:
        return len(json.loads((project / "out.json").read_text())["findings"])
    except ValueError:
        return None
