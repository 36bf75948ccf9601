"""Frames: a function with what one caller passes to it, or with its callers left open; and points in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from llmlint.facts import syntax
from llmlint.linking.evaluation.values import identity
from llmlint.linking.program.reaching import Use

if TYPE_CHECKING:
    from llmlint.linking.evaluation.values import Invocation, Value
    from llmlint.linking.program.module import Module


class Frame:
    """One activation of a module, class body or function. Interned by `Frames`, so identity is equality.

    `parent` is the frame around the definition. A root frame has no `invocation`: any caller may have made it.
    `turn` is the item that a loop inside it is at, where the items are gone through one by one; the loop is told by
    the scope and sequence of the event that binds the item.
    """

    __slots__ = ("depth", "invocation", "module", "parent", "receiver", "scope", "turn")

    def __init__(
        self,
        module: Module,
        scope: int,
        parent: Frame | None,
        invocation: Invocation | None,
        receiver: Value | None,
    ) -> None:
        self.module = module
        self.scope = scope
        self.parent = parent
        self.invocation = invocation
        self.receiver = receiver
        self.turn: tuple[int, int, Value] | None = None
        self.depth: int = 0 if invocation is None else invocation.at.frame.depth + 1

    def __repr__(self) -> str:
        return f"Frame({self.module.path}, {self.module.qualified_name(self.scope) or 'module'}, depth {self.depth})"

    def callers(self) -> Iterator[Invocation]:
        """The calls that led here, nearest first."""
        frame: Frame = self
        while frame.invocation is not None:
            yield frame.invocation
            frame = frame.invocation.at.frame


class At(NamedTuple):
    """A point of evaluation: `scope` is the frame's own or a comprehension inside it."""

    frame: Frame
    scope: int
    use: Use

    @property
    def module(self) -> Module:
        return self.frame.module


class Frames:
    """Makes each frame once."""

    def __init__(self) -> None:
        self._frames: dict[tuple[object, ...], Frame] = {}
        self._kept: list[object] = []

    def root(self, module: Module, scope: int) -> Frame:
        """The frame of a scope whose callers are left open, in root frames all the way out."""
        scope = module.function_around(scope)
        key = (id(module), scope)
        frame = self._frames.get(key)
        if frame is None:
            parent = self.root(module, module.facts.scopes[scope].parent) if scope > 0 else None
            frame = self._frames[key] = Frame(module, scope, parent, None, None)
        return frame

    def called(
        self, module: Module, scope: int, parent: Frame, invocation: Invocation | None, receiver: Value | None
    ) -> Frame:
        """The frame of a function with a receiver and arguments that are known."""
        if invocation is None and receiver is None and parent is self.root(module, module.facts.scopes[scope].parent):
            return self.root(module, scope)
        call = (id(invocation.call), id(invocation.at.frame), invocation.skip) if invocation is not None else None
        key = (id(module), scope, id(parent), call, identity(receiver) if receiver is not None else None)
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = Frame(module, scope, parent, invocation, receiver)
            self._kept.append((invocation, receiver))
        return frame

    def turn(self, frame: Frame, scope: int, sequence: int, index: int, item: Value) -> Frame:
        """The frame while a loop inside it is at one of its items."""
        key = ("turn", id(frame), scope, sequence, index, identity(item))
        found = self._frames.get(key)
        if found is None:
            found = Frame(frame.module, frame.scope, frame.parent, frame.invocation, frame.receiver)
            found.turn = (scope, sequence, item)
            self._frames[key] = found
            self._kept.append((frame, item))
        return found


def at_event(frame: Frame, scope: int, event: syntax.Event) -> At:
    """The point at which an event's value is evaluated."""
    return At(frame, scope, Use(event.block, event.sequence))


def at_end(frame: Frame) -> At:
    """The end of the frame's scope, after all its statements."""
    body = frame.module.facts.scopes[frame.scope].body
    return At(frame, frame.scope, Use(body, float("inf")))


def at_call(frame: Frame, call: syntax.Call) -> At:
    """The point of a call of the frame's module."""
    place = frame.module.facts.calls[call.index]
    return At(frame, place.scope, Use(place.block, place.sequence))
