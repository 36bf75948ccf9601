"""The bytes of a Python file come in; its text with tree, places and offsets goes out, or None if it can't be read."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias

from llmlint.facts.call_site import Location

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\Z)")


class Change(NamedTuple):
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


def parsed(text: str) -> ast.Module | None:
    """The tree of a module; None for what this Python can't parse. Says nothing on stderr."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # for another Python, or beyond this one's limits
        return None


def decoded(data: bytes) -> tuple[str, str] | None:
    """The text of a file with its line ends as they are, and its encoding; None for what is no text of Python."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
        return (text, encoding) if text.encode(encoding) == data else None
    except (SyntaxError, UnicodeError, LookupError):
        return None


class Source:
    """One file. Offsets count characters from 0; lines and columns are those of `Location`."""

    def __init__(self, path: str, text: str, tree: ast.Module, encoding: str = "utf-8") -> None:
        self.path = path
        self.text = text
        self.tree = tree
        self.encoding = encoding

    @classmethod
    def of(cls, path: str, data: bytes) -> Source | None:
        """None for a file that can't be changed: no Python of this version, or with the line ends of old systems."""
        read = decoded(data)
        if read is None or re.search(r"\r(?!\n)", read[0]) or "\f" in read[0]:
            return None
        tree = parsed(read[0])
        return None if tree is None else cls(path, read[0], tree, read[1])

    @cached_property
    def newline(self) -> str:
        """The line end of the file."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """What stands around each node."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for match in _LINE.finditer(self.text):
            if match.end() > starts[-1]:
                starts.append(match.end())
        return starts

    def line(self, number: int) -> str:
        """A line from 1 with its end; "" behind the last."""
        starts = self._starts
        if not 1 <= number <= len(starts):
            return ""
        return self.text[starts[number - 1] : starts[number] if number < len(starts) else len(self.text)]

    def is_at(self, node: ast.expr) -> bool:
        """Whether a node stands where its tree says: inside of formatted strings that is so only from 3.12 on."""
        tree = parsed(f"({self.segment(node)})")
        body = tree.body[0] if tree is not None and tree.body else None
        return isinstance(body, ast.Expr) and ast.dump(body.value) == ast.dump(node)

    def line_start(self, offset: int) -> int:
        """Where the line of an offset starts."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the text of the line of an offset ends, before its line end."""
        match = re.compile(r"\r?\n|\Z").search(self.text, offset)
        return match.start() if match else len(self.text)

    def indent(self, offset: int) -> str:
        """The white space that the line of an offset starts with."""
        start = self.line_start(offset)
        found = re.compile(r"[ \t]*").match(self.text, start)
        return found[0] if found else ""

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.excepthandler) -> tuple[int, int]:
        """Where a node starts and ends; parentheses around it are not part of it."""
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset),
        )

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def _offset(self, line: int, column: int) -> int:
        """Of a line from 1 and a column in bytes of UTF-8 from 0."""
        text = self.line(line)
        skipped = column if text.isascii() else len(text.encode("utf-8")[:column].decode("utf-8", "ignore"))
        return self._starts[line - 1] + skipped

    def location(self, start: int, end: int) -> Location:
        """A place of the file for reports."""
        first, last = self._line_of(start), self._line_of(end)
        return Location(self.path, first, start - self._starts[first - 1] + 1, last, end - self._starts[last - 1] + 1)

    def offsets(self, location: Location) -> tuple[int, int]:
        """Where a place starts and ends; a place behind the file's end is its end."""
        return self._at(location.line, location.column), self._at(location.end_line, location.end_column)

    def _at(self, line: int, column: int) -> int:
        if not 1 <= line <= len(self._starts):
            return len(self.text)
        return min(self._starts[line - 1] + max(0, column - 1), len(self.text))

    def _line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def call_at(self, location: Location) -> ast.Call | None:
        """The call that stands exactly there."""
        wanted = self.offsets(location)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and node.lineno == location.line and self.span(node) == wanted:
                return node
        return None

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What stands around a node, the nearest first."""
        while (above := self.parents.get(node)) is not None:
            yield above
            node = above

    def function(self, node: ast.AST) -> Function | ast.Module:
        """The function that a node runs in, or the module; a comprehension is no function here."""
        for above in self.around(node):
            if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
                return above
        return self.tree

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The statement that a node is part of."""
        if isinstance(node, ast.stmt):
            return node
        return next((above for above in self.around(node) if isinstance(above, ast.stmt)), None)

    def outermost(self, node: ast.AST) -> ast.stmt | None:
        """The statement of the module that a node is part of."""
        found = [each for each in (node, *self.around(node)) if isinstance(each, ast.stmt)]
        return found[-1] if found else None

    def names(self) -> set[str]:
        """All names and attributes that the file mentions."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                    found.add(name)
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    found.add(name)
                case ast.alias(name=name, asname=other):
                    found.add(other or name.partition(".")[0])
        return found


def name_of(node: ast.AST | None) -> str:
    """The last part of a name; "" for all else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def changed(text: str, changes: list[Change]) -> str:
    """The text with all changes, which must not overlap."""
    for change in sorted(changes, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def overlap(first: Change, second: Change) -> bool:
    """Whether two changes touch the same characters, or put something at the same place."""
    if first.start == first.end and second.start == second.end:
        return first.start == second.start
    return first.start < second.end and second.start < first.end
