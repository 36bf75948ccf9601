"""Runs searches of the project for callers and constructions, each once: what they found is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from llmlint.linking.evaluation.computing import SEARCH_LIMIT
from llmlint.linking.evaluation.values import Invocation

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

Sought = tuple[str, int, int]
"""What is searched for: its kind, module and scope."""

CALLER_LIMIT = 64
"""Callers of one function that are followed; more are counted and left out."""
NESTING_LIMIT = 3


class Found:
    """A search that is already running gives nothing to the one inside it: what that finds holds until the outermost
    is done. What a search found that ran out of work holds until one may do twice as much.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._known: dict[Sought, list[Invocation]] = {}
        self._running: list[Sought] = []
        self._short: dict[Sought, list[Invocation]] = {}
        self._unfinished: dict[Sought, tuple[list[Invocation], int]] = {}
        """What searches found that ran out of work, with how much they might do."""
        self._cut = False
        """Whether the search that runs was refused an answer because of those around it."""
        self.truncated: set[Sought] = set()
        """Searches that found more than was kept."""
        self.incomplete: set[Sought] = set()
        """Searches that ran out of work: there may be more."""

    def start(self, limit: int) -> None:
        """Begin a new call site, with so much work."""
        enough = min(limit, SEARCH_LIMIT) // 2
        self._unfinished = {key: each for key, each in self._unfinished.items() if each[1] >= enough}

    def by(self, key: Sought, search: Callable[[], list[Invocation]]) -> list[Invocation]:
        """The result of a search."""
        done = self._known.get(key)
        if done is not None:
            return done
        if key in self._unfinished:
            self._resolver.refuse()
            return self._unfinished[key][0]
        if key in self._short:
            self._cut = True
            self._resolver.refuse()
            return self._short[key]
        if key in self._running or len(self._running) >= NESTING_LIMIT:
            self._cut = True
            self._resolver.refuse()
            return []
        return self._run(key, search)

    def _run(self, key: Sought, search: Callable[[], list[Invocation]]) -> list[Invocation]:
        resolver = self._resolver
        outer, self._cut = self._cut, False
        overruns = resolver.overruns
        self._running.append(key)
        try:
            with resolver.aside(), resolver.searching() as share:
                everyone = search()
        finally:
            self._running.pop()
        self._note(key, "limit_callers", self.truncated, len(everyone) > CALLER_LIMIT)
        unfinished = resolver.overruns > overruns
        self._note(key, "limit_searches", self.incomplete, unfinished)
        found = everyone[:CALLER_LIMIT]
        if not self._running:
            self._short.clear()
        if not self._running and (share >= SEARCH_LIMIT or not unfinished):
            self._known[key] = found
        elif not self._running:
            self._unfinished[key] = found, share
            resolver.refuse()
        elif self._cut or unfinished:
            self._short[key] = found
            resolver.refuse()
        else:
            self._known[key] = found
        self._cut = self._cut or outer
        return found

    def _note(self, key: Sought, limit: str, cases: set[Sought], met: bool) -> None:
        if met:
            cases.add(key)
            self._resolver.statistics[limit] += 1
        else:
            cases.discard(key)
