"""What a call gives: returns of the project's functions, instances, partials, and what the standard library does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import (
    classes,
    collecting,
    conditions,
    datafiles,
    environment,
    hints,
    mappings,
    members,
    parameters,
    standard,
    strings,
)
from llmlint.linking.evaluation.decorating import effect
from llmlint.linking.evaluation.frames import At, Frame, at_event
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    ClassValue,
    Computed,
    Constant,
    Element,
    Entries,
    External,
    FromSplat,
    FunctionValue,
    Instance,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    Partial,
    Spread,
    Unknown,
    Value,
    choice,
    is_text,
    options,
)
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import arguments_by_keyword, walk
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

FRAME_LIMIT = 4
"""How many calls deep the returns of functions are followed."""


def call(resolver: Resolver, node: syntax.Call, at: At) -> Value:
    """The value of a call expression."""
    function = resolver.evaluate(node.function, at)
    invocation = Invocation(node, at)
    return choice([invoke(resolver, option, invocation) for option in options(function)])


def invoke(resolver: Resolver, function: Value, invocation: Invocation) -> Value:
    """The result of calling one value."""
    assumed = resolver.assumed.returned(function)
    if assumed is not None:
        return assumed
    match function:
        case FunctionValue():
            return returned(resolver, function, invocation)
        case ClassValue():
            return _construct(resolver, function, invocation)
        case Partial(function=inner):
            made = invocation
            bound = Invocation(made.call, made.at, made.skip, made.elementwise, function, made.open)
            return choice([invoke(resolver, option, bound) for option in options(inner)])
        case Member(owner=owner, name=name):
            return _method(resolver, function, owner, name, invocation)
        case External(name=name):
            return _external(resolver, function, name, invocation)
        case Made(function=External(name=name)):
            return standard.decorating(resolver, name, invocation) or Made(function, invocation, trail=function.trail)
        case Instance():
            method = members.member(resolver, function, "__call__")
            return (
                returned(resolver, method, invocation)
                if isinstance(method, FunctionValue)
                else Made(method, invocation)
            )
        case _:
            return Made(function, invocation, trail=function.trail)


# --- functions of the project -------------------------------------------------------------------------------


def returned(resolver: Resolver, function: FunctionValue, invocation: Invocation | None) -> Value:
    """What a function of the project returns to this call; what it yields, if it is a generator."""
    frame = resolver.frames.called(function.module, function.scope, function.frame, invocation, function.receiver)
    name = function.module.facts.scopes[function.scope].name
    if invocation is not None and not effect(resolver, function.module, function.scope).result:
        return Unknown(f"a decorator of `{name}` changes what it returns")
    if resolver.nesting >= FRAME_LIMIT:
        resolver.statistics["limit_frames"] += 1
        return Unknown(f"`{name}` is called through too many functions", "limit")
    cycle = Unknown(f"`{name}` calls itself", "cycle")
    return resolver.once(("returned", id(frame)), lambda: resolver.nested(lambda: _returned(resolver, frame)), cycle)


def _returned(resolver: Resolver, frame: Frame) -> Value:
    module, scope = frame.module, frame.module.facts.scopes[frame.scope]
    if scope.generator:
        return Items("generator", tuple(Many(value) for value in yielded(resolver, frame)))
    values = [
        resolver.evaluate(event.value, at_event(frame, frame.scope, event))
        if event.value is not None
        else Constant(None)
        for event in conditions.possible(resolver, frame, scope.events)
        if event.kind == "return"
    ]
    if not values and _is_stub(scope):
        return _from_annotation(resolver, frame) or Unknown(f"`{scope.name}` is not implemented here")
    if module.facts.blocks[scope.body].leaves == "":
        values.append(Constant(None))
    value = choice(values) if values else Unknown(f"`{scope.name}` returns nothing")
    typed = _from_annotation(resolver, frame)
    if typed is None or any(_says_more(option) for option in options(value)):
        return value
    return replace(typed, origin=value) if isinstance(typed, Instance) else typed


def _says_more(value: Value) -> bool:
    """Does a returned value tell more than the annotation of the function would?"""
    if isinstance(value, Made):
        name = dotted_name(value.function) or ""
        return isinstance(value.function, External) and name.rsplit(".", 1)[-1][:1].isupper()
    return not isinstance(value, Unknown | Element | FromSplat | Computed | Member)


def _is_stub(scope: syntax.Scope) -> bool:
    return all(
        event.kind == "raise" or (event.kind == "evaluate" and isinstance(event.value, syntax.Constant | syntax.Opaque))
        for event in scope.events
    )


def _from_annotation(resolver: Resolver, frame: Frame) -> Value | None:
    scope = frame.module.facts.scopes[frame.scope]
    if scope.returns is None or frame.parent is None:
        return None
    at = At(frame.parent, scope.parent, Use(scope.block, scope.sequence))
    return hints.instance_of(resolver, scope.returns, at)


def yielded(resolver: Resolver, frame: Frame) -> list[Value]:
    """What a generator yields, in source order."""
    found: list[Value] = []
    for event in frame.module.facts.scopes[frame.scope].events:
        if event.value is None:
            continue
        for node in walk(event.value):
            if isinstance(node, syntax.Yield) and node.value is not None:
                value = resolver.evaluate(node.value, at_event(frame, frame.scope, event))
                found.append(collecting.item_of(resolver, value) if node.delegates else value)
    return found


def entered(resolver: Resolver, value: Value) -> Value:
    """What `with value as name` binds."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Items) and option.kind == "generator":
            found.append(collecting.item_of(resolver, option))
        elif isinstance(option, Instance):
            found.append(_entered_instance(resolver, option))
        else:
            found.append(option)
    return choice(found)


def _entered_instance(resolver: Resolver, instance: Instance) -> Value:
    for name in ("__enter__", "__aenter__"):
        method = classes.instance_member(resolver, instance, name)
        if isinstance(method, FunctionValue):
            return returned(resolver, method, None)
    return instance


# --- classes -----------------------------------------------------------------------------------------------


def _construct(resolver: Resolver, cls: ClassValue, invocation: Invocation) -> Value:
    outside = {base.name for base in classes.lineage(resolver, cls)[1]}
    if outside & {"typing.TypedDict", "typing_extensions.TypedDict"}:
        return standard.mapping(resolver, invocation)
    return Instance(cls, invocation)


def field_default(resolver: Resolver, event: syntax.Event, at: At) -> Value | None:
    """The default that `field(default=...)`, `field(default_factory=...)` or `Field(...)` in a class body gives."""
    if not isinstance(event.value, syntax.Call):
        return None
    keywords = arguments_by_keyword(event.value.arguments)
    if "default" in keywords:
        return resolver.evaluate(keywords["default"], at)
    if "default_factory" in keywords:
        factory = resolver.evaluate(keywords["default_factory"], at)
        empty = Invocation(syntax.Call(keywords["default_factory"], (), event.value.index), at)
        return choice([invoke(resolver, option, empty) for option in options(factory)])
    positional = [argument.value for argument in event.value.arguments if argument.keyword is None]
    name = source(event.value.function).rsplit(".", 1)[-1]
    if positional and name in {"Field", "field", "attrib", "ib"} and not isinstance(positional[0], syntax.Opaque):
        return resolver.evaluate(positional[0], at)
    return None


# --- methods of what is not followed ------------------------------------------------------------------------


def _method(resolver: Resolver, function: Member, owner: Value, name: str, invocation: Invocation) -> Value:
    if is_text(owner) and name in strings.METHODS:
        given, keywords = evaluated(resolver, invocation)
        return strings.method(owner, name, given, keywords)
    if isinstance(owner, Items | Entries):
        known = _of_collection(resolver, owner, name, invocation)
        if known is not None:
            return known
    if isinstance(owner, Instance) and name in {"model_dump", "dict", "_asdict"}:
        return as_entries(resolver, owner)
    if isinstance(owner, Instance) and name in {"model_copy", "copy", "_replace"} and not invocation.call.arguments:
        return owner
    if name == "get":
        return _looked_up(resolver, owner, invocation)
    if datafiles.is_path(owner):
        return datafiles.method(resolver, owner, name, invocation)
    return Made(function, invocation, trail=owner.trail)


def _looked_up(resolver: Resolver, owner: Value, invocation: Invocation) -> Value:
    """`mapping.get(key, default)` of a mapping that isn't followed; anything else called `get` stays a call."""
    given, keywords = evaluated(resolver, invocation)
    if environment.has_sections(resolver, owner):
        return environment.option_in_file(given, keywords)
    made = Made(Member(owner, "get"), invocation, trail=owner.trail)
    if keywords or not 1 <= len(given) <= 2 or not isinstance(given[0], Constant):
        return made
    return choice((given[1] if len(given) == 2 else Constant(None), made))


def _of_collection(resolver: Resolver, owner: Items | Entries, name: str, invocation: Invocation) -> Value | None:
    given, _ = evaluated(resolver, invocation)
    if name == "copy":
        return owner
    if isinstance(owner, Entries) and name in {"get", "pop", "setdefault"} and given:
        default = given[1] if len(given) > 1 else Constant(None)
        if isinstance(given[0], Constant):
            return mappings.entry_of(owner, str(given[0].value), default)
        return choice([*mappings.values_under(owner, given[0]), default])
    if isinstance(owner, Items) and name == "pop":
        return collecting.item_of(resolver, owner)
    return None


def as_entries(resolver: Resolver, instance: Instance) -> Value:
    entries = Entries(())
    for cls in reversed(classes.lineage(resolver, instance.cls)[0]):
        for event in classes.fields(cls):
            if isinstance(event.target, syntax.Name):
                value = members.member(resolver, instance, event.target.name)
                entries = Entries((*entries.entries, (Constant(event.target.name), value)))
    return entries if entries.entries else Entries(((Spread(), Made(Member(instance, "model_dump"))),))


def evaluated(resolver: Resolver, invocation: Invocation) -> tuple[list[Value], dict[str, Value]]:
    given = parameters.given(invocation)
    positional = [a.value(resolver) for a in given if a.argument.keyword is None and a.argument.star == 0]
    keywords = {a.argument.keyword: a.value(resolver) for a in given if a.argument.keyword}
    for argument in given:
        if argument.argument.star == 2:
            value = argument.value(resolver)
            if isinstance(value, Entries):
                known = {k.value: v for k, v in value.entries if isinstance(k, Constant) and isinstance(k.value, str)}
                keywords = {**known, **keywords}
    return positional, keywords


def _external(resolver: Resolver, function: External, name: str, invocation: Invocation) -> Value:
    known = standard.result(resolver, name, invocation)
    if known is not None:
        return known
    data = datafiles.call(resolver, name, invocation)
    return data if data is not None else Made(function, invocation, trail=function.trail)
