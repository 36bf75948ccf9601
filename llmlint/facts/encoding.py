"""Facts of a module to bytes and back, for caches. Nodes that stand in several places stay one node.

Their identity says that they are evaluated once: `a, b = value` makes two events with one value, and the head of
a block is the value of an event. `ModuleFacts.shared` holds two times (scope, event, n), the n-th node in the value
of an event, 0 being the value itself, where the first is the second; and (block, scope, event) where the head of a
block is the value of an event.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec
from msgspec.structs import force_setattr

from llmlint.facts.syntax import Block, Event, ModuleFacts, Node, Scope

encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(ModuleFacts)


def decode(data: bytes) -> ModuleFacts:
    """Facts from their encoded form. Raises `msgspec.MsgspecError` when the data are not what they should be."""
    facts = _decoder.decode(data)
    try:
        for shared in facts.shared:
            _share(facts, shared)
    except (IndexError, AttributeError, ValueError, StopIteration) as error:
        raise msgspec.ValidationError("what is shared isn't there") from error
    return facts


def sharing(scopes: Sequence[Scope], blocks: Sequence[Block], *, nested: bool) -> tuple[tuple[int, ...], ...]:
    """The nodes that stand in several places. `nested` asks for those inside of values as well."""
    found: list[tuple[int, ...]] = []
    owners: dict[int, tuple[int, int, int]] = {}
    again: set[int] = set()
    for where, event in _events(scopes):
        for place, slot in enumerate(_slots(event)):
            here = (*where, place)
            owner = owners.setdefault(id(slot.node), here)
            if owner != here:
                again.add(id(slot.node))
                if id(slot.parent) not in again:
                    found.append((*here, *owner))
            if not nested:
                break
    heads = ((index, owners.get(id(block.head))) for index, block in enumerate(blocks) if block.head is not None)
    return (*found, *((index, *owner[:2]) for index, owner in heads if owner is not None and owner[2] == 0))


def _share(facts: ModuleFacts, shared: tuple[int, ...]) -> None:
    if len(shared) == 3:
        block, scope, event = shared
        force_setattr(facts.blocks[block], "head", facts.scopes[scope].events[event].value)
        return
    slot, owner = (
        next(islice(_slots(facts.scopes[scope].events[event]), place, None))
        for scope, event, place in (shared[:3], shared[3:])
    )
    slot.put(owner.node)


def _events(scopes: Sequence[Scope]) -> Iterator[tuple[tuple[int, int], Event]]:
    for index, scope in enumerate(scopes):
        for place, event in enumerate(scope.events):
            if event.value is not None:
                yield (index, place), event


class _Slot(NamedTuple):
    """A place of a node: a field of its parent and, if that holds several, which of them."""

    node: Node
    parent: Node
    field: str
    place: int | None

    def put(self, node: Node) -> None:
        held: object = node
        if self.place is not None:
            several = [*getattr(self.parent, self.field)]
            several[self.place] = node
            held = tuple(several)
        force_setattr(self.parent, self.field, held)


def _slots(event: Event) -> Iterator[_Slot]:
    """The place of an event's value and those of all nodes below, but for those in pairs of a mapping."""
    if event.value is None:
        return
    waiting: list[Node] = [event.value]
    yield _Slot(event.value, event, "value", None)
    while waiting:
        parent = waiting.pop()
        for field in parent.__struct_fields__:
            held = getattr(parent, field)
            several = held if isinstance(held, tuple) else (held,)
            for place, node in enumerate(several):
                if isinstance(node, Node):
                    yield _Slot(node, parent, field, place if several is held else None)
                    waiting.append(node)
