"""The format that a call asks for, and how its answer is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts.call_site import Fact, State, Step, known, unknown
from llmlint.linking.calls.decisions import schema_facts
from llmlint.linking.calls.requests import Request, is_absent, reason_of
from llmlint.linking.calls.uses import ClientUse
from llmlint.linking.evaluation import strings
from llmlint.linking.evaluation.arguments import option
from llmlint.linking.evaluation.classes import lineage
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    ClassValue,
    Constant,
    Element,
    Entries,
    External,
    FromSplat,
    Instance,
    Items,
    Made,
    Value,
    options,
)
from llmlint.linking.program.readings import Reading

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_PARSES = frozenset({"json", "pydantic", "python"})


def output_facts(request: Request, use: ClientUse, reading: Reading, json_asked: Fact) -> dict[str, Fact]:
    """The facts `output.*`."""
    formats = format_facts(request, use, reading, json_asked)
    if formats["output.sent_as"].value != formats["output.format"].value and given_by(request, use) == "typed":
        reading.read_as.setdefault("pydantic", None)  # the wrapper reads into the class what it sent no schema for
    facts = {
        **formats,
        **schema_facts(request),
        "output.read_as": _listed(reading.read_as),
        "output.keys": _listed(reading.keys),
        "output.compared_with": _listed(reading.labels()),
    }
    if not reading.complete:
        facts["output.keys"] = unknown("the answer goes through too many places", *facts["output.keys"].evidence)
    return facts


def given_by(request: Request, use: ClientUse) -> str:
    """What the call itself gives (a stage of `flows`): the answer, or its text, or what its text was read into."""
    resolver = request.resolver
    for step in use.after:
        for one in options(step):
            word = resolver.catalog.parser(dotted_name(one) or "")
            if word is not None:
                return {"text": "text", "json": "parsed", "pydantic": "validated"}.get(word, "answer")
    dialect = resolver.catalog.dialect(use.dialect) if use.dialect else None
    if dialect is not None and dialect.returns_parsed:
        given = [one for one in options(request.argument("format")) if not is_absent(resolver, one)]
        if given and not any(isinstance(one, Entries) for one in given):
            return "typed"
    return request.endpoint.returns


def _listed(found: dict[str, Step | None]) -> Fact:
    steps = [step for step in found.values() if step is not None]
    return known(list(found), *steps[:6])


def format_facts(request: Request, use: ClientUse, reading: Reading, json_asked: Fact) -> dict[str, Fact]:
    """The facts `output.format`, what is asked for, and `output.sent_as`, how a wrapper puts it into the request."""
    asked = _format(request, use, reading, json_asked)
    mode = _sent_as(request, use) if asked.value == "json_schema" else None
    return {"output.format": asked, "output.sent_as": known(mode, *asked.evidence) if mode else asked}


def _sent_as(request: Request, use: ClientUse) -> str | None:
    """The format that a wrapper makes of a class by its mode; None if it sends what is asked for."""
    dialect = request.resolver.catalog.dialect(use.dialect) if use.dialect else None
    if dialect is None or any(isinstance(one, Entries) for one in options(request.argument("format"))):
        return None
    modes = {_mode(request.resolver, one) or dialect.default_format for one in (use, *use.others)}
    mode = modes.pop() if len(modes) == 1 else None
    return None if mode in {"", "tools"} else mode  # the class is what the tool's schema holds


def _format(request: Request, use: ClientUse, reading: Reading, json_asked: Fact) -> Fact:
    resolver = request.resolver
    value = request.argument("format")
    given = [one for one in options(value) if not is_absent(resolver, one)]
    words = {_word(resolver, one, use) for one in given}
    absent_too = any(is_absent(resolver, one) for one in options(value))
    trail = next((one.trail for one in options(value) if one.trail), ())
    if _forces_tool(request) and all(isinstance(one, FromSplat) for one in given):
        return known("tools", *trail)
    if None in words:
        unsure = next(one for one in given if _word(resolver, one, use) is None)
        return unknown(f"the format isn't known: {reason_of(unsure)}", *trail)
    if len(words) > 1 or (words and absent_too):
        return unknown("the format differs from way to way", *trail)
    if words:
        return known(next(iter(words)), *trail)
    return _without_format(request, reading, json_asked)


def _forces_tool(request: Request) -> bool:
    """Must the answer be the call of a tool?"""
    chosen = options(request.argument("tool_choice"))
    return all(
        isinstance(one, Entries)
        or (isinstance(one, Constant) and isinstance(one.value, str) and one.value not in {"auto", "none", ""})
        for one in chosen
    )


def _without_format(request: Request, reading: Reading, json_asked: Fact) -> Fact:
    tools = request.argument("tools")
    if not all(is_absent(request.resolver, one) for one in options(tools)):
        return known("tools")
    parsed = _PARSES & set(reading.read_as)
    asked = json_asked.value is True or (reading.keys and parsed & reading.certain)
    if parsed and asked:  # keys that are read were asked for, seen here or not
        steps = [step for word, step in reading.read_as.items() if word in parsed and step is not None]
        return known("prose_json", *steps)
    if parsed and reading.keys:
        return unknown("only some of the callers may read the answer as JSON")
    if json_asked.state is State.UNKNOWN and "json" in parsed:
        return unknown(f"whether the prompt asks for JSON can't be told: {json_asked.reason}", *json_asked.evidence)
    return known("text")


def _word(resolver: Resolver, value: Value, use: ClientUse) -> str | None:
    """The output format that one value asks for; None if that can't be told."""
    dialect = resolver.catalog.dialect(use.dialect) if use.dialect else None
    match value:
        case Entries():
            kind = strings.lookup(value, "type")
            text = kind.value if isinstance(kind, Constant) and isinstance(kind.value, str) else ""
            return resolver.catalog.format_of(text) or ("json_schema" if dialect is not None else None)
        case Element(owner=External(name=name)) if name.startswith(_TYPES):
            return "json_schema"  # Iterable[Item], list[Item]
        case External(name="builtins.str"):
            return "text"
        case ClassValue() | External() | Items() | Made() if dialect is not None:
            return "json_schema"
        case ClassValue():
            return "json_schema"
        case External(name=name):
            return "json_schema" if name.rsplit(".", 1)[-1][:1].isupper() else None
        case Made(function=External(name=name)) if _is_schema(resolver, name):
            return "json_schema"
        case Instance(cls=cls) if any(_is_schema(resolver, base.name) for base in lineage(resolver, cls)[1]):
            return "json_schema"  # an annotation that names the class, and means it
        case _:
            return None


_TYPES = ("typing.", "typing_extensions.", "collections.abc.", "builtins.")


def _is_schema(resolver: Resolver, name: str) -> bool:
    entry = resolver.catalog.ecosystem.function("schema_class", name)
    return resolver.catalog.is_format_helper(name) or (entry is not None and entry.kind == "pydantic")


def _mode(resolver: Resolver, use: ClientUse) -> str | None:
    """The format of the mode that a wrapper was given."""
    dialect = resolver.catalog.dialect(use.dialect)
    if dialect is None:
        return None
    for one in reversed(use.settings):
        mode = option(resolver, one.made, one.options.get("mode", ()))
        name = dotted_name(mode) if mode is not None else None
        if isinstance(mode, Constant) and isinstance(mode.value, str):
            name = mode.value
        if name is not None and name in dialect.modes:
            return dialect.modes[name]
    return None
