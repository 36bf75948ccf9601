"""A callee with its arguments comes in; the endpoint that it calls goes out, where the callee alone doesn't say it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from llmlint.catalog import HOLE
from llmlint.catalog.entries import Client, Host, Sender, Spelling
from llmlint.linking.calls.clients import client_of, identify
from llmlint.linking.calls.uses import ClientUse, Setting, Target, joined
from llmlint.linking.evaluation.arguments import option
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    Constant,
    Invocation,
    Made,
    Member,
    Partial,
    Text,
    Unknown,
    Value,
    concatenate,
    options,
)

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


def target_of(
    resolver: Resolver, callee: Value, keywords: Collection[str] | None, invocation: Invocation
) -> Target | None:
    """The endpoint that a call reaches: the callee's own, or that of a URL among the arguments."""
    found = identify(resolver, callee, keywords)
    if found is not None:
        return _carried(resolver, found, invocation) if found.endpoint.client else found
    sent = [one for option in options(callee) if (one := _posted(resolver, option, invocation)) is not None]
    return joined(sent) if sent else None


def _carried(resolver: Resolver, target: Target, invocation: Invocation) -> Target:
    """The target of a function that is given its client as an argument."""
    value = option(resolver, invocation, target.endpoint.client)
    use = client_of(resolver, value) if value is not None else None
    if use is None:
        use = replace(target.use, host=None, reason="the object that holds the model can't be followed")
    return replace(target, use=use)


def _posted(resolver: Resolver, callee: Value, invocation: Invocation) -> Target | None:
    """The endpoint at the URL of a plain HTTP request."""
    callee = callee.function if isinstance(callee, Partial) else callee
    name = dotted_name(callee)
    sender = resolver.catalog.sender(name) if name else None
    url = option(resolver, invocation, sender.url) if sender is not None else None
    if sender is None or url is None:
        return None
    base = _base(resolver, sender, callee)
    pairs = [(one, root) for one in options(url) for root in (options(base) if base is not None else (None,))]
    found = [one for url, root in pairs if (one := _at(resolver, sender, (url, root), invocation)) is not None]
    return joined(found) if found else None


def _base(resolver: Resolver, sender: Sender, callee: Value) -> Value | None:
    """What stands before every URL of a client."""
    owner = callee.owner if isinstance(callee, Member) else None
    if not sender.base or not isinstance(owner, Made) or owner.made is None:
        return None
    return option(resolver, owner.made, (Spelling(path=(sender.base,)),))


def _address(url: Value, base: Value | None) -> str:
    """A URL as text, with holes for what isn't known."""
    address = _text(url)
    return address if base is None or "://" in address else f"{_text(base).rstrip('/')}/{address.lstrip('/')}"


def _text(value: Value) -> str:
    whole = concatenate([value])
    parts = whole.parts if isinstance(whole, Text) else (whole,)
    return "".join(p.value if isinstance(p, Constant) and isinstance(p.value, str) else HOLE for p in parts)


def _at(resolver: Resolver, sender: Sender, where: tuple[Value, Value | None], invocation: Invocation) -> Target | None:
    address = _address(*where)
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    endpoint = resolver.catalog.route((path or address).rstrip("/"))
    host = resolver.catalog.host(address) if "://" in address else _by_variable(resolver, where[1] or where[0])
    if endpoint is None or host is None or host == "other":
        return None  # many servers have these paths
    body = option(resolver, invocation, sender.body)
    if body is None:
        return None
    return Target(endpoint, _sender_use(sender, host, invocation), body=body)


def _by_variable(resolver: Resolver, root: Value) -> Host | None:
    """Who answers where a URL begins with a variable of the environment that redirects the API's own clients."""
    first = root.parts[0] if isinstance(root, Text) else root
    variables = [one.name for one in options(first) if isinstance(one, Unknown) and one.kind == "environment"]
    found: set[Host | None] = set()
    for name in variables:
        usual: Host | None = "openai" if resolver.catalog.environment(name) == "redirect" else None
        found.add(resolver.catalog.variable(name) or usual)
    return found.pop() if len(found) == 1 else None


def _sender_use(sender: Sender, host: Host, invocation: Invocation) -> ClientUse:
    client = Client(
        name=sender.name, provider=sender.provider, endpoints="", host=host, asynchronous=sender.asynchronous
    )
    spelled = {name: found for name in ("timeout", "headers") if (found := getattr(sender, name))}
    return ClientUse(client, host, settings=(Setting(invocation, spelled, spelled),))
