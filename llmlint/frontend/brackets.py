"""How many brackets and f-strings are within a node: what the walk must step over when it takes parts out of order."""

from __future__ import annotations

from dataclasses import fields

import libcst as cst

_COUNTED = frozenset({
    cst.LeftParen, cst.LeftSquareBracket, cst.LeftCurlyBrace, cst.Call, cst.FormattedString, cst.TemplatedString,
    cst.MatchClass,
})  # fmt: skip
_BARE = frozenset({cst.Name, cst.Integer, cst.Float, cst.SimpleString})
_names: dict[type[cst.CSTNode], tuple[str, ...]] = {}


def count_brackets(node: cst.CSTNode) -> int:
    """The number of brackets and f-strings that start within `node`, its own included."""
    while type(node) is cst.Attribute and not node.lpar:
        node = node.value
    if type(node) in _BARE and not node.lpar:  # type: ignore[attr-defined] # all of them have it
        return 0
    count = 0
    pending = [node]
    while pending:
        current = pending.pop()
        count += type(current) in _COUNTED
        for name in _parts_of(type(current)):
            value = getattr(current, name)
            if isinstance(value, cst.CSTNode):
                pending.append(value)
            elif isinstance(value, (tuple, list)):
                pending.extend(value)
    return count


def _parts_of(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields that can hold brackets."""
    names = _names.get(kind)
    if names is None:
        names = tuple(field.name for field in fields(kind) if not field.name.startswith("whitespace"))
        _names[kind] = names
    return names
