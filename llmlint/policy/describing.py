"""A rule comes in, what people are told about it goes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest

from llmlint.findings import RuleExample, RuleInfo, RuleOption
from llmlint.policy.rules import (
    AllOf,
    AnyOf,
    Condition,
    Example,
    Members,
    Not,
    Question,
    Rule,
    Score,
    Unproven,
)

SHOWN_EXAMPLES = 2


def describe(rule: Rule) -> RuleInfo:
    """The texts of a rule; its first examples in pairs, the bad one with its marks."""
    return RuleInfo(
        name=rule.rule,
        code=rule.code,
        severity=rule.severity,
        summary=rule.summary,
        category=rule.category,
        rationale=rule.rationale,
        exceptions=rule.when_not,
        fix=rule.fix,
        examples=tuple(_pairs(rule)),
        facts=tuple(dict.fromkeys(subjects(rule.when))),
        options=tuple(_option(rule, name) for name in rule.options),
        references=tuple(f"{each.url} (as of {each.as_of})" for each in rule.references),
    )


def subjects(condition: Condition) -> Iterator[str]:
    """The facts that a condition asks about, in order."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.of:
            yield from subjects(part)
    elif isinstance(condition, Not | Unproven):
        yield from subjects(condition.of)
    elif isinstance(condition, Score):
        for weighted in condition.of:
            yield from subjects(weighted.when)
    elif isinstance(condition, Members) or (isinstance(condition, Question) and "." in condition.subject):
        yield from () if condition.subject.startswith("option.") else (condition.subject,)


def _pairs(rule: Rule) -> Iterator[RuleExample]:
    bad = [each for each in rule.examples if each.verdict == "bad"][:SHOWN_EXAMPLES]
    good = [each for each in rule.examples if each.verdict == "good"][:SHOWN_EXAMPLES]
    for wrong, right in zip_longest(bad, good):
        title = " / ".join(each.name for each in (wrong, right) if each)
        yield RuleExample(_code(wrong), _code(right), title)


def _code(example: Example | None) -> str:
    """The example's code; several files each under their name."""
    if example is None:
        return ""
    if len(example.files) == 1:
        return next(iter(example.files.values()))
    return "\n\n".join(f"# {path}\n{text.rstrip()}" for path, text in example.files.items()) + "\n"


def _option(rule: Rule, name: str) -> RuleOption:
    option = rule.options[name]
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    return RuleOption(name, json.dumps(default), option.description)
