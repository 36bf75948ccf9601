"""A rule comes in, what people are told about it goes out."""

from __future__ import annotations

import json
from collections.abc import Iterator

from llmlint.edits import KINDS
from llmlint.findings import RuleExample, RuleFix, RuleInfo, RuleOption
from llmlint.policy.rules import (
    AllOf,
    AnyOf,
    Condition,
    Members,
    Not,
    Question,
    Rule,
    Score,
    Unproven,
)


def describe(rule: Rule) -> RuleInfo:
    """The texts of a rule, the facts that decide it, and its examples with their marks."""
    return RuleInfo(
        name=rule.rule,
        code=rule.code,
        severity=rule.severity,
        summary=rule.summary,
        category=rule.category,
        rationale=rule.rationale,
        when_not=rule.when_not,
        fix=rule.fix,
        examples=tuple(RuleExample(each.verdict, each.name, each.files) for each in rule.examples),
        facts=tuple(dict.fromkeys(subjects(rule.when))),
        options=tuple(_option(rule, name) for name in rule.options),
        fixes=tuple(
            dict.fromkeys(RuleFix(each.kind, KINDS[each.kind].meaning, each.safety.value) for each in rule.fixes)
        ),
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


def _option(rule: Rule, name: str) -> RuleOption:
    option = rule.options[name]
    default = list(option.default) if isinstance(option.default, tuple) else option.default
    return RuleOption(name, json.dumps(default), option.description)
