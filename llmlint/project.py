"""The files of a project as linking asks for them: read once, lowered on demand, searched in their bytes.

What an earlier run saw is taken from its snapshot; only files that changed since are read again.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from functools import cached_property

import msgspec

from llmlint.corpus import Corpus
from llmlint.discovery import Contents, Discovery, Prefilter, SourceFile, changed_names, mentions, words_in
from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.linking.program.importers import Imports
from llmlint.snapshot import NOTHING_SEEN, SeenFile, Snapshot, digest

MAX_SOURCE_BYTES = 2_000_000
MAX_NOTEBOOK_BYTES = 20_000_000  # most of it is output
MAX_SEARCHED_BYTES = 64_000_000
MAX_TEXT_BYTES = 500_000
MAX_KEPT_BYTES = 256_000_000
MAX_COMPARED = 100
"""So many changed files are looked at one by one; of more, all files are searched again."""

SETTLED = 2_000_000_000
"""Nanoseconds after which a file that changes again has another time of modification, on any file system."""

Lower = Callable[[bytes, bool], ModuleFacts | SourceProblem]
"""Bytes of a file, and whether it is a notebook, to its facts or why there are none."""


class Learned(msgspec.Struct, frozen=True, array_like=True):
    """What a process found out, in places of `paths`: the files that mention a word, and those that were lowered."""

    words: dict[str, list[int]]
    lowered: list[int]


class SourceProject:
    """What linking's `Project` asks for. `problems` grows as files turn out to be unreadable.

    `kept_bytes` bounds what stays in memory; files beyond it are read again when they are asked for.
    """

    def __init__(  # noqa: PLR0913 - what a project is made of, and two settings
        self,
        contents: Contents,
        discovery: Discovery,
        prefilter: Prefilter,
        lower: Lower,
        *,
        seen: Snapshot = NOTHING_SEEN,
        kept_bytes: int = MAX_KEPT_BYTES,
    ) -> None:
        """`seen` is what an earlier run with the same prefilter saw of these files."""
        self.root = contents.root
        self._contents = contents
        self.problems: dict[str, SourceProblem] = {each.path: _unreadable(each.reason) for each in discovery.unreadable}
        self._files: Mapping[str, SourceFile] = {file.path: file for file in discovery.files}
        self._prefilter = prefilter
        self._lower = lower
        self._seen = seen
        self._kept_bytes = kept_bytes
        self._kept: dict[str, bytes] = {}
        self._facts: dict[str, ModuleFacts | None] = {}
        self.imports: Mapping[str, Imports] = {}
        """What the files import, as far as somebody found out."""
        self._containing: dict[str, tuple[str, ...]] = {}
        self._unsaid: set[str] = set()
        self._elsewhere: set[str] = set()
        self._texts: dict[str, str | None] = {}
        self._texts_elsewhere: set[str] = set()

    @cached_property
    def paths(self) -> Sequence[str]:
        """All Python files and notebooks, sorted."""
        return tuple(self._states)

    @cached_property
    def candidates(self) -> Sequence[str]:
        """Those that can hold a call site, sorted."""
        return tuple(path for path, state in self._states.items() if state.candidate)

    @property
    def lowered(self) -> int:
        """How many files' facts were asked for so far, also by processes that said so."""
        return len(self._facts.keys() | self._elsewhere)

    def digest(self, path: str) -> str:
        """Tells contents of one of `paths` apart; "" for a path that is none."""
        state = self._states.get(path)
        return state.digest if state is not None else ""

    def place(self, path: str) -> int:
        """Where one of `paths` stands among them."""
        return self._places[path]

    def facts(self, path: str) -> ModuleFacts | None:
        """The facts of one of `paths`; None, with a problem, when it can't be lowered."""
        if path not in self._facts:
            self._facts[path] = self._lowered(path)
        return self._facts[path]

    def containing(self, identifier: str) -> Sequence[str]:
        """Those of `paths` that mention the identifier as a whole word, sorted."""
        if identifier not in self._containing:
            seen = self._seen.words.get(identifier) if len(self._changed) <= MAX_COMPARED else None
            found = self._search(identifier) if seen is None else self._again(identifier, seen)
            self._containing[identifier] = tuple(sorted(found))
            self._unsaid.add(identifier)
        return self._containing[identifier]

    @property
    def texts(self) -> Collection[str]:
        """The data files that somebody asked for, whether they exist or not."""
        return self._texts.keys() | self._texts_elsewhere

    def note_texts(self, paths: Iterable[str]) -> None:
        """Data files that another process asked for."""
        self._texts_elsewhere.update(paths)

    def source(self, path: str) -> bytes | None:
        """The bytes of one of `paths`; None when it can't be read."""
        return self._data(path) if path in self._states else None

    def changing(self, name: str) -> Sequence[str]:
        """Those of `paths` that seem to assign to an attribute of that name, or to change what it holds, sorted."""
        return self._changing.get(name, ())

    def text(self, path: str) -> str | None:
        """A data file of the project; None when there is none, or it is too large, outside or no text."""
        if path not in self._texts:
            self._texts[path] = self._text(path)
        return self._texts[path]

    @cached_property
    def imports_seen(self) -> Mapping[str, Imports]:
        """What the files import that are as they were, provided that there were the same files."""
        if self._states.keys() != self._seen.files.keys():
            return {}
        return {path: found for path, found in self._seen.imports.items() if path not in self._changed}

    def prepare(self) -> None:
        """Do now what processes that are forked would each have to do."""
        self._corpus.list_words()
        self.changing("")

    def learned(self) -> Learned:
        """What was found out since this was asked last."""
        words = {word: [self._places[path] for path in self._containing[word]] for word in self._unsaid}
        lowered = [self._places[path] for path in self._facts.keys() - self._elsewhere if path in self._places]
        self._unsaid.clear()
        self._elsewhere.update(self._facts)
        return Learned(words, lowered)

    def learn(self, learned: Learned) -> None:
        """Take over what another process found out."""
        for word, places in learned.words.items():
            self._containing.setdefault(word, tuple(self.paths[place] for place in places))
        self._elsewhere.update(self.paths[place] for place in learned.lowered)

    def snapshot(self) -> Snapshot:
        """What a later run need not look at again. `imports` has to be set before."""
        before = time.time_ns() - SETTLED
        files = {
            path: state if self._files[path].modified < before else SeenFile("", state.digest, state.candidate)
            for path, state in self._states.items()
        }
        asked = {*self._containing, *(self._seen.words if len(self._changed) <= MAX_COMPARED else ())}
        words = {word: tuple(self.containing(word)) for word in sorted(asked)}
        changes = self._changes if "_changes" in self.__dict__ else self._changes_seen
        return Snapshot(files, changes, self.imports, words)

    # --- files ----------------------------------------------------------------------------------------------

    @cached_property
    def _states(self) -> Mapping[str, SeenFile]:
        """The files that can be read, in order. Those that aren't known to be as they were are read."""
        found: dict[str, SeenFile] = {}
        room = self._kept_bytes
        for path, file in sorted(self._files.items()):
            seen = self._seen.files.get(path)
            if seen is not None and seen.stamp and seen.stamp == file.stamp:
                found[path] = seen
                continue
            data = self._read(path)
            if data is None:
                continue
            found[path] = SeenFile(file.stamp, digest(data), self._prefilter.keeps(data))
            if len(data) <= room:
                self._kept[path] = data
                room -= len(data)
        return found

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {path: place for place, path in enumerate(self.paths)}

    @cached_property
    def _changed(self) -> Set[str]:
        """The paths whose content isn't what an earlier run saw."""
        seen = self._seen.files
        return {path for path, each in self._states.items() if path not in seen or seen[path].digest != each.digest}

    def _data(self, path: str) -> bytes | None:
        data = self._kept.get(path)
        if data is None and "_corpus" in self.__dict__:
            data = self._corpus.get(path)
        return self._read(path) if data is None else data

    def _lowered(self, path: str) -> ModuleFacts | None:
        data = self._data(path) if path in self._states else None
        if data is None:
            return None
        result = self._lower(data, self._files[path].notebook)
        if isinstance(result, SourceProblem):
            self.problems[path] = result
            return None
        return result

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

    # --- words ----------------------------------------------------------------------------------------------

    def _search(self, identifier: str) -> Set[str]:
        found = {path for path in self._beyond if mentions(self._read(path) or b"", identifier)}
        found.update(self._corpus.containing(identifier))
        return found

    def _again(self, identifier: str, seen: Sequence[str]) -> Set[str]:
        """Those that mentioned it and are as they were, and those that changed and mention it now."""
        word = identifier.encode("utf-8", "surrogatepass")
        found = {path for path in seen if path in self._states and path not in self._changed}
        found.update(path for path, words in self._changed_words.items() if word in words)
        return found

    @cached_property
    def _changed_words(self) -> Mapping[str, Set[bytes]]:
        return {path: words_in(self._data(path) or b"") for path in self._changed}

    @cached_property
    def _corpus(self) -> Corpus:
        """All files that fit into memory."""
        room = self._kept_bytes - sum(map(len, self._kept.values()))
        kept: dict[str, bytes] = {}
        for path in self._states:
            data = self._kept.get(path)
            if data is None and self._files[path].size <= room:
                data = self._read(path)
                room -= len(data or b"")
            if data is not None:
                kept[path] = data
        self._kept = {}
        return Corpus(kept)

    @cached_property
    def _beyond(self) -> Sequence[str]:
        """The files that don't."""
        return tuple(path for path in self._states if self._corpus.get(path) is None)

    @cached_property
    def _changing(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path, names in self._changes.items():
            for name in names:
                found[name].append(path)
        return dict(found)

    @cached_property
    def _changes(self) -> Mapping[str, tuple[str, ...]]:
        seen = self._changes_seen
        return {
            path: seen[path] if path in seen else tuple(sorted(changed_names(self._data(path) or b"")))
            for path in self._states
        }

    @cached_property
    def _changes_seen(self) -> Mapping[str, tuple[str, ...]]:
        changes = self._seen.changes
        return {path: changes[path] for path in self._states if path in changes and path not in self._changed}


def _unreadable(reason: str) -> SourceProblem:
    return SourceProblem("unreadable", reason, 0, 0)
