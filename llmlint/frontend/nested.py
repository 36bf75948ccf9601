"""Scopes within expressions: comprehensions and lambdas; parameters of these, of functions and of types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import libcst as cst

from llmlint.facts import syntax
from llmlint.facts.syntax import Expression
from llmlint.frontend.builder import Builder, ScopeDraft
from llmlint.frontend.dispatch import expression, lowers, optional
from llmlint.frontend.targets import bind, value_first

_ParameterKind = Literal["positional", "plain", "star", "keyword", "double_star"]
_KINDS: dict[type[cst.CSTNode], tuple[Literal["list", "set", "dict", "generator"], bool]] = {
    cst.ListComp: ("list", True), cst.SetComp: ("set", True), cst.GeneratorExp: ("generator", False),
    cst.DictComp: ("dict", True), cst.StarredDictComp: ("dict", True),
}  # fmt: skip


@lowers(cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp, cst.StarredDictComp)
def _comprehension(builder: Builder, node: cst.BaseSimpleComp | cst.DictComp | cst.StarredDictComp) -> Expression:
    """The element stands before its loops but is evaluated behind them."""
    kind, bracketed = _KINDS[type(node)]
    builder.cursor += bracketed  # the one around a generator is counted already, as its own or as the call's
    start = builder.mark()
    number = builder.cursor - 1
    outside = builder.line
    builder.line, builder.cursor = builder.positions.loop(number)
    scope, draft = _loops(builder, node.for_in)
    draft.end_line = builder.positions.end_line(number, number + 1)
    behind = builder.mark()
    builder.jump(start)
    key = expression(builder, node.key) if isinstance(node, cst.DictComp) else None
    element = expression(builder, node.elt if isinstance(node, cst.BaseSimpleComp) else node.value)
    builder.resume(behind)
    builder.leave_bracket(number)
    builder.leave(draft)
    builder.line = outside
    return syntax.Comprehension(kind, scope, key, element)


def _loops(builder: Builder, loop: cst.CompFor) -> tuple[int, ScopeDraft]:
    """Open the scope of a comprehension; the first iterable is evaluated in the scope around."""
    iterable, behind = value_first(builder, [loop.target], loop.iter)
    scope = len(builder.scopes)
    draft = builder.open_scope("comprehension", "<comprehension>", builder.line)
    inner: cst.CompFor | None = loop
    while inner is not None:
        if inner is not loop:
            iterable, behind = value_first(builder, [inner.target], inner.iter)
        bind(builder, "item", inner.target, iterable, asynchronous=inner.asynchronous is not None)
        builder.resume(behind)
        for condition in inner.ifs:
            test = expression(builder, condition.test)
            builder.emit("evaluate", None, test)
        inner = inner.inner_for_in
    return scope, draft


@lowers(cst.Lambda)
def _lambda(builder: Builder, node: cst.Lambda) -> Expression:
    first = builder.cursor
    outside, builder.line = builder.line, builder.lambda_line()
    parameters = lower_parameters(builder, node.params)
    scope = len(builder.scopes)
    draft = builder.open_scope("function", "<lambda>", builder.line)
    draft.parameters = parameters
    builder.emit("return", None, expression(builder, node.body))
    builder.blocks[draft.body].leaves = "return"
    builder.leave(draft)
    draft.end_line = max(builder.line, builder.positions.end_line(first, builder.cursor))
    builder.line = outside
    return syntax.FunctionReference(scope)


def lower_parameters(builder: Builder, node: cst.Parameters) -> tuple[syntax.Parameter, ...]:
    """Parameters in order; defaults and annotations are evaluated in the current scope."""
    return tuple([_parameter(builder, kind, param) for kind, param in _kinds(node)])


def _kinds(node: cst.Parameters) -> Iterator[tuple[_ParameterKind, cst.Param]]:
    for param in node.posonly_params:
        yield "positional", param
    for param in node.params:
        yield "plain", param
    if isinstance(node.star_arg, cst.Param):
        yield "star", node.star_arg
    for param in node.kwonly_params:
        yield "keyword", param
    if node.star_kwarg is not None:
        yield "double_star", node.star_kwarg


def _parameter(builder: Builder, kind: _ParameterKind, node: cst.Param) -> syntax.Parameter:
    annotation = optional(builder, node.annotation.annotation) if node.annotation is not None else None
    return syntax.Parameter(node.name.value, kind, optional(builder, node.default), annotation)


def lower_type_parameters(builder: Builder, node: cst.TypeParameters | None) -> list[str]:
    """Names of type parameters; calls in their bounds are added on the way."""
    names: list[str] = []
    builder.cursor += node is not None
    for item in node.params if node is not None else ():
        names.append(item.param.name.value)
        bound = getattr(item.param, "bound", None)
        for part in (bound, item.default):
            if isinstance(part, cst.BaseExpression):
                expression(builder, part)
    return names
