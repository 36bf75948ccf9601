"""What repeats a call: loops, comprehensions, maps and pools around it and around its callers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.facts.call_site import Step
from llmlint.linking.calls.clients import identify
from llmlint.linking.evaluation import parameters
from llmlint.linking.evaluation.frames import At, Frame, at_call
from llmlint.linking.evaluation.handing import handing_kind, runs_beside
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    Choice,
    Constant,
    Element,
    Entries,
    External,
    Instance,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    Value,
    options,
)
from llmlint.linking.program.module import Module
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import Dotted, dotted, last_name, walk
from llmlint.linking.program.wording import source
from llmlint.linking.surroundings.picking import key_names, picked_names, varies_settings

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_RETRY = re.compile(r"retr(y|ies)|attempt|tries|\btrial|backoff", re.IGNORECASE)
_AGENT = re.compile(
    r"tool_?calls?|turns?\b|rounds?\b|steps?\b|iterations?\b|max_iter|finish_reason|done\b|terminate|hops?\b|depth",
    re.IGNORECASE,
)
_CONVERSATION = re.compile(r"messages?\b|history|conversation|dialog", re.IGNORECASE)
_MESSAGE = re.compile(r"(\w+_)?(message|msg)(\.|\[)", re.IGNORECASE)
"""The beginning of an expression that is a part of one message."""
_STREAM = re.compile(r"stream|chunks?_iter|events?\b|response\b|completion\b", re.IGNORECASE)
_EVENTS = re.compile(r"^(a?watch|listen|subscribe|consume|poll|tail|follow|receive)(_\w+)?$|(Consumer|Subscriber)$")
"""What gives events as they come about, for as long as the program runs."""
_ASKING = frozenset({"input", "raw_input", "receive_text", "receive_json", "get_message", "wait_for_message"})
_DATA = frozenset({"data", "dataset", "examples"})
"""The arguments of a function that runs another for each item, where the items don't follow it."""
_FEW = 5
_TRIES = 20
"""A range of more numbers is for as many items."""
_WRAPPED = 3
"""A loop over at most so many constants is no data set."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop: `kind` in the words of `surroundings.loop`; `items` if their number is known."""

    kind: str
    iterates: str
    step: Step
    items: int | None = None
    concurrent: bool = False
    block: tuple[Module, int] | None = None
    call: syntax.Call | None = None
    """The call inside that leads to the request."""
    module: Module | None = None
    """Where that call stands."""
    runs_on: bool = False
    """It is a `while` loop."""
    named: bool = False
    """Its own words say that it tries again."""
    partly: str = ""
    """The kind of the loop that only some of several callers have."""


def loops_around(resolver: Resolver, frame: Frame, call: syntax.Call) -> list[Loop]:
    """The loops around a call in its own function, innermost first."""
    module = frame.module
    place = module.facts.calls[call.index]
    found: list[Loop] = []
    scope, block = place.scope, place.block
    while scope >= 0:
        here = module.facts.scopes[scope]
        left, picked = "", set[str]()
        for index in module.ancestors(block):
            left = left if left == "return" else _left(module, index) or left
            picked |= picked_names(module, index)
            loop = _of_block(resolver, frame, module, index)
            if loop is not None:
                once = bool(left) and loop.kind == "dataset"  # the first item that gets so far is the last
                named = loop.kind == "dataset" and bool(picked & key_names(module, index))
                named = named or (loop.kind == "dataset" and varies_settings(module, index, call))
                found.append(replace(loop, kind="retry" if once else "constant" if named else loop.kind))
                left = left if left == "return" else ""
        if here.kind == "comprehension":
            found.extend(_of_comprehension(resolver, frame, module, scope))
        elif here.name == "<lambda>":
            found.extend(_of_lambda(resolver, module, scope))
        else:
            break
        scope, block = here.parent, here.block
    return [replace(loop, call=call, module=module) for loop in found]


def _left(module: Module, index: int) -> str:
    """How a block leaves the loops around it for certain, once it was run to its end."""
    leaves = module.facts.blocks[index].leaves
    return leaves if leaves in {"return", "break"} else ""


def handed_loop(resolver: Resolver, invocation: Invocation) -> Loop | None:
    """The loop of `map(function, items)` and of pools, where a call is made once for each item."""
    if not invocation.elementwise or not invocation.call.arguments:
        return None
    module = invocation.at.module
    arguments = invocation.call.arguments
    rest = [a.value for a in arguments[invocation.skip :] if a.keyword is None]
    rest = rest or [a.value for a in arguments if a.keyword in _DATA]
    rest = rest or [a.value for a in arguments[: invocation.skip - 1] if a.keyword is None]
    value = resolver.evaluate(rest[0], invocation.at) if rest else None
    place = module.facts.calls[invocation.call.index]
    text = source(rest[0]) if rest else source(getattr(invocation.call.function, "value", None)) or "its items"
    concurrent = runs_beside(resolver, resolver.evaluate(invocation.call.function, invocation.at))
    step = Step(module.location(place.place.line), f"it is called for each item of `{text}`")
    items = count(value) if value is not None else None
    return Loop("dataset", text, step, items, concurrent, call=invocation.call, module=module)


def _of_lambda(resolver: Resolver, module: Module, scope: int) -> list[Loop]:
    """A lambda handed to `apply`, `map` and the like runs once for each item."""
    handed = module.handed_lambdas.get(scope)
    if handed is None:
        return []
    call, position = handed
    at = at_call(resolver.frames.root(module, module.facts.calls[call.index].scope), call)
    if handing_kind(resolver, resolver.evaluate(call.function, at)) != "elementwise":
        return []
    loop = handed_loop(resolver, Invocation(call, at, position + 1, elementwise=True))
    return [loop] if loop is not None else []


def _of_comprehension(resolver: Resolver, frame: Frame, module: Module, scope: int) -> list[Loop]:
    found: list[Loop] = []
    for event in module.facts.scopes[scope].events:
        if event.kind == "item" and event.value is not None and not (event.path and event.path != (0,)):
            at = At(frame, scope, Use(event.block, event.sequence))
            value = resolver.evaluate(event.value, at)
            kind = _iterable_kind(resolver, event.value, at, source(event.target))
            text = source(event.value)
            found.append(Loop(kind, text, module.step(event.line, f"it runs for each item of `{text}`"), count(value)))
    return found


def _of_block(resolver: Resolver, frame: Frame, module: Module, index: int) -> Loop | None:
    block = module.facts.blocks[index]
    if block.kind == "for" and block.head is not None:
        return _for_loop(resolver, frame, module, index)
    if block.kind == "while":
        return _while_loop(module, index)
    return None


def _for_loop(resolver: Resolver, frame: Frame, module: Module, index: int) -> Loop:
    block = module.facts.blocks[index]
    assert block.head is not None
    targets = [e for e in module.facts.scopes[block.scope].events if e.kind == "item" and e.line == block.line]
    target = source(targets[0].target) if targets else ""
    sequence = targets[0].sequence if targets else 0
    at = At(frame, block.scope, Use(block.parent, sequence))
    value = resolver.evaluate(block.head, at)
    kind = _iterable_kind(resolver, block.head, at, target)
    often = (count_range(resolver, value) or 0) > _TRIES
    if kind in {"constant", "dataset"} and _is_range(value) and not often and _leaves_on_success(module, index):
        kind = "retry"
    if kind == "dataset" and _first_that_works(module, index):
        kind = "retry"
    text = source(block.head)
    step = module.step(block.line, f"the loop goes over `{text}`")
    named = bool(_RETRY.search(text) or _RETRY.search(target))
    return Loop(kind, text, step, count(value), block=(module, index), named=named)


def _iterable_kind(resolver: Resolver, head: syntax.Expression, at: At, target: str) -> str:
    text, value = source(head), resolver.evaluate(head, at)
    if _RETRY.search(text) or _RETRY.search(target):
        return "retry"
    if _is_range(value) or _is_spelt_range(head):
        return _range_kind(resolver, value, text, target)
    size = count(_gone_through(resolver, value))
    if size is not None and size <= _FEW:
        return "constant"
    if _AGENT.search(text) and "tool" in text:
        return "agent"
    if any(_is_stream(option) or _is_of_events(option) for option in options(value)):
        return "stream"
    if _is_part_of_answer(resolver, head, at):
        return "unknown"  # how many items a model gave is not known, but hardly a data set
    if isinstance(head, syntax.Name) and _is_part_of_message(at, head):
        return "conversation"
    if _CONVERSATION.search(text) and not re.search(r"data|batch|all_|list_of", text):
        return "conversation"
    return "dataset"


def _is_part_of_answer(resolver: Resolver, head: syntax.Expression, at: At) -> bool:
    """Is a collection a part of what a model answered, as a client that parses answers gives it?"""
    while isinstance(head, syntax.Attribute | syntax.Subscript):
        if _is_answered(resolver, resolver.evaluate(head, at)):
            return True
        head = head.value
    return _is_answered(resolver, resolver.evaluate(head, at))


def _is_part_of_message(at: At, head: syntax.Name) -> bool:
    """Is a name bound to `message["content"]`, `message.parts` and the like, and to nothing else?"""
    events = at.frame.module.bindings.get((at.scope, (head.name,)), ())
    return bool(events) and all(_MESSAGE.match(source(event.value)) for event in events)


def _is_answered(resolver: Resolver, value: Value) -> bool:
    if isinstance(value, Choice):
        return any(_is_answered(resolver, option) for option in value.options)
    while isinstance(value, Member | Element):
        value = value.owner
    if isinstance(value, Instance) and value.origin is not None:
        return _is_answered(resolver, value.origin)
    return isinstance(value, Made) and identify(resolver, value.function, None) is not None


def _is_stream(value: Value) -> bool:
    made = value.made if isinstance(value, Made) else None
    return made is not None and any(a.keyword == "stream" for a in made.call.arguments)


def _is_of_events(value: Value) -> bool:
    """Is it what another package's function gives as it comes about, or a part of that?"""
    while isinstance(value, Element):
        value = value.owner
    function = value.function if isinstance(value, Made) else None
    name = function.name if isinstance(function, External | Member) else None
    return name is not None and bool(_EVENTS.search(name.rsplit(".", 1)[-1]))


def _is_spelt_range(head: syntax.Expression) -> bool:
    """`range(...)` as written, where its value was not worked out."""
    return isinstance(head, syntax.Call) and isinstance(head.function, syntax.Name) and head.function.name == "range"


def _is_range(value: Value) -> bool:
    return any(isinstance(o, Made) and dotted_name(o.function) in _COUNTING for o in options(value))


_COUNTING = frozenset({"builtins.range", "itertools.count", "tqdm.trange", "tqdm.auto.trange"})


def _range_kind(resolver: Resolver, value: Value, text: str, target: str) -> str:
    if _AGENT.search(text) or _AGENT.search(target):
        return "agent"
    size = count_range(resolver, value)
    if size is not None:
        return "constant" if size <= _TRIES else "dataset"
    return "dataset" if "len(" in text else "constant"


def count_range(resolver: Resolver, value: Value) -> int | None:
    """The length of a `range(...)` of constants."""
    for option in options(value):
        if isinstance(option, Made) and option.made is not None:
            given = [resolver.evaluate(a.value, option.made.at) for a in option.made.call.arguments]
            plain = [g.value for g in given if isinstance(g, Constant) and isinstance(g.value, int)]
            if plain and len(plain) == len(given):
                try:
                    return len(range(*plain))
                except (TypeError, ValueError, OverflowError):
                    return None
    return None


def _gone_through(resolver: Resolver, value: Value) -> Value:
    """The collection behind `enumerate(...)`, `.items()` and the like, of as many items."""
    for _ in range(_WRAPPED):
        match value:
            case Made(function=Member(owner=owner, name="items" | "keys" | "values")):
                value = owner
            case Made(function=External(name=name), made=Invocation() as made) if _passes_all_on(resolver, name):
                first = next((given for given in parameters.given(made) if not given.argument.star), None)
                value = first.value(resolver) if first is not None and first.argument.keyword is None else value
            case _:
                break
    return value


def _passes_all_on(resolver: Resolver, name: str) -> bool:
    entry = resolver.catalog.ecosystem.function("iterator", name)
    return entry is not None and entry.kind in {"same", "indexed"} and tuple(entry.positions) == (0,)


def count(value: Value | None) -> int | None:
    """How many items a collection has, if that is certain."""
    match value:
        case Items(items=items) if not any(isinstance(item, Many) for item in items):
            return len(items)
        case Entries(entries=entries) if not value.open and not value.maybe:
            return len(entries)
        case _:
            return None


def _leaves_on_success(module: Module, index: int) -> bool:
    """A `try` inside with a return or break: the loop is left as soon as it works."""
    blocks = module.facts.blocks
    inside = [
        i
        for i, b in enumerate(blocks)
        if i != index and index in module.ancestors(i) and b.scope == blocks[index].scope
    ]
    has_except = any(blocks[i].kind == "except" for i in inside)
    leaves = any(
        blocks[i].leaves in {"return", "break"} for i in inside if blocks[i].kind in {"try", "try_else", "if", "else"}
    )
    return has_except and leaves


def _first_that_works(module: Module, index: int) -> bool:
    """The body tries each item and always leaves with the first that works: alternatives, not data."""
    children = [block for block in module.facts.blocks if block.parent == index]
    tried = any(block.kind in {"try", "try_else"} and block.leaves in {"return", "break"} for block in children)
    return tried and any(block.kind == "except" for block in children)


def _while_loop(module: Module, index: int) -> Loop:
    block = module.facts.blocks[index]
    text = source(block.head) or "True"
    inside = [b for i, b in enumerate(module.facts.blocks) if i != index and index in module.ancestors(i)]
    calls = [call for call in module.calls if index in module.ancestors(module.facts.calls[call.index].block)]
    names = {last_name(call.function) for call in calls}
    kind = "retry" if _waits(module, index) else _while_kind(text, names, inside, calls)
    step = module.step(block.line, f"the loop runs while `{text}`")
    return Loop(kind, text, step, block=(module, index), runs_on=True, named=bool(_RETRY.search(text)))


def _waits(module: Module, index: int) -> bool:
    """`while x is None` or `while not x` around a `try` that gives x a value: it goes on until it works once."""
    blocks = module.facts.blocks
    names = set(_missing(blocks[index].head))
    inside = [i for i, b in enumerate(blocks) if b.scope == blocks[index].scope and index in module.ancestors(i)]
    if not names or not any(blocks[i].kind == "except" for i in inside):
        return False
    events = (event for name in names for event in module.bindings.get((blocks[index].scope, name), ()))
    return any(event.block in inside for event in events)


def _missing(head: syntax.Expression | None) -> Iterator[Dotted]:
    """The names of which a condition says that they have no value yet."""
    match head:
        case syntax.BooleanOperation(operator="and", left=left, right=right):
            yield from _missing(left)
            yield from _missing(right)
        case syntax.UnaryOperation(operator="not", operand=operand) if (name := dotted(operand)) is not None:
            yield name
        case syntax.Comparison(left=left, operators=("is" | "==",), operands=(syntax.Constant(value=None | ""),)):
            if (name := dotted(left)) is not None:
                yield name


def _while_kind(text: str, names: set[str], inside: list[syntax.Block], calls: list[syntax.Call]) -> str:
    if names & _ASKING:
        return "conversation"
    has_except = any(block.kind == "except" for block in inside)
    works = any(b.leaves in {"return", "break"} for b in inside if b.kind in {"try", "try_else"})
    looks = any(b.leaves == "return" for b in inside if b.kind in {"if", "else"})
    if _RETRY.search(text) or (has_except and ("sleep" in names or works or looks)):
        return "retry"
    if _STREAM.search(text) and "read" in names:
        return "stream"
    mentioned = {node.name for call in calls for node in walk(call) if isinstance(node, syntax.Attribute)}
    if mentioned & {"tool_calls", "finish_reason", "function_call"} or _AGENT.search(text):
        return "agent"
    return "dataset" if "len(" in text else "unknown"
