"""The facts about what stands around a call: loops, who runs it, what an iteration needs from the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.facts.call_site import Fact, State, Step, absent, known, unknown
from llmlint.linking.calls.prompts import Prompt
from llmlint.linking.calls.remarks import remarks_fact
from llmlint.linking.calls.sites import Site
from llmlint.linking.evaluation.callers import classes_scope
from llmlint.linking.evaluation.classes import lineage
from llmlint.linking.evaluation.frames import Frame, at_call
from llmlint.linking.evaluation.handing import runs_beside
from llmlint.linking.evaluation.values import ClassValue, Invocation
from llmlint.linking.program.module import Module
from llmlint.linking.program.pathwords import are_named, matches
from llmlint.linking.program.readings import Reading
from llmlint.linking.program.trees import walk
from llmlint.linking.surroundings.carrying import ends_by_answer, needs_answer
from llmlint.linking.surroundings.loops import Loop, handed_loop, loops_around
from llmlint.linking.surroundings.roles import Roles

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_DECIDING = ("dataset", "agent", "conversation")
_STRONGEST = ("agent", "conversation", "retry", "stream", "constant")
_ANSWERING = frozenset({"online", "library"})
"""Roles of code that gets its data from whoever calls it."""
_FURTHER = 4
_FUNCTIONS = 12
"""Callers of callers, one behind the other and all together, that are looked at for loops."""
_PLAIN = ("builtins.", "abc.", "typing.", "typing_extensions.", "enum.", "pydantic.", "dataclasses.")
"""Packages whose classes call no methods but those that they define themselves."""
_MAPPING = frozenset({"map", "flat_map", "map_item", "process_item", "process_element", "transform_item"})
"""Methods that frameworks for data call once for each item, which is all that they are given."""
_SOMETIMES = frozenset({"if", "else", "except", "case"})


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
    module = site.module
    role = roles.role(module, site.call, seen.frame)
    loops = [_by_answer(seen.reading, loop) for loop in all_loops(resolver, site, seen.frame)]
    if role.value == "offline":  # among the scripts that run it there is one that goes through data
        loops = [replace(one, kind="dataset") if one.partly == "dataset" else one for one in loops]
    if _is_same(seen.prompt):
        loops = [replace(one, kind="constant") if one.kind == "dataset" else one for one in loops]
    loop = deciding(loops)
    caller, mapped = _outside_caller(resolver, seen.frame) if loop is None and role.value == "offline" else ("", None)
    place = module.facts.calls[site.call.index]
    name = module.qualified_name(module.function_around(place.scope))
    return {
        "surroundings.role": role,
        "surroundings.function": known(name) if name else absent(),
        "surroundings.file": known(module.path),
        "surroundings.caller_files": known([one.at.module.path for one in seen.frame.callers()]),
        "surroundings.comments": remarks_fact(seen.frame, module, site.call),
        "surroundings.evaluation": known(_evaluates(resolver, seen)),
        **_loop_facts(loop, loops, _carried(seen, _up_to(loops, loop))),
        **_items(seen, loops),
        "surroundings.repeated": _repeated(loop, site.call),
        **({"surroundings.loop": unknown(f"how often {caller} is called is not seen here")} if caller else {}),
        **(mapped or {}),
    }


def _outside_caller(resolver: Resolver, frame: Frame) -> tuple[str, dict[str, Fact] | None]:
    """The outermost method of a path that nothing but a class outside of the project can call, which it derives from,
    with that class in words; "" where it is no such method. With it the loop where the method maps items.
    """
    for invocation in frame.callers():
        frame = invocation.at.frame
    module, scope = frame.module, frame.module.facts.scopes[frame.scope]
    special = scope.name.startswith("__") and scope.name.endswith("__")
    if scope.kind != "function" or special or not classes_scope(module, frame.scope):
        return "", None
    if resolver.callers.serious(module, frame.scope):
        return "", None
    own = ClassValue(module, scope.parent, resolver.frames.root(module, module.facts.scopes[scope.parent].parent))
    bases = [base.name for base in lineage(resolver, own)[1] if not base.name.startswith(_PLAIN)]
    if not bases:
        return "", None
    base = bases[0].rsplit(".", 1)[-1]
    mapped = None
    if scope.name in _MAPPING and [one.kind for one in scope.parameters] == ["plain", "plain"]:
        step = module.step(scope.line, f"`{base}` runs `{scope.name}` for each item")
        mapped = {"surroundings.loop": known("dataset", step), "surroundings.iterates": known(base, step)}
        mapped["surroundings.concurrent"] = absent()
    return f"`{scope.name}`, which `{base}` may call,", mapped


def _is_same(prompt: Prompt) -> bool:
    """Is the same sent each time, as when models are probed or samples drawn? Then no data are gone through."""
    fixed = all(part.text and part.change is None and not part.grows for part in prompt.segments)
    return bool(prompt.segments) and not prompt.media and fixed


def _evaluates(resolver: Resolver, seen: Seen) -> bool:
    """Does the call, or a caller on the path, stand in a judge, a benchmark or an evaluation?"""
    words = resolver.catalog.ecosystem.path_words("evaluation")
    place = seen.site.module.facts.calls[seen.site.call.index]
    on_the_way = [(seen.site.module, place.scope), *((i.at.module, i.at.scope) for i in seen.frame.callers())]
    for module, scope in on_the_way:
        name = module.qualified_name(module.function_around(scope)).lower().replace(".", "_")
        if matches(words, module.path) or are_named(words, name.split("_")):
            return True
    return False


def _loop_facts(loop: Loop | None, loops: list[Loop], carried: bool) -> dict[str, Fact]:
    if loop is None:
        return {"surroundings.loop": known("none"), "surroundings.concurrent": known(False)}
    kind = unknown(f"what the loop `{loop.iterates}` is for can't be told", loop.step)
    return {
        "surroundings.loop": kind if loop.kind == "unknown" else known(loop.kind, loop.step),
        "surroundings.iterates": known(loop.iterates, loop.step),
        "surroundings.carried": known(carried, loop.step),
        "surroundings.concurrent": known(any(one.concurrent for one in loops), loop.step),
    }


def _repeated(loop: Loop | None, request: syntax.Call) -> Fact:
    """The caller that stands in the loop, where it isn't the request itself."""
    if loop is None or loop.call is None or loop.module is None or loop.call is request:
        return absent()
    text = loop.module.facts.calls[loop.call.index].text
    return known(text, Step(loop.module.call_location(loop.call), f"the loop repeats `{text}(...)`"))


def _items(seen: Seen, loops: list[Loop]) -> dict[str, Fact]:
    """How many requests the loops make together at most, and whether something else decides it too."""
    # one around a lambda is met twice, from within and from the call that the lambda is handed to
    repeating = [*{loop.step: loop for loop in loops if loop.kind in {"dataset", "constant"}}.values()]
    if not repeating:
        return {}
    sizes = [loop.items for loop in repeating if loop.items is not None]
    every = len(sizes) == len(repeating) and not _repeated_further_out(seen, repeating)
    return {
        "surroundings.items": known(prod(sizes), *(loop.step for loop in repeating)) if every else absent(),
        "surroundings.conditional": known(_is_conditional(seen, repeating[-1])),
    }


def _repeated_further_out(seen: Seen, known_of: list[Loop]) -> bool:
    """Do callers beyond the path repeat it all?"""
    outermost = seen.frame
    for invocation in seen.frame.callers():
        outermost = invocation.at.frame
    steps = {loop.step for loop in known_of}
    return any(loop.step not in steps for loop in _decided(_further_out(seen.prompt.resolver, outermost)))


def _is_conditional(seen: Seen, outermost: Loop) -> bool:
    """Does the outermost loop, or what it calls on the way to the request, pass some items over?"""
    calls = [(seen.site.module, seen.site.call), *((one.at.module, one.call) for one in seen.frame.callers())]
    for module, call in calls:
        place = module.facts.calls[call.index]
        blocks = module.facts.blocks
        around = [*module.ancestors(place.block)]
        loop = outermost.block[1] if outermost.block is not None and call is outermost.call else None
        inside = around[: around.index(loop)] if loop in around else around
        if any(_may_not_run(blocks[index]) for index in inside):
            return True
        skips = {*inside, loop} if loop in around else {*inside}
        before = [block for block in blocks if block.parent in skips and block.line < place.place.line]
        if any(block.leaves and _may_not_run(block) for block in before):
            return True
        if call is outermost.call:
            break
    return False


def _may_not_run(block: syntax.Block) -> bool:
    main = block.head is not None and any(isinstance(n, syntax.Name) and n.name == "__name__" for n in walk(block.head))
    return block.kind in _SOMETIMES and not main


def joined_loop(loops: Sequence[Fact], role: Fact) -> Fact | None:
    """The fact `surroundings.loop` of all paths together, where they differ; None when nothing is known of them all.

    A script that goes through data on some path does so. In a server or library counts what repeats the call on every
    way to it: where only some callers go through data, it is they who do, and the evidence names their loops.
    """
    by_kind: dict[str, list[Step]] = {}
    for fact in loops:
        if isinstance(fact.value, str):
            by_kind.setdefault(fact.value, []).extend(fact.evidence[:1])
    if role.value == "offline" and "dataset" in by_kind:
        return known("dataset", *by_kind["dataset"])
    some = by_kind.pop("dataset", [])
    unsure = [step for fact in loops if fact.state is not State.KNOWN for step in fact.evidence[:1]]
    if not by_kind or ((some or unsure) and role.value not in _ANSWERING) or not (some or unsure or len(by_kind) > 1):
        return None
    strongest = next((kind for kind in _STRONGEST if kind in by_kind), "none")
    return known(strongest, *dict.fromkeys([*by_kind[strongest], *some, *unsure]))


def all_loops(resolver: Resolver, site: Site, frame: Frame) -> list[Loop]:
    """The loops around the call and around its callers, innermost first."""
    found: list[Loop] = []
    if site.elementwise:
        found.extend(filter(None, [handed_loop(resolver, site.invocation(frame))]))
    own = loops_around(resolver, frame, site.call)
    place = site.module.facts.calls[site.call.index]
    asynchronous = site.target.use.client is not None and site.target.use.client.asynchronous
    callee = resolver.evaluate(site.call.function, at_call(frame, site.call)) if site.skip else None
    awaited = place.awaited or site.module.is_awaited(site.call)
    beside = asynchronous and not awaited and not site.target.endpoint.manager and not site.skip
    beside = beside or (callee is not None and runs_beside(resolver, callee) and not awaited)
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
    awaited = invocation.at.module.is_awaited(invocation.call) and not invocation.elementwise
    asynchronous = callee.module.facts.scopes[callee.scope].asynchronous
    beside = bool(invocation.skip) and runs_beside(resolver, resolver.evaluate(invocation.call.function, invocation.at))
    handed = beside and not awaited
    if (asynchronous and not awaited) or handed:
        return [replace(loop, concurrent=True) for loop in found]
    return found


def _further_out(resolver: Resolver, frame: Frame) -> list[Loop]:
    """The loops around callers of callers that no longer change what is sent.

    What only some of several callers repeat is a loop of a kind that can't be told.
    """
    found = [*_ways_out(resolver, frame.module, frame.scope, _FURTHER, set())]
    repeated = [loops for loops in found if loops]
    if not repeated:
        return []
    kinds = {_decided(loops)[0].kind for loops in repeated}
    if len(repeated) == len(found) and len(kinds) == 1:
        return repeated[0]
    partly = "dataset" if "dataset" in kinds else ""
    one = next((loops for loops in repeated if _decided(loops)[0].kind == partly), repeated[0])
    return [replace(_decided(one)[0], kind="unknown", partly=partly, runs_on=False)]


def _ways_out(
    resolver: Resolver, module: Module, scope: int, further: int, seen: set[tuple[str, int]]
) -> Iterator[list[Loop]]:
    """The loops of the nearest caller that repeats a function, on each way out; none where nobody is seen to."""
    calls = resolver.callers.serious(module, scope) if scope > 0 else []
    root = resolver.frames.root(module, scope)
    plain: dict[tuple[str, int], Module] = {}
    for invocation in calls:
        loops = _around_caller(resolver, invocation, root)
        caller = invocation.at.module
        place = (caller.path, caller.function_around(invocation.at.scope))
        if _decided(loops):
            yield loops
        else:
            plain[place] = caller
    for place, caller in plain.items():
        if place in seen:
            continue  # a way that comes back
        if further <= 1 or len(seen) >= _FUNCTIONS:
            yield []
            continue
        seen.add(place)
        yield from _ways_out(resolver, caller, place[1], further - 1, seen)
    if not calls:
        yield []


def deciding(loops: list[Loop]) -> Loop | None:
    """The innermost loop over data, of an agent or of a conversation; else the innermost of any other kind."""
    return next((loop for loop in loops if loop.kind in _DECIDING), loops[0] if loops else None)


def _up_to(loops: list[Loop], loop: Loop | None) -> list[Loop]:
    return loops[: loops.index(loop) + 1] if loop is not None else []


def _carried(seen: Seen, loops: list[Loop]) -> bool:
    """Does an iteration of one of the loops need the answer of the one before?"""
    if any(segment.grows for segment in seen.prompt.segments):
        return True
    if any(needs_answer(seen.reading, loop) for loop in loops):
        return True
    return any(loop.kind == "dataset" and ends_by_answer(seen.reading, loop) for loop in loops)


def _by_answer(reading: Reading, loop: Loop) -> Loop:
    """A loop that goes on from the answer it got is an agent's; one that only looks at it tries again."""
    if loop.kind in {"constant", "unknown", "retry"} and not loop.named and needs_answer(reading, loop):
        return replace(loop, kind="agent")
    if loop.kind == "unknown" and loop.runs_on and ends_by_answer(reading, loop):
        return replace(loop, kind="retry")
    return loop
