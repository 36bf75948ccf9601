"""Bytes of a file and a name come in; whether the file may call, derive from or define what has that name goes out.

That a file has the word says little: most of those which mention `agent` have a variable of that name, an import for an
annotation, or a comment. What is written next to the word tells them apart without parsing. In doubt the answer is yes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

_IMPORTS = re.compile(
    rb"(?<![\w.])import(?:"
    rb"[ \t\\\r\n]*\((?:[\w\s,\\\x80-\xff]|#[^\n]*)*\)|[ \t]+(?:\\\r?\n|[\w,. \t\x80-\xff])+|[ \t]*\*)"
)
_WORD = re.compile(rb"[\w\x80-\xff]+")
_COMMENTS = re.compile(rb"#[^\n]*(?=\n)")
_HEADERS = re.compile(rb"^[ \t]*class[ \t][^:]*", re.MULTILINE)
_COMPUTED = re.compile(rb"[\])}][ \t]*\(")
_GIVEN = re.compile(rb"(?:[(,*]|(?<![=!<>])=)[\s\\]*\Z")
_LEFT_ALONE = re.compile(rb"[ \t]*(?:[,)\r\n#;\\]|\Z)")
_CALLED = re.compile(rb"[\s\\]*\(")
_RENAMED = re.compile(rb"[ \t]+as[ \t\\]")
_DEFINED = re.compile(rb"(?:def|class)[ \t]+\Z")
_SET_TO = re.compile(rb"=[\s\\(]*(?:[\w.]*\.)?\Z")
_PART_OF_A_WORD = frozenset(
    bytes([byte]) for byte in range(0x100) if byte >= 0x80 or chr(byte) == "_" or chr(byte).isalnum()
)
_NEAR = 80
"""Bytes on either side of a word that are looked at."""


@dataclass(frozen=True)
class Spelling:
    """How a name is spelt in a file that is not the one which defines it."""

    data: bytes
    name: str

    def may_call(self) -> bool:
        """Whether what has the name may be called here, handed over, or given another name."""
        return self._is_called or self._is_passed or self._may_be_computed

    def may_derive(self) -> bool:
        """Whether a class may be defined here whose base has the name."""
        if any(self._word.search(header) for header in _HEADERS.findall(self.data)):
            return True
        return any(_RENAMED.match(after) or _SET_TO.search(before) for before, after in self._places)

    def may_define(self) -> bool:
        """Whether a function or class of the name is defined here."""
        return any(_DEFINED.search(before) for before, _ in self._places)

    @cached_property
    def _word(self) -> re.Pattern[bytes]:
        return _whole_word(self.name)

    @cached_property
    def _imports(self) -> bytes:
        return b"\n".join(_IMPORTS.findall(self.data))

    @cached_property
    def _places(self) -> list[tuple[bytes, bytes]]:
        """What stands before and behind the word, each time."""
        found: list[tuple[bytes, bytes]] = []
        data, word = self.data, self.name.encode("utf-8", "surrogatepass")
        start = data.find(word)
        while start >= 0:
            end = start + len(word)
            before, after = data[max(0, start - _NEAR) : start], data[end : end + _NEAR]
            if before[-1:] not in _PART_OF_A_WORD and after[:1] not in _PART_OF_A_WORD:
                found.append((before, after))
            start = data.find(word, end)
        return found

    @cached_property
    def _is_called(self) -> bool:
        return any(_CALLED.match(after) and not _DEFINED.search(before) for before, after in self._places)

    @cached_property
    def _is_imported(self) -> bool:
        """By its name, or with all that a module has."""
        return b"*" in self._imports or self._word.search(self._imports) is not None

    @cached_property
    def _is_passed(self) -> bool:
        """As an argument or to a name; a bare word means a variable of this file unless it is imported."""
        if any(_RENAMED.match(after) for _, after in self._places):
            return True
        inside = Spelling(_IMPORTS.sub(b"import", self.data), self.name)
        alone = [before for before, after in inside._places if _LEFT_ALONE.match(after)]
        if any(before.rstrip().endswith(b".") for before in alone):
            return True
        given = (_GIVEN.search(before) or _GIVEN.search(_COMMENTS.sub(b"", before)) for before in alone)
        return self._is_imported and any(given)

    @cached_property
    def _may_be_computed(self) -> bool:
        """Whether it may be taken out of a collection, or by its name in quotes."""
        quoted = any(before[-1:] in (b"'", b'"') and after[:1] == before[-1:] for before, after in self._places)
        if quoted and b"getattr" in self.data:
            return True
        if not _COMPUTED.search(self.data):
            return False
        return quoted or self._is_imported or any(before.rstrip().endswith(b".") for before, _ in self._places)


def imported_words(source: bytes) -> frozenset[bytes]:
    """All words of a file's import statements."""
    return frozenset(_WORD.findall(b"\n".join(_IMPORTS.findall(source))))


@lru_cache(maxsize=64)
def _whole_word(name: str) -> re.Pattern[bytes]:
    word = re.escape(name.encode("utf-8", "surrogatepass"))
    return re.compile(rb"(?<![\w\x80-\xff])" + word + rb"(?![\w\x80-\xff])")
