"""The form of ecosystem/*.yaml, and its way into `EcosystemData`: what is known about Python outside the providers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from llmlint.catalog.ecosystem import Coarsening, EcosystemData, PathWords
from llmlint.catalog.entries import Deployment, EntryPoint, Function, Volatile
from llmlint.catalog.provider_schema import Date, DottedPattern, Section

Every = Literal["call", "day", "process"]
Change = Literal["clock", "random", "identifier", "request", "environment", "unordered"]
Table = Literal[
    "environment", "concurrency", "calls_argument", "iterator", "reader", "parser", "schema_parser", "sleep",
    "double", "retry", "serialiser", "text", "text_file", "template", "shuffle", "schema_class", "configuration",
    "derived",
]  # fmt: skip
Meaning = Literal["test", "evaluation", "script", "example", "online"]
Tail = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$")]


class CoarseningSection(Section):
    """How a clock value loses precision."""

    directives: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z]$")]]
    """strftime letters that change within a day."""
    attributes: dict[str, Every]
    """What is read from a date or time, and how often that changes."""
    formatters: list[str]
    """Methods whose first argument is a strftime format."""


class EntrySection(Section):
    """Names that show who runs the code, for one reason."""

    names: list[DottedPattern] = Field(min_length=1)
    role: Literal["online", "offline", "test"]
    how: Literal["decorator", "base", "call", "argument", "terminal"]
    what: str
    """Finishes the sentence "here ..."; shown as evidence."""


class ShapeSection(EntrySection):
    """The same by text as written, where the origin of the receiver is not known: `app.route`."""

    names: list[Tail] = Field(min_length=1)


class DeploymentSection(Section):
    """Files outside of Python that name what is started: a module, a script, a function in a module."""

    files: list[Annotated[str, StringConstraints(pattern=r"^[\w.-]+$")]] = Field(min_length=1)
    """Names of files, in the folder of what they start or above it."""
    after: list[str] = Field(min_length=1)
    """What stands before the reference, on the same line."""
    role: Literal["online", "offline"]
    what: str
    dotted: bool = False
    """Whether the last part of a dotted name is a function: `app.handler`."""


class PathSection(Section):
    """Words in file paths that have one meaning."""

    folders: list[str] = Field(default_factory=list)
    """Globs of folder names."""
    files: list[str] = Field(default_factory=list)
    """Globs of file names."""
    words: list[str] = Field(default_factory=list)
    """Whole words of file, function and class names."""
    unless: list[str] = Field(default_factory=list)
    """Words that give another meaning to one of `words` that stands next to them in a function's name."""


class FunctionSection(Section):
    """Functions of one table that are alike."""

    names: list[DottedPattern] = Field(min_length=1)
    kind: str
    positions: list[int] = Field(default_factory=list)
    """Which positional arguments are meant; -1 for all."""
    keywords: list[str] = Field(default_factory=list)


class EcosystemFile(Section):
    """One file of knowledge about the Python world; all files add up."""

    as_of: Date
    volatile: dict[Change, dict[Every, list[DottedPattern]]] = Field(default_factory=dict)
    """Sources of change: kind, then how often they change, then names."""
    formatted: dict[DottedPattern, int] = Field(default_factory=dict)
    """Of those, functions that take a strftime format, and its position."""
    coarsening: CoarseningSection | None = None
    entry_points: list[EntrySection] = Field(default_factory=list)
    entry_shapes: list[ShapeSection] = Field(default_factory=list)
    deployments: list[DeploymentSection] = Field(default_factory=list)
    servers: list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]*$")]] = Field(default_factory=list)
    """Distributions and packages (lower case) that make what requires them a program that serves, not a library."""
    paths: dict[Meaning, PathSection] = Field(default_factory=dict)
    functions: dict[Table, list[FunctionSection]] = Field(default_factory=dict)
    methods: dict[Table, list[FunctionSection]] = Field(default_factory=dict)
    """Bare method names on receivers of unknown type."""


def build_ecosystem(files: Sequence[EcosystemFile]) -> EcosystemData:
    """All files together. Where two say something about the same name, the later one counts."""
    coarsening = next((file.coarsening for file in files if file.coarsening), None)
    return EcosystemData(
        volatile=tuple(entry for file in files for entry in _volatile(file)),
        coarsening=Coarsening(
            directives=tuple(coarsening.directives),
            attributes=dict(coarsening.attributes),
            formatters=tuple(coarsening.formatters),
        )
        if coarsening
        else Coarsening(),
        entry_points=tuple(entry for file in files for entry in _entries(file.entry_points)),
        entry_shapes=tuple(entry for file in files for entry in _entries(file.entry_shapes)),
        deployments=tuple(_deployment(section) for file in files for section in file.deployments),
        servers=tuple(name for file in files for name in file.servers),
        paths={meaning: _words(section) for file in files for meaning, section in file.paths.items()},
        functions=_tables(file.functions for file in files),
        methods=_tables(file.methods for file in files),
    )


def _volatile(file: EcosystemFile) -> Iterator[Volatile]:
    for kind, by_rate in file.volatile.items():
        for every, names in by_rate.items():
            for name in names:
                yield Volatile(name=name, kind=kind, every=every, format_argument=file.formatted.get(name))


def _entries(sections: Sequence[EntrySection]) -> Iterator[EntryPoint]:
    for section in sections:
        for name in section.names:
            yield EntryPoint(name=name, role=section.role, how=section.how, what=section.what)


def _deployment(section: DeploymentSection) -> Deployment:
    return Deployment(
        files=tuple(section.files),
        after=tuple(section.after),
        role=section.role,
        what=section.what,
        dotted=section.dotted,
    )


def _words(section: PathSection) -> PathWords:
    return PathWords(
        folders=tuple(section.folders),
        files=tuple(section.files),
        words=tuple(section.words),
        unless=tuple(section.unless),
    )


def _tables(files: Iterable[dict[Table, list[FunctionSection]]]) -> dict[str, tuple[Function, ...]]:
    tables: dict[str, tuple[Function, ...]] = {}
    for tables_of_file in files:
        for table, sections in tables_of_file.items():
            tables[table] = tables.get(table, ()) + tuple(entry for s in sections for entry in _functions(s))
    return tables


def _functions(section: FunctionSection) -> Iterator[Function]:
    for name in section.names:
        yield Function(
            name=name, kind=section.kind, positions=tuple(section.positions), keywords=tuple(section.keywords)
        )
