"""The bytes of many files as one, searched for words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property

from llmlint.discovery import mentions, words_in

MAX_SEARCHES = 40  # after so many, listing all words has paid off
MAX_LISTED_WORD = 80  # longer ones are data, not names


class Corpus:
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

    def list_words(self) -> None:
        """List the words of all files now, so that no search has to look through the bytes."""
        self._asked = MAX_SEARCHES
        _ = self._words

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
