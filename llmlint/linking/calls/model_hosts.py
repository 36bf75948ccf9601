"""Who answers a request whose model's name says it: `azure/...`, `anthropic:...`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from llmlint.catalog.entries import Host
from llmlint.linking.calls.requests import Request, is_absent
from llmlint.linking.calls.uses import ClientUse
from llmlint.linking.evaluation.values import Constant, Unknown, Value, options

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


def by_model(resolver: Resolver, use: ClientUse, request: Request) -> ClientUse:
    """The client with who answers this request, by the provider that is named or the model's name."""
    names = use.names
    if use.host not in {"openai", None}:
        return use
    if names is None:
        return _by_family(resolver, use, request)
    if use.host is None:
        return use
    named = request.argument(names.option) if names.option else None
    said = _texts(resolver, named) if named is not None else []
    hosts: set[Host | None] = {names.hosts.get(one, "other") if one is not None else None for one in said}
    if not hosts:
        models = _texts(resolver, request.argument("model"))
        hosts = {names.host(one) if one is not None else None for one in models} or {names.unnamed}
    known = hosts - {None}
    if len(known) == 1 and None not in hosts:
        return replace(use, host=known.pop())
    if known and known <= {"openai", "azure"} and None not in hosts:
        return use
    return replace(use, host=None, reason="which provider the model is of isn't known")


def _by_family(resolver: Resolver, use: ClientUse, request: Request) -> ClientUse:
    """A client that may talk to OpenAI, asked for a model that OpenAI never had: something sends it elsewhere."""
    models = _texts(resolver, request.argument("model"))
    foreign = [one is not None and resolver.catalog.models.is_other_vendors(one) for one in models]
    if not any(foreign):
        return use
    if all(foreign):
        return replace(use, host="other")
    return use if use.host is None else replace(use, host=None, reason="some of the models are another vendor's")


def _texts(resolver: Resolver, value: Value) -> list[str | None]:
    """The texts that a value may be; None where it may be something that isn't known. A text beside a variable of the
    environment is its default, and who overrides that knows.
    """
    given = [one for one in options(value) if not is_absent(resolver, one)]
    fixed = [one for one in given if not (isinstance(one, Unknown) and one.kind == "environment")]
    given = fixed or given
    return [one.value if isinstance(one, Constant) and isinstance(one.value, str) else None for one in given]
