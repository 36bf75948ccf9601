"""The format that a call asks for, and how its answer is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts.call_site import Fact, Step, known, unknown
from llmlint.linking import strings
from llmlint.linking.clients import ClientUse, option
from llmlint.linking.naming import dotted_name
from llmlint.linking.readings import Reading
from llmlint.linking.requests import Request, is_absent, reason_of
from llmlint.linking.values import ClassValue, Constant, Entries, External, Items, Made, Value, options

if TYPE_CHECKING:
    from llmlint.linking.resolver import Resolver

_PARSES = frozenset({"json", "pydantic", "python"})


def output_facts(request: Request, use: ClientUse, reading: Reading, json_asked: bool) -> dict[str, Fact]:
    """The facts `output.*`."""
    facts = {
        "output.format": _format(request, use, reading, json_asked),
        "output.read_as": _listed(reading.read_as),
        "output.keys": _listed(reading.keys),
        "output.compared_with": _listed(reading.compared),
    }
    if not reading.complete:
        facts["output.keys"] = unknown("the answer goes through too many places", *facts["output.keys"].evidence)
    return facts


def _listed(found: dict[str, Step | None]) -> Fact:
    steps = [step for step in found.values() if step is not None]
    return known(list(found), *steps[:6])


def _format(request: Request, use: ClientUse, reading: Reading, json_asked: bool) -> Fact:
    resolver = request.resolver
    value = request.argument("format")
    words = {_word(resolver, one, use) for one in options(value) if not is_absent(resolver, one)}
    absent_too = any(is_absent(resolver, one) for one in options(value))
    trail = next((one.trail for one in options(value) if one.trail), ())
    if None in words:
        unsure = next(
            one for one in options(value) if not is_absent(resolver, one) and _word(resolver, one, use) is None
        )
        return unknown(f"the format isn't known: {reason_of(unsure)}", *trail)
    if len(words) > 1 or (words and absent_too):
        return unknown("the format differs from way to way", *trail)
    if words:
        return known(next(iter(words)), *trail)
    return _without_format(request, reading, json_asked)


def _without_format(request: Request, reading: Reading, json_asked: bool) -> Fact:
    tools = request.argument("tools")
    if not all(is_absent(request.resolver, one) for one in options(tools)):
        return known("tools")
    if json_asked and _PARSES & set(reading.read_as):
        steps = [step for word, step in reading.read_as.items() if word in _PARSES and step is not None]
        return known("prose_json", *steps)
    return known("text")


def _word(resolver: Resolver, value: Value, use: ClientUse) -> str | None:
    """The output format that one value asks for; None if that can't be told."""
    dialect = resolver.catalog.dialect(use.dialect) if use.dialect else None
    match value:
        case Entries():
            kind = strings.lookup(value, "type")
            if isinstance(kind, Constant) and isinstance(kind.value, str):
                return resolver.catalog.format_of(kind.value)
            return None
        case ClassValue() | External() if dialect is not None:
            return _mode(resolver, use) or dialect.default_format or "json_schema"
        case ClassValue():
            return "json_schema"
        case External(name=name):
            return "json_schema" if name.rsplit(".", 1)[-1][:1].isupper() else None
        case Made(function=External(name=name)) if resolver.catalog.is_format_helper(name):
            return "json_schema"
        case Items() | Made() if dialect is not None:
            return _mode(resolver, use) or dialect.default_format or None
        case _:
            return None


def _mode(resolver: Resolver, use: ClientUse) -> str | None:
    """The format of the mode that a wrapper was given."""
    dialect = resolver.catalog.dialect(use.dialect)
    if dialect is None:
        return None
    for made, spelled in use.settings:
        mode = option(resolver, made, spelled.get("mode", ()))
        name = dotted_name(mode) if mode is not None else None
        if isinstance(mode, Constant) and isinstance(mode.value, str):
            name = mode.value
        if name is not None and name in dialect.modes:
            return dialect.modes[name]
    return None
