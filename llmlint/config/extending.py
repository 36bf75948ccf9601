"""A document of settings comes in; its settings on top of all that it extends go out."""

from __future__ import annotations

from pathlib import Path

from llmlint.config.files import read_file
from llmlint.config.form import settings_from
from llmlint.config.merging import merged
from llmlint.config.settings import Settings
from llmlint.config.sources import Mistake, Source, located
from llmlint.config.toml import parse_toml
from llmlint.document import Document
from llmlint.errors import Problem, ProblemsError

_DEEPEST = 8
_OF_THE_PROJECT = ("baseline", "inherit")
"""Keys that say nothing in settings that others extend."""


def extended(document: Document, folder: Path, boundary: Path) -> Settings:
    """The settings of a project. Paths in the document are relative to `folder` and lie within `boundary`.

    Raises `ProblemsError` with the mistakes of all documents.
    """
    return _extended(document, Source(document.name, folder, None, boundary), (), ())


def _extended(document: Document, source: Source, lineage: tuple[int, ...], chain: tuple[Path, ...]) -> Settings:
    problems: list[Problem] = []
    own = Settings()
    try:
        own = settings_from(document, source.folder, source.boundary, lineage)
    except ProblemsError as error:
        problems += error.problems
    for key in _OF_THE_PROJECT if lineage else ():
        if key in own.stated:
            hint = "put it into the project's settings"
            problems.append(document.problem((key,), f"`{key}` can't be extended", hint))
    layers: list[Settings] = []
    for index, name in enumerate(own.extends):
        try:
            layers.append(_layer(name, document, source, (*lineage, index), chain))
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return merged(layers, own)


def _layer(
    name: str, document: Document, source: Source, lineage: tuple[int, ...], chain: tuple[Path, ...]
) -> Settings:
    found = located(name, source.folder, source.boundary)
    path = ("extends", lineage[-1])
    if isinstance(found, Mistake):
        raise ProblemsError([document.problem(path, found.message, found.hint)])
    identity = (found.file or found.folder).resolve()
    if identity in chain or len(chain) >= _DEEPEST:
        raise ProblemsError([document.problem(path, f"`{name}` extends itself, or too much", "remove it here")])
    return _extended(_document(found), found, lineage, (*chain, identity))


def _document(source: Source) -> Document:
    """What is extended as a document; a folder without settings is one that names its rules."""
    if source.file is None:
        return Document(source.name, {"rules": ["."]}, {}, {})
    shown = source.name if source.name.endswith(".toml") or ":" in source.name else f"{source.name}/{source.file.name}"
    document = parse_toml(read_file(source.file, shown), shown)
    return Document(document.name, document.values or {}, document.keys, document.contents)
