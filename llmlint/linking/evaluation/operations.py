"""Operators on values: arithmetic on constants, text and list concatenation, truth, comparison."""

from __future__ import annotations

import operator as op
from collections.abc import Callable

from llmlint.linking.evaluation import datafiles, strings
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    Choice,
    ClassValue,
    Computed,
    Constant,
    Entries,
    FilePath,
    FunctionValue,
    Instance,
    Items,
    Made,
    Many,
    ModuleValue,
    NotGiven,
    Piped,
    Spread,
    Unknown,
    Value,
    choice,
    concatenate,
    is_text,
    options,
)

_PAIR_LIMIT = 4

_ARITHMETIC: dict[str, Callable[[int | float, int | float], int | float]] = {
    "+": op.add,
    "-": op.sub,
    "*": op.mul,
    "/": op.truediv,
    "//": op.floordiv,
    "%": op.mod,
}
_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "==": op.eq,
    "!=": op.ne,
    "is": op.eq,
    "is not": op.ne,
}


def binary(operator: str, left: Value, right: Value, text: str) -> Value:
    """`left operator right`, over all pairs of a few alternatives; `text` is the expression for people."""
    lefts, rights = options(left), options(right)
    if len(lefts) * len(rights) > _PAIR_LIMIT * _PAIR_LIMIT:
        if operator == "+" and (all(map(is_text, lefts)) or all(map(is_text, rights))):
            return concatenate([left, right])
        return Computed(text, (left, right))
    return choice([_binary(operator, a, b, text) for a in lefts for b in rights])


def _binary(operator: str, left: Value, right: Value, text: str) -> Value:
    if operator == "/" and isinstance(left, FilePath):
        return datafiles.joined(left, right) or Computed(text, (left, right))
    if operator == "%" and is_text(left):
        return strings.percent(left, right)
    if operator == "+" and (is_text(left) or is_text(right)):
        return concatenate([left, right])
    if isinstance(left, Items) and isinstance(right, Items) and operator in {"+", "|"}:
        return Items(left.kind, left.items + right.items)
    if operator == "+" and (isinstance(left, Items) or isinstance(right, Items)):
        return _spliced(left, right)
    if operator == "*" and isinstance(left, Items):
        return Items(left.kind, tuple(item if isinstance(item, Many) else Many(item) for item in left.items))
    if operator == "|" and (_is_step(left) or _is_step(right)):
        return Piped(tuple(step for side in (left, right) for step in _steps(side)))
    if operator == "|" and isinstance(left, Entries):
        return _merged(left, right)
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _constants(operator, left.value, right.value, text)
    return Computed(text, (left, right))


def _is_step(value: Value) -> bool:
    """An object of a class outside the project: `|` with it makes a pipeline, where a mapping would be merged."""
    if isinstance(value, Made):
        name = dotted_name(value.function) or ""
        return any(part[:1].isupper() for part in name.split("."))
    return isinstance(value, Piped)


def _steps(side: Value) -> tuple[Value, ...]:
    return side.steps if isinstance(side, Piped) else (side,)


def _spliced(left: Value, right: Value) -> Value:
    """Two sequences of which one isn't known: its items are, in some number, what it yields."""
    parts: list[Value] = []
    kind: Items | None = None
    for side in (left, right):
        if isinstance(side, Items):
            kind = side
            parts.extend(side.items)
        else:
            parts.append(Many(side))
    return Items(kind.kind if kind else "list", tuple(parts))


def _merged(left: Entries, right: Value) -> Value:
    if isinstance(right, Entries):
        shift = len(left.entries)
        maybe = left.maybe | {shift + index for index in right.maybe}
        return Entries(left.entries + right.entries, frozenset(maybe))
    return Entries((*left.entries, (Spread(), right)), left.maybe)


def _constants(operator: str, left: object, right: object, text: str) -> Value:
    try:
        if isinstance(left, int | float) and isinstance(right, int | float):
            if operator in _ARITHMETIC:
                return Constant(_ARITHMETIC[operator](left, right))
            if operator == "**" and abs(left) <= 1000 and abs(right) <= 20:
                return Constant(left**right)
        if operator == "*" and isinstance(left, str) and isinstance(right, int) and len(left) * right < 100_000:
            return Constant(left * right)
    except (ArithmeticError, ValueError):
        return Computed(text)
    return Computed(text)


def truth(value: Value) -> bool | None:
    """Whether the value counts as true; None where that isn't certain."""
    match value:
        case Constant(value=constant):
            return bool(constant)
        case FunctionValue() | ClassValue() | ModuleValue():
            return True
        case Items(items=items):
            return True if any(not isinstance(i, Many) for i in items) else (False if not items else None)
        case Entries(entries=entries, maybe=maybe):
            certain = [
                key for i, (key, _) in enumerate(entries) if i not in maybe and not isinstance(key, Many | Spread)
            ]
            return True if certain else (None if entries else False)
        case Choice(options=alternatives):
            answers = {truth(alternative) for alternative in alternatives}
            return answers.pop() if len(answers) == 1 else None
        case _:
            return None


def boolean(operator: str, left: Value, right: Value) -> Value:
    """`left or right`, `left and right`: the alternatives of the left that decide, else the right."""
    wanted = operator == "or"
    kept: list[Value] = []
    for option in options(left):
        decided = truth(option)
        if decided is wanted:
            kept.append(option)
        elif decided is None:
            kept.extend((option, right))
        else:
            kept.append(right)
    return choice(kept)


def compared(operators: tuple[str, ...], inputs: tuple[Value, ...], text: str) -> Value:
    """A comparison; known only for one operator between constants, of one with a collection of them, or with None."""
    if len(operators) == 1 and operators[0] in {"in", "not in"}:
        found = {_contains(right, left) for left in options(inputs[0]) for right in options(inputs[1])}
        if len(found) == 1 and (inside := found.pop()) is not None:
            return Constant(inside is (operators[0] == "in"))
    if len(operators) == 1 and operators[0] in _COMPARE:
        left, right = inputs
        if isinstance(left, Constant) and isinstance(right, Constant):
            return Constant(_COMPARE[operators[0]](left.value, right.value))
        if isinstance(right, Constant) and right.value is None and _never_none(left):
            return Constant(operators[0] in {"!=", "is not"})
    return Computed(text, inputs)


def _contains(container: Value, value: Value) -> bool | None:
    """Whether a constant is in a text, a collection or a mapping; None where that isn't certain."""
    if not isinstance(value, Constant):
        return None
    match container:
        case Constant(value=str() as text):
            return value.value in text if isinstance(value.value, str) else None
        case Items(items=items):
            found = [_same(item, value) for item in items]
        case Entries(entries=entries, maybe=maybe) as mapping if not maybe and not mapping.open:
            found = [_same(key, value) for key, _ in entries]
        case _:
            return None
    return True if True in found else None if None in found else False


def _same(item: Value, value: Constant) -> bool | None:
    return item.value == value.value if isinstance(item, Constant) else None


def _never_none(value: Value) -> bool:
    return all(
        isinstance(option, FunctionValue | ClassValue | ModuleValue | Items | Entries | Made | Instance | NotGiven)
        or (isinstance(option, Constant) and option.value is not None)
        for option in options(value)
    ) and not isinstance(value, Unknown)


def unary(operator: str, value: Value, text: str) -> Value:
    """`not x`, `-x`, `+x` on what is known."""
    if operator == "not":
        decided = truth(value)
        return Constant(not decided) if decided is not None else Computed(text, (value,))
    if isinstance(value, Constant) and isinstance(value.value, int | float) and operator in {"-", "+"}:
        return Constant(-value.value if operator == "-" else value.value)
    return Computed(text, (value,))
