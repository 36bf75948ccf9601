"""The example policies: each is right about its examples, needs all of its conditions, and stands in the list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llmlint.catalog.loading import load_catalog
from llmlint.config import read_settings
from llmlint.knowledge import load_knowledge
from llmlint.policy.loading import builtin_rules, load_rules
from llmlint.policy.settings import settings_for
from llmlint.rule_testing import try_rules

FOLDER = Path(__file__).parents[2] / "docs" / "policies"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
POLICIES = load_rules([FOLDER])


@pytest.fixture(scope="module")
def tried():
    return {each.rule.rule: each for each in try_rules([FOLDER], load_catalog())}


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.rule)
def test_the_examples_of_a_policy(policy, tried):
    found = tried[policy.rule]
    assert [(each.result.example.name, each.result.problems) for each in found.failed] == []
    assert [str(each) for each in found.warnings] == []
    assert any(each.fixed for each in policy.examples), "an example shows the mended code"


def test_they_go_together_with_our_own_rules():
    assert len(load_rules([builtin_rules(), FOLDER])) == len(POLICIES) + len(load_rules([builtin_rules()]))


def test_the_list_is_complete():
    rows = dict(re.findall(r"^\| \[`([a-z-]+)`\]\(\1\.yaml\) \| (.*) \|$", PAGE, re.MULTILINE))
    assert rows == {policy.rule: policy.summary for policy in POLICIES}
    assert [Path(policy.source).stem for policy in POLICIES] == [policy.rule for policy in POLICIES]


def test_the_settings_of_the_page_can_be_used(tmp_path: Path):
    (settings,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "llmlint.toml").write_text(settings)
    (tmp_path / "policies").mkdir()
    for policy in FOLDER.glob("*.yaml"):
        (tmp_path / "policies" / policy.name).write_text(policy.read_text(encoding="utf-8"))
    knowledge = load_knowledge(read_settings(tmp_path), "2026-11-23")
    (rule,) = (each for each in knowledge.rules if each.rule == "unapproved-model")
    policies = knowledge.settings.policies
    usual, research = (settings_for(rule, policies, path).options for path in ("app/a.py", "research/a.py"))
    assert usual["approved"] != research["approved"]
