"""Function and class statements to scopes."""

from __future__ import annotations

import libcst as cst

from llmlint.facts import syntax
from llmlint.facts.syntax import Expression
from llmlint.frontend.blocks import suite
from llmlint.frontend.builder import Builder, Leaving, ScopeDraft
from llmlint.frontend.dispatch import expression, lowers_statement
from llmlint.frontend.expressions import lower_arguments
from llmlint.frontend.literals import string
from llmlint.frontend.nested import lower_parameters, lower_type_parameters


@lowers_statement(cst.FunctionDef)
def _function(builder: Builder, node: cst.FunctionDef) -> Leaving:
    decorators = _decorators(builder, node)
    line = builder.line
    names = lower_type_parameters(builder, node.type_parameters)
    bracket = builder.cursor
    builder.cursor += 1
    parameters = lower_parameters(builder, node.params)
    builder.leave_bracket(bracket)
    returns = expression(builder, node.returns.annotation) if node.returns is not None else None
    builder.emit("assign", syntax.Name(node.name.value), syntax.FunctionReference(len(builder.scopes)))
    draft = builder.open_scope("function", node.name.value, line)
    draft.parameters, draft.decorators, draft.returns = parameters, decorators, returns
    draft.asynchronous = node.asynchronous is not None
    _body(builder, draft, node, names)
    return ""


@lowers_statement(cst.ClassDef)
def _class(builder: Builder, node: cst.ClassDef) -> Leaving:
    decorators = _decorators(builder, node)
    line = builder.line
    names = lower_type_parameters(builder, node.type_parameters)
    bases: tuple[syntax.Argument, ...] = ()
    if isinstance(node.lpar, cst.LeftParen):
        bases = lower_arguments(builder, (*node.bases, *node.keywords))
    scope = len(builder.scopes)
    draft = builder.open_scope("class", node.name.value, line)
    draft.bases, draft.decorators = bases, decorators
    _body(builder, draft, node, names)
    builder.line = line
    builder.emit("assign", syntax.Name(node.name.value), syntax.ClassReference(scope))
    draft.sequence = builder.sequence
    return ""


def _decorators(builder: Builder, node: cst.FunctionDef | cst.ClassDef) -> tuple[Expression, ...]:
    values: list[Expression] = []
    for decorator in node.decorators:
        values.append(expression(builder, decorator.decorator))
        builder.begin_line()
    return tuple(values)


def _body(builder: Builder, draft: ScopeDraft, node: cst.FunctionDef | cst.ClassDef, names: list[str]) -> None:
    for name in names:
        builder.emit("assign", syntax.Name(name), syntax.Opaque("type parameter"))
    breaks, builder.breaks = builder.breaks, []
    draft.docstring = docstring(node.body)
    builder.blocks[draft.body].leaves = suite(builder, node.body)
    builder.breaks = breaks
    draft.end_line = builder.last_line()
    builder.leave(draft)


def docstring(node: cst.BaseSuite | cst.Module) -> str | None:
    """The string at the head of a body."""
    first: cst.CSTNode | None = node.body[0] if node.body else None
    if isinstance(first, cst.SimpleStatementLine):
        first = first.body[0] if first.body else None
    return _text(first.value) if isinstance(first, cst.Expr) else None


def _text(node: cst.BaseExpression) -> str | None:
    texts: list[str | None] = []
    while isinstance(node, cst.ConcatenatedString):
        texts.append(_text(node.left))
        node = node.right
    texts.append(string(node.value) if isinstance(node, cst.SimpleString) else None)
    return None if None in texts else "".join(text or "" for text in texts)
