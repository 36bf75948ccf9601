"""Loops that convert a few known items one after another: what they append to a list, item by item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import At, Frame, at_event
from llmlint.linking.evaluation.operations import truth
from llmlint.linking.evaluation.values import WIDTH_LIMIT, Items, Many, Value, choice, options
from llmlint.linking.program.reaching import MutationUse, Use

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_LOOPS = frozenset({"for", "while"})
_PLAIN = frozenset({"body", "with"})
_CUT = frozenset({"break", "continue", "return"})


@dataclass(frozen=True, slots=True)
class Unrolled:
    """What a loop appends, in order. `sequences` are those of its changes, of which `first` is the first."""

    first: int
    sequences: frozenset[int]
    added: tuple[Value, ...]

    def after(self, value: Value) -> Value:
        """A list, or one of several, after the loop."""
        return choice(
            [
                Items(option.kind, (*option.items, *self.added), trail=option.trail)
                if isinstance(option, Items)
                else option
                for option in options(value)
            ]
        )


def unrolled(
    resolver: Resolver, uses: Sequence[MutationUse], start: syntax.Event | None, at: At
) -> dict[int, Unrolled]:
    """The loops among the changes of a list that can be followed item by item, by the sequence of each change."""
    outside = set(at.module.ancestors(start.block)) if start is not None else set()
    by_loop: dict[int, list[MutationUse]] = defaultdict(list)
    for use in uses:
        around = [block for block in at.module.ancestors(use.mutation.event.block) if block not in outside]
        loops = [block for block in around if at.module.facts.blocks[block].kind in _LOOPS]
        if loops:
            by_loop[loops[-1]].append(use if len(loops) == 1 else use._replace(grows=True))
    found: dict[int, Unrolled] = {}
    for loop, inside in by_loop.items():
        added = _added(resolver, loop, inside, at)
        if added is not None:
            sequences = [use.mutation.event.sequence for use in inside]
            one = Unrolled(min(sequences), frozenset(sequences), added)
            found.update(dict.fromkeys(sequences, one))
    return found


def _added(resolver: Resolver, loop: int, uses: Sequence[MutationUse], at: At) -> tuple[Value, ...] | None:
    """What a loop appends; None where it does anything else, or goes through what isn't known item by item."""
    event = _item_event(at, loop)
    if event is None or event.value is None or any(use.grows or not _appends(use) for use in uses):
        return None
    if _is_cut(at, loop):
        return None
    items = resolver.evaluate(event.value, at_event(at.frame, at.scope, event))
    if not isinstance(items, Items) or items.kind == "set" or not 1 <= len(items.items) <= WIDTH_LIMIT:
        return None
    if all(isinstance(item, Many) for item in items.items):
        return None
    added: list[Value] = []
    for index, item in enumerate(items.items):
        plain = item.item if isinstance(item, Many) else item
        frame = resolver.frames.turn(at.frame, at.scope, event.sequence, index, plain)
        made = [_made(resolver, use, loop, frame, at.scope) for use in uses]
        values = [value for value in made if value is not None]
        if isinstance(item, Many):
            kept = [value.item if isinstance(value, Many) else value for value in values]
            added.extend([Many(choice(kept), item.grows)] if kept else [])
        else:
            added.extend(values)
    return tuple(added)


def _is_cut(at: At, loop: int) -> bool:
    """Whether a turn of the loop may end before its last statement."""
    blocks = at.module.facts.blocks
    for index in range(loop, len(blocks)):
        inside = loop in at.module.ancestors(index)
        if inside and blocks[index].leaves in _CUT:
            return True
        if not inside and blocks[index].scope == at.scope:
            return False
    return False


def _item_event(at: At, loop: int) -> syntax.Event | None:
    """What binds the one target of a `for` statement."""
    block = at.module.facts.blocks[loop]
    events = at.module.facts.scopes[at.scope].events
    found = [event for event in events if event.kind == "item" and event.value is block.head]
    return found[0] if block.kind == "for" and len(found) == 1 and not found[0].path else None


def _appends(use: MutationUse) -> bool:
    call = use.mutation.call
    return use.mutation.method == "append" and call is not None and len(call.arguments) == 1


def _made(resolver: Resolver, use: MutationUse, loop: int, frame: Frame, scope: int) -> Value | None:
    """What one `append` adds for the item that the loop is at; None if it is passed over."""
    call = use.mutation.call
    taken = _taken(resolver, use.mutation.event.block, loop, frame, scope)
    if call is None or taken is False:
        return None
    value = resolver.evaluate(call.arguments[0].value, at_event(frame, scope, use.mutation.event))
    return value if taken else Many(value)


def _taken(resolver: Resolver, block: int, loop: int, frame: Frame, scope: int) -> bool | None:
    """Whether a block inside the loop is reached."""
    blocks = frame.module.facts.blocks
    certain = True
    for index in frame.module.ancestors(block):
        if index == loop:
            return certain or None
        if blocks[index].kind in _PLAIN:
            continue
        truth = _arm(resolver, index, frame, scope) if blocks[index].kind in {"if", "else"} else None
        if truth is False:
            return False
        certain = certain and truth is True
    return None


def _arm(resolver: Resolver, index: int, frame: Frame, scope: int) -> bool | None:
    """Whether an arm of an `if` is taken: none in front of it is, and its own condition holds."""
    blocks = frame.module.facts.blocks
    arms = [arm for arm in frame.module.arms[blocks[index].statement] if arm < index and blocks[arm].kind == "if"]
    earlier = [_truth(resolver, arm, frame, scope) for arm in arms]
    own = True if blocks[index].kind == "else" else _truth(resolver, index, frame, scope)
    if own is False or True in earlier:
        return False
    return True if own is True and all(one is False for one in earlier) else None


def _truth(resolver: Resolver, index: int, frame: Frame, scope: int) -> bool | None:
    """Whether a condition holds where its arm begins."""
    block = frame.module.facts.blocks[index]
    inside = [
        event.sequence
        for event in frame.module.facts.scopes[scope].events
        if index in frame.module.ancestors(event.block)
    ]
    if block.head is None or not inside:
        return None
    return truth(resolver.evaluate(block.head, At(frame, scope, Use(block.parent, min(inside) - 0.5))))
