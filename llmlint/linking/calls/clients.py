"""Is this callee an endpoint of a provider, and whose? Clients, their wrappers, and who answers at the other end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from llmlint.catalog.entries import Client, Wrapper
from llmlint.linking.calls import hosts
from llmlint.linking.calls.uses import ANOTHERS, DIFFERS, ClientUse, Setting, Spelled, Target, blurred, joined, one_of
from llmlint.linking.evaluation import ambient, classes, parameters
from llmlint.linking.evaluation.arguments import option
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    Choice,
    Element,
    External,
    FromSplat,
    Instance,
    Invocation,
    Made,
    Member,
    NotGiven,
    Piped,
    Unknown,
    Value,
    choice,
    options,
)

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

Overrides = tuple[tuple[Invocation, str], ...]
"""Calls of methods that give a client back, with the methods' names."""

_NESTING = 6


def identify(resolver: Resolver, callee: Value, keywords: Collection[str] | None) -> Target | None:
    """The endpoint that a callee is, if it is one on any way: proven before unproven, ours before another vendor's.

    `keywords` are those at the call, None if a splat hides some; they tell look-alikes of short paths apart.
    """
    found = [t for option in options(callee) if (t := _identify(resolver, option, keywords)) is not None]
    if not found:
        return None
    proven = [target for target in found if target.use.client is not None]
    target = joined(proven or found)
    if proven and any(_is_others(resolver, option) for option in options(callee)):
        return replace(target, use=replace(blurred(target.use, ANOTHERS), host=None, reason=DIFFERS))
    return target


def _is_others(resolver: Resolver, callee: Value) -> bool:
    """Is it a method of an object of another package's, which isn't made of a client of the catalogue?"""
    root, path, _ = chain(resolver, callee)
    match root:
        case Made(function=External(name=name), made=made) if path and name.rsplit(".", 1)[-1][:1].isupper():
            known = resolver.catalog.client(name) or resolver.catalog.wrapper(name)
            if known or resolver.catalog.ecosystem.function("double", name):
                return False
            given = parameters.given(made) if made is not None else []
            return all(client_of(resolver, argument.value(resolver)) is None for argument in given)
        case _:
            return False


def _identify(resolver: Resolver, callee: Value, keywords: Collection[str] | None) -> Target | None:
    root, path, overrides = chain(resolver, callee)
    if isinstance(root, External) and not overrides:
        named = resolver.catalog.endpoint_by_name(".".join((root.name, *path)))
        if named is not None:
            return Target(named[1], _module_use(named[0], callee), path)
    path = path or ("__call__",)
    found = [use for option in options(root) if (use := client_of(resolver, option)) is not None]
    proven = [
        Target(endpoint, _overridden(resolver, use, overrides), path)
        for use in found
        if use.client is not None and (endpoint := resolver.catalog.endpoint(use.client, path, use.dialect)) is not None
    ]
    if proven:
        return joined(proven)
    endpoint = resolver.catalog.endpoint_by_shape(path, keywords)
    inner = any(name.startswith("_") and not name.endswith("__") for name in path)  # something the client holds
    known = any(use.client is not None and use.client.endpoints for use in found)
    if endpoint is None or (known and not inner):
        return None
    use = (None if inner else next(iter(found), None)) or _stranger(resolver, root)
    return Target(endpoint, _overridden(resolver, use, overrides), path) if use is not None else None


def chain(resolver: Resolver, value: Value) -> tuple[Value, tuple[str, ...], Overrides]:
    """The object that a chain of attributes hangs on, the attributes, and the calls in between that set options."""
    names: list[str] = []
    overrides: list[tuple[Invocation, str]] = []
    while True:
        if isinstance(value, Member):
            names.append(value.name)
            value = value.owner
        elif (
            isinstance(value, Made)
            and isinstance(value.function, Member)
            and resolver.catalog.keeper(value.function.name) in {"options", "method"}
            and value.made is not None
        ):
            overrides.append((value.made, value.function.name))
            value = value.function.owner
        else:
            return value, tuple(reversed(names)), tuple(reversed(overrides))


def client_of(resolver: Resolver, value: Value, depth: int = 0) -> ClientUse | None:
    """The client that a value is; None for what is no client of the catalogue."""
    if depth > _NESTING:
        return None
    if isinstance(value, Choice):
        uses = [use for option in value.options if (use := client_of(resolver, option, depth + 1)) is not None]
        return one_of(uses) if uses else None
    if isinstance(value, Instance):
        return _derived(resolver, value)
    if isinstance(value, Piped):
        return _piped(resolver, value, depth)
    if isinstance(value, External):
        module = resolver.catalog.client(value.name)
        return _module_use(module, value) if module is not None and module.module else None
    if not isinstance(value, Made):
        return None
    kept = _kept(resolver, value, depth) if isinstance(value.function, Member) else None
    name = dotted_name(value.function)
    if kept is not None or name is None:
        return kept
    client = resolver.catalog.client(name)
    if client is not None:
        return _built(resolver, client, value)
    wrapper = resolver.catalog.wrapper(name)
    if wrapper is not None and value.made is not None:
        return _wrapped(resolver, wrapper, value, value.made, depth)
    return None


def _piped(resolver: Resolver, pipeline: Piped, depth: int) -> ClientUse | None:
    """The client among the steps of a pipeline."""
    for place, step in enumerate(pipeline.steps):
        use = client_of(resolver, step, depth + 1)
        if use is not None:
            return replace(use, before=pipeline.steps[:place], after=pipeline.steps[place + 1 :])
    return None


def _kept(resolver: Resolver, value: Made, depth: int) -> ClientUse | None:
    """`client.with_options(...)` and the like, and methods of wrappers by full name."""
    root, path, overrides = chain(resolver, value)
    if root is not value and not path:
        use = client_of(resolver, root, depth + 1)
        return _overridden(resolver, use, overrides) if use is not None else None
    return None


def _overridden(resolver: Resolver, use: ClientUse, overrides: Overrides) -> ClientUse:
    """The client after calls that change its options, one after another."""
    client = use.client
    for made, name in overrides:
        method = resolver.catalog.method(use.dialect or (client.dialect if client else ""), name)
        if method is not None:
            use = use.with_setting(Setting(made, method.options, method.arguments, method=True))
        elif client is not None:
            use = use.with_setting(Setting(made, client.options))
            use = _redirected(resolver, use, client.options, made)
    return use


def _module_use(client: Client, value: Value) -> ClientUse:
    return _use_of(client, value)


def _use_of(client: Client, value: Value) -> ClientUse:
    host = client.host if client.host != "unknown" else None
    reason = "" if host else f"who answers is set up in a `{client.name.rsplit('.', 1)[-1]}`"
    return ClientUse(client, host, reason, value.trail, dialect=client.dialect, names=client.model_names)


def _derived(resolver: Resolver, instance: Instance) -> ClientUse | None:
    """An instance of a project class that derives from a client class, or from one that wraps a client."""
    for base in classes.lineage(resolver, instance.cls)[1]:
        wrapper, client = resolver.catalog.wrapper(base.name), resolver.catalog.client(base.name)
        entry = wrapper or client
        if entry is None or (client is not None and client.module):
            continue
        spelled = entry.arguments
        names = frozenset(spelling.path[0] for spellings in spelled.values() for spelling in spellings)
        made = Made(base, classes.made_outside(resolver, instance, names), trail=instance.trail)
        if wrapper is not None and made.made is not None:
            return _wrapped(resolver, wrapper, made, made.made, 0)
        if client is not None:
            return _built(resolver, client, made)
    return None


def _built(resolver: Resolver, client: Client, value: Made) -> ClientUse:
    use = replace(_use_of(client, value), made=value.made)
    if client.ambient and not (client.optional and value.made is not None):
        use = _in_surroundings(resolver, use, client)
    if value.made is None:
        return replace(use, unseen="the client is built where it can't be followed")
    use = use.with_setting(Setting(value.made, client.options, client.arguments))
    return _redirected(resolver, use, client.options, value.made)


def _in_surroundings(resolver: Resolver, use: ClientUse, client: Client) -> ClientUse:
    """What has no client of its own, with the one that is set for the whole program."""
    values = ambient.values_set(resolver, client)
    if client.optional and all(isinstance(value, NotGiven) for value in values):
        return use
    found = [one for value in values if (one := client_of(resolver, value)) is not None]
    if client.optional and len(found) == 1:
        return replace(use, host=found[0].host, reason=found[0].reason, trail=found[0].trail)
    if len(found) != 1:
        return replace(use, host=None, reason="which client the program sets for all isn't known")
    return replace(found[0], client=client, dialect=client.dialect)


def _redirected(resolver: Resolver, use: ClientUse, spelled: Spelled, made: Invocation) -> ClientUse:
    provider = option(resolver, made, spelled.get("provider", ()))
    if isinstance(provider, Made) and isinstance(provider.function, External):
        return replace(use, host=resolver.catalog.redirect(provider.function.name) or "other")
    url = option(resolver, made, spelled.get("redirect", ()))
    if url is None and made.hidden and "redirect" in spelled and use.host == "openai":
        return replace(use, host=None, reason="its base_url isn't known: it is built in too many ways")
    if url is None:
        return use
    usual = use.client.host if use.client is not None else "other"
    found = hosts.behind(resolver, url, use.host or usual)
    return replace(use, host=found.host, reason=found.reason, trail=(*found.trail, *use.trail))


def _wrapped(resolver: Resolver, wrapper: Wrapper, value: Made, made: Invocation, depth: int) -> ClientUse | None:
    """The client that a wrapper gives back, with what the wrapper adds."""
    inner: ClientUse | None = None
    if wrapper.client:
        given = option(resolver, made, wrapper.client)
        if given is not None:
            root, path, _ = chain(resolver, given)
            inner = client_of(resolver, given, depth + 1) or (client_of(resolver, root, depth + 1) if path else None)
    given_inside = inner is not None
    if wrapper.same_as and (client := resolver.catalog.client(wrapper.same_as)) is not None:
        inner = inner or _built(resolver, client, Made(External(client.name)))
        inner = inner if given_inside else replace(inner, made=made, unseen="")
    if inner is None:
        return ClientUse(
            None, None, "the client that is wrapped can't be followed", value.trail, dialect=wrapper.dialect
        )
    arguments = wrapper.arguments
    if given_inside:  # the client's own argument says nothing else then
        arguments = {name: spelled for name, spelled in arguments.items() if spelled != wrapper.client}
    use = replace(
        inner.with_setting(Setting(made, wrapper.options, arguments)),
        dialect=wrapper.dialect or inner.dialect,
        wrapper=wrapper,
        names=inner.names if given_inside else wrapper.model_names or inner.names,
        trail=value.trail or inner.trail,
    )
    if use.client is not None:
        use = _redirected(resolver, use, wrapper.options, made)
    return use


def _stranger(resolver: Resolver, root: Value) -> ClientUse | None:
    """An object that is no client of the catalogue although its call path looks like one."""
    verdicts = [_strange(resolver, one) for one in options(root)]
    kept = [verdict for verdict in verdicts if verdict is not None]
    unsure = next((use for use in kept if use.host is None), None)
    return unsure or next(iter(kept), None)


def _strange(resolver: Resolver, root: Value) -> ClientUse | None:
    match root:
        case Made(function=External(name=name)):
            last = name.rsplit(".", 1)[-1]
            if resolver.catalog.ecosystem.function("double", name):
                return None
            if last[:1].isupper():
                return ClientUse(None, "other", trail=root.trail)
            return ClientUse(None, None, f"`{last}(...)` comes from outside the project", root.trail)
        case External(name=name) if not name.startswith("builtins."):
            return ClientUse(None, "other", trail=root.trail)
        case Instance(cls=cls):
            outside = [base for base in classes.lineage(resolver, cls)[1] if not _plain_base(base.name)]
            name = cls.module.facts.scopes[cls.scope].name
            return (
                ClientUse(None, None, f"`{name}` derives from a class outside the project", root.trail)
                if outside
                else None
            )
        case Unknown(reason=reason):
            return ClientUse(None, None, reason, root.trail)
        case Element() | FromSplat():
            return ClientUse(None, None, "the client is taken out of a collection that isn't known", root.trail)
        case _:
            return ClientUse(None, None, "where the client comes from can't be followed", root.trail)


def _plain_base(name: str) -> bool:
    return name.startswith(("builtins.object", "abc.", "typing.", "typing_extensions.", "enum."))


def setting(resolver: Resolver, use: ClientUse, name: str) -> Value | None:
    """The strongest value that is set for a client option; None if it is left to its default."""
    found = [_set(resolver, one, name) for one in (use, *use.others)]
    if all(value is None for value in found):
        return None
    return choice([value if value is not None else NotGiven() for value in found])


def _set(resolver: Resolver, use: ClientUse, name: str) -> Value | None:
    values = (option(resolver, one.made, one.options.get(name, ())) for one in reversed(use.settings))
    hidden = FromSplat(Unknown(use.unseen), name) if use.unseen else None
    return next((value for value in values if value is not None), hidden)
