"""Text to libcst's tree, or what is wrong with the text and where."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor

import libcst as cst

from llmlint.facts.syntax import SourceProblem
from llmlint.frontend.limits import demand
from llmlint.frontend.scanning import COMMENTS, STRINGS, Outline

_STACK_BYTES = 64 * 1024 * 1024
_SEARCHED_LENGTH = 200_000
"""Finding the line of a tokenizer error takes several attempts; in longer files it isn't worth it."""
_PLACE = re.compile(r"error at (\d+):(\d+)")
_LAST_TOKEN = re.compile(r"(?:\w+|\W)$")
_STRING_OR_COMMENT = re.compile(rf"{STRINGS}|{COMMENTS}", re.DOTALL)
_TOKEN_WINDOW = 40
_STATEMENT = re.compile(r"\b(?:DEDENT|EOF|pass)\b")
_PYTHON_2 = frozenset({"exec", "print"})
_POSITIONAL = "Positional argument follows"
_TOKENIZER = "tokenizer error: "


def parse(text: str, outline: Outline) -> cst.Module | SourceProblem:
    """The tree of a module. The text must be encodable; otherwise anything may be in it."""
    needs = demand(text, outline)
    if needs.refused is not None:
        line, column = _place(text, needs.refused)
        return SourceProblem("too-deep", "the code is nested too deeply to be read", line, column)
    return _with_large_stack(text, outline) if needs.unusual else _parse(text, outline)


def _with_large_stack(text: str, outline: Outline) -> cst.Module | SourceProblem:
    """The parser recurses, and a thread's stack can be larger than the process's."""
    before = threading.stack_size(_STACK_BYTES)
    try:
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(_parse, text, outline).result()
    finally:
        threading.stack_size(before)


def _parse(text: str, outline: Outline) -> cst.Module | SourceProblem:
    try:
        return cst.parse_module(text if text.endswith("\n") else f"{text}\n")
    except cst.ParserSyntaxError as error:
        return _problem(text, outline, error.message)
    except cst.CSTValidationError as error:
        return _syntax(str(error), 1, 1)
    except cst.CSTLogicError:
        return SourceProblem("syntax", "the file has syntax that the parser doesn't know yet", 1, 1)
    except RecursionError:
        return SourceProblem("too-deep", "the code is nested too deeply to be read", 1, 1)


def _syntax(what: str, line: int, column: int) -> SourceProblem:
    what = what[:1].lower() + what[1:].rstrip(".")
    return SourceProblem("syntax", f"not valid Python 3: {what}", line, column)


def _problem(text: str, outline: Outline, message: str) -> SourceProblem:
    """The parser's message in plain words."""
    if not message.startswith(_TOKENIZER):
        return _unexpected(text, outline, message)
    what = message[len(_TOKENIZER) :]
    if what.startswith("unterminated triple"):
        return _syntax(what, *_place(text, outline.heads[-1] if outline.heads else 0))
    if "indentation levels" in what:
        return SourceProblem("too-deep", "the code is indented too deeply to be read", 1, 1)
    return _syntax(what, _tokenizer_line(text, message), 1)


def _unexpected(text: str, outline: Outline, message: str) -> SourceProblem:
    """The parser says what it expected, and where what it found ends, blank lines and comments behind it included."""
    place = _PLACE.search(message)
    lines = text.split("\n")
    line, column = (int(place[1]), int(place[2])) if place is not None else (1, 0)
    read = [*lines[: line - 1], *(part[:column] for part in lines[line - 1 : line])]
    while read and not _code(read[-1]):
        read.pop()
    if not read:
        return _syntax("unexpected indentation", max(1, min(line, len(lines))), column + 1)
    if _POSITIONAL in message:
        return _syntax("a positional argument follows a keyword argument", len(read), 1)
    end = sum(len(part) + 1 for part in read[:-1]) + len(_code(read[-1]))
    unclosed = [start for start, close in zip(outline.opens, outline.closes, strict=True) if close == len(text)]
    if unclosed and unclosed[0] < end:
        return _syntax(f"`{text[unclosed[0]]}` is never closed", *_place(text, unclosed[0]))
    if len(read) < line and _ends_statement(text, outline, end):
        if line <= len(lines) and column and _STATEMENT.search(message):
            return _syntax("unexpected indentation", line, column + 1)
        return _syntax("something is missing at the end of this line", *_place(text, end))
    return _unexpected_token(_code(read[-1]), len(read))


def _code(line: str) -> str:
    """A line without its comment."""
    for match in _STRING_OR_COMMENT.finditer(line):
        if match[0].startswith("#"):
            line = line[: match.start()]
            break
    return line.rstrip()


def _ends_statement(text: str, outline: Outline, end: int) -> bool:
    """Whether the next line end ends a logical line too, so that it can be what is unexpected."""
    number = bisect_left(outline.ends, end)
    return number == len(outline.ends) or "\n" not in text[end : outline.ends[number]]


def _unexpected_token(read: str, line: int) -> SourceProblem:
    token = _LAST_TOKEN.search(read[-_TOKEN_WINDOW:])
    what = token[0] if token is not None else ""
    column = len(read) - len(what) + 1
    shown = "a string" if what in ("'", '"') else f"`{what}`"
    hint = "; is this Python 2?" if read.split(maxsplit=1)[0] in _PYTHON_2 else ""
    return _syntax(f"{shown} is unexpected here{hint}", line, column)


def _tokenizer_line(text: str, message: str) -> int:
    """The first line up to which the tokenizer fails in the same way."""
    if len(text) > _SEARCHED_LENGTH:
        return 1
    lines = text.split("\n")
    return bisect_left(range(1, len(lines)), True, key=lambda count: _fails("\n".join(lines[:count]), message)) + 1


def _fails(text: str, message: str) -> bool:
    try:
        cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return error.message == message
    except (cst.CSTValidationError, cst.CSTLogicError):
        return False
    return False


def _place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
