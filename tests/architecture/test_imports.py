"""The contracts about imports in pyproject.toml, and what the program may import before it knows what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
SLOW = {"libcst", "pydantic", "rich", "tiktoken", "yaml"}
"""Packages that take tens of milliseconds to import."""


def test_contracts(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    broken = lint_imports(str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"]], ids=" ".join)
def test_start_up_is_light(arguments):
    code = (
        "import sys\n"
        "from llmlint.cli.main import main\n"
        "try:\n"
        f"    main({arguments})\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout, "the command must have done its work"
    assert SLOW & set(run.stderr.split()) == set()
