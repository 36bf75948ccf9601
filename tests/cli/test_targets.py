from __future__ import annotations

import os
from pathlib import Path

import pytest

from llmlint.cli.targets import locate
from llmlint.errors import LlmlintError


@pytest.fixture
def tree(tmp_path: Path, monkeypatch) -> Path:
    for path in ("one/pkg/a.py", "one/pkg/b.ipynb", "one/readme.md", "two/c.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    for project in ("one", "two"):
        (tmp_path / project / "llmlint.toml").write_text("")
    monkeypatch.chdir(tmp_path / "one")
    return tmp_path


def message_of(*names: str) -> str:
    with pytest.raises(LlmlintError) as caught:
        locate(names)
    return str(caught.value)


def test_this_folder(tree: Path):
    assert locate(["."]) == (tree / "one", (".",))


def test_files_and_folders_of_the_project(tree: Path):
    assert locate(["pkg/a.py", "pkg", str(tree / "one/pkg/b.ipynb"), "pkg/../pkg/a.py"]) == (
        tree / "one",
        ("pkg/a.py", "pkg", "pkg/b.ipynb"),
    )


def test_from_elsewhere(tree: Path):
    assert locate(["../two/c.py"]) == (tree / "two", ("c.py",))


def test_a_package_with_settings_of_its_own_beside_its_project(tree: Path):
    (tree / "one/pkg/llmlint.toml").write_text("")
    assert locate(["pkg/a.py"]) == (tree / "one/pkg", ("a.py",))
    assert locate(["pkg/a.py", "."]) == (tree / "one", ("pkg/a.py", "."))


def test_a_link_is_what_it_leads_to(tree: Path):
    (tree / "one/link.py").symlink_to(tree / "two/c.py")
    assert locate(["link.py"]) == (tree / "two", ("c.py",))


def test_different_projects(tree: Path):
    message = message_of(".", "../two")
    assert (
        message == f"these paths belong to different projects:\n  {tree}/one\n  {tree}/two\nRun llmlint once for each."
    )


def test_everything_that_is_wrong_at_once(tree: Path):
    os.mkfifo(tree / "one/pipe.py")
    assert message_of("pgk", "readme.md", "pipe.py", "no/where.py", "pkg/a.py").splitlines() == [
        "pgk does not exist.",
        "Did you mean pkg?",
        "readme.md is no Python file or notebook.",
        "Name .py or .ipynb files, or folders of them.",
        "pipe.py is no Python file or notebook.",
        "Name .py or .ipynb files, or folders of them.",
        "no/where.py does not exist.",
        "Name files or folders that exist.",
    ]


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, ""])
def test_odd_names(tree: Path, name: str):
    if name:
        assert message_of(name)
    else:
        assert locate([name]) == (tree / "one", (".",))


def test_links_that_lead_nowhere(tree: Path):
    (tree / "one/loop.py").symlink_to("loop.py")
    (tree / "one/dangling.py").symlink_to("absent.py")
    assert "loop.py" in message_of("loop.py")
    assert "dangling.py does not exist" in message_of("dangling.py")
