"""What a module puts into collections under names, where it calls what it takes out of them, and which of their methods
it keeps; by syntax alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from llmlint.facts import syntax
from llmlint.linking.program.module import MUTATORS, Module
from llmlint.linking.program.trees import Dotted, children, dotted, last_name, walk

_PUTS = frozenset({"append", "add", "insert", "appendleft", "setdefault", "extend", "update"})
_TAKES = frozenset({"get", "pop", "setdefault"})
_ALL = frozenset({"values", "items"})
_SAME_ITEMS = frozenset({"enumerate", "reversed", "sorted", "list", "tuple", "iter"})
_SAME = syntax.Name | syntax.Attribute | syntax.BooleanOperation


class Put(NamedTuple):
    """A collection that something is put into, in a scope."""

    scope: int
    what: syntax.Expression
    target: syntax.Expression
    event: syntax.Event


def puts(module: Module) -> dict[str, list[Put]]:
    """Where names are put into collections, by name."""
    found: dict[str, list[Put]] = defaultdict(list)
    for index, scope in enumerate(module.facts.scopes):
        for event in scope.events:
            for what, target in _put_by(event):
                found[last_name(what)].append(Put(index, what, target, event))
    return dict(found)


def _put_by(event: syntax.Event) -> Iterator[tuple[syntax.Expression, syntax.Expression]]:
    value = event.value.value if isinstance(event.value, syntax.Await) else event.value
    if isinstance(value, syntax.Call) and isinstance(value.function, syntax.Attribute):
        if value.function.name in _PUTS:
            for argument in value.arguments:
                for named in _named(argument.value):
                    yield named, value.function.value
    elif event.kind in {"assign", "augment"} and event.target is not None and value is not None:
        if isinstance(event.target, syntax.Subscript):
            for named in _named(value):
                yield named, event.target.value
        elif isinstance(value, syntax.Mapping | syntax.Sequence) and not event.path:
            for named in _named(value):
                yield named, event.target


def _named(value: syntax.Expression) -> Iterator[syntax.Expression]:
    """The names that a value is, or that a display holds."""
    match value:
        case syntax.Name() | syntax.Attribute():
            yield value
        case syntax.Sequence(items=items):
            for item in items:
                yield from _named(item)
        case syntax.Mapping(items=entries):
            for _, item in entries:
                yield from _named(item)


def renamed(module: Module) -> dict[str, list[tuple[int, syntax.Event]]]:
    """What binds another name or attribute to a name, `x = name` or `x = name or []`, by that name."""
    found: dict[str, list[tuple[int, syntax.Event]]] = defaultdict(list)
    for index, scope in enumerate(module.facts.scopes):
        for event in scope.events:
            if event.kind != "assign" or event.path or not isinstance(event.target, syntax.Name | syntax.Attribute):
                continue
            for node in (event.value, *children(event.value)) if isinstance(event.value, _SAME) else ():
                if name := name_of(node):
                    found[name].append((index, event))
    return dict(found)


def listed(module: Module) -> dict[str, list[tuple[syntax.Expression, syntax.Call, int]]]:
    """What stands in a list or dictionary that is an argument of a call, by its last name."""
    found: dict[str, list[tuple[syntax.Expression, syntax.Call, int]]] = defaultdict(list)
    for call in module.calls:
        for position, argument in enumerate(call.arguments):
            if isinstance(argument.value, syntax.Sequence | syntax.Mapping):
                for named in _named(argument.value):
                    found[last_name(named)].append((named, call, position))
    return dict(found)


def name_of(node: syntax.Node) -> str:
    return node.name if isinstance(node, syntax.Name | syntax.Attribute) else ""


def calls_of_elements(module: Module) -> dict[str, list[tuple[syntax.Call, syntax.Expression]]]:
    """Calls of an element of a collection, directly or by a name that it is bound to, by the collection's last name."""
    found: dict[str, list[tuple[syntax.Call, syntax.Expression]]] = defaultdict(list)
    for call in module.calls:
        for collection in _collections(module, call):
            if name := last_name(collection):
                found[name].append((call, collection))
    return dict(found)


def _collections(module: Module, call: syntax.Call) -> Iterator[syntax.Expression]:
    if not isinstance(call.function, syntax.Name):
        yield from _taken_out(call.function)
        return
    place = module.facts.calls[call.index]
    owner = _owner(module, place.scope, call.function.name)
    for event in module.bindings.get((owner, (call.function.name,)), ()):
        if event.kind == "item" and event.value is not None:
            yield _gone_through(event.value)
        elif event.kind == "assign" and event.value is not None:
            for node in walk(event.value):
                yield from _taken_out(node)


def _owner(module: Module, scope: int, name: str) -> int:
    while module.facts.scopes[scope].kind == "comprehension" and (scope, (name,)) not in module.bindings:
        scope = module.facts.scopes[scope].parent
    return module.owner(scope, name)


def _taken_out(node: syntax.Node) -> Iterator[syntax.Expression]:
    """X of `X[key]` and `X.get(key)`."""
    match node:
        case syntax.Subscript(value=value):
            yield value
        case syntax.Call(function=syntax.Attribute(value=value, name=name)) if name in _TAKES:
            yield value


def _gone_through(node: syntax.Expression) -> syntax.Expression:
    """What a loop takes items of: X of `enumerate(X)` and `X.items()`."""
    match node:
        case syntax.Call(function=syntax.Attribute(value=value, name=name)) if name in _ALL:
            return value
        case syntax.Call(function=syntax.Name(name=name), arguments=(first, *_)) if name in _SAME_ITEMS:
            return _gone_through(first.value)
        case _:
            return node


# --- methods that change a collection, kept as values ---------------------------------------------------------


def kept_changers(module: Module) -> dict[tuple[int, Dotted], str]:
    """Methods that change what a name holds and aren't called where they stand (`add = found.append`), as written; by
    the scope that the name belongs to, and the name.
    """
    called = {id(call.function) for call in module.calls}
    found: dict[tuple[int, Dotted], str] = {}
    for index, scope in enumerate(module.facts.scopes):
        for node in (node for event in scope.events if event.value is not None for node in walk(event.value)):
            if not isinstance(node, syntax.Attribute) or node.name not in MUTATORS or id(node) in called:
                continue
            if (name := dotted(node.value)) is not None:
                around = module.owner(index, name[0]) if len(name) == 1 else module.function_around(index)
                found[around, name] = ".".join((*name, node.name))
    return found
