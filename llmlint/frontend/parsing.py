"""Text to libcst's tree, or what is wrong with the text and where."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left

import libcst as cst

from llmlint.facts.syntax import SourceProblem
from llmlint.frontend.limits import demand
from llmlint.frontend.scanning import Outline

_STACK_BYTES = 64 * 1024 * 1024
_SEARCHED_LENGTH = 200_000
"""Finding the line of a tokenizer error takes several attempts; in longer files it isn't worth it."""
_PLACE = re.compile(r"error at (\d+):(\d+)")
_LAST_TOKEN = re.compile(r"(\w+|\S)\s*$")
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
    results: list[cst.Module | SourceProblem] = []
    before = threading.stack_size(_STACK_BYTES)
    try:
        thread = threading.Thread(target=lambda: results.append(_parse(text, outline)))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    return results[0]


def _parse(text: str, outline: Outline) -> cst.Module | SourceProblem:
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return _problem(text, outline, error.message)
    except cst.CSTValidationError as error:
        return _syntax(str(error), 1, 1)
    except RecursionError:
        return SourceProblem("too-deep", "the code is nested too deeply to be read", 1, 1)


def _syntax(what: str, line: int, column: int) -> SourceProblem:
    what = what[:1].lower() + what[1:].rstrip(".")
    return SourceProblem("syntax", f"not valid Python 3: {what}", line, column)


def _problem(text: str, outline: Outline, message: str) -> SourceProblem:
    """The parser's message in plain words; it says where a token ends, the tokenizer doesn't say where it stopped."""
    if not message.startswith(_TOKENIZER):
        return _unexpected(text, message)
    what = message[len(_TOKENIZER) :]
    if what.startswith("unterminated triple"):
        return _syntax(what, *_place(text, outline.heads[-1] if outline.heads else 0))
    if "indentation levels" in what:
        return SourceProblem("too-deep", "the code is indented too deeply to be read", 1, 1)
    return _syntax(what, _tokenizer_line(text, message), 1)


def _unexpected(text: str, message: str) -> SourceProblem:
    place = _PLACE.search(message)
    lines = text.split("\n")
    line, column = (int(place[1]), int(place[2])) if place is not None else (1, 0)
    before = lines[line - 1][:column] if line <= len(lines) else ""
    token = _LAST_TOKEN.search(before)
    if token is None:
        line = max(1, min(line - 1, len(lines)))
        return _syntax("something is missing at the end of this line", line, len(lines[line - 1]) + 1)
    return _syntax(f"`{token[1]}` is unexpected here", line, token.start(1) + 1)


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
    except cst.CSTValidationError:
        return False
    return False


def _place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
