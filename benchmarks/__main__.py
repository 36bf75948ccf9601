"""Prepares inputs and tools, times them in turns, and writes a table in Markdown."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks import growth
from benchmarks.inputs import FOLDER, PACKAGES, Input, prepare
from benchmarks.measuring import Measured, measure
from benchmarks.tools import HERE, TOOLS, Tool, install

GROWN = "gpt-researcher"
"""The input that is multiplied, and of which the stages are timed by themselves."""
KINDS = ("cold", "warm", "edited")
Times = dict[tuple[str, str, str], list[Measured]]
"""By input, tool and kind of run."""


def main() -> None:
    """All of it; progress on stderr, the table in a file."""
    options = _options()
    workspace = options.workspace.resolve()
    workspace.mkdir(parents=True, exist_ok=True)
    (workspace / ".gitignore").write_text("*\n")
    inputs = [each for each in prepare(workspace) if each.name in (options.input or PACKAGES)]
    programs = {tool: install(workspace, tool, *(("pyperf",) if tool.name == "llmlint" else ())) for tool in TOOLS}
    times: Times = defaultdict(list)
    for number in range(options.runs):
        for each in inputs:
            for tool in TOOLS:
                _say(f"run {number + 1} of {options.runs}: {tool.name} on {each.name}")
                _run(workspace, tool, programs[tool], each, times)
    parts = [_head(options.runs), *(_table(each, times) for each in inputs)]
    for each in inputs:
        if each.name == GROWN:
            parts += [_growth(workspace, each, programs[TOOLS[0]]), _micro(programs[TOOLS[0]], each)]
    options.output.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    _say(f"written to {options.output}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--workspace", type=Path, default=HERE / ".work", help="for downloads and environments")
    parser.add_argument("--runs", type=int, default=3, help="of each tool on each input, in turns")
    parser.add_argument("--input", action="append", choices=PACKAGES, help="only this one; can be repeated")
    parser.add_argument("--output", type=Path, default=Path("benchmarks.md"), help="the table")
    return parser.parse_args()


def _run(workspace: Path, tool: Tool, programs: Path, each: Input, times: Times) -> None:
    """A run with nothing remembered, one more, and one after an edit."""
    cache = workspace / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    environment = {"XDG_CACHE_HOME": str(cache), "NO_COLOR": "1"}
    command = tool.command(programs, each.folder)
    for kind in KINDS:
        before = each.edited.read_bytes() if kind == "edited" and each.edited else None
        if kind == "edited" and (before is None or each.edited is None):
            continue
        try:
            if before is not None and each.edited is not None:
                each.edited.write_bytes(before + b"\n_edited = 1\n")
            times[each.name, tool.name, kind].append(measure(command, environment))
        finally:
            if before is not None and each.edited is not None:
                each.edited.write_bytes(before)


# --- tables -------------------------------------------------------------------------------------------------


def _head(runs: int) -> str:
    cores = os.cpu_count()
    return f"CPython {platform.python_version()}, {cores} cores, {runs} runs in turns; medians of processor seconds"


def _table(each: Input, times: Times) -> str:
    rows = [f"## {each.name}: {each.files:,} files, {each.lines:,} lines", ""]
    rows.append(
        "| tool | cold | warm | one file edited | wall, cold | peak memory, MB | findings | llmlint / tool, cold |"
    )
    rows.append("|---|---|---|---|---|---|---|---|")
    own = _median(times, each.name, TOOLS[0].name, "cold") or 0.0
    for tool in TOOLS:
        first = times[each.name, tool.name, "cold"]
        costs = [_median(times, each.name, tool.name, kind) for kind in KINDS]
        wall = statistics.median(one.wall for one in first)
        peak = max(one.peak for one in first) / 1e6
        ratio = f"{own / costs[0]:.2f}" if costs[0] else ""
        shown = [f"{cost:.2f}" if cost is not None else "" for cost in costs]
        found = _counted(tool, first[-1])
        rows.append(f"| {tool.name} | {' | '.join(shown)} | {wall:.2f} | {peak:.0f} | {found} | {ratio} |")
    return "\n".join(rows)


def _median(times: Times, name: str, tool: str, kind: str) -> float | None:
    found = times.get((name, tool, kind))
    return statistics.median(one.processor for one in found) if found else None


def _counted(tool: Tool, measured: Measured) -> str:
    try:
        found = tool.count(measured.output)
    except (ValueError, LookupError):
        return f"failed with {measured.code}"
    return "" if found is None else f"{found:,}"


def _growth(workspace: Path, each: Input, programs: Path) -> str:
    package = each.folder / each.name.replace("-", "_")
    costs = []
    with tempfile.TemporaryDirectory() as nothing:
        start = measure(TOOLS[0].command(programs, Path(nothing)), {}).processor
    for times in growth.TIMES:
        _say(f"growth: {times}x")
        folder = growth.multiply(package, workspace / "growth", times)
        costs.append(min(measure(TOOLS[0].command(programs, folder), {}).processor for _ in range(3)))
    rows = "\n".join(f"| {times}x | {cost:.2f} |" for times, cost in zip(growth.TIMES, costs, strict=True))
    power = growth.exponent(costs, start)
    linear = (costs[-1] - start) / (growth.TIMES[-1] * (costs[0] - start))
    return (
        f"## Growth\n\nllmlint on copies of {each.name}; a run on nothing takes {start:.2f}.\n\n"
        "| size | cold |\n|---|---|\n"
        f"{rows}\n\nThe cost grows with the power {power:.2f} of the size; 8x costs {linear:.2f} times what is linear."
    )


def _micro(programs: Path, each: Input) -> str:
    _say("lowering, linking and evaluating by themselves")
    done = subprocess.run(
        [str(programs / "python"), "-m", "benchmarks.micro", "--quiet", "--inherit-environ", FOLDER],
        cwd=HERE.parent,
        env={**os.environ, FOLDER: str(each.folder)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return f"## Stages by themselves, on {each.name}\n\n```\n{done.stdout.strip()}\n```"


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    main()
