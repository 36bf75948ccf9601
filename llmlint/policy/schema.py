"""The JSON schema of rule files, with every fact and operator in it: what editors complete and check with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from llmlint.facts.vocabulary import FACTS, FactSpec
from llmlint.policy.conditions import ITEM
from llmlint.policy.operators import OPERATORS, SCALARS, Operator
from llmlint.policy.rulefile import RuleFile

Schema = dict[str, Any]

_NAME = "[a-z][a-z0-9_]*"
_SUBJECT = rf"^(option[.]{_NAME}|{ITEM})$"
_OPTION_VALUE: Schema = {"type": "string", "pattern": rf"^[$]option[.]{_NAME}$"}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_GLOBS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}


def rule_schema() -> Schema:
    """The form of a rule file, in which conditions ask only what they can ask about a fact."""
    schema: Schema = RuleFile.model_json_schema()
    definitions: dict[str, Schema] = schema["$defs"]
    condition = definitions["ConditionFile"]["properties"]
    for key, content in condition.items():
        condition[key] = _without_null(content)
    for key, operator in OPERATORS.items():
        condition[key] = {"description": _sentence(operator.meaning), **_content(operator)}
    lists = definitions["MembersFile"]["properties"]["list"]
    lists["anyOf"] = [*map(_named, _taking(("list", "mapping"))), {"pattern": _SUBJECT}]
    properties = schema["properties"]
    properties["evidence"]["items"] = {"$ref": "#/$defs/Fact"}
    about = {"$ref": "#/$defs/Fact", "pattern": "^(argument[.]|surroundings[.]loop$)"}
    properties["about"] = {**_without_null(properties["about"]), **about}
    definitions["Fact"] = {"anyOf": [_named(spec) for spec in FACTS]}
    definitions["Subject"] = {"anyOf": [{"$ref": "#/$defs/Fact"}, {"type": "string", "pattern": _SUBJECT}]}
    definitions |= _VALUES
    return schema


def _content(operator: Operator) -> Schema:
    """What may stand behind the key of an operator."""
    if operator.operand == "none":
        return {"$ref": "#/$defs/Subject"}
    facts = _taking(operator.subjects)
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {
            spec.name: {"description": _sentence(spec.meaning), **_value(operator.operand, spec)} for spec in facts
        },
        "patternProperties": {_SUBJECT: _reference(_OF_ANYTHING[operator.operand])},
        "additionalProperties": False,
    }


def _taking(types: Iterable[str]) -> list[FactSpec]:
    return [spec for spec in FACTS if spec.type in tuple(types)]


def _named(spec: FactSpec) -> Schema:
    return {"const": spec.name, "description": _sentence(spec.meaning)}


def _value(operand: str, spec: FactSpec) -> Schema:
    """What a fact may be compared with."""
    if operand == "part":
        return _reference("Value" if spec.type == "list" else "StringValue")
    if operand not in ("same", "several"):
        return _reference(_OF_ANYTHING[operand])
    if spec.values:
        one: Schema = {"anyOf": [{"enum": [*spec.values]}, _OPTION_VALUE]}
        return one if operand == "same" else {"anyOf": [{"type": "array", "items": one}, _OPTION_VALUE]}
    return _reference(f"{spec.type.capitalize()}{'Value' if operand == 'same' else 'Values'}")


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_OF_ANYTHING = {
    "same": "Value",
    "several": "Values",
    "part": "Value",
    "pattern": "Pattern",
    "globs": "Globs",
    "paths": "Globs",
    "number": "NumberValue",
}
"""Operand -> the definition of what an item or an option may be compared with."""

_VALUES: Mapping[str, Schema] = {
    "Value": _SCALAR,
    "Values": {"anyOf": [{"type": "array", "items": _SCALAR}, _OPTION_VALUE]},
    "Pattern": {"type": "string", "format": "regex"},
    "Globs": _GLOBS,
    **{f"{kind.capitalize()}Value": {"anyOf": [{"type": kind}, _OPTION_VALUE]} for kind in SCALARS},
    **{
        f"{kind.capitalize()}Values": {
            "anyOf": [{"type": "array", "items": {"anyOf": [{"type": kind}, _OPTION_VALUE]}}, _OPTION_VALUE]
        }
        for kind in SCALARS
    },
}


def _without_null(content: Schema) -> Schema:
    """A key that stands there has a value: null is how pydantic says that it may be left out."""
    kept = {name: value for name, value in content.items() if name not in ("anyOf", "default")}
    options = [one for one in content.get("anyOf", ()) if one != {"type": "null"}]
    return {**kept, **(options[0] if len(options) == 1 else {"anyOf": options})} if options else content


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
