"""What decorators of the project do to a function: do arguments and results pass through them untouched?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import At, at_call
from llmlint.linking.evaluation.values import ClassValue, FunctionValue, Value, options
from llmlint.linking.program.module import Module
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import dotted, walk

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


class Effect(NamedTuple):
    """Whether a function gets what its callers pass, and they get what it returns."""

    arguments: bool
    result: bool


_KEPT = Effect(True, True)
_REPLACED = Effect(False, False)
_DEPTH_LIMIT = 3
_OWN_VALUES = syntax.Sequence | syntax.Mapping | syntax.FormattedString | syntax.BinaryOperation | syntax.Comprehension
"""Results that a wrapper makes itself."""


def effect(resolver: Resolver, module: Module, scope: int) -> Effect:
    """What the decorators of a function do to its arguments and its result."""
    here = module.facts.scopes[scope]
    if not here.decorators:
        return _KEPT
    key = (id(module), scope)
    if key not in resolver.decorated:
        resolver.decorated[key] = _KEPT  # while it is being found out
        at = At(resolver.frames.root(module, here.parent), here.parent, Use(here.block, here.sequence))
        found = [_of_decorator(resolver, decorator, at) for decorator in here.decorators]
        resolver.decorated[key] = _all(found)
    return resolver.decorated[key]


def _all(effects: list[Effect]) -> Effect:
    return Effect(all(each.arguments for each in effects), all(each.result for each in effects))


def _of_decorator(resolver: Resolver, decorator: syntax.Expression, at: At) -> Effect:
    made = isinstance(decorator, syntax.Call)
    node = decorator.function if isinstance(decorator, syntax.Call) else decorator
    with resolver.aside():
        value: Value = resolver.evaluate(node, at)
    found: list[Effect] = []
    for option in options(value):
        if isinstance(option, FunctionValue):
            of = _of_maker if made else _of_function
            found.append(of(resolver, option.module, option.scope, 0))
        elif isinstance(option, ClassValue) and not made:
            found.append(_of_class(resolver, option))
    return _all(found)


def _of_class(resolver: Resolver, cls: ClassValue) -> Effect:
    """A class whose instances stand for the functions it decorates."""
    calls = [m for m in cls.module.methods(cls.scope) if cls.module.facts.scopes[m].name == "__call__"]
    forwarding = [_of_wrapper(resolver, cls.module, method, None) for method in calls]
    return _all(forwarding)


def _of_maker(resolver: Resolver, module: Module, scope: int, depth: int) -> Effect:
    """A function that makes a decorator."""
    inner = [_of_function(resolver, module, index, depth + 1) for index in returned_functions(module, scope)]
    return _all(inner)


def _of_function(resolver: Resolver, module: Module, scope: int, depth: int) -> Effect:
    """A function that is given the decorated one, and whose result takes its place."""
    here = module.facts.scopes[scope]
    if not here.parameters or depth > _DEPTH_LIMIT:
        return _KEPT
    name = here.parameters[0].name
    found: list[Effect] = []
    for event in here.events:
        if event.kind == "return" and isinstance(event.value, syntax.Constant) and event.value.value is not None:
            found.append(_REPLACED)
    for index in returned_functions(module, scope):
        takes_it = any(True for _ in _called_on(module, scope, index, name))
        if takes_it:
            found.append(_of_function(resolver, module, index, depth + 1))
        else:
            found.append(_of_wrapper(resolver, module, index, name))
    return _all(found)


def returned_functions(module: Module, scope: int) -> Iterator[int]:
    """The functions inside of a function that it returns, be it through others (`wraps(f)(inner)`)."""
    inner = {module.facts.scopes[child].name: child for child in module.children.get(scope, ())}
    for event in module.facts.scopes[scope].events:
        if event.kind == "return" and event.value is not None:
            for node in walk(event.value):
                if isinstance(node, syntax.FunctionReference):
                    yield node.scope
                elif isinstance(node, syntax.Name) and node.name in inner:
                    yield inner[node.name]


def _called_on(module: Module, scope: int, inner: int, name: str) -> Iterator[syntax.Call]:
    """The calls `inner(name)` in a function, which decorate with what it would return without a function."""
    for call in module.calls_named(module.facts.scopes[inner].name):
        given = [dotted(argument.value) for argument in call.arguments]
        if module.facts.calls[call.index].scope == scope and given == [(name,)]:
            yield call


# --- wrappers -----------------------------------------------------------------------------------------------


def _of_wrapper(resolver: Resolver, module: Module, scope: int, name: str | None) -> Effect:
    """A function that stands for the decorated one, which it knows by `name`; or by an attribute of its object."""
    calls = list(_calls_of(module, scope, name))
    if not calls:
        return _REPLACED
    arguments = all(_forwards(module, scope, call, name) for call in calls)
    return Effect(arguments, _passes_on(resolver, module, scope, calls))


def _calls_of(module: Module, scope: int, name: str | None) -> Iterator[syntax.Call]:
    """The calls in a wrapper of the decorated function, or of what it is handed to."""
    own = module.facts.scopes[scope].parameters[:1]
    inside = set(module.inside(scope))
    for call in module.calls:
        if module.facts.calls[call.index].scope not in inside:
            continue
        for node in (call.function, *(argument.value for argument in call.arguments)):
            where = dotted(node) or ()
            if where == (name,) or (name is None and len(where) == 2 and own and where[0] == own[0].name):
                yield call
                break


def _forwards(module: Module, scope: int, call: syntax.Call, name: str | None) -> bool:
    """Are the arguments of the call the parameters of the wrapper, in order and as they came?"""
    given = list(call.arguments)
    while given and dotted(call.function) != (name,) and name is not None:
        if dotted(given.pop(0).value) == (name,):
            break
    parameters = list(module.facts.scopes[scope].parameters)
    if name is None:
        parameters = parameters[1:]
    taken = {p.name for p in parameters if p.kind in {"star", "double_star"}}
    passed = [(argument.star, dotted(argument.value)) for argument in given]
    wanted = [({"star": 1, "double_star": 2}.get(p.kind, 0), (p.name,)) for p in parameters]
    changed = any(
        target[0] in {p.name for p in parameters} and index in set(module.inside(scope))
        for index, target in (*module.bindings, *module.mutations)
    )
    return bool(taken or not passed) and passed == wanted and not changed


def _passes_on(resolver: Resolver, module: Module, scope: int, calls: list[syntax.Call]) -> bool:
    """Does the wrapper return nothing that it makes itself?"""
    for event in module.facts.scopes[scope].events:
        value = event.value.value if isinstance(event.value, syntax.Await) else event.value
        if event.kind != "return" or value is None:
            continue
        if isinstance(value, syntax.Constant) and value.value is not None:
            return False
        if isinstance(value, _OWN_VALUES):
            return False
        if isinstance(value, syntax.Call) and value not in calls and not _runs(resolver, module, scope, value, calls):
            return False
    return True


def _runs(resolver: Resolver, module: Module, scope: int, call: syntax.Call, calls: list[syntax.Call]) -> bool:
    """Is a function of the wrapper, which returns what the decorated one does, handed to one of the project that
    returns what it gives, such as `kept.get_or_make(key, lambda: function(*args))`?"""
    for position, argument in enumerate(call.arguments):
        inner = _function_in(module, scope, argument.value)
        if inner is None or not any(_is_inside(module, inner, one) for one in calls):
            continue
        with resolver.aside():
            callee = resolver.evaluate(call.function, at_call(resolver.frames.root(module, scope), call))
        given = _passes_on(resolver, module, inner, calls)
        return given and all(_gives_back(resolver, option, argument.keyword, position) for option in options(callee))
    return False


def _function_in(module: Module, scope: int, node: syntax.Expression) -> int | None:
    """The function inside of another that an expression names, or is."""
    if isinstance(node, syntax.FunctionReference):
        return node.scope
    names = {module.facts.scopes[child].name: child for child in module.children.get(scope, ())}
    return names.get(node.name) if isinstance(node, syntax.Name) else None


def _is_inside(module: Module, scope: int, call: syntax.Call) -> bool:
    return module.facts.calls[call.index].scope in set(module.inside(scope))


def _gives_back(resolver: Resolver, callee: Value, keyword: str | None, position: int) -> bool:
    """Does a function of the project return what a function gives that it is handed?"""
    if not isinstance(callee, FunctionValue) or callee.scope < 0:
        return False
    taken = callee.module.facts.scopes[callee.scope].parameters
    names = [parameter.name for parameter in taken if parameter.kind in {"positional", "plain"}]
    place = position + (callee.receiver is not None)
    name = keyword or (names[place] if place < len(names) else "")
    calls = [one for one in callee.module.calls_named(name) if _is_inside(callee.module, callee.scope, one)]
    return bool(calls) and _passes_on(resolver, callee.module, callee.scope, calls)
