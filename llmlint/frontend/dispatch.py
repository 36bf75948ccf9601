"""The table from node type to the function that lowers it; the other modules fill it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import libcst as cst

from llmlint.facts.syntax import Expression, Opaque
from llmlint.frontend.brackets import count_brackets
from llmlint.frontend.builder import DEPTH_LIMIT, Builder, Leaving

LowerExpression = Callable[[Builder, Any], Expression]
LowerStatement = Callable[[Builder, Any], Leaving]

_E = TypeVar("_E", bound=LowerExpression)
_S = TypeVar("_S", bound=LowerStatement)
_expressions: dict[type[cst.CSTNode], LowerExpression] = {}
_statements: dict[type[cst.CSTNode], LowerStatement] = {}
TOO_DEEP = "nested too deeply"


def lowers(*types: type[cst.CSTNode]) -> Callable[[_E], _E]:
    """Registers a function for expressions of these types."""

    def register(function: _E) -> _E:
        _expressions.update(dict.fromkeys(types, function))
        return function

    return register


def lowers_statement(*types: type[cst.CSTNode]) -> Callable[[_S], _S]:
    """Registers a function for statements of these types."""

    def register(function: _S) -> _S:
        _statements.update(dict.fromkeys(types, function))
        return function

    return register


def expression(builder: Builder, node: cst.BaseExpression) -> Expression:
    """The value of an expression node; its calls and scopes are added to `builder` on the way."""
    function = _expressions.get(type(node))
    if function is None or builder.depth >= DEPTH_LIMIT:
        builder.cursor += count_brackets(node)
        return Opaque(TOO_DEEP if function is not None else type(node).__name__)
    if node.lpar:
        builder.cursor += len(node.lpar)
    builder.depth += 1
    result = function(builder, node)
    builder.depth -= 1
    return result


def optional(builder: Builder, node: cst.BaseExpression | None) -> Expression | None:
    """As `expression`; None stays None."""
    return None if node is None else expression(builder, node)


def statement(builder: Builder, node: cst.CSTNode) -> Leaving:
    """Lower one statement; statements without effect (`pass`) are in no table."""
    function = _statements.get(type(node))
    return function(builder, node) if function is not None else ""
