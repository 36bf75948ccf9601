"""Other names for a list or dictionary, and for those inside it, within one function: and what is done under them.

A name stands for the same object as another (`e = d`), for a part of it (`e = d["a"]`, `for e in d`) or for what holds
it (`e = [d]`, `e.append(d)`). A change under one of them changes the others, at a depth that the links tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from llmlint.facts import syntax
from llmlint.linking.program.module import MUTATORS, Module, Mutation
from llmlint.linking.program.trees import Dotted, dotted, last_name

Keys = tuple[object, ...]
"""The keys that lead from a collection into one inside it; None for any."""

_NAME_LIMIT = 12
_DEPTH_LIMIT = 4
_PUTS = frozenset({"append", "add", "insert", "appendleft", "extend"})
_COPIES = frozenset({"copy", "list", "dict", "tuple"})
_SAME_ITEMS = frozenset({"enumerate", "reversed", "sorted", "list", "tuple", "iter", "zip"})


class Way(NamedTuple):
    """A change of what a collection holds under `keys`; () is the collection itself. `scope` is where it stands."""

    mutation: Mutation
    keys: Keys
    scope: int


class _Link(NamedTuple):
    """`other` is the part of a name under `keys`, or where `over`, the name is that part of `other`."""

    other: Dotted
    keys: Keys
    over: bool


class _Index(NamedTuple):
    links: dict[tuple[int, Dotted], list[_Link]]
    changes: dict[tuple[int, Dotted], list[Way]]
    outer: dict[tuple[int, Dotted], list[Way]]
    """Changes further inside a name of a scope around."""


def ways_from_inside(module: Module, scope: int, target: Dotted) -> list[Way]:
    """The changes of what a collection holds that functions inside of the scope make."""
    return module.derived(_indexed).outer.get((scope, target), [])


class _Standing(NamedTuple):
    """How a name stands to a collection: what it means is inside of it, or over it. Changes under fewer keys than
    `least` are not of what both share."""

    name: Dotted
    inside: Keys = ()
    over: Keys = ()
    least: int = 0


def ways_to(module: Module, scope: int, target: Dotted) -> list[Way]:
    """The changes of a collection that are made under other names than its own, or further inside it."""
    index = module.derived(_indexed)
    found: list[Way] = []
    seen = {target}
    waiting = [_Standing(target)]
    while waiting and len(seen) <= _NAME_LIMIT:
        here = waiting.pop(0)
        for way in index.changes.get((scope, here.name), ()):
            keys = _relative(way.keys, here) if len(way.keys) >= here.least else None
            if keys is not None and (here.name != target or keys):
                found.append(Way(way.mutation, keys, way.scope))
        for link in index.links.get((scope, here.name), ()):
            beside = not link.over and not _same_place(link.keys, here.over)
            if link.other not in seen and not beside and len(here.inside) + len(here.over) < _DEPTH_LIMIT:
                seen.add(link.other)
                waiting.append(_moved(link, here))
    return found


def _relative(keys: Keys, here: _Standing) -> Keys | None:
    """Where a change under `keys` of a name is, seen from the collection."""
    if not here.over:
        return here.inside + keys
    return keys[len(here.over) :] if len(keys) >= len(here.over) and _same_place(keys, here.over) else None


def _same_place(keys: Keys, others: Keys) -> bool:
    """Whether both may lead to one object: what a holder has under another key is something else."""
    return all(a is None or b is None or a == b for a, b in zip(keys, others, strict=False))


def _moved(link: _Link, here: _Standing) -> _Standing:
    """How the other end of a link stands to the collection."""
    keys, inside, over = link.keys, here.inside, here.over
    if link.over:
        least = here.least + len(keys)
        if over or len(keys) > len(inside):
            return _Standing(link.other, (), (*keys[: len(keys) - len(inside)], *over), least)
        return _Standing(link.other, inside[: len(inside) - len(keys)], (), least)
    least = max(here.least - len(keys), 0)
    if len(keys) >= len(over):
        return _Standing(link.other, inside + keys[len(over) :], (), least)
    return _Standing(link.other, (), over[len(keys) :], least)


def _indexed(module: Module) -> _Index:
    links: dict[tuple[int, Dotted], list[_Link]] = defaultdict(list)
    changes: dict[tuple[int, Dotted], list[Way]] = defaultdict(list)
    for (scope, target), mutations in module.mutations.items():
        around = module.function_around(scope)
        changes[around, target].extend(Way(mutation, (), scope) for mutation in mutations)
    for index, here in enumerate(module.facts.scopes):
        around = module.function_around(index)
        for event in here.events:
            for root, way in _deep_changes(event, index):
                changes[around, root].append(way)
            for name, other, keys in _parts(event):
                links[around, name].append(_Link(other, keys, False))
                links[around, other].append(_Link(name, keys, True))
    outer: dict[tuple[int, Dotted], list[Way]] = defaultdict(list)
    for (around, root), ways in changes.items():
        owner = module.owner(around, root[0]) if len(root) == 1 else around
        if owner != around:
            outer[owner, root].extend(way for way in ways if way.keys)
    return _Index(dict(links), dict(changes), dict(outer))


def _deep_changes(event: syntax.Event, scope: int) -> Iterator[tuple[Dotted, Way]]:
    """`name[key]...[key] = value`, `name[key].update(...)`, and changes inside a comprehension's element."""
    if isinstance(event.target, syntax.Subscript) and event.kind in {"assign", "augment", "delete"}:
        where = _place(event.target.value)
        if where is not None and where[1]:
            yield where[0], Way(Mutation(event, "[]", None), where[1], scope)
    grown = dotted(event.target) if event.kind == "augment" and event.operator in {"+", "|", "+=", "|="} else None
    if grown is not None:
        yield grown, Way(Mutation(event, "+=", None), (), scope)
    value = event.value.value if isinstance(event.value, syntax.Await) else event.value
    if isinstance(value, syntax.Comprehension):
        value = value.element
        scope = event.value.scope if isinstance(event.value, syntax.Comprehension) else scope
    if isinstance(value, syntax.Call) and isinstance(value.function, syntax.Attribute):
        where = _place(value.function.value)
        direct = where is not None and not where[1] and value is event.value
        if where is not None and not direct and value.function.name in MUTATORS:
            yield where[0], Way(Mutation(event, value.function.name, value), where[1], scope)


def _place(node: syntax.Expression) -> tuple[Dotted, Keys] | None:
    """A dotted name and the keys that lead from it to the expression."""
    keys: list[object] = []
    while dotted(node) is None:
        if isinstance(node, syntax.Subscript):
            keys.append(_key(node.index))
            node = node.value
        elif isinstance(node, syntax.Call) and last_name(node.function) in {"get", "setdefault"} and node.arguments:
            keys.append(_key(node.arguments[0].value))
            node = node.function.value if isinstance(node.function, syntax.Attribute) else node.function
        else:
            return None
        if len(keys) > _DEPTH_LIMIT:
            return None
    name = dotted(node)
    return (name, tuple(reversed(keys))) if name is not None else None


def _key(node: syntax.Expression) -> object:
    return node.value if isinstance(node, syntax.Constant) and isinstance(node.value, str) else None


def _parts(event: syntax.Event) -> Iterator[tuple[Dotted, Dotted, Keys]]:
    """(a, b, keys) where b becomes the part of a under the keys."""
    target, value = dotted(event.target), event.value
    if value is None:
        return
    if event.kind == "item" and target is not None:
        where = _place(_iterated(value))
        if where is not None:
            yield where[0], target, (*where[1], None)
    elif event.kind == "assign" and not event.path:
        where = (target, ()) if target is not None else _place(event.target) if event.target is not None else None
        if where is not None:
            yield from _bound(where[0], where[1], value)
    call = value
    if isinstance(call, syntax.Call) and isinstance(call.function, syntax.Attribute) and call.function.name in _PUTS:
        holder = _place(call.function.value)
        if holder is not None and call.arguments:
            yield from _held(holder[0], (*holder[1], None), call.arguments[-1].value)


def _bound(target: Dotted, keys: Keys, value: syntax.Expression) -> Iterator[tuple[Dotted, Dotted, Keys]]:
    where = _place(value)
    if where is None:
        yield from _held(target, keys, value)
    elif where[0] != target:
        if not keys:
            yield where[0], target, where[1]
        elif not where[1]:
            yield target, where[0], keys


def _held(target: Dotted, keys: Keys, value: syntax.Expression) -> Iterator[tuple[Dotted, Dotted, Keys]]:
    """The names that a display holds, or that a copy has its items from."""
    name = dotted(value)
    if name is not None and keys and name != target:
        yield target, name, keys
    elif isinstance(value, syntax.Sequence | syntax.Mapping) and len(keys) < _DEPTH_LIMIT:
        for key, item in _items(value):
            yield from _held(target, (*keys, key), item)
    elif isinstance(value, syntax.Call) and last_name(value.function) in _COPIES and value.arguments:
        inner = dotted(value.arguments[0].value)
        if inner is not None and inner != target:
            shared = (*target, "()")
            yield inner, shared, (None,)
            yield target, shared, (*keys, None)


def _items(value: syntax.Sequence | syntax.Mapping) -> Iterator[tuple[object, syntax.Expression]]:
    if isinstance(value, syntax.Sequence):
        yield from ((None, item) for item in value.items)
    else:
        yield from ((_key(key), item) for key, item in value.items if key is not None)


def _iterated(node: syntax.Expression) -> syntax.Expression:
    """What a loop goes through: x of `enumerate(x)` and `x.items()`."""
    if isinstance(node, syntax.Call):
        if last_name(node.function) in _SAME_ITEMS and node.arguments:
            return _iterated(node.arguments[0].value)
        if last_name(node.function) in {"items", "values"} and isinstance(node.function, syntax.Attribute):
            return node.function.value
    return node
