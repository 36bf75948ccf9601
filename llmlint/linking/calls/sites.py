"""Which calls of a module are call sites: called, aliased, partially applied or handed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.calls.clients import identify
from llmlint.linking.calls.targets import target_of
from llmlint.linking.calls.uses import Target
from llmlint.linking.calls.vocabulary import Vocabulary
from llmlint.linking.evaluation import handing
from llmlint.linking.evaluation.frames import Frame, at_call
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import External, FunctionValue, Invocation, Partial, Value, options
from llmlint.linking.program.module import Module
from llmlint.linking.program.trees import last_name, walk

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

IDENTIFYING_LIMIT = 2_000
"""Evaluations to find out whether a call is a call site: most that are looked at are none."""


@dataclass(frozen=True, slots=True)
class Site:
    """A call that sends a request. `callee` is the expression that is the endpoint: the called one, or an argument."""

    module: Module
    call: syntax.Call
    callee: syntax.Expression
    target: Target
    skip: int = 0
    elementwise: bool = False
    open: bool = False
    partial: Partial | None = None

    @property
    def call_line(self) -> int:
        """The line on which the call starts."""
        return self.module.call_location(self.call).line

    def invocation(self, frame: Frame) -> Invocation:
        """The request's arguments, with the frame of one caller."""
        at = at_call(frame, self.call)
        return Invocation(self.call, at, self.skip, self.elementwise, self.partial, self.open)


def sites_in(resolver: Resolver, module: Module, vocabulary: Vocabulary) -> Iterator[Site]:
    """The call sites of a module, in source order."""
    methods = vocabulary.methods_in(resolver.project.source(module.path) or b"")
    imported = _imported_endpoints(resolver, module)
    bound = imported | _bound_names(module, methods, vocabulary, imported)
    for call in module.calls:
        resolver.start(IDENTIFYING_LIMIT)
        asked = _may_be(call.function, methods, bound) and not _is_of_data(module, call)
        if asked and (site := _called(resolver, module, call)) is not None:
            yield site
            continue
        for position, argument in enumerate(call.arguments):
            if argument.keyword in vocabulary.arguments or not isinstance(argument.value, _DOTTED):
                continue  # `stream=settings.stream` hands over no method
            if _may_be(argument.value, methods, bound):
                handed = _handed_over(resolver, module, call, position)
                if handed is not None:
                    yield handed
                    break


def _may_be(callee: syntax.Expression, methods: frozenset[str], bound: frozenset[str]) -> bool:
    if isinstance(callee, syntax.Call | syntax.NamedExpression):
        return True
    if isinstance(callee, syntax.Subscript):
        return last_name(callee.value) in bound
    name = last_name(callee)
    return (name in methods and isinstance(callee, syntax.Attribute)) or name in bound


_DOTTED = syntax.Name | syntax.Attribute
_DATA = syntax.Mapping | syntax.Sequence | syntax.Comprehension | syntax.FormattedString | syntax.Comparison


def _is_of_data(module: Module, call: syntax.Call) -> bool:
    """Is it a method of a list, a mapping or a text that its function has made, as `options.update(...)` mostly is?"""
    if not isinstance(call.function, syntax.Attribute) or not isinstance(call.function.value, syntax.Name):
        return False
    name, scope = call.function.value.name, module.facts.calls[call.index].scope
    while scope >= 0:
        here = module.facts.scopes[scope]
        if name in here.outer_names or any(parameter.name == name for parameter in here.parameters):
            return False
        if events := module.bindings.get((scope, (name,))):
            return all(event.kind == "assign" and isinstance(event.value, _DATA) and not event.path for event in events)
        scope = here.parent
    return False


def _bound_names(
    module: Module, methods: frozenset[str], vocabulary: Vocabulary, imported: frozenset[str]
) -> frozenset[str]:
    """Names and attributes that may hold an endpoint: what is assigned mentions one without calling it, is one that is
    imported, or builds a client that is itself called.
    """
    found: set[str] = set()
    for (_, target), events in module.bindings.items():
        for event in events:
            value = event.value
            if event.kind != "assign" or value is None:
                continue
            named = isinstance(value, syntax.Name) and value.name in imported
            if named or _mentions(value, methods, vocabulary) or _builds(value, vocabulary.callables):
                found.add(target[-1])
    for scope in module.facts.scopes:
        for parameter in scope.parameters:
            if parameter.default is not None and _mentions(parameter.default, methods, vocabulary):
                found.add(parameter.name)
    return frozenset(found)


def _imported_endpoints(resolver: Resolver, module: Module) -> frozenset[str]:
    """Names of functions that are imported and are endpoints themselves."""
    imported = (
        (target[-1], f"{event.value.module}.{event.value.name}")
        for (_, target), events in module.bindings.items()
        for event in events
        if isinstance(event.value, syntax.ImportedName) and not event.value.level
    )
    catalog = resolver.catalog
    return frozenset(name for name, full in imported if catalog.endpoint_by_name(full) or catalog.sender(full))


def _mentions(value: syntax.Expression, methods: frozenset[str], vocabulary: Vocabulary) -> bool:
    other: set[int] = set()  # attributes that are called here, or given as an argument of that name
    for node in walk(value):
        if isinstance(node, syntax.Call):
            other.add(id(node.function))
            other.update(id(one.value) for one in node.arguments if one.keyword in vocabulary.arguments)
    return any(_asked_for(node) in methods and id(node) not in other for node in walk(value))


def _asked_for(node: syntax.Node) -> str:
    """The name of an attribute, also of one that `getattr` is to get; "" for all else."""
    if isinstance(node, syntax.Call) and last_name(node.function) == "getattr" and len(node.arguments) > 1:
        name = node.arguments[1].value
        return str(name.value) if isinstance(name, syntax.Constant) else ""
    return node.name if isinstance(node, syntax.Attribute) else ""


def _builds(value: syntax.Expression, callables: frozenset[str]) -> bool:
    return any(isinstance(node, syntax.Call) and last_name(node.function) in callables for node in walk(value))


def _keywords(call: syntax.Call) -> frozenset[str] | None:
    if any(argument.star == 2 for argument in call.arguments):
        return None
    return frozenset(argument.keyword for argument in call.arguments if argument.keyword)


def _called(resolver: Resolver, module: Module, call: syntax.Call) -> Site | None:
    frame = resolver.frames.root(module, module.facts.calls[call.index].scope)
    value = resolver.evaluate(call.function, at_call(frame, call))
    invocation = Invocation(call, at_call(frame, call))
    for option in options(value):
        inner: Value = option.function if isinstance(option, Partial) else option
        target = target_of(resolver, inner, _keywords(call) if inner is option else None, invocation)
        if target is not None:
            if inner is not option and isinstance(option, Partial):
                return Site(module, call, call.function, target, partial=option)
            target = target_of(resolver, value, _keywords(call), invocation) or target
            return Site(module, call, call.function, target)
    return None


def _handed_over(resolver: Resolver, module: Module, call: syntax.Call, position: int) -> Site | None:
    """A bound method given to another callable, which is taken to call it with what follows."""
    frame = resolver.frames.root(module, module.facts.calls[call.index].scope)
    at = at_call(frame, call)
    argument = call.arguments[position]
    target = identify(resolver, resolver.evaluate(argument.value, at), None)
    if target is None or target.path == ("__call__",):
        return None
    callee = resolver.evaluate(call.function, at)
    kind = handing.handing_kind(resolver, callee)
    if not kind and any(isinstance(one, External) and _only_looks(one.name) for one in options(callee)):
        return None
    if kind and _called_later(module, call):
        return None
    if any(_decorates(resolver, one) for one in options(callee)):
        return None
    more = len(call.arguments) > 1
    if argument.keyword is not None:
        more, kind = False, ""  # what the rest is for is the callee's to say
    passes_on = bool(kind) or (more and all(_passes_on(one) for one in options(callee)))
    return Site(module, call, argument.value, target, position + 1, kind == "elementwise", not passes_on)


def _decorates(resolver: Resolver, callee: Value) -> bool:
    """Does a callee only wrap the function, so that the call of what comes out is the site?"""
    name = dotted_name(callee)
    entry = resolver.catalog.ecosystem.function("retry", name) if name else None
    return entry is not None and entry.kind == "decorator"


def _called_later(module: Module, call: syntax.Call) -> bool:
    """Is this a partial that is bound to a name which is called? Then that call is the site."""
    if last_name(call.function) != "partial":
        return False
    return any(
        event.value is call and module.calls_named(target[-1])
        for (_, target), events in module.bindings.items()
        for event in events
    )


def _only_looks(name: str) -> bool:
    """Functions of the standard library that take a function without calling it."""
    return name.startswith(("builtins.", "inspect.", "unittest.", "mock.", "logging.", "warnings.", "functools.w"))


def _passes_on(callee: Value) -> bool:
    """Does a callee pass on what follows the function? Those of the project say so in their parameters."""
    if not isinstance(callee, FunctionValue):
        return True
    kinds = {parameter.kind for parameter in callee.module.facts.scopes[callee.scope].parameters}
    return bool(kinds & {"star", "double_star"})
