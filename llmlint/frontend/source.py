"""Bytes of a file to text: byte order mark, declared encoding, line ends, limits."""

from __future__ import annotations

import codecs
import io
import tokenize

from llmlint.facts.syntax import SourceProblem

SIZE_LIMIT = 5_000_000
"""Bytes."""
_NO_SOURCE = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs that Python knows but that no source is written in; some take time that grows with the square."""


def read_source(data: bytes) -> str | SourceProblem:
    """The text with `\\n` as line end, or why there is none."""
    if len(data) > SIZE_LIMIT:
        message = f"the file has {len(data):,} bytes; files over {SIZE_LIMIT:,} are not read"
        return SourceProblem("too-large", message, 1, 1)
    try:
        encoding = codecs.lookup(tokenize.detect_encoding(io.BytesIO(data).readline)[0]).name
    except (SyntaxError, LookupError) as error:
        return _unreadable(f"{error}", 1)
    if encoding in _NO_SOURCE:
        return _unreadable(f"{encoding} is no encoding for source code", 1)
    return _decode(data, encoding)


def _decode(data: bytes, encoding: str) -> str | SourceProblem:
    try:
        text = data.decode(encoding)
        if encoding not in ("utf-8", "utf-8-sig"):
            text.encode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _unreadable(f"byte {data[error.start]:#04x} is not {encoding}", line)
    except LookupError as error:
        return _unreadable(str(error).partition(";")[0], 1)
    except UnicodeError:
        return _unreadable(f"it is not {encoding}", 1)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    nul = text.find("\0")
    if nul >= 0:
        line = text.count("\n", 0, nul) + 1
        return SourceProblem("encoding", "the file contains a NUL byte, so it is no source code", line, 1)
    return text


def _unreadable(what: str, line: int) -> SourceProblem:
    hint = "save it as UTF-8 or declare its encoding in the first line"
    return SourceProblem("encoding", f"the file can't be decoded: {what}; {hint}", line, 1)
