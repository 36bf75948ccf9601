"""Names and versions of public packages come in; folders with their source, each a git repository, go out."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

PACKAGES = {
    "gpt-researcher": ("gpt-researcher==0.15.1",),
    "litellm": ("litellm==1.83.0",),
    "no calls": ("sympy==1.14.0", "django==5.2.8", "networkx==3.4.2"),
}
"""Wheels hold the source as well, and are downloaded without running anything of theirs."""

EDITED = {"gpt-researcher": "gpt_researcher/utils/llm.py", "litellm": "litellm/llms/openai/openai.py"}
"""A file with call sites, for the run after an edit."""

FOLDER = "LLMLINT_BENCHMARK_FOLDER"
"""The environment variable that tells the micro-benchmarks which folder to work on."""

_GIT = ("git", "-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Input:
    """A folder to be linted. `edited` is a file in it, None where no edit is timed."""

    name: str
    folder: Path
    files: int
    lines: int
    edited: Path | None


def prepare(workspace: Path) -> list[Input]:
    """Downloads what is missing. Raises `CalledProcessError` where pip or git fails."""
    return [_input(workspace, name, requirements) for name, requirements in PACKAGES.items()]


def described(name: str, folder: Path, edited: str | None = None) -> Input:
    """A folder with what it holds counted."""
    sources = [path for path in folder.rglob("*.py") if path.is_file()]
    lines = sum(path.read_bytes().count(b"\n") for path in sources)
    return Input(name, folder, len(sources), lines, folder / edited if edited else None)


def make_repository(folder: Path) -> None:
    """A git repository of all that is in the folder."""
    for command in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "input"]):
        subprocess.run([*_GIT, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _input(workspace: Path, name: str, requirements: tuple[str, ...]) -> Input:
    folder = workspace / "inputs" / name.replace(" ", "-")
    if not (folder / ".git").exists():
        downloads = workspace / "downloads" / folder.name
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(downloads)]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, *requirements], check=True)
        for wheel in sorted(downloads.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
        make_repository(folder)
    return described(name, folder, EDITED.get(name))
