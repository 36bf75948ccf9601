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
        self._started = self._stage_started = time.perf_counter()
        self._counts: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str, words: str) -> Iterator[None]:
        """Measures what is done inside of it."""
        self.tell(words)
        started = self._stage_started = time.perf_counter()
        self._counts = {}
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def count(self, doing: str, **counts: int) -> None:
        """Tells how far a stage has got: what it counts, and how many of the first of these it does in a second.

        `_` in a name is a blank. What was counted under other names before is told with it.
        """
        self._counts.update(counts)
        passed = time.perf_counter() - self._stage_started
        first = next(iter(self._counts.values()))
        rate = f", {first / passed:,.0f} a second" if first and passed >= 1 else ""
        told = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in self._counts.items())
        self.tell(f"{doing}, {told}{rate}")

    @property
    def elapsed(self) -> float:
        """Seconds since the watch was made."""
        return time.perf_counter() - self._started
