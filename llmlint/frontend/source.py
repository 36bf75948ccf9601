"""Bytes of a file to text: encoding declaration, byte order mark, line ends, limits."""

from __future__ import annotations

import io
import tokenize

from llmlint.facts.syntax import SourceProblem

SIZE_LIMIT = 5_000_000


def read_source(data: bytes) -> str | SourceProblem:
    """The text with `\\n` line ends, or why there is none."""
    if len(data) > SIZE_LIMIT:
        return SourceProblem("too-large", f"the file has {len(data):,} bytes; the limit is {SIZE_LIMIT:,}", 1, 1)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        return SourceProblem("encoding", "the file contains a NUL byte, so it is not Python source", line, 1)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        return SourceProblem("encoding", f"the file can't be decoded: {error}", 1, 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")
