"""A project's cost settings and a call site come in; the assumptions that hold there go out."""

from __future__ import annotations

from llmlint.cost.records import Assumptions, CostOverride, CostSettings
from llmlint.facts.call_site import CallSite
from llmlint.globs import matches


class Overrides:
    """Applies overrides in turn, and notes which names of calls were met."""

    def __init__(self, settings: CostSettings) -> None:
        self._settings = settings
        self._names = dict.fromkeys(name for each in settings.overrides for name in each.calls)
        self._seen: set[str] = set()

    def of(self, site: CallSite) -> Assumptions:
        """What holds for the call."""
        found = self._settings.assumptions
        for override in self._settings.overrides:
            if self._covers(override, site):
                found = found.overridden(override.assumptions)
        return found

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The names that no call had so far."""
        return tuple(name for name in self._names if name not in self._seen)

    def _covers(self, override: CostOverride, site: CallSite) -> bool:
        named = [name for name in override.calls if names(name, site)]
        self._seen.update(named)
        return bool(named) or any(matches(pattern, site.location.path) for pattern in override.paths)


def names(name: str, site: CallSite) -> bool:
    """Whether `path:line` or `path::function` is that call. A line may be any of its lines."""
    path, colons, function = name.partition("::")
    if colons:
        return path == site.location.path and function == site.function
    path, _, line = name.rpartition(":")
    last = max(site.location.line, site.location.end_line)
    return path == site.location.path and line.isdecimal() and site.location.line <= int(line) <= last
