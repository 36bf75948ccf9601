"""The schema of an answer comes in; what it leaves the model to say goes out: a decision, its reasons, or text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from llmlint.facts.call_site import Fact, FactValue, absent, known
from llmlint.linking.calls.requests import Request, is_absent, to_plain
from llmlint.linking.calls.schemas import schema_of
from llmlint.linking.evaluation import strings
from llmlint.linking.evaluation.values import ClassValue, Element, Entries, External, options

_CLOSED_TYPES = frozenset({"bool", "int", "float", "Literal", "None"})
_CLOSED_JSON = frozenset({"boolean", "integer", "number", "null"})
_DEEPEST = 8

_REASON = re.compile(
    r"(^|_)(reasons?|reasoning|rationale|explanations?|justification|confidence|thoughts?|thinking|why|evidence)(_|$)"
)
_LABEL = re.compile(
    r"(^|_)(label|category|class|classification|sentiment|intent|topic|language|verdict|decision|kind|tag|rating|grade"
    r"|priority|urgency|severity|relevance|datasource|route|destination)$"
)
_WRITTEN = re.compile(
    r"(^|_)(content|reply|response|message|summary|text|body|email|draft|report|story|paragraph|code|article|letter|plan)$"
)
_CHOICES = re.compile(
    r"[\"'`](yes|true)[\"'`].{0,80}[\"'`](no|false)[\"'`]|\b(yes|true)\W{1,3}(or\W{1,3})?(no|false)\b"
    r"|\bone of\b|\beither\b"
    r"|[\"'`]\w[\w -]{0,24}[\"'`]\s*(,|or|/|\|)\s*(or\s+)?[\"'`]\w",
    re.IGNORECASE,
)


def schema_facts(request: Request) -> dict[str, Fact]:
    """The facts `output.closed_schema` and `output.schema_asks`."""
    resolver = request.resolver
    value = next((one for one in options(request.argument("format")) if not is_absent(resolver, one)), None)
    schema: FactValue = None
    if isinstance(value, ClassValue):
        schema = schema_of(resolver, value)
    elif isinstance(value, Element | External):
        owner = value.owner if isinstance(value, Element) else value
        name = owner.name.rsplit(".", 1)[-1] if isinstance(owner, External) else ""
        schema = {"type": "boolean" if name in _CLOSED_TYPES else "string"} if name else None
    elif isinstance(value, Entries):
        inner = strings.lookup(value, "json_schema")
        given = strings.lookup(inner if isinstance(inner, Entries) else value, "schema")
        schema = to_plain(given) if isinstance(given, Entries) else None
    if not isinstance(schema, dict):
        return {"output.closed_schema": absent(), "output.schema_asks": absent()}
    parts = [*_parts(schema, "", 0)]
    return {
        "output.closed_schema": known(all(part.closed for part in parts)),
        "output.schema_asks": known(_asks({part.kind for part in parts})),
    }


class _Part(NamedTuple):
    """One property of a schema: a `decision`, a `reason`, text that is `written`, or `open`; and whether its type is
    `closed`, so that no words are the model's own."""

    kind: str
    closed: bool


def _asks(kinds: set[str]) -> str:
    """What a schema asks for: a decision alone or with its reason, text that is written, or anything else."""
    if "written" in kinds:
        return "text"
    if "decision" not in kinds or "open" in kinds:
        return "open"
    return "explained_decision" if "reason" in kinds else "decision"


def _parts(schema: FactValue, name: str, depth: int) -> Iterator[_Part]:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        yield _Part("open", closed=False)
        return
    properties = schema.get("properties")
    union = schema.get("anyOf")
    if isinstance(properties, dict) and properties:
        for inner, described in properties.items():
            yield from _parts(described, inner, depth + 1)
    elif isinstance(union, list):
        for one in union:
            yield from _parts({**schema, "anyOf": None, **one} if isinstance(one, dict) else one, name, depth + 1)
    elif "enum" in schema or _types(schema) <= _CLOSED_JSON:
        yield _Part("reason" if _REASON.search(name.lower()) else "decision", closed=True)
    elif "array" in _types(schema):
        items = schema.get("items")
        labels = isinstance(items, dict) and "enum" in items
        yield _Part("decision" if labels else "open", closed=labels)
    else:
        yield _Part(_of_text(name.lower(), schema.get("description")), closed=False)


def _types(schema: dict[str, FactValue]) -> set[str]:
    given = schema.get("type")
    return {str(one) for one in given} if isinstance(given, list) and given else {str(given)}


def _of_text(name: str, description: FactValue) -> str:
    """A plain text is told by the name of its property, and by the choices that its description leaves."""
    if _REASON.search(name):
        return "reason"
    if _LABEL.search(name) or (isinstance(description, str) and _CHOICES.search(description)):
        return "decision"
    return "written" if _WRITTEN.search(name) else "open"
