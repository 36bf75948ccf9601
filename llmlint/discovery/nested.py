"""A project's folder comes in; the folders below it that have settings of their own go out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from llmlint.discovery import git
from llmlint.discovery.files import DEFAULT_EXCLUDES
from llmlint.discovery.patterns import Patterns
from llmlint.discovery.roots import CONFIG_FILE, PROJECT_FILE, has_settings
from llmlint.discovery.walk import walk

MOST = 1_000
"""Folders; who has more of them must run llmlint for parts."""


def nested_folders(root: Path, exclude: Sequence[str] = ()) -> list[str]:
    """Relative to `root`, with `/`, sorted. What git ignores or `exclude` leaves out doesn't count; links are passed
    over.
    """
    patterns = Patterns.of(exclude)
    listing = git.list_files(root, (CONFIG_FILE, PROJECT_FILE))
    if listing is not None:
        paths = set(listing.paths)
    else:
        paths = {path for path, reason in walk(root, "", DEFAULT_EXCLUDES, (CONFIG_FILE, PROJECT_FILE)) if not reason}
    folders = {
        folder
        for path in map(PurePosixPath, paths)
        if path.name in (CONFIG_FILE, PROJECT_FILE)
        and (folder := path.parent.as_posix()) != "."
        and DEFAULT_EXCLUDES.isdisjoint(path.parts)
    }
    kept = (folder for folder in sorted(folders) if patterns.decision(f"{folder}/{CONFIG_FILE}") is not True)
    found = [folder for folder in kept if not (root / folder).is_symlink() and has_settings(root / folder)]
    return found[:MOST]
