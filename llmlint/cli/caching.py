"""The options about the cache and about processes, and what they come to."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmlint.cache import Store


def add_cache_options(parser: argparse.ArgumentParser) -> None:
    """Whether to keep what was worked out for the next run, and where; and how many cores to use."""
    group = parser.add_argument_group("cache and cores")
    kept = group.add_mutually_exclusive_group()
    add_cache_folder(kept)
    kept.add_argument("--no-cache", action="store_true", help="neither use nor keep results of other runs")
    group.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes for large projects (default: one for each core)"
    )


def _jobs(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; give 1 or more")
    return int(text)


def jobs_of(arguments: argparse.Namespace) -> int:
    """How many processes may be used: as many as asked for, else one for each core that this process may use."""
    if arguments.jobs:
        return int(arguments.jobs)
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def add_cache_folder(group: argparse._ActionsContainer) -> None:
    """--cache-dir."""
    group.add_argument(
        "--cache-dir",
        type=Path,
        metavar="DIR",
        help="keep results there (default: $LLMLINT_CACHE_DIR, or .llmlint_cache in the project)",
    )


def store_of(arguments: argparse.Namespace, root: Path) -> Store:
    """The store for a project. Who named a folder is told if it can't be used."""
    from llmlint.cache import Store
    from llmlint.cache.folder import place_of
    from llmlint.cli.messages import tell

    if arguments.no_cache:
        return Store.nothing()
    place = place_of(root, arguments.cache_dir)
    store = place.open()
    if place.chosen and store.folder is None:
        tell(f"llmlint: {place.folder} can't be made a folder, so nothing is kept for the next run")
    return store
