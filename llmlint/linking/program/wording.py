"""Expressions in words: short source text for messages and evidence."""

from __future__ import annotations

from llmlint.facts import syntax

LIMIT = 60


def shorten(text: str, limit: int = LIMIT) -> str:
    """The text on one line, cut to `limit` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def source(expression: syntax.Expression | None, depth: int = 6) -> str:
    """The expression roughly as written, cut to a line of `LIMIT` characters."""
    return shorten(_render(expression, depth))


def _render(node: syntax.Expression | None, depth: int) -> str:  # noqa: C901, PLR0912 - one case per node type
    if node is None:
        return ""
    if depth <= 0:
        return "…"
    inner = depth - 1
    match node:
        case syntax.Constant(value=value):
            return repr(value)
        case syntax.Name(name=name):
            return name
        case syntax.Attribute(value=value, name=name):
            return f"{_render(value, inner)}.{name}"
        case syntax.Subscript(value=value, index=index):
            return f"{_render(value, inner)}[{_render(index, inner)}]"
        case syntax.Slice(lower=lower, upper=upper):
            return f"{_render(lower, inner)}:{_render(upper, inner)}"
        case syntax.Call(function=function, arguments=arguments):
            given = ", ".join(_argument(argument, inner) for argument in arguments[:4])
            return f"{_render(function, inner)}({given})"
        case syntax.FormattedString(parts=parts):
            return "f" + repr("".join(_piece(part, inner) for part in parts))
        case syntax.FormattedValue(value=value):
            return f"{{{_render(value, inner)}}}"
        case (
            syntax.BinaryOperation(operator=operator, left=left, right=right)
            | syntax.BooleanOperation(operator=operator, left=left, right=right)
        ):
            return f"{_render(left, inner)} {operator} {_render(right, inner)}"
        case syntax.Comparison(left=left, operators=operators, operands=operands):
            rest = zip(operators, operands, strict=True)
            return _render(left, inner) + "".join(f" {op} {_render(value, inner)}" for op, value in rest)
        case syntax.UnaryOperation(operator=operator, operand=operand):
            return f"{operator}{' ' if operator == 'not' else ''}{_render(operand, inner)}"
        case syntax.Conditional(test=test, body=body, otherwise=otherwise):
            return f"{_render(body, inner)} if {_render(test, inner)} else {_render(otherwise, inner)}"
        case syntax.Sequence(kind=kind, items=items):
            brackets = {"list": "[]", "tuple": "()", "set": "{}"}[kind]
            return brackets[0] + ", ".join(_render(item, inner) for item in items[:4]) + brackets[1]
        case syntax.Mapping(items=items):
            pairs = (f"{_render(key, inner)}: {_render(value, inner)}" for key, value in items[:4])
            return "{" + ", ".join(pairs) + "}"
        case syntax.Await(value=value):
            return _render(value, inner)
        case syntax.Starred(value=value):
            return "*" + _render(value, inner)
        case syntax.NamedExpression(target=target):
            return target
        case syntax.FunctionReference():
            return "lambda"
        case syntax.Comprehension(element=element):
            return f"[{_render(element, inner)} for …]"
        case syntax.Opaque(text=text):
            return text
        case _:
            return "…"


def _argument(argument: syntax.Argument, depth: int) -> str:
    value = "*" * argument.star + _render(argument.value, depth)
    return f"{argument.keyword}={value}" if argument.keyword else value


def _piece(part: syntax.Expression, depth: int) -> str:
    return str(part.value) if isinstance(part, syntax.Constant) else _render(part, depth)
