"""An answer on its way into something and out again (a dictionary, a tuple, a list, an object, a parameter), and the
constants that a collection holds which it is looked up in."""

from __future__ import annotations

from dataclasses import replace

from llmlint.facts import syntax
from llmlint.linking.evaluation.classes import fields
from llmlint.linking.evaluation.values import ClassValue, Constant, Entries, Items, Value, options
from llmlint.linking.program.readings import Flow

_NESTING = 3
_CHOICES = 20
"""Constants that one collection may name."""
_TAKING = frozenset({"get", "pop"})
_SAME = frozenset({"copy", "dict", "_asdict", "model_dump"})
_PASSING = syntax.Await | syntax.NamedExpression | syntax.BooleanOperation


def packed(flow: Flow, container: syntax.Node, node: syntax.Node) -> Flow | None:
    """The flow in a literal that `node` is an item of; None where its place there has no name or number."""
    match container:
        case syntax.Mapping(items=items):
            keys = [key for key, value in items if value is node]
            key = keys[0].value if keys and isinstance(keys[0], syntax.Constant) else None
            return put_into(flow, key) if isinstance(key, str) else None
        case syntax.Sequence(kind="list" | "tuple", items=items):
            place = next((i for i, item in enumerate(items) if item is node), None)
            starred = any(isinstance(item, syntax.Starred) for item in items[:place])
            return put_into(flow, place) if place is not None and not starred else None
        case _:
            return None


def put_into(flow: Flow, key: str | int) -> Flow | None:
    """The flow inside of one container more."""
    return replace(flow, inside=(key, *flow.inside)) if len(flow.inside) < _NESTING else None


def taken_out(flow: Flow, keys: tuple[str | int | None, ...]) -> Flow | None:
    """What is at those keys of the containers, the outermost first; None where it isn't the flow."""
    wanted = flow.inside[: len(keys)]
    return replace(flow, inside=flow.inside[len(keys) :]) if wanted == keys else None


def unpacked(
    flow: Flow, parent: syntax.Node, node: syntax.Node, outer: syntax.Node | None
) -> tuple[Flow, syntax.Node] | None:
    """What becomes of a flow that is inside of a container, one level further out in an expression."""
    held: syntax.Node = parent
    found: Flow | None = None
    match parent:
        case syntax.Conditional(test=test):
            found = flow if test is not node else None
        case syntax.Mapping() | syntax.Sequence():
            found = packed(flow, parent, node)
        case syntax.Subscript(value=value, index=syntax.Constant(value=key)) if value is node:
            found = taken_out(flow, (key,)) if isinstance(key, str | int) else None
        case syntax.Attribute(name=name) if isinstance(outer, syntax.Call) and outer.function is parent:
            held, found = outer, _by_method(flow, name, outer)
        case syntax.Attribute(name=name):
            found = taken_out(flow, (name,))
        case _:
            found = flow if isinstance(parent, _PASSING) else None
    return (found, held) if found is not None else None


def _by_method(flow: Flow, name: str, call: syntax.Call) -> Flow | None:
    if name in _SAME:
        return flow
    key = call.arguments[0].value if name in _TAKING and call.arguments else None
    return taken_out(flow, (key.value,)) if isinstance(key, syntax.Constant) and isinstance(key.value, str) else None


def parameter_of(scope: syntax.Scope, call: syntax.Call, argument: syntax.Argument, bound: bool) -> str | None:
    """The parameter of a function that an argument becomes."""
    if argument.keyword is not None:
        return argument.keyword if any(p.name == argument.keyword for p in scope.parameters) else None
    if argument.star:
        return None
    index = [a for a in call.arguments if a.keyword is None].index(argument) + (1 if bound else 0)
    names = [p.name for p in scope.parameters if p.kind in {"positional", "plain"}]
    return names[index] if index < len(names) else None


def constants(value: Value) -> list[str]:
    """The texts that a value may be; of a collection, its items or keys."""
    found: list[str] = []
    for option in options(value):
        inside: tuple[object, ...] = (option,)
        if isinstance(option, Items):
            inside = option.items[:_CHOICES]
        elif isinstance(option, Entries):
            inside = tuple(key for key, _ in option.entries[:_CHOICES])
        found.extend(one.value for one in inside if isinstance(one, Constant) and isinstance(one.value, str))
    return found

def taken_names(cls: ClassValue) -> list[str]:
    """The names under which a class takes what it is made of: its fields, else the parameters of `__init__`."""
    found = [event.target.name for event in fields(cls) if isinstance(event.target, syntax.Name)]
    scopes = cls.module.facts.scopes
    made = [scope for scope in scopes if scope.parent == cls.scope and scope.name == "__init__"]
    return found or [one.name for scope in made for one in scope.parameters[1:] if one.kind in {"plain", "keyword"}]
