"""Moving about in expressions: dotted names, all nodes, parents and children; what a comparison says of a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llmlint.facts import syntax

Dotted = tuple[str, ...]


def dotted(expression: syntax.Expression | None) -> Dotted | None:
    """`a.b.c` as ("a", "b", "c"); None for anything but names and attributes of names."""
    names: list[str] = []
    while isinstance(expression, syntax.Attribute):
        names.append(expression.name)
        expression = expression.value
    if not isinstance(expression, syntax.Name):
        return None
    names.append(expression.name)
    return tuple(reversed(names))


def last_name(expression: syntax.Expression | None) -> str:
    """`c` of `a.b.c` and of `c`; "" for anything else."""
    return expression.name if isinstance(expression, syntax.Name | syntax.Attribute) else ""


def walk(root: syntax.Node) -> Iterator[syntax.Node]:
    """The node and all inside it, from left to right; comprehension elements too, other scopes' statements not."""
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, syntax.Node):
            yield node
            waiting.extend(getattr(node, field) for field in reversed(node.__struct_fields__))
        elif isinstance(node, tuple):
            waiting.extend(reversed(node))


def constant_string(expression: syntax.Expression | None) -> str | None:
    """The text of a string literal."""
    if isinstance(expression, syntax.Constant) and isinstance(expression.value, str):
        return expression.value
    return None


def arguments_by_keyword(arguments: Sequence[syntax.Argument]) -> dict[str, syntax.Expression]:
    """The keyword arguments that are spelt out."""
    return {argument.keyword: argument.value for argument in arguments if argument.keyword}


def parents_of(event: syntax.Event) -> dict[int, syntax.Node]:
    """The parent of every node of an event's value."""
    found: dict[int, syntax.Node] = {}
    waiting: list[syntax.Node] = [event.value] if event.value is not None else []
    while waiting:
        node = waiting.pop()
        for child in children(node):
            found[id(child)] = node
            waiting.append(child)
    return found


def children(node: syntax.Node) -> Iterator[syntax.Node]:
    waiting: list[object] = [getattr(node, name) for name in node.__struct_fields__]
    while waiting:
        value = waiting.pop()
        if isinstance(value, syntax.Node):
            yield value
        elif isinstance(value, tuple):
            waiting.extend(value)


def equal_texts(condition: syntax.Expression | None) -> dict[Dotted, frozenset[str]]:
    """The names and attributes that are one of a few texts where a condition holds: `x == "a"`, `x in ("a", "b")`."""
    match condition:
        case syntax.Comparison(left=left, operators=("==",), operands=(syntax.Constant(value=str() as text),)):
            return {name: frozenset({text})} if (name := dotted(left)) is not None else {}
        case syntax.Comparison(left=left, operators=("in",), operands=(syntax.Sequence(items=items),)):
            texts = [item.value for item in items if isinstance(item, syntax.Constant) and isinstance(item.value, str)]
            name = dotted(left) if texts and len(texts) == len(items) else None
            return {name: frozenset(texts)} if name is not None else {}
        case syntax.BooleanOperation(operator="and", left=left, right=right):
            return equal_texts(right) | equal_texts(left)
        case syntax.BooleanOperation(operator="or", left=left, right=right):
            first, second = equal_texts(left), equal_texts(right)
            return {name: first[name] | second[name] for name in first.keys() & second.keys()}
        case _:
            return {}


_ELSEWHERE = syntax.Call | syntax.Comprehension | syntax.Await | syntax.Attribute | syntax.Subscript
"""Expressions whose value may come from somewhere else than constants and names."""
_TESTS = frozenset({"startswith", "endswith"})


def is_about(condition: syntax.Expression, names: frozenset[str]) -> bool:
    """Whether nothing but constants and the names decides a condition; `name.startswith(...)` is as good as `==`."""
    waiting: list[syntax.Node] = [condition]
    while waiting:
        node = waiting.pop()
        match node:
            case syntax.Call(function=syntax.Attribute(value=syntax.Name() as tested, name=name)) if name in _TESTS:
                waiting.extend((tested, *(argument.value for argument in node.arguments)))
            case syntax.Name(name=name) if name not in names:
                return False
            case _ if isinstance(node, _ELSEWHERE):
                return False
            case _:
                waiting.extend(children(node))
    return True


def decorator_names(scope: syntax.Scope) -> list[str]:
    """The last names of a function's or class's decorators."""
    found: list[str] = []
    for decorator in scope.decorators:
        node = decorator.function if isinstance(decorator, syntax.Call) else decorator
        if isinstance(node, syntax.Name | syntax.Attribute):
            found.append(node.name)
    return found
