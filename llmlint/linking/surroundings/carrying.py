"""Whether an iteration of a loop needs the answer of the one before: what is sent, or whether it goes on at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from llmlint.facts import syntax
from llmlint.linking.program.module import Module
from llmlint.linking.program.readings import Reading
from llmlint.linking.program.trees import Dotted, children, dotted, walk
from llmlint.linking.surroundings.loops import Loop

_KEEPS = re.compile(r"^(add|append|extend|insert|update|push|put|remember|record|set|store)(_|$)")
"""Methods that put their arguments into the object they are called on."""
_ROUNDS = 4
_BINDING = frozenset({"assign", "enter", "item", "catch"})


class _Iteration:
    """One loop with the call inside that leads to the request."""

    def __init__(self, reading: Reading, module: Module, block: int, call: syntax.Call) -> None:
        self.module = module
        self.block = block
        self.call = call
        self.scope = module.facts.blocks[block].scope
        events = module.facts.scopes[self.scope].events
        self.events = [event for event in events if event.block >= 0 and block in module.ancestors(event.block)]
        names: set[Dotted] = {(name,) for where, at, name in reading.names if where == id(module) and at == self.scope}
        self.held = self._held(names)

    def _held(self, names: set[Dotted]) -> frozenset[Dotted]:
        """The names and attributes that hold the answer, what is made of it, or a collection that it was put into."""
        held = set(names)
        for event in self.events:
            if event.value is not None and any(node is self.call for node in walk(event.value)):
                held.update(_targets(event))
        for _ in range(_ROUNDS):
            new = {target for event in self.events if _mentions(event.value, held) for target in _targets(event)}
            if new <= held:
                break
            held |= new
        return frozenset(held)

    def needs(self) -> bool:
        """Is what is sent made of what an earlier answer left behind?"""
        place = self.module.facts.calls[self.call.index]
        scope, block, sequence = place.scope, place.block, place.sequence
        while scope != self.scope and scope > 0:
            here = self.module.facts.scopes[scope]
            scope, block, sequence = here.parent, here.block, here.sequence
        if scope != self.scope:
            return False
        waiting = [(name, block, sequence) for argument in self.call.arguments for name in _contents(argument.value)]
        seen: set[tuple[Dotted, int]] = set()
        while waiting:
            name, block, sequence = waiting.pop()
            if (name, sequence) in seen:
                continue
            seen.add((name, sequence))
            fresh = self._fresh(name, block, sequence)
            if fresh is None and name in self.held:
                return True
            changes = [fresh] if fresh is not None else self._changes(name)
            for event in changes:
                if event.value is not None and event.kind != "item":
                    waiting.extend((other, event.block, event.sequence) for other in _contents(event.value))
        return False

    def _fresh(self, name: Dotted, block: int, sequence: int) -> syntax.Event | None:
        """The event of this iteration that binds a name for certain before it is used."""
        around = set(self.module.ancestors(block))
        bound = self.module.bindings.get((self.scope, name[:1]), ())
        certain = [
            event
            for event in bound
            if event.kind in _BINDING and event.sequence < sequence and self._inside(event) and event.block in around
        ]
        return certain[-1] if certain else None

    def _inside(self, event: syntax.Event) -> bool:
        own = event.kind == "item" and event.line == self.module.facts.blocks[self.block].line
        return own or self.block in self.module.ancestors(event.block)

    def _changes(self, name: Dotted) -> list[syntax.Event]:
        found = [*self.module.bindings.get((self.scope, name), ())]
        found.extend(mutation.event for mutation in self.module.mutations.get((self.scope, name), ()))
        return [event for event in found if self._inside(event)]

    def ends(self) -> bool:
        """Does what was answered decide whether the loop goes on? A check for failure is none, nor is a limit: how much
        was spent, or how many were found.
        """
        blocks = self.module.facts.blocks
        head = blocks[self.block].head
        if blocks[self.block].kind == "while" and _mentions(head, self.held) and not _checks_failure(head):
            return True
        held = self.held - self._sums()
        for index, block in enumerate(blocks):
            if block.scope == self.scope and block.kind == "if" and block.leaves in {"break", "return"}:
                inside = index != self.block and self.block in self.module.ancestors(index)
                said = block.head is not None and any(name in held for name in _contents(block.head))
                if inside and said and not _checks_failure(block.head):
                    return True
        return False

    def _sums(self) -> set[Dotted]:
        """The names that are only ever added to."""
        added = {name for event in self.events if event.kind == "augment" for name in _targets(event)}
        return added - {name for event in self.events if event.kind != "augment" for name in _targets(event)}


def needs_answer(reading: Reading, loop: Loop) -> bool:
    """Is what an iteration sends made of the answer of the one before?"""
    iteration = _of(reading, loop)
    return iteration is not None and iteration.needs()


def ends_by_answer(reading: Reading, loop: Loop) -> bool:
    """Does the answer decide whether the loop goes on?"""
    iteration = _of(reading, loop)
    return iteration is not None and iteration.ends()


def _of(reading: Reading, loop: Loop) -> _Iteration | None:
    if loop.block is None or loop.call is None:
        return None
    module, block = loop.block
    return _Iteration(reading, module, block, loop.call)


def _targets(event: syntax.Event) -> Iterator[Dotted]:
    """What an event puts its value into: a name, an attribute, a collection."""
    target = event.target.value if isinstance(event.target, syntax.Subscript) else event.target
    if event.kind in {"assign", "augment", "item", "enter"} and target is not None:
        if (name := dotted(target)) is not None:
            yield name
        return
    call = event.value.value if isinstance(event.value, syntax.Await) else event.value
    if event.kind == "evaluate" and isinstance(call, syntax.Call) and isinstance(call.function, syntax.Attribute):
        name = dotted(call.function.value)
        if name is not None and _KEEPS.match(call.function.name):
            yield name


def _names(expression: syntax.Expression) -> Iterator[Dotted]:
    for node in walk(expression):
        name = dotted(node) if isinstance(node, syntax.Name | syntax.Attribute) else None
        if name is not None and name != ("self",):
            yield name


def _contents(expression: syntax.Expression) -> Iterator[Dotted]:
    """The names that a value is made of, without those of which only the length counts."""
    waiting: list[syntax.Node] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, syntax.Call) and dotted(node.function) == ("len",):
            continue
        name = dotted(node) if isinstance(node, syntax.Name | syntax.Attribute) else None
        if name is not None and name != ("self",):
            yield name
        waiting.extend(children(node))


def _mentions(expression: syntax.Expression | None, names: set[Dotted] | frozenset[Dotted]) -> bool:
    return expression is not None and any(name in names for name in _names(expression))


def _checks_failure(head: syntax.Expression | None) -> bool:
    """`not x`, `x is None` and the like: the loop is left because something went wrong, or left as soon as it works."""
    match head:
        case syntax.Name() | syntax.Attribute():
            return True
        case syntax.UnaryOperation(operator="not", operand=operand):
            return _checks_failure(operand)
        case syntax.BooleanOperation(left=left, right=right):
            return _checks_failure(left) and _checks_failure(right)
        case syntax.Comparison(operands=operands):
            return all(isinstance(one, syntax.Constant) and one.value is None for one in operands)
        case _:
            return False
