"""A project that notes what is asked of it, so that an answer can be kept until what it rests on changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from llmlint.facts.syntax import ModuleFacts
from llmlint.linking.project import Project


@dataclass
class Reads:
    """What was asked: the bytes or facts of `files`, the `texts` of data files, which files mention `words`, and
    which seem to change an attribute or variable of one of `names`.
    """

    files: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


class Recorded:
    """A project that answers as the given one does. What paths there are isn't noted: all answers rest on it."""

    def __init__(self, project: Project) -> None:
        self.reads = Reads()
        self._project = project
        self.paths = project.paths
        self.candidates = project.candidates

    def facts(self, path: str) -> ModuleFacts | None:
        """As in `Project`."""
        self.reads.files.add(path)
        return self._project.facts(path)

    def source(self, path: str) -> bytes | None:
        """As in `Project`."""
        self.reads.files.add(path)
        return self._project.source(path)

    def text(self, path: str) -> str | None:
        """As in `Project`."""
        self.reads.texts.add(path)
        return self._project.text(path)

    def containing(self, identifier: str) -> Sequence[str]:
        """As in `Project`."""
        self.reads.words.add(identifier)
        return self._project.containing(identifier)

    def changing(self, name: str) -> Sequence[str]:
        """As in `Project`."""
        self.reads.names.add(name)
        return self._project.changing(name)
