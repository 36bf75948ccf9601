from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.discovery import find_root


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "top/packages/one/src").mkdir(parents=True)
    (tmp_path / "top/packages/one/src/a.py").write_text("")
    return tmp_path / "top"


@pytest.mark.parametrize("start", ["packages/one/src/a.py", "packages/one/src", "."])
def test_a_repository(tree: Path, start: str):
    (tree / ".git").mkdir()
    assert find_root(tree / start) == tree


def test_a_work_tree_whose_git_is_a_file(tree: Path):
    (tree / ".git").write_text("gitdir: elsewhere")
    assert find_root(tree / "packages") == tree


def test_a_package_without_settings_belongs_to_its_repository(tree: Path):
    (tree / ".git").mkdir()
    (tree / "packages/one/pyproject.toml").write_text("[project]\n")
    assert find_root(tree / "packages/one/src") == tree


@pytest.mark.parametrize(
    ("name", "text"), [("llmlint.toml", ""), ("pyproject.toml", "[project]\n[tool.llmlint.severity]\n")]
)
def test_a_package_with_settings_is_a_project(tree: Path, name: str, text: str):
    (tree / ".git").mkdir()
    (tree / "packages/one" / name).write_text(text)
    assert find_root(tree / "packages/one/src/a.py") == tree / "packages/one"
    assert find_root(tree / "packages") == tree


def test_without_repository_and_settings_the_nearest_pyproject(tree: Path):
    (tree / "pyproject.toml").write_text("")
    (tree / "packages/one/pyproject.toml").write_text("")
    assert find_root(tree / "packages/one/src") == tree / "packages/one"


def test_links_are_resolved_first(tree: Path, tmp_path: Path):
    (tree / ".git").mkdir()
    (tmp_path / "link.py").symlink_to(tree / "packages/one/src/a.py")
    assert find_root(tmp_path / "link.py") == tree


def test_a_pyproject_that_is_no_file(tree: Path):
    (tree / ".git").mkdir()
    (tree / "packages/pyproject.toml").mkdir()
    assert find_root(tree / "packages/one") == tree


def test_settings_that_inherit_are_a_part_of_what_is_further_up(tmp_path: Path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "llmlint.toml").write_text("")
    (inner / "llmlint.toml").write_text("inherit = true\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.llmlint]\n  inherit = true # so\n")
    assert find_root(inner) == tmp_path
    (inner / "llmlint.toml").write_text("# inherit = true\n")
    assert find_root(inner) == inner
