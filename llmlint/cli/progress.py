"""One line on the terminal that says what a long run is doing."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from llmlint.timing import Progress, silent

PATIENCE = 0.5
"""Seconds: who waits less needs no telling."""
INTERVAL = 0.1

_CLEAR = "\r\x1b[K"


@contextmanager
def progress() -> Iterator[Progress]:
    """A way to tell the user, and nothing of it left on the terminal afterwards. Silent where there is none."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield silent
        return
    line = _Line()
    try:
        yield line.show
    finally:
        line.clear()


class _Line:
    def __init__(self) -> None:
        self._next = time.monotonic() + PATIENCE
        self._shown = False

    def show(self, words: str) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + INTERVAL
        self._shown = True
        width = max(20, shutil.get_terminal_size().columns - 1)
        sys.stderr.write(_CLEAR + f"llmlint: {words} ..."[:width])
        sys.stderr.flush()

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
