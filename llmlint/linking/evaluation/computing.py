"""Computes each thing once: what has been computed is remembered, cycles and limits cut it short.

A result that was cut short holds for a while only, and is asked for again and again meanwhile. So it is kept as long as
what cut it short goes on:

- by a computation further out, whose own result it needed: until that one is done (`_provisional`);
- by a limit, or by a search that was refused because of those that run around it: until the call site, or what is
  computed aside, is done (`_cut`).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from llmlint.linking.evaluation.values import Unknown, Value

DEPTH_LIMIT = 120
NESTED_LIMIT = 2 * DEPTH_LIMIT
"""The same with all that waits for what is computed aside."""
FRAMES_LIMIT = 9_000
"""Python's own frames; the limits above are met long before it."""
WORK_LIMIT = 30_000
"""Evaluations for one call site; real ones need some hundreds."""
ASIDE_LIMIT = 500
"""Evaluations for one question on the side."""
SEARCH_LIMIT = 10_000
"""Evaluations for one search of the project, and those inside it."""

Key = tuple[object, ...]

CYCLE = Unknown("it depends on itself", "cycle")
_LIMIT = Unknown("it leads through too many steps", "limit")

_REFUSED = 1
"""What cut a result short: a search that may not run inside others."""
_LIMITED = 2
"""What cut a result short: a limit. Less deep down it might not have."""


class Held(NamedTuple):
    """A result that holds for a while: as long as the computation at place `rests_on` runs, if it is cut short by one;
    not less deep down than `depth`. `cut` is what else cut it short.
    """

    value: Value
    cut: int
    rests_on: int
    depth: int


@contextmanager
def room_to_nest() -> Iterator[None]:
    """Room for as many of Python's frames whoever calls, so that no result depends on how deep its caller is."""
    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + FRAMES_LIMIT)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class Computing:
    """Results by key, and what is being computed. `statistics` counts work done and limits met."""

    def __init__(self) -> None:
        self.statistics: Counter[str] = Counter()
        self._memo: dict[Key, Value] = {}
        self._running: dict[Key, int] = {}
        self._lowest = self._room = DEPTH_LIMIT
        """The lowest place in `_running` that what runs rests on. `_room` is how many may run: less than the limit
        where others wait for what is computed aside."""
        self._cuts = 0
        """What else cut short what runs."""
        self._outside = 0
        self._provisional: dict[Key, Held] = {}
        self._waiting: dict[int, list[Key]] = {}
        """The keys of `_provisional` by the place they rest on."""
        self._cut: dict[Key, Held] = {}
        self._work, self._limit = 0, WORK_LIMIT
        self.overruns = 0
        """How often there was no work left."""
        self.nesting = 0
        """How many functions' returns are being followed inside one another."""

    def start(self, limit: int = WORK_LIMIT) -> None:
        """Begin a new call site: its own budget of work."""
        self._work, self._limit = 0, limit
        self._cut = {}

    def once(self, key: Key, compute: Callable[[], Value], otherwise: Value) -> Value:
        """`compute()`, remembered; `otherwise` where its own answer is needed to compute it."""
        done = self._memo.get(key)
        if done is not None:
            return done
        held = self.held(key)
        if held is not None:
            return self.take(held).value
        index = self._running.get(key)
        if index is not None:
            self._lowest = min(self._lowest, index)
            return otherwise
        self._work += 1
        if self._work > self._limit:
            self.overruns += 1
            return self._beyond("limit_work")
        if len(self._running) >= self._room:
            return self._beyond("limit_depth")
        outer, self._lowest, self._cuts = (self._lowest, self._cuts), DEPTH_LIMIT, 0
        index = self._running[key] = len(self._running)
        try:
            value = compute()
        except RecursionError:
            if index:
                raise
            value, self._lowest = self._beyond("limit_depth"), DEPTH_LIMIT
        finally:
            del self._running[key]
        self._keep(key, value, index)
        lowest = self._lowest if self._lowest < index else DEPTH_LIMIT
        self._lowest, self._cuts = min(outer[0], lowest), outer[1] | self._cuts
        return value

    def held(self, key: Key) -> Held | None:
        """What holds for now as the result of a computation."""
        found = self._provisional.get(key) or self._cut.get(key)
        return found if found is not None and len(self._running) >= found.depth else None

    def take(self, held: Held) -> Held:
        """Use what holds for now: what runs is cut short by the same."""
        self._lowest, self._cuts = min(self._lowest, held.rests_on), self._cuts | held.cut
        return held

    def _beyond(self, limit: str) -> Value:
        self.statistics[limit] += 1
        self._cuts |= _LIMITED
        return _LIMIT

    def _keep(self, key: Key, value: Value, index: int) -> None:
        """Remember a result as long as it holds, and forget those that were cut short by it."""
        if self._waiting and self._lowest >= index:
            for place in [place for place in self._waiting if place >= index]:
                for done in self._waiting.pop(place):
                    self._provisional.pop(done, None)
        limited = bool(self._cuts & _LIMITED)
        if limited and self._work > self._limit:
            return  # whoever asks again learns that at once, unless it has more work to spend
        depth = index if limited else 0
        if self._lowest < index:
            self._waiting.setdefault(self._lowest, []).append(key)
            self._provisional[key] = Held(value, self._cuts, self._lowest, depth)
        elif self._cuts:
            self._cut[key] = Held(value, self._cuts, DEPTH_LIMIT, depth)
        else:
            self._memo[key] = value

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Compute something for its own sake, so that what is running further out doesn't cut it short."""
        kept = self._running, self._lowest, self._cuts, self._provisional, self._waiting, self._cut
        outside, nesting = self._outside, self.nesting
        self._outside += len(self._running)
        self._room = min(DEPTH_LIMIT, NESTED_LIMIT - self._outside)
        self._running, self._lowest, self._cuts = {}, DEPTH_LIMIT, 0
        self._provisional, self._waiting, self._cut, self.nesting = {}, {}, {}, 0
        try:
            yield
        finally:
            self._running, self._lowest, self._cuts, self._provisional, self._waiting, self._cut = kept
            self._outside, self.nesting = outside, nesting
            self._room = min(DEPTH_LIMIT, NESTED_LIMIT - outside)

    def nested(self, compute: Callable[[], Value]) -> Value:
        """`compute()`, one call of a function of the project further down."""
        self.nesting += 1
        try:
            return compute()
        finally:
            self.nesting -= 1

    def for_itself(self, compute: Callable[[], Value]) -> Value | None:
        """`compute()` for a question of the project's, not of one call site: it doesn't use up that one's work.

        None where it takes too much, which is final.
        """
        kept = self._work, self.nesting, self._lowest, self._cuts, self.overruns
        self._work, self.nesting, self._lowest, self._cuts = self._limit - ASIDE_LIMIT, 0, DEPTH_LIMIT, 0
        try:
            value = compute()
            lowest, cuts = self._lowest, self._cuts
        finally:
            self._work, self.nesting, self._lowest, self._cuts, self.overruns = kept
        if cuts:
            self.statistics["limit_aside"] += 1
            return None
        self._lowest = min(self._lowest, lowest)
        return value

    @contextmanager
    def searching(self) -> Iterator[int]:
        """Search the project with part of the call site's work: with so much."""
        kept = self._limit
        self._limit = min(kept, self._work + SEARCH_LIMIT)
        try:
            yield self._limit - self._work
        finally:
            self._limit = kept

    @contextmanager
    def budget(self) -> Iterator[None]:
        """Answer something that other call sites ask for as well with as much work as one of them has."""
        kept = self._work, self._limit
        self._work, self._limit = 0, WORK_LIMIT
        try:
            yield
        finally:
            self._work, self._limit = kept

    def refuse(self) -> None:
        """What is being computed lacks something that is only missing from here, so it is not to be remembered."""
        self._cuts |= _REFUSED
