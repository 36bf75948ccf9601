"""Expression nodes to expressions, calls among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import libcst as cst

from llmlint.facts import syntax
from llmlint.facts.syntax import Expression
from llmlint.frontend.brackets import count_brackets
from llmlint.frontend.builder import Builder
from llmlint.frontend.dispatch import expression, lowers, optional
from llmlint.frontend.literals import number

_CONSTANTS = {"None": None, "True": True, "False": False}
_NUMBERS = frozenset({cst.Integer, cst.Float})
_STARS = {"": 0, "*": 1, "**": 2}
_SEQUENCES: dict[type[cst.CSTNode], tuple[Literal["list", "tuple", "set"], bool]] = {
    cst.Tuple: ("tuple", False), cst.List: ("list", True), cst.Set: ("set", True),
}  # fmt: skip

OPERATORS: dict[type[cst.CSTNode], str] = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%",
    cst.Power: "**", cst.MatrixMultiply: "@", cst.BitOr: "|", cst.BitAnd: "&", cst.BitXor: "^",
    cst.LeftShift: "<<", cst.RightShift: ">>",
    cst.Equal: "==", cst.NotEqual: "!=", cst.LessThan: "<", cst.LessThanEqual: "<=", cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=", cst.In: "in", cst.NotIn: "not in", cst.Is: "is", cst.IsNot: "is not",
    cst.Minus: "-", cst.Plus: "+", cst.Not: "not", cst.BitInvert: "~",
}  # fmt: skip


@lowers(cst.Name)
def _name(_builder: Builder, node: cst.Name) -> Expression:
    name = node.value
    return syntax.Constant(_CONSTANTS[name]) if name in _CONSTANTS else syntax.Name(name)


@lowers(cst.Integer, cst.Float)
def _number(_builder: Builder, node: cst.Integer | cst.Float) -> Expression:
    value = number(node.value)
    return syntax.Opaque("number too large") if value is None else syntax.Constant(value)


@lowers(cst.Attribute)
def _attribute(builder: Builder, node: cst.Attribute) -> Expression:
    return syntax.Attribute(expression(builder, node.value), node.attr.value)


@lowers(cst.Call)
def _call(builder: Builder, node: cst.Call) -> Expression:
    awaited = builder.awaited is node
    function = expression(builder, node.func)
    number = builder.cursor
    arguments = lower_arguments(builder, node.args)
    place, text = builder.positions.call(node, number)
    index = len(builder.calls)
    builder.calls.append(syntax.CallPlace(place, builder.scope, builder.block, builder.tick(), text, awaited))
    return syntax.Call(function, arguments, index)


def lower_arguments(builder: Builder, nodes: Sequence[cst.Arg]) -> tuple[syntax.Argument, ...]:
    """The arguments of a call, or bases of a class, in the bracket at the cursor."""
    number = builder.cursor
    builder.cursor += 1
    values = [expression(builder, node.value) for node in nodes]
    builder.leave_bracket(number)
    lines = builder.positions.argument_lines(number, len(nodes))
    return tuple(
        [
            syntax.Argument(value, node.keyword.value if node.keyword is not None else None, _STARS[node.star], line)
            for node, value, line in zip(nodes, values, lines, strict=True)
        ]
    )


@lowers(cst.Subscript)
def _subscript(builder: Builder, node: cst.Subscript) -> Expression:
    value = expression(builder, node.value)
    number = builder.cursor
    builder.cursor += 1
    items = tuple([_index(builder, element.slice) for element in node.slice])
    builder.leave_bracket(number)
    single = len(items) == 1 and not isinstance(node.slice[0].comma, cst.Comma)
    return syntax.Subscript(value, items[0] if single else syntax.Sequence("tuple", items))


def _index(builder: Builder, node: cst.BaseSlice) -> Expression:
    if isinstance(node, cst.Slice):
        return syntax.Slice(optional(builder, node.lower), optional(builder, node.upper), optional(builder, node.step))
    assert isinstance(node, cst.Index)
    value = expression(builder, node.value)
    return syntax.Starred(value) if node.star else value


@lowers(cst.BinaryOperation)
def _binary(builder: Builder, node: cst.BinaryOperation) -> Expression:
    left = expression(builder, node.left)
    return syntax.BinaryOperation(OPERATORS[type(node.operator)], left, expression(builder, node.right))


@lowers(cst.BooleanOperation)
def _boolean(builder: Builder, node: cst.BooleanOperation) -> Expression:
    left = expression(builder, node.left)
    right = expression(builder, node.right)
    return syntax.BooleanOperation("and" if isinstance(node.operator, cst.And) else "or", left, right)


@lowers(cst.Comparison)
def _comparison(builder: Builder, node: cst.Comparison) -> Expression:
    left = expression(builder, node.left)
    operands = tuple([expression(builder, target.comparator) for target in node.comparisons])
    return syntax.Comparison(left, tuple([OPERATORS[type(t.operator)] for t in node.comparisons]), operands)


@lowers(cst.UnaryOperation)
def _unary(builder: Builder, node: cst.UnaryOperation) -> Expression:
    operand = expression(builder, node.expression)
    operator = OPERATORS[type(node.operator)]
    if operator == "-" and type(node.expression) in _NUMBERS and isinstance(operand, syntax.Constant):
        assert isinstance(operand.value, (int, float))
        return syntax.Constant(-operand.value)
    return syntax.UnaryOperation(operator, operand)


@lowers(cst.IfExp)
def _conditional(builder: Builder, node: cst.IfExp) -> Expression:
    start = builder.mark()
    builder.cursor += count_brackets(node.body)
    test = expression(builder, node.test)
    behind = builder.mark()
    builder.jump(start)
    body = expression(builder, node.body)
    builder.resume(behind)
    return syntax.Conditional(test, body, expression(builder, node.orelse))


@lowers(cst.Tuple, cst.List, cst.Set)
def _sequence(builder: Builder, node: cst.Tuple | cst.List | cst.Set) -> Expression:
    kind, bracketed = _SEQUENCES[type(node)]
    number = builder.cursor
    builder.cursor += bracketed
    items = tuple(
        [
            expression(builder, element if type(element) is cst.StarredElement else element.value)
            for element in node.elements
        ]
    )
    if bracketed:
        builder.leave_bracket(number)
    return syntax.Sequence(kind, items)


@lowers(cst.StarredElement)
def _starred(builder: Builder, node: cst.StarredElement) -> Expression:
    return syntax.Starred(expression(builder, node.value))


@lowers(cst.Dict)
def _mapping(builder: Builder, node: cst.Dict) -> Expression:
    items: list[tuple[Expression | None, Expression]] = []
    number = builder.cursor
    builder.cursor += 1
    for element in node.elements:
        key = expression(builder, element.key) if isinstance(element, cst.DictElement) else None
        items.append((key, expression(builder, element.value)))
    builder.leave_bracket(number)
    return syntax.Mapping(tuple(items))


@lowers(cst.Await)
def _await(builder: Builder, node: cst.Await) -> Expression:
    builder.awaited = node.expression
    return syntax.Await(expression(builder, node.expression))


@lowers(cst.Yield)
def _yield(builder: Builder, node: cst.Yield) -> Expression:
    function = builder.function()
    if function is not None:
        function.generator = True
    if isinstance(node.value, cst.From):
        return syntax.Yield(expression(builder, node.value.item), True)
    return syntax.Yield(optional(builder, node.value), False)


@lowers(cst.NamedExpr)
def _walrus(builder: Builder, node: cst.NamedExpr) -> Expression:
    value = expression(builder, node.value)
    assert isinstance(node.target, cst.Name)
    name = node.target.value
    home, block = builder.scope, builder.block
    while builder.scopes[builder.scope].kind == "comprehension":  # it binds in the scope around
        builder.block = builder.scopes[builder.scope].block
        builder.scope = builder.scopes[builder.scope].parent
    builder.emit("assign", syntax.Name(name), value)
    builder.scope, builder.block = home, block
    return syntax.NamedExpression(name, value)


@lowers(cst.Ellipsis)
def _ellipsis(_builder: Builder, _node: cst.Ellipsis) -> Expression:
    return syntax.Opaque("...")


@lowers(cst.Imaginary)
def _imaginary(_builder: Builder, _node: cst.Imaginary) -> Expression:
    return syntax.Opaque("complex number")
