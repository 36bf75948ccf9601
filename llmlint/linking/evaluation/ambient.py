"""The client that a program sets once for all its code: `configure(lm=...)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.catalog.entries import Client
from llmlint.linking.evaluation.arguments import option
from llmlint.linking.evaluation.frames import at_call
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import Invocation, NotGiven, Unknown, Value, choice, options

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

CALL_LIMIT = 16
"""Calls that set it; a program with more of them switches between several."""


def values_set(resolver: Resolver, client: Client) -> tuple[Value, ...]:
    """What the project's calls set as the client that `client` uses; `NotGiven` if none sets it."""
    key = ("ambient", client.provider, client.ambient)
    found = resolver.once(key, lambda: choice(_values(resolver, client)), Unknown("it is set by itself", "cycle"))
    return options(found)


def _values(resolver: Resolver, client: Client) -> list[Value]:
    setters = resolver.catalog.ambient(client)
    found: list[Value] = []
    for method in sorted({name.rsplit(".", 1)[-1] for name in setters}):
        for path in resolver.project.containing(method):
            module = resolver.modules.at(path)
            if module is None:
                continue
            for call in module.calls_named(method):
                at = at_call(resolver.frames.root(module, module.facts.calls[call.index].scope), call)
                for callee in options(resolver.evaluate(call.function, at)):
                    value = option(resolver, Invocation(call, at), setters.get(dotted_name(callee) or "", ()))
                    if value is not None:
                        found.append(value)
                if len(found) >= CALL_LIMIT:
                    return [Unknown("it is set in too many places", "limit")]
    return found or [NotGiven()]
