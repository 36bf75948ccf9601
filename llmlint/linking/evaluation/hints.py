"""What annotations say: instances of classes, and which client a value must be that could be many things."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from llmlint.catalog.entries import Client
from llmlint.facts import syntax
from llmlint.facts.call_site import Step
from llmlint.linking.evaluation.frames import At
from llmlint.linking.evaluation.values import (
    ClassValue,
    Element,
    External,
    Instance,
    Made,
    Unknown,
    Value,
    choice,
    options,
    via,
)
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_SIMPLE_TYPES = frozenset(
    {"str", "int", "float", "bool", "list", "dict", "tuple", "set", "object", "bytes", "type", "None", "Any"}
)


def as_annotated(resolver: Resolver, value: Value, annotation: syntax.Expression, at: At) -> Value:
    """The value of a name or attribute that is declared to be a client: other vendors' clients are ruled out, and where
    one of several isn't followed, all that is known is the class.
    """
    if not isinstance(value, Unknown | Element) and len(options(value)) == 1:
        return value
    declared = instance_of(resolver, annotation, at)
    client = _client_class(resolver, declared) if declared is not None else None
    if declared is None or client is None:
        return value
    classes = [(one, _client_class(resolver, one)) for one in options(value)]
    kept = [one for one, its in classes if its is not None and (its.host != "other" or client.host == "other")]
    followed = all(its is not None for _, its in classes)
    return choice(kept) if kept and followed else declared


def _client_class(resolver: Resolver, value: Value) -> Client | None:
    if isinstance(value, Made) and isinstance(value.function, External):
        return resolver.catalog.client(value.function.name)
    return None


def instance_of(resolver: Resolver, annotation: syntax.Expression, at: At, step: Step | None = None) -> Value | None:
    """What an annotation says: an instance of a class, through `Optional`, unions, `Annotated` and strings.

    `type[...]` is the class itself.
    """
    found: list[Value] = []
    for part in _alternatives(annotation):
        value = resolver.evaluate(part.index if isinstance(part, syntax.Subscript) else part, at)
        match value:
            case External(name=name) if isinstance(part, syntax.Subscript):
                found.append(value if "." in name and not name.startswith(("builtins.", "typing.")) else Unknown(""))
            case _ if isinstance(part, syntax.Subscript):
                pass  # a class of the project: which subclass it is isn't said
            case ClassValue():
                found.append(Instance(value))
            case External(name=name) if name.rsplit(".", 1)[-1] not in _SIMPLE_TYPES and "." in name:
                found.append(Made(value) if not name.startswith(("builtins.", "typing.")) else Unknown(""))
            case _:
                pass
    found = [value for value in found if not isinstance(value, Unknown)]
    if not found:
        return None
    result = choice(found)
    return via(result, step) if step is not None else result


def _alternatives(annotation: syntax.Expression) -> list[syntax.Expression]:
    match annotation:
        case syntax.BinaryOperation(operator="|", left=left, right=right):
            return _alternatives(left) + _alternatives(right)
        case syntax.Subscript(value=value, index=index) if source(value).rsplit(".", 1)[-1] in {
            "Optional",
            "Union",
            "Annotated",
            "Final",
            "ClassVar",
            "Required",
            "NotRequired",
        }:
            inner = index.items if isinstance(index, syntax.Sequence) else (index,)
            kept = inner[:1] if source(value).endswith("Annotated") else inner
            return [part for item in kept for part in _alternatives(item)]
        case syntax.Subscript(value=value) if source(value).rsplit(".", 1)[-1] in {"Type", "type"}:
            return [annotation]
        case syntax.Subscript(value=value):
            return _alternatives(value)
        case syntax.Constant(value=str(text)):
            return _from_text(text)
        case _:
            return [annotation]


@cache
def _from_text(text: str) -> list[syntax.Expression]:
    """A quoted annotation, where it is only dotted names joined by `|` or inside `Optional[...]`.

    Kept, since what is known about expressions is remembered by their identity.
    """
    plain = text.strip().removeprefix("Optional[").removesuffix("]")
    found: list[syntax.Expression] = []
    for part in plain.split("|"):
        names = part.strip().split(".")
        if all(name.isidentifier() for name in names):
            expression: syntax.Expression = syntax.Name(names[0])
            for name in names[1:]:
                expression = syntax.Attribute(expression, name)
            found.append(expression)
    return found
