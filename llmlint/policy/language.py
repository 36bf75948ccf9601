"""What a rule may be made of - facts, keys of conditions, formats, types of options - for people and their tools."""

from __future__ import annotations

from collections.abc import Iterator

from llmlint.facts.call_site import FactValue
from llmlint.facts.vocabulary import FACTS
from llmlint.findings import FormatInfo, KeyInfo, Language
from llmlint.policy.messages import FORMATS
from llmlint.policy.operators import OPERATORS
from llmlint.policy.options import OPTION_TYPES
from llmlint.policy.rulefile import ConditionFile


def language() -> Language:
    """All facts, keys of conditions, formats of placeholders and types of options."""
    return Language(FACTS, (*_joining_keys(), *_operator_keys()), _formats(), tuple(OPTION_TYPES.items()))


def _joining_keys() -> Iterator[KeyInfo]:
    """What isn't an operator: keys whose content is conditions."""
    for name, field in ConditionFile.model_fields.items():
        key = field.alias or name
        if key not in OPERATORS:
            takes = ("list", "mapping") if key in ("some", "every") else ()
            meaning = (field.description or "").rstrip(".")
            yield KeyInfo(key, f"{key}: {_JOINED_FORMS[key]}", f"{meaning[:1].lower()}{meaning[1:]}", takes)


_JOINED_FORMS = {
    "all": "[CONDITION, ...]",
    "any": "[CONDITION, ...]",
    "not": "CONDITION",
    "unproven": "CONDITION",
    "count": "{at_least: NUMBER, of: [CONDITION, ...]}",
    "score": "{at_least: NUMBER, of: [{weight: NUMBER, when: CONDITION}, ...]}",
    "some": "{list: FACT, where: CONDITION}",
    "every": "{list: FACT, where: CONDITION}",
}


def _operator_keys() -> Iterator[KeyInfo]:
    for key, operator in OPERATORS.items():
        operand = _OPERANDS[operator.operand]
        form = f"{key}: {{FACT: {operand}}}" if operand else f"{key}: FACT"
        yield KeyInfo(key, form, operator.meaning, operator.subjects)


_OPERANDS = {
    "none": "",
    "same": "VALUE",
    "several": "[VALUE, ...]",
    "pattern": '"EXPRESSION"',
    "globs": "GLOB",
    "paths": "GLOB",
    "part": "VALUE",
    "number": "NUMBER",
}


def _formats() -> tuple[FormatInfo, ...]:
    return tuple(
        FormatInfo(f"{{FACT:{name}}}" if name else "{FACT}", meaning, FORMATS[name][1](value), FORMATS[name][0])
        for name, (meaning, value) in _SHOWN.items()
    )


_SHOWN: dict[str, tuple[str, FactValue]] = {
    "": ("the value as it is", "fast"),
    "list": ("the items with commas and `and`", ["a", "b", "c"]),
    "number": ("thousands apart, at most two decimals", 1234.5),
    "money": ("US dollars", 0.5),
}
