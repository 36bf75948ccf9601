"""Text of a module to its outline: where brackets, f-strings, logical lines and comments are.

The parser keeps no positions, and to ask libcst for them costs twice as much as parsing, so the walk finds its way
through the text by counting brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

STRINGS = (
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""|'
    r"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''|"
    r"(?:\"\"\"|''').*|"  # never closed
    r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'
    r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'|"
    r"[\"'][^\n]*"  # never closed
)
COMMENTS = r"\#[^\n]*"
BLANK = re.compile(r"(?:[ \t\f\n]+|\#[^\n]*|\\\n)*")
_CODE = re.compile(rf"[()\[\]{{}}\n]|{STRINGS}|{COMMENTS}|\\\n", re.DOTALL)
_HOLE = re.compile(rf"[()\[\]{{}}\n:]|{STRINGS}|{COMMENTS}|\\\n", re.DOTALL)
_OPENING, _CLOSING, _ENDING = frozenset("([{"), frozenset(")]}"), frozenset("\n:")
_QUOTES = frozenset("'\"")
_PREFIX_LETTERS = frozenset("fFtTrR")
_PREFIXES = frozenset({"f", "fr", "rf", "t", "tr", "rt"})
_NAMED = r"\\N\{[A-Za-z0-9 \-]{0,90}\}|"
_TEXT = {
    (quote, raw): re.compile(
        quote + r"|\{\{|\}\}|\{|" + ("" if raw else _NAMED) + r"\\[^{}]" + ("" if len(quote) > 1 else r"|\n"),
        re.DOTALL,
    )
    for quote in ("'", '"', "'''", '"""')
    for raw in (False, True)
}
_PLAIN = re.compile(
    r"[^\\{}]*(?:(?:\\[^N{}]|\{\{|\}\}|\{[^\"'\\{}()\[\]\#\n:]+(?::[^\"'\\{}\n]*)?\})[^\\{}]*)*", re.DOTALL
)
_PLAIN_LENGTH = 1000
_SPEC = re.compile(r"[{}]")


@dataclass(eq=False)
class Outline:
    """Offsets into a text. Brackets and f-strings are numbered in the order of the source: `opens` and `closes` are
    where the first and last character of each are, `resumes` is the number of the first one behind it.

    Logical lines: `heads` is where each starts, `ends` where it ends, `first` the number of its first bracket.
    `comments` gives the start of each comment within brackets by its end, `trailing` spans of those behind code on a
    line; `holes` are spans within f-strings.
    """

    opens: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    resumes: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    comments: dict[int, int] = field(default_factory=dict)
    trailing: list[tuple[int, int]] = field(default_factory=list)
    holes: list[tuple[int, int]] = field(default_factory=list)


def scan(text: str) -> Outline:
    """The outline of a module. Text that is no Python gives some outline; the parser says what is wrong with it."""
    scanner = LineScanner(text)
    outline = scanner.outline
    position, size = skip_blank(text, 0), len(text)
    while position < size:
        outline.heads.append(position)
        outline.first.append(len(outline.opens))
        end = scanner.code(position)
        outline.ends.append(end)
        position = skip_blank(text, end)
    for number in scanner.stack:
        scanner.close(number, size)
    outline.holes.sort()
    return outline


def skip_blank(text: str, position: int) -> int:
    """Where the next token is: behind spaces, line ends, comments and continued lines."""
    match = BLANK.match(text, position)
    return match.end() if match is not None else position


class LineScanner:
    """Adds to the outline what it finds on the way; `stack` holds the numbers of brackets that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.outline = Outline()
        self.stack: list[int] = []

    def open(self, start: int) -> int:
        """Number a bracket or f-string that starts here."""
        outline = self.outline
        number = len(outline.opens)
        outline.opens.append(start)
        outline.closes.append(start)
        outline.resumes.append(number + 1)
        return number

    def close(self, number: int, end: int) -> None:
        """Say where a bracket or f-string ends."""
        self.outline.closes[number] = end
        self.outline.resumes[number] = len(self.outline.opens)

    def code(self, position: int, hole: bool = False) -> int:
        """Scan to the end of the logical line, or to behind the hole of an f-string; returns where that is."""
        text, stack, open_, close = self.text, self.stack, self.open, self.close
        floor = len(stack)
        pattern = _HOLE if hole else _CODE
        while True:
            for match in pattern.finditer(text, position):
                start = match.start()
                character = text[start]
                if character in _OPENING:
                    stack.append(open_(start))
                elif character in _CLOSING:
                    if len(stack) > floor:
                        close(stack.pop(), start)
                    elif hole:
                        return start + 1
                elif character in _ENDING:
                    if len(stack) == floor and hole == (character == ":"):
                        return self._spec(start + 1) if hole else start
                elif (position := self._other(character, start, match.end())) != match.end():
                    break
            else:
                return len(text)

    def _other(self, character: str, start: int, end: int) -> int:
        """Handle a comment or string; returns where it really ends."""
        if character == "#":
            if self.stack:
                self.outline.comments[end] = start
            else:
                self.outline.trailing.append((start, end))
        elif character in _QUOTES and start and self.text[start - 1] in _PREFIX_LETTERS:
            return self._formatted(start, end)
        return end

    def _formatted(self, start: int, end: int) -> int:
        """Number a string if it's an f-string, with what is in its holes; `start` is where its quotes are."""
        text = self.text
        begin = start - 1
        while begin and (text[begin - 1].isalnum() or text[begin - 1] == "_") and begin > start - 3:
            begin -= 1
        prefix = text[begin:start].lower()
        if prefix not in _PREFIXES:
            return end
        quote = text[start]
        quote = quote * 3 if text.startswith(quote * 3, start) else quote
        number = self.open(begin)
        width = len(quote)
        closed = text.endswith(quote, start + width, end)
        if closed and end - start < _PLAIN_LENGTH and _PLAIN.fullmatch(text, start + width, end - width):
            self.close(number, end - 1)
            return end
        self.stack.append(number)
        end = self._parts(start + width, quote, "r" in prefix)
        self.close(self.stack.pop(), end - 1)
        return end

    def _parts(self, position: int, quote: str, raw: bool) -> int:
        """Scan the text of an f-string and its holes to behind the closing quotes."""
        pattern = _TEXT[quote, raw]
        while (match := pattern.search(self.text, position)) is not None:
            position = match.end()
            token = match.group()
            if token == "{":
                position = self._hole(position)
            elif token in (quote, "\n"):
                return position
        return len(self.text)

    def _hole(self, position: int) -> int:
        end = self.code(position, hole=True)
        self.outline.holes.append((position, end))
        return end

    def _spec(self, position: int) -> int:
        """Scan a format specification to behind the hole it belongs to."""
        while (match := _SPEC.search(self.text, position)) is not None:
            position = match.end()
            if match.group() == "}":
                return position
            position = self._hole(position)
        return len(self.text)
