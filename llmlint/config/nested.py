"""Settings of a project come in; those of the folders below it, each for its own files, are added."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from llmlint.config.merging import merged_demands
from llmlint.config.settings import Selection, Settings
from llmlint.config.toml import MAX_BYTES
from llmlint.errors import Problem, ProblemsError
from llmlint.triage import Place
from llmlint.triage.demands import demands_at

_OF_THE_PROJECT = ("models", "deployments", "cost", "assume", "fail-on", "baseline")
"""Keys that can't differ from folder to folder of one run."""

Read = Callable[[str], Settings | None]
"""The settings of a folder of the project; None where its file says nothing to llmlint."""


def with_nested(settings: Settings, folders: Sequence[str], read: Read) -> Settings:
    """Adds the settings of folders (relative, `/`), outer ones first: the nearest file decides, and what is further out
    only where it says `inherit`. Raises `ProblemsError` with the mistakes of all of them.
    """
    problems: list[Problem] = []
    for folder in sorted(folders):
        try:
            inner = read(folder)
            if inner is not None:
                problems += _misplaced(inner)
                settings = _added(settings, inner, folder)
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return settings


def _misplaced(inner: Settings) -> list[Problem]:
    """What a part of a project can't say for itself. A project of its own may: it counts when llmlint runs there."""
    if not inner.inherit or inner.document is None:
        return []
    hint = "move it there, or remove `inherit`"
    return [
        inner.document.problem((key,), f"`{key}` belongs into the settings of the whole project", hint)
        for key in _OF_THE_PROJECT
        if key in inner.stated
    ]


def _added(outer: Settings, inner: Settings, folder: str) -> Settings:
    reset = () if inner.inherit else (Selection(folder=folder, reset=True, document=inner.document),)
    selections = (replace(each, folder=folder) for each in inner.selections)
    places = (Place("", outer.demands), *outer.demands_in)
    demands = merged_demands(demands_at(f"{folder}/", places), inner) if inner.inherit else inner.demands
    return replace(
        outer,
        selections=(*outer.selections, *reset, *selections),
        exclude=(*outer.exclude, *(_pattern(folder, each) for each in inner.exclude)),
        rules=(*outer.rules, *(each for each in inner.rules if each not in outer.rules)),
        providers=(*outer.providers, *_without_copies(inner.providers, outer.providers)),
        homes=(*outer.homes, *((each, folder) for each in inner.rules)),
        apart=outer.apart if inner.inherit else (*outer.apart, folder),
        demands_in=(*outer.demands_in, Place(folder, demands)),
        sources=(*outer.sources, *inner.sources),
    )


def _without_copies(files: Sequence[Path], others: Sequence[Path]) -> Iterator[Path]:
    """The files that are not the same as one of the others: projects in one repository may each have a copy."""
    known = {_contents(each) for each in others}
    yield from (each for each in files if _contents(each) not in known)


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_BYTES else os.fsencode(path)
    except OSError:  # told when it is read in earnest
        return os.fsencode(path)


def _pattern(folder: str, pattern: str) -> str:
    """A pattern of a folder as one of the project."""
    sign = "!" if pattern.startswith("!") else ""
    body = pattern.removeprefix("!")
    anchored = "/" in body.rstrip("/")
    return f"{sign}/{folder}/{body.lstrip('/')}" if anchored else f"{sign}/{folder}/**/{body}"
