"""The value of a fact in words: a fact comes in, one line with its unit goes out."""

from __future__ import annotations

import json

from llmlint.facts.call_site import Fact, FactValue, State
from llmlint.facts.vocabulary import NAMES
from llmlint.reporters.escape import plain

LONGEST_VALUE = 240


def value_text(name: str, fact: Fact) -> str:
    """The value with its unit, in the words of rules; long ones are cut and their length is told."""
    if fact.state is State.UNKNOWN:
        return f"unknown: {fact.reason}"
    if fact.state is State.ABSENT:
        return "absent"
    text = _written(plain(fact.value))
    spec = NAMES.get(name)
    unit = f" {spec.unit}" if spec and spec.unit else ""
    return text + unit if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… ({len(text):,} characters)"


def _written(value: FactValue) -> str:
    if isinstance(value, str):
        return value if value and not any(char.isspace() for char in value) else json.dumps(value)
    if isinstance(value, bool | None):
        return json.dumps(value)
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_written(item) for item in value) or "none"
    return json.dumps(value, ensure_ascii=False)
