"""The facts about what stands around a call: loops, who runs it, what an iteration needs from the one before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.facts.call_site import Fact, absent, known, unknown
from llmlint.linking.frames import Frame, at_call
from llmlint.linking.handing import runs_beside
from llmlint.linking.loops import Loop, handed_loop, loops_around
from llmlint.linking.module import Module
from llmlint.linking.pathwords import matches
from llmlint.linking.prompts import Prompt
from llmlint.linking.readings import Reading
from llmlint.linking.roles import Roles
from llmlint.linking.sites import Site
from llmlint.linking.trees import walk
from llmlint.linking.values import Invocation

if TYPE_CHECKING:
    from llmlint.linking.resolver import Resolver

_DECIDING = ("dataset", "agent", "conversation")
_FURTHER = 4


@dataclass(frozen=True, slots=True)
class Seen:
    """One call on one path, with its prompt and what is done with the answer."""

    site: Site
    frame: Frame
    prompt: Prompt
    reading: Reading


def surroundings_facts(roles: Roles, seen: Seen) -> dict[str, Fact]:
    """The facts `surroundings.*` of a call on one path."""
    site, resolver = seen.site, seen.prompt.resolver
    loops = [_as_agent(seen.reading, loop) for loop in all_loops(resolver, site, seen.frame)]
    loop = deciding(loops)
    module = site.module
    place = module.facts.calls[site.call.index]
    name = module.qualified_name(module.function_around(place.scope))
    return {
        "surroundings.role": roles.role(module, seen.frame),
        "surroundings.function": known(name) if name else absent(),
        "surroundings.evaluation": known(_evaluates(resolver, seen)),
        **_loop_facts(loop, loops, _carried(seen, _up_to(loops, loop))),
    }


def _evaluates(resolver: Resolver, seen: Seen) -> bool:
    """Does the call, or a caller on the path, stand in a judge, a benchmark or an evaluation?"""
    words = resolver.catalog.ecosystem.path_words("evaluation")
    place = seen.site.module.facts.calls[seen.site.call.index]
    on_the_way = [(seen.site.module, place.scope), *((i.at.module, i.at.scope) for i in seen.frame.callers())]
    for module, scope in on_the_way:
        name = module.qualified_name(module.function_around(scope)).lower().replace(".", "_")
        if matches(words, module.path) or set(name.split("_")) & set(words.words):
            return True
    return False


def _loop_facts(loop: Loop | None, loops: list[Loop], carried: bool) -> dict[str, Fact]:
    if loop is None:
        return {"surroundings.loop": known("none"), "surroundings.concurrent": known(False)}
    kind = unknown(f"what the loop `{loop.iterates}` is for can't be told", loop.step)
    return {
        "surroundings.loop": kind if loop.kind == "unknown" else known(loop.kind, loop.step),
        "surroundings.iterates": known(loop.iterates, loop.step),
        "surroundings.items": known(loop.items, loop.step) if loop.items is not None else absent(),
        "surroundings.carried": known(carried, loop.step),
        "surroundings.concurrent": known(any(one.concurrent for one in loops), loop.step),
    }


def all_loops(resolver: Resolver, site: Site, frame: Frame) -> list[Loop]:
    """The loops around the call and around its callers, innermost first."""
    found: list[Loop] = []
    if site.elementwise:
        found.extend(filter(None, [handed_loop(resolver, site.invocation(frame))]))
    own = loops_around(resolver, frame, site.call)
    place = site.module.facts.calls[site.call.index]
    asynchronous = site.target.use.client is not None and site.target.use.client.asynchronous
    callee = resolver.evaluate(site.call.function, at_call(frame, site.call)) if site.skip else None
    beside = asynchronous and not place.awaited and not site.target.endpoint.manager and not site.skip
    beside = beside or (callee is not None and runs_beside(resolver, callee))
    found.extend(replace(loop, concurrent=True) if beside else loop for loop in own)
    outermost = frame
    for invocation in frame.callers():
        found.extend(_around_caller(resolver, invocation, outermost))
        outermost = invocation.at.frame
    return found if deciding(found) in _decided(found) else found + _further_out(resolver, outermost)


def _decided(loops: list[Loop]) -> list[Loop]:
    return [loop for loop in loops if loop.kind in _DECIDING]


def _around_caller(resolver: Resolver, invocation: Invocation, callee: Frame) -> list[Loop]:
    """The loops around a call of `callee`'s function; what isn't awaited on the spot runs beside others."""
    mapped = handed_loop(resolver, invocation)
    found = ([mapped] if mapped is not None else []) + loops_around(resolver, invocation.at.frame, invocation.call)
    awaited = invocation.at.module.facts.calls[invocation.call.index].awaited
    asynchronous = callee.module.facts.scopes[callee.scope].asynchronous
    handed = bool(invocation.skip) and runs_beside(resolver, resolver.evaluate(invocation.call.function, invocation.at))
    if (asynchronous and not awaited) or handed:
        return [replace(loop, concurrent=True) for loop in found]
    return found


def _further_out(resolver: Resolver, frame: Frame) -> list[Loop]:
    """The loops around callers of callers that no longer change what is sent.

    What only some of several callers repeat is a loop of a kind that can't be told.
    """
    module, scope = frame.module, frame.scope
    for _ in range(_FURTHER):
        calls = resolver.callers.serious(module, scope) if scope > 0 else []
        root = resolver.frames.root(module, scope)
        found = [_around_caller(resolver, invocation, root) for invocation in calls]
        repeated = [loops for loops in found if _decided(loops)]
        if repeated:
            kinds = {one.kind for loops in repeated for one in _decided(loops)[:1]}
            same = len(repeated) == len(found) and len(kinds) == 1
            return repeated[0] if same else [replace(_decided(repeated[0])[0], kind="unknown")]
        if len(calls) != 1:
            return []
        module, scope = calls[0].at.module, calls[0].at.module.function_around(calls[0].at.scope)
    return []


def deciding(loops: list[Loop]) -> Loop | None:
    """The innermost loop over data, of an agent or of a conversation; else the innermost of any other kind."""
    return next((loop for loop in loops if loop.kind in _DECIDING), loops[0] if loops else None)


def _up_to(loops: list[Loop], loop: Loop | None) -> list[Loop]:
    return loops[: loops.index(loop) + 1] if loop is not None else []


def _carried(seen: Seen, loops: list[Loop]) -> bool:
    """Does what is sent in one iteration of a loop depend on the answer of the one before?"""
    if any(segment.grows for segment in seen.prompt.segments):
        return True
    return any(_feeds_back(seen.reading, loop) for loop in loops)


def _as_agent(reading: Reading, loop: Loop) -> Loop:
    """A loop that goes on from the answer it got is an agent's, however it counts."""
    if loop.kind in {"constant", "unknown", "retry"} and _feeds_back(reading, loop):
        return replace(loop, kind="agent")
    return loop


def _feeds_back(reading: Reading, loop: Loop) -> bool:
    if loop.block is None or loop.call is None:
        return False
    module, block = loop.block
    scope = module.facts.blocks[block].scope
    wanted = {name for where, at, name in reading.names if where == id(module) and at == scope}
    return bool(wanted & _depends_on(module, scope, block, loop.call))


def _depends_on(module: Module, scope: int, block: int, call: syntax.Call) -> set[str]:
    """The names that the arguments are made of, through what is bound inside the loop."""
    waiting = [node.name for a in call.arguments for node in walk(a.value) if isinstance(node, syntax.Name)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for event in module.bindings.get((scope, (name,)), ()):
            if event.value is not None and block in module.ancestors(event.block):
                waiting.extend(node.name for node in walk(event.value) if isinstance(node, syntax.Name))
        for mutation in module.mutations.get((scope, (name,)), ()):
            value = mutation.event.value
            if value is not None and block in module.ancestors(mutation.event.block):
                waiting.extend(node.name for node in walk(value) if isinstance(node, syntax.Name))
    return found
