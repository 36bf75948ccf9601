"""The files of a project in a revision, read from git's objects: a revision comes in, `Contents` and files go out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from llmlint.discovery import git
from llmlint.discovery.contents import Folder
from llmlint.discovery.files import Discovery, found_among
from llmlint.discovery.git import GitError, Objects
from llmlint.discovery.revisions import Repository, Revision
from llmlint.errors import LlmlintError

_LINK = "120000"
_REGULAR = ("100644", "100755", "100664")
_SUBMODULE, _MISSING = "-", "BAD"
"""What git says instead of a size."""
_MOST_LINKS = 20


class _Entry(NamedTuple):
    mode: str
    name: str
    size: int


class Tree:
    """`Contents` of a project in a revision."""

    def __init__(self, repository: Repository, revision: Revision, objects: Objects) -> None:
        """Raises `LlmlintError` where the clone doesn't have all of it."""
        self._repository = repository
        self._revision = revision
        self._objects = objects
        self._entries = self._listed()

    @property
    def root(self) -> Path:
        """The project's folder; its files there may be others."""
        return self._repository.folder

    def files(self, exclude: Sequence[str]) -> Discovery:
        """What `discover` would find in a clean checkout of the revision."""
        sizes = {path: entry.size for path, entry in self._entries.items() if entry.mode in _REGULAR}
        return found_among(sizes, exclude)

    def source(self, path: str, limit: int) -> bytes | None:
        """As in `Contents`."""
        entry = self._entries.get(path)
        if entry is None or entry.mode not in _REGULAR:
            raise OSError(0, "no such file in the revision")
        return self._read(entry) if entry.size <= limit else None

    def data(self, path: str, limit: int) -> bytes | None:
        """As in `Contents`."""
        real = self._followed(path)
        return None if real is None else self.source(real, limit)

    def _followed(self, path: str) -> str | None:
        """The path without links on its way; None where they lead out of the project or in circles."""
        waiting = list(reversed(PurePosixPath(path).parts))
        done: list[str] = []
        links = 0
        while waiting:
            part = waiting.pop()
            if part == "..":
                if not done:
                    return None
                done.pop()
                continue
            entry = self._entries.get("/".join((*done, part)))
            if entry is None or entry.mode != _LINK:
                done.append(part)
                continue
            links += 1
            target = PurePosixPath(os.fsdecode(self._read(entry)))
            if links > _MOST_LINKS or target.is_absolute():
                return None
            waiting.extend(reversed(target.parts))
        return "/".join(done)

    def _read(self, entry: _Entry) -> bytes:
        try:
            return self._objects.read(entry.name)
        except GitError as error:
            raise LlmlintError(self._incomplete(str(error))) from None

    def _listed(self) -> Mapping[str, _Entry]:
        prefix = self._repository.prefix
        below = ["--", prefix] if prefix else []
        try:
            said = git.ask(
                self._repository.folder, "ls-tree", "-r", "-l", "-z", "--full-tree", self._revision.commit, *below
            )
        except GitError as error:
            raise LlmlintError(self._incomplete(str(error))) from None
        return dict(_entries(said, prefix))

    def _incomplete(self, said: str) -> str:
        return (
            f"{self._revision} can't be read: {said}.\n"
            "A partial clone lacks files of other revisions; clone without --filter."
        )


class CheckedOut(Folder):
    """`Contents` of a working tree as another checkout could have them: what git ignores is not there."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        listing = git.list_files(root)
        self._listed: Collection[str] = frozenset(listing.paths if listing else ())

    def data(self, path: str, limit: int) -> bytes | None:
        """As in `Contents`."""
        real = Path(os.path.realpath(self.root / path))
        root = self.root.resolve()
        listed = real.is_relative_to(root) and real.relative_to(root).as_posix() in self._listed
        return super().data(path, limit) if listed else None


def _entries(said: bytes, prefix: str) -> Iterator[tuple[str, _Entry]]:
    for line in said.split(b"\0"):
        about, tab, path = line.partition(b"\t")
        if not tab:
            continue
        mode, _kind, name, size = about.decode("ascii").split()
        if size != _SUBMODULE:
            known = 0 if size == _MISSING else int(size)  # who reads what is missing will be told
            yield os.fsdecode(path).removeprefix(prefix), _Entry(mode, name, known)
