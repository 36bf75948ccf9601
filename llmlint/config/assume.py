"""The table `assume` of the settings comes in, checked assumptions with their places go out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llmlint.catalog.assumptions import Assumption, Assumptions, Plain
from llmlint.document import Document, Path, Value
from llmlint.errors import Problem, suggest
from llmlint.facts.call_site import Location

ONE_OF = "one-of"
_MISSPELT = ("one_of", "oneof", "one of", "any-of", "any_of")
_DEEPEST = 12
"""Parts of a name; a table within tables is read as one name with dots."""
_LONGEST = 1_000
"""Characters of a text, and items of a list."""


def assumptions_from(document: Document, problems: list[Problem]) -> Assumptions:
    """What a document declares; mistakes are added to `problems` at their places.

    A name with dots may be quoted or not: TOML reads the latter as tables within tables, which mean the same here.
    """
    return Assumptions(
        environment=_table(document.under("environment"), problems, dotted=False),
        values=_table(document.under("values"), problems, dotted=True),
        returns=_table(document.under("returns"), problems, dotted=True),
    )


def _table(document: Document, problems: list[Problem], *, dotted: bool) -> Mapping[str, Assumption]:
    found: dict[str, Assumption] = {}
    for path, value in _leaves(document.values, ()) if isinstance(document.values, dict) else ():
        name = ".".join(str(part) for part in path)
        wrong = _wrong_name(name, path, dotted=dotted) or _wrong_value(value, path)
        if wrong is None and name in found:
            wrong = f"`{name}` is assumed twice", "once with quotes, once without: keep one"
        if wrong is not None:
            problems.append(document.problem(path, *wrong))
            continue
        options = value[ONE_OF] if isinstance(value, dict) else [value]
        place = Location(document.name, *document.place(path))
        found[name] = Assumption(name, tuple(map(_plain, options if isinstance(options, list) else [])), place)
    return found


def _leaves(value: Value, path: Path) -> Iterator[tuple[Path, Value]]:
    """Every value with the way to it; `{ one-of = ... }` is a value."""
    if isinstance(value, dict) and not (path and ONE_OF in value) and len(path) < _DEEPEST:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    else:
        yield path, value


def _wrong_name(name: str, path: Path, *, dotted: bool) -> tuple[str, str] | None:
    if not dotted and (len(path) > 1 or not name or "=" in name):
        return f"`{name}` is no name of an environment variable", "write NAME = value"
    if path[-1] in _MISSPELT:
        return f"unknown key `{path[-1]}`", f"did you mean `{ONE_OF}`?"
    parts = name.split(".")
    if dotted and (len(parts) < 2 or not all(part.isidentifier() for part in parts)):
        return f"`{name}` is no dotted name", "write it as an import spells it, e.g. `app.settings.MODEL`"
    return None


def _wrong_value(value: Value, path: Path) -> tuple[str, str] | None:
    if isinstance(value, dict):
        if ONE_OF not in value:
            return f"`{path[-1]}` has too many parts", f"a name has at most {_DEEPEST}"
        extra = next((key for key in value if key != ONE_OF), None)
        if extra is not None:
            return f"unknown key `{extra}` in `{path[-1]}`", suggest(extra, [ONE_OF])
        options = value[ONE_OF]
        if not isinstance(options, list) or not options:
            return f"`{ONE_OF}` must be a list with at least one value", ""
        return next((wrong for option in options if (wrong := _wrong_value(option, path)) is not None), None)
    items = value if isinstance(value, list) else [value]
    if any(isinstance(item, dict | list) or item is None for item in items):
        return f"`{path[-1]}` can't hold that", "allowed: text, numbers, true, false, or a list of them"
    if len(items) > _LONGEST or any(isinstance(item, str) and len(item) > _LONGEST for item in items):
        return f"`{path[-1]}` is too long", f"at most {_LONGEST:,} characters or items"
    return None


def _plain(value: Value) -> Plain:
    """A value that was found to be right."""
    if isinstance(value, list):
        return tuple(_plain(item) for item in value)
    assert not isinstance(value, dict) and value is not None
    return value
