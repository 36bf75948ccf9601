"""Wheels of what is installed here, and fresh environments that are filled from them: no package is ever fetched."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
NOT_OF_THE_WHEEL = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"}
"""Files that an installer adds."""


def make_wheelhouse(folder: Path, roots: Sequence[str]) -> Path:
    """Puts the installed packages `roots`, and all that they require, back into wheels."""
    for distribution in _required(roots):
        _pack(distribution, folder)
    return folder


def isolated(wheelhouse: Path, home: Path) -> dict[str, str]:
    """An environment in which pip knows nothing but the wheelhouse, and git and pre-commit nothing of this machine."""
    foreign = ("PIP_", "PYTHON", "GIT_", "PRE_COMMIT", "VIRTUALENV_", "VIRTUAL_ENV")
    settings = home / "gitconfig"
    settings.write_text("[user]\nname = Somebody\nemail = somebody@example.org\n[init]\ndefaultBranch = main\n")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)} | {
        "HOME": str(home),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheelhouse),
        "PIP_NO_COMPILE": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "VIRTUALENV_OVERRIDE_APP_DATA": str(home / "virtualenv"),
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def run(
    command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """Runs a program that must end with that exit code."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == code, f"{command[0]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done


def _required(roots: Sequence[str]) -> Iterator[importlib.metadata.Distribution]:
    waiting = [Requirement(root) for root in roots]
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if not wanted or canonicalize_name(requirement.name) in seen:
            continue
        seen.add(canonicalize_name(requirement.name))
        distribution = importlib.metadata.distribution(requirement.name)
        yield distribution
        waiting += map(Requirement, distribution.requires or [])


def _pack(distribution: importlib.metadata.Distribution, folder: Path) -> None:
    name = re.sub(r"[^\w.]+", "_", distribution.metadata["Name"])
    tags = re.findall(r"^Tag: (.+)-(.+)-(.+)$", distribution.read_text("WHEEL") or "", re.MULTILINE)
    tag = "-".join(".".join(sorted(set(part))) for part in zip(*tags, strict=True))
    with zipfile.ZipFile(folder / f"{name}-{distribution.version}-{tag}.whl", "w") as wheel:
        rows = []
        for file in distribution.files or []:
            inside = ".." not in file.parts and file.suffix != ".pyc" and file.name not in NOT_OF_THE_WHEEL
            if inside and not Path(file).is_absolute():
                wheel.write(file.locate(), file.as_posix())
                rows.append(f"{file.as_posix()},,\n")
        record = next(row.split("/")[0] for row in rows if ".dist-info/" in row) + "/RECORD"
        wheel.writestr(record, "".join([*rows, f"{record},,\n"]))


def requirements() -> list[str]:
    """What llmlint and its build need."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [*settings["project"]["dependencies"], *settings["build-system"]["requires"]]
