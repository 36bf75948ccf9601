"""The prompt in the order the model reads it: segments that are fixed text, change, or are not known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from llmlint.catalog.model_entries import Model
from llmlint.catalog.tokens import count_tokens
from llmlint.facts.call_site import Fact, FactValue, Step, absent, known, unknown
from llmlint.linking.calls.changes import Change, change_of, placed_within
from llmlint.linking.calls.payloads import payload
from llmlint.linking.calls.prompt_parts import Segment, is_answer, is_messages, segments_fact
from llmlint.linking.calls.requests import Request, is_absent, reason_of, to_plain
from llmlint.linking.calls.schemas import schema_text
from llmlint.linking.evaluation import invoking, shapes, strings
from llmlint.linking.evaluation.values import (
    ClassValue,
    Constant,
    Element,
    Entries,
    FunctionValue,
    Invocation,
    Items,
    Many,
    Text,
    Unknown,
    Value,
    choice,
    is_text,
    options,
)

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

TEXT_LIMIT = 200_000
_JSON = re.compile(r"\bjson\b", re.IGNORECASE)
_MEDIA = frozenset({"image_url", "input_image", "input_audio", "input_file", "file", "image"})


class Prompt:
    """The segments of one request, and what was met on the way."""

    def __init__(self, request: Request, invocation: Invocation, in_loop: Callable[[], bool]) -> None:
        """`in_loop` says whether anything repeats the call."""
        self.resolver: Resolver = request.resolver
        self._in_loop = in_loop
        self._endpoint = request.endpoint
        self._invocation = invocation
        self._chain = frozenset(id(one.call) for one in (invocation, *invocation.at.frame.callers()))
        self.segments: list[Segment] = []
        self.roles: list[str] | None = []
        self.sometimes: list[str] = []
        """Fixed texts of which one stands in the prompt, or that stand there on some ways or many times."""
        self.loose = False
        """Whether there are messages with fixed text that are sent on some ways only, or any number of times."""
        self.media = False
        self.several: bool | None = False
        for part in request.endpoint.prompt:
            value = self._made(request.prompt(part.argument))
            given = [option for option in options(value) if not is_absent(self.resolver, option)]
            if given:
                told = _most_telling(given)
                reader = {"tools": self._data, "schema": self._schema, "text": self._texts}.get(part.shape)
                if part.shape == "text" and is_messages(told):
                    reader = None
                whole = not isinstance(told, Items) if reader == self._texts else reader is None and is_text(told)
                (reader or self._conversation)(part.argument, choice(given) if whole else told)

    def _made(self, value: Value) -> Value:
        """What a function gives that is called for each request, where one stands instead of a text."""
        made = [
            invoking.returned(self.resolver, option, None) if isinstance(option, FunctionValue) else option
            for option in options(value)
        ]
        return choice(made)

    # --- parts ----------------------------------------------------------------------------------------------

    def _data(self, part: str, value: Value) -> None:
        """Tools: plain data whose text is counted; an unordered collection changes from process to process."""
        sent = payload(value)
        if isinstance(value, Items) and value.items and all(isinstance(item, Many) for item in value.items):
            self.segments.append(Segment(part, reason="how many there are isn't known"))
        elif isinstance(value, Items | Entries):
            self.segments.append(Segment(part, sent.text[:TEXT_LIMIT], partial=not sent.whole))
        else:
            self.segments.append(Segment(part, reason=reason_of(value)))
        change = self._change(value)
        if (change.kind and change.every not in {"process", "unknown"}) or change.kind == "unordered":
            self.segments.append(Segment(part, change=change))

    def _schema(self, part: str, value: Value) -> None:
        if isinstance(value, ClassValue):
            sent = schema_text(self.resolver, value)
            self.segments.append(Segment(part, json.dumps(to_plain(value))[:TEXT_LIMIT], sent=sent))
        elif isinstance(value, Entries):
            given = payload(value)
            self.segments.append(Segment(part, given.text[:TEXT_LIMIT], partial=not given.whole))

    def _texts(self, part: str, value: Value) -> None:
        given = shapes.argument(self._invocation.call, self._endpoint, part)
        self.several = shapes.several(self.resolver, value, self._invocation.at.frame, given)
        if isinstance(value, Items):
            for item in value.items:
                self._text(part, item.item if isinstance(item, Many) else item)
        else:
            self._text(part, value)

    def _conversation(self, part: str, value: Value) -> None:
        several = any(is_text(option) for option in options(value))
        if several or isinstance(value, Element) or (isinstance(value, Unknown) and value.text):
            self._text("user", value)
            return
        if not isinstance(value, Items):
            self.roles = None
            grows = _is_history(value)
            self.segments.append(Segment(part, reason=reason_of(value), grows=grows, history=grows))
            return
        for item in value.items:
            inner = item.item if isinstance(item, Many) else item
            self._message(inner, isinstance(item, Many), isinstance(item, Many) and item.grows)

    def _message(self, message: Value, repeated: bool, grows: bool) -> None:
        several = {_constant_text(strings.lookup(one, "role")) for one in options(message) if isinstance(one, Entries)}
        message = _most_telling(list(options(message)))
        if not isinstance(message, Entries):
            self._opaque_message(message, repeated, grows)
            return
        role = _constant_text(strings.lookup(message, "role")) if len(several) == 1 else ""
        if self.roles is not None:
            self.roles.append(role or "?")
        given = strings.lookup(message, "content")
        content = _most_telling(list(options(given)))
        if repeated:
            texts = [_fixed(one) for way in options(given) for piece in _pieces(way) for one in options(piece)]
            self.sometimes.extend(texts)
            self.loose = self.loose or any(texts)
            # What is appended stays as it is: a change in it is no change of what stands before.
            grows = grows or is_answer(content, self._invocation.call)
            change = None if grows else self._change(content)
            moves = change is not None and change.every != "process"
            history = grows or role in {"", "history"}
            self.segments.append(Segment(role, change=change if moves else None, grows=grows, history=history))
        elif isinstance(content, Items):
            for piece in content.items:
                self._piece(role, piece)
        else:
            self._text(role, given)

    def _opaque_message(self, message: Value, repeated: bool, grows: bool) -> None:
        if is_text(message):
            self._text("user", message)
        else:
            self.roles = None
            self.segments.append(Segment("message", reason=reason_of(message), grows=grows, history=repeated))

    def _piece(self, role: str, piece: Value) -> None:
        """One part of a message's content: text, or an image and the like."""
        piece = piece.item if isinstance(piece, Many) else piece
        if not isinstance(piece, Entries):
            self._text(role, piece)
            return
        kind = _constant_text(strings.lookup(piece, "type"))
        if kind in _MEDIA:
            self.media = True
            fixed = _is_whole(to_plain(piece))  # the same picture each time
            self.segments.append(Segment(role, change=None if fixed else Change("other", "unknown", kind)))
        else:
            self._text(role, strings.lookup(piece, "text"))

    def _text(self, part: str, value: Value) -> None:
        for piece in value.parts if isinstance(value, Text) else (value,):
            alternatives = list(options(piece))
            told = _most_telling(alternatives)
            first = len(self.segments)
            if isinstance(told, Text):
                self._text(part, told)
            elif isinstance(told, Constant):
                self.segments.append(Segment(part, str(told.value)[:TEXT_LIMIT]))
            else:
                change = self._change(told)
                self.segments.append(Segment(part, change=None if change.every == "process" else change))
            if len(alternatives) > 1 and isinstance(told, Text | Constant):
                self.segments[first:] = [replace(segment, sure=False) for segment in self.segments[first:]]
                self._differs(part, piece, alternatives)

    def _change(self, value: Value) -> Change:
        """How a value changes from call to call: the item of a loop that is over by then doesn't."""
        change = change_of(self.resolver, value)
        change = change if change.unlooped is None or self._in_loop() else change.unlooped
        return placed_within(change, self._chain)

    def _differs(self, part: str, piece: Value, alternatives: list[Value]) -> None:
        """One of several texts stands in the prompt; which one may change from call to call."""
        self.sometimes.extend(_fixed(one) for one in alternatives)
        change = self._change(piece)
        texts = {one.value for one in alternatives if isinstance(one, Constant)}
        if change.every == "process" and (len(texts) > 1 or any(isinstance(one, Text) for one in alternatives)):
            change = Change("other", "unknown", "one of several texts", piece.trail)
        if change.every != "process":
            self.segments.append(Segment(part, change=change))

    @property
    def hidden(self) -> str:
        """Why whole messages or parts are not known; "" if all are seen."""
        return next((segment.reason for segment in self.segments if segment.reason), "")

    # --- sums -----------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """All fixed text of instructions and messages."""
        return "\n".join(segment.text for segment in self.segments if segment.text and segment.part not in _STRUCTURE)

    def telling_change(self, tokens: Sequence[int]) -> int | None:
        """The index of the change that costs most, else of the first that may be one; `tokens` are the segments'."""
        proven = [i for i, s in enumerate(self.segments) if s.change is not None and s.change.every != "unknown"]
        if proven:
            return max(proven, key=lambda i: self._loss(i, tokens))
        return next((i for i, s in enumerate(self.segments) if s.change is not None), None)

    def _loss(self, index: int, tokens: Sequence[int]) -> float:
        """What a change loses of the cache, in tokens that are paid again each call; a conversation is long."""
        change = self.segments[index].change
        if change is None:
            return 0
        behind = sum(tokens[index + 1 :])
        needless = change.kind in _NEEDLESS and any(s.history for s in self.segments[index + 1 :])
        return _WEIGHT.get(change.every, 0) * (behind + (_CONVERSATION if needless else 0))


_WEIGHT = {"call": 1.0, "item": 1.0, "conversation": 0.2, "day": 0.01}
"""How many of the calls pay for a change."""
_NEEDLESS = frozenset({"clock", "random", "identifier"})
"""Changes that no conversation needs, from turn to turn; what is asked has to change."""
_CONVERSATION = 2_000
"""Tokens of a conversation that is sent again."""
_ONE_OR_MORE = "whether one text is sent or several can't be told"
_LOOSE = "some messages are sent on some ways only, or any number of times"
_STRUCTURE = frozenset({"tools", "format"})


def _is_whole(data: FactValue) -> bool:
    """Is plain data known down to its leaves? None stands for what isn't."""
    if isinstance(data, dict):
        return all(_is_whole(item) for item in data.values())
    if isinstance(data, list):
        return all(_is_whole(item) for item in data)
    return data is not None


def _constant_text(value: Value) -> str:
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else ""


def _pieces(content: Value) -> list[Value]:
    """The texts that a message's content is made of."""
    items = content.items if isinstance(content, Items) else (content,)
    plain = [item.item if isinstance(item, Many) else item for item in items]
    return [strings.lookup(item, "text") if isinstance(item, Entries) else item for item in plain]


def _fixed(value: Value) -> str:
    """The fixed parts of a text."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(str(part.value) for part in parts if isinstance(part, Constant))


def _most_telling(given: list[Value]) -> Value:
    """Of several alternatives the one that is known best: collections and text before what isn't followed."""

    def rank(value: Value) -> tuple[int, int]:
        if isinstance(value, Items | Entries):
            return 0, 0
        if isinstance(value, Text) or (isinstance(value, Constant) and value.value):
            return 1, len(_fixed(value))  # what is there on every way
        return (3, 0) if isinstance(value, Unknown) else (2, 0)

    return min(given, key=rank) if given else Constant("")


def _is_history(value: Value) -> bool:
    """An opaque list of messages may be a conversation; only a list that grows is known to be one."""
    return isinstance(value, Items) and any(isinstance(item, Many) and item.grows for item in value.items)


def prompt_facts(prompt: Prompt, entry: Model | None) -> dict[str, Fact]:
    """The facts `prompt.*`."""
    if not prompt.segments:
        return {}
    encoding = entry.encoding if entry is not None else None
    counts = [count_tokens(segment.text, encoding) for segment in prompt.segments]
    tokens = [count.tokens for count in counts]
    first = prompt.telling_change(tokens)
    behind = sum(tokens[first + 1 :]) if first is not None else 0
    hidden = prompt.hidden
    uncounted = hidden or (_LOOSE if prompt.loose else "")
    certain = entry is None or entry.encoding_known
    weights = [
        (count_tokens(segment.sent, encoding).tokens, False)
        if segment.sent
        else (count.tokens, count.exact and certain and segment.sure and not segment.partial)
        for segment, count in zip(prompt.segments, counts, strict=True)
    ]
    facts = {
        "prompt.segments": segments_fact(prompt.segments, weights),
        "prompt.static_tokens": unknown(uncounted) if uncounted else known(sum(tokens)),
        "prompt.leading_tokens": known(sum(tokens[:first]) if first is not None else sum(tokens)),
        "prompt.stranded_tokens": known(behind) if first is not None else absent(),
        "prompt.tokens_exact": known(all(exact for _, exact in weights)),
        "prompt.asks_json": _asks_json(prompt),
        "prompt.text": known(prompt.text[:20_000]) if prompt.text else absent(),
        "prompt.media": _found(prompt.media, hidden),
        "prompt.several_inputs": unknown(_ONE_OR_MORE) if prompt.several is None else known(prompt.several),
        "prompt.roles": _roles(prompt),
        "prompt.history_follows": _found(any(s.history for s in prompt.segments[(first or 0) + 1 :]), hidden),
    }
    facts["prompt.stranded_cost"] = _cost(behind, entry) if behind else absent()
    facts["prompt.stranded"] = _stranded(behind, facts["prompt.history_follows"])
    return facts | _change_facts(prompt, first)


def key_facts(request: Request) -> dict[str, Fact]:
    """The facts `prompt.cache_key_*`: what changes in the key by which requests find the same cache."""
    names = ("prompt.cache_key_kind", "prompt.cache_key_every", "prompt.cache_key_source")
    value = request.argument("cache_key")
    if is_absent(request.resolver, value):
        return dict.fromkeys(names, absent())
    change = change_of(request.resolver, value)
    if change.every == "unknown":
        return dict.fromkeys(names, unknown(reason_of(value), *_steps(change)))
    steps = _steps(change)
    said = (change.kind or "constant", change.every, change.source)
    return {name: known(word, *steps) for name, word in zip(names, said, strict=True)}


def _stranded(tokens: int, history: Fact) -> Fact:
    """What stands behind the change, in words."""
    parts = [f"{tokens:,} fixed tokens"] if tokens else []
    parts += ["the conversation so far"] if history.value is True else []
    return known(" and ".join(parts)) if parts else absent()


def _asks_json(prompt: Prompt) -> Fact:
    if not _JSON.search(prompt.text) and any(_JSON.search(text) for text in prompt.sometimes):
        return unknown("the prompt asks for JSON on some ways only")
    if not prompt.text and not prompt.hidden and any(segment.change is not None for segment in prompt.segments):
        return unknown("no text of the prompt is known")
    return _found(bool(_JSON.search(prompt.text)), prompt.hidden)


def _found(there: bool, hidden: str) -> Fact:
    """What isn't found may still be in the part of the prompt that is hidden, for the reason given."""
    return known(True) if there else unknown(hidden) if hidden else known(False)


def _roles(prompt: Prompt) -> Fact:
    if prompt.roles is None:
        return unknown(next((s.reason for s in prompt.segments if s.reason), "the messages are made elsewhere"))
    return unknown(_LOOSE) if prompt.loose else known(list(prompt.roles))


def _cost(tokens: int, entry: Model | None) -> Fact:
    price = entry.prices.get("standard") if entry is not None else None
    if price is None:
        return unknown("the price of the model is not known")
    return known(round(tokens * price.input / 1000, 4))


def _change_facts(prompt: Prompt, first: int | None) -> dict[str, Fact]:
    if first is None:
        fact = unknown(prompt.hidden) if prompt.hidden else absent()
        return {"prompt.change_kind": fact, "prompt.change_every": fact, "prompt.change_source": fact}
    change = prompt.segments[first].change
    if change is None:
        return {}
    steps = _steps(change)
    every = unknown(f"whether `{change.source}` changes between calls can't be told", *steps)
    return {
        "prompt.change_kind": known(change.kind, *steps),
        "prompt.change_every": every if change.every == "unknown" else known(change.every, *steps),
        "prompt.change_source": known(change.source, *steps),
    }


def _steps(change: Change) -> tuple[Step, ...]:
    if change.made is None:
        return change.trail
    place = change.made.at.module.call_location(change.made.call)
    return (Step(place, f"`{change.source}` changes"), *change.trail[:4])
