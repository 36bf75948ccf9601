"""What functions of the standard library make of their arguments, by dotted name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from llmlint.linking.evaluation import classes, collecting, environment, invoking, members, parameters, strings
from llmlint.linking.evaluation.values import (
    ClassValue,
    Computed,
    Constant,
    Entries,
    External,
    FunctionValue,
    Instance,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    ModuleValue,
    Partial,
    Text,
    Unknown,
    Value,
    choice,
    concatenate,
    options,
)

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_Handler = Callable[["Resolver", Invocation], Value]


def result(resolver: Resolver, name: str, invocation: Invocation) -> Value | None:
    """The result of calling the function of that name; None if nothing is known about it."""
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(resolver, invocation)
    if resolver.catalog.ecosystem.function("environment", name) is not None:
        return _environment(resolver, invocation)
    called = resolver.catalog.ecosystem.function("calls_argument", name)
    if called is not None and called.kind == "once":
        return _call_first(resolver, invocation)
    return decorating(resolver, name, invocation)


def decorating(resolver: Resolver, name: str, invocation: Invocation) -> Value | None:
    """What a known decorator makes of a function handed to it: the same. None for anything else."""
    ecosystem = resolver.catalog.ecosystem
    entry = ecosystem.function("retry", name) or ecosystem.function("calls_argument", name)
    if entry is None or entry.kind not in {"decorator", "same"}:
        return None
    given = [a for a in parameters.given(invocation) if a.argument.keyword is None and not a.argument.star]
    value = given[0].value(resolver) if len(given) == 1 else None
    return value if isinstance(value, FunctionValue | Partial | Member) else None


def _first(resolver: Resolver, invocation: Invocation) -> Value:
    given = parameters.given(invocation)
    return given[0].value(resolver) if given else Constant(None)


def _length(resolver: Resolver, invocation: Invocation) -> Value:
    """How many items a list or tuple has, if each is there for certain."""
    value = _first(resolver, invocation)
    sure = isinstance(value, Items) and value.kind in {"list", "tuple"}
    if isinstance(value, Items) and sure and not any(isinstance(item, Many) for item in value.items):
        return Constant(len(value.items))
    return Made(External("builtins.len"), invocation)


def _second(resolver: Resolver, invocation: Invocation) -> Value:
    given = parameters.given(invocation)
    return given[1].value(resolver) if len(given) > 1 else Constant(None)


def _environment(resolver: Resolver, invocation: Invocation) -> Value:
    given, keywords = invoking.evaluated(resolver, invocation)
    name = given[0] if given else keywords.get("key", Constant(None))
    return environment.variable(resolver, name, given[1] if len(given) > 1 else keywords.get("default"))


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


def mapping(resolver: Resolver, invocation: Invocation) -> Value:
    """`dict(...)`: a mapping's entries, then the keywords."""
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
    given, _ = invoking.evaluated(resolver, invocation)
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
    return Items(
        "generator", (Many(choice([invoking.invoke(resolver, option, inner) for option in options(function)])),)
    )


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
    """`to_thread(function, ...)`, `Depends(function)`; a coroutine is what it gives."""
    inner = Invocation(invocation.call, invocation.at, 1)
    found = [
        invoking.invoke(resolver, option, inner) if isinstance(option, FunctionValue | Partial | ClassValue) else option
        for option in options(_first(resolver, invocation))
    ]
    return choice(found)


def _import_module(resolver: Resolver, invocation: Invocation) -> Value:
    name = _first(resolver, invocation)
    if not isinstance(name, Constant) or not isinstance(name.value, str):
        return Computed("import_module(...)", (name,))
    module = resolver.modules.find(tuple(name.value.split(".")), invocation.at.module.path)
    return ModuleValue(module) if module is not None else External(name.value)


def _number(kind: type[int] | type[float]) -> _Handler:
    def convert(value: Value) -> Value:
        if not isinstance(value, Constant):
            return value if isinstance(value, Unknown) else Computed("number", (value,))
        try:
            return Constant(kind(value.value), trail=value.trail)  # type: ignore[arg-type] # refused below
        except (TypeError, ValueError, OverflowError):
            return Computed("number", (value,))

    def handle(resolver: Resolver, invocation: Invocation) -> Value:
        given = parameters.given(invocation)
        if len(given) != 1:
            return Computed("number") if given else Constant(kind())
        return choice([convert(option) for option in options(given[0].value(resolver))])

    return handle


def _replaced(resolver: Resolver, invocation: Invocation) -> Value:
    """`dataclasses.replace(value, ...)`: the same where nothing is replaced, else a value that isn't followed."""
    given = parameters.given(invocation)
    return _first(resolver, invocation) if len(given) == 1 else Computed("replace(...)")


def _asdict(resolver: Resolver, invocation: Invocation) -> Value:
    value = _first(resolver, invocation)
    return invoking.as_entries(resolver, value) if isinstance(value, Instance) else value


_HANDLERS: dict[str, _Handler] = {
    "builtins.str": _text,
    "builtins.dict": mapping,
    "builtins.len": _length,
    "builtins.list": _collection("list"),
    "builtins.tuple": _collection("tuple"),
    "builtins.set": _collection("set"),
    "builtins.frozenset": _collection("set"),
    "builtins.sorted": _collection("sorted"),
    "builtins.reversed": _collection("reversed"),
    "builtins.getattr": _getattr,
    "builtins.map": _map,
    "builtins.super": _super,
    "collections.OrderedDict": mapping,
    "types.SimpleNamespace": mapping,
    "typing.cast": _second,
    "typing_extensions.cast": _second,
    "copy.copy": _first,
    "copy.deepcopy": _first,
    "dataclasses.asdict": _asdict,
    "builtins.vars": _asdict,
    "dataclasses.replace": _replaced,
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
    "importlib.import_module": _import_module,
    "builtins.__import__": _import_module,
    "builtins.int": _number(int),
    "builtins.float": _number(float),
}
"""What the standard library makes of its arguments, by dotted name."""
