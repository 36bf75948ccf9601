"""The shape of an answer comes in; a class or a JSON schema for it goes out, as code."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Collection, Iterator
from typing import Any

from llmlint.fixes.shapes import Shape

_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
_RESERVED = frozenset({"copy", "dict", "json", "schema", "construct", "validate", "fields"})
GUESSED = "# a guess: nothing shows its type"


def camel(name: str) -> str:
    """`extract_invoice` as the name of a class."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", name) if word)


def fresh(name: str, taken: Collection[str]) -> str:
    """The name, with a number where it is taken."""
    return next(each for each in (name, *(f"{name}{number}" for number in range(2, 1000))) if each not in taken)


def can_be_fields(shape: Shape) -> bool:
    """Whether all keys can be names of fields of a class."""
    return all(
        key.isidentifier()
        and not keyword.iskeyword(key)
        and key not in _RESERVED
        and not key.startswith(("_", "model_"))
        for key in shape.all_keys()
    )


def classes(name: str, shape: Shape, base: str, taken: Collection[str]) -> str:
    """Classes with the keys as fields; those of nested objects come first."""
    done: list[str] = []
    _class(name, shape, base, {*taken, name}, done)
    return "\n\n\n".join(done) + "\n"


def _class(name: str, shape: Shape, base: str, taken: set[str], done: list[str]) -> None:
    lines = [f"class {name}({base}):"]
    for key, value in shape.fields.items():
        written = _annotation(key, value, base, taken, done)
        lines.append(f"    {key}: {written}" + ("" if value.certain else f"  {GUESSED}"))
    done.append("\n".join(lines))


def _annotation(key: str, shape: Shape, base: str, taken: set[str], done: list[str]) -> str:
    if shape.fields:
        name = fresh(camel(key), taken)
        taken.add(name)
        _class(name, shape, base, taken, done)
        written = name
    elif shape.item is not None:
        singular = key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith("ss") else f"{key}_item"
        written = f"list[{_annotation(singular, shape.item, base, taken, done)}]"
    else:
        written = shape.scalar or "str"
    return f"{written} | None" if shape.optional else written


def json_schema(shape: Shape) -> dict[str, Any]:
    """A JSON schema as strict mode wants it: every property required, no others allowed."""
    if shape.fields:
        properties = {key: json_schema(value) for key, value in shape.fields.items()}
        found: dict[str, Any] = {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    elif shape.item is not None:
        found = {"type": "array", "items": json_schema(shape.item)}
    else:
        found = {"type": _TYPES[shape.scalar or "str"]}
    if shape.optional:
        return (
            {"anyOf": [found, {"type": "null"}]}
            if "properties" in found
            else {**found, "type": [found["type"], "null"]}
        )
    return found


def constant(name: str, template: str, called: str, shape: Shape) -> str:
    """A constant that holds the schema: the template with its name and the schema filled in."""
    whole = json.loads(template.replace("$name", json.dumps(called)).replace("$schema", json.dumps(json_schema(shape))))
    return f"{name} = {''.join(_written(whole, 0))}\n"


WIDTH = 88


def _written(value: object, depth: int) -> Iterator[str]:
    """A literal; what doesn't fit on a line is broken up."""
    flat = _flat(value)
    if not isinstance(value, dict | list) or len(flat) + 4 * depth <= WIDTH - 20:
        yield flat
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    inner = "    " * (depth + 1)
    yield f"{opening}\n"
    pairs = value.items() if isinstance(value, dict) else ((None, one) for one in value)
    for key, one in pairs:
        yield inner + (f"{json.dumps(key)}: " if key is not None else "")
        yield from _written(one, depth + 1)
        yield ",\n"
    yield "    " * depth + closing


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_flat(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return repr(value) if isinstance(value, bool) or value is None else json.dumps(value, ensure_ascii=False)
