"""What is known about the Python world around a call: compiled tables in, answers by dotted name out.

All names are what a reference resolves to (`datetime.datetime.now`, `fastapi.FastAPI.get` for a method of an
instance, `open` or `builtins.open`). "Shapes" are the fallback where the receiver is not known: the text as
written, e.g. `app.get`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

import msgspec

from llmlint.catalog.entries import Deployment, EntryPoint, Every, Function, Record, Volatile
from llmlint.catalog.names import NameTable, TailTable

_DIRECTIVE = re.compile(r"%[-#EO]?([a-zA-Z%])")

_EVERYWHERE = frozenset({"sys", "asyncio", "builtins", "input", "rich", "readline", "getpass"})
"""Packages that so many files import that it says nothing about them."""


class PathWords(Record, frozen=True):
    """Words in file paths. `folders` and `files` are globs of the names of folders and files.

    `words` are those in names of functions and classes, `unless` neighbours that give one of them another meaning.
    """

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class Coarsening(Record, frozen=True):
    """How a clock value loses precision. `directives` are strftime letters finer than a day that change per
    call.

    `attributes` maps what is read from a date (`date`, `year`, `isocalendar`) to how often that changes.
    `formatters` are methods whose first argument is a strftime format.
    """

    directives: tuple[str, ...] = ()
    attributes: dict[str, Every] = msgspec.field(default_factory=dict)
    formatters: tuple[str, ...] = ()


class EcosystemData(Record, frozen=True):
    """The ecosystem files, compiled; encodable."""

    volatile: tuple[Volatile, ...] = ()
    coarsening: Coarsening = Coarsening()
    entry_points: tuple[EntryPoint, ...] = ()
    entry_shapes: tuple[EntryPoint, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    servers: tuple[str, ...] = ()
    paths: dict[str, PathWords] = msgspec.field(default_factory=dict)
    functions: dict[str, tuple[Function, ...]] = msgspec.field(default_factory=dict)
    methods: dict[str, tuple[Function, ...]] = msgspec.field(default_factory=dict)


class Ecosystem:
    """Answers about functions and classes that aren't a provider's."""

    def __init__(self, data: EcosystemData) -> None:
        self.data = data
        self._tables = {kind: NameTable((f.name, f) for f in functions) for kind, functions in data.functions.items()}
        self._methods = {kind: {f.name: f for f in functions} for kind, functions in data.methods.items()}

    def volatile(self, dotted: str) -> Volatile | None:
        """The source of change behind a name (`uuid.uuid4`, `time.time`); None if it isn't one."""
        return self._volatile.get(_bare(dotted))

    def precision(self, strftime: str) -> Every:
        """How often text of this format changes: call, day (or less), process where it has no directive."""
        letters = set(_DIRECTIVE.findall(strftime)) - {"%", "n", "t"}
        if not letters:
            return "process"
        return "call" if letters & set(self.data.coarsening.directives) else "day"

    def coarse_attribute(self, name: str) -> Every | None:
        """How often an attribute or method result of a clock value changes (`date`: day); None if it is no
        coarser.
        """
        return self.data.coarsening.attributes.get(name)

    def is_formatter(self, name: str) -> bool:
        """Whether a method of this name formats a clock value by a strftime format given first."""
        return name in self.data.coarsening.formatters

    def entry_point(self, dotted: str, how: str = "") -> EntryPoint | None:
        """Who runs the code that uses this name in one way (decorator, base, call, argument), or in any of them."""
        ways = (how,) if how else tuple(self._entry_points)
        name = _bare(dotted)
        found = (self._entry_points[way].get(name) for way in ways if way in self._entry_points)
        return next((entry for entry in found if entry is not None), None)

    def entry_point_by_shape(self, written: str) -> EntryPoint | None:
        """The same for a name whose origin is not known, from its text (`app.route`, `bot.command`)."""
        return self._entry_shapes.get(written)

    @cached_property
    def packages(self) -> frozenset[str]:
        """The first names of packages that programs start with, jobs and servers alike."""
        entries = (entry for entry in self.data.entry_points if entry.how != "terminal" and entry.role != "test")
        return frozenset(entry.name.split(".")[0] for entry in entries) - _EVERYWHERE

    @cached_property
    def interactive(self) -> frozenset[str]:
        """The first names of packages that are there to ask somebody at a terminal, and for nothing else."""
        asking = {entry.name.split(".")[0] for entry in self.data.entry_points if entry.how == "terminal"}
        others = {entry.name.split(".")[0] for entry in self.data.entry_points if entry.role == "offline"}
        return frozenset(asking - others) - _EVERYWHERE

    @cached_property
    def serving(self) -> frozenset[str]:
        """Packages that serve requests or messages, and do little else."""
        return frozenset(self.data.servers)

    @cached_property
    def starting(self) -> frozenset[str]:
        """The last names of calls that show that a program starts, or ask somebody."""
        names = (entry.name for entry in self.data.entry_points if entry.how in {"call", "terminal"})
        return frozenset(name.split(".")[-1] for name in names)

    def path_words(self, meaning: str) -> PathWords:
        """Words of file paths that mean test, evaluation, script, example or online; empty if unknown."""
        return self.data.paths.get(meaning, PathWords())

    def function(self, table: str, dotted: str) -> Function | None:
        """The entry for a function in one of the tables; ecosystem/functions.yaml says what they are.

        Tables: environment, concurrency, calls_argument, retry, iterator, reader, parser, schema_parser,
        schema_class, sleep, double, serialiser, text, text_file, template, shuffle, configuration, derived.
        """
        entries = self._tables.get(table)
        return entries.get(_bare(dotted)) if entries else None

    def method(self, table: str, name: str) -> Function | None:
        """The same for a bare method name on a receiver of unknown type (`iterrows`, `map`, `submit`)."""
        return self._methods.get(table, {}).get(name)

    @cached_property
    def _volatile(self) -> NameTable[Volatile]:
        return NameTable((entry.name, entry) for entry in self.data.volatile)

    @cached_property
    def _entry_points(self) -> Mapping[str, NameTable[EntryPoint]]:
        entries = self.data.entry_points
        return {
            way: NameTable((entry.name, entry) for entry in entries if entry.how == way)
            for way in ("decorator", "base", "argument", "call", "terminal")
        }

    @cached_property
    def _entry_shapes(self) -> TailTable[EntryPoint]:
        return TailTable((entry.name, entry) for entry in self.data.entry_shapes)


def _bare(dotted: str) -> str:
    return dotted.removeprefix("builtins.")
