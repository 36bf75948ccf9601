"""A package comes in; programs of one, two, four and eight times its size go out, and how the cost grows with them."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.inputs import make_repository

TIMES = (1, 2, 4, 8)

_DEFINED = re.compile(r"^\s*(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")


def multiply(package: Path, target: Path, times: int) -> Path:
    """`times` copies of a package beside one another.

    The second and later ones get names of their own for all that they define: a larger program has more names, not
    more of the same.
    """
    folder = target / f"{times}x"
    if (folder / ".git").exists():
        return folder
    sources = sorted(path for path in package.rglob("*.py") if path.is_file())
    texts = {path.relative_to(package): path.read_text(encoding="utf-8") for path in sources}
    defined = {name for text in texts.values() for name in _DEFINED.findall(text) if not name.startswith("__")}
    defined.add(package.name)
    for number in range(times):
        for path, text in texts.items():
            copy = folder / _named(package.name, number) / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(_renamed(text, defined, number), encoding="utf-8")
    make_repository(folder)
    return folder


def _named(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name


def _renamed(text: str, defined: set[str], number: int) -> str:
    return _WORD.sub(lambda match: _named(match[0], number) if match[0] in defined else match[0], text)


def remove(target: Path) -> None:
    """Takes the programs away again."""
    shutil.rmtree(target, ignore_errors=True)


def exponent(costs: Sequence[float], start: float) -> float:
    """The power of the size with which costs grow, fitted; `start` is what a run on nothing costs."""
    points = [(math.log(times), math.log(max(cost - start, 1e-6))) for times, cost in zip(TIMES, costs, strict=True)]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
