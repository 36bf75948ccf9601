"""Walks a folder where git can't be asked, and leaves out what its .gitignore files leave out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from llmlint.discovery.patterns import Patterns

_IGNORE_FILE = ".gitignore"
_MAX_IGNORE_BYTES = 200_000

_Rules = tuple[tuple[str, Patterns], ...]
"""Patterns with the folder they hang on (as `a/b/`), outermost first."""


def walk(root: Path, below: str, skipped: Collection[str], suffixes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(path, "") for every regular file below `root/below` that ends in one of `suffixes`; (path, reason) for
    folders that can't be opened. Paths are relative to `root`. Links, virtual environments and folders with
    a name in `skipped` are passed over.
    """
    waiting: list[tuple[str, _Rules]] = [(f"{below}/" if below else "", ())]
    while waiting:
        folder, rules = waiting.pop()
        try:
            with os.scandir(root / folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            yield folder.rstrip("/") or ".", f"the folder can't be opened: {error.strerror}"
            continue
        names = {entry.name for entry in entries}
        if folder and "pyvenv.cfg" in names:
            continue
        if _IGNORE_FILE in names:
            rules = (*rules, (folder, Patterns.of_suitable(_lines(root / folder / _IGNORE_FILE))))
        for entry in entries:
            path = folder + entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in skipped and not _ignored(f"{path}/", rules):
                    waiting.append((f"{path}/", rules))
            elif path.endswith(suffixes) and entry.is_file(follow_symlinks=False) and not _ignored(path, rules):
                yield path, ""


def _ignored(path: str, rules: _Rules) -> bool:
    """The innermost .gitignore file that says something about the path decides."""
    for folder, patterns in reversed(rules):
        decision = patterns.decision(path[len(folder) :])
        if decision is not None:
            return decision
    return False


def _lines(path: Path) -> Sequence[str]:
    try:
        if path.is_symlink() or not path.is_file():
            return ()
        with path.open("rb") as stream:
            return stream.read(_MAX_IGNORE_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:  # as good as absent: git does the same
        return ()
