"""A project that notes what is asked of it, so that an answer can be kept until what it rests on changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from llmlint.facts.syntax import ModuleFacts
from llmlint.linking.program.project import Project
from llmlint.linking.program.spelling import Purpose, Source, Spelling, names_of_modules


@dataclass
class Reads:
    """What was asked: the bytes or facts of `files`, the `texts` of data files, which files mention `words`, and
    which seem to change an attribute or variable of one of `names`. `spellings` has by purpose and name which files
    were asked whether they may do that with the name, and their answers.
    """

    files: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    spellings: dict[tuple[Purpose, str], dict[str, bool]] = field(default_factory=dict)


class Sources:
    """The files of a project as far as it is known how they spell names."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._names = names_of_modules(project.paths)
        self._looked_at: dict[str, Source] = {}

    def at(self, path: str) -> Source:
        """One of the project's paths."""
        if path not in self._looked_at:
            self._looked_at[path] = Source(self._project.source(path) or b"", self._names)
        return self._looked_at[path]


class Recorded:
    """A project that answers as the given one does. What paths there are isn't noted: all answers rest on it."""

    def __init__(self, project: Project, sources: Sources) -> None:
        self.reads = Reads()
        self._project = project
        self._sources = sources
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

    def spells(self, path: str, purpose: Purpose, name: str) -> bool:
        """Whether one of `paths` may do that with the name, going by its bytes."""
        answers = self.reads.spellings.setdefault((purpose, name), {})
        if path not in answers:
            answers[path] = Spelling(self._sources.at(path), name).may(purpose)
        return answers[path]

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
