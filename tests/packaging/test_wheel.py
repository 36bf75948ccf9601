"""The wheel holds all that llmlint needs, and works where the repository is not."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest
from installing import ROOT, run

from llmlint.schemas import WRITTEN

PROJECT = ROOT / "fixtures" / "projects" / "support-desk"
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built from the working tree."""
    folder = tmp_path_factory.mktemp("built")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


def data_files(folder: str) -> set[str]:
    """The YAML files below a folder, relative to it."""
    return {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob("*.yaml")}


def test_rules_and_catalogue_are_inside(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {f"llmlint/_rules/{name}" for name in data_files("rules")}
    catalogue = {f"llmlint/catalog/{name}" for name in data_files("llmlint/catalog")}
    assert {name for name in names if name.endswith(".yaml")} == rules | catalogue
    assert "llmlint/py.typed" in names
    assert {f"llmlint/_schemas/{kind}.schema.json" for kind in WRITTEN} <= names


def test_nothing_else_is_inside(wheel: Path):
    parts = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert sorted(part.split("-")[0] for part in parts) == ["llmlint", "llmlint"]
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".pyc")]


def test_installed_elsewhere_it_finds_the_same(wheel: Path, offline, tmp_path: Path):
    run([sys.executable, "-m", "virtualenv", "--quiet", tmp_path / "env"], cwd=tmp_path, env=offline)
    programs = tmp_path / "env" / SCRIPTS
    run([programs / "python", "-m", "pip", "install", "--quiet", wheel], cwd=tmp_path, env=offline)
    checked = run([programs / "llmlint", "check", PROJECT], cwd=tmp_path, env=offline, code=1)
    assert "changing-prompt-prefix" in checked.stdout
    assert "desk/api.py" in checked.stdout
    listed = run([programs / "llmlint", "rules"], cwd=tmp_path, env=offline).stdout
    assert all(Path(name).stem in listed for name in data_files("rules"))
