"""Revisions of the repository around a folder: names as people write them come in, commits go out."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from llmlint.discovery import git
from llmlint.discovery.git import GitError
from llmlint.errors import LlmlintError

_SHORT = 10
_FETCH = "Fetch more of the history: `git fetch --unshallow`, or `fetch-depth: 0` for the checkout of a CI job."


@dataclass(frozen=True)
class Revision:
    """A commit, and what it was called by who asked for it."""

    name: str
    commit: str

    def __str__(self) -> str:
        short = self.commit[:_SHORT]
        return short if self.commit.startswith(self.name) else f"{self.name} ({short})"


class Repository:
    """The repository around a project. `prefix` is the way from its root to the project, with a `/` at the end."""

    def __init__(self, folder: Path) -> None:
        """Raises `LlmlintError` where there is no repository that git will read."""
        self.folder = folder
        try:
            said = git.ask(folder, "rev-parse", "--show-prefix", "--is-shallow-repository")
        except GitError as error:
            raise LlmlintError(_no_repository(folder, str(error))) from None
        prefix, _, shallow = said.decode("utf-8", "surrogateescape").rstrip("\n").rpartition("\n")
        self.prefix = prefix
        self._shallow = shallow == "true"

    def resolve(self, name: str) -> Revision:
        """The commit of that name. Raises `LlmlintError` if there is none."""
        if ".." in name:
            raise LlmlintError(
                f"`{name}` names two revisions.\nWrite them apart: BASE HEAD; --merge-base does what `...` does."
            )
        try:
            if name.startswith("-") or not name.isprintable():
                raise GitError("that is no name")
            said = git.ask(self.folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitError:
            raise LlmlintError(self._unknown(name)) from None
        return Revision(name, said.decode("ascii").strip())

    def merge_base(self, one: Revision, other: Revision) -> Revision:
        """The newest commit that both contain. Raises `LlmlintError` if there is none."""
        try:
            said = git.ask(self.folder, "merge-base", one.commit, other.commit)
        except GitError:
            hint = _FETCH if self._shallow else "Name the commit to compare with, without --merge-base."
            raise LlmlintError(f"no commit is known that both {one.name} and {other.name} contain.\n{hint}") from None
        return Revision(f"merge base of {one.name} and {other.name}", said.decode("ascii").split()[0])

    def _unknown(self, name: str) -> str:
        message = f"git knows no revision `{name}` here."
        names = self._names()
        remote = [each for each in names if each.endswith(f"/{name}")]
        near = remote or difflib.get_close_matches(name, names, n=1)
        if near:
            return f"{message}\nDid you mean {near[0]}?"
        if self._shallow:
            return f"{message}\nThis clone is shallow. {_FETCH}"
        if not names:
            return f"{message}\nThe repository has no commits yet, or none with a name."
        return f"{message}\nName a branch, a tag or a commit; `git log --oneline` lists commits."

    def _names(self) -> list[str]:
        try:
            said = git.ask(self.folder, "for-each-ref", "--format=%(refname:short)")
        except GitError:
            return []
        return said.decode("utf-8", "replace").split()


def _no_repository(folder: Path, said: str) -> str:
    if "dubious ownership" in said:
        return (
            f"git does not trust {folder}, which belongs to another user.\n"
            f"If you do: git config --global --add safe.directory {folder}"
        )
    if "not a git repository" in said:
        return f"{folder} is in no git repository, so there is no revision to compare with."
    return f"git can't read a repository at {folder}: {said}."
