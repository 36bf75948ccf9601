"""Paths and files of the project as values: prompt and settings files read through a path that is known."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING

import msgspec

from llmlint.errors import ProblemsError
from llmlint.facts.call_site import Location, Step
from llmlint.linking.evaluation import environment, parameters
from llmlint.linking.evaluation.values import (
    Constant,
    Entries,
    FilePath,
    Invocation,
    Items,
    OpenFile,
    Value,
    options,
    via,
)

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

ITEM_LIMIT = 2_000
DEPTH_LIMIT = 20


def is_path(value: Value) -> bool:
    return isinstance(value, FilePath | OpenFile)


def joined(base: Value, *parts: Value) -> Value | None:
    """`base / part ...` where all of it is known and stays inside the project."""
    path = base.path if isinstance(base, FilePath) else base.value if isinstance(base, Constant) else None
    for part in parts:
        name = part.value if isinstance(part, Constant) else None
        if not isinstance(path, str) or not isinstance(name, str) or name.startswith("/"):
            return None
        path = posixpath.normpath(posixpath.join(path, name))
    return FilePath(path, trail=base.trail) if isinstance(path, str) and not path.startswith("..") else None


def attribute(path: FilePath, name: str) -> Value | None:
    """`path.parent`, `path.name`, `path.stem`."""
    if name == "parent":
        return FilePath(posixpath.dirname(path.path))
    if name in {"name", "stem"}:
        base = posixpath.basename(path.path)
        return Constant(base if name == "name" else posixpath.splitext(base)[0])
    return None


def method(resolver: Resolver, owner: Value, name: str, invocation: Invocation) -> Value:
    """A method of a path or of an open file."""
    if isinstance(owner, FilePath):
        if name in {"resolve", "absolute", "expanduser"}:
            return owner
        if name == "joinpath":
            parts = [argument.value(resolver) for argument in parameters.given(invocation)]
            return joined(owner, *parts) or parameters.unfollowed(invocation)
        if name == "open":
            return OpenFile(owner.path)
    if name in {"read_text", "read"} and isinstance(owner, FilePath | OpenFile):
        return content(resolver, owner.path, invocation)
    return parameters.unfollowed(invocation)


def call(resolver: Resolver, name: str, invocation: Invocation) -> Value | None:
    """A call of the standard library that makes a path, opens a file or parses one; None for all others."""
    if name not in _PATH_CALLS and name not in _PARSERS:
        return None
    given = [a.value(resolver) for a in parameters.given(invocation) if a.argument.keyword is None]
    if not given:
        return None
    if name in _PARSERS:
        return parsed(resolver, name, given[0], invocation)
    kind = _PATH_CALLS[name]
    if kind == "join":
        return joined(given[0], *given[1:])
    first = given[0]
    if kind == "dirname":
        return FilePath(posixpath.dirname(first.path)) if isinstance(first, FilePath) else None
    if kind == "same":
        return first if isinstance(first, FilePath) else None
    path = joined(first, *(given[1:] if kind == "path" else ()))
    if isinstance(path, FilePath):
        return OpenFile(path.path) if kind == "open" else path
    return None


_PATH_CALLS = {
    "pathlib.Path": "path",
    "pathlib.PurePath": "path",
    "os.path.join": "join",
    "os.path.dirname": "dirname",
    "os.path.abspath": "same",
    "os.path.realpath": "same",
    "builtins.open": "open",
    "io.open": "open",
}
_PARSERS = frozenset(
    {f"{library}.{method}" for library in ("json", "tomllib", "tomli", "toml") for method in ("load", "loads")}
    | {"orjson.loads", "yaml.safe_load", "yaml.full_load", "yaml.load", "dotenv.dotenv_values"}
)


def content(resolver: Resolver, path: str, invocation: Invocation) -> Value:
    """The text of a project file, looked for beside the module that reads it and from the project's root."""
    found = _read(resolver, path, invocation)
    if found is None:
        return parameters.unfollowed(invocation)
    where, text = found
    return via(Constant(text), Step(Location(where, 1), "the file is read"))


def _read(resolver: Resolver, path: str, invocation: Invocation) -> tuple[str, str] | None:
    folder = posixpath.dirname(invocation.at.module.path)
    for candidate in dict.fromkeys((path, posixpath.normpath(posixpath.join(folder, path)))):
        text = resolver.project.text(candidate) if not candidate.startswith("..") else None
        if text is not None:
            return candidate, text
    return None


def parsed(resolver: Resolver, name: str, value: Value, invocation: Invocation) -> Value | None:
    """What JSON, YAML or TOML text of the project holds; None where the text isn't known."""
    if len(options(value)) != 1:
        return None
    if name.startswith("dotenv.") and isinstance(path := joined(value), FilePath):
        value = OpenFile(path.path)
    if isinstance(value, OpenFile):
        value = content(resolver, value.path, invocation)
    if not (isinstance(value, Constant) and isinstance(value.value, str)):
        return None
    if name.startswith("dotenv."):
        return environment.entries(value.value, value)
    try:
        data = _decode(name, value.value)
    except (ValueError, RecursionError, msgspec.DecodeError, ProblemsError):
        return None
    return from_data(data, value)


def _decode(name: str, text: str) -> object:
    if name.startswith(("json", "orjson")):
        return json.loads(text)
    if name.startswith("yaml"):
        from llmlint.yamlfile import load  # noqa: PLC0415 - only where a scanned program reads YAML

        return load(text.encode(), "").values
    return msgspec.toml.decode(text)


def from_data(data: object, origin: Value, depth: int = 0) -> Value:
    """Plain data as values, with the trail of the text they came from."""
    if isinstance(data, dict) and depth < DEPTH_LIMIT:
        pairs = list(data.items())[:ITEM_LIMIT]
        return Entries(tuple((Constant(str(key)), from_data(item, origin, depth + 1)) for key, item in pairs))
    if isinstance(data, list) and depth < DEPTH_LIMIT:
        return Items("list", tuple(from_data(item, origin, depth + 1) for item in data[:ITEM_LIMIT]))
    if data is None or isinstance(data, str | int | float | bool):
        return Constant(data, trail=origin.trail)
    return Constant(str(data), trail=origin.trail)
