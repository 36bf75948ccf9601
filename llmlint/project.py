"""The files of a project as linking asks for them: read once, lowered on demand, searched in their bytes."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from llmlint.discovery import Contents, Discovery, Prefilter, SourceFile, changed_names, mentions, words_in
from llmlint.facts.syntax import ModuleFacts, SourceProblem

MAX_SOURCE_BYTES = 2_000_000
MAX_NOTEBOOK_BYTES = 20_000_000  # most of it is output
MAX_SEARCHED_BYTES = 64_000_000
MAX_TEXT_BYTES = 500_000
MAX_KEPT_BYTES = 256_000_000
MAX_SEARCHES = 40  # after so many, listing all words has paid off
MAX_LISTED_WORD = 80  # longer ones are data, not names

Lower = Callable[[bytes, bool], ModuleFacts | SourceProblem]
"""Bytes of a file, and whether it is a notebook, to its facts or why there are none."""


class SourceProject:
    """What linking's `Project` asks for. `problems` grows as files turn out to be unreadable.

    `kept_bytes` bounds what stays in memory; files beyond it are read again when they are asked for.
    """

    def __init__(
        self,
        contents: Contents,
        discovery: Discovery,
        prefilter: Prefilter,
        lower: Lower,
        *,
        kept_bytes: int = MAX_KEPT_BYTES,
    ) -> None:
        self.root = contents.root
        self._contents = contents
        self.problems: dict[str, SourceProblem] = {each.path: _unreadable(each.reason) for each in discovery.unreadable}
        self._files: Mapping[str, SourceFile] = {file.path: file for file in discovery.files}
        self._prefilter = prefilter
        self._lower = lower
        self._kept_bytes = kept_bytes
        self._facts: dict[str, ModuleFacts | None] = {}
        self._containing: dict[str, tuple[str, ...]] = {}
        self._texts: dict[str, str | None] = {}

    @property
    def paths(self) -> Sequence[str]:
        """All Python files and notebooks, sorted."""
        return self._sources.paths

    @property
    def candidates(self) -> Sequence[str]:
        """Those that can hold a call site, sorted."""
        return self._sources.candidates

    @property
    def lowered(self) -> int:
        """How many files were lowered so far."""
        return len(self._facts)

    def facts(self, path: str) -> ModuleFacts | None:
        """The facts of one of `paths`; None, with a problem, when it can't be lowered."""
        if path not in self._facts:
            self._facts[path] = self._lowered(path)
        return self._facts[path]

    def containing(self, identifier: str) -> Sequence[str]:
        """Those of `paths` that mention the identifier as a whole word, sorted."""
        if identifier not in self._containing:
            found = {path for path in self._sources.beyond if self._mentions(path, identifier)}
            found.update(self._sources.kept.containing(identifier))
            self._containing[identifier] = tuple(sorted(found))
        return self._containing[identifier]

    def source(self, path: str) -> bytes | None:
        """The bytes of one of `paths`; None when it can't be read."""
        return self._data(path)

    def changing(self, name: str) -> Sequence[str]:
        """Those of `paths` that seem to assign to an attribute of that name, or to change what it holds, sorted."""
        return self._changing.get(name, ())

    @cached_property
    def _changing(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self.paths:
            for name in changed_names(self._data(path) or b""):
                found[name].append(path)
        return dict(found)

    def text(self, path: str) -> str | None:
        """A data file of the project; None when there is none, or it is too large, outside or no text."""
        if path not in self._texts:
            self._texts[path] = self._text(path)
        return self._texts[path]

    def _lowered(self, path: str) -> ModuleFacts | None:
        data = self._data(path)
        if data is None:
            return None
        result = self._lower(data, self._files[path].notebook)
        if isinstance(result, SourceProblem):
            self.problems[path] = result
            return None
        return result

    def _mentions(self, path: str, identifier: str) -> bool:
        data = self._data(path)
        return data is not None and mentions(data, identifier)

    def _data(self, path: str) -> bytes | None:
        data = self._sources.kept.get(path)
        return self._read(path) if data is None and path in self._files else data

    @cached_property
    def _sources(self) -> _Sources:
        """Reads every file once."""
        paths: list[str] = []
        candidates: list[str] = []
        kept: dict[str, bytes] = {}
        room = self._kept_bytes
        for path, file in sorted(self._files.items()):
            data = self._read(path)
            if data is None:
                continue
            paths.append(path)
            if self._prefilter.keeps(data):
                candidates.append(path)
            if file.size <= room:
                kept[path] = data
                room -= len(data)
        beyond = tuple(path for path in paths if path not in kept)
        return _Sources(tuple(paths), tuple(candidates), _Corpus(kept), beyond)

    def _read(self, path: str) -> bytes | None:
        """The bytes of a file; None, with a problem if it might matter, when they can't be used."""
        limit = MAX_NOTEBOOK_BYTES if self._files[path].notebook else MAX_SOURCE_BYTES
        try:
            data = self._contents.source(path, MAX_SEARCHED_BYTES)
        except OSError as error:
            self.problems[path] = _unreadable(f"it can't be opened: {error.strerror}")
            return None
        if data is not None and len(data) <= limit:
            return data
        if data is None or self._prefilter.keeps(data):
            size = f"more than {limit // 1_000_000} MB"
            self.problems[path] = SourceProblem("too-large", f"the file has {size}", 0, 0)
        return None

    def _text(self, path: str) -> str | None:
        if path.startswith("/") or "\0" in path or ".." in path.split("/"):
            return None
        try:
            data = self._contents.data(path, MAX_TEXT_BYTES)
            return None if data is None else data.decode("utf-8-sig")
        except (OSError, ValueError):  # ValueError: not UTF-8, or no path at all
            return None


@dataclass(frozen=True)
class _Sources:
    """What one reading of all files gave. `beyond` are those that did not fit into memory."""

    paths: tuple[str, ...]
    candidates: tuple[str, ...]
    kept: _Corpus
    beyond: tuple[str, ...]


class _Corpus:
    """The bytes of many files in one piece, so that one search looks through all of them.

    Who asks often is worth the time and memory of listing the words of every file.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._paths = tuple(files)
        self._starts: list[int] = []
        position = 0
        for data in files.values():
            self._starts.append(position)
            position += len(data) + 1
        self._starts.append(position)
        self._bytes = b"\n".join(files.values())
        self._index = {path: index for index, path in enumerate(self._paths)}
        self._asked = 0

    def get(self, path: str) -> bytes | None:
        index = self._index.get(path)
        return None if index is None else self._bytes[self._starts[index] : self._starts[index + 1] - 1]

    def containing(self, identifier: str) -> Iterator[str]:
        """The paths that mention the identifier as a whole word, in order."""
        word = identifier.encode("utf-8", "surrogatepass")
        self._asked += 1
        if self._asked > MAX_SEARCHES and len(word) <= MAX_LISTED_WORD:
            return (path for path, words in self._words.items() if word in words)
        return self._searched(word, identifier)

    def _searched(self, word: bytes, identifier: str) -> Iterator[str]:
        position = self._bytes.find(word) if word else -1
        while position >= 0:
            index = bisect_right(self._starts, position) - 1
            end = self._starts[index + 1]
            if mentions(self._bytes[max(position - 1, self._starts[index]) : end], identifier):
                yield self._paths[index]
            position = self._bytes.find(word, end)

    @cached_property
    def _words(self) -> Mapping[str, frozenset[bytes]]:
        listed = ((path, words_in(self.get(path) or b"")) for path in self._paths)
        return {path: frozenset(word for word in words if len(word) <= MAX_LISTED_WORD) for path, words in listed}


def _unreadable(reason: str) -> SourceProblem:
    return SourceProblem("unreadable", reason, 0, 0)
