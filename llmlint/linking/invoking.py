"""What a call gives: returns of the project's functions, instances, partials, and what the standard library does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking import classes, collecting, datafiles, members, parameters, strings
from llmlint.linking.frames import At, Frame, at_event
from llmlint.linking.modules import arguments_by_keyword, walk
from llmlint.linking.reaching import Use
from llmlint.linking.values import (
    ClassValue,
    Computed,
    Constant,
    Element,
    Entries,
    External,
    FunctionValue,
    Instance,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    Partial,
    Spread,
    Text,
    Unknown,
    Value,
    choice,
    concatenate,
    is_text,
    options,
)
from llmlint.linking.wording import source

if TYPE_CHECKING:
    from llmlint.linking.resolver import Resolver

FRAME_LIMIT = 4
"""How many calls deep the returns of functions are followed."""

_Handler = Callable[["Resolver", Invocation], Value]


def call(resolver: Resolver, node: syntax.Call, at: At) -> Value:
    """The value of a call expression."""
    function = resolver.evaluate(node.function, at)
    invocation = Invocation(node, at)
    return choice([invoke(resolver, option, invocation) for option in options(function)])


def invoke(resolver: Resolver, function: Value, invocation: Invocation) -> Value:
    """The result of calling one value."""
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
    if frame.depth > FRAME_LIMIT:
        resolver.statistics["limit_frames"] += 1
        return Unknown(f"`{name}` is called through too many functions", "limit")
    cycle = Unknown(f"`{name}` calls itself", "cycle")
    return resolver.once(("returned", id(frame)), lambda: _returned(resolver, frame), cycle)


def _returned(resolver: Resolver, frame: Frame) -> Value:
    module, scope = frame.module, frame.module.facts.scopes[frame.scope]
    if scope.generator:
        return Items("generator", tuple(Many(value) for value in yielded(resolver, frame)))
    values = [
        resolver.evaluate(event.value, at_event(frame, frame.scope, event))
        if event.value is not None
        else Constant(None)
        for event in scope.events
        if event.kind == "return" and not _never(resolver, frame, event)
    ]
    if not values and _is_stub(scope):
        return _from_annotation(resolver, frame) or Unknown(f"`{scope.name}` is not implemented here")
    if module.facts.blocks[scope.body].leaves == "":
        values.append(Constant(None))
    value = choice(values) if values else Unknown(f"`{scope.name}` returns nothing")
    typed = _from_annotation(resolver, frame)
    if typed is not None and all(isinstance(option, Unknown | Element) for option in options(value)):
        return typed
    return value


def _never(resolver: Resolver, frame: Frame, event: syntax.Event) -> bool:
    """Is the event in an arm that what this caller passes rules out?"""
    if frame.invocation is None:
        return False
    blocks = frame.module.facts.blocks
    for index in frame.module.ancestors(event.block):
        block = blocks[index]
        if block.kind not in {"if", "else"}:
            continue
        at = At(frame, frame.scope, Use(block.parent, event.sequence))
        earlier = [
            blocks[arm] for arm in frame.module.arms[block.statement] if arm < index and blocks[arm].kind == "if"
        ]
        if any(arm.head is not None and resolver.truth_of(arm.head, at) is True for arm in earlier):
            return True
        if block.head is not None and block.kind == "if" and resolver.truth_of(block.head, at) is False:
            return True
    return False


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
    return parameters.instance_of(resolver, scope.returns, at)


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


def decorated(resolver: Resolver, function: Value, at: At) -> Value:
    """A function after its decorators. They are taken to keep what it does; properties and the like are read later."""
    return function


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
        return _dict(resolver, invocation)
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
        given, keywords = _evaluated(resolver, invocation)
        return strings.method(owner, name, given, keywords)
    if isinstance(owner, Items | Entries):
        known = _of_collection(resolver, owner, name, invocation)
        if known is not None:
            return known
    if isinstance(owner, Instance) and name in {"model_dump", "dict", "_asdict"}:
        return _as_entries(resolver, owner)
    if isinstance(owner, Instance | ClassValue) and name in {"model_copy", "copy", "_replace"}:
        return owner
    if datafiles.is_path(owner):
        return datafiles.method(resolver, owner, name, invocation)
    return Made(function, invocation, trail=owner.trail)


def _of_collection(resolver: Resolver, owner: Items | Entries, name: str, invocation: Invocation) -> Value | None:
    given, _ = _evaluated(resolver, invocation)
    if name == "copy":
        return owner
    if isinstance(owner, Entries) and name in {"get", "pop", "setdefault"} and given and isinstance(given[0], Constant):
        default = given[1] if len(given) > 1 else Constant(None)
        return parameters.entry_of(owner, str(given[0].value), default)
    if isinstance(owner, Items) and name == "pop":
        return collecting.item_of(resolver, owner)
    return None


def _as_entries(resolver: Resolver, instance: Instance) -> Value:
    entries = Entries(())
    for cls in reversed(classes.lineage(resolver, instance.cls)[0]):
        for event in classes.fields(cls):
            if isinstance(event.target, syntax.Name):
                value = members.member(resolver, instance, event.target.name)
                entries = Entries((*entries.entries, (Constant(event.target.name), value)))
    return entries if entries.entries else Entries(((Spread(), Made(Member(instance, "model_dump"))),))


def _evaluated(resolver: Resolver, invocation: Invocation) -> tuple[list[Value], dict[str, Value]]:
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


# --- the standard library -----------------------------------------------------------------------------------


def _external(resolver: Resolver, function: External, name: str, invocation: Invocation) -> Value:
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(resolver, invocation)
    environment = resolver.catalog.ecosystem.function("environment", name)
    if environment is not None:
        return _environment(resolver, invocation)
    data = datafiles.call(resolver, name, invocation)
    return data if data is not None else Made(function, invocation, trail=function.trail)


def _first(resolver: Resolver, invocation: Invocation) -> Value:
    given = parameters.given(invocation)
    return given[0].value(resolver) if given else Constant(None)


def _second(resolver: Resolver, invocation: Invocation) -> Value:
    given = parameters.given(invocation)
    return given[1].value(resolver) if len(given) > 1 else Constant(None)


def _environment(resolver: Resolver, invocation: Invocation) -> Value:
    given, keywords = _evaluated(resolver, invocation)
    name = given[0] if given else keywords.get("key", Constant(None))
    return collecting.environment(name, given[1] if len(given) > 1 else keywords.get("default"))


def _partial(resolver: Resolver, invocation: Invocation) -> Value:
    function = _first(resolver, invocation)
    bound = Invocation(invocation.call, invocation.at, invocation.skip + 1, partial=invocation.partial)
    return choice([Partial(option, bound) for option in options(function)])


def _text(resolver: Resolver, invocation: Invocation) -> Value:
    given = parameters.given(invocation)
    if not given:
        return Constant("")
    return strings.over_options(
        given[0].value(resolver),
        lambda option: concatenate([option]) if not isinstance(option, Unknown) else Text((option,)),
    )


def _dict(resolver: Resolver, invocation: Invocation) -> Value:
    entries = Entries(())
    for argument in parameters.given(invocation):
        value = argument.value(resolver)
        if argument.argument.keyword:
            entries = Entries((*entries.entries, (Constant(argument.argument.keyword), value)), entries.maybe)
        else:
            entries = collecting.spread(entries, value)
    return entries


def _collection(kind: str) -> _Handler:
    def handle(resolver: Resolver, invocation: Invocation) -> Value:
        given = parameters.given(invocation)
        return collecting.as_collection(kind, given[0].value(resolver) if given else None)

    return handle


def _getattr(resolver: Resolver, invocation: Invocation) -> Value:
    given, _ = _evaluated(resolver, invocation)
    if len(given) < 2 or not isinstance(given[1], Constant) or not isinstance(given[1].value, str):
        return Computed("getattr(...)", tuple(given))
    name = given[1].value
    return choice([members.member(resolver, option, name) for option in options(given[0])])


def _plain_text(name: str) -> _Handler:
    def handle(resolver: Resolver, invocation: Invocation) -> Value:
        return strings.over_options(_first(resolver, invocation), lambda option: strings.plain(name, option))

    return handle


def _gather(resolver: Resolver, invocation: Invocation) -> Value:
    values: list[Value] = []
    for argument in parameters.given(invocation):
        if argument.argument.keyword is None:
            value = argument.value(resolver)
            values.extend(collecting.spliced(value) if argument.argument.star else (value,))
    return Items("list", tuple(values))


def _map(resolver: Resolver, invocation: Invocation) -> Value:
    inner = Invocation(invocation.call, invocation.at, 1, elementwise=True)
    function = _first(resolver, invocation)
    return Items("generator", (Many(choice([invoke(resolver, option, inner) for option in options(function)])),))


def _super(resolver: Resolver, invocation: Invocation) -> Value:
    module, scope = invocation.at.module, invocation.at.module.function_around(invocation.at.scope)
    parent = module.facts.scopes[scope].parent
    if parent < 0 or module.facts.scopes[parent].kind != "class":
        return Computed("super()")
    around = resolver.frames.root(module, module.facts.scopes[parent].parent)
    cls = ClassValue(module, parent, around)
    base = next((option for option in classes.bases(resolver, cls)), None)
    return Instance(base) if isinstance(base, ClassValue) else Made(base) if base is not None else Computed("super()")


def _run(resolver: Resolver, invocation: Invocation) -> Value:
    """`asyncio.run(coroutine)`."""
    return _first(resolver, invocation)


def _call_first(resolver: Resolver, invocation: Invocation) -> Value:
    """`to_thread(function, ...)`."""
    inner = Invocation(invocation.call, invocation.at, 1)
    return choice([invoke(resolver, option, inner) for option in options(_first(resolver, invocation))])


def _asdict(resolver: Resolver, invocation: Invocation) -> Value:
    value = _first(resolver, invocation)
    return _as_entries(resolver, value) if isinstance(value, Instance) else value


_HANDLERS: dict[str, _Handler] = {
    "builtins.str": _text,
    "builtins.dict": _dict,
    "builtins.list": _collection("list"),
    "builtins.tuple": _collection("tuple"),
    "builtins.set": _collection("set"),
    "builtins.frozenset": _collection("set"),
    "builtins.sorted": _collection("sorted"),
    "builtins.reversed": _collection("list"),
    "builtins.getattr": _getattr,
    "builtins.map": _map,
    "builtins.super": _super,
    "collections.OrderedDict": _dict,
    "types.SimpleNamespace": _dict,
    "typing.cast": _second,
    "typing_extensions.cast": _second,
    "copy.copy": _first,
    "copy.deepcopy": _first,
    "dataclasses.asdict": _asdict,
    "builtins.vars": _asdict,
    "dataclasses.replace": _first,
    "functools.partial": _partial,
    "functools.partialmethod": _partial,
    "textwrap.dedent": _plain_text("dedent"),
    "inspect.cleandoc": _plain_text("cleandoc"),
    "string.Template": _first,
    "asyncio.run": _run,
    "asyncio.create_task": _run,
    "asyncio.ensure_future": _run,
    "asyncio.wait_for": _run,
    "asyncio.shield": _run,
    "asyncio.gather": _gather,
    "asyncio.to_thread": _call_first,
    "functools.lru_cache": _first,
    "functools.cache": _first,
    "builtins.int": _first,
    "builtins.float": _first,
}
"""What the standard library makes of its arguments, by dotted name."""
