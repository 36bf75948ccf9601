"""Scopes within expressions: comprehensions and lambdas; parameters for lambdas and functions alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import libcst as cst

from llmlint.facts import syntax
from llmlint.facts.syntax import Expression
from llmlint.frontend.builder import Builder
from llmlint.frontend.dispatch import expression, lowers, optional
from llmlint.frontend.targets import bind

_ParameterKind = Literal["positional", "plain", "star", "keyword", "double_star"]
_KINDS = {cst.ListComp: "list", cst.SetComp: "set", cst.GeneratorExp: "generator", cst.DictComp: "dict"}


@lowers(cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)
def _comprehension(builder: Builder, node: cst.BaseComp) -> Expression:
    first = expression(builder, node.for_in.iter)  # evaluated in the scope around
    scope = len(builder.scopes)
    draft = builder.open_scope("comprehension", "<comprehension>", builder.line)
    draft.end_line = builder.line
    _loops(builder, node.for_in, first)
    key = expression(builder, node.key) if isinstance(node, cst.DictComp) else None
    element = expression(builder, node.value if isinstance(node, cst.DictComp) else node.elt)  # type: ignore[attr-defined]
    builder.leave(draft)
    return syntax.Comprehension(_KINDS[type(node)], scope, key, element)  # type: ignore[arg-type]


def _loops(builder: Builder, loop: cst.CompFor | None, iterable: Expression | None) -> None:
    while loop is not None:
        value = iterable if iterable is not None else expression(builder, loop.iter)
        bind(builder, "item", loop.target, value, asynchronous=loop.asynchronous is not None)
        for condition in loop.ifs:
            test = expression(builder, condition.test)
            builder.emit("evaluate", None, test)
        loop, iterable = loop.inner_for_in, None


@lowers(cst.Lambda)
def _lambda(builder: Builder, node: cst.Lambda) -> Expression:
    parameters = lower_parameters(builder, node.params)
    scope = len(builder.scopes)
    draft = builder.open_scope("function", "<lambda>", builder.line)
    draft.parameters, draft.end_line = parameters, builder.line
    builder.emit("return", None, expression(builder, node.body))
    builder.blocks[draft.body].leaves = "return"
    builder.leave(draft)
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
