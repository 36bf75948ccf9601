"""How long the stages of a run take, and a way to tell somebody which one is at work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str], None]
"""Gets a few words on what is being done, possibly many times a second."""


def silent(_words: str) -> None:
    """Tells nobody."""


class Stopwatch:
    """`seconds` by stage, in the order in which they began. `tell` says what is being done."""

    def __init__(self, progress: Progress = silent) -> None:
        self.seconds: dict[str, float] = {}
        self.tell = progress
        self._started = time.perf_counter()

    @contextmanager
    def stage(self, name: str, words: str) -> Iterator[None]:
        """Measures what is done inside of it."""
        self.tell(words)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    @property
    def elapsed(self) -> float:
        """Seconds since the watch was made."""
        return time.perf_counter() - self._started
