"""Bytes of a file and a name come in; whether the file may call, derive from or define what has that name goes out.

That a file has the word says little: most of those which mention `agent` have a variable of that name, an import for an
annotation, or a comment. What is written next to the word tells them apart without parsing. In doubt the answer is yes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Set
from functools import cached_property
from typing import Literal

Purpose = Literal["call", "call of a module", "set in a module", "derive", "define", "take"]
"""What a file is looked at for: what it may do with a name. Functions and classes that stand in a module itself are
called, and globals are set, by an imported name or as an attribute of an imported module; all else on any object.
"""

_IMPORTS = re.compile(
    rb"(?<![\w.])import(?:"
    rb"[ \t\\\r\n]*\((?:[\w\s,\\\x80-\xff]|#[^\n]*)*\)|[ \t]+(?:\\\r?\n|[\w,. \t\x80-\xff])+|[ \t]*\*)"
)
_FROM = re.compile(rb"(?<![\w.])from[ \t]+(\.*)[ \t]*([\w\x80-\xff]*)[\w. \t\x80-\xff]*[\s\\]*\Z")
_CHAIN = re.compile(rb"([\w\x80-\xff]+)(?:[\s\\]*\.[\s\\]*[\w\x80-\xff]+)*[\s\\]*\.[\s\\]*\Z")
_SET = re.compile(rb"[ \t]*(?::[^=\n]*)?(?:\*\*|//|<<|>>|[-+*/|&^%@])?=(?!=)")
_LOADED = (b"import_module", b"__import__", b"sys.modules")
"""How a module is got without an import statement."""
_WORD = re.compile(rb"[\w\x80-\xff]+")
_COMMENTS = re.compile(rb"#[^\n]*(?=\n)")
_HEADERS = re.compile(rb"^[ \t]*class[ \t][^:]*", re.MULTILINE)
_COMPUTED = re.compile(rb"[\])}][ \t]*\(")
_GIVEN = re.compile(rb"(?:[(,*]|(?<![=!<>])=)[\s\\]*\Z")
_LEFT_ALONE = re.compile(rb"[ \t]*(?:[,)\r\n#;\\]|\Z)")
_LISTED = re.compile(rb"(?<![\w\])])[ \t]*\[[^\[\]]*\Z|[\"'][ \t]*:[\s\\]*\Z")
"""An item of a list, not of what stands in brackets behind a name; or an entry of a dictionary under a text."""
_LIST_ENDS = re.compile(rb"[ \t]*[\]}]")
_CALLED = re.compile(rb"[\s\\]*\(")
_TAKEN = re.compile(rb"[\s\\]*(?:\[|\.[\s\\]*(?:get|pop|setdefault|values|items)\b)")
_GONE_THROUGH = re.compile(rb"\bin\b[^\n:]*\Z")
_RENAMED = re.compile(rb"[ \t]+as[ \t\\]")
_DEFINED = re.compile(rb"(?:def|class)[ \t]+\Z")
_SET_TO = re.compile(rb"=[\s\\(]*(?:[\w.]*\.)?\Z")
_PART_OF_A_WORD = frozenset(
    bytes([byte]) for byte in range(0x100) if byte >= 0x80 or chr(byte) == "_" or chr(byte).isalnum()
)
_BLANK = b" \t\r\n\\"
_NEAR = 80
"""Bytes on either side of a word that are looked at."""


class Source:
    """A file as far as it can be known from its bytes; what all names share is looked up once."""

    def __init__(self, data: bytes, own: Set[bytes] = frozenset()) -> None:
        """`own` are the names of the project's modules and packages."""
        self.data = data
        self._own = own

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
    def from_project(self) -> frozenset[bytes]:
        """The words of those that import from the project; with `*`, if all that one of its modules has is imported."""
        found: set[bytes] = set()
        for start, end in self.imports:
            statement, lead = self.data[start:end], _FROM.search(self.data, max(0, start - _NEAR), start)
            if lead is None:
                each = (_WORD.findall(part) for part in statement.removeprefix(b"import").split(b","))
                found.update(word for words in each if words and words[0] in self._own for word in words)
            elif lead[1] or lead[2] in self._own:
                found.update(_WORD.findall(statement), (b"*",) if b"*" in statement else ())
        return frozenset(found)

    @cached_property
    def loads_modules(self) -> bool:
        """Whether a module may be got by other means than an import statement."""
        return any(word in self.data for word in _LOADED)

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
        match purpose:
            case "call" | "call of a module":
                return self.may_call(of_module=purpose == "call of a module")
            case "set in a module":
                return self.may_set()
            case "derive":
                return self.may_derive()
            case "define":
                return self.may_define()
            case "take":
                return self.may_take()

    def may_call(self, *, of_module: bool = False) -> bool:
        """Whether what has the name may be called here, handed over, or given another name."""
        return self._is_called(of_module) or self._is_passed(of_module) or self._may_be_computed(of_module)

    def may_set(self) -> bool:
        """Whether a global of the name may be set here from outside."""
        attributes = [before for _, before, after in self._places if _SET.match(after) and _is_attribute(before)]
        return any(self._on_a_module(before) for before in attributes) or (
            b"setattr" in self._source.data and self._is_quoted
        )

    def may_derive(self) -> bool:
        """Whether a class may be defined here whose base has the name."""
        if self._word in self._source.bases:
            return True
        return any(_RENAMED.match(after) or _SET_TO.search(before) for _, before, after in self._places)

    def may_define(self) -> bool:
        """Whether a function or class of the name is defined here."""
        return any(_DEFINED.search(before) for _, before, _ in self._places)

    def may_take(self) -> bool:
        """Whether something is taken out of the collection that has the name, or it is handed on."""
        taken = any(_TAKEN.match(after) or _GONE_THROUGH.search(before) for _, before, after in self._places)
        return taken or self._is_passed(of_module=False)

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
        return self._word in self._source.from_project or b"*" in self._source.from_project

    @property
    def _is_quoted(self) -> bool:
        return any(before[-1:] in (b"'", b'"') and after[:1] == before[-1:] for _, before, after in self._places)

    def _on_a_module(self, before: bytes) -> bool:
        """Whether what an attribute is read from may be a module of the project; in doubt it may."""
        chain = _CHAIN.search(before)
        cut_off = chain is not None and chain.start() == 0 and len(before) == _NEAR
        if chain is None or cut_off or _is_attribute(before[: chain.start()]):
            return True
        return chain[1] in self._source.from_project or self._source.loads_modules

    def _is_called(self, of_module: bool) -> bool:
        """As an attribute, or by its name; that means what this file defines unless it is imported."""
        called = [before for _, before, after in self._places if _CALLED.match(after) and not _DEFINED.search(before)]
        attributes = [before for before in called if _is_attribute(before)]
        if called and self._is_imported:
            return True
        return any(not of_module or self._on_a_module(before) for before in attributes)

    def _is_passed(self, of_module: bool) -> bool:
        """As an argument or to a name; a bare word means a variable of this file unless it is imported."""
        if any(_RENAMED.match(after) for _, _, after in self._places):
            return True
        alone = [
            (start, before)
            for start, before, after in self._places
            if _LEFT_ALONE.match(after) or (_LIST_ENDS.match(after) and _LISTED.search(before))
        ]
        for start, before in alone:
            if _is_attribute(before) and not self._in_import(start) and (not of_module or self._on_a_module(before)):
                return True
        return bool(alone) and self._is_imported and any(self._given(start, before) for start, before in alone)

    def _given(self, start: int, before: bytes) -> bool:
        if self._in_import(start):
            return False
        code = _COMMENTS.sub(b"", before)
        return bool(_GIVEN.search(before) or _GIVEN.search(code) or _LISTED.search(code))

    def _in_import(self, start: int) -> bool:
        index = bisect_right(self._source.imports, (start, len(self._source.data))) - 1
        return index >= 0 and start < self._source.imports[index][1]

    def _may_be_computed(self, of_module: bool) -> bool:
        """Whether it may be taken out of a collection, or by its name in quotes."""
        if self._is_quoted and b"getattr" in self._source.data:
            return True
        if not self._source.computes:
            return False
        attributes = (before for _, before, _ in self._places if _is_attribute(before))
        return (
            self._is_quoted
            or self._is_imported
            or any(not of_module or self._on_a_module(before) for before in attributes)
        )


def names_of_modules(paths: Iterable[str]) -> frozenset[bytes]:
    """What an import of one of the project's modules can begin with: names of its files and folders."""
    words = {word for path in paths for word in path.rpartition(".")[0].split("/")}
    return frozenset(word.encode("utf-8", "surrogatepass") for word in words)


def _is_attribute(before: bytes) -> bool:
    return before.rstrip(_BLANK).endswith(b".")
