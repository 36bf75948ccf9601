"""The options of rules: whether a value fits, and what a project's settings come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from llmlint.policy.rules import OptionType, Rule, Scalar

OPTION_TYPES: dict[OptionType, str] = {
    "integer": "a whole number",
    "number": "any number",
    "string": "text",
    "boolean": "true or false",
    "list": "a list of texts and numbers",
}
"""Types of options, and what they accept."""


class OptionProblem(NamedTuple):
    """A setting that a rule can't take: the option's name, what is wrong, and what is allowed."""

    option: str
    message: str
    allowed: tuple[str, ...] = ()


def option_problems(rule: Rule, settings: Mapping[str, object]) -> list[OptionProblem]:
    """What is wrong with a project's settings for the rule: unknown names and values of another type."""
    found: list[OptionProblem] = []
    for name, value in settings.items():
        option = rule.options.get(name)
        if option is None:
            found.append(OptionProblem(name, f"rule `{rule.rule}` has no option `{name}`", tuple(rule.options)))
        elif not fits(option.type, value):
            found.append(OptionProblem(name, f"option `{name}` must be of type {option.type}, not {value!r:.60}"))
    return found


def fits(kind: OptionType, value: object) -> bool:
    """Whether an option of that type can have that value."""
    if kind == "list":
        return isinstance(value, list | tuple) and all(isinstance(item, str | int | float) for item in value)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return kind_of(value) == kind


def kind_of(value: object) -> str:
    """The type of a value in the words of the vocabulary."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list | tuple) else "mapping"


def plain(value: object) -> Scalar | tuple[Scalar, ...]:
    """A value that `fits` as a rule keeps it: lists become tuples. Raises `TypeError` for anything else."""
    if isinstance(value, list | tuple):
        return tuple(_scalar(item) for item in value)
    return _scalar(value)


def _scalar(value: object) -> Scalar:
    if not isinstance(value, str | int | float | bool):
        raise TypeError(f"not the value of an option: {value!r:.60}")
    return value
