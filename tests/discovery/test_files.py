from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from llmlint.discovery import DEFAULT_EXCLUDES, SourceFile, discover, git

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
as_user = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")


def write(root: Path, *paths: str, text: str = "x = 1\n") -> None:
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def run_git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def paths(root: Path, **arguments) -> list[str]:
    return [file.path for file in discover(root, **arguments).files]


@pytest.fixture(params=["walk", pytest.param("git", marks=needs_git)])
def project(request, tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    if request.param == "git":
        run_git(root, "init", "-q")
    return root


def test_python_files_and_notebooks_sorted(project: Path):
    write(project, "b.py", "a/z.py", "a.ipynb", "stub.pyi", "readme.md", "c.PY", "a/b/c.py")
    assert discover(project).files == (
        SourceFile("a.ipynb", 6, True),
        SourceFile("a/b/c.py", 6, False),
        SourceFile("a/z.py", 6, False),
        SourceFile("b.py", 6, False),
    )


def test_an_empty_folder_has_no_files(project: Path):
    assert discover(project).files == ()


def test_ignored_files_are_left_out(project: Path):
    write(project, "a.py", "gen/a.py", "gen/keep.py", "lib/local.py", "lib/sub/local.py", "lib/x_tmp.py", "é.py")
    (project / ".gitignore").write_text("gen/\n*_tmp.py\n!gen/keep.py\n")
    (project / "lib/.gitignore").write_text("/local.py\n!x_tmp.py\n")
    assert paths(project) == ["a.py", "lib/sub/local.py", "lib/x_tmp.py", "é.py"]


def test_folders_of_tools_and_environments_are_left_out(project: Path):
    write(project, "a.py", "env/pyvenv.cfg", "env/bin/activate_this.py", "sub/env/bin/x.py", "buildings/b.py")
    write(project, *(f"{name}/a.py" for name in DEFAULT_EXCLUDES - {".git"}), "x/lib/site-packages/m/a.py")
    assert paths(project) == ["a.py", "buildings/b.py", "sub/env/bin/x.py"]


def test_exclude_patterns(project: Path):
    write(
        project,
        "a.py",
        "tests/a.py",
        "src/tests/b.py",
        "src/gen_a.py",
        "src/keep/gen_b.py",
        "n.ipynb",
        "build/a.py",
    )
    assert paths(project, exclude=["/tests/", "gen_*.py", "!gen_b.py", "*.ipynb", "!build"]) == [
        "a.py",
        "build/a.py",
        "src/keep/gen_b.py",
        "src/tests/b.py",
    ]


@pytest.mark.parametrize("pattern", ["!", "*a*b*c*d*.py"])
def test_bad_patterns_are_refused(project: Path, pattern: str):
    with pytest.raises(ValueError, match="is no pattern"):
        discover(project, exclude=[pattern])


def test_named_paths_are_looked_at_even_when_ignored(project: Path):
    write(project, "a.py", "gen/a.py", "gen/b.py", "out/c.py", "venv/d.py", "venv/e/f.py", "notes.txt")
    (project / ".gitignore").write_text("gen/\nout/\n")
    named = ["gen/a.py", "venv", "a.py", "notes.txt", "absent.py"]
    assert paths(project, named=named) == ["a.py", "gen/a.py", "venv/d.py", "venv/e/f.py"]
    assert paths(project, named=named, exclude=["venv/e/"]) == ["a.py", "gen/a.py", "venv/d.py"]


def test_links_are_not_followed(project: Path):
    write(project, "real/a.py")
    write(project.parent, "outside/secret.py")
    (project / "file.py").symlink_to(project.parent / "outside/secret.py")
    (project / "inner.py").symlink_to("real/a.py")
    (project / "folder").symlink_to(project.parent / "outside")
    (project / "dangling.py").symlink_to("nowhere.py")
    (project / "self.py").symlink_to("self.py")
    (project / "real/loop").symlink_to("..")
    assert paths(project) == ["real/a.py"]


def test_names_that_would_break_output_are_reported(project: Path):
    write(project, "a.py", "new\nline.py")
    (Path(os.fsdecode(os.fsencode(project) + b"/\xff.py"))).write_text("")
    found = discover(project)
    assert [file.path for file in found.files] == ["a.py"]
    assert [str(problem.path) for problem in found.unreadable] == [r"\udcff.py", r"new\nline.py"]


@as_user
def test_folders_that_cannot_be_opened_are_reported(project: Path):
    write(project, "a.py", "locked/b.py")
    (project / "locked").chmod(0)
    try:
        found = discover(project)
    finally:
        (project / "locked").chmod(0o755)
    assert [file.path for file in found.files] == ["a.py"]
    assert [problem.path for problem in found.unreadable] == ["locked"]


def test_what_git_could_not_open_is_reported(tmp_path: Path, monkeypatch):
    write(tmp_path, "a.py")
    monkeypatch.setattr(git, "list_files", lambda root: git.Listing(("a.py",), ("locked",)))
    assert [(each.path, each.reason) for each in discover(tmp_path).unreadable] == [
        ("locked", "the folder can't be opened")
    ]


def test_special_files_are_left_out(project: Path):
    os.mkfifo(project / "pipe.py")
    (project / "folder.py").mkdir()
    write(project, "folder.py/a.py")
    assert paths(project) == ["folder.py/a.py"]


def test_a_deep_tree_is_walked(tmp_path: Path):
    write(tmp_path, "/".join(["d"] * 300) + "/a.py")
    assert len(paths(tmp_path)) == 1


@needs_git
class TestGit:
    @pytest.fixture
    def repository(self, tmp_path: Path) -> Path:
        root = tmp_path / "repository"
        root.mkdir()
        run_git(root, "init", "-q")
        return root

    def test_tracked_files_count_although_ignored_and_deleted_ones_do_not(self, repository: Path):
        write(repository, "gen/a.py", "gen/b.py", "gone.py", "new.py")
        (repository / ".gitignore").write_text("gen/\n")
        run_git(repository, "add", "-f", "gen/a.py", "gone.py")
        (repository / "gone.py").unlink()
        assert paths(repository) == ["gen/a.py", "new.py"]

    def test_a_part_of_a_repository(self, repository: Path):
        write(repository, "a.py", "part/b.py", "part/c/d.py", "part/e.py")
        (repository / ".gitignore").write_text("/part/e.py\n")
        assert paths(repository / "part") == ["b.py", "c/d.py"]

    def test_submodules_and_other_repositories_inside_are_passed_over(self, repository: Path, tmp_path: Path):
        other = tmp_path / "other"
        other.mkdir()
        run_git(other, "init", "-q")
        write(other, "lib.py")
        run_git(other, "add", "lib.py")
        run_git(other, "commit", "-q", "-m", "x")
        write(repository, "a.py")
        run_git(repository, "submodule", "add", "-q", str(other), "sub")
        shutil.copytree(other, repository / "nested")
        assert paths(repository) == ["a.py"]
        assert paths(repository / "sub") == ["lib.py"]

    def test_a_folder_replaced_by_a_link_is_not_followed(self, repository: Path, tmp_path: Path):
        write(repository, "a.py", "folder/b.py")
        run_git(repository, "add", "a.py", "folder/b.py")
        shutil.rmtree(repository / "folder")
        write(tmp_path, "outside/b.py")
        (repository / "folder").symlink_to(tmp_path / "outside")
        assert paths(repository) == ["a.py"]

    def test_the_repository_may_not_run_programs(self, repository: Path, tmp_path: Path):
        mark = tmp_path / "ran"
        script = tmp_path / "monitor"
        script.write_text(f"#!/bin/sh\ntouch {mark}\n")
        script.chmod(0o755)
        write(repository, "a.py")
        run_git(repository, "add", "a.py")
        run_git(repository, "config", "core.fsmonitor", str(script))
        assert paths(repository) == ["a.py"]
        assert not mark.exists()

    @pytest.mark.parametrize("settings", [["submodule.recurse", "true"], ["core.worktree", "/"], ["core.bare", "true"]])
    def test_settings_of_the_repository_do_not_lead_elsewhere(self, repository: Path, settings: list[str]):
        write(repository, "a.py")
        run_git(repository, "config", *settings)
        assert paths(repository) == ["a.py"]

    def test_variables_of_a_hook_do_not_lead_elsewhere(self, repository: Path, tmp_path: Path, monkeypatch):
        write(repository, "a.py")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
        (repository / ".gitignore").write_text("b.py\n")
        write(repository, "b.py")
        assert git.list_files(repository) is not None
        assert paths(repository) == ["a.py"]

    def test_a_broken_repository_is_walked(self, repository: Path):
        write(repository, "a.py", "b.py")
        (repository / ".gitignore").write_text("b.py\n")
        (repository / ".git/HEAD").write_text("garbage")
        assert git.list_files(repository) is None
        assert paths(repository) == ["a.py"]


def test_without_git_the_folder_is_walked(tmp_path: Path, monkeypatch):
    write(tmp_path, "a.py", "b.py")
    (tmp_path / ".gitignore").write_text("b.py\n")
    monkeypatch.setenv("PATH", "")
    assert git.list_files(tmp_path) is None
    assert paths(tmp_path) == ["a.py"]


def test_a_slow_git_is_given_up(tmp_path: Path, monkeypatch):
    def never(*_, timeout, **__):
        raise subprocess.TimeoutExpired("git", timeout)

    monkeypatch.setattr(subprocess, "run", never)
    assert git.list_files(tmp_path) is None


def test_hostile_ignore_files_are_harmless(tmp_path: Path):
    write(tmp_path, "a" * 200 + ".py", "b.py")
    (tmp_path / ".gitignore").write_bytes(b"\xff\n!\n[\n" + b"a*" * 50 + b"\nb.py\n")
    assert paths(tmp_path) == ["a" * 200 + ".py"]
    (tmp_path / ".gitignore").unlink()
    os.mkfifo(tmp_path / ".gitignore")
    assert len(paths(tmp_path)) == 2
