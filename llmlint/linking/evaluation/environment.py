"""Environment variables as values: what the settings assume, a file of the project sets, the default, or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from llmlint.facts.call_site import Location, Step
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import Constant, Entries, Made, Unknown, Value, choice, via

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

FILE = ".env"
_LOADERS = ("load_dotenv", "env_file")
"""Names of what reads the file into the environment."""


def variable(resolver: Resolver, name: Value, default: Value | None = None) -> Value:
    """A value read from the environment: that of the project's file, its default, or whatever is set when it runs."""
    wanted = str(name.value) if isinstance(name, Constant) else ""
    assumed = resolver.assumed.variable(wanted)
    if assumed is not None:
        return assumed
    without = "" if default is not None else " without a default"
    read = Unknown(f"`{wanted or 'a variable'}` is read from the environment{without}", "environment", wanted)
    filed = _filed(resolver, wanted)
    if filed is not None:
        return choice((filed, read))
    if default is None or (isinstance(default, Constant) and default.value is None):
        return read
    return choice((default, read))


def has_sections(resolver: Resolver, owner: Value) -> bool:
    """Whether a value is a configuration file whose `get` takes a section and an option, not a key and a default."""
    name = dotted_name(owner.function) if isinstance(owner, Made) else None
    return name is not None and resolver.catalog.ecosystem.function("configuration", name) is not None


def option_in_file(given: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    """What `get(section, option, fallback=...)` of a configuration file gives."""
    option = given[1] if len(given) > 1 else keywords.get("option")
    name = str(option.value) if isinstance(option, Constant) else "an option"
    read = Unknown(f"`{name}` is read from a configuration file", "environment", name)
    return choice((keywords["fallback"], read)) if "fallback" in keywords else read


def _filed(resolver: Resolver, name: str) -> Value | None:
    """What the file at the project's root sets, where some code loads it."""
    text = resolver.project.text(FILE) if name else None
    if text is None or not any(resolver.project.containing(loader) for loader in _LOADERS):
        return None
    value = parsed(text).get(name)
    return via(Constant(value), Step(Location(FILE, 1), f"`{name}` is set")) if value else None


def parsed(text: str) -> dict[str, str]:
    """The variables that a file of the form `NAME=value` sets. Nothing is taken from the real environment."""
    from io import StringIO  # noqa: PLC0415 - only where a scanned program has such a file

    from dotenv import dotenv_values  # noqa: PLC0415 - the same

    return {key: value for key, value in dotenv_values(stream=StringIO(text), interpolate=False).items() if value}


def entries(text: str, origin: Value) -> Entries:
    """The same as a mapping, with the trail of the text they came from."""
    pairs = ((Constant(key), Constant(value, trail=origin.trail)) for key, value in parsed(text).items())
    return Entries(tuple(pairs))
