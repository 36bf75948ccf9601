"""Which arms of `if` statements a caller rules out or makes certain by what it passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import Frame
from llmlint.linking.program.reaching import MutationUse

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_LEAVING = frozenset({"return", "raise"})


def possible(resolver: Resolver, frame: Frame, events: Sequence[syntax.Event]) -> Sequence[syntax.Event]:
    """The events that can happen in the frame. Without a caller all of them can."""
    if frame.invocation is None:
        return events
    return [event for event in events if _holds(resolver, frame, event) is not False]


def settled(resolver: Resolver, frame: Frame, uses: list[MutationUse]) -> list[MutationUse]:
    """The changes that can happen in the frame; those in arms that are certainly taken are no longer conditional."""
    if frame.invocation is None:
        return uses
    found: list[MutationUse] = []
    for use in uses:
        holds = _holds(resolver, frame, use.mutation.event)
        if holds is not False:
            found.append(use._replace(conditional=False) if holds and not use.repeated else use)
    return found


def reaches(resolver: Resolver, frame: Frame, call: syntax.Call) -> bool:
    """Whether a call can be reached on its chain of callers: False if what a caller passes rules it out."""
    while frame.invocation is not None:
        place = frame.module.facts.calls[call.index]
        if _happens(resolver, frame, place.block, place.place.line) is False:
            return False
        call, frame = frame.invocation.call, frame.invocation.at.frame
    return True


def _holds(resolver: Resolver, frame: Frame, event: syntax.Event) -> bool | None:
    return _happens(resolver, frame, event.block, event.line)


def _happens(resolver: Resolver, frame: Frame, block: int, line: int) -> bool | None:
    """Whether a block is reached: False if an arm around it is ruled out, True if all arms around it are taken."""
    blocks = frame.module.facts.blocks
    if block >= len(blocks) or blocks[block].scope != frame.scope:
        return None
    around = list(frame.module.ancestors(block))
    if _left_before(resolver, frame, line, around):
        return False
    certain = True
    for index in around:
        kind = blocks[index].kind
        if kind in {"body", "with"}:
            continue
        taken = _taken(resolver, frame, index) if kind in {"if", "else"} else None
        if taken is False:
            return False
        certain = certain and taken is True
    return certain or None


def _left_before(resolver: Resolver, frame: Frame, line: int, around: list[int]) -> bool:
    """Does an `if` above that is certainly taken leave the function?"""
    for parent in around:
        for index, own in frame.module.leaving.get(parent, ()):
            if own.line < line and index not in around and _truth(resolver, frame, index) is True:
                return True
    return False


def _taken(resolver: Resolver, frame: Frame, index: int) -> bool | None:
    """Whether an arm is taken, given that its statement is reached."""
    blocks = frame.module.facts.blocks
    arms = [arm for arm in frame.module.arms[blocks[index].statement] if arm < index and blocks[arm].kind == "if"]
    own = True if blocks[index].kind == "else" else _truth(resolver, frame, index)
    if own is False:
        return False
    certain = own is True
    for arm in arms:
        earlier = _truth(resolver, frame, arm)
        if earlier is True:
            return False
        certain = certain and earlier is False
    return certain or None


def _truth(resolver: Resolver, frame: Frame, index: int) -> bool | None:
    """Whether the condition of an `if` holds in the frame; None for all that parameters alone don't decide."""
    block = frame.module.facts.blocks[index]
    if block.head is None or not frame.module.is_on_parameters(frame.scope, index):
        return None
    return resolver.truth_in(block.head, frame, block.parent)
