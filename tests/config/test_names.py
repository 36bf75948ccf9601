from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from llmlint.config import Settings, read_settings
from llmlint.config.names import with_rule_names
from llmlint.errors import ProblemsError
from llmlint.findings import RuleInfo, Severity
from llmlint.policy.rules import AllOf, Message, Option, Rule

OWN = (RuleInfo("own-rule", "LLM901", Severity.INFO, "One of ours."),)


def rule(name: str, code: str, **options: Option) -> Rule:
    values = dict.fromkeys(("category", "summary", "rationale", "fix", "when_not", "source"), "")
    given = {"severity": Severity.WARNING, "when": AllOf(()), "message": Message("", "", ""), "options": options}
    empty = {"evidence": (), "references": (), "examples": ()}
    needed = {field.name for field in msgspec.structs.fields(Rule)}
    known = {**values, **given, **empty, "rule": name, "code": code}
    return Rule(**{key: value for key, value in known.items() if key in needed})


RULES = (rule("first-rule", "LLM001", least=Option("integer", 1, "")), rule("second-rule", "LLM002"))


def resolved(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "llmlint.toml").write_text(text)
    return with_rule_names(read_settings(tmp_path), RULES, OWN)


def test_codes_become_names(tmp_path: Path):
    settings = resolved(
        tmp_path,
        "select = ['ALL']\nignore = ['llm001', 'own-rule']\nseverity.LLM002 = 'off'\noptions.LLM001.least = 2\n",
    )
    (selection, *_) = settings.selections
    assert selection.select == ("all",)
    assert selection.ignore == ("first-rule", "own-rule")
    assert selection.severity == {"second-rule": "off"}
    assert selection.options == {"first-rule": {"least": 2}}


def test_every_wrong_name_at_its_place(tmp_path: Path):
    with pytest.raises(ProblemsError) as caught:
        resolved(
            tmp_path,
            """\
select = ["first-rule", "frist-rule"]
ignore = ["zzz"]
[severity]
LLM0001 = "off"
[options.first-rule]
leest = 2
least = "two"
[options.own-rule]
x = 1
[[overrides]]
paths = ["a"]
select = ["second"]
""",
        )
    assert [str(problem) for problem in caught.value.problems] == [
        "llmlint.toml:1:25: there is no rule `frist-rule` (did you mean `first-rule`?)",
        "llmlint.toml:2:11: there is no rule `zzz` (`llmlint rules` lists all of them)",
        "llmlint.toml:4:1: there is no rule `LLM0001` (did you mean `LLM001`?)",
        "llmlint.toml:6:1: rule `first-rule` has no option `leest` (did you mean `least`?)",
        "llmlint.toml:7:1: option `least` must be of type integer, not 'two'",
        "llmlint.toml:8:1: `own-rule` has no options (name a rule that has some)",
        "llmlint.toml:12:11: there is no rule `second` (did you mean `second-rule`?)",
    ]


def test_names_of_the_command_line():
    with pytest.raises(ProblemsError, match="command line: there is no rule `x`"):
        with_rule_names(Settings().changed(select=["x"]), RULES, OWN)


def test_rules_that_nothing_may_silence(tmp_path: Path):
    assert resolved(tmp_path, "suppressions.never = ['llm001']").demands.never == {"first-rule"}
    with pytest.raises(ProblemsError, match=r"llmlint.toml:2:1: there is no rule `frist-rule` \(did you mean"):
        resolved(tmp_path, "[suppressions]\nnever = ['frist-rule']")
