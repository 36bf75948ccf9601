"""String nodes to constants, and f-strings to their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import libcst as cst

from llmlint.facts import syntax
from llmlint.facts.syntax import Constant, Expression, Opaque
from llmlint.frontend.builder import Builder
from llmlint.frontend.dispatch import expression, lowers
from llmlint.frontend.literals import string, unescape

_Hole: TypeAlias = cst.FormattedStringExpression | cst.TemplatedStringExpression

_BYTES = "bytes"
_TEMPLATE = "template string"
_MALFORMED = "string with a malformed escape or a lone surrogate"


@lowers(cst.SimpleString)
def _string(_builder: Builder, node: cst.SimpleString) -> Expression:
    value = string(node.value)
    if value is not None:
        return Constant(value)
    return Opaque(_BYTES if "b" in node.prefix else _MALFORMED)


@lowers(cst.FormattedString)
def _formatted(builder: Builder, node: cst.FormattedString) -> Expression:
    return _joined(list(_parts(builder, node)))


@lowers(cst.ConcatenatedString)
def _concatenated(builder: Builder, node: cst.ConcatenatedString) -> Expression:
    parts: list[Expression] = []
    for piece in _pieces(node):
        if isinstance(piece, cst.FormattedString):
            parts.extend(_parts(builder, piece))
        else:
            parts.append(expression(builder, piece))
    return _joined(parts)


def _pieces(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    while isinstance(node, cst.ConcatenatedString):
        yield node.left
        node = node.right
    yield node


def _joined(parts: Sequence[Expression]) -> Expression:
    """One constant if all parts are text; otherwise the parts with neighbouring text joined."""
    merged: list[Expression] = []
    for part in parts:
        if isinstance(part, Opaque) and part.text == _BYTES:
            return part
        last = merged[-1] if merged else None
        if isinstance(part, Constant) and isinstance(last, Constant):
            merged[-1] = Constant(f"{last.value}{part.value}")
        else:
            merged.append(syntax.FormattedValue(part, None, None) if isinstance(part, Opaque) else part)
    if not merged:
        return Constant("")
    single = len(merged) == 1 and isinstance(merged[0], Constant)
    return merged[0] if single else syntax.FormattedString(tuple(merged))


def _parts(builder: Builder, node: cst.FormattedString) -> Iterator[Expression]:
    raw = "r" in node.start.lower()
    number = builder.cursor
    builder.cursor += 1
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            yield _text(part.value, raw)
        elif isinstance(part, cst.FormattedStringExpression):
            yield from _hole(builder, part, raw)
    builder.leave_string(number)


def _text(source: str, raw: bool) -> Expression:
    value = source if raw else unescape(source)
    return Opaque(_MALFORMED) if value is None else Constant(value.replace("{{", "{").replace("}}", "}"))


@lowers(cst.TemplatedString)
def _template(builder: Builder, node: cst.TemplatedString) -> Expression:
    number = builder.cursor
    builder.cursor += 1
    for part in node.parts:
        if isinstance(part, cst.TemplatedStringExpression):
            list(_hole(builder, part, False))  # for the calls inside
    builder.leave_string(number)
    return Opaque(_TEMPLATE)


def _hole(builder: Builder, node: _Hole, raw: bool) -> Iterator[Expression]:
    value = expression(builder, node.expression)
    conversion, spec = node.conversion, None
    if node.equal is not None:
        yield Constant(_self_documenting(node))
        conversion = conversion or (None if node.format_spec else "r")
    if node.format_spec is not None:
        spec = _spec(builder, node.format_spec, raw)
    yield syntax.FormattedValue(value, conversion, spec)


def _spec(builder: Builder, parts: Sequence[cst.CSTNode], raw: bool) -> str | None:
    texts: list[str] = []
    constant = True
    for part in parts:
        if isinstance(part, (cst.FormattedStringText, cst.TemplatedStringText)):
            text = _text(part.value, raw)
            constant = constant and isinstance(text, Constant)
            texts.append(str(text.value) if isinstance(text, Constant) else "")
        elif isinstance(part, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
            list(_hole(builder, part, raw))  # for the calls inside
            constant = False
    return "".join(texts) if constant else None


def _self_documenting(node: _Hole) -> str:
    """What `{value=}` prints before the value."""
    module = cst.Module([])
    assert node.equal is not None
    pieces = (node.whitespace_before_expression, node.expression, node.whitespace_after_expression, node.equal)
    return "".join(module.code_for_node(piece) for piece in pieces)
