"""Bytes of a file and a name come in; whether the file may call, derive from or define what has that name goes out.

That a file has the word says little: most of those which mention `agent` have a variable of that name, an import for an
annotation, or a comment. What is written next to the word tells them apart without parsing. In doubt the answer is yes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Literal

Purpose = Literal["call", "derive", "define"]
"""What a file is looked at for: what it may do with a name."""

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


class Source:
    """A file as far as it can be known from its bytes; what all names share is looked up once."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def imports(self) -> list[tuple[int, int]]:
        """Where import statements are."""
        return [match.span() for match in _IMPORTS.finditer(self.data)]

    @cached_property
    def imported(self) -> frozenset[bytes]:
        """All words of the import statements; with `*`, if all that a module has is imported."""
        statements = b"\n".join(self.data[start:end] for start, end in self.imports)
        star = (b"*",) if b"*" in statements else ()
        return frozenset((*_WORD.findall(statements), *star))

    @cached_property
    def computes(self) -> bool:
        """Whether what is called is an element of something, or a result."""
        return _COMPUTED.search(self.data) is not None

    @cached_property
    def bases(self) -> frozenset[bytes]:
        """All words at the heads of classes."""
        return frozenset(_WORD.findall(b"\n".join(_HEADERS.findall(self.data))))


class Spelling:
    """How a name is spelt in a file that is not the one which defines it."""

    def __init__(self, source: Source, name: str) -> None:
        self._source = source
        self._word = name.encode("utf-8", "surrogatepass")

    def may(self, purpose: Purpose) -> bool:
        """Whether the file may do that with what has the name."""
        if purpose == "call":
            return self.may_call()
        return self.may_derive() if purpose == "derive" else self.may_define()

    def may_call(self) -> bool:
        """Whether what has the name may be called here, handed over, or given another name."""
        called = (_CALLED.match(after) and not _DEFINED.search(before) for _, before, after in self._places)
        return any(called) or self._is_passed() or self._may_be_computed()

    def may_derive(self) -> bool:
        """Whether a class may be defined here whose base has the name."""
        if self._word in self._source.bases:
            return True
        return any(_RENAMED.match(after) or _SET_TO.search(before) for _, before, after in self._places)

    def may_define(self) -> bool:
        """Whether a function or class of the name is defined here."""
        return any(_DEFINED.search(before) for _, before, _ in self._places)

    @cached_property
    def _places(self) -> list[tuple[int, bytes, bytes]]:
        """Where the word is, and what stands before and behind it."""
        found: list[tuple[int, bytes, bytes]] = []
        data, word = self._source.data, self._word
        start = data.find(word) if word else -1
        while start >= 0:
            end = start + len(word)
            before, after = data[max(0, start - _NEAR) : start], data[end : end + _NEAR]
            if before[-1:] not in _PART_OF_A_WORD and after[:1] not in _PART_OF_A_WORD:
                found.append((start, before, after))
            start = data.find(word, end)
        return found

    @property
    def _is_imported(self) -> bool:
        """By its name, or with all that a module has."""
        return self._word in self._source.imported or b"*" in self._source.imported

    def _is_passed(self) -> bool:
        """As an argument or to a name; a bare word means a variable of this file unless it is imported."""
        if any(_RENAMED.match(after) for _, _, after in self._places):
            return True
        alone = [(start, before) for start, before, after in self._places if _LEFT_ALONE.match(after)]
        if any(before.rstrip().endswith(b".") for start, before in alone if not self._in_import(start)):
            return True
        return bool(alone) and self._is_imported and any(self._given(start, before) for start, before in alone)

    def _given(self, start: int, before: bytes) -> bool:
        if self._in_import(start):
            return False
        return bool(_GIVEN.search(before) or _GIVEN.search(_COMMENTS.sub(b"", before)))

    def _in_import(self, start: int) -> bool:
        index = bisect_right(self._source.imports, (start, len(self._source.data))) - 1
        return index >= 0 and start < self._source.imports[index][1]

    def _may_be_computed(self) -> bool:
        """Whether it may be taken out of a collection, or by its name in quotes."""
        quoted = any(before[-1:] in (b"'", b'"') and after[:1] == before[-1:] for _, before, after in self._places)
        if quoted and b"getattr" in self._source.data:
            return True
        if not self._source.computes:
            return False
        return quoted or self._is_imported or any(before.rstrip().endswith(b".") for _, before, _ in self._places)
