"""Repeats the report of an earlier run where nothing has changed that it rests on; anything unsure is no repetition.

This is all that an unchanged run does, so it imports next to nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import zlib
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TypedDict

from llmlint.cache import manifest
from llmlint.cache.database import clock
from llmlint.cache.folder import Place, place_of
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.messages import writing_to_stdout
from llmlint.cli.output import write_page
from llmlint.discovery.listing import RunningListing
from llmlint.discovery.roots import find_root

KIND = "report"
COMMANDS = frozenset(("check", "audit"))

_UNDERSTOOD = frozenset(
    (
        *("command", "paths", "format", "show", "output", "select", "ignore", "exclude", "rules"),
        *("config", "no_config", "no_baseline", "fail_on", "cache_dir", "no_cache", "jobs"),
    )
)
"""All that may be asked for; of anything else it isn't known that it may be repeated."""
_NOT_TOLD = frozenset(("cache_dir", "jobs"))
"""What makes no difference to a report."""

_INFLUENTIAL = (
    "CI",
    "GITHUB_",
    "RUNNER_",
    "LC_",
    "LANG",
    "TERM",
    "COLOR",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLUMNS",
    "LINES",
    "TTY_",
    "JUPYTER_",
    "PYTHON",
    "TZ",
    "LLMLINT_",
    "HOME",
    "USERPROFILE",
    "XDG_CONFIG_HOME",
    "APPDATA",
)
"""Beginnings of the names of environment variables that decide what is read, how a report looks and where it goes."""


class Kept(TypedDict):
    """What is kept of a run: its report, the words in it that say how long it took, and what it rests on."""

    page: str
    took: str
    code: int
    listing: str
    manifest: manifest.Manifest


class Attempt:
    """One command line: what is kept about it, and what is needed to keep something."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.began = time.perf_counter()
        self.root = find_root(Path(arguments.paths[0]))
        self.place: Place = place_of(self.root, arguments.cache_dir)
        self.key = _key(arguments, self.root)
        with self.place.open() as store:  # which makes the folder, before git looks
            running = RunningListing(self.root)
            self.kept = decoded(store.get(KIND, self.key))
        self.started = clock(self.place.folder)
        result = running.result()
        self.files = result.split(b"\0") if result is not None else None
        self.listing = digest(result) if result is not None else ""

    def keep(self, kept: Kept) -> None:
        """For the next run with the same command line."""
        with self.place.open() as store:
            store.put(KIND, self.key, encoded(kept))

    def holds(self) -> bool:
        """Whether the kept report is what a run would come to."""
        kept = self.kept
        return kept is not None and self.listing == kept["listing"] and manifest.holds(kept["manifest"], digest)


def replayed(arguments: argparse.Namespace, run: Callable[[argparse.Namespace], ExitCode]) -> ExitCode:
    """Repeats the report that is kept for these arguments, or runs the command and keeps its report."""
    if not _repeatable(arguments):
        return run(arguments)
    attempt = Attempt(arguments)
    if attempt.kept is not None and attempt.holds():
        return _repeat(arguments, attempt, attempt.kept)
    from llmlint.cli.recording import recorded

    return recorded(arguments, run, attempt)


def digest(data: bytes) -> str:
    """Tells contents apart, as `snapshot.digest` does, which takes long to import."""
    return blake2b(len(data).to_bytes(8, "big") + data, digest_size=16).hexdigest()


def encoded(kept: Kept) -> bytes:
    """In a form that `decoded` reads."""
    return zlib.compress(json.dumps(kept).encode(), 1)


def decoded(data: bytes | None) -> Kept | None:
    """None for what no run has kept."""
    if data is None:
        return None
    try:
        found: Kept = json.loads(zlib.decompress(data))
    except (ValueError, zlib.error):
        return None
    return found


def view_of_stdout() -> tuple[object, ...]:
    """All that may make a report look different."""
    out = sys.stdout
    width = os.get_terminal_size(out.fileno()) if out.isatty() else None
    return (width, out.encoding, out.errors, out.isatty())


def _repeatable(arguments: argparse.Namespace) -> bool:
    asked = {name for name, value in vars(arguments).items() if value not in (None, False, [], "")}
    return (
        arguments.command in COMMANDS
        and not arguments.no_cache
        and asked <= _UNDERSTOOD
        and "GITHUB_STEP_SUMMARY" not in os.environ  # a run adds to that file
        and sys.stdout is not None
        and all("\0" not in path and os.path.lexists(path) for path in arguments.paths)
    )


def _key(arguments: argparse.Namespace, root: Path) -> str:
    environment = sorted(item for item in os.environ.items() if item[0].startswith(_INFLUENTIAL))
    asked = sorted((name, str(value)) for name, value in vars(arguments).items() if name not in _NOT_TOLD)
    parts = (root, os.getcwd(), date.today(), asked, environment, view_of_stdout())
    return digest(repr(parts).encode("utf-8", "surrogateescape"))


def _repeat(arguments: argparse.Namespace, attempt: Attempt, kept: Kept) -> ExitCode:
    page, took = kept["page"], kept["took"]
    if took and (place := page.rfind(took)) >= 0:
        page = f"{page[:place]}({time.perf_counter() - attempt.began:.2f} s){page[place + len(took) :]}"
    if arguments.output is None:
        with writing_to_stdout():
            sys.stdout.write(page)
    else:
        write_page(page, arguments.output)
    if kept["manifest"]["young"] and manifest.settled(kept["manifest"], attempt.started):
        kept["manifest"]["young"] = {}
        attempt.keep(kept)
    return ExitCode(kept["code"])
