"""The stretches that a prompt is made of, and the fact that lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llmlint.facts.call_site import Fact, FactValue, known
from llmlint.facts.syntax import Call
from llmlint.linking.calls.changes import Change
from llmlint.linking.evaluation.values import Choice, Element, Entries, Items, Made, Member, Value

MOST = 200
"""Stretches that are listed. What stands behind them is one unknown stretch."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the prompt: fixed `text`, or a `change`, or neither where nothing is known about it.

    `part` is tools, schema, instructions or a message's role. `grows`: a conversation that grows in the loop around
    the call. `history`: messages of any number and roles, which a conversation alone has. `sent` stands in for a text
    that is only named here, to count tokens by. `partial`: the text is not all that stands there.
    `sure` is False for one of several texts that may stand there.
    """

    part: str
    text: str = ""
    change: Change | None = None
    grows: bool = False
    reason: str = ""
    history: bool = False
    sent: str = ""
    partial: bool = False
    sure: bool = True


def is_messages(value: Value) -> bool:
    """Whether a list begins with a message: a function may give the whole conversation for the instructions."""
    return isinstance(value, Items) and bool(value.items) and isinstance(value.items[0], Entries)


def is_answer(value: Value, call: Call) -> bool:
    """Whether a value is read from what the call answers: an answer that is sent again is a conversation."""
    match value:
        case Member(owner=owner) | Element(owner=owner):
            return is_answer(owner, call)
        case Choice(options=several):
            return any(is_answer(option, call) for option in several)
        case Made(function=function, made=made):
            return (made is not None and made.call is call) or is_answer(function, call)
        case _:
            return False


def segments_fact(segments: Sequence[Segment], counts: Sequence[tuple[int, bool]]) -> Fact:
    """The fact `prompt.segments`; `counts` are tokens of each, and whether they are exact.

    Fixed text of one part that stands together is one stretch.
    """
    listed: list[dict[str, FactValue]] = []
    for segment, (tokens, exact) in zip(segments, counts, strict=True):
        found = _listed(segment, tokens, exact)
        last = listed[-1] if listed else {}
        if found["state"] == "static" and (last.get("state"), last.get("part")) == ("static", segment.part):
            sums = {"tokens": tokens + _number(last["tokens"]), "exact": exact and last["exact"] is True}
            listed[-1] = {**last, **found, **sums}
        else:
            listed.append(found)
    if len(listed) > MOST:
        rest: dict[str, FactValue] = {"part": "", "state": "unknown", "reason": "the prompt has too many parts to list"}
        listed = [*listed[:MOST], rest]
    return known([*listed])


def _listed(segment: Segment, tokens: int, exact: bool) -> dict[str, FactValue]:
    found: dict[str, FactValue] = {"part": segment.part}
    if segment.text:
        partial: dict[str, FactValue] = {"partial": True} if segment.partial else {}
        return {**found, "state": "static", "tokens": tokens, "exact": exact, **partial}
    if segment.history:
        found["history"] = True
    change = segment.change
    if change is not None:
        return {**found, "state": "changing", "change": change.kind, "every": change.every, "source": change.source}
    if segment.reason or segment.history:
        return {**found, "state": "unknown", "reason": segment.reason}
    return {**found, "state": "fixed"}


def _number(value: FactValue) -> int:
    return value if isinstance(value, int) else 0
