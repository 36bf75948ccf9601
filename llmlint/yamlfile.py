"""Strict YAML: a path or text comes in, a `Document` of plain values with their places goes out.

Every mistake is a `Problem` with line and column. This is the only module that imports yaml.
"""

from __future__ import annotations

import math
import re
import stat
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import NoReturn

import yaml

from llmlint.document import Document, Path, Place, Value
from llmlint.errors import Problem, ProblemsError
from llmlint.validation import validate

__all__ = ["Document", "load", "validate"]

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 100_000
MAX_SCALAR = 200_000
MAX_PROBLEMS = 100

_PARSER = getattr(yaml, "CLoader", yaml.Loader)  # several times as fast, where PyYAML was built with libyaml

# Also U+0085, U+2028 and U+2029, which end a line for some readers of YAML and not for others.
_UNFIT = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_INTEGER = re.compile(r"(?:[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+\Z")  # octal to some, decimal to others: text to us
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_SURROGATE = re.compile("[\ud800-\udfff]")

_HINTS = (
    ("mapping values are not allowed", "put text that holds a colon in quotes, or check the indentation"),
    ("could not find expected ':'", "a line between two keys has no colon; check the indentation"),
    ("expected <block end>", "check the indentation and the quotes of this line"),
    ("did not find expected", "check the indentation, brackets and quotes around this line"),
    ("cannot start any token", "put text that starts with a special character in quotes"),
    ("unexpected end of stream", "a quote or bracket is not closed"),
)


def load(source: FilePath | str | bytes, display_name: str = "") -> Document:
    """Read one YAML document from a path, text or UTF-8 bytes. `display_name` is shown in problems.

    Values follow YAML 1.2: only true and false are booleans; yes, on and dates stay text.
    Raises `ProblemsError` for anything else than plain mappings, lists and scalars within the limits.
    """
    name = display_name or (str(source) if isinstance(source, FilePath) else "<text>")
    text = _text(_read(source, name) if isinstance(source, FilePath) else source, name)
    builder = _Builder(name)
    try:
        document = builder.document(yaml.parse(text, Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        raise ProblemsError([*builder.problems, _syntax_problem(name, text, error)]) from None
    builder.refuse_tabs(text)
    if builder.problems:
        raise ProblemsError(builder.problems)
    return document


def _read(path: FilePath, name: str) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would make us wait for ever
            _refuse(name, "not a regular file", "name a YAML file")
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = getattr(error, "strerror", None) or error
        _refuse(name, f"can't be read: {reason}", "check the path and its permissions")


def _text(data: str | bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        _refuse(name, f"larger than {MAX_BYTES:,} bytes", "split the file")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        _refuse(name, "not UTF-8 text", "save the file as UTF-8", _end_of(before))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if found := _UNFIT.search(text):
        message = f"character U+{ord(found.group()):04X} is not allowed in YAML"
        hint = "remove it, or write it as an escape in double quotes"
        _refuse(name, message, hint, _end_of(text[: found.start()]))
    return text


def _end_of(text: str) -> Place:
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _refuse(name: str, message: str, hint: str, place: Place = (0, 0)) -> NoReturn:
    raise ProblemsError([Problem(name, *place, message, hint)]) from None


def _syntax_problem(name: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    source = "".join(text.split("\n")[line - 1 : line])
    if "\t" in source[max(0, column - 2) : column]:
        return Problem(name, line, column, "tab outside of quoted text", "use spaces")
    said = error.problem or error.context or "can't be read"
    hint = next((hint for words, hint in _HINTS if words in said), "check the quotes and the indentation")
    return Problem(name, line, column, f"not valid YAML: {said}", hint)


class _Builder:
    """Builds values and places from the parser's events, and collects what is refused on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self._keys: dict[Path, Place] = {}
        self._contents: dict[Path, Place] = {}
        self._texts: list[tuple[int, int]] = []  # where quoted and block text begins and ends
        self._events: Iterator[yaml.Event] = iter(())

    def document(self, events: Iterator[yaml.Event]) -> Document:
        self._events = events
        values: Value = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(event, "a second document starts here", "split the file: one document each")
            elif isinstance(event, yaml.NodeEvent):
                values = self._node(event, ())
        return Document(self.name, values, self._keys, self._contents)

    def refuse_tabs(self, text: str) -> None:
        """Tabs stand in quoted or block text and in comments only: readers of YAML disagree on all others."""
        position = text.find("\t")
        while position >= 0:
            line_start = text.rfind("\n", 0, position) + 1
            if not self._in_text(position) and not self._in_comment(text, line_start, position):
                place = text.count("\n", 0, position) + 1, position - line_start + 1
                self._add(place, "tab outside of quoted text", "use spaces")
            position = text.find("\t", position + 1)

    def _in_text(self, position: int) -> bool:
        index = bisect_right(self._texts, (position, position)) - 1
        return index >= 0 and position < self._texts[index][1]

    def _in_comment(self, text: str, line_start: int, position: int) -> bool:
        mark = text.find("#", line_start, position)
        while mark >= 0 and (self._in_text(mark) or not (mark == line_start or text[mark - 1] in " \t")):
            mark = text.find("#", mark + 1, position)
        return mark >= 0

    def _node(self, event: yaml.Event, path: Path) -> Value:
        if len(self._contents) >= MAX_NODES:
            self._stop(event, f"more than {MAX_NODES:,} values in one file", "split the file")
        if len(path) > MAX_DEPTH:
            self._stop(event, f"nested more than {MAX_DEPTH} levels deep", "make it flatter")
        self._contents[path] = place = _place(event)
        self._keys.setdefault(path, place)
        if isinstance(event, yaml.AliasEvent):
            self._report(event, f"alias `*{event.anchor}` is not allowed", "write the value out")
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.CollectionStartEvent):
            self._refuse_marks(event)
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _list(self, path: Path) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Value]:
        result: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, path)
            inner = (*path, "" if key is None else key)
            if key is not None and key in result:
                line, _ = self._keys[inner]
                self._report(event, f"duplicate key `{_short(key)}`", f"it stands at line {line} too; keep one")
            elif key is not None:
                self._keys[inner] = _place(event)
            value = self._node(next(self._events), inner)
            if key is not None:
                result[key] = value
        return result

    def _key(self, event: yaml.Event, path: Path) -> str | None:
        """The text of a key; None, with a problem, when it is no text."""
        if not isinstance(event, yaml.ScalarEvent):
            self._node(event, (*path, ""))
            hint = "write `key: value`; put text in braces or brackets in quotes"
            self._report(event, "a key must be text", hint)
            return None
        if event.value == "<<" and not event.style:
            self._report(event, "merge key `<<` is not allowed", "write the keys out")
            return None
        key = self._scalar(event)
        if isinstance(key, str):
            return key
        written = _short(event.value)
        self._report(event, f"key `{written}` is not text", f'write it in quotes: "{written}"')
        return None

    def _refuse_marks(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._report(event, f"anchor `&{event.anchor}` is not allowed", "write values where they are used")
        if event.tag is not None:
            self._report(event, f"tag `{_short(event.tag)}` is not allowed", "remove it")

    def _scalar(self, event: yaml.ScalarEvent) -> Value:
        self._refuse_marks(event)
        text: str = event.value
        if event.style and event.start_mark and event.end_mark:
            self._texts.append((event.start_mark.index, event.end_mark.index))
        if len(text) > MAX_SCALAR:
            self._report(event, f"text of more than {MAX_SCALAR:,} characters", "shorten it")
        elif _SURROGATE.search(text):
            self._report(event, "half of a surrogate pair", "write the character itself")
        elif not event.style:
            return self._plain(event, text)
        return text

    def _plain(self, event: yaml.ScalarEvent, text: str) -> Value:
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.match(text):
            if len(text) <= 20 and abs(value := int(text, 0)) < 2**63:
                return value
            self._report(event, "a number of more than 63 bits", "put it in quotes if it is text")
        elif _FLOAT.match(text) and not _LEADING_ZERO.match(text):
            if math.isfinite(number := float(text)):
                return number
            self._report(event, f"`{_short(text)}` is too large a number", "put it in quotes if it is text")
        elif _NOT_FINITE.match(text):
            self._report(event, f"`{text}` is not a finite number", "write a number, or leave the key out")
        return text

    def _report(self, event: yaml.Event, message: str, hint: str) -> None:
        self._add(_place(event), message, hint)

    def _add(self, place: Place, message: str, hint: str) -> None:
        self.problems.append(Problem(self.name, *place, message, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise ProblemsError(self.problems)

    def _stop(self, event: yaml.Event, message: str, hint: str) -> NoReturn:
        self._report(event, message, hint)
        raise ProblemsError(self.problems)


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
