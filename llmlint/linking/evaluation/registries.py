"""A function or class of the project comes in that is kept in a collection, as registries do; where what is kept there
is called goes out.

A decorator that stores what it decorates (`@register("chat")`), a table of functions, a list of checks: the name of the
function stands nowhere near its calls, and the name of the collection does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from llmlint.facts import syntax
from llmlint.linking.evaluation import classes
from llmlint.linking.evaluation.decorating import returned_functions
from llmlint.linking.evaluation.frames import At, at_call, at_event
from llmlint.linking.evaluation.handing import handing_kind
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.searches import Searches
from llmlint.linking.evaluation.values import (
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Invocation,
    Made,
    Member,
    ModuleValue,
    Value,
    options,
)
from llmlint.linking.program import holding
from llmlint.linking.program.module import Module
from llmlint.linking.program.modules import module_parts
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import dotted, walk

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_KEPT_LIMIT = 12
"""Collections that one function is followed into."""
_FOLLOWED = ClassValue | FunctionValue | Instance


class Kept(NamedTuple):
    """A collection: a variable of a scope, or where `cls` is given an attribute of its objects."""

    module: Module
    name: str
    scope: int = 0
    cls: ClassValue | None = None


def calls_of_kept(
    resolver: Resolver, searches: Searches, users: Iterable[Module], module: Module, scope: int
) -> Iterator[Invocation]:
    """The calls of what is kept in the collections that a function or class is put into, and what these are handed to.

    `users` are the modules that may put it into one.
    """
    waiting: deque[Kept | Invocation] = deque(_kept_in(resolver, users, module, scope))
    seen: set[tuple[int, str, int]] = set()
    while waiting:
        kept = waiting.popleft()
        if isinstance(kept, Invocation):
            yield kept
            continue
        key = (id(kept.module), kept.name, kept.scope)
        if key in seen or len(seen) >= _KEPT_LIMIT:
            continue
        seen.add(key)
        for user in _users(searches, kept):
            for call, collection in _calls_in(user, kept.name):
                at = _at(resolver, user, call)
                if _means(resolver, collection, at, kept) and _may_be(resolver, call, at, module, scope):
                    yield Invocation(call, at)
            waiting.extend(_handed_on(resolver, user, kept))


def _calls_in(module: Module, name: str) -> Iterator[tuple[syntax.Call, syntax.Expression]]:
    calls = module.derived(holding.calls_of_elements)
    for alias in sorted({name, *module.aliases.get(name, ())}):
        yield from calls.get(alias, ())


def _users(searches: Searches, kept: Kept) -> list[Module]:
    if kept.cls is None and kept.scope:
        return [kept.module]
    return searches.modules(kept.name, kept.module, "take", (_hint(kept.module, kept.scope),))


def _at(resolver: Resolver, module: Module, call: syntax.Call) -> At:
    return at_call(resolver.frames.root(module, module.facts.calls[call.index].scope), call)


def _hint(module: Module, scope: int) -> str:
    """What a file mentions that uses what is defined in a class, or else in a module."""
    here = module.facts.scopes[scope]
    return here.name if here.kind == "class" else "".join(module_parts(module.path)[-1:])


def _may_be(resolver: Resolver, call: syntax.Call, at: At, module: Module, scope: int) -> bool:
    """Is the function among those that are called, or is it not known which they are?"""
    found = [getattr(one, "function", one) for one in options(resolver.evaluate(call.function, at))]
    return any(not isinstance(one, _FOLLOWED) or _is(one, module, scope) for one in found)


# --- what a function is put into ----------------------------------------------------------------------------


def _kept_in(resolver: Resolver, users: Iterable[Module], module: Module, scope: int) -> Iterator[Kept | Invocation]:
    here = module.facts.scopes[scope]
    for user in users:
        for put in user.derived(holding.puts).get(here.name, ()):
            at = at_event(resolver.frames.root(user, put.scope), put.scope, put.event)
            if any(_is(option, module, scope) for option in options(resolver.evaluate(put.what, at))):
                yield from _collection(resolver, user, put)
        for what, call, position in user.derived(holding.listed).get(here.name, ()):
            at = _at(resolver, user, call)
            if any(_is(option, module, scope) for option in options(resolver.evaluate(what, at))):
                yield from _given_to(resolver, call, position, at)
    if here.decorators:
        at = At(resolver.frames.root(module, here.parent), here.parent, Use(here.block, here.sequence))
        for decorator in here.decorators:
            yield from _kept_by(resolver, decorator, at)


def _is(value: Value, module: Module, scope: int) -> bool:
    return isinstance(value, FunctionValue | ClassValue) and value.module is module and value.scope == scope


def _kept_by(resolver: Resolver, decorator: syntax.Expression, at: At) -> Iterator[Kept]:
    """The collections that a decorator of the project puts the function into."""
    made = isinstance(decorator, syntax.Call)
    node = decorator.function if isinstance(decorator, syntax.Call) else decorator
    for option in options(resolver.evaluate(node, at)):
        if not isinstance(option, FunctionValue) or option.scope <= 0:
            continue
        home = option.module
        inside = [*returned_functions(home, option.scope)] if made else [option.scope]
        for scope in inside:
            taken = [p.name for p in home.facts.scopes[scope].parameters if p.kind in {"positional", "plain"}]
            bound = not made and option.receiver is not None
            for name in taken[bound : bound + 1]:
                for put in home.derived(holding.puts).get(name, ()):
                    if home.function_around(put.scope) == scope:
                        yield from _collection(resolver, home, put)


def _collection(resolver: Resolver, module: Module, put: holding.Put) -> Iterator[Kept]:
    """The collection that is meant where something is put into it."""
    at = at_event(resolver.frames.root(module, put.scope), put.scope, put.event)
    if isinstance(put.target, syntax.Name):
        owner = module.owner(put.scope, put.target.name)
        if owner == 0:
            yield _global(resolver, module, put.target.name)
        elif module.facts.scopes[owner].kind == "class":
            around = resolver.frames.root(module, module.facts.scopes[owner].parent)
            yield Kept(module, put.target.name, owner, ClassValue(module, owner, around))
        else:
            yield Kept(module, put.target.name, owner)
    elif isinstance(put.target, syntax.Attribute):
        for option in options(resolver.evaluate(put.target.value, at)):
            if isinstance(option, ModuleValue):
                yield Kept(option.module, put.target.name)
            elif isinstance(option, Instance | ClassValue):
                cls = option.cls if isinstance(option, Instance) else option
                yield Kept(cls.module, put.target.name, cls.scope, cls)


def _global(resolver: Resolver, module: Module, name: str) -> Kept:
    """A global, in the module that it is imported from."""
    for event in module.bindings.get((0, (name,)), ()):
        if isinstance(event.value, syntax.ImportedName):
            home = _imported_from(resolver, event.value, module)
            return Kept(home, event.value.name) if home is not None else Kept(module, name)
    return Kept(module, name)


def _imported_from(resolver: Resolver, imported: syntax.ImportedName, module: Module) -> Module | None:
    modules = resolver.modules
    if imported.level:
        return modules.exactly(modules.relative(imported, module.path))
    return modules.find(tuple(imported.module.split(".")), module.path)


# --- what a collection is handed over to --------------------------------------------------------------------


def _handed_on(resolver: Resolver, module: Module, kept: Kept) -> Iterator[Kept | Invocation]:
    """The other names of a collection, and the parameters that it is passed for."""
    for scope, event in module.derived(holding.renamed).get(kept.name, ()):
        at = at_event(resolver.frames.root(module, scope), scope, event)
        value, target = event.value, event.target
        if value is None or target is None:
            continue
        if any(holding.name_of(node) == kept.name and _means(resolver, node, at, kept) for node in walk(value)):
            yield from _collection(resolver, module, holding.Put(scope, value, target, event))
    for call, position in module.handed_over(kept.name):
        at = _at(resolver, module, call)
        if _means(resolver, call.arguments[position].value, at, kept):
            yield from _given_to(resolver, call, position, at)


def _given_to(resolver: Resolver, call: syntax.Call, position: int, at: At) -> Iterator[Kept | Invocation]:
    """The parameter that a collection becomes in a function of the project; others may call what is in it as they like,
    with nothing that is seen here.
    """
    callee = resolver.evaluate(call.function, at)
    for option in options(callee):
        function = _function(resolver, option)
        if function is not None:
            module, scope, bound = function
            parameters = module.facts.scopes[scope].parameters
            names = [p.name for p in parameters if p.kind in {"positional", "plain"}][bound:]
            name = call.arguments[position].keyword or (names[position] if position < len(names) else None)
            if any(p.name == name for p in parameters) and name is not None:
                yield Kept(module, name, scope)
        elif isinstance(option, ClassValue):
            if (field := call.arguments[position].keyword) is not None:
                yield Kept(option.module, field, option.scope, option)
        elif isinstance(option, External | Member | Made) and not (dotted_name(option) or "").startswith("builtins."):
            elementwise = handing_kind(resolver, callee) == "elementwise"
            yield Invocation(call, at, len(call.arguments) + 1, elementwise, open=True)


def _function(resolver: Resolver, callee: Value) -> tuple[Module, int, int] | None:
    """The module and scope of a function, or of the `__init__` of a class, and how many arguments are bound to it."""
    if isinstance(callee, FunctionValue) and callee.scope > 0:
        return callee.module, callee.scope, int(callee.receiver is not None)
    init = classes.own_init(resolver, callee) if isinstance(callee, ClassValue) else None
    return (init[0].module, init[1], 1) if init is not None else None


# --- where what is kept is called ---------------------------------------------------------------------------


def _means(resolver: Resolver, collection: syntax.Node, at: At, kept: Kept) -> bool:
    """Is it this collection that is meant at a point?"""
    if kept.cls is not None:
        return _is_attribute_of(resolver, collection, at, kept.cls)
    target = dotted(collection) if isinstance(collection, syntax.Name | syntax.Attribute) else None
    if target is None:
        return False
    if len(target) > 1:
        return target[-1] == kept.name and resolver.stores.is_global_of(at.module, at.scope, target, kept.module)
    owner = at.module.owner(at.scope, target[0])
    if owner or kept.scope:
        return at.module is kept.module and target[0] == kept.name and owner == kept.scope
    meant = _global(resolver, at.module, target[0])
    return meant.module is kept.module and meant.name == kept.name


def _is_attribute_of(resolver: Resolver, collection: syntax.Node, at: At, cls: ClassValue) -> bool:
    if not isinstance(collection, syntax.Attribute):
        return False
    for option in options(resolver.evaluate(collection.value, at)):
        theirs = option.cls if isinstance(option, Instance) else option
        if isinstance(theirs, ClassValue) and (_is_below(resolver, theirs, cls) or _is_below(resolver, cls, theirs)):
            return True
    return False


def _is_below(resolver: Resolver, one: ClassValue, other: ClassValue) -> bool:
    return any(classes.same_class(each, other) for each in classes.lineage(resolver, one)[0])
