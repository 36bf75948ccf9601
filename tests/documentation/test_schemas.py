"""The schemas in docs/: current, valid, accepting what llmlint accepts and refusing what it refuses.

With LLMLINT_UPDATE_SNAPSHOTS=1 in the environment they are written anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from llmlint import yamlfile
from llmlint.cli.main import main
from llmlint.cli.schema import KINDS as ASKED
from llmlint.config.toml import parse_toml
from llmlint.facts.vocabulary import FACTS
from llmlint.policy.loading import builtin_rules
from llmlint.schemas import GENERATED, KINDS, schema_text

ROOT = Path(__file__).parents[2]
UPDATE = "LLMLINT_UPDATE_SNAPSHOTS"
RULES = sorted([*builtin_rules().rglob("*.yaml"), *(ROOT / "docs" / "policies").glob("*.yaml")])
PROVIDERS = sorted((ROOT / "llmlint" / "catalog" / "providers").glob("*.yaml"))


def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(schema_text(kind))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_command_knows_them_all():
    assert ASKED == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_what_docs_has_is_current(kind, capsys):
    path = ROOT / "docs" / f"{kind}.schema.json"
    if os.environ.get(UPDATE) and kind in GENERATED:
        path.write_text(schema_text(kind), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == schema_text(kind), f"run this test with {UPDATE}=1 to write it anew"
    assert main(["schema", kind]) == 0
    assert capsys.readouterr().out == schema_text(kind)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_fit(path):
    validator("rule").validate(yamlfile.load(path).values)


@pytest.mark.parametrize("path", PROVIDERS, ids=lambda path: path.stem)
def test_providers_fit(path):
    validator("provider").validate(yamlfile.load(path).values)


def test_settings_fit():
    text = "select = ['LLM001']\nfail-on = 'error'\n[options.missing-output-cap]\nassume_openai = false\n"
    validator("config").validate(parse_toml(text.encode(), "llmlint.toml").values)
    assert not validator("config").is_valid({"fail_on": "error"})


@pytest.mark.parametrize(
    ("when", "valid"),
    [
        ({"equals": {"endpoint.kind": "generation"}}, True),
        ({"equals": {"endpoint.kind": "generator"}}, False),
        ({"equals": {"endpoint.kind": "$option.kind"}}, True),
        ({"equals": {"endpoint.knd": "generation"}}, False),
        ({"equals": {"option.kind": "x"}}, True),
        ({"equals": {"argument.stream": "yes"}}, False),
        ({"equals": {"model.ids": "x"}}, False),
        ({"one_of": {"endpoint.kind": ["generation", "embedding"]}}, True),
        ({"one_of": {"endpoint.kind": "generation"}}, False),
        ({"above": {"argument.output_cap": 5}}, True),
        ({"above": {"argument.output_cap": "5"}}, False),
        ({"present": "argument.stop"}, True),
        ({"present": "argument.stopp"}, False),
        ({"within": {"surroundings.file": ["src/", "a/**"]}}, True),
        ({"within": {"surroundings.file": []}}, False),
        ({"some": {"list": "model.ids", "where": {"like": {"item": "gpt-*"}}}}, True),
        ({"some": {"list": "endpoint.id", "where": {"like": {"item": "gpt-*"}}}}, False),
        ({"not": {"contains": {"argument.metadata": "team"}}}, True),
        ({"equals": {"endpoint.kind": "file"}, "absent": "argument.stop"}, False),
        ({"all": []}, False),
        ({"presnt": "argument.stop"}, False),
        ({"present": None}, False),
    ],
)  # fmt: skip
def test_conditions(when, valid):
    schema = json.loads(schema_text("rule"))
    condition = {"$ref": "#/$defs/ConditionFile", "$defs": schema["$defs"]}
    assert jsonschema.Draft202012Validator(condition).is_valid(when) is valid


def test_editors_can_show_what_every_fact_means():
    text = schema_text("rule")
    assert [spec.name for spec in FACTS if f'"const": "{spec.name}"' not in text] == []
