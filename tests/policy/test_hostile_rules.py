"""No document makes the loading of rules crash or hang: it is a rule, or it is problems with their places."""

# ruff: noqa: E501 (tables)

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import path, rule_text, site

from llmlint import yamlfile
from llmlint.errors import ProblemsError
from llmlint.facts.vocabulary import FACTS
from llmlint.policy import evaluate
from llmlint.policy.language import language
from llmlint.policy.loading import rule_from
from llmlint.policy.mutating import mutants
from llmlint.policy.rulefile import RuleFile

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SITE = site(path(model__ids=["a"], prompt__text="x", argument__output_cap=5, argument__metadata={"a": 1, "**": None}))

PIECES = [
    "&a", "*a", "<<:", "<<: *a", "!!python/object/apply:os.system", "!!binary", "!", "? ", ": ", "- ", "-\t", "\t", "{", "}",
    "[", "]", ",", "|", ">", "|-\n", ">2\n", "#", "\n", "\n\n", "  ", "    ", "'", '"', "\\", "%YAML 1.1", "---", "...", "~",
    "null", "yes", "no", "on", "off", "y", "true", "0o7", "0x1f", "1_000", "1:30", ".inf", "-.nan", "1e400", "2026-01-31",
    "\ufeff", "\u2028", "\x85", "\x00", "\x07", "é", "𝄞", "\ud800", "a" * 300, "9" * 40, "rule: ", "when: ", "all: ",
    "present: model.ids", "equals: {endpoint.kind: x}", "examples: ", "options: ", "message: ", "code: ", "fact: ",
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "utf-32", "latin-1", "utf-8-sig", "cp1252"]


def outcome(source: str | bytes) -> str:
    """What becomes of a document; any other exception than the one with problems is a failure."""
    start = time.process_time()
    try:
        each = rule_from(yamlfile.load(source, "r.yaml"))
    except ProblemsError as error:
        assert error.problems
        assert all(str(problem).startswith("r.yaml") for problem in error.problems)
        return "refused"
    finally:
        assert time.process_time() - start < 10
    evaluate([each], [SITE])
    evaluate([mutant.rule for mutant, _ in zip(mutants(each), range(20), strict=False)], [SITE])
    return "taken"


@QUICK
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_anything_made_of_the_signs_of_yaml(text):
    outcome(text)


@QUICK
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.integers(0, len(rule_text())), st.integers(0, 30))
def test_a_rule_with_something_pasted_over_it(pasted, at, length):
    text = rule_text()
    outcome(text[:at] + pasted + text[at + length :])


@QUICK
@given(st.binary(max_size=200), st.integers(0, 400))
def test_bytes(data, at):
    text = rule_text().encode()
    outcome(data)
    outcome(text[:at] + data + text[at:])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_other_encodings(encoding):
    data = rule_text(summary="summary: Größe.").encode(encoding)
    assert outcome(data) == ("taken" if encoding.startswith("utf-8") else "refused")


keys = sorted(
    {*RuleFile.model_fields, *(key.name for key in language().keys), "of", "where", "list", "weight", "at_least"}
)
plain = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 10**20), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.sampled_from([spec.name for spec in FACTS[::7]] + ["$option.least", "option.hosts", "item", "{model.ids}", "(a+)+$"]),
)  # fmt: skip
documents = st.recursive(
    plain,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(keys), inner, max_size=4)),
    max_leaves=15,
)


@QUICK
@given(st.dictionaries(st.sampled_from(keys), documents, max_size=6))
def test_documents_with_the_keys_of_rules(values):
    outcome(json.dumps(values))


@QUICK
@given(st.sampled_from(sorted(RuleFile.model_fields)), documents)
def test_a_rule_with_another_value_of_one_key(key, value):
    kept = [line for line in rule_text().splitlines() if not line.startswith((f"{key}:", "  "))]
    outcome("\n".join([*kept, f"{json.dumps(key)}: {json.dumps(value)}"]))


@pytest.mark.parametrize(
    "when",
    [
        "{not: " * 2_000 + "{present: model.ids}" + "}" * 2_000,
        "{all: [" * 400 + "{present: model.ids}" + "]}" * 400,
        "{any: [" + "{present: model.ids}, " * 10_000 + "]}",
        "{all: [" + ("{any: [" + "{present: model.ids}, " * 199 + "]}, ") * 20 + "]}",
        "{matches: {prompt.text: '" + "(a|b)?" * 80 + "'}}",
        "{matches: {prompt.text: '" + "(" * 200 + ")" * 200 + "'}}",
        "{like: {endpoint.id: '" + "*a" * 120 + "'}}",
        "{within: {surroundings.file: '" + "**/*a" * 50 + "'}}",
        "{one_of: {endpoint.id: [" + "a, " * 10_000 + "]}}",
        "{score: {at_least: 1, of: [" + "{weight: -100, when: {present: model.ids}}, " * 1_000 + "]}}",
        "{count: {at_least: 9223372036854775807, of: [{present: model.ids}]}}",
        "&a {all: [*a]}",
        "{<<: {present: model.ids}}",
        "{yes: model.ids}",
        "{1: model.ids, true: x, null: y, [a]: z}",
        "{present: model.ids, present: model.ids}",
        "'" + "x" * 200_000 + "'",
    ],
    ids=lambda when: when[:24],
)
def test_large_and_deep_conditions(when):
    outcome(rule_text(when))


def test_too_many_conditions_are_told_once():
    when = "{all: [" + ("{any: [" + "{present: model.idz}, " * 150 + "]}, ") * 10 + "]}"
    with pytest.raises(ProblemsError) as caught:
        rule_from(yamlfile.load(rule_text(when), "r.yaml"))
    found = [str(each) for each in caught.value.problems]
    assert sum("more than 1,000 conditions in one rule (make several rules of it)" in each for each in found) == 1
    with pytest.raises(ProblemsError, match="at most 200"):
        rule_from(yamlfile.load(rule_text("{any: [" + "{present: model.ids}, " * 201 + "]}"), "r.yaml"))
