"""Asks git which files a folder has: tracked ones, and new ones that it doesn't ignore."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

TIMEOUT = 60.0  # seconds

_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "submodule.recurse=false")
"""A repository's own configuration can name programs to run; none of them may run here."""

_WARNING = re.compile(r"^warning: could not open directory '(.*?)/?': ", re.MULTILINE)


@dataclass(frozen=True)
class Listing:
    """Paths relative to the folder, and folders that git could not open."""

    paths: tuple[str, ...]
    unreadable: tuple[str, ...]


def list_files(folder: Path) -> Listing | None:
    """What git knows in a folder; None without git, outside of a repository, or when git fails.

    Nothing is fetched, written or run. Paths of folders (submodules, other repositories) are left out.
    """
    command = ["git", *(word for setting in _SETTINGS for word in ("-c", setting))]
    command += ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    paths = {os.fsdecode(path) for path in done.stdout.split(b"\0") if path and not path.endswith(b"/")}
    return Listing(tuple(paths), tuple(_WARNING.findall(os.fsdecode(done.stderr))))


def _environment() -> dict[str, str]:
    """Without what a hook sets for its own repository; and with no way to the network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
