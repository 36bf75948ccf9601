"""Call sites come in; which of them sent a request, and how that is known, goes out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from llmlint.cost.pricing import Pricing
from llmlint.cost.records import CallCost
from llmlint.facts.call_site import CallSite, Location
from llmlint.usage.records import UsageEntry

APIS: dict[str, frozenset[str]] = {
    "chat": frozenset({"chat", "responses"}),
    "generate_content": frozenset({"chat", "responses"}),
    "chat/completions": frozenset({"chat"}),
    "chat.completions": frozenset({"chat"}),
    "chat.completions.create": frozenset({"chat"}),
    "responses": frozenset({"responses"}),
    "responses.create": frozenset({"responses"}),
    "completions": frozenset({"chat", "responses", "legacy"}),
    "text_completion": frozenset({"legacy"}),
    "embeddings": frozenset({"embeddings"}),
    "embeddings.create": frozenset({"embeddings"}),
}
"""The APIs that a word for an endpoint may mean: an operation of OpenTelemetry, a route, a method."""


class Found(msgspec.Struct, frozen=True):
    """The call site at that index; `how` is line, function or model."""

    index: int
    how: str


class Places:
    """All call sites of a run, to look for the one that sent a request."""

    def __init__(self, call_sites: Sequence[CallSite], costs: Sequence[CallCost], pricing: Pricing) -> None:
        self._sites = call_sites
        self._costs = costs
        self._catalog = pricing.catalog
        self._files: dict[str, list[int]] = defaultdict(list)
        for index, site in enumerate(call_sites):
            for path in {site.location.path, *(step.location.path for step in site.callers)}:
                self._files[path].append(index)
        self._seen: dict[tuple[str, str, str, int, str], Found | str] = {}

    def of(self, entry: UsageEntry) -> Found | str:
        """The call that sent it, else why there is none."""
        key = (entry.model, entry.endpoint, entry.path, entry.line, entry.function)
        if key not in self._seen:
            self._seen[key] = self._of(entry)
        return self._seen[key]

    def _of(self, entry: UsageEntry) -> Found | str:
        path = self._file(entry.path) if entry.path else ""
        if path:
            return self._in_file(entry, path)
        return self._by_model(entry, range(len(self._sites)))

    def _file(self, named: str) -> str:
        """The file of the project that a path of another machine means: the one with the longest end in common."""
        parts = named.replace("\\", "/").split("/")
        shared = {path: _shared(parts, path.split("/")) for path in self._files}
        most = max(shared.values(), default=0)
        best = [path for path, number in shared.items() if number == most]
        return best[0] if most and len(best) == 1 else ""

    def _in_file(self, entry: UsageEntry, path: str) -> Found | str:
        here = self._files[path]
        at_line = [i for i in here if self._spans(i, path, entry.line)]
        if len(at_line) == 1:
            return Found(at_line[0], "line")
        inside = [i for i in at_line or here if self._is_in(i, path, entry.function)]
        if len(inside) == 1:
            return Found(inside[0], "function")
        left = at_line or inside or [i for i in here if self._sites[i].location.path == path]
        return self._by_model(entry, left, f" in {path}")

    def _spans(self, index: int, path: str, line: int) -> bool:
        """Whether the line is one of the call's, or of a caller's."""
        site = self._sites[index]
        places = [site.location, *(step.location for step in site.callers)]
        return line > 0 and any(place.path == path and _covers(place, line) for place in places)

    def _is_in(self, index: int, path: str, function: str) -> bool:
        """Whether the call is in that function; either name may have more in front."""
        site = self._sites[index]
        own = site.function
        if not function or not own or site.location.path != path:
            return False
        return own == function or function.endswith(f".{own}") or own.endswith(f".{function}")

    def _by_model(self, entry: UsageEntry, among: Sequence[int], place: str = "") -> Found | str:
        model = self._catalog.deployment(entry.model) or self._catalog.models.get(entry.model)
        if not entry.model:
            return "no model is given"
        name = model.id if model is not None else entry.model
        apis = APIS.get(entry.endpoint.lower().strip("/").removeprefix("v1/"))
        fitting = [i for i in among if self._may_send(i, name, apis)]
        if len(fitting) == 1:
            return Found(fitting[0], "model")
        if not fitting:
            return f"no call{place} is known to send `{entry.model}`"
        return f"{len(fitting):,} calls{place} may send `{entry.model}`"

    def _may_send(self, index: int, model: str, apis: frozenset[str] | None) -> bool:
        cost = self._costs[index]
        api = self._sites[index].fact("endpoint.api").value
        return model in cost.models and not cost.test and (apis is None or api in apis)


def _covers(place: Location, line: int) -> bool:
    return place.line <= line <= max(place.line, place.end_line)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many names two paths have in common at their end."""
    number = 0
    for mine, others in zip(reversed(one), reversed(other), strict=False):
        if mine != others or mine in ("", ".", ".."):
            break
        number += 1
    return number
