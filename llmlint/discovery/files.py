"""A project's folder and exclude patterns come in, its Python files and notebooks go out, sorted by path."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from llmlint.discovery import git
from llmlint.discovery.patterns import Patterns
from llmlint.discovery.walk import walk

DEFAULT_EXCLUDES = frozenset(
    name
    for names in (
        ".bzr .direnv .eggs .git .hg .ipynb_checkpoints .llmlint_cache .mypy_cache .nox .pants.d .pytest_cache .pytype",
        ".ruff_cache .svn .tox .venv __pycache__ __pypackages__ build dist node_modules site-packages venv",
    )
    for name in names.split()
)
"""Names of folders that are never looked into, unless they are named or the project excludes `!name`."""

SUFFIXES = (".py", ".ipynb")

_UNFIT_FOR_A_NAME = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # breaks lines, terminals or UTF-8


@dataclass(frozen=True, order=True)
class SourceFile:
    """A file to look at: `path` relative to the root with `/`, `size` in bytes.

    While `stamp` is the same, so is the content, unless the file was changed within moments of `modified`, in
    nanoseconds since 1970; "" proves nothing.
    """

    path: str
    size: int
    notebook: bool
    stamp: str = field(default="", compare=False)
    modified: int = field(default=0, compare=False)


@dataclass(frozen=True, order=True)
class Unreadable:
    """A file or folder that could not be looked at, and why, as a clause."""

    path: str
    reason: str


@dataclass(frozen=True)
class Discovery:
    """`unreadable` is what had to be passed over; nothing else is missing for a reason of the machine."""

    files: tuple[SourceFile, ...]
    unreadable: tuple[Unreadable, ...] = ()


def discover(root: Path, *, exclude: Sequence[str] = (), named: Sequence[str] = ()) -> Discovery:
    """The Python files and notebooks below `root`, as git sees them or, without git, as .gitignore files do.

    `exclude` holds patterns as in a .gitignore file. `named` are files and folders below the root (relative,
    posix) that are looked at even where git or a default leaves them out. Links, submodules and other
    repositories inside the project are passed over. Raises `ValueError` for a pattern that is none.
    """
    root = root.resolve()
    patterns = Patterns.of(exclude)
    skipped_folders = _skipped(exclude)
    unreadable: list[Unreadable] = []
    paths = {
        path for path in _listed(root, skipped_folders, unreadable) if skipped_folders.isdisjoint(path.split("/")[:-1])
    }
    paths.update(_named(root, named, paths, skipped_folders, unreadable))
    kept = (path for path in sorted(paths) if patterns.decision(path) is not True)
    files = tuple(_source_files(root, kept, unreadable))
    return Discovery(files, tuple(sorted(set(unreadable))))


def found_among(sizes: Mapping[str, int], exclude: Sequence[str] = ()) -> Discovery:
    """What `discover` would find in a folder with just these files, given with their sizes in bytes."""
    patterns = Patterns.of(exclude)
    skipped_folders = _skipped(exclude)
    files: list[SourceFile] = []
    unreadable: list[Unreadable] = []
    for path in sorted(_sources(sizes)):
        if not skipped_folders.isdisjoint(path.split("/")[:-1]) or patterns.decision(path) is True:
            continue
        if _UNFIT_FOR_A_NAME.search(path):
            unreadable.append(_badly_named(path))
        else:
            files.append(SourceFile(path, sizes[path], path.endswith(".ipynb")))
    return Discovery(tuple(files), tuple(sorted(unreadable)))


def _skipped(exclude: Iterable[str]) -> frozenset[str]:
    return DEFAULT_EXCLUDES - {each[1:].strip("/") for each in exclude if each.startswith("!")}


def _sources(paths: Collection[str]) -> Iterator[str]:
    """Python files and notebooks outside of virtual environments."""
    environments = tuple(path.removesuffix("pyvenv.cfg") for path in paths if path.endswith("/pyvenv.cfg"))
    return (path for path in paths if path.endswith(SUFFIXES) and not path.startswith(environments))


def _badly_named(path: str) -> Unreadable:
    return Unreadable(ascii(path)[1:-1], "its name is not plain UTF-8 text")


def _listed(root: Path, skipped: Collection[str], unreadable: list[Unreadable]) -> Iterable[str]:
    listing = git.list_files(root)
    if listing is None:
        return _walked(root, "", skipped, unreadable)
    unreadable.extend(Unreadable(path, "the folder can't be opened") for path in listing.unreadable)
    return _sources(listing.paths)


def _named(
    root: Path,
    named: Iterable[str],
    listed: Collection[str],
    skipped: Collection[str],
    unreadable: list[Unreadable],
) -> Iterator[str]:
    """What is below the named paths, where the listing has nothing of it."""
    for name in named:
        if name in listed or any(path.startswith(f"{name}/") for path in listed):
            continue
        path = root / name
        if path.is_dir():
            yield from _walked(root, name, skipped, unreadable)
        elif name.endswith(SUFFIXES) and path.is_file():
            yield name


def _walked(root: Path, below: str, skipped: Collection[str], unreadable: list[Unreadable]) -> Iterator[str]:
    for path, reason in walk(root, below, skipped, SUFFIXES):
        if reason:
            unreadable.append(Unreadable(path, reason))
        else:
            yield path


def _source_files(root: Path, paths: Iterable[str], unreadable: list[Unreadable]) -> Iterator[SourceFile]:
    inside: dict[str, bool] = {}  # by folder: that no link leads away on the way to it
    for path in paths:
        if _UNFIT_FOR_A_NAME.search(path):
            unreadable.append(_badly_named(path))
            continue
        folder = str(root / path).rpartition("/")[0]
        if folder not in inside:
            inside[folder] = os.path.realpath(folder) == folder
        try:
            status = os.lstat(root / path)
        except FileNotFoundError:  # deleted since the last commit
            continue
        except OSError as error:
            unreadable.append(Unreadable(path, f"it can't be opened: {error.strerror}"))
            continue
        if inside[folder] and stat.S_ISREG(status.st_mode):
            modified, changed = status.st_mtime_ns, status.st_ctime_ns  # anybody can set the first one back
            stamp = f"{status.st_size}:{modified}:{changed}:{status.st_ino}"
            yield SourceFile(path, status.st_size, path.endswith(".ipynb"), stamp, max(modified, changed))
