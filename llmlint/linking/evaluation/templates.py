"""Prompt templates, message objects and pipelines come in; the messages and texts that they make go out.

What is filled into `{holes}` is taken from the mapping that the template is called with, as far as it is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmlint.catalog.entries import PromptObject, Spelling
from llmlint.linking.evaluation import invoking, mappings
from llmlint.linking.evaluation.arguments import MISSING, option, sent_by
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    Constant,
    Entries,
    External,
    FunctionValue,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    Text,
    Unknown,
    Value,
    choice,
    concatenate,
    is_text,
    options,
)

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_DEPTH_LIMIT = 6
_HOLE = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)[^{}]*\}")
_NOTHING = Entries(())


def rendered(resolver: Resolver, value: Value, fills: Entries | None = None, depth: int = 0) -> Value:
    """A prompt with its templates and message objects replaced by text and messages. `fills` is what fills the holes
    of a template; None outside of one, where a brace is a brace.
    """
    if depth > _DEPTH_LIMIT:
        return value
    return choice([_rendered(resolver, one, fills, depth) for one in options(value)])


def handed_on(resolver: Resolver, steps: tuple[Value, ...], given: Value) -> Value:
    """What a model gets from the steps before it in a pipeline that is called with `given`."""
    fills = given if isinstance(given, Entries) else _NOTHING
    for step in reversed(steps):
        made = rendered(resolver, step, fills)
        if made is not step:
            return made
    return Unknown("what the pipeline hands to the model can't be followed")


def _rendered(resolver: Resolver, value: Value, fills: Entries | None, depth: int) -> Value:
    match value:
        case Items(kind=kind, items=items):
            found = tuple(_message(resolver, item, fills, depth) for item in items)
            return value if all(a is b for a, b in zip(found, items, strict=True)) else Items(kind, found)
        case Made(function=Member(owner=owner, name=name), made=made) if resolver.catalog.is_prompt_keeper(name):
            inner = rendered(resolver, owner, _filled(resolver, made, fills), depth + 1)
            return value if inner is owner else inner
        case Made(made=Invocation() as made):
            known = resolver.catalog.prompt_object(dotted_name(value.function) or "")
            return _object(resolver, known, made, fills, depth) if known is not None else value
        case FunctionValue():
            return invoking.returned(resolver, value, None)
        case _:
            return value


def _filled(resolver: Resolver, made: Invocation | None, fills: Entries | None) -> Entries:
    """What a call of a template fills in, by keywords or by one mapping, over what is filled in later."""
    fills = fills or _NOTHING
    if made is None:
        return fills
    sent = sent_by(resolver, made)
    mapping = [one for one in sent.positional if isinstance(one, Entries)]
    return Entries((*fills.entries, *(entry for one in mapping for entry in one.entries), *sent.entries.entries))


def _message(resolver: Resolver, item: Value, fills: Entries | None, depth: int) -> Value:
    """One item of a list of messages; pairs of role and text are messages too, and in templates the user's texts."""
    if isinstance(item, Many):
        inner = _message(resolver, item.item, fills, depth)
        return item if inner is item.item else Many(inner, item.grows)
    if isinstance(item, Items) and item.kind == "tuple" and len(item.items) == 2:
        role, text = item.items
        if isinstance(role, Constant) and isinstance(role.value, str):
            return _entry(resolver.catalog.role(role.value), text if fills is None else _with_holes(text, fills))
    if fills is not None and is_text(item):
        return _entry("user", _with_holes(item, fills))
    return rendered(resolver, item, fills, depth + 1)


def _object(resolver: Resolver, known: PromptObject, made: Invocation, fills: Entries | None, depth: int) -> Value:
    if known.history:
        return Many(_entry("history", Unknown("the messages so far", "user", text=True)), grows=True)
    messages = _argument(resolver, made, known.messages)
    if messages is not MISSING:
        return rendered(resolver, messages, fills or _NOTHING, depth + 1)
    text = _argument(resolver, made, known.text)
    if known.holes:
        text = _with_holes(rendered(resolver, text, fills, depth + 1), fills or _NOTHING)
    role = known.role or _role(resolver, _argument(resolver, made, known.role_from))
    return _entry(role, text) if role else text


def _argument(resolver: Resolver, made: Invocation, spellings: tuple[Spelling, ...]) -> Value:
    return option(resolver, made, spellings) or MISSING


def _role(resolver: Resolver, value: Value) -> str:
    """A role given as text or as a member of an enumeration."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return resolver.catalog.role(value.value)
    if isinstance(value, External | Member):
        name = value.name if isinstance(value, Member) else value.name.rsplit(".", 1)[-1]
        return resolver.catalog.role(name.lower())
    return ""


def _entry(role: str, text: Value) -> Value:
    return Entries(((Constant("role"), Constant(role)), (Constant("content"), text)))


def _with_holes(value: Value, fills: Entries) -> Value:
    """A text whose `{names}` are filled in."""
    return choice([_holes_filled(one, fills) if is_text(one) else one for one in options(value)])


def _holes_filled(value: Value, fills: Entries) -> Value:
    parts: list[Value] = []
    for piece in value.parts if isinstance(value, Text) else (value,):
        if not isinstance(piece, Constant) or not isinstance(piece.value, str):
            parts.append(piece)
            continue
        start = 0
        for hole in _HOLE.finditer(piece.value):
            parts.append(Constant(piece.value[start : hole.start()], trail=piece.trail))
            parts.append(_filling(hole, fills))
            start = hole.end()
        parts.append(Constant(piece.value[start:], trail=piece.trail))
    return concatenate(parts)


def _filling(hole: re.Match[str], fills: Entries) -> Value:
    name = hole.group(1)
    if name is None:
        return Constant(hole.group()[0])
    left = Unknown(f"`{name}` is filled in when the program runs", "parameter", name=name, text=True)
    found = mappings.entry_of(fills, name, MISSING)
    return left if found is MISSING else found
