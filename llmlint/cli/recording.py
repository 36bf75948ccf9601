"""Runs a command and keeps its report, with all that it rests on, for a later run to repeat."""

from __future__ import annotations

import argparse
import builtins
import io
import os
import pathlib
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

from llmlint.cache import manifest
from llmlint.cli import messages
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.replay import Attempt, Kept, digest
from llmlint.discovery import CONFIG_FILE, PROJECT_FILE
from llmlint.discovery.files import DEFAULT_EXCLUDES, SUFFIXES
from llmlint.discovery.listing import RunningListing

if TYPE_CHECKING:
    from llmlint.config import Settings
    from llmlint.pipeline import Outcome
    from llmlint.project import SourceProject

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

MAX_PAGE = 20_000_000
"""Characters of a report that are kept."""
MAX_FOLDERS = 20_000

_SETTINGS_SUFFIXES = (".toml", ".yaml", ".yml", ".json", ".cfg", ".ini", ".env", ".txt")
_SETTINGS_PLACES = (
    "CODEOWNERS",
    ".github/CODEOWNERS",
    "docs/CODEOWNERS",
    ".env",
    ".gitignore",
    "llmlint-baseline.json",
)


class Recording:
    """What a run tells about itself. `run_on` finds it in the arguments."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self.settings: Settings | None = None
        self.opened: set[str] = set()

    def saw(self, outcome: Outcome, settings: Settings) -> None:
        """What the run has come to, and by which settings."""
        self.outcome = outcome
        self.settings = settings


def recorded(
    arguments: argparse.Namespace, run: Callable[[argparse.Namespace], ExitCode], attempt: Attempt
) -> ExitCode:
    """Runs the command. Its report is kept if nothing speaks against repeating it."""
    recording = arguments.recording = Recording()
    told = messages.number_told()
    with _copied() as page, _watched(recording.opened):
        code = run(arguments)
    quiet = messages.number_told() == told  # what is said on stderr isn't kept
    if quiet and recording.outcome is not None and code in (ExitCode.CLEAN, ExitCode.FINDINGS):
        _keep(arguments, attempt, recording, page, int(code))
    return code


def _keep(arguments: argparse.Namespace, attempt: Attempt, recording: Recording, page: list[str], code: int) -> None:
    outcome, output = recording.outcome, cast("Path | None", arguments.output)
    text = "".join(page) if output is None else _read_back(output)
    if outcome is None or text is None or len(text) > MAX_PAGE or outcome.report.root != attempt.root:
        return
    rests_on = _manifest(arguments, attempt, recording)
    listed = RunningListing(attempt.root).result()
    if rests_on is not None and attempt.listing == (digest(listed) if listed is not None else ""):
        took = "" if outcome.report.elapsed is None else f"({outcome.report.elapsed:.2f} s)"
        attempt.keep(Kept(page=text, took=took, code=code, listing=attempt.listing, manifest=rests_on))


def _manifest(arguments: argparse.Namespace, attempt: Attempt, recording: Recording) -> manifest.Manifest | None:
    """None where it can't be told what the run rests on, or something changed meanwhile."""
    assert recording.outcome is not None and recording.settings is not None
    project, settings = recording.outcome.project, recording.settings
    root = f"{attempt.root}/"
    asked = [os.path.realpath(path) for path in arguments.paths]
    folders = {folder for path in asked for folder in _upwards(path)}
    paths = {f"{folder}/{name}" for folder in folders for name in (CONFIG_FILE, PROJECT_FILE)}
    places = {*map(os.path.abspath, arguments.paths), *(f"{folder}/.git" for folder in folders)}
    paths.update(f"{root}{name}" for name in {*_SETTINGS_PLACES, *project.texts} if "\0" not in name)
    for path in _named_in((settings, arguments.config)):
        paths.update(_tree(os.path.abspath(path)))
    paths.update(path for path in map(os.path.abspath, recording.opened) if not _is_a_tool(path, attempt))
    if not (listed := _listed(attempt, project, settings)):
        return None
    paths.update(listed)
    places.update(os.path.dirname(path) for path in listed)
    if arguments.output is not None:
        paths.discard(os.path.abspath(arguments.output))

    def known(path: str) -> str:
        return project.digest(path.removeprefix(root)) if path.startswith(root) else ""

    return manifest.record(paths, places, attempt.started, known, digest)


def _listed(attempt: Attempt, project: SourceProject, settings: Settings) -> set[str]:
    """The files that may matter and, where git doesn't list them, the folders; nothing where that can't be told."""
    root = f"{attempt.root}/"
    sources = {*project.paths, *project.problems}
    if attempt.files is not None:
        names = set(map(os.fsdecode, attempt.files))
        if not names >= {path for path in sources if path.endswith(SUFFIXES)}:
            return set()  # a folder was named that git ignores
        return {f"{root}{path}" for path in names if _may_matter(path)}
    folders = list(_folders(str(attempt.root)))
    if len(folders) > MAX_FOLDERS or any(pattern.startswith("!") for pattern in settings.exclude):
        return set()
    besides = (f"{folder}/{name}" for folder in folders for name in (".gitignore", CONFIG_FILE, PROJECT_FILE))
    return {*(f"{root}{path}" for path in sources), *folders, *besides}.difference((str(attempt.place.folder),))


def _named_in(value: object) -> Iterator[Path]:
    """All paths in settings, whatever they are for."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _named_in(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _named_in(getattr(value, field.name))


def _is_a_tool(path: str, attempt: Attempt) -> bool:
    """Whether a file is part of Python, llmlint or the machine, or lies in the cache."""
    folders = (sys.prefix, sys.base_prefix, _PACKAGE, str(attempt.place.folder), "/dev", "/proc", "/sys")
    return path.endswith((".py", ".pyc", ".so")) or path.startswith(tuple(f"{folder}/" for folder in folders))


def _may_matter(path: str) -> bool:
    name = path.rpartition("/")[2]
    return path.endswith((*SUFFIXES, *_SETTINGS_SUFFIXES)) or "." not in name[1:]


def _upwards(folder: str) -> Iterator[str]:
    """The folder and all above it."""
    yield folder.rstrip("/")
    while (above := os.path.dirname(folder)) != folder:
        folder = above
        yield folder.rstrip("/")


def _folders(root: str) -> Iterator[str]:
    """All folders that files may be looked for in, and some more."""
    for number, (folder, below, _) in enumerate(os.walk(root)):
        below[:] = sorted(set(below) - DEFAULT_EXCLUDES)
        yield folder
        if number > MAX_FOLDERS:
            return


def _tree(path: str) -> Iterator[str]:
    """A file, or a folder with all that is in it."""
    yield path
    for folder, below, names in os.walk(path):
        yield from (f"{folder}/{name}" for name in (*below, *names))


def _read_back(output: Path) -> str | None:
    """A report as it was written to a file; None for what is none."""
    try:
        if not stat.S_ISREG(output.lstat().st_mode):
            return None
        with output.open(encoding="utf-8", newline="") as stream:
            return stream.read(MAX_PAGE + 1)
    except (OSError, ValueError):
        return None


@contextmanager
def _watched(opened: set[str]) -> Iterator[None]:
    """Notes which files are opened for reading, whoever does it.

    An audit hook would see more, but Python calls it for every `id(...)` as well, which takes half of a run's time.
    """
    with ExitStack() as undoing:
        for owner in _openers():
            original = owner.open
            undoing.callback(setattr, owner, "open", original)
            noting = _noting(original, opened)
            setattr(owner, "open", staticmethod(noting) if isinstance(owner, type) else noting)  # noqa: B010 - of any
        yield


def _openers() -> Iterator[Any]:
    """What has a function `open` that others look up when they call it."""
    yield from (builtins, io, os)
    if (accessor := getattr(pathlib, "_NormalAccessor", None)) is not None:  # Python 3.10
        yield accessor


def _noting(original: Callable[..., Any], opened: set[str]) -> Callable[..., Any]:
    def noting(path: object, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever `open` takes and gives
        how = arguments[0] if arguments else options.get("mode", options.get("flags", "r"))
        writes = how & (os.O_WRONLY | os.O_RDWR) if isinstance(how, int) else set(str(how)) & set("wax+")
        if isinstance(path, str | bytes | os.PathLike) and not writes:
            opened.add(os.fsdecode(path))
        return original(path, *arguments, **options)

    return noting


class _Copy:
    """Stands before a stream and notes what is written to it."""

    def __init__(self, stream: TextIO, page: list[str]) -> None:
        self._stream = stream
        self._page = page

    def write(self, text: str) -> int:
        self._page.append(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)


@contextmanager
def _copied() -> Iterator[list[str]]:
    page: list[str] = []
    stream = sys.stdout
    sys.stdout = cast(TextIO, _Copy(stream, page))
    try:
        yield page
    finally:
        sys.stdout = stream
