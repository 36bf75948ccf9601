"""A `Document` and a pydantic model come in; its instance goes out, or every mistake in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from llmlint.document import Document, Path, Value
from llmlint.errors import Problem, ProblemsError, suggest

Model = TypeVar("Model", bound=BaseModel)


def validate(document: Document, model: type[Model], *, context: object = None) -> Model:
    """The document as an instance of `model`; numbers in quotes are no numbers, lists are tuples.

    Raises `ProblemsError` with all mistakes at the place of their key. A validator of the model says its own
    words with `ValueError`, or with `PydanticCustomError(kind, message, {"hint": ...})` to add what to do.
    """
    try:
        return model.model_validate_json(json.dumps(document.values), strict=True, context=context)
    except ValidationError as error:
        schema = _Schema(model.model_json_schema())
        mistakes = [_Mistake.of(details, document) for details in error.errors(include_url=False)]
        problems = [_problem(document, mistake, schema) for mistake in _of_best_members(mistakes, 0)]
    raise ProblemsError(problems)


# --- where a mistake is -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Mistake:
    """One error of pydantic. `steps` is its way through the document and the unions."""

    details: ErrorDetails
    steps: tuple[str | int | _Member, ...]
    prefix: Path
    expected: tuple[str, ...] = ()

    @classmethod
    def of(cls, details: ErrorDetails, document: Document) -> _Mistake:
        steps: list[str | int | _Member] = []
        here: Value = document.values
        for index, step in enumerate(details["loc"]):
            if isinstance(here, (dict, list)) and _leads_on(here, step):
                here = here[step]  # type: ignore[index]
                steps.append(step)
            elif details["type"] == "missing" and index == len(details["loc"]) - 1:
                steps.append(step)
            elif step != "[key]":
                steps.append(_Member(str(step)))
        expected = _EXPECTED.get(details["type"])
        return cls(details, tuple(steps), document.prefix, (expected,) if expected else ())

    @property
    def path(self) -> Path:
        return tuple(step for step in self.steps if not isinstance(step, _Member))

    @property
    def where(self) -> Path:
        """The way from the top of the file."""
        return (*self.prefix, *self.path)

    @property
    def key(self) -> str:
        return str(self.path[-1]) if self.path else ""

    @property
    def misfit(self) -> bool:
        """Whether it says that a value is of another form, rather than that something in it is wrong."""
        return bool(self.expected) or self.details["type"] in ("missing", "extra_forbidden")


def _leads_on(value: list[Value] | dict[str, Value], step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(step, int) and step < len(value)


@dataclass(frozen=True)
class _Member:
    """The name that pydantic gives a member of a union; it is no part of the document."""

    name: str


def _of_best_members(mistakes: Sequence[_Mistake], depth: int) -> list[_Mistake]:
    """Of every union keep only the mistakes of the members that the value fits best."""
    kept = [mistake for mistake in mistakes if len(mistake.steps) <= depth]
    branches: dict[str | int | _Member, list[_Mistake]] = {}
    for mistake in mistakes:
        if len(mistake.steps) > depth:
            branches.setdefault(mistake.steps[depth], []).append(mistake)
    members: list[list[_Mistake]] = []
    for step, branch in branches.items():
        inner = _of_best_members(branch, depth + 1)
        if isinstance(step, _Member):
            members.append(inner)
        else:
            kept.extend(inner)
    return kept + _of_best_fit(members)


def _of_best_fit(members: list[list[_Mistake]]) -> list[_Mistake]:
    if not members:
        return []
    nearest = min(len(mistake.path) for member in members for mistake in member)

    def cost(member: list[_Mistake]) -> int:
        return sum(mistake.misfit and len(mistake.path) <= nearest + 1 for mistake in member)

    lowest = min(map(cost, members))
    best = [member for member in members if cost(member) == lowest]
    if len(best) == 1 or lowest == 0:
        return best[0]
    every = [mistake for member in best for mistake in member]
    unknown = {mistake.path: mistake for mistake in every if mistake.details["type"] == "extra_forbidden"}
    if unknown:
        return list(unknown.values())
    if all(mistake.expected for mistake in every):
        words = dict.fromkeys(word for mistake in every for word in mistake.expected)
        return [replace(every[0], expected=tuple(words))]
    return best[0]


# --- what can stand there -----------------------------------------------------------------------------------


class _Schema:
    """The JSON schema of a model, asked for the keys that are allowed at a path."""

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root

    def allowed(self, path: Path) -> set[str]:
        return {name for node in self._at(path) for name in node.get("properties", ())}

    def description(self, path: Path) -> str:
        """The first sentence of what the model says about the key at the end of `path`."""
        nodes = self._at(path[:-1], path[-1:])
        texts = (node.get("description", "") for node in nodes if isinstance(node, dict))
        text = " ".join(next((text for text in texts if text), "").split())
        return text.split(". ")[0].rstrip(".")

    def _at(self, path: Path, unresolved: Path = ()) -> list[dict[str, Any]]:
        nodes = self._members([self._root])
        for step in path:
            nodes = self._members(child for node in nodes for child in self._children(node, step))
        for step in unresolved:
            nodes = [child for node in nodes for child in self._children(node, step)]
        return nodes

    def _members(self, nodes: Iterable[Any]) -> list[dict[str, Any]]:
        """The nodes with references followed and unions opened."""
        found: list[dict[str, Any]] = []
        waiting = [node for node in nodes if isinstance(node, dict)]
        seen: set[int] = set()
        while waiting:
            node = waiting.pop(0)
            if id(node) in seen:
                continue
            seen.add(id(node))
            found.append(node)
            if reference := node.get("$ref"):
                waiting.append(self._root.get("$defs", {}).get(reference.rpartition("/")[2], {}))
            for union in ("anyOf", "oneOf", "allOf"):
                waiting.extend(node.get(union, ()))
        return found

    @staticmethod
    def _children(node: dict[str, Any], step: str | int) -> list[Any]:
        if isinstance(step, int):
            items = node.get("prefixItems", ())
            return [items[step]] if step < len(items) else [node.get("items")]
        if step in node.get("properties", ()):
            return [node["properties"][step]]
        return [node.get("additionalProperties"), *node.get("patternProperties", {}).values()]


# --- in words -----------------------------------------------------------------------------------------------

_EXPECTED = {
    **dict.fromkeys(("string_type", "string_sub_type"), "text"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "a list"),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "dataclass_type"), "a mapping"),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), "a date such as 2026-01-31"),
    "none_required": "empty",
}
_LIMITS = {
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} items",
    "too_long": "must have at most {max_length} items",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "finite_number": "must be a finite number",
}


def _problem(document: Document, mistake: _Mistake, schema: _Schema) -> Problem:
    message, hint = _words(mistake, schema)
    return document.problem(mistake.path, message, hint)


def _words(mistake: _Mistake, schema: _Schema) -> tuple[str, str]:
    kind, context = mistake.details["type"], mistake.details.get("ctx", {})
    value: Any = mistake.details["input"]
    if kind == "missing":
        parent = f" in {_subject(mistake.where[:-1])}" if len(mistake.where) > 1 else ""
        return f"{_subject(mistake.where)} is missing{parent}", schema.description(mistake.path)
    if kind == "extra_forbidden":
        return f"unknown key `{mistake.key}`", suggest(mistake.key, schema.allowed(mistake.path[:-1]))
    if mistake.expected:
        given = "but is empty" if value is None else f"not {_describe(value)}"
        return f"{_subject(mistake.where)} must be {_either(mistake.expected)}, {given}", ""
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        return _not_among(mistake, context, value)
    if kind == "union_tag_not_found":
        hint = suggest("", schema.allowed(mistake.path))
        return f"{_subject(mistake.where)} has none of the forms allowed here", hint
    if kind in ("value_error", "assertion_error"):
        return str(context["error"]), ""
    if kind in _LIMITS:
        return f"{_subject(mistake.where)} {_LIMITS[kind].format(**context)}, but is {_describe(value)}", ""
    return mistake.details["msg"], str(context.get("hint", ""))


def _not_among(mistake: _Mistake, context: dict[str, Any], value: object) -> tuple[str, str]:
    expected = str(context.get("expected") or context.get("expected_tags", ""))
    allowed = re.findall(r"'([^']*)'", expected)
    given = context.get("tag", value)
    hint = suggest(given, allowed) if isinstance(given, str) and allowed else f"allowed: {expected}"
    if mistake.details["loc"][-1:] == ("[key]",):
        return f"unknown key `{mistake.key}`", hint
    return f"{_subject(mistake.where)} can't be {_describe(given)}", hint


def _subject(path: Path) -> str:
    if not path:
        return "the file"
    if isinstance(path[-1], str):
        return f"`{path[-1]}`"
    owner = next((f" of `{step}`" for step in reversed(path) if isinstance(step, str)), "")
    return f"item {path[-1] + 1}{owner}"


def _describe(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f'"{value[:39]}…"' if len(value) > 40 else f'"{value}"'
    return "a list" if isinstance(value, (list, tuple)) else "a mapping"


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
