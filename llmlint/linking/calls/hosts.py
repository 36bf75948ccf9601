"""Who answers: what URLs say in the options of a client, in the globals of its module and in the request itself."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmlint.catalog import HOLE
from llmlint.catalog.entries import Client
from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import At, Frame, at_end, at_event
from llmlint.linking.evaluation.stores import Global
from llmlint.linking.evaluation.values import (
    Constant,
    External,
    FromSplat,
    Made,
    Member,
    NotGiven,
    Text,
    Trail,
    Unknown,
    Value,
    choice,
    options,
)
from llmlint.linking.program.reaching import reaching

if TYPE_CHECKING:
    from llmlint.linking.calls.requests import Request
    from llmlint.linking.calls.uses import ClientUse
    from llmlint.linking.evaluation.resolver import Resolver
    from llmlint.linking.program.module import Module

_SOMEWHERE = "somewhere"
"""Where a variable of the user's own name leads; a default beside it says more."""
_NOT_KNOWN = "its base_url isn't known"
_DIFFERS = "its base_url differs from way to way"
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers; None where `reason` says why it isn't known."""

    host: str | None
    reason: str = ""
    trail: Trail = ()


def behind(resolver: Resolver, url: Value, usual: str) -> Answering:
    """Who answers at a URL that is given to a client whose requests go to `usual` without it."""
    found = {_host(resolver, one, usual) for one in options(url)}
    required = [one for one in options(url) if isinstance(one, Unknown) and one.kind == "parameter"]
    if found == {""} and len(required) == len(options(url)):
        return Answering(None, _NOT_KNOWN, url.trail)  # the caller must give one
    return _agreed(found, usual, url.trail)


def _agreed(found: Set[str | None], usual: str, trail: Trail) -> Answering:
    """One answer for several ways. An option without a value ("") leaves what is said beside it, or else the usual."""
    known = {host for host in found if host not in {None, "", _SOMEWHERE}}
    if usual in found or found == {""}:
        elsewhere = known - {usual}
        if not elsewhere:
            return Answering(usual)  # what is set by default; who overrides it knows
        return Answering("openai") if elsewhere | {usual} == {"openai", "azure"} else Answering(None, _DIFFERS, trail)
    if not known:
        return Answering(None, _NOT_KNOWN, trail)
    if len(known) > 1 or None in found:
        return Answering("openai") if known == {"openai", "azure"} else Answering(None, _DIFFERS, trail)
    return Answering(known.pop(), trail=trail)


def _host(resolver: Resolver, url: Value, usual: str) -> str | None:
    """Who answers at one URL: "" where the value says nothing against another that does, None where it's open."""
    match url:
        case Constant(value=None) | NotGiven():
            return usual
        case Constant(value=str(text)):
            return resolver.catalog.host(text) if text else usual
        case Text(parts=parts):
            text = "".join(p.value if isinstance(p, Constant) and isinstance(p.value, str) else HOLE for p in parts)
            known = resolver.catalog.host(text) or _by_variable(resolver, parts[0])
            return known or (_host(resolver, parts[0], usual) if _is_variable(parts[0]) else None)
        case Unknown(kind="environment", name=variable) if (host := resolver.catalog.variable(variable)) is not None:
            return host
        case Unknown(kind="environment", name=variable) if resolver.catalog.environment(variable) is None:
            return usual if usual != "openai" else _SOMEWHERE
        case Unknown(kind="parameter" | "environment" | "user") | FromSplat():
            return ""  # without a value the SDK's own default holds
        case Made(function=Member(name="get")) if _by_variable(resolver, url) is None:
            return usual if usual != "openai" else _SOMEWHERE  # what the user's settings say
        case Made() | Member():
            return _by_variable(resolver, url) or (usual if usual != "openai" else None)
        case _:
            return usual if usual != "openai" else None


def _is_variable(value: Value) -> bool:
    return isinstance(value, Unknown) and value.kind == "environment"


def _by_variable(resolver: Resolver, value: Value, depth: int = 0) -> str | None:
    """Who answers where a URL begins with what an environment variable of a known name holds."""
    hosts: set[str | None] = set()
    for one in options(value):
        match one:
            case Unknown(kind="environment", name=variable):
                hosts.add(resolver.catalog.variable(variable))
            case Made(function=Member(owner=inner)) | Member(owner=inner) if depth < _DEPTH:
                hosts.add(_by_variable(resolver, inner, depth + 1))
            case Constant(value=None):
                pass
            case _:
                return None
    return hosts.pop() if len(hosts) == 1 else None


# --- what is said beside the client -------------------------------------------------------------------------


def settled(resolver: Resolver, use: ClientUse, request: Request, at: At) -> ClientUse:
    """The client with what the request says about who answers, or else the globals of the module that is the client."""
    client = use.client
    if client is None or not client.module:
        return _moved(resolver, use, client) if client is not None else use
    asked = _asked(resolver, client, request)
    found = asked if asked is not None else _by_globals(resolver, client, at)
    if found is None or (found.host == client.host and use.host != client.host):
        return use  # the model's name has said more
    return replace(use, host=found.host, reason=found.reason, trail=found.trail or use.trail)


def _asked(resolver: Resolver, client: Client, request: Request) -> Answering | None:
    """Who answers by the arguments of the request."""
    arguments = request.endpoint.arguments
    kind = request.argument("api_type") if "api_type" in arguments else NotGiven()
    typed = _by_type(resolver, [kind])
    if typed is not None:
        return typed
    url = request.argument("redirect") if "redirect" in arguments else NotGiven()
    if all(isinstance(one, NotGiven | FromSplat) for one in options(url)):
        return None
    return behind(resolver, url, client.host)


def _by_type(resolver: Resolver, kinds: list[Value]) -> Answering | None:
    """Who answers by a type of API; None if none is given on all ways."""
    for kind in kinds:
        hosts = {resolver.catalog.api_type(str(one.value)) for one in options(kind) if isinstance(one, Constant)}
        if len(hosts) == 1 and None not in hosts and all(isinstance(one, Constant) for one in options(kind)):
            return Answering(hosts.pop(), trail=kind.trail)
    return None


def _moved(resolver: Resolver, use: ClientUse, client: Client) -> ClientUse:
    """The client with the URL that is set on it once it is built: `client.base_url = ...`."""
    made = [one.made.call for one in (use, *use.others) if one.made is not None]
    near = [one for one in _assignments(resolver, client, "redirect") if made and _is_set_on(resolver, one, made)]
    if not near:
        return use
    roots = [resolver.frames.root(one.module, one.scope) for one in near]
    ways = [(one.event, at_event(root, one.scope, one.event)) for one, root in zip(near, roots, strict=True)]
    urls = [resolver.bound(event, place, "redirect") for event, place in ways]
    alone = all(one.module is near[0].module and one.scope == near[0].scope for one in near) and len(made) == 1
    if alone and reaching(near[0].module, [one.event for one in near], at_end(roots[0]).use).certain:
        answering = behind(resolver, choice(urls), client.host)
    else:
        found = {_host(resolver, one, client.host) for url in urls for one in options(url)} | {use.host}
        answering = _agreed(found, client.host, urls[0].trail)
    return replace(use, host=answering.host, reason=answering.reason, trail=answering.trail or use.trail)


def _is_set_on(resolver: Resolver, one: Global, built: list[syntax.Call]) -> bool:
    """Is it an attribute of a client that one of these calls builds?"""
    owners = (owner.made for owner in options(_owner(resolver, one)) if isinstance(owner, Made))
    return any(made is not None and any(made.call is call for call in built) for made in owners)


def _by_globals(resolver: Resolver, client: Client, at: At) -> Answering | None:
    """Who answers by assignments to the module's globals that run with the call; None if there are none."""
    everywhere = [one for option in ("redirect", "api_type") for one in _assignments(resolver, client, option)]
    near = [one for one in everywhere if _runs_with(resolver, one.module, at)]
    certain = _certain(near, at)
    chosen = certain or near
    if not chosen:
        return None
    typed = _by_type(resolver, [_value(resolver, one, at) for one in chosen if one.option == "api_type"])
    if typed is not None and certain:
        return typed
    urls = [_value(resolver, one, at) for one in chosen if one.option == "redirect"]
    found = {_host(resolver, one, client.host) for url in urls for one in options(url)}
    found |= {typed.host} if typed is not None else set()
    return _agreed(found if certain else found | {client.host}, client.host, urls[0].trail if urls else ())


def _certain(near: list[Global], at: At) -> list[Global]:
    """The assignments that hold at the call for certain: before it in its function, or in its module's own code."""
    function = at.module.function_around(at.scope)
    here = [one for one in near if one.module is at.module and one.scope == function]
    events = reaching(at.module, [one.event for one in here], at.use)
    if events.certain:
        return [one for one in here if one.event in events.events]
    body = [one for one in near if one.module is at.module and one.scope == 0]
    end = at_end(at.frame if function == 0 else _outermost(at.frame))
    if function != 0 and not here and body and reaching(at.module, [one.event for one in body], end.use).certain:
        return body
    return []


def _outermost(frame: Frame) -> Frame:
    while frame.parent is not None:
        frame = frame.parent
    return frame


def _value(resolver: Resolver, one: Global, at: At) -> Value:
    """What is assigned, with the callers of this path where it is done in the call's own function."""
    same = one.module is at.module and one.scope == at.module.function_around(at.scope)
    frame = at.frame if same else resolver.frames.root(one.module, one.scope)
    return resolver.bound(one.event, at_event(frame, one.scope, one.event), one.option)


def _assignments(resolver: Resolver, client: Client, option: str) -> list[Global]:
    """All assignments of the project to one option of the client's module, or of the objects of its class."""
    key = (client.name, option)
    if key not in resolver.module_globals:
        names = {spelling.path[0] for spelling in client.options.get(option, ())}
        resolver.module_globals[key] = [
            one for name in sorted(names) for one in _assignments_to(resolver, client, option, name)
        ]
    return resolver.module_globals[key]


def _assignments_to(resolver: Resolver, client: Client, option: str, name: str) -> Iterator[Global]:
    setting = set(resolver.project.changing(name))
    for path in resolver.project.candidates:
        module = resolver.modules.at(path) if path in setting else None
        if module is not None:
            for (scope, target), events in module.bindings.items():
                for event in events if len(target) > 1 and target[-1] == name else ():
                    one = Global(option, module, scope, event)
                    if _is_of(resolver, client, one):
                        yield one


def _is_of(resolver: Resolver, client: Client, one: Global) -> bool:
    """Is it an attribute of the client's module that is assigned, or of an object that the client's class builds?"""
    owner = _owner(resolver, one)
    if client.module:
        return isinstance(owner, External) and resolver.catalog.client(owner.name) is client
    built = (o.function for o in options(owner) if isinstance(o, Made) and isinstance(o.function, External))
    return any(resolver.catalog.client(function.name) is client for function in built)


def _owner(resolver: Resolver, one: Global) -> Value:
    """The object whose attribute is assigned."""
    if not isinstance(one.event.target, syntax.Attribute):
        return NotGiven()
    frame = resolver.frames.root(one.module, one.scope)
    return resolver.evaluate(one.event.target.value, at_event(frame, one.scope, one.event))


def _runs_with(resolver: Resolver, module: Module, at: At) -> bool:
    """Is a module in play when the call is made: its own, a caller's, or one that imports or is imported by it?"""
    on_the_way = [at.module, *(invocation.at.module for invocation in at.frame.callers())]
    if any(module is one for one in on_the_way):
        return True
    return _imports(resolver, module, at.module) or any(_imports(resolver, one, module) for one in on_the_way)


def _imports(resolver: Resolver, module: Module, other: Module) -> bool:
    """Does one module of the project import the other, or something of it?"""
    last = other.path.removesuffix("/__init__.py").rsplit("/", 1)[-1].removesuffix(".py")
    for events in module.bindings.values():
        for event in events:
            for name in _imported(resolver, module, event.value):
                if name and name[-1] == last and resolver.modules.find(name, module.path) is other:
                    return True
    return False


def _imported(resolver: Resolver, module: Module, value: syntax.Expression | None) -> list[tuple[str, ...]]:
    if isinstance(value, syntax.ImportedModule):
        return [tuple(value.module.split("."))]
    if not isinstance(value, syntax.ImportedName):
        return []
    plain = tuple(value.module.split(".")) if value.module else ()
    parts = resolver.modules.relative(value, module.path) if value.level else plain
    return [parts, (*parts, value.name)]
