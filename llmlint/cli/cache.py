"""`llmlint cache`: what is kept for the next run, and how to get rid of it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from llmlint.cli.caching import add_cache_folder
from llmlint.cli.exit_codes import ExitCode
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.cache.folder import Place

_EPILOG = """\
examples:
  llmlint cache info               where the cache of this project is, and what is in it
  llmlint cache prune --limit 50MB remove what was not used for longest
  llmlint cache clear              delete it; the next run starts from nothing

Deleting a cache is always safe, also while llmlint runs.
"""
_ACTIONS = {
    "info": "show where the cache is and what is in it",
    "clear": "delete the cache",
    "prune": "remove what was not used for longest until the rest fits",
}
_SIZE = re.compile(r"([0-9]{1,12})\s*(|k|m|g)b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, summary in _ACTIONS.items():
        action = actions.add_parser(name, help=summary, description=f"{summary[:1].upper()}{summary[1:]}.")
        add_cache_folder(action)
        action.add_argument(
            "path", nargs="?", default=".", metavar="PATH", help="a folder of the project (default: this folder)"
        )
        if name == "prune":
            action.add_argument(
                "--limit", type=size, metavar="SIZE", help="such as 50MB (default: what every run keeps to)"
            )


def run(arguments: argparse.Namespace) -> ExitCode:
    """Does what was asked for, and says what it did."""
    from llmlint.cache.folder import place_of
    from llmlint.discovery.roots import find_root

    path = Path(arguments.path)
    if not path.exists():
        raise LlmlintError(f"{path} does not exist.\nName a folder of the project.")
    place = place_of(find_root(path), arguments.cache_dir)
    if not place.folder.is_dir():
        _say(f"no cache in {place.folder}")
    elif arguments.action == "info":
        _say(*_described(place))
    elif arguments.action == "clear":
        _clear(place)
    else:
        _prune(place, arguments.limit)
    return ExitCode.CLEAN


def size(text: str) -> int:
    """Bytes from a number with or without a unit of 1,000; what argparse calls."""
    if (found := _SIZE.fullmatch(text.strip())) is None:
        raise argparse.ArgumentTypeError(f"`{text}` is no size (write it like 50MB)")
    return int(found[1]) * _UNITS[found[2].lower()]


def _described(place: Place) -> list[str]:
    from llmlint.cache import LIMIT_BYTES
    from llmlint.cache.database import owned_files

    with place.open() as store:
        usage = store.usage()
    on_disk = sum(path.lstat().st_size for path in owned_files(place.folder) if path.exists())
    lines = [f"folder      {place.folder}", f"on disk     {_megabytes(on_disk)} (limit {_megabytes(LIMIT_BYTES)})"]
    for kind, number in sorted(usage.rows.items()):
        lines.append(f"{kind:<11} {number:,} kept, {_megabytes(usage.sizes[kind])}")
    return lines


def _clear(place: Place) -> None:
    try:
        removed = place.clear()
    except OSError as error:
        raise LlmlintError(f"{place.folder} can't be cleared: {error.strerror}.\nCheck its permissions.") from None
    _say(f"deleted {_megabytes(removed)} in {place.folder}")


def _prune(place: Place, limit: int | None) -> None:
    from llmlint.cache import LIMIT_BYTES

    with place.open() as store:
        removed = store.prune(LIMIT_BYTES if limit is None else limit)
        left = store.usage().total
    _say(f"removed {_megabytes(removed)} from {place.folder}; {_megabytes(left)} left")


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB"


def _say(*lines: str) -> None:
    import sys

    from llmlint.cli.messages import writing_to_stdout
    from llmlint.reporters.escape import encodable, visible

    if sys.stdout is not None:
        with writing_to_stdout():
            fit = encodable(getattr(sys.stdout, "encoding", None))
            sys.stdout.write("".join(fit(f"{visible(line)}\n") for line in lines))
