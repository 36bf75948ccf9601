"""Lists and dictionaries in the making: displays, subscripts, and what methods change in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import classes, environment, mappings, operations, strings
from llmlint.linking.evaluation.frames import At, at_event
from llmlint.linking.evaluation.shapes import is_one_text
from llmlint.linking.evaluation.slicing import between, nearest
from llmlint.linking.evaluation.values import (
    Choice,
    ClassValue,
    Computed,
    Constant,
    Element,
    Entries,
    External,
    Instance,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    Spread,
    Text,
    Unknown,
    Value,
    choice,
    is_text,
    options,
)
from llmlint.linking.program.reaching import MutationUse
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


def sequence(resolver: Resolver, node: syntax.Sequence, at: At) -> Value:
    """A list, tuple or set display; starred items are spliced in."""
    items: list[Value] = []
    for item in node.items:
        value = resolver.evaluate(item, at)
        items.extend(spliced(value) if isinstance(item, syntax.Starred) else (value,))
    return Items(node.kind, tuple(items))


def spliced(value: Value) -> tuple[Value, ...]:
    """The items of a collection as they stand in another one."""
    if isinstance(value, Items):
        return value.items
    if isinstance(value, Entries):
        return tuple(key for key, _ in value.entries if not isinstance(key, Spread))
    return (Many(Element(value, trail=value.trail)),)


def mapping(resolver: Resolver, node: syntax.Mapping, at: At) -> Value:
    """A dict display with `**` spreads."""
    entries = Entries(())
    for key, item in node.items:
        value = resolver.evaluate(item, at)
        if key is None:
            entries = spread(entries, value)
        else:
            entries = Entries((*entries.entries, (resolver.evaluate(key, at), value)), entries.maybe)
    return entries


def spread(entries: Entries, value: Value, maybe: bool = False) -> Entries:
    """The mapping with another one's entries behind its own."""
    alternatives = options(value)
    result = entries
    for option in alternatives:
        if isinstance(option, Entries):
            shift = len(result.entries)
            uncertain = set(range(shift, shift + len(option.entries))) if maybe or len(alternatives) > 1 else set()
            uncertain |= {shift + index for index in option.maybe}
            result = Entries(result.entries + option.entries, result.maybe | frozenset(uncertain))
        elif not (isinstance(option, Constant) and option.value is None):
            result = Entries((*result.entries, (Spread(), option)), result.maybe)
    sure = mappings.in_all(alternatives) if len(alternatives) > 1 and not maybe else ()
    return Entries((*result.entries, *sure), result.maybe)


def subscript(resolver: Resolver, node: syntax.Subscript, at: At) -> Value:
    """`value[index]`."""
    owner, index = resolver.evaluate(node.value, at), resolver.evaluate(node.index, at)
    if isinstance(node.index, syntax.Slice):
        return _slice(resolver, owner, node)
    found = [_subscript(resolver, one, index, node) for one in options(owner)]
    return choice(found)


def _slice(resolver: Resolver, owner: Value, node: syntax.Subscript) -> Value:
    index = node.index
    if isinstance(owner, Items):
        return Items(owner.kind, between(owner.items, index) if isinstance(index, syntax.Slice) else ())
    if isinstance(index, syntax.Slice) and _moves(index.lower) and _moves(index.upper):
        if not is_one_text(resolver, owner, node.value):
            return Items("list", (Many(Element(owner)),))  # `rows[start : start + size]`: a batch
        return Text((Computed(source(node), (owner,)),))
    return Computed(source(node), (owner,))


def _moves(bound: syntax.Expression | None) -> bool:
    return bound is not None and not isinstance(bound, syntax.Constant)


def _subscript(resolver: Resolver, owner: Value, index: Value, node: syntax.Subscript) -> Value:
    if isinstance(owner, Entries):
        keys = [option.value for option in options(index) if isinstance(option, Constant)]
        if len(keys) == len(options(index)) and all(isinstance(key, str | int) for key in keys):
            return choice([_entry(owner, key) for key in keys])
        if owner.entries and not owner.open:
            held = mappings.values_under(owner, index)
            return choice([*held, Unknown(f"the key of `{source(node)}` isn't known")])
    if isinstance(owner, Items):
        if isinstance(index, Constant) and isinstance(index.value, int):
            return element(owner, index.value)
        return choice([item.item if isinstance(item, Many) else item for item in owner.items] or [Element(owner)])
    if isinstance(owner, External | ClassValue) and resolver.catalog.ecosystem.function("environment", _name(owner)):
        return environment.variable(resolver, index)
    if isinstance(owner, External) and (resolver.catalog.client(owner.name) or resolver.catalog.wrapper(owner.name)):
        return owner  # `Agent[Context]`: the class with its type parameters
    if isinstance(owner, ClassValue):
        named = index.value if isinstance(index, Constant) and isinstance(index.value, str) else None
        return (classes.class_member(resolver, owner, named) if named is not None else None) or owner
    return Element(owner, index, trail=owner.trail)


def _name(owner: Value) -> str:
    return owner.name if isinstance(owner, External) else ""


def _entry(owner: Entries, key: str | int | float | bool | None) -> Value:
    if isinstance(key, str):
        return strings.lookup(owner, key)
    found = [value for name, value in owner.entries if isinstance(name, Constant) and name.value == key]
    return found[-1] if found else Computed(f"[{key!r}]", (owner,))


def element(value: Value, index: int) -> Value:
    """`value[index]` for a constant index."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Items):
            found.append(_item_at(option, index))
        elif isinstance(option, Entries) and 0 <= index < len(option.entries) and not option.open and not option.maybe:
            found.append(option.entries[index][0])
        else:
            found.append(Element(option, Constant(index), trail=option.trail))
    return choice(found)


def unpacked(value: Value, place: int) -> Value:
    """What one target of several takes (see `syntax.Event.path`)."""
    return rest(value) if place == syntax.REST else element(value, place)


def rest(value: Value) -> Value:
    """What a starred target takes: some of the items."""
    return Items("list", tuple(_loose(item) for option in options(value) for item in spliced(option)))


def _item_at(items: Items, index: int) -> Value:
    before = items.items[: index + 1] if index >= 0 else items.items[index:]
    if any(isinstance(item, Many) for item in before) or not -len(items.items) <= index < len(items.items):
        return nearest(items.items, index)
    return items.items[index]


def item_of(resolver: Resolver, value: Value) -> Value:
    """What a loop over the value sees: one of its items."""
    found: list[Value] = []
    for option in options(value):
        match option:
            case Items(items=items):
                found.extend(item.item if isinstance(item, Many) else item for item in items)
                if not items:
                    found.append(Unknown("the list is empty"))
            case Entries(entries=entries):
                found.extend(_keys(entries))
            case Made(function=External(name=name)) if (kind := _iterator_kind(resolver, name)) and option.made:
                found.append(_passed_on(resolver, kind, option, option.made))
            case Made(function=Member(owner=owner, name=name)) if name in {"items", "values", "keys"}:
                found.append(_of_mapping(owner, name, option))
            case _:
                found.append(Element(option, trail=option.trail))
    return choice(found) if found else Unknown("the list is empty")


def _keys(entries: tuple[tuple[Value, Value], ...]) -> list[Value]:
    return [
        Element(value) if isinstance(key, Spread) else key.item if isinstance(key, Many) else key
        for key, value in entries
    ]


def _iterator_kind(resolver: Resolver, name: str) -> str:
    entry = resolver.catalog.ecosystem.function("iterator", name)
    return entry.kind if entry is not None else ""


def _passed_on(resolver: Resolver, kind: str, iterator: Value, made: Invocation) -> Value:
    """The same, each iterator once: one that is made of itself (`rows = tqdm(rows)` in a loop) has no end."""
    key = ("item", id(made.call), id(made.at.frame))
    return resolver.once(key, lambda: _through_iterator(resolver, kind, made), Element(iterator, trail=iterator.trail))


def _through_iterator(resolver: Resolver, kind: str, made: Invocation) -> Value:
    """The item that `enumerate`, `zip`, `tqdm` ... pass on."""
    arguments = [a for a in made.call.arguments if a.keyword is None and not a.star]
    inner = [item_of(resolver, resolver.evaluate(argument.value, made.at)) for argument in arguments]
    if not inner:
        return Computed("item of an iterator")
    if kind == "indexed":
        return Items("tuple", (Computed("index"), inner[0]))
    if kind == "pairs":
        return Items("tuple", tuple(inner))
    if kind == "chained":
        return choice(inner)
    return Items("list", (Many(inner[0]),)) if kind == "batches" else inner[0]


def _of_mapping(owner: Value, name: str, made: Value) -> Value:
    if not isinstance(owner, Entries) or not owner.entries:
        return Element(made)
    if owner.open:
        return Element(made)
    pairs = [(key.item if isinstance(key, Many) else key, value) for key, value in owner.entries]
    if name == "items":
        return choice([Items("tuple", pair) for pair in pairs])
    return choice([key if name == "keys" else value for key, value in pairs])


# --- changes in place --------------------------------------------------------------------------------------


def mutated(resolver: Resolver, value: Value, uses: list[MutationUse], at: At) -> Value:
    """The collection after the mutations, in source order."""
    return choice([_mutated(resolver, option, uses, at) for option in options(value)])


def _mutated(resolver: Resolver, value: Value, uses: list[MutationUse], at: At) -> Value:
    for use in uses:
        if isinstance(value, Items):
            value = _mutate_items(resolver, value, use, at)
        elif isinstance(value, Entries):
            value = _mutate_entries(resolver, value, use, at)
    return value


def _mutate_items(resolver: Resolver, items: Items, use: MutationUse, at: At) -> Items:
    method, event = use.mutation.method, use.mutation.event
    point = at_event(at.frame, at.scope, event)
    call = use.mutation.call
    many = use.conditional or use.repeated
    arguments = [resolver.evaluate(a.value, point) for a in call.arguments] if call is not None else []

    def put(value: Value) -> Value:
        return Many(value, use.grows) if many and not isinstance(value, Many) else value

    if method in {"append", "add"} and arguments:
        return Items(items.kind, (*items.items, put(arguments[0])), trail=items.trail)
    if method == "extend" and arguments:
        return Items(items.kind, (*items.items, *map(put, spliced(arguments[0]))), trail=items.trail)
    if method == "+=" and items.kind == "list" and event.value is not None:
        return Items(items.kind, (*items.items, *map(put, spliced(resolver.evaluate(event.value, point)))))
    if method in {"insert", "appendleft"} and arguments:
        index = 0 if method == "appendleft" else _place(arguments[0], items)
        new = put(arguments[-1])
        if index is None:
            return Items(items.kind, tuple(map(_loose, (*items.items, new))), trail=items.trail)
        return Items(items.kind, (*items.items[:index], new, *items.items[index:]), trail=items.trail)
    if method in {"pop", "popleft", "remove", "clear", "[]", "reverse", "sort"}:
        loosened = tuple(map(_loose, items.items))
        if method == "[]" and event.value is not None and event.kind == "assign":
            loosened = (*loosened, Many(resolver.evaluate(event.value, point)))
        elif method == "[]" and event.kind == "augment" and event.value is not None:
            loosened = (*loosened, Many(Computed(source(event.value))))
        return Items(items.kind, loosened if method != "clear" or many else (), trail=items.trail)
    return items


def _place(index: Value, items: Items) -> int | None:
    """Where an inserted item goes, if all that stands in front of it is there for certain."""
    if not isinstance(index, Constant) or not isinstance(index.value, int) or not 0 <= index.value <= len(items.items):
        return None
    sure = not any(isinstance(item, Many) for item in items.items[: index.value])
    return index.value if sure else None


def _loose(item: Value) -> Value:
    """The item at some place, or nowhere."""
    return item if isinstance(item, Many) else Many(item)


def _mutate_entries(resolver: Resolver, entries: Entries, use: MutationUse, at: At) -> Entries:
    event, call = use.mutation.event, use.mutation.call
    point = at_event(at.frame, at.scope, event)
    maybe = use.conditional or use.repeated
    if use.mutation.method == "[]" and isinstance(event.target, syntax.Subscript):
        return _set_key(resolver, entries, event, point, maybe)
    if use.mutation.method == "+=" and event.value is not None:
        return spread(entries, resolver.evaluate(event.value, point), maybe)
    if call is None:
        return entries
    arguments = [resolver.evaluate(a.value, point) for a in call.arguments if not a.keyword and not a.star]
    if use.mutation.method == "update":
        for argument in call.arguments:
            value = resolver.evaluate(argument.value, point)
            if argument.keyword:
                entries = _with_entry(entries, Constant(argument.keyword), value, maybe)
            else:
                entries = spread(entries, value, maybe)
        return entries
    if use.mutation.method == "__setitem__" and len(arguments) == 2:
        key = arguments[0]
        return _with_entry(entries, key if isinstance(key, Constant) else Many(key), arguments[1], maybe)
    if use.mutation.method == "setdefault" and len(arguments) == 2:
        return _set_default(entries, arguments[0], arguments[1], maybe)
    if use.mutation.method == "pop" and arguments:
        return _without(entries, arguments[0], maybe)
    return (
        Entries(((Spread(), Unknown("its keys are taken away")),))
        if use.mutation.method in {"clear", "popitem"}
        else entries
    )


def _set_key(resolver: Resolver, entries: Entries, event: syntax.Event, point: At, maybe: bool) -> Entries:
    if not isinstance(event.target, syntax.Subscript):
        return entries
    key = resolver.evaluate(event.target.index, point)
    if event.kind == "delete":
        return _without(entries, key, maybe)
    if event.value is None:
        return entries
    value = resolver.evaluate(event.value, point)
    for index in event.path:
        value = unpacked(value, index)
    if event.kind == "augment":
        old = strings.lookup(entries, str(key.value)) if isinstance(key, Constant) else Computed("old value")
        value = operations.binary(event.operator, old, value, source(event.value))
    return _with_entry(entries, key if isinstance(key, Constant) else Many(key), value, maybe)


def _with_entry(entries: Entries, key: Value, value: Value, maybe: bool) -> Entries:
    uncertain = entries.maybe | {len(entries.entries)} if maybe else entries.maybe
    return Entries((*entries.entries, (key, value)), frozenset(uncertain), trail=entries.trail)


def _set_default(entries: Entries, key: Value, value: Value, maybe: bool) -> Entries:
    present = any(
        isinstance(name, Constant) and isinstance(key, Constant) and name.value == key.value and i not in entries.maybe
        for i, (name, _) in enumerate(entries.entries)
    )
    if present:
        return entries
    shifted = frozenset(index + 1 for index in entries.maybe) | ({0} if maybe else frozenset())
    return Entries(((key, value), *entries.entries), shifted, trail=entries.trail)


def _without(entries: Entries, key: Value, maybe: bool) -> Entries:
    if not isinstance(key, Constant):
        return Entries(entries.entries, frozenset(range(len(entries.entries))), trail=entries.trail)
    hit = {i for i, (name, _) in enumerate(entries.entries) if isinstance(name, Constant) and name.value == key.value}
    if maybe:
        return Entries(entries.entries, entries.maybe | hit, trail=entries.trail)
    kept = [(i, entry) for i, entry in enumerate(entries.entries) if i not in hit]
    uncertain = frozenset(new for new, (old, _) in enumerate(kept) if old in entries.maybe)
    return Entries(tuple(entry for _, entry in kept), uncertain, trail=entries.trail)


def as_collection(kind: str, value: Value | None) -> Value:
    """`list(value)`, `tuple(value)`, `set(value)`, `sorted(value)`."""
    if kind == "set":
        items = spliced(value) if value is not None else ()
        return Items("set", items)
    if kind == "sorted" and isinstance(value, Choice):
        return choice([as_collection(kind, option) for option in value.options])
    made = "tuple" if kind == "tuple" else "list"
    if value is None:
        return Items("list", ())
    if isinstance(value, Items) and value.kind == "set" and kind != "sorted":
        return value
    if kind in {"sorted", "reversed"} and isinstance(value, Items | Entries) and len(spliced(value)) > 1:
        return Items("list", tuple(map(_loose, spliced(value))))
    if is_text(value) or isinstance(value, Text | Instance):
        return Items("list", (Many(Computed("character", (value,))),))
    return Items("tuple" if made == "tuple" else "list", spliced(value))
