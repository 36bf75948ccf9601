"""A path comes in; what the file says about usage goes out, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from llmlint.errors import LlmlintError, Problem, ProblemsError
from llmlint.usage.records import Usage
from llmlint.usage.spans import spans_in
from llmlint.usage.table import table_in

MAX_BYTES = 256_000_000
FORMS = "give spans as OTLP JSON, or a table as CSV; docs/cost.md describes both"


def read_usage(path: Path) -> Usage:
    """The usage in a file. Raises `LlmlintError` where it can't be read or is neither spans nor a table."""
    name = str(path)
    data = _bytes(path, name)
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise _wrong(name, "the file is empty")
    if text[:1] in (b"{", b"["):
        return spans_in(data.removeprefix(b"\xef\xbb\xbf"), name)
    if b"\0" in data[:4096]:
        raise _wrong(name, "the file is binary")
    try:
        return table_in(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProblemsError([Problem(name, line, 1, "not UTF-8 text", FORMS)]) from None


def _bytes(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            raise _wrong(name, "there is no such file" if not path.exists() else "this is no file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise LlmlintError(f"{name} can't be read: {error.strerror or error}.\nCheck its permissions.") from None
    if len(data) > MAX_BYTES:
        limit = f"larger than {MAX_BYTES // 1_000_000:,} MB"
        raise ProblemsError([Problem(name, 0, 0, limit, "give a shorter time, or sum it up as CSV")])
    return data


def _wrong(name: str, message: str) -> ProblemsError:
    return ProblemsError([Problem(name, 0, 0, message, FORMS)])
