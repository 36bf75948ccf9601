"""Reads source for reports: a location goes in, the lines of its file or notebook cell come out."""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections.abc import Callable
from pathlib import Path

from llmlint.facts.call_site import Location

LARGEST = 10_000_000
_LINE_END = re.compile(r"\r\n|\r|\n")


class Source:
    """Lines of files below `root`, read once each. Links that lead out of the project are not followed."""

    def __init__(self, root: Path, read: Callable[[str], bytes | None] | None = None) -> None:
        """`read` gives the bytes of a file where they are not those below `root`, as in another revision."""
        self._root = root.resolve()
        self._read_file = read or self._read_inside
        self._files: dict[str, bytes | None] = {}
        self._lines: dict[tuple[str, int | None], list[str] | None] = {}

    def lines(self, location: Location) -> list[str] | None:
        """All lines of the file, or of the notebook cell. None when there is no such text to be had."""
        key = (location.path, location.cell)
        if key not in self._lines:
            self._lines[key] = self._split(*key)
        return self._lines[key]

    def span(self, location: Location) -> str:
        """The text from the start of a place to its end; "" when there is none to be had."""
        lines = (self.lines(location) or [])[location.line - 1 : max(location.line, location.end_line)]
        if not lines:
            return ""
        if location.end_line >= location.line and location.end_column:
            lines[-1] = lines[-1][: location.end_column - 1]
        return "\n".join([lines[0][max(0, location.column - 1) :], *lines[1:]])

    def _split(self, path: str, cell: int | None) -> list[str] | None:
        data = self._read(path)
        if data is None:
            return None
        text = _decode(data) if cell is None else _cell_text(data, cell)
        return None if text is None else _LINE_END.split(text)

    def _read(self, path: str) -> bytes | None:
        if path not in self._files:
            self._files[path] = self._read_file(path)
        return self._files[path]

    def _read_inside(self, path: str) -> bytes | None:
        try:
            file = (self._root / path).resolve()
            inside = file.is_relative_to(self._root) and file.is_file() and file.stat().st_size <= LARGEST
            return file.read_bytes() if inside else None
        except (OSError, ValueError, RuntimeError):  # gone, unreadable, a NUL in the name, links in a circle
            return None


def _decode(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding, "replace")
    except (SyntaxError, LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _cell_text(data: bytes, cell: int) -> str | None:
    try:
        source = json.loads(data)["cells"][cell]["source"]
        return source if isinstance(source, str) else "".join(source)
    except (ValueError, TypeError, LookupError, RecursionError):  # not the notebook that was scanned
        return None
