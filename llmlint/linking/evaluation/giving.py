"""A function or class of the project comes in that another function gives out, as `client_for(name)` does; where what
was given out is called goes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import at_call, at_event
from llmlint.linking.evaluation.searches import Searches
from llmlint.linking.evaluation.values import ClassValue, FunctionValue, Invocation, Partial, Value, options
from llmlint.linking.program.module import Module
from llmlint.linking.program.trees import last_name

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_GIVER_LIMIT = 8
"""Functions that give one function out and are followed."""


def calls_of_given(
    resolver: Resolver, searches: Searches, users: Iterable[Module], module: Module, scope: int
) -> Iterator[Invocation]:
    """The calls of what functions return, where it is the function or class itself. `users` may mention it."""
    givers = [(user, giver) for user in users for giver in _givers(resolver, user, module, scope)]
    for home, giver in givers[:_GIVER_LIMIT]:
        name = home.facts.scopes[giver].name
        for user in searches.modules(name, home, "call"):
            for call in user.derived(_calls_of_results).get(name, ()):
                at = at_call(resolver.frames.root(user, user.facts.calls[call.index].scope), call)
                for option in options(resolver.evaluate(call.function, at)):
                    inner = options(option.function) if isinstance(option, Partial) else [option]
                    if any(_is(one, module, scope) for one in inner):
                        yield Invocation(call, at, partial=option if isinstance(option, Partial) else None)
                        break


def _is(value: Value, module: Module, scope: int) -> bool:
    return isinstance(value, FunctionValue | ClassValue) and value.module is module and value.scope == scope


def _givers(resolver: Resolver, user: Module, module: Module, scope: int) -> Iterator[int]:
    """The functions of a module that return the function or class."""
    for giver, event in user.derived(_returned).get(module.facts.scopes[scope].name, ()):
        at = at_event(resolver.frames.root(user, giver), giver, event)
        given = options(resolver.evaluate(event.value, at)) if event.value is not None else []
        if any(_is(one.function if isinstance(one, Partial) else one, module, scope) for one in given):
            yield giver


def _returned(module: Module) -> dict[str, list[tuple[int, syntax.Event]]]:
    """The functions that return a name or attribute, or a partial of one, by its last name."""
    found: dict[str, list[tuple[int, syntax.Event]]] = defaultdict(list)
    for index, scope in enumerate(module.facts.scopes):
        for event in scope.events if scope.kind == "function" else ():
            value = event.value
            if event.kind == "return" and isinstance(value, syntax.Call) and value.arguments:
                value = value.arguments[0].value if last_name(value.function) == "partial" else None
            if event.kind == "return" and (name := last_name(value)):
                found[name].append((index, event))
    return dict(found)


def _calls_of_results(module: Module) -> dict[str, list[syntax.Call]]:
    """The calls of what a call returned, there or under a name that it is bound to, by the first call's last name."""
    bound: dict[str, set[str]] = defaultdict(set)
    for (_, target), events in module.bindings.items():
        for event in events:
            if isinstance(event.value, syntax.Call) and event.kind == "assign" and not event.path:
                bound[target[-1]].add(last_name(event.value.function))
    found: dict[str, list[syntax.Call]] = defaultdict(list)
    for call in module.calls:
        if isinstance(call.function, syntax.Call):
            found[last_name(call.function.function)].append(call)
        for maker in bound.get(last_name(call.function), ()):
            found[maker].append(call)
    return dict(found)
