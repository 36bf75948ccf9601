"""The linters that are compared: what pip installs, how each is started, and how its findings are counted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
READ = "import pathlib,sys; [p.read_bytes() for p in pathlib.Path(sys.argv[1]).rglob('*.py') if p.is_file()]"


@dataclass(frozen=True)
class Tool:
    """`requirement` is installed into an environment of its own; "" for what needs none. `command` gets the folder of
    the environment's programs and the folder to lint; `count` reads the findings off the output, None if it can't.
    """

    name: str
    requirement: str
    command: Callable[[Path, Path], list[str]]
    count: Callable[[str], int | None]


def _findings(output: str) -> int | None:
    return len(json.loads(output)["findings"])


def _results(output: str) -> int | None:
    return len(json.loads(output)["results"])


def _lines(output: str) -> int | None:
    return len(re.findall(r"^\{", output, re.MULTILINE))


def _listed(output: str) -> int | None:
    found = json.loads(output)
    return len(found if isinstance(found, list) else found.get("findings", found.get("results", [])))


def _summed(output: str) -> int | None:
    return sum(map(int, re.findall(r"(\d+) (?:fail|warn)\b", output)))


def _nothing(_output: str) -> int | None:
    return None


def _semgrep(programs: Path, folder: Path) -> list[str]:
    options = ["--config", str(HERE / "semgrep.yaml"), "--jobs", "1", "--metrics", "off", "--json", "--quiet"]
    return [str(programs / "semgrep"), "scan", "--disable-version-check", *options, str(folder)]


TOOLS = (
    Tool(
        "llmlint",
        str(HERE.parent),
        lambda programs, folder: [str(programs / "llmlint"), "check", "--format", "json", str(folder)],
        _findings,
    ),
    Tool("tokenlint", "tokenlint==0.1.1", lambda programs, folder: [str(programs / "tokenlint"), str(folder)], _summed),
    Tool("semgrep", "semgrep==1.182.0", _semgrep, _results),
    Tool(
        "spendlint",
        "spendlint==0.1.4",
        lambda programs, folder: [str(programs / "spendlint"), "--format", "jsonl", str(folder)],
        _lines,
    ),
    Tool(
        "pcdlint",
        "pcdlint==0.3.0",
        lambda programs, folder: [str(programs / "pcdlint"), "--format", "json", str(folder)],
        _listed,
    ),
    Tool("reading the bytes", "", lambda _, folder: [sys.executable, "-c", READ, str(folder)], _nothing),
    Tool("git status", "", lambda _, folder: ["git", "-C", str(folder), "status", "--short"], _nothing),
)
"""All in one process each, so that processor time says who does less."""


def install(workspace: Path, tool: Tool, *more: str) -> Path:
    """The folder of the programs of the tool's environment, made if it is missing; llmlint is installed anew."""
    environment = workspace / "environments" / tool.name.replace(" ", "-")
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    if not tool.requirement:
        return programs
    made = not environment.exists()
    if made:
        venv.create(environment, with_pip=True)
    if made or tool.requirement == str(HERE.parent):
        command = [str(programs / "python"), "-m", "pip", "install", "--quiet", tool.requirement, *more]
        subprocess.run(command, check=True)
    return programs
