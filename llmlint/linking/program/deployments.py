"""What files outside of Python say about where a program starts: the configuration that deploys it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from llmlint.catalog.entries import Deployment
from llmlint.linking.program.project import Project

_DEPTH = 5
"""Folders above a module that are looked into, at most."""
_LINES = 2000
_WORD = re.compile(r"[\w./-]+(?::\w+)?")
_REFERENCE = re.compile(r"(?:\./)?([\w/-]+(?:\.\w+)*?)(\.py)?(?::(\w+))?")


class Started(NamedTuple):
    """A place that a file names: the end of a module's path, and a name in it, "" for the module as a whole."""

    deployment: Deployment
    file: str
    module: tuple[str, ...]
    name: str


class Deployments:
    """Answers by path; each file is read once."""

    def __init__(self, project: Project, known: Sequence[Deployment]) -> None:
        self._project = project
        self._known = known
        self._folders: dict[str, tuple[Started, ...]] = {}

    def of(self, path: str) -> Iterator[Started]:
        """What files have started of a module."""
        pure = PurePosixPath(path).with_suffix("")
        for end in range(len(pure.parts) - 1, max(-1, len(pure.parts) - 1 - _DEPTH), -1):
            inside = pure.parts[end:]
            for started in self._in("/".join(pure.parts[:end])):
                if inside[-len(started.module) :] == started.module:
                    yield started

    def _in(self, folder: str) -> tuple[Started, ...]:
        if folder not in self._folders:
            self._folders[folder] = tuple(self._read(f"{folder}/" if folder else ""))
        return self._folders[folder]

    def _read(self, folder: str) -> Iterator[Started]:
        for deployment in self._known:
            for name in deployment.files:
                text = self._project.text(folder + name)
                for line in (text or "").splitlines()[:_LINES]:
                    yield from _named(deployment, folder + name, line)


def _named(deployment: Deployment, file: str, line: str) -> Iterator[Started]:
    """The places that one line names, behind one of the words that start something."""
    plain = re.sub(r"[\"',\[\]\s]+", " ", line.partition("#")[0])
    start = next((plain.index(word) + len(word) for word in deployment.after if word in plain), None)
    for word in _WORD.findall(plain[start:]) if start is not None else ():
        found = _REFERENCE.fullmatch(word)
        if found is None:
            continue
        module, suffix, name = found.groups()
        parts = tuple(part for part in re.split(r"[/.]", module) if part)
        if deployment.dotted and not suffix and not name and len(parts) > 1:
            parts, name = parts[:-1], parts[-1]
        if parts and (suffix or name):
            yield Started(deployment, file, parts, name or "")
