"""Asks git about a folder: which files it has, what revisions hold, what objects contain. Nothing is written."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

TIMEOUT = 60.0  # seconds

_SETTINGS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "submodule.recurse=false")
"""A repository's own configuration can name programs to run; none of them may run here."""

LIST_FILES = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")

_WARNING = re.compile(r"^warning: could not open directory '(.*?)/?': ", re.MULTILINE)


class GitError(Exception):
    """git can't be asked, or says no. The message is what it says, without a full stop."""


@dataclass(frozen=True)
class Listing:
    """Paths relative to the folder, and folders that git could not open."""

    paths: tuple[str, ...]
    unreadable: tuple[str, ...]


def list_files(folder: Path, names: Sequence[str] = ()) -> Listing | None:
    """What git knows in a folder; None without git, outside of a repository, or when git fails.

    With `names`, only files of these names. Paths of folders (submodules, other repositories) are left out.
    """
    only = ("--", *(f":(glob)**/{name}" for name in names)) if names else ()
    try:
        done = _run(folder, *LIST_FILES, *only)
    except GitError:
        return None
    if done.returncode:
        return None
    paths = {os.fsdecode(path) for path in done.stdout.split(b"\0") if path and not path.endswith(b"/")}
    return Listing(tuple(paths), tuple(_WARNING.findall(os.fsdecode(done.stderr))))


def ask(folder: Path, *arguments: str) -> bytes:
    """What git prints. Raises `GitError` where it fails."""
    done = _run(folder, *arguments)
    if done.returncode:
        said = os.fsdecode(done.stderr).strip().split("\n")[0]
        raise GitError(said.removeprefix("fatal: ").removeprefix("error: ").rstrip(".") or "git says no")
    return done.stdout


class Objects:
    """Reads objects of a repository through one process. Use it in a `with` statement."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def read(self, name: str) -> bytes:
        """The bytes of the object with that hash. Raises `GitError` where it can't be read."""
        try:
            return self._read(name)
        except OSError as error:
            raise GitError(f"git can't be asked any more: {error.strerror}") from None

    def _read(self, name: str) -> bytes:
        process = self._process = self._process or _start(self._folder)
        assert process.stdin and process.stdout
        process.stdin.write(name.encode("ascii") + b"\n")
        process.stdin.flush()
        words = process.stdout.readline().split()
        if len(words) != 3:
            raise GitError(f"object {name} is missing")
        size = int(words[2])
        data = process.stdout.read(size)
        if len(data) != size or process.stdout.read(1) != b"\n":
            raise GitError(f"object {name} is damaged")
        return data


def _start(folder: Path) -> subprocess.Popen[bytes]:
    import subprocess

    return subprocess.Popen(
        command("cat-file", "--batch"),
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Raises `GitError` where git can't be run, or doesn't come to an end."""
    import subprocess

    try:
        return subprocess.run(
            command(*arguments),
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    except OSError as error:
        raise GitError(f"git can't be run: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise GitError(f"git took more than {TIMEOUT:.0f} seconds") from None


def command(*arguments: str) -> list[str]:
    """The words of a command line that runs nothing but git itself."""
    return ["git", "--no-replace-objects", *(word for setting in _SETTINGS for word in ("-c", setting)), *arguments]


def environment() -> dict[str, str]:
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
