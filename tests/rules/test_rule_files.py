"""The rule files that come with llmlint: complete, in their place, and each silent where every rule must be."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jsonschema
import msgspec
import pytest

from llmlint import yamlfile
from llmlint.facts.call_site import CallPath, CallSite, Location, known
from llmlint.facts.vocabulary import NAMES
from llmlint.policy import evaluate, messages
from llmlint.policy.describing import describe, subjects
from llmlint.policy.loading import builtin_rules, load_rules
from llmlint.policy.rulefile import RuleFile

RULES = load_rules([builtin_rules()])
CODES = {
    "changing-prompt-prefix": "LLM001",
    "missing-output-cap": "LLM002",
    "json-mode-without-schema": "LLM003",
    "unbatched-offline-calls": "LLM004",
    "premium-model-on-trivial-task": "LLM005",
}

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.rule for rule in RULES])


def test_the_five_rules_are_there():
    assert {rule.rule: rule.code for rule in RULES if rule.rule in CODES} == CODES


@each_rule
def test_place_and_name(rule):
    assert rule.source == str(builtin_rules() / rule.category / f"{rule.rule}.yaml")
    assert not re.match(r"(no|require|avoid|use|check|dont|disallow)-", rule.rule), "must read after 'allow'"
    assert re.fullmatch(r"LLM\d{3}", rule.code)


@each_rule
def test_documentation_is_complete(rule):
    assert 20 <= len(rule.summary) <= 140
    assert rule.summary.endswith(".")
    assert len(rule.rationale) > 400
    assert re.search(r"^ {4}\S", rule.fix, re.MULTILINE), "the fix shows code"
    assert len(rule.when_not) > 60
    assert rule.references
    assert all(option.description for option in rule.options.values())


@each_rule
def test_dated_claims_have_their_date(rule):
    numbers_of_the_market = re.search(r"dollars|price", rule.rationale)
    assert not numbers_of_the_market or re.search(r"20\d\d-\d\d-\d\d", rule.rationale)


@each_rule
def test_fits_the_published_schema(rule):
    """Editors check rule files with this schema, so it must accept what llmlint accepts."""
    jsonschema.validate(yamlfile.load(Path(rule.source)).values, RuleFile.model_json_schema())


@each_rule
def test_message(rule):
    fact, consequence, advice = rule.message.fact, rule.message.consequence, rule.message.advice
    for sentence in (fact, consequence, advice):
        assert sentence[0].isupper() or sentence[0] in "`{"
        assert len(sentence) < 260
    if "price" in consequence or "cost" in consequence:
        shown = {place.name for place in messages.placeholders(messages.parse(consequence))}
        assert "model.prices_as_of" in shown or not {name for name in shown if "price" in name or "cost" in name}


@each_rule
def test_every_option_is_used(rule):
    parts = (rule.when, rule.message, rule.fixes)
    used = "".join(str(msgspec.to_builtins(part)) for part in parts)
    assert [name for name in rule.options if not re.search(rf"\b{name}\b", used)] == []


@each_rule
def test_examples(rule):
    count = dict.fromkeys(("bad", "good", "undecided"), 0)
    for example in rule.examples:
        count[example.verdict] += 1
        assert 3 < len(example.name) < 70
    assert count["bad"] >= 12
    assert count["good"] >= 12
    assert count["undecided"] >= 1


@each_rule
def test_code_of_examples_is_python(rule):
    for example in rule.examples:
        for path, text in example.files.items():
            if path.endswith(".py"):
                ast.parse(text, path)


@each_rule
def test_default_options_are_shown_by_an_example(rule):
    assert any(each.verdict == "bad" and not each.options for each in rule.examples)


@each_rule
def test_what_every_rule_asks(rule):
    """No rule may forget to look at who answers and at what the code is for."""
    asked = set(subjects(rule.when))
    assert {"endpoint.kind", "client.host", "surroundings.role"} <= asked
    assert asked <= set(NAMES)
    assert asked & set(rule.evidence)


@each_rule
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"endpoint.kind": "file"},
        {"endpoint.kind": "generation", "client.host": "other"},
        {"endpoint.kind": "generation", "client.host": "openai", "surroundings.role": "test"},
        {"endpoint.kind": "embedding", "client.host": "other"},
    ],
    ids=["nothing", "file", "other vendor", "test", "other vendor's embedding"],
)
def test_silent(rule, facts):
    path = CallPath({name: known(value) for name, value in facts.items()})
    site = CallSite(Location("a.py", 1), "", "client.create", path.facts, (path,))
    verdicts = evaluate([rule], [site])
    assert (verdicts.findings, verdicts.undecided) == ((), ())


@each_rule
def test_description(rule):
    info = describe(rule)
    assert (info.name, info.code, info.severity) == (rule.rule, rule.code, rule.severity)
    assert info.facts
    assert [option.name for option in info.options] == list(rule.options)
    assert len(info.examples) == len(rule.examples)
