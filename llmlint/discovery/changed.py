"""Names that the bytes of a file seem to change from outside: `x.name = ...`, `name[...] = ...`, `name.update(...)`."""

from __future__ import annotations

import re

_ATTRIBUTE = re.compile(
    rb"\.([A-Za-z_][A-Za-z0-9_]*)[ \t]*(?::[^=\n]*)?(?:\*\*|//|<<|>>|[-+*/|&^%@])?=(?!=)"
    rb"|setattr\([^,\n]*,[ \t]*['\"]([A-Za-z_][A-Za-z0-9_]*)['\"]"
)
_SUBSCRIPT = re.compile(rb"\][ \t]*(?:\*\*|//|<<|>>|[-+*/|&^%@])?=(?!=)")
_METHOD = re.compile(
    rb"\.(?:update|append|extend|insert|setdefault|pop|clear|remove|add|popitem|reverse|sort|appendleft|popleft)\("
)
_OWN = (b"self",)
_LAST_WORD = re.compile(rb"([A-Za-z_][A-Za-z0-9_]*)$")
_SUBSCRIPTED = re.compile(rb"([A-Za-z_][A-Za-z0-9_]*)\[")
_REACH = 80
"""Characters before a change in which its name is looked for."""


def changed_names(data: bytes) -> frozenset[str]:
    """What may be assigned to, or changed in place; attributes of `self` are a class's own affair."""
    found: set[bytes] = set()
    for match in _ATTRIBUTE.finditer(data):
        if match[2] is not None or _before(data, match.start()) not in _OWN:
            found.add(match[1] or match[2])
    for match in _SUBSCRIPT.finditer(data):
        start = max(data.rfind(b"\n", 0, match.start()) + 1, match.start() - _REACH)
        found.update(_SUBSCRIPTED.findall(data[start : match.start()]))
    for match in _METHOD.finditer(data):
        found.add(_before(data, match.start()))
    return frozenset(name.decode("ascii") for name in found if name)


def _before(data: bytes, position: int) -> bytes:
    word = _LAST_WORD.search(data[max(position - _REACH, 0) : position])
    return word[1] if word is not None else b""
