"""A class that describes an answer comes in; about the JSON schema that a library makes of it goes out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.facts.call_site import FactValue
from llmlint.linking.evaluation.classes import class_frame, fields, lineage
from llmlint.linking.evaluation.frames import At
from llmlint.linking.evaluation.members import is_enum
from llmlint.linking.evaluation.values import ClassValue
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import last_name

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

MOST_CLASSES = 40
MOST_FIELDS = 200
DEEPEST = 12
"""Types inside of types."""
_END = Use(0, float("inf"))
_PLAIN = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "dict": "object"}
_LISTS = frozenset({"list", "List", "Sequence", "set", "Set", "tuple", "Tuple", "Iterable"})
_UNIONS = frozenset({"Optional", "Union"})

Schema = dict[str, FactValue]


def schema_text(resolver: Resolver, cls: ClassValue) -> str:
    """The schema as a request carries it, as far as annotations tell: good enough to count its tokens by."""
    return json.dumps(schema_of(resolver, cls))


def schema_of(resolver: Resolver, cls: ClassValue) -> Schema:
    """The same as data."""
    return _Schemas(resolver).of_class(cls)


class _Schemas:
    """Describes each class once, as schemas do; later ones refer to it."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._described: set[tuple[str, int]] = set()

    def of_class(self, cls: ClassValue, depth: int = 0) -> Schema:
        name = cls.module.facts.scopes[cls.scope].name
        key = (cls.module.path, cls.scope)
        if key in self._described or len(self._described) >= MOST_CLASSES:
            return {"$ref": f"#/$defs/{name}"}
        self._described.add(key)
        if is_enum(self._resolver, cls):
            return {"enum": [*_members(cls)], "title": name, "type": "string"}
        properties: Schema = {}
        for owner in reversed(lineage(self._resolver, cls)[0]):
            properties |= self._properties(owner, depth)
        return {
            "properties": properties,
            "required": [*properties],
            "title": name,
            "type": "object",
            "additionalProperties": False,
        }

    def _properties(self, cls: ClassValue, depth: int) -> Schema:
        at = At(class_frame(self._resolver, cls), cls.scope, _END)
        found: Schema = {}
        for event in fields(cls)[:MOST_FIELDS]:
            if isinstance(event.target, syntax.Name) and event.annotation is not None:
                name = event.target.name
                said = _description(event.value)
                described: Schema = {"description": said} if said else {}
                of_type = self._of_type(event.annotation, at, depth + 1)
                found[name] = {**of_type, "title": name.replace("_", " ").title(), **described}
        return found

    def _of_type(self, annotation: syntax.Expression, at: At, depth: int) -> Schema:
        if depth > DEEPEST:
            return {}
        match annotation:
            case syntax.Constant(value=None):
                return {"type": "null"}
            case syntax.BinaryOperation(operator="|", left=left, right=right):
                return {"anyOf": [self._of_type(each, at, depth + 1) for each in (left, right)]}
            case syntax.Subscript(value=value, index=index):
                inner = index.items if isinstance(index, syntax.Sequence) else (index,)
                return self._of_generic(last_name(value), inner, at, depth)
            case syntax.Name(name=name) if name in _PLAIN:
                return {"type": _PLAIN[name]}
            case syntax.Name(name=name) if name in _LISTS:
                return {"items": {}, "type": "array"}
            case _:
                cls = self._resolver.evaluate(annotation, at)
                return self.of_class(cls, depth) if isinstance(cls, ClassValue) else {"type": "string"}

    def _of_generic(self, name: str, inner: Sequence[syntax.Expression], at: At, depth: int) -> Schema:
        if name == "Literal":
            words: list[FactValue] = [each.value for each in inner if isinstance(each, syntax.Constant)]
            return {"enum": words, "type": "string"}
        if name not in _LISTS | _UNIONS | {"Annotated"}:
            return {"type": "object"}
        found = [self._of_type(each, at, depth + 1) for each in inner[: 1 if name not in _UNIONS else 8]]
        if name == "Annotated" and found:
            said = next(filter(None, map(_remark, inner[1:])), "")
            return {**found[0], "description": said} if said else found[0]
        if name in _LISTS:
            return {"items": found[0] if found else {}, "type": "array"}
        if name in _UNIONS:
            nothing: list[Schema] = [{"type": "null"}] if name == "Optional" else []
            return {"anyOf": [*found, *nothing]}
        return found[0] if found else {}


def _members(cls: ClassValue) -> Iterator[FactValue]:
    for event in cls.module.facts.scopes[cls.scope].events[:MOST_FIELDS]:
        value = event.value
        if (
            isinstance(event.target, syntax.Name)
            and isinstance(value, syntax.Constant)
            and isinstance(value.value, str)
        ):
            yield value.value


def _remark(beside: syntax.Expression) -> str:
    """What stands beside a type in `Annotated`: a plain description, or a `Field`."""
    if isinstance(beside, syntax.Constant) and isinstance(beside.value, str):
        return beside.value
    return _description(beside)


def _description(value: syntax.Expression | None) -> str:
    """What `Field(description="...")` says."""
    if not isinstance(value, syntax.Call):
        return ""
    given = (argument.value for argument in value.arguments if argument.keyword == "description")
    texts = (each.value for each in given if isinstance(each, syntax.Constant))
    return next((text for text in texts if isinstance(text, str)), "")
