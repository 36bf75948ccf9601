"""Text in the making: f-strings, `%`, `str.format`, templates, `join`, `replace` and the rest of `str`'s methods."""

from __future__ import annotations

import re
import string
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation.values import (
    Computed,
    Constant,
    Element,
    Entries,
    Items,
    Many,
    Spread,
    Text,
    Unknown,
    Value,
    choice,
    concatenate,
    is_text,
    options,
)
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.frames import At
    from llmlint.linking.evaluation.resolver import Resolver

_PERCENT = re.compile(r"%(?:\((\w+)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?([diouxXeEfFgGcrsa%])")
_TEMPLATE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)\})")
_WIDE = re.compile(r"\d{4}")
"""A width in a format specification that would make text of thousands of blanks."""

_PLAIN: dict[str, Callable[[str], str]] = {
    "strip": str.strip,
    "lstrip": str.lstrip,
    "rstrip": str.rstrip,
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
    "casefold": str.casefold,
    "swapcase": str.swapcase,
    "dedent": textwrap.dedent,
    "cleandoc": textwrap.dedent,
}
"""Methods and functions of one text; on text with changing parts they are applied to the constant parts."""

METHODS = frozenset(
    {"format", "format_map", "join", "replace", "split", "splitlines", "encode", "decode", "substitute"}
    | {"startswith", "endswith"}
    | {"safe_substitute", "removeprefix", "removesuffix", "expandtabs", "zfill", "ljust", "rjust", "center"}
    | set(_PLAIN)
)


def formatted(resolver: Resolver, node: syntax.FormattedString, at: At) -> Value:
    """The text of an f-string; every hole is a part of its own unless it is constant."""
    parts: list[Value] = []
    for part in node.parts:
        value = resolver.evaluate(part.value if isinstance(part, syntax.FormattedValue) else part, at)
        spec = part.spec if isinstance(part, syntax.FormattedValue) else None
        if isinstance(value, Constant) and isinstance(part, syntax.FormattedValue):
            value = _with_spec(part, value)
        elif spec and "%" in spec:
            value = Computed(source(node), (value,), spec, trail=value.trail)
        parts.append(value)
    return concatenate(parts)


def _with_spec(part: syntax.FormattedValue, value: Constant) -> Value:
    if part.conversion is None and part.spec is None:
        return value
    shown: object = repr(value.value) if part.conversion == "r" else value.value
    if _WIDE.search(part.spec or ""):
        return Computed("formatted value", (value,))
    try:
        return Constant(format(shown, part.spec or ""))
    except (ValueError, TypeError):
        return Computed("formatted value", (value,))


def method(receiver: Value, name: str, given: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    """`text.name(...)` where the receiver is constant or partly constant text."""
    if name in {"format", "format_map", "substitute", "safe_substitute"}:
        fields = dict(keywords)
        for value in given:
            if name != "format" and isinstance(value, Entries):
                fields.update(
                    {k.value: v for k, v in value.entries if isinstance(k, Constant) and isinstance(k.value, str)}
                )
        filler = _format if name in {"format", "format_map"} else _substitute
        return filler(receiver, given, fields)
    if name == "join" and len(given) == 1:
        return join(receiver, given[0])
    if name == "replace" and len(given) >= 2:
        return _replace(receiver, given[0], given[1])
    if name in _PLAIN:
        return plain(name, receiver, bool(given))
    if name in {"encode", "decode", "expandtabs"}:
        return receiver
    if name in {"split", "splitlines"}:
        return _split(receiver, name, given)
    if name in {"removeprefix", "removesuffix", "startswith", "endswith"} and isinstance(receiver, Constant):
        return _constant_call(receiver, name, given)
    return Computed(f"text.{name}()", (receiver, *given))


def plain(name: str, receiver: Value, has_argument: bool = False) -> Value:
    """A method without arguments, on each constant part."""
    change = _PLAIN[name]
    if isinstance(receiver, Constant) and isinstance(receiver.value, str):
        if has_argument:
            return Computed(f"text.{name}()", (receiver,))
        return Constant(change(receiver.value), trail=receiver.trail)
    if isinstance(receiver, Text) and name not in {"strip", "lstrip", "rstrip"}:
        parts = [
            Constant(change(part.value)) if isinstance(part, Constant) and isinstance(part.value, str) else part
            for part in receiver.parts
        ]
        return Text(tuple(parts), trail=receiver.trail)
    return receiver


def _constant_call(receiver: Constant, name: str, given: Sequence[Value]) -> Value:
    if len(given) == 1 and isinstance(given[0], Constant) and isinstance(given[0].value, str):
        return Constant(getattr(str(receiver.value), name)(given[0].value))
    return Computed(f"text.{name}()", (receiver, *given))


def _split(receiver: Value, name: str, given: Sequence[Value]) -> Value:
    if isinstance(receiver, Constant) and isinstance(receiver.value, str):
        separator = given[0].value if given and isinstance(given[0], Constant) else None
        pieces = receiver.value.splitlines() if name == "splitlines" else None
        if pieces is None and (separator is None or (isinstance(separator, str) and separator)):
            pieces = receiver.value.split(separator)
        if pieces is not None and len(pieces) <= 200:
            return Items("list", tuple(Constant(piece) for piece in pieces))
    return Items("list", (Many(Computed(f"part of text.{name}()", (receiver,))),))


def join(separator: Value, collection: Value) -> Value:
    """`separator.join(collection)`."""
    if not isinstance(collection, Items):
        return Text((Computed("joined text", (collection,)),))
    if collection.has_no_order:
        return Text((collection,))
    parts: list[Value] = []
    for index, item in enumerate(collection.items):
        if index:
            parts.append(separator)
        parts.append(item)
    return concatenate(parts)


def _replace(receiver: Value, old: Value, new: Value) -> Value:
    if not (isinstance(old, Constant) and isinstance(old.value, str) and old.value):
        return concatenate([receiver]) if is_text(receiver) else receiver
    parts: list[Value] = []
    for part in receiver.parts if isinstance(receiver, Text) else (receiver,):
        if isinstance(part, Constant) and isinstance(part.value, str):
            pieces = part.value.split(old.value)
            for index, piece in enumerate(pieces):
                if index:
                    parts.append(new)
                parts.append(Constant(piece))
        else:
            parts.append(part)
    return concatenate(parts)


def _format(receiver: Value, given: Sequence[Value], fields: Mapping[str, Value]) -> Value:
    parts: list[Value] = []
    automatic = 0
    for part in receiver.parts if isinstance(receiver, Text) else (receiver,):
        if not (isinstance(part, Constant) and isinstance(part.value, str)):
            parts.append(part)
            continue
        try:
            pieces = list(string.Formatter().parse(part.value))
        except ValueError:
            return Computed("text.format()", (receiver, *given))
        for literal, field, _spec, _conversion in pieces:
            parts.append(Constant(literal))
            if field is None:
                continue
            parts.append(_field(field, automatic, given, fields))
            automatic += field == ""
    return concatenate(parts)


def _field(field: str, automatic: int, given: Sequence[Value], fields: Mapping[str, Value]) -> Value:
    name = re.split(r"[.\[]", field, maxsplit=1)[0]
    index = automatic if field == "" else int(name) if name.isdigit() else None
    value = fields.get(name) if index is None else given[index] if index < len(given) else None
    if value is None:
        return Unknown(f"nothing is known to fill `{{{field}}}`")
    return value if name == field else Computed(field, (value,))


def _substitute(receiver: Value, _: Sequence[Value], fields: Mapping[str, Value]) -> Value:
    if not (isinstance(receiver, Constant) and isinstance(receiver.value, str)):
        return Computed("Template.substitute()", (receiver, *fields.values()))
    parts: list[Value] = []
    end = 0
    for match in _TEMPLATE.finditer(receiver.value):
        parts.append(Constant(receiver.value[end : match.start()]))
        name = match[2] or match[3]
        parts.append(Constant("$") if match[1] else fields.get(name) or Unknown(f"nothing is known to fill `${name}`"))
        end = match.end()
    return concatenate([*parts, Constant(receiver.value[end:])])


def percent(left: Value, right: Value) -> Value:
    """`left % right`."""
    if not (isinstance(left, Constant) and isinstance(left.value, str)):
        return concatenate([left, right])
    values = list(right.items) if isinstance(right, Items) and right.kind == "tuple" else [right]
    parts: list[Value] = []
    end = 0
    for match in _PERCENT.finditer(left.value):
        parts.append(Constant(left.value[end : match.start()]))
        end = match.end()
        if match[2] == "%":
            parts.append(Constant("%"))
        elif match[1]:
            parts.append(lookup(right, match[1]))
        else:
            parts.append(values.pop(0) if values else Unknown("nothing is known to fill a `%`"))
    return concatenate([*parts, Constant(left.value[end:])])


def lookup(mapping: Value, key: str) -> Value:
    """The value of a constant key, the last entry winning; unknown where it isn't certain."""
    if not isinstance(mapping, Entries):
        return Computed(f"[{key!r}]", (mapping,))
    found: list[Value] = []
    for index in range(len(mapping.entries) - 1, -1, -1):
        name, value = mapping.entries[index]
        if isinstance(name, Constant) and name.value == key:
            found.append(value)
            if index not in mapping.maybe:
                break
        elif isinstance(name, Spread):
            found.append(Element(value, Constant(key)))
        elif isinstance(name, Many):
            found.append(Computed(f"[{key!r}]", (value,)))
    return choice(found) if found else Unknown(f"there is no key `{key}`")


def over_options(receiver: Value, apply: Callable[[Value], Value]) -> Value:
    """The function on each alternative of the receiver."""
    return choice([apply(option) for option in options(receiver)])
