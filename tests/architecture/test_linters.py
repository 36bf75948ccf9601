"""Ruff, mypy and llmlint itself find nothing. The versions of the first two are pinned in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["ruff", "check", "--no-cache", "."], id="ruff"),
        pytest.param(["mypy", "--no-incremental"], id="mypy"),
        pytest.param(["llmlint", "check"], id="llmlint"),
    ],
)
def test_nothing_is_found(command):
    run = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
