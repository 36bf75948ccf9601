from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from llmlint.cli.main import main

UNCAPPED = """\
from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Tell a story."}])
print(answer.choices[0].message.content)
"""
HARMLESS = "print('hello')\n"


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def project(tmp_path: Path, monkeypatch) -> Path:
    """A project with one call that has no cap on its output; the current folder is its root."""
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    (root / "src/app.py").write_text(UNCAPPED)
    (root / "src/other.py").write_text(HARMLESS)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def llmlint(capsys) -> Callable[..., Result]:
    """Runs a command line in this process."""

    def run(*arguments: object) -> Result:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # argparse, on --help and bad usage
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Result(int(code), captured.out, captured.err)

    return run
