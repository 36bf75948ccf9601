"""docs/rule-language.md is complete: every key, condition, fact, option type and placeholder is in it, and no other.

With LLMLINT_UPDATE_SNAPSHOTS=1 in the environment its tables are written anew.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from llmlint import yamlfile
from llmlint.cli.main import main
from llmlint.facts.vocabulary import FACTS, NAMES
from llmlint.policy.language import language
from llmlint.policy.loading import rule_from
from llmlint.policy.messages import FORMATS
from llmlint.policy.operators import OPERATORS
from llmlint.policy.options import OPTION_TYPES
from llmlint.policy.rulefile import (
    ConditionFile,
    ExampleFile,
    ExamplesFile,
    FixFile,
    MessageFile,
    OptionFile,
    ReferenceFile,
    RuleFile,
    VariantFile,
)
from llmlint.reporters.language_page import tables
from llmlint.rule_examples import run_examples

PAGE = Path(__file__).parents[2] / "docs" / "rule-language.md"
UPDATE = "LLMLINT_UPDATE_SNAPSHOTS"
TEXT = PAGE.read_text(encoding="utf-8")
FRAGMENTS = [text for text in re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL) if text[0] != "#"]
SECTIONS = {
    "": RuleFile,
    "message.": MessageFile,
    "message.variants[].": VariantFile,
    "options.NAME.": OptionFile,
    "fixes[].": FixFile,
    "references[].": ReferenceFile,
    "examples.": ExamplesFile,
    "examples.*[].": ExampleFile,
}
RULE = """\
rule: shown-here
code: DOC001
category: cost
severity: warning
summary: A rule of the page.
rationale: None.
when: {present: model.ids}
options: {approved: {type: list, default: [gpt-6-luna], description: x}}
message: {fact: "A.", consequence: "B.", advice: "C."}
fix: None.
when_not: Never.
examples: {}
"""


def file_table() -> str:
    """The keys of a rule file, with what the schema says about them."""
    lines = ["| Key | Needed | Meaning |", "| --- | --- | --- |"]
    for prefix, model in SECTIONS.items():
        for name, field in model.model_fields.items():
            meaning = " ".join((field.description or "").split())
            assert meaning, f"{prefix}{name} has no description"
            lines.append(f"| `{prefix}{field.alias or name}` | {'yes' if field.is_required() else ''} | {meaning} |")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("mark", ["file", "Conditions", "Options", "Placeholders", "Facts"])
def test_tables(mark):
    table = file_table() if mark == "file" else tables(language())[mark]
    pattern = re.compile(rf"(<!-- {mark.lower()} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    if os.environ.get(UPDATE):
        written = pattern.sub(lambda found: f"{found[1]}{table}{found[3]}", PAGE.read_text(encoding="utf-8"))
        PAGE.write_text(written, encoding="utf-8")
    found = pattern.search(PAGE.read_text(encoding="utf-8"))
    assert found
    assert found[2] == table, f"run this test with {UPDATE}=1 and read what it writes"


def test_nothing_is_missing_in_what_is_listed():
    listed = language()
    assert {key.name for key in listed.keys} == {
        field.alias or name for name, field in ConditionFile.model_fields.items()
    }
    assert {key.name for key in listed.keys if key.takes} == set(OPERATORS) | {"some", "every"}
    assert listed.facts == FACTS
    assert [each.form for each in listed.formats] == [f"{{FACT:{name}}}" if name else "{FACT}" for name in FORMATS]
    assert dict(listed.option_types) == OPTION_TYPES
    assert set(OPTION_TYPES) == set(OptionFile.model_json_schema()["properties"]["type"]["enum"])
    assert all(each.meaning for each in (*listed.facts, *listed.keys, *listed.formats))


def test_no_fact_of_the_text_is_made_up():
    groups = "|".join(sorted({name.partition(".")[0] for name in NAMES}))
    named = set(re.findall(rf"(?<![\w.])(?:{groups})\.[a-z_]+(?![\w(])", TEXT))
    assert named - set(NAMES) - {"settings.py"} == set()


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda text: text.split(":")[0])
def test_what_the_page_shows_can_be_written(fragment):
    key = fragment.split(":")[0]
    lines = [line for line in RULE.splitlines() if not line.startswith(f"{key}:")]
    rule = rule_from(yamlfile.load("\n".join([*lines, fragment]), "page"))
    if key == "examples":
        condition = "when: {not: {some: {list: model.ids, where: {equals: {item: gpt-6-luna}}}}}"
        lines = [condition if line.startswith("when:") else line for line in lines]
        rule = rule_from(yamlfile.load("\n".join([*lines, fragment]), "page"))
        assert [each.problems for each in run_examples([rule])] == [()]


class TestList:
    def test_as_text(self, capsys):
        assert main(["facts", "--list"]) == 0
        text = capsys.readouterr().out
        assert [spec.name for spec in FACTS if f"  {spec.name}  " not in text] == []
        assert [key.form for key in language().keys if key.form not in text] == []

    def test_as_json(self, capsys):
        assert main(["facts", "--list", "--format", "json"]) == 0
        page = json.loads(capsys.readouterr().out)
        assert [fact["name"] for fact in page["facts"]] == [spec.name for spec in FACTS]
        (kind,) = (fact for fact in page["facts"] if fact["name"] == "endpoint.kind")
        assert (kind["type"], kind["unit"], "generation" in kind["values"], kind["unknown_when"]) == (
            "string",
            "",
            True,
            "",
        )
        assert [key["name"] for key in page["conditions"]] == [key.name for key in language().keys]

    def test_as_markdown(self, capsys):
        assert main(["facts", "--list", "--format", "markdown"]) == 0
        text = capsys.readouterr().out
        assert all(table in text for table in tables(language()).values())

    def test_it_is_about_no_file(self, capsys):
        assert main(["facts", "--list", "app.py"]) == 2
        assert "--list is about no file" in capsys.readouterr().err
        assert main(["facts", "app.py", "--format", "json"]) == 2
        assert "--format goes with --list" in capsys.readouterr().err
        assert main(["facts"]) == 2
        assert "Name a file, or use --list" in capsys.readouterr().err
