"""What a project declares to be so, though its code doesn't say it: records that settings make and linking reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from llmlint.facts.call_site import Location, Step

Plain: TypeAlias = "str | int | float | bool | tuple[Plain, ...]"
"""A value as settings can state it; a tuple is a list."""


@dataclass(frozen=True)
class Assumption:
    """One declared thing: its possible values (usually one), and where it is declared."""

    name: str
    values: tuple[Plain, ...]
    location: Location

    @property
    def step(self) -> Step:
        """The place that evidence names."""
        return Step(self.location, f"`{self.name}` is assumed in the settings")


@dataclass(frozen=True)
class Assumptions:
    """By name: `environment` variables, `values` of module globals and attributes, what functions `returns`.

    Names of values and functions are dotted, as an import would spell them: `app.settings.MODEL`.
    """

    environment: Mapping[str, Assumption] = field(default_factory=dict)
    values: Mapping[str, Assumption] = field(default_factory=dict)
    returns: Mapping[str, Assumption] = field(default_factory=dict)

    def all(self) -> Iterator[Assumption]:
        """Every one, in the order of the settings."""
        for table in (self.environment, self.values, self.returns):
            yield from table.values()


def counted(assumption: Assumption) -> str:
    """The name of the statistic that counts how often an assumption was needed."""
    return f"assumed {assumption.name} of line {assumption.location.line}"
