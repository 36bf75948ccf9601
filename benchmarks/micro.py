"""Times lowering, linking and evaluating by themselves, with pyperf: `python -m benchmarks.micro FOLDER [options]`."""

from __future__ import annotations

import os
from pathlib import Path

import pyperf

from benchmarks.inputs import FOLDER
from llmlint.catalog.loading import load_catalog
from llmlint.discovery import Folder, Prefilter, discover
from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.frontend import lower
from llmlint.linking import link
from llmlint.policy import evaluate
from llmlint.policy.loading import builtin_rules, load_rules
from llmlint.project import SourceProject

TODAY = "2026-01-01"


def main() -> None:
    """`FOLDER` names the project in the environment: pyperf starts this module again for each of its processes."""
    root = Path(os.environ[FOLDER])
    catalog, rules = load_catalog(), load_rules([builtin_rules()])
    found, prefilter = discover(root), Prefilter(catalog.vocabulary)
    lowered: dict[bytes, ModuleFacts | SourceProblem] = {}

    def once(data: bytes, notebook: bool) -> ModuleFacts | SourceProblem:
        if data not in lowered:
            lowered[data] = lower(data, notebook=notebook)
        return lowered[data]

    def project() -> SourceProject:
        return SourceProject(Folder(root), found, prefilter, once)

    linked = link(project(), catalog, today=TODAY)
    sources = list(lowered)
    runner = pyperf.Runner(processes=3, values=3, warmups=1)
    runner.metadata["files"] = len(sources)
    runner.metadata["lines"] = sum(data.count(b"\n") for data in sources)
    runner.bench_func("lower", lambda: [lower(data, notebook=False) for data in sources])
    runner.bench_func("link", lambda: link(project(), catalog, today=TODAY))
    runner.bench_func("evaluate", lambda: evaluate(rules, linked.call_sites))


if __name__ == "__main__":
    main()
