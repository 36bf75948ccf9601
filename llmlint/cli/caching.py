"""The options about the cache, and the store that they come to."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmlint.cache import Store


def add_cache_options(parser: argparse.ArgumentParser) -> None:
    """Whether to keep what was worked out for the next run, and where."""
    group = parser.add_argument_group("cache").add_mutually_exclusive_group()
    add_cache_folder(group)
    group.add_argument("--no-cache", action="store_true", help="neither use nor keep results of other runs")


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
