"""Finds the project around a path."""

from __future__ import annotations

import re
from pathlib import Path

CONFIG_FILE = "llmlint.toml"
PROJECT_FILE = "pyproject.toml"

_TABLE = b"[tool.llmlint"
_INHERIT = re.compile(rb"^[ \t]*inherit[ \t]*=[ \t]*true\b", re.MULTILINE)
_MAX_BYTES = 1_000_000


def find_root(start: Path) -> Path:
    """The folder of the project that `start` (a file or folder that exists) belongs to, with links resolved.

    Going up, the first folder with settings for llmlint or with a repository is it; if there is none, the
    first one with a pyproject.toml; if there is none either, the folder of `start` itself. So a package
    inside a repository is linked with all of it, unless it has settings of its own that don't say `inherit = true`.
    """
    start = start.resolve()
    folder = start if start.is_dir() else start.parent
    above = (folder, *folder.parents)
    for candidate in above:
        if (candidate / ".git").exists() or (has_settings(candidate) and not _inherits(candidate)):
            return candidate
    return next((candidate for candidate in above if (candidate / PROJECT_FILE).is_file()), folder)


def has_settings(folder: Path) -> bool:
    """Whether a folder has settings for llmlint, be they right or wrong."""
    return (folder / CONFIG_FILE).is_file() or _has_table(folder)


def repository_around(folder: Path) -> Path:
    """The repository that a folder belongs to; the folder itself where there is none."""
    above = (folder.resolve(), *folder.resolve().parents)
    return next((candidate for candidate in above if (candidate / ".git").exists()), folder)


def _inherits(folder: Path) -> bool:
    """Whether settings say that they are a part of those further out."""
    own = folder / CONFIG_FILE
    path = own if own.is_file() else folder / PROJECT_FILE
    try:
        with path.open("rb") as stream:
            return _INHERIT.search(stream.read(_MAX_BYTES)) is not None
    except OSError:
        return False


def _has_table(folder: Path) -> bool:
    path = folder / PROJECT_FILE
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return _TABLE in stream.read(_MAX_BYTES)
    except OSError:  # reading the settings will say what is wrong with it
        return False
