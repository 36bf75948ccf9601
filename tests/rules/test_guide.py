"""The guide for authors of rules says what is so."""

from __future__ import annotations

import re

from llmlint import yamlfile
from llmlint.catalog.loading import load_catalog
from llmlint.policy.loading import builtin_rules, rule_from
from llmlint.policy.rulefile import ConditionFile
from llmlint.rule_examples import run_example
from llmlint.rule_testing import try_rules

GUIDE = (builtin_rules() / "README.md").read_text(encoding="utf-8")


def test_the_rule_in_the_guide_works(tmp_path):
    (text,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    rule = rule_from(yamlfile.load(text, "guide"))
    (tmp_path / "rule.yaml").write_text(text)
    (tried,) = try_rules([tmp_path], load_catalog())
    assert [str(each) for each in tried.warnings] == []
    catalog = load_catalog()
    assert rule.examples
    for example in rule.examples:
        assert list(run_example(rule, example, catalog).problems) == []


def test_every_key_of_a_condition_is_explained():
    keys = {field.alias or name for name, field in ConditionFile.model_fields.items()}
    table = GUIDE.partition("## Conditions")[2].partition("## Three values")[0]
    assert [key for key in sorted(keys) if f"`{key}" not in table] == []
