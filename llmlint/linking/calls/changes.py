"""How often does a value change between calls? Clocks, random numbers, items, requests, settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import At
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    Choice,
    Computed,
    Constant,
    Element,
    Entries,
    External,
    FromSplat,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    Text,
    Trail,
    Unknown,
    Value,
)
from llmlint.linking.program.module import Module
from llmlint.linking.program.trees import last_name
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

Every = Literal["call", "item", "conversation", "day", "unknown", "process"]
_ORDER: tuple[Every, ...] = ("call", "item", "conversation", "day", "unknown", "process")
_DEPTH_LIMIT = 12
_LOOPS = frozenset({"for", "while"})
_TELLING = ("derived", "serialiser", "text", "template", "parser", "iterator", "shuffle")
"""Tables of functions and methods whose results are made of what they are given."""
_NAMING = re.compile(
    r"(?:\A|[^A-Za-z])(?:id|ids|uuid|guid|key|token|slug|session|user|username|email|tenant|thread|conversation)['\")\]]*\Z",
    re.IGNORECASE,
)
"""The end of an expression that names somebody or something kept elsewhere: `user_id`, `request.session`."""
_KEEPING = frozenset({"cache", "lru_cache"})


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` and `every` in the words of the facts `prompt.change_*`; `source` is the expression that changes.

    `unlooped` is the change of what is gone through, where that happens in a loop which is over before the call.
    """

    kind: str
    every: Every
    source: str
    trail: Trail = ()
    made: Invocation | None = None
    unlooped: Change | None = None


_BY_ORIGIN: dict[str, tuple[str, Every]] = {
    "environment": ("environment", "process"),
    "parameter": ("request", "unknown"),
    "request": ("request", "call"),
}

STABLE = Change("", "process", "")


def strongest(changes: list[Change]) -> Change:
    """The change that happens most often; among equals the first."""
    found = min(changes, key=lambda change: _ORDER.index(change.every), default=STABLE)
    if found.unlooped is None:
        return found
    return replace(found, unlooped=strongest([change.unlooped or change for change in changes]))


def change_of(resolver: Resolver, value: Value, depth: int = 0) -> Change:
    """How a value changes from one call to the next."""
    if depth > _DEPTH_LIMIT:
        return Change("other", "unknown", "", value.trail)
    found = _change(resolver, value, depth + 1)
    return found if found.trail or not value.trail else replace(found, trail=value.trail)


def _change(resolver: Resolver, value: Value, depth: int) -> Change:
    if isinstance(value, Constant):
        return STABLE
    if isinstance(value, Items) and value.has_no_order:
        return Change("unordered", "call", "the order of a set", value.trail)
    if isinstance(value, Text | Choice | Items | Entries):
        return strongest([change_of(resolver, part, depth) for part in _parts(value)])
    if isinstance(value, Unknown):
        return Change(*_BY_ORIGIN.get(value.kind, ("other", "unknown")), value.name, value.trail)
    if isinstance(value, Many):
        return _of_collection(resolver, value.item, depth)
    if isinstance(value, Computed):
        inner = strongest([change_of(resolver, one, depth) for one in value.inputs])
        if value.shown_as and inner.kind == "clock":
            return replace(inner, every=_coarser(resolver, value.shown_as, inner.every))
        return inner if value.inputs else Change("other", "unknown", value.source)
    return _of_unfollowed(resolver, value, depth)


def _of_unfollowed(resolver: Resolver, value: Value, depth: int) -> Change:
    match value:
        case External():
            return _of_name(resolver, value)
        case Element(owner=owner, key=None):
            whole = change_of(resolver, owner, depth)
            return Change("item", "item", "the item of a loop", value.trail, unlooped=whole.unlooped or whole)
        case Element(owner=owner) | FromSplat(owner=owner):
            return change_of(resolver, owner, depth)
        case Made():
            return _of_call(resolver, value, depth)
        case Member(owner=owner, name=name):
            return _of_member(resolver, owner, name, depth)
        case _:
            return Change("other", "unknown", "", value.trail)


def _of_name(resolver: Resolver, value: External) -> Change:
    known = resolver.catalog.ecosystem.volatile(value.name)
    return Change(known.kind, known.every, value.name, value.trail) if known is not None else STABLE


def _parts(value: Text | Choice | Items | Entries) -> tuple[Value, ...]:
    match value:
        case Text(parts=parts):
            return parts
        case Choice(options=alternatives):
            return alternatives
        case Items(items=items):
            return items
        case Entries(entries=entries):
            return tuple(item for _, item in entries)


def _of_collection(resolver: Resolver, item: Value, depth: int) -> Change:
    """Zero or more of an item: what matters is whether the collection changes, not that its items differ."""
    if isinstance(item, Element) and item.key is None:
        return change_of(resolver, item.owner, depth)
    if isinstance(item, Text | Computed):
        inner = item.parts if isinstance(item, Text) else item.inputs
        return strongest([_of_collection(resolver, part, depth) for part in inner]) if depth < _DEPTH_LIMIT else STABLE
    return change_of(resolver, item, depth)


def _of_call(resolver: Resolver, value: Made, depth: int) -> Change:
    ecosystem = resolver.catalog.ecosystem
    name = dotted_name(value.function)
    known = ecosystem.volatile(name) if name else None
    text = source(value.made.call) if value.made is not None else name or ""
    if known is not None:
        every: Every = known.every
        if known.format_argument is not None and value.made is not None:
            every = _coarsened(resolver, value.made, known.format_argument, every)
        return _placed(Change(known.kind, every, text, value.trail, value.made))
    if name == "builtins.input":
        return Change("request", "call", text, value.trail, value.made)
    if isinstance(value.function, Member):
        return _of_method(resolver, value, value.function, text, depth)
    derived = any(name and ecosystem.function(table, name) for table in _TELLING)
    made_of = ecosystem.function("derived", name) if name else None
    inner = _of_arguments(resolver, value, derived, depth)
    if made_of is not None and made_of.kind == "orderless":
        inner = [one for one in inner if one.kind != "unordered"]
    moving = strongest(inner)
    if moving.every not in {"process", "unknown"}:
        return moving
    return Change("other", "unknown", text, value.trail, value.made)


def _of_arguments(resolver: Resolver, value: Made, derived: bool, depth: int) -> list[Change]:
    """The changes of the arguments that show in what a call gives: all, if it is made of them alone; else only what is
    asked about. What is looked up under a new name, or as of now, needn't be new, nor need what belongs to a name.
    """
    if value.made is None:
        return []
    found: list[Change] = []
    for argument in value.made.call.arguments:
        change = change_of(resolver, resolver.evaluate(argument.value, value.made.at), depth)
        names = (argument.keyword or "", source(argument.value), change.source)
        kept = change.kind == "item" or (change.kind == "request" and not any(map(_NAMING.search, names)))
        if derived or kept:
            found.append(change)
    return found


def _of_method(resolver: Resolver, value: Made, member: Member, text: str, depth: int) -> Change:
    owner = change_of(resolver, member.owner, depth)
    ecosystem = resolver.catalog.ecosystem
    if owner.kind == "clock":
        if ecosystem.is_formatter(member.name) and value.made is not None:
            every = _coarsened(resolver, value.made, 0, owner.every)
            return Change(owner.kind, every, text, owner.trail or value.trail, owner.made)
        coarse = ecosystem.coarse_attribute(member.name)
        return Change(owner.kind, coarse or owner.every, text, owner.trail or value.trail, owner.made)
    derived = any(ecosystem.method(table, member.name) for table in _TELLING)
    inner = strongest([owner, *_of_arguments(resolver, value, derived, depth)])
    if inner.every not in {"process", "unknown"}:
        return inner
    return Change("other", "unknown", text, value.trail, value.made)


def _of_member(resolver: Resolver, owner: Value, name: str, depth: int) -> Change:
    full = dotted_name(Member(owner, name))
    known = resolver.catalog.ecosystem.volatile(full) if full else None
    if known is not None:
        return Change(known.kind, known.every, full or name)
    inner = change_of(resolver, owner, depth)
    coarse = resolver.catalog.ecosystem.coarse_attribute(name) if inner.kind == "clock" else None
    return Change(inner.kind, coarse, inner.source, inner.trail, inner.made) if coarse else inner


def _coarsened(resolver: Resolver, made: Invocation, position: int, every: Every) -> Every:
    """A strftime format may leave out what changes within a day."""
    arguments = [a for a in made.call.arguments if a.keyword is None]
    if position >= len(arguments):
        return every
    value = resolver.evaluate(arguments[position].value, made.at)
    known = isinstance(value, Constant) and isinstance(value.value, str)
    return _coarser(resolver, str(value.value), every) if known and isinstance(value, Constant) else every


def _coarser(resolver: Resolver, shown_as: str, every: Every) -> Every:
    """How often a time changes as it is written out."""
    precision = resolver.catalog.ecosystem.precision(shown_as)
    return precision if _ORDER.index(precision) > _ORDER.index(every) else every


def _placed(change: Change) -> Change:
    """Evaluated while a module or class body runs, outside of loops, it is fixed for the process; in `__init__`
    for the life of the object."""
    return _coarsened_at(change, change.made.at) if change.made is not None else change


def placed_within(change: Change, chain: frozenset[int]) -> Change:
    """How often a value changes that functions give: as often as they are called.

    `chain` holds the calls that lead to the request; what they have in common is no earlier than it.
    """
    if change.made is None:
        return change
    for invocation in change.made.at.frame.callers():
        if id(invocation.call) in chain:
            break
        change = _coarsened_at(change, invocation.at)
    return change


def _coarsened_at(change: Change, at: At) -> Change:
    scope = at.module.facts.scopes[at.module.function_around(at.scope)]
    every = change.every
    if _is_kept(scope) or (scope.kind in {"module", "class"} and not in_loop(at.module, at.use.block)):
        every = "process"
    elif every == "call" and scope.name == "__init__":
        every = "conversation"
    return change if every == change.every else replace(change, every=every)


def _is_kept(scope: syntax.Scope) -> bool:
    """Is a function without parameters run once, and what it returned given from then on?"""
    names = [one.function if isinstance(one, syntax.Call) else one for one in scope.decorators]
    return not scope.parameters and any(last_name(name) in _KEEPING for name in names)


def in_loop(module: Module, block: int) -> bool:
    """Does the block run more than once per run of its scope?"""
    return any(module.facts.blocks[around].kind in _LOOPS for around in module.ancestors(block))
