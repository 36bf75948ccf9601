"""A run that changes nothing repeats the last report, and says the same as a run without a cache after any change."""

from __future__ import annotations

import builtins
import functools
import io
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from llmlint import snapshot
from llmlint.cache import manifest
from llmlint.catalog import loading as catalogue
from llmlint.cli import recording, replay, running
from llmlint.cli.exit_codes import ExitCode
from llmlint.policy import loading as rules

UNCAPPED = """\
from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Tell a story."}])
print(answer.choices[0].message.content)
"""
REPOSITORY = Path(__file__).parents[2]
HEAVY = ("libcst", "llmlint.linking", "llmlint.pipeline", "msgspec", "pathspec", "pydantic", "rich", "tiktoken", "yaml")
WITH_PROMPT = UNCAPPED.replace('"Tell a story."', 'open("prompts/story.txt").read()')
NO_TIME = re.compile(r"\([0-9.]+ s\)")


@pytest.fixture
def linked(monkeypatch) -> list[int]:
    """Grows with every run that isn't a repetition."""
    runs: list[int] = []
    original = running.run_on

    def run_on(*arguments):
        runs.append(1)
        return original(*arguments)

    monkeypatch.setattr(running, "run_on", run_on)
    return runs


@pytest.fixture(autouse=True)
def prepared(monkeypatch) -> None:
    """Rules and catalogue are read once for all tests; nothing here changes them."""
    monkeypatch.setattr(catalogue, "load_catalog", CATALOG)
    monkeypatch.setattr(rules, "load_rules", lambda places: RULES(tuple(places)))


CATALOG = functools.cache(catalogue.load_catalog)
RULES = functools.cache(rules.load_rules)


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e@x", *words], cwd=folder, check=True, stdout=-3)


@pytest.fixture(params=["git", "no git"])
def either(request, project: Path) -> Path:
    """A project that is a repository, or none."""
    if request.param == "git":
        git(project, "init", "-q")
    time.sleep(0.02)  # what changes in the moment of a run is not kept
    return project


class TestRepeating:
    @pytest.mark.parametrize("options", [(), ("--format", "json"), ("--format", "sarif"), ("--show", "undecided")])
    def test_the_second_run_repeats(self, llmlint, either: Path, linked, options):
        first = llmlint("check", *options)
        second = llmlint("check", *options)
        assert (first.code, len(linked)) == (ExitCode.FINDINGS, 1)
        assert (second.code, second.err, NO_TIME.sub("", second.out)) == (1, "", NO_TIME.sub("", first.out))

    def test_audits_and_files_too(self, llmlint, either: Path, linked):
        first = llmlint("audit", "--format", "csv")
        assert llmlint("audit", "--format", "csv") == first
        llmlint("check", "--format", "json", "--output", "report.json")
        llmlint("check", "--format", "json", "--output", "report.json")
        written = Path("report.json").read_bytes()
        Path("report.json").unlink()
        runs = len(linked)
        llmlint("check", "--format", "json", "--output", "report.json")
        assert Path("report.json").read_bytes() == written
        assert len(linked) - runs <= 1  # the file was listed and is no more

    @pytest.mark.parametrize(
        "options", [("--no-cache",), ("--statistics",), ("--format", "github"), ("--fail-on", "error"), ("src",)]
    )
    def test_it_is_run_for_what_is_asked_for(self, llmlint, project: Path, linked, options):
        llmlint("check")
        llmlint("check", *options)
        assert len(linked) == 2

    def test_mistakes_are_told_again(self, llmlint, project: Path):
        (project / "llmlint.toml").write_text("fail-on = 'nothing'\n")
        first = llmlint("check")
        assert (first.code, llmlint("check")) == (2, first)

    def test_what_is_said_beside_the_report_is_said_again(self, llmlint, project: Path):
        (project / "llmlint.toml").write_text("exclude = ['src']\n")
        first = llmlint("check", "src/app.py")
        assert first.err
        assert llmlint("check", "src/app.py").err == first.err

    def test_it_says_how_long_itself_took(self, llmlint, project: Path, monkeypatch):
        monkeypatch.setattr(time, "perf_counter", iter(range(10_000)).__next__)
        times = [NO_TIME.findall(llmlint("check").out) for _ in range(2)]
        assert times[1] == ["(1.00 s)"] != times[0]

    def test_it_imports_next_to_nothing(self, either: Path):
        check_and_list_modules()
        assert not check_and_list_modules().intersection(HEAVY)


def test_after_an_edit_nothing_is_imported_that_reads_rules_or_counts_what_is_counted(project: Path):
    check_and_list_modules()
    edit("src/app.py", "import OpenAI", "import OpenAI  # edited")()
    modules = check_and_list_modules()
    assert "libcst" in modules
    assert not modules.intersection({"pydantic", "yaml", "tiktoken"})


def check_and_list_modules() -> set[str]:
    """What a process has imported that found something."""
    program = (
        "import sys; from llmlint.cli.main import main; code = main(['check']);"
        "print(int(code), *sys.modules, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    code, *modules = done.stderr.split()
    assert code == "1"
    return set(modules)


def edit(path: str, old: str, new: str) -> Callable[[], object]:
    return lambda: Path(path).write_text(Path(path).read_text().replace(old, new))


def edit_unseen() -> None:
    """Another content of the same size and time of modification."""
    path = Path("src/app.py")
    before = path.stat()
    path.write_text(path.read_text().replace("gpt-4o-mini", "gpt-5o-mini"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[], object]] = {
    "edited": edit("src/app.py", "4o-mini", "4.1"),
    "edited without a trace": edit_unseen,
    "new file": lambda: Path("src/new.py").write_text(UNCAPPED),
    "deleted": lambda: Path("src/other.py").unlink(),
    "renamed": lambda: Path("src/app.py").rename("src/main.py"),
    "moved folder": lambda: Path("src").rename("lib"),
    "replaced by a link": lambda: (Path("src").rename("lib"), Path("src").symlink_to("lib")),
    "settings": lambda: Path("llmlint.toml").write_text("ignore = ['all']\n"),
    "settings nearer": lambda: Path("src/llmlint.toml").write_text(""),
    "other settings": lambda: Path("pyproject.toml").write_text("[tool.llmlint]\nexclude = ['src/app.py']\n"),
    "settings of a folder": lambda: Path("src/pyproject.toml").write_text("[tool.llmlint]\nignore = ['all']\n"),
    "repository inside": lambda: git(Path("src"), "init", "-q"),
    "ignored": lambda: Path(".gitignore").write_text("app.py\n"),
    "prompt": lambda: Path("prompts/story.txt").write_text("Write JSON."),
    "prompt is gone": lambda: Path("prompts/story.txt").unlink(),
    "baseline": lambda: Path("llmlint-baseline.json").write_text("{}"),
    "what deploys it": lambda: Path("Dockerfile").write_text('FROM python\nCMD ["python", "src/app.py"]\n'),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_seen(llmlint, project: Path, linked, name: str):
    git(project, "init", "-q")
    assert_seen(llmlint, project, linked, CHANGES[name])


@pytest.mark.parametrize("name", ["new file", "deleted", "moved folder", "replaced by a link", "ignored"])
def test_every_change_is_seen_without_git(llmlint, project: Path, linked, name: str):
    assert_seen(llmlint, project, linked, CHANGES[name])


@pytest.mark.parametrize("name", ["edited", "edited without a trace", "prompt", "baseline"])
def test_every_change_is_seen_in_files_at_rest(llmlint, project: Path, linked, name: str, monkeypatch):
    monkeypatch.setattr(manifest, "SETTLED", 0)
    assert_seen(llmlint, project, linked, CHANGES[name])


def assert_seen(llmlint, project: Path, linked: list[int], change: Callable[[], object]) -> None:
    (project / "prompts").mkdir()
    (project / "prompts/story.txt").write_text("Tell a story.")
    (project / "src/app.py").write_text(WITH_PROMPT)
    time.sleep(0.02)  # what changes in the moment of a run is not kept
    llmlint("check", "src")
    llmlint("check", "src")
    assert len(linked) == 1
    change()
    assert NO_TIME.sub("", llmlint("check", "src").out) == NO_TIME.sub("", llmlint("check", "src", "--no-cache").out)
    assert len(linked) == 3


def test_digests_agree():
    assert replay.digest(b"data") == snapshot.digest(b"data")


def test_the_day_and_the_look_count(llmlint, project: Path, linked, monkeypatch):
    llmlint("check")
    monkeypatch.setenv("COLUMNS", "44")
    llmlint("check")
    monkeypatch.setenv("CI", "true")
    llmlint("check")
    assert len(linked) == 3


def test_files_outside_of_the_project_count(llmlint, project: Path, linked, tmp_path: Path, monkeypatch):
    prices = tmp_path / "prices.json"
    monkeypatch.setenv("LLMLINT_PRICES", str(prices))
    llmlint("check")
    llmlint("check")
    assert len(linked) == 1
    prices.write_text("nothing that can be read")
    assert llmlint("check").code == 2


def test_a_change_during_the_run_is_not_lost(llmlint, project: Path, monkeypatch):
    original = running.run_on

    def run_on(*arguments):
        result = original(*arguments)
        (project / "src/app.py").write_text("")
        return result

    with monkeypatch.context() as patch:
        patch.setattr(running, "run_on", run_on)
        assert llmlint("check").code == 1
    assert llmlint("check").code == 0


def test_random_changes(llmlint, either: Path):
    """Whatever happens between two runs, the second says what a run without a cache says."""
    chance = random.Random(5)
    sources = [UNCAPPED, WITH_PROMPT, "print('hello')\n", "broken(\n", UNCAPPED.replace("client = ", "other = ")]
    texts = ["", "ignore = ['all']\n", "exclude = ['b']\n", "fail-on = 'error'\n"]
    for step in range(14):
        folder = either / chance.choice(["src", "a", "b/c"])
        path = folder / chance.choice(["app.py", "one.py", "two.py"])
        happens = chance.randrange(6)
        if happens == 0 and path.exists():
            path.unlink()
        elif happens == 1 and folder.exists():
            folder.rename(either / f"moved{step}")
        elif happens == 2:
            (either / "llmlint.toml").write_text(chance.choice(texts))
        elif happens == 3:
            (either / "prompts").mkdir(exist_ok=True)
            (either / "prompts/story.txt").write_text(chance.choice(["Tell a story.", "Answer in JSON."]))
        elif happens < 5:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(chance.choice(sources))
        expected = llmlint("check", "--no-cache", "--format", "json")
        assert llmlint("check", "--format", "json") == expected
        assert llmlint("check", "--format", "json") == expected
    shutil.rmtree(either)


def test_who_opens_a_file_is_noted_and_nothing_stays_changed(tmp_path: Path):
    (tmp_path / "a").write_text("a")
    before = builtins.open, io.open, os.open
    opened: set[str] = set()
    with recording._watched(opened):
        (tmp_path / "a").read_text()
        with open(tmp_path / "b", "w") as stream:  # noqa: PTH123
            stream.write("b")
        with io.open(str(tmp_path / "a"), mode="rb"):  # noqa: UP020
            pass
        os.close(os.open(tmp_path / "b", os.O_RDONLY))
        with pytest.raises(OSError, match="missing"):
            (tmp_path / "missing").open()
    assert opened == {str(tmp_path / name) for name in ("a", "b", "missing")}
    assert (builtins.open, io.open, os.open) == before
    (tmp_path / "c").write_text("c")
    (tmp_path / "c").read_text()
    assert str(tmp_path / "c") not in opened
