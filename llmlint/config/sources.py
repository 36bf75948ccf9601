"""The name of something that settings extend comes in; the file or folder that is meant goes out, or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from llmlint.config.files import there
from llmlint.errors import suggest

OWN = "llmlint"
GROUP = "llmlint.rules"
"""The entry points by which installed packages offer rules and settings."""
SETS = Path(__file__).parent / "sets"
_FILE = "llmlint.toml"


class Source(NamedTuple):
    """`file` holds settings; without it all rules below `folder` are meant. Paths in it stay within `boundary`."""

    name: str
    folder: Path
    file: Path | None
    boundary: Path


class Mistake(NamedTuple):
    message: str
    hint: str


def located(name: str, folder: Path, boundary: Path) -> Source | Mistake:
    """A set that comes with llmlint (`llmlint:NAME`), a folder or file from `folder` on (with a slash or a dot), or an
    installed package (`NAME` or `NAME:SET`). No code of a package is run.
    """
    if not name or "\0" in name:
        return Mistake("a name is needed", "write e.g. `llmlint:recommended`")
    if name == OWN or name.startswith(f"{OWN}:"):
        return _packaged(name)
    if "/" in name or name.startswith("."):
        return _in_project(name, folder, boundary)
    return _installed(name)


def _packaged(name: str) -> Source | Mistake:
    known = [f"{OWN}:{path.stem}" for path in SETS.glob("*.toml")]
    if name not in known:
        return Mistake(f"there is no set `{name}`", suggest(name, known))
    return Source(name, SETS, SETS / f"{name.partition(':')[2]}.toml", SETS)


def _in_project(name: str, folder: Path, boundary: Path) -> Source | Mistake:
    path = folder / name
    if not there(path):
        return Mistake(f"`{name}` does not exist", f"it is looked for from {folder}")
    if not path.resolve().is_relative_to(boundary.resolve()):
        return Mistake(f"`{name}` is outside of the project", "copy it into the project, or install it as a package")
    if path.is_dir():
        file = path / _FILE
        return Source(name.rstrip("/"), path, file if file.is_file() else None, boundary)
    if path.suffix != ".toml":
        return Mistake(f"`{name}` is neither a folder nor a TOML file", "name rule files with `rules`")
    return Source(name, path.parent, path, boundary)


def _installed(name: str) -> Source | Mistake:
    package, _, chosen = name.partition(":")
    offers = dict(_offers())
    if package not in offers:
        where = f"packages offer rules by an entry point of the group `{GROUP}`; folders are written `./{name}`"
        hint = suggest(package, [*offers, *(f"{OWN}:{path.stem}" for path in SETS.glob("*.toml"))])
        return Mistake(f"no installed package offers rules as `{package}`", hint if hint.startswith("did") else where)
    folder = _folder(offers[package])
    if folder is None:
        return Mistake(f"the folder `{offers[package]}` of `{package}` is not found", "install the package anew")
    if chosen:
        file = folder / f"{chosen}.toml"
        sets = [path.stem for path in folder.glob("*.toml")]
        return (
            Source(name, folder, file, folder)
            if chosen in sets
            else Mistake(f"`{package}` has no set `{chosen}`", suggest(chosen, sets))
        )
    file = folder / _FILE
    return Source(name, folder, file if file.is_file() else None, folder)


def _offers() -> Iterator[tuple[str, str]]:
    """Name and dotted package of each offer; the first of a name counts, as on the path."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow, and seldom needed

    for offer in reversed(tuple(entry_points(group=GROUP))):
        yield offer.name, offer.value.partition(":")[0].strip()


def _folder(package: str) -> Path | None:
    """The folder of an installed package. Only its outermost part is looked up, as that imports nothing."""
    from importlib.util import find_spec  # noqa: PLC0415 - the same

    outermost, *inner = package.split(".")
    try:
        spec = find_spec(outermost)
    except (ImportError, ValueError):
        return None
    places = (Path(place, *inner) for place in (spec.submodule_search_locations or ()) if spec) if spec else ()
    return next((place for place in places if place.is_dir()), None)
