"""TOML text comes in, a `Document` of plain values with the place of every key and value goes out."""

from __future__ import annotations

import sys
from bisect import bisect_right
from datetime import date, datetime, time
from typing import Any

from llmlint.document import Document, Path, Place, Value
from llmlint.errors import Problem, ProblemsError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_BYTES = 1_000_000
MAX_DOTS = 2_000  # in one line: the time to read a dotted key grows with the square of its parts
MAX_DEPTH = 100  # tables and lists within each other, also those that a dotted key makes

_SPACES = " \t"
_END_OF_KEY = " \t.=]\n\r"
_END_OF_VALUE = ",]}#\n\r"


def parse_toml(data: bytes, name: str) -> Document:
    """The document in a file's bytes. Raises `ProblemsError` with the place of what is no TOML."""
    text = _text(data, name)
    try:
        values = tomllib.loads(text)
        scanner = _Scanner(text)
        scanner.document()
    except tomllib.TOMLDecodeError as error:
        raise ProblemsError([_syntax_problem(name, text, error)]) from None
    except (RecursionError, ValueError) as error:  # ValueError: a number or a date beyond all bounds
        said = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ProblemsError([Problem(name, 1, 1, f"not valid TOML: {said}", "simplify the file")]) from None
    too_deep = next((path for path in scanner.keys if len(path) > MAX_DEPTH), None)
    if too_deep is not None:
        hint = f"at most {MAX_DEPTH} levels"
        raise ProblemsError([Problem(name, *scanner.keys[too_deep], "nested too deeply", hint)])
    return Document(name, _plain(values), scanner.keys, scanner.contents)


def _text(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        problem = Problem(name, 1, 1, f"larger than {MAX_BYTES:,} bytes", "put the settings into llmlint.toml")
        raise ProblemsError([problem])
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        raise ProblemsError([Problem(name, line, column, "not UTF-8 text", "save it as UTF-8")]) from None
    for number, each in enumerate(text.split("\n"), 1):
        if each.count(".") > MAX_DOTS:
            raise ProblemsError([Problem(name, number, 1, "a line with too many dots", "break the line")])
    return text


def _syntax_problem(name: str, text: str, error: tomllib.TOMLDecodeError) -> Problem:
    said, _, where = str(error).rpartition(" (at ")
    digits = [int(part) for part in "".join(c if c.isdigit() else " " for c in where).split()]
    end = text.count("\n") + 1, len(text) - text.rfind("\n")
    line, column = (digits[0], digits[1]) if len(digits) == 2 else end
    message = (said or str(error)).rstrip(".")
    hint = "check quotes, brackets and commas" if digits else "something is missing at the end of the file"
    return Problem(name, line, column, f"not valid TOML: {message[:1].lower()}{message[1:]}", hint)


def _plain(value: Any) -> Value:  # noqa: ANN401 - whatever TOML has
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value


class _Scanner:
    """Goes once through text that is known to be TOML, and notes where keys and values stand."""

    def __init__(self, text: str) -> None:
        self.keys: dict[Path, Place] = {(): (1, 1)}
        self.contents: dict[Path, Place] = {}
        self._text = text
        self._position = 0
        self._last_items: dict[Path, int] = {}
        self._line_starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]

    def document(self) -> None:
        table: Path = ()
        while self._skip_space():
            if self._text[self._position] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`; keys after it belong to the path that comes back."""
        place = self._place()
        is_item = self._text.startswith("[[", self._position)
        self._position += 2 if is_item else 1
        path: Path = ()
        parts = self._key()
        for number, part in enumerate(parts, 1):
            path = (*path, part)
            self.keys.setdefault(path, place)
            if path in self._last_items and not (is_item and number == len(parts)):
                path = (*path, self._last_items[path])
        if is_item:
            self._last_items[path] = index = self._last_items.get(path, -1) + 1
            path = (*path, index)
            self.keys[path] = place
        self._position += 2 if is_item else 1
        return path

    def _pair(self, table: Path) -> None:
        place = self._place()
        path = table
        for part in self._key():
            path = (*path, part)
            self.keys.setdefault(path, place)
        self._position += 1  # the equals sign
        self._value(path)

    def _key(self) -> list[str]:
        """The parts of a dotted key; stops at what follows it."""
        parts: list[str] = []
        while True:
            self._skip_blanks()
            start = self._position
            if self._text[start] in "\"'":
                self._string()
                parts.append(_unquoted(self._text[start : self._position]))
            else:
                while self._text[self._position] not in _END_OF_KEY:
                    self._position += 1
                parts.append(self._text[start : self._position])
            self._skip_blanks()
            if self._text[self._position] != ".":
                return parts
            self._position += 1

    def _value(self, path: Path) -> None:
        self._skip_blanks()
        self.contents[path] = self._place()
        character = self._text[self._position]
        if character in "\"'":
            self._string()
        elif character == "[":
            self._array(path)
        elif character == "{":
            self._inline_table(path)
        else:
            while self._position < len(self._text) and self._text[self._position] not in _END_OF_VALUE:
                self._position += 1

    def _array(self, path: Path) -> None:
        self._position += 1
        index = 0
        while self._skip_space() and self._text[self._position] != "]":
            if self._text[self._position] == ",":
                self._position += 1
                continue
            item = (*path, index)
            self.keys[item] = self._place()
            self._value(item)
            index += 1
        self._position += 1

    def _inline_table(self, path: Path) -> None:
        self._position += 1
        while self._skip_space() and self._text[self._position] != "}":
            if self._text[self._position] == ",":
                self._position += 1
                continue
            self._pair(path)
        self._position += 1

    def _string(self) -> None:
        quote = self._text[self._position]
        mark = quote * 3 if self._text.startswith(quote * 3, self._position) else quote
        self._position += len(mark)
        while not self._text.startswith(mark, self._position):
            self._position += 2 if quote == '"' and self._text[self._position] == "\\" else 1
        self._position += len(mark)
        while len(mark) == 3 and self._text.startswith(quote, self._position):
            self._position += 1  # up to two more quotes belong to the text

    def _skip_blanks(self) -> None:
        while self._text[self._position] in _SPACES:
            self._position += 1

    def _skip_space(self) -> bool:
        """Passes blanks, line ends and comments; whether anything is left."""
        while self._position < len(self._text):
            if self._text[self._position] == "#":
                end = self._text.find("\n", self._position)
                self._position = len(self._text) if end < 0 else end
            elif not self._text[self._position].isspace():
                return True
            else:
                self._position += 1
        return False

    def _place(self) -> Place:
        line = bisect_right(self._line_starts, self._position)
        return line, self._position - self._line_starts[line - 1] + 1


def _unquoted(text: str) -> str:
    if text[0] == "'" or "\\" not in text:
        return text[1:-1]
    return str(tomllib.loads(f"key = {text}")["key"])
