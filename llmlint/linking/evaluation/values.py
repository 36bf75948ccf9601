"""What an expression can be: constants, text, collections, things of the project, things outside, unknown.

Values are immutable. `trail` is the chain of places that a value came through, nearest first, bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from llmlint.facts.call_site import Step

if TYPE_CHECKING:
    from llmlint.facts.syntax import Call
    from llmlint.linking.evaluation.frames import At, Frame
    from llmlint.linking.program.module import Module

Trail = tuple[Step, ...]
TRAIL_LIMIT = 8
WIDTH_LIMIT = 16
MADE_LIMIT = 40
"""Kinds of objects that are told apart: a factory may know dozens of vendors."""
LONG = 400
"""Characters of a text that are worth keeping where there are too many alternatives."""
KEPT = 4
"""So many of these are kept."""
TEXT_LIMIT = 1_000_000
"""Characters of one text; a prompt that is longer fits no window."""

UnknownKind = Literal["parameter", "request", "environment", "user", "limit", "unfollowed", "cycle"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Value:
    trail: Trail = ()


@dataclass(frozen=True, slots=True, eq=False)
class Constant(Value):
    """One known literal."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class NotGiven(Value):
    """A sentinel that means "this argument is not sent"."""


@dataclass(frozen=True, slots=True, eq=False)
class Text(Value):
    """Text of which only some parts are constant, in order. No two neighbours are constant."""

    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Items(Value):
    """A list, tuple, set or generator. An item may be `Many`."""

    kind: Literal["list", "tuple", "set", "generator"]
    items: tuple[Value, ...]

    @property
    def has_no_order(self) -> bool:
        """Whether the items may come in another order in each process."""
        return self.kind == "set" and (len(self.items) > 1 or any(isinstance(item, Many) for item in self.items))


@dataclass(frozen=True, slots=True, eq=False)
class Many(Value):
    """Stands inside `Items` or `Entries`: zero or more of `item`. `grows` if each use of the list sees more."""

    item: Value
    grows: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Entries(Value):
    """A mapping in insertion order; later keys win. A `Many` key stands for keys that are not known, a `Spread` key
    for all that a mapping which isn't known puts in. `maybe` holds positions that are not there on every way."""

    entries: tuple[tuple[Value, Value], ...]
    maybe: frozenset[int] = frozenset()

    @property
    def open(self) -> tuple[Value, ...]:
        """The mappings spread into it whose keys are not known."""
        return tuple(value for key, value in self.entries if isinstance(key, Spread))


@dataclass(frozen=True, slots=True, eq=False)
class Spread(Value):
    """The key under which `Entries` hold a mapping whose keys are not known."""


@dataclass(frozen=True, slots=True, eq=False)
class External(Value):
    """A module, class, function or constant outside the project, by dotted name."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ModuleValue(Value):
    """A module of the project."""

    module: Module


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue(Value):
    """A function of the project. `frame` is the one around its definition; `receiver` is bound as first argument."""

    module: Module
    scope: int
    frame: Frame
    receiver: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue(Value):
    module: Module
    scope: int
    frame: Frame


@dataclass(frozen=True, slots=True, eq=False)
class Instance(Value):
    """An instance of a project class. Without `made`, where it was constructed is not known.

    `origin` is what gave it, where only an annotation says which class that is.
    """

    cls: ClassValue
    made: Invocation | None = None
    origin: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Invocation:
    """A call expression, evaluated in the frame of `at`.

    `skip` positional arguments stand for the caller itself (`submit(function, ...)`); more than there are arguments
    means that none of them is passed. Where `elementwise`, each
    argument is a collection whose items are passed one at a time (`map`). `partial` holds arguments given before.
    Where `open`, the function is handed over and may be called with more than is seen here.
    """

    call: Call
    at: At
    skip: int = 0
    elementwise: bool = False
    partial: Partial | None = None
    open: bool = False

    @property
    def hidden(self) -> bool:
        """Whether none of the arguments is known to be passed."""
        return self.skip > len(self.call.arguments)


@dataclass(frozen=True, slots=True, eq=False)
class Partial(Value):
    """`functools.partial(function, ...)`; the arguments are those of the call after the first."""

    function: Value
    made: Invocation


@dataclass(frozen=True, slots=True, eq=False)
class Made(Value):
    """The result of calling something outside the project. Without `made` only its class is known."""

    function: Value
    made: Invocation | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Member(Value):
    """An attribute of something that is not followed."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Element(Value):
    """One element of something that is not followed; `key` is None for the item of a loop."""

    owner: Value
    key: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FromSplat(Value):
    """What a splat that isn't known may bring in under a key; it may as well bring nothing."""

    owner: Value
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class Choice(Value):
    """One of several values; none of them is itself a choice."""

    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Computed(Value):
    """Made by an operation that is not modelled, from `inputs`; `source` is the expression as written."""

    source: str
    inputs: tuple[Value, ...] = ()
    shown_as: str = ""
    """The format, where it is a time that is written out: `%Y-%m-%d`."""


@dataclass(frozen=True, slots=True, eq=False)
class Unknown(Value):
    """`reason` is a clause in words, e.g. "`model` is a parameter and no caller is known"."""

    reason: str
    kind: UnknownKind = "unfollowed"
    name: str = ""
    text: bool = False
    """It is known to be text, whatever it says."""


@dataclass(frozen=True, slots=True, eq=False)
class Piped(Value):
    """Steps that hand on to one another: `prompt | model | parser`."""

    steps: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FilePath(Value):
    """A path relative to the project's root, or to the folder of the module that uses it."""

    path: str


@dataclass(frozen=True, slots=True, eq=False)
class OpenFile(Value):
    """A file opened for reading."""

    path: str


V = TypeVar("V", bound=Value)


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value: itself, unless it is a choice."""
    return value.options if isinstance(value, Choice) else (value,)


def choice(values: Iterator[Value] | tuple[Value, ...] | list[Value]) -> Value:
    """One value out of several: flattened, equal constants once. Too many are told apart less, else unknown."""
    flat = _once([option for value in values for option in options(value)])
    if len(flat) > WIDTH_LIMIT:
        flat = _once([_wherever_made(option) for option in flat])
    if not flat:
        return Unknown("nothing is assigned on any way that leads here")
    made = sum(map(_is_object, flat))
    if len(flat) - made > WIDTH_LIMIT or made > MADE_LIMIT:
        rest = Unknown(f"more than {WIDTH_LIMIT} values are possible", "limit")
        told = sorted((option for option in flat if _fixed_size(option) >= LONG), key=_fixed_size, reverse=True)
        return Choice((*told[:KEPT], rest)) if told else rest
    return flat[0] if len(flat) == 1 else Choice(tuple(flat))


def _is_object(value: Value) -> bool:
    """Is it made by a call, or an attribute or method of what is?"""
    match value:
        case Member(owner=owner):
            return _is_object(owner)
        case FunctionValue(receiver=receiver):
            return isinstance(receiver, Instance)
        case _:
            return isinstance(value, Instance | Made)


def _fixed_size(value: Value) -> int:
    """Characters that are known of a text."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return sum(len(part.value) for part in parts if isinstance(part, Constant) and isinstance(part.value, str))


def _once(values: list[Value]) -> list[Value]:
    if len(values) < 2:
        return values
    found: dict[object, Value] = {}
    for value in values:
        found.setdefault(identity(value), value)
    return list(found.values())


def _wherever_made(value: Value) -> Value:
    """The value without which of the instances of its class it is, or is bound to; of what is made outside of the
    project, without what the call that makes it is given.
    """
    match value:
        case Instance(made=made) if made is not None:
            return replace(value, made=None)
        case Made(function=External(), made=made) if made is not None:
            return replace(value, made=replace(made, skip=len(made.call.arguments) + 1, open=True))
        case Made(function=Member(owner=owner) as member, made=made) if made is not None:
            return replace(value, function=replace(member, owner=_wherever_made(owner)))
        case Member(owner=owner):
            return replace(value, owner=_wherever_made(owner))
        case FunctionValue(receiver=Instance(made=made) as receiver) if made is not None:
            return replace(value, receiver=replace(receiver, made=None))
        case _:
            return value


def identity(value: Value) -> object:
    """A key under which two values are the same for all that linking does."""
    key = _IDENTITIES.get(type(value))
    return id(value) if key is None else key(value)


def _function_identity(value: FunctionValue) -> object:
    receiver = value.receiver
    if receiver is None:
        return ("function", id(value.module), value.scope, None)
    if isinstance(receiver, Instance):
        return ("function", id(value.module), value.scope, identity(receiver))
    return id(value)


_IDENTITIES: dict[type[Value], Callable[[Any], object]] = {
    Constant: lambda value: (type(value.value), value.value),
    External: lambda value: ("external", value.name),
    NotGiven: lambda _: "not given",
    Unknown: lambda value: ("unknown", value.reason),
    FunctionValue: _function_identity,
    ClassValue: lambda value: ("class", id(value.module), value.scope),
    Instance: lambda value: ("instance", id(value.cls.module), value.cls.scope, _place(value.made)),
    Member: lambda value: (Member, identity(value.owner), value.name),
    FromSplat: lambda value: (FromSplat, identity(value.owner), value.key),
    Made: lambda value: ("made", identity(value.function), _place(value.made)),
}


def _size(value: Value) -> int:
    """Characters and parts of a text."""
    if isinstance(value, Text):
        return len(value.parts) + sum(_size(part) for part in value.parts if isinstance(part, Constant))
    return len(value.value) if isinstance(value, Constant) and isinstance(value.value, str) else 1


def _place(made: Invocation | None) -> object:
    if made is None:
        return None
    return (id(made.call), None if made.hidden else id(made.at.frame))


def via(value: V, step: Step) -> V:
    """The value with one more place it came through, the nearest first."""
    if value.trail and value.trail[0] == step:
        return value
    return replace(value, trail=(step, *value.trail[: TRAIL_LIMIT - 1]))


def is_text(value: Value) -> bool:
    return isinstance(value, Text) or (isinstance(value, Constant) and isinstance(value.value, str))


def concatenate(parts: list[Value]) -> Value:
    """Text made of parts in order; constants that touch are joined, inner texts are spliced in. Bounded in length."""
    if sum(_size(part) for part in parts) > TEXT_LIMIT:
        return Unknown("the text is too long to be followed", "limit", text=True)
    flat: list[Value] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if isinstance(piece, Constant):
                text = piece.value if isinstance(piece.value, str) else str(piece.value)
                if flat and isinstance(last := flat[-1], Constant):
                    flat[-1] = Constant(f"{last.value}{text}", trail=last.trail)
                    continue
                piece = Constant(text, trail=piece.trail)  # noqa: PLW2901 - the normal form of the piece
            flat.append(piece)
    if not flat:
        return Constant("")
    return flat[0] if len(flat) == 1 and is_text(flat[0]) else Text(tuple(flat))
