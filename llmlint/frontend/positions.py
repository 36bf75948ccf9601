"""Offsets to lines and places: where a call starts, where its arguments and comprehensions' loops are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

import libcst as cst

from llmlint.facts.syntax import Place
from llmlint.frontend.scanning import COMMENTS, STRINGS, Outline, skip_blank

_TEXT_LIMIT = 120
_TEXT_WINDOW = 2000
_SKIPPED = rf"[(\[{{]|{STRINGS}|{COMMENTS}"
_COMMA = re.compile(rf"(?P<token>,|:|\blambda\b)|{_SKIPPED}", re.DOTALL)
_FOR = re.compile(rf"(?P<token>\bfor\b)|{_SKIPPED}", re.DOTALL)
_LAMBDA = re.compile(rf"(?P<token>\blambda\b)|{STRINGS}|{COMMENTS}", re.DOTALL)
_LINE_END = re.compile(rf"(?:\\|{COMMENTS})\n")
_DOT_ON_NEXT_LINE = re.compile(r"\s*\n\s*\.\s*|\.\s*\n\s*")
_BRACKETED = frozenset({
    cst.List, cst.Set, cst.Dict, cst.ListComp, cst.SetComp, cst.DictComp, cst.StarredDictComp, cst.FormattedString,
    cst.TemplatedString,
})  # fmt: skip


class LayoutError(Exception):
    """The text and the tree disagree about where things are."""


class Positions:
    """Places in one text. Numbers are those of brackets in the outline."""

    def __init__(self, text: str, outline: Outline) -> None:
        self.text = text
        self.outline = outline
        self._lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._starts: dict[int, int] = {}
        self._by_close: dict[int, int] | None = None

    def line(self, offset: int) -> int:
        """The line of an offset."""
        return bisect_right(self._lines, offset)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Both of an offset."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def opening(self, number: int) -> int:
        """Where a bracket is."""
        opens = self.outline.opens
        if not 0 <= number < len(opens):
            raise LayoutError
        return opens[number]

    def call(self, node: cst.Call, number: int) -> tuple[Place, str]:
        """Where a call is whose arguments stand in bracket `number`, and its callee as written."""
        opening, closing = self.opening(number), self.outline.closes[number] + 1
        if self.text[opening] != "(":
            raise LayoutError
        start = self._starts[number] = self._start(node.func, opening)
        end_line, column = self.line_and_column(closing - 1)
        place = Place(*self.line_and_column(start), end_line, column + 1)
        return place, _collapsed(self.text[start : min(opening, start + _TEXT_WINDOW)])

    def argument_lines(self, number: int, count: int) -> list[int]:
        """The line of each of the arguments in a bracket."""
        opening, closing = self.outline.opens[number], self.outline.closes[number]
        line = self.line(opening)
        if self.line(closing) == line or not count:
            return [line] * count
        starts = [opening + 1, *self._commas(number)]
        if len(starts) < count:
            raise LayoutError
        return [self.line(skip_blank(self.text, start)) for start in starts[:count]]

    def end_line(self, first: int, behind: int) -> int:
        """The last line of the brackets from `first` up to `behind`; 0 if there are none."""
        ends = self.outline.closes[first:behind]
        return self.line(max(ends)) if ends else 0

    def loop(self, number: int) -> tuple[int, int]:
        """The line of the first `for` in a bracket, and the number of the next bracket."""
        for match, following in self._level(number, _FOR):
            return self.line(match.start()), following
        raise LayoutError

    def lambda_line(self, start: int) -> tuple[int, int]:
        """The line of the first `lambda` behind an offset, and where it ends."""
        for match in _LAMBDA.finditer(self.text, start):
            if match["token"]:
                return self.line(match.start()), match.end()
        return self.line(start), start

    def _commas(self, number: int) -> list[int]:
        """Where the commas between the arguments in a bracket end; those in a lambda's parameters don't count."""
        found: list[int] = []
        lambdas = 0
        for match, _ in self._level(number, _COMMA):
            token = match["token"]
            if token == "lambda":
                lambdas += 1
            elif token == ":":
                lambdas = max(0, lambdas - 1)
            elif not lambdas:
                found.append(match.end())
        return found

    def _level(self, number: int, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
        """Tokens directly in a bracket, not in one within, each with the number of the next bracket."""
        outline = self.outline
        opens, closes, resumes = outline.opens, outline.closes, outline.resumes
        position, end, inner, behind = self.opening(number) + 1, closes[number], number + 1, resumes[number]
        while (match := pattern.search(self.text, position, end)) is not None:
            if inner < behind and opens[inner] <= match.start():
                position, inner = closes[inner] + 1, resumes[inner]
                continue
            position = match.end()
            if match["token"]:
                yield match, inner

    def _start(self, node: cst.BaseExpression, end: int) -> int:
        """Where the expression starts that ends before the token at `end`."""
        while True:
            end = self._back(end)
            kind = type(node)
            if node.lpar or kind in _BRACKETED:
                return self.opening(self._number(end))
            if type(node) is cst.Attribute:
                end = self._back(end - len(node.attr.value)) - 1
                node = node.value
            elif type(node) is cst.Subscript:
                end = self.opening(self._number(end))
                node = node.value
            elif type(node) is cst.Call:
                return self._recorded(self._number(end))
            elif type(node) is cst.ConcatenatedString:
                return self._concatenation(node, end)
            else:  # names, numbers and strings have a value as written; what else can be called is `...`
                return end - len(getattr(node, "value", "..."))

    def _recorded(self, number: int) -> int:
        """Where the call starts whose arguments stand in a bracket; inner calls are recorded before outer ones."""
        if number not in self._starts:
            raise LayoutError
        return self._starts[number]

    def _concatenation(self, node: cst.BaseExpression, end: int) -> int:
        pieces: list[cst.BaseExpression] = []
        while isinstance(node, cst.ConcatenatedString):
            pieces.append(node.left)
            node = node.right
        start = self._start(node, end)
        for piece in reversed(pieces):
            start = self._start(piece, start)
        return start

    def _back(self, end: int) -> int:
        """Where the token ends that stands before `end`."""
        text = self.text
        while text[end - 1] in " \t\f\n\\" or end in self.outline.comments:
            end = self.outline.comments.get(end, end - 1)
        return end

    def _number(self, end: int) -> int:
        """The number of the bracket or f-string that ends before `end`."""
        if self._by_close is None:
            self._by_close = {close: number for number, close in enumerate(self.outline.closes)}
        number = self._by_close.get(end - 1)
        if number is None:
            raise LayoutError
        return number


def _collapsed(text: str) -> str:
    if "\n" in text:
        text = _DOT_ON_NEXT_LINE.sub(".", _LINE_END.sub("\n", text))
    return " ".join(text.split())[:_TEXT_LIMIT]
