from __future__ import annotations

import os
from pathlib import Path

import pytest

from llmlint import corpus
from llmlint import project as module
from llmlint.discovery import Discovery, Folder, Prefilter, Unreadable, discover
from llmlint.facts.syntax import SCHEMA, ModuleFacts, SourceProblem
from llmlint.project import SourceProject

WORD = b"completions"


class Lowering:
    """Stands in for the frontend: remembers what it was given; `broken` can not be lowered."""

    def __init__(self) -> None:
        self.seen: list[tuple[bytes, bool]] = []

    def __call__(self, data: bytes, notebook: bool) -> ModuleFacts | SourceProblem:
        self.seen.append((data, notebook))
        if b"broken" in data:
            return SourceProblem("syntax", "the file is no Python", 3, 7)
        return ModuleFacts(SCHEMA, 1, (), (), ())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "project"


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())


def project_of(root: Path, files: dict[str, str | bytes], **arguments) -> SourceProject:
    write(root, files)
    lower = arguments.pop("lower", None) or Lowering()
    return SourceProject(Folder(root), discover(root), Prefilter([(WORD,)]), lower, **arguments)


def test_paths_and_candidates(root: Path):
    project = project_of(root, {"b.py": "x.completions.create()", "a.py": "1", "c.ipynb": "completions"})
    assert list(project.paths) == ["a.py", "b.py", "c.ipynb"]
    assert list(project.candidates) == ["b.py", "c.ipynb"]


def test_files_are_lowered_once_and_only_on_demand(root: Path):
    lower = Lowering()
    project = project_of(root, {"a.py": "a", "b.py": "b", "c.ipynb": "c"}, lower=lower)
    assert project.lowered == 0
    assert project.facts("c.ipynb") is project.facts("c.ipynb")
    assert project.facts("a.py") is not None
    assert lower.seen == [(b"c", True), (b"a", False)]
    assert project.lowered == 2


def test_what_cannot_be_lowered_is_a_problem_and_no_end(root: Path):
    project = project_of(root, {"a.py": "broken", "b.py": "good"})
    assert project.facts("a.py") is None
    assert project.facts("b.py") is not None
    assert {path: problem.kind for path, problem in project.problems.items()} == {"a.py": "syntax"}


def test_paths_outside_of_the_project_have_no_facts(root: Path):
    project = project_of(root, {"a.py": "a"})
    assert project.facts("../a.py") is None
    assert project.facts("absent.py") is None


@pytest.mark.parametrize("kept_bytes", [10**6, 12, 0])
def test_files_that_mention_a_whole_word(root: Path, kept_bytes: int):
    files: dict[str, str | bytes] = {
        "a.py": "ask()",
        "b.py": "task(); asks",
        "c.py": "asks; ask",
        "d.py": "as",
        "e.py": "k = ask",
        "f.py": "",
    }
    project = project_of(root, files, kept_bytes=kept_bytes)
    assert list(project.containing("ask")) == ["a.py", "c.py", "e.py"]
    assert list(project.containing("k")) == ["e.py"]
    assert list(project.containing("absent")) == []
    assert list(project.containing("")) == []
    assert project.facts("e.py") is not None


def test_asking_often_changes_no_answer(root: Path, monkeypatch):
    files: dict[str, str | bytes] = {"a.py": "ask()", "b.py": "task(); asks", "c.py": "asks; ask", "d.py": "x" * 100}
    seldom = project_of(root, files)
    monkeypatch.setattr(corpus, "MAX_SEARCHES", 0)
    often = project_of(root, files)
    for word in ("ask", "asks", "task", "as", "", "absent", "x" * 100):
        assert often.containing(word) == seldom.containing(word)


def test_words_do_not_reach_across_files(root: Path):
    project = project_of(root, {"a.py": "as", "b.py": "k", "c.py": "as\nk"})
    assert list(project.containing("as\nk")) == ["c.py"]


def test_what_discovery_could_not_read_is_a_problem(root: Path):
    found = Discovery((), (Unreadable("locked", "the folder can't be opened"),))
    project = SourceProject(Folder(root), found, Prefilter([]), Lowering())
    assert {path: problem.message for path, problem in project.problems.items()} == {
        "locked": "the folder can't be opened"
    }


def test_a_file_that_vanishes_or_turns_into_something_else(root: Path):
    write(root, dict.fromkeys(("gone.py", "pipe.py", "link.py", "stays.py"), "completions"))
    project = SourceProject(Folder(root), discover(root), Prefilter([(WORD,)]), Lowering())
    for name in ("gone.py", "pipe.py", "link.py"):
        (root / name).unlink()
    os.mkfifo(root / "pipe.py")
    (root / "link.py").symlink_to("stays.py")
    assert list(project.paths) == ["stays.py"]
    assert {path: problem.kind for path, problem in project.problems.items()} == dict.fromkeys(
        ("gone.py", "pipe.py", "link.py"), "unreadable"
    )


def test_too_large_files_are_problems_only_if_they_might_matter(root: Path, monkeypatch):
    monkeypatch.setattr(module, "MAX_SOURCE_BYTES", 20)
    monkeypatch.setattr(module, "MAX_SEARCHED_BYTES", 60)
    project = project_of(
        root,
        {"calls.py": "completions" * 3, "data.py": "1, " * 10, "huge.py": "1, " * 50, "n.ipynb": "1" * 50},
    )
    assert list(project.paths) == ["n.ipynb"]
    assert {path: problem.kind for path, problem in project.problems.items()} == dict.fromkeys(
        ("calls.py", "huge.py"), "too-large"
    )


class TestText:
    def test_data_files(self, root: Path):
        project = project_of(root, {"prompts/a.txt": "\ufeffyou are é", "b.yaml": "k: v"})
        assert project.text("prompts/a.txt") == "you are é"
        assert project.text("prompts/../b.yaml") is None
        assert project.text("b.yaml") == "k: v"

    @pytest.mark.parametrize(
        "path",
        [
            "absent",
            "folder",
            "../secret",
            "folder/../../secret",
            "/etc/passwd",
            "out",
            "out.txt",
            "a\0b",
            "pipe",
            "",
        ],
    )
    def test_everything_else_is_none(self, root: Path, path: str):
        write(root.parent, {"secret": "s", "outside/secret": "s"})
        project = project_of(root, {"folder/a.txt": "a"})
        (root / "out.txt").symlink_to("../secret")
        (root / "out").symlink_to("../outside")
        os.mkfifo(root / "pipe")
        assert project.text(path) is None
        assert project.text("out/secret") is None

    def test_links_inside_of_the_project_are_followed_and_loops_are_not(self, root: Path):
        project = project_of(root, {"a.txt": "a"})
        (root / "link.txt").symlink_to("a.txt")
        (root / "loop").symlink_to("loop")
        assert project.text("link.txt") == "a"
        assert project.text("loop") is None
        assert project.text("loop/a") is None

    def test_no_text(self, root: Path, monkeypatch):
        monkeypatch.setattr(module, "MAX_TEXT_BYTES", 10)
        project = project_of(root, {"binary": b"\xff\xfe\x00", "long": "x" * 11, "fits": "x" * 10})
        assert project.text("binary") is None
        assert project.text("long") is None
        assert project.text("fits") == "x" * 10

    def test_a_root_that_is_a_link(self, root: Path):
        write(root, {"a.txt": "a"})
        (root.parent / "alias").symlink_to(root)
        project = SourceProject(Folder(root.parent / "alias"), Discovery(()), Prefilter([]), Lowering())
        assert project.text("a.txt") == "a"
