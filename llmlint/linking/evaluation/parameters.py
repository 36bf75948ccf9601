"""What a parameter holds: what one caller passes, or what all known callers pass, or its default."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.facts.call_site import Step
from llmlint.linking.evaluation import classes, collecting, commandline, hints, mappings
from llmlint.linking.evaluation.decorating import effect
from llmlint.linking.evaluation.frames import At, Frame
from llmlint.linking.evaluation.values import (
    ClassValue,
    Computed,
    Constant,
    Element,
    Entries,
    FromSplat,
    Instance,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    Spread,
    Unknown,
    Value,
    choice,
    options,
    via,
)
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import dotted
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_EXTENSION = re.compile(r"kwargs|params|parameters|options|extra|overrides|settings$|config$")
"""Names of optional parameters that are there for others to pass what they like."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """One argument of an invocation: a keyword, or a position, or (`star` 1 or 2) a splat; lazily evaluated."""

    argument: syntax.Argument
    at: At
    elementwise: bool

    def value(self, resolver: Resolver) -> Value:
        value = resolver.evaluate(self.argument.value, self.at)
        return collecting.item_of(resolver, value) if self.elementwise else value


def given(invocation: Invocation) -> list[Given]:
    """The arguments of a call in order, those of partials first."""
    before = given(invocation.partial.made) if invocation.partial is not None else []
    arguments = list(invocation.call.arguments)
    if invocation.hidden:
        return before
    skipped = 0
    while skipped < invocation.skip and arguments and not arguments[0].keyword and not arguments[0].star:
        arguments.pop(0)
        skipped += 1
    return before + [Given(argument, invocation.at, invocation.elementwise) for argument in arguments]


def parameter(resolver: Resolver, wanted: syntax.Parameter, frame: Frame) -> Value:
    """The value of a parameter in a frame."""
    scope = frame.module.facts.scopes[frame.scope]
    if frame.receiver is not None and scope.parameters and scope.parameters[0] is wanted:
        return frame.receiver
    if frame.invocation is not None:
        value = argument_for(resolver, wanted, frame, frame.invocation)
        told = not frame.invocation.open and any(isinstance(option, Constant) for option in options(value))
        return _of_its_class(resolver, wanted, frame, value if told else _as_declared(resolver, wanted, frame, value))
    own = _own_class(resolver, wanted, frame)
    if own is not None:
        return own
    return _from_anywhere(resolver, wanted, frame)


def _own_class(resolver: Resolver, wanted: syntax.Parameter, frame: Frame) -> Value | None:
    """`self` or `cls` of a method whose receiver is open."""
    scope = frame.module.facts.scopes[frame.scope]
    parent = frame.module.facts.scopes[scope.parent]
    if parent.kind != "class" or not scope.parameters or scope.parameters[0] is not wanted:
        return None
    decorators = {source(decorator) for decorator in scope.decorators}
    if "staticmethod" in decorators:
        return None
    around = resolver.frames.root(frame.module, parent.parent)
    cls = ClassValue(frame.module, scope.parent, around)
    return cls if "classmethod" in decorators or scope.name == "__new__" else Instance(cls)


def _from_anywhere(resolver: Resolver, wanted: syntax.Parameter, frame: Frame) -> Value:
    """What all known callers pass; with none, what the annotation or the default says."""
    key = ("parameter", id(wanted), id(frame))
    default = wanted.default
    scope_name = frame.module.facts.scopes[frame.scope].name

    def compute() -> Value:
        values: list[Value] = []
        frames = resolver.callers.frames_of(frame)
        for called in frames:
            value = argument_for(resolver, wanted, called, called.invocation) if called.invocation else None
            if value is not None:
                values.append(value)
        if resolver.callers.has_more(frame.module, frame.scope):
            values.append(Unknown(f"`{scope_name}` has more callers than are followed", "limit"))
        hook = default is not None and _EXTENSION.search(wanted.name)
        public = wanted.kind == "double_star" and (_is_constructor(frame) or resolver.is_published(frame.module))
        if values and (hook or public or is_offered(resolver, frame, frames)):
            values.append(alone(resolver, wanted, frame))  # who uses the project may pass more
        return choice(values) if values else alone(resolver, wanted, frame)

    value = resolver.once(key, compute, alone(resolver, wanted, frame))
    return _of_its_class(resolver, wanted, frame, _as_declared(resolver, wanted, frame, value))


def _as_declared(resolver: Resolver, wanted: syntax.Parameter, frame: Frame, value: Value) -> Value:
    """The value, or what its annotation says where it says nothing itself."""
    if not all(_says_nothing(option) for option in options(value)):
        return value
    return annotated(resolver, wanted, frame) or value


def _of_its_class(resolver: Resolver, wanted: syntax.Parameter, frame: Frame, value: Value) -> Value:
    """Of objects of several classes those which the annotation lets in, where it is a class that some of them are of:
    what takes the settings of one kind gets no others, though one factory makes them all.
    """
    given = options(value)
    kinds = {(id(one.cls.module), one.cls.scope) for one in given if isinstance(one, Instance)}
    declared = annotated(resolver, wanted, frame) if kinds and len(given) > 1 else None
    wide = [one.cls for one in options(declared) if isinstance(one, Instance)] if declared is not None else []
    if not wide or any(_is_structural(resolver, cls) for cls in wide):
        return value
    kept: list[Value] = [
        one
        for one in given
        if isinstance(one, Constant)
        or (isinstance(one, Instance) and any(classes.is_a(resolver, one.cls, cls) for cls in wide))
    ]
    return choice(kept) if any(isinstance(one, Instance) for one in kept) else value


def _is_structural(resolver: Resolver, cls: ClassValue) -> bool:
    """Is it a protocol, which objects follow that don't derive from it?"""
    return any(base.name.endswith(".Protocol") for base in classes.lineage(resolver, cls)[1])


def is_offered(resolver: Resolver, frame: Frame, callers: list[Frame]) -> bool:
    """Is it a function of a published package that only scripts, examples and the like beside the package call?"""
    module, scope = frame.module, frame.module.facts.scopes[frame.scope]
    package = resolver.package_of(module.path)
    if not package or (scope.name.startswith("_") and not _is_constructor(frame)):
        return False
    return all(resolver.package_of(one.invocation.at.module.path) != package for one in callers if one.invocation)


def _is_constructor(frame: Frame) -> bool:
    return frame.module.facts.scopes[frame.scope].name == "__init__"


def _says_nothing(value: Value) -> bool:
    if isinstance(value, Constant):
        return value.value is None
    while isinstance(value, Member | Made):  # an attribute of what isn't followed, unless that is a package's
        value = value.owner if isinstance(value, Member) else value.function
        if isinstance(value, ClassValue):
            return True
    return isinstance(value, Unknown | Element | FromSplat)


def alone(resolver: Resolver, wanted: syntax.Parameter, frame: Frame) -> Value:
    """The parameter when no caller is known."""
    function = frame.module.facts.scopes[frame.scope].name
    if wanted.kind == "double_star":
        return Entries(((Spread(), Unknown(f"`**{wanted.name}` of `{function}` has no known caller", "parameter")),))
    if wanted.kind == "star":
        return Element(Unknown(f"`*{wanted.name}` of `{function}` has no known caller", "parameter"))
    reason = f"`{wanted.name}` is a parameter of `{function}` and no caller is known"
    text = isinstance(wanted.annotation, syntax.Name) and wanted.annotation.name == "str"
    opened = Unknown(reason, "parameter", wanted.name, text)
    if resolver.answers_requests(frame.module, frame.scope):
        opened = Unknown(f"`{wanted.name}` comes with each request to `{function}`", "request", wanted.name, text)
    default = default_of(resolver, wanted, frame)
    if default is None or any(isinstance(option, Unknown) and option.kind == "user" for option in options(default)):
        return default or opened
    return choice((default, opened))


def default_of(resolver: Resolver, wanted: syntax.Parameter, frame: Frame) -> Value | None:
    """The parameter's default, evaluated where the function is defined."""
    if frame.parent is None:
        return None
    scope = frame.module.facts.scopes[frame.scope]
    at = At(frame.parent, scope.parent, Use(scope.block, scope.sequence))
    if wanted.default is None:
        return commandline.decorated_default(resolver, scope, wanted.name, at) if scope.decorators else None
    value = commandline.declared_default(resolver, resolver.evaluate(wanted.default, at), wanted.name)
    kept = (frame.scope, (wanted.name,)) not in frame.module.bindings
    if kept and isinstance(value, Items | Entries) and (frame.scope, (wanted.name,)) in frame.module.mutations:
        return Unknown(f"the default of `{wanted.name}` is changed by each call of `{scope.name}`")
    return via(value, frame.module.step(scope.line, f"`{wanted.name}` has a default in `{scope.name}`"))


def annotated(resolver: Resolver, wanted: syntax.Parameter, frame: Frame) -> Value | None:
    """An instance of the annotated class; None for built-in types and what isn't a class."""
    if wanted.annotation is None or frame.parent is None or wanted.kind in {"star", "double_star"}:
        return None
    scope = frame.module.facts.scopes[frame.scope]
    at = At(frame.parent, scope.parent, Use(scope.block, scope.sequence))
    step = frame.module.step(scope.line, f"`{wanted.name}` is annotated")
    return hints.instance_of(resolver, wanted.annotation, at, step)


# --- one caller --------------------------------------------------------------------------------------------


def argument_for(resolver: Resolver, wanted: syntax.Parameter, frame: Frame, invocation: Invocation) -> Value:
    """What an invocation gives to the parameter, by Python's rules of binding."""
    scope = frame.module.facts.scopes[frame.scope]
    names = [p for p in scope.parameters if p.kind in {"positional", "plain"}]
    if scope.decorators and not effect(resolver, frame.module, frame.scope).arguments:
        return _altered(scope, wanted)
    taken = 1 if frame.receiver is not None else 0
    arguments = given(invocation)
    if wanted.kind == "double_star":
        return _leftover_keywords(resolver, scope, arguments)
    positional = [
        argument for argument in arguments if argument.argument.keyword is None and argument.argument.star < 2
    ]
    if wanted.kind == "star":
        rest = positional[max(len(names) - taken, 0) :]
        return collecting.as_collection("tuple", None) if not rest else _positional_rest(resolver, rest)
    value = _keyword(resolver, wanted, arguments)
    if value is None and wanted in names:
        value = _position(resolver, names.index(wanted) - taken, positional)
    found = value if value is not None else _from_splats(resolver, wanted, frame, invocation)
    step = _passed(frame, scope, wanted, invocation)
    return found if value is None else via(found, step)


def _altered(scope: syntax.Scope, wanted: syntax.Parameter) -> Value:
    """What a parameter holds behind a decorator that changes what is passed."""
    unknown = Unknown(f"a decorator of `{scope.name}` changes what is passed for `{wanted.name}`")
    if wanted.kind == "double_star":
        return Entries(((Spread(), unknown),))
    return Element(unknown) if wanted.kind == "star" else unknown


def _passed(frame: Frame, scope: syntax.Scope, wanted: syntax.Parameter, invocation: Invocation) -> Step:
    place = invocation.at.module.facts.calls[invocation.call.index].place
    name = f"{frame.module.facts.scopes[scope.parent].name}(...)" if scope.name == "__init__" else f"{scope.name}(...)"
    return invocation.at.module.step(place.line, f"`{wanted.name}` is passed to `{name}`")


def _positional_rest(resolver: Resolver, rest: list[Given]) -> Value:
    items: list[Value] = []
    for argument in rest:
        value = argument.value(resolver)
        items.extend(collecting.spliced(value) if argument.argument.star else (value,))
    return Items("tuple", tuple(items))


def _keyword(resolver: Resolver, wanted: syntax.Parameter, arguments: list[Given]) -> Value | None:
    if wanted.kind == "positional":
        return None
    for argument in reversed(arguments):
        if argument.argument.keyword == wanted.name:
            return argument.value(resolver)
    return None


def _position(resolver: Resolver, index: int, positional: list[Given]) -> Value | None:
    place = 0
    for argument in positional:
        if argument.argument.star == 1:
            value = argument.value(resolver)
            length = _length(value)
            if length is None or index < place + length:
                return collecting.element(value, index - place)
            place += length
        elif place == index:
            return argument.value(resolver)
        else:
            place += 1
    return None


def _length(value: Value) -> int | None:
    """How many items a sequence has; None if that isn't known."""
    if isinstance(value, Items) and not any(isinstance(item, Many) for item in value.items):
        return len(value.items)
    return None


def _from_splats(resolver: Resolver, wanted: syntax.Parameter, frame: Frame, invocation: Invocation) -> Value:
    """The parameter where only `**splats` can set it: an entry of a known mapping, else the default."""
    default = default_of(resolver, wanted, frame)
    if invocation.open:
        return alone(resolver, wanted, frame)
    missing = default if default is not None else Unknown(f"`{wanted.name}` is not passed", "parameter", wanted.name)
    if wanted.kind == "positional":
        return missing
    for argument in given(invocation):
        if argument.argument.star == 2:
            found = mappings.entry_of(argument.value(resolver), wanted.name, missing)
            if found is not missing:
                return found if default is not None else choice([_required(option) for option in options(found)])
    return missing


def _required(value: Value) -> Value:
    """What a splat brings in for a parameter without a default is there, or there is no call."""
    return Element(value.owner, Constant(value.key), trail=value.trail) if isinstance(value, FromSplat) else value


def _leftover_keywords(resolver: Resolver, scope: syntax.Scope, arguments: list[Given]) -> Value:
    named = {p.name for p in scope.parameters if p.kind in {"plain", "keyword"}}
    entries = Entries(())
    for argument in arguments:
        if argument.argument.keyword and argument.argument.keyword not in named:
            entry = (Constant(argument.argument.keyword), argument.value(resolver))
            entries = Entries((*entries.entries, entry), entries.maybe)
        elif argument.argument.star == 2:
            entries = collecting.spread(entries, argument.value(resolver))
    kept = [
        (index, entry)
        for index, entry in enumerate(entries.entries)
        if not (isinstance(entry[0], Constant) and entry[0].value in named)
    ]
    maybe = frozenset(new for new, (old, _) in enumerate(kept) if old in entries.maybe)
    return Entries(tuple(entry for _, entry in kept), maybe)


def unfollowed(invocation: Invocation) -> Value:
    """The result of a call that is not followed any further."""
    return Computed(source(invocation.call))


def parameter_of(scope: syntax.Scope, call: syntax.Call, target: tuple[str, ...], bound: bool) -> str | None:
    """The name of the parameter that a bare argument of a call goes to; None where that isn't plain."""
    names = [p.name for p in scope.parameters if p.kind in {"positional", "plain"}][1 if bound else 0 :]
    for position, argument in enumerate(call.arguments):
        if argument.star:
            return None
        if dotted(argument.value) == target:
            name = argument.keyword or (names[position] if position < len(names) else None)
            return name if any(p.name == name for p in scope.parameters) else None
    return None
