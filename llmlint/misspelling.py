"""A name that the settings assume and no call needs comes in; names of the project that it may have meant go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Protocol

from llmlint.catalog.assumptions import Assumption

MOST_FILES = 200
_WORD = re.compile(rb"[A-Za-z_]\w{2,60}")
_READ_ENVIRONMENT = ("environ", "getenv")


class Project(Protocol):
    """What is asked of a project."""

    @property
    def paths(self) -> Sequence[str]:
        """Its Python files and notebooks."""

    def containing(self, identifier: str) -> Sequence[str]:
        """Those that mention a word."""

    def source(self, path: str) -> bytes | None:
        """The bytes of one."""


def meant(assumption: Assumption, project: Project) -> set[str]:
    """For a dotted name, those that differ in the last part, or in the module; else the words near `os.environ`."""
    *modules, last = assumption.name.split(".")
    if not modules:
        return _words(project, (path for word in _READ_ENVIRONMENT for path in project.containing(word)))
    named = [path for path in project.paths if _ends_with_start_of(_module(path), modules)]
    others = (_module(path)[-len(modules) :] for path in project.containing(last))
    return {".".join((*modules, word)) for word in _words(project, named)} | {
        ".".join((*each, last)) for each in others
    }


def _words(project: Project, paths: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in islice(dict.fromkeys(paths), MOST_FILES):
        found.update(word.decode() for word in _WORD.findall(project.source(path) or b""))
    return found


def _module(path: str) -> Sequence[str]:
    pure = PurePosixPath(path)
    return pure.parent.parts if pure.name == "__init__.py" else (*pure.parent.parts, pure.stem)


def _ends_with_start_of(module: Sequence[str], name: Sequence[str]) -> bool:
    """Whether a module is what the name starts with, as imports spell it."""
    return any(tuple(module[-length:]) == tuple(name[:length]) for length in range(1, len(name) + 1))
