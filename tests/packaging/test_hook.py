"""The hook of .pre-commit-hooks.yaml, run by pre-commit itself.

pre-commit clones the repository it is given and installs it with pip. To keep the network out without changing the
hook, pip is shown a folder of wheels only: those of the packages that are installed here, packed again. The repository
that is cloned is a copy of the working tree, so that the tests also speak of what is not committed yet, and pass where
the sources were unpacked from an archive.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from installing import ROOT, run

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git, which is not installed")

GOOD = """\
from openai import OpenAI

LIMITS = {"max_output_tokens": 300}


def answer(question: str) -> str:
    return OpenAI().responses.create(model="gpt-5.5", input=question, **LIMITS).output_text
"""
BAD = GOOD.replace("max_output_tokens", "temperature")


@pytest.fixture(scope="module")
def source(tmp_path_factory, offline) -> Path:
    """A repository with all that is installed from the working tree."""
    folder = tmp_path_factory.mktemp("source") / "llmlint"
    for name in ("llmlint", "rules", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    commit(folder, offline)
    return folder


@pytest.fixture
def project(tmp_path: Path, offline) -> Path:
    """A repository with a good file, and with a bad one from before there was a hook."""
    (tmp_path / "answers.py").write_text(GOOD)
    (tmp_path / "old.py").write_text(BAD)
    commit(tmp_path, offline)
    return tmp_path


def commit(folder: Path, env) -> None:
    run(["git", "init", "--quiet"], cwd=folder, env=env)
    run(["git", "add", "."], cwd=folder, env=env)
    run(["git", "commit", "--quiet", "--message", "A good start"], cwd=folder, env=env)


def test_try_repo(source: Path, project: Path, offline):
    (project / "answers.py").write_text(BAD)
    command = [sys.executable, "-m", "pre_commit", "try-repo", source, "llmlint", "--files", "answers.py"]
    output = run(command, cwd=project, env=offline, code=1).stdout
    assert "answers.py:7:12 LLM002 missing-output-cap" in output
    assert "old.py" not in output


def test_commits(source: Path, project: Path, offline):
    """A bad commit is refused, a good one passes, files that were not touched are no matter, safe fixes are made."""
    revision = run(["git", "rev-parse", "HEAD"], cwd=source, env=offline).stdout.strip()
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {source.as_uri()}\n    rev: {revision}\n"
        "    hooks:\n      - id: llmlint\n      - id: llmlint-fix\n"
    )
    run(["git", "add", ".pre-commit-config.yaml"], cwd=project, env=offline)
    run([sys.executable, "-m", "pre_commit", "install"], cwd=project, env=offline)

    (project / "answers.py").write_text(BAD)
    refused = run(["git", "commit", "--all", "--message", "A bad step"], cwd=project, env=offline, code=1)
    assert "answers.py:7:12 LLM002 missing-output-cap" in refused.stdout + refused.stderr

    (project / "answers.py").write_text(GOOD.replace("300", "500"))
    run(["git", "commit", "--all", "--message", "A good step"], cwd=project, env=offline)

    mended = GOOD.replace("300", "700")
    (project / "answers.py").write_text(f"{mended}\n\nx = 1  # llmlint: ignore[missing-output-cap] old\n")
    refused = run(["git", "commit", "--all", "--message", "A step too much"], cwd=project, env=offline, code=1)
    assert "files were modified by this hook" in refused.stdout + refused.stderr
    assert (project / "answers.py").read_text() == f"{mended}\n\nx = 1\n"
