"""What a call gives under a spelling: a keyword, a position, a splat, or a key inside one of its values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmlint.catalog.entries import Spelling
from llmlint.linking.evaluation import collecting, mappings, parameters
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    Constant,
    Element,
    Entries,
    FromSplat,
    Invocation,
    Made,
    NotGiven,
    Spread,
    Unknown,
    Value,
    choice,
    options,
)

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

MISSING = NotGiven()
_HANDED = "the function is handed over, and what it is called with is not seen here"
_MANY = "it is made in more ways than are told apart"


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """What one call gives, all evaluated. Where `opened`, positions are not known."""

    entries: Entries
    positional: tuple[Value, ...] = ()
    opened: bool = False

    def under(self, resolver: Resolver, spelling: Spelling) -> Value:
        """The value under a spelling; `MISSING` if there is none."""
        value = mappings.entry_of(self.entries, spelling.path[0], MISSING)
        if value is MISSING and spelling.position is not None and spelling.position < len(self.positional):
            value = self.positional[spelling.position]
        return _perhaps(inside(resolver, value, spelling.path[1:])) if spelling.path[1:] else value


def _perhaps(value: Value) -> Value:
    """What is taken out of an object that can't be followed may not be in it."""
    if not any(isinstance(one, Element) for one in options(value)):
        return value
    return choice([FromSplat(one.owner, _key(one)) if isinstance(one, Element) else one for one in options(value)])


def _key(element: Element) -> str:
    return str(element.key.value) if isinstance(element.key, Constant) else ""


def sent_by(resolver: Resolver, invocation: Invocation) -> Sent:
    """What a call gives in its frame."""
    entries = Entries(())
    positional: list[Value] = []
    opened = invocation.open
    if opened:
        entries = Entries(((Spread(), Unknown(_MANY if invocation.hidden else _HANDED)),))
    named: list[tuple[Value, Value]] = []  # a keyword wins over a splat, wherever it stands
    for argument in parameters.given(invocation):
        value = argument.value(resolver)
        if argument.argument.star == 2:
            entries = collecting.spread(entries, value)
        elif argument.argument.keyword:
            named.append((Constant(argument.argument.keyword), value))
        elif argument.argument.star == 1:
            opened = True
        else:
            positional.append(value)
    return Sent(Entries((*entries.entries, *named), entries.maybe), tuple(positional), opened)


def inside(resolver: Resolver, value: Value, path: tuple[str, ...]) -> Value:
    """What lies under keys inside a value; of an object built outside the project, what its construction gives."""
    for key in path:
        found = [_one_inside(resolver, option, key) for option in options(value)]
        value = MISSING if all(one is MISSING for one in found) else choice(found)
    return value


def _one_inside(resolver: Resolver, value: Value, key: str) -> Value:
    match value:
        case Entries():
            return mappings.entry_of(value, key, MISSING)
        case NotGiven() | Constant(value=None):
            return MISSING
        case Made(made=Invocation() as made) if _is_class(value):
            return option(resolver, made, (Spelling(path=(key,)),)) or MISSING
        case _:
            return Element(value, Constant(key), trail=value.trail)


def _is_class(value: Made) -> bool:
    name = dotted_name(value.function) or ""
    return name.rsplit(".", 1)[-1][:1].isupper()


def option(resolver: Resolver, made: Invocation, spellings: Iterable[Spelling]) -> Value | None:
    """What a construction gives under any of some spellings; None if it gives nothing."""
    for spelling in spellings:
        value = _spelled(resolver, made, spelling)
        if value is not None and (found := inside(resolver, value, spelling.path[1:])) is not MISSING:
            return found
    return None


def _spelled(resolver: Resolver, made: Invocation, spelling: Spelling) -> Value | None:
    for place, argument in enumerate(parameters.given(made)):
        if argument.argument.keyword == spelling.path[0]:
            return argument.value(resolver)
        if argument.argument.star == 2:
            found = mappings.entry_of(argument.value(resolver), spelling.path[0], MISSING)
            if found is not MISSING:
                return found
        if spelling.position == place and argument.argument.keyword is None and not argument.argument.star:
            return argument.value(resolver)
    return None
