"""README.md says what is so: its output, its commands, its tables and its settings are those of the program.

With LLMLINT_UPDATE_SNAPSHOTS=1 in the environment, what is printed by the program is written anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from llmlint import __version__
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.main import COMMANDS, main
from llmlint.config import read_settings
from llmlint.knowledge import load_knowledge
from llmlint.policy.loading import builtin_rules, load_rules
from llmlint.reporters.formats import AUDIT_FORMATS, FORMATS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
EXAMPLE = "fixtures/projects/support-desk"
UPDATE = "LLMLINT_UPDATE_SNAPSHOTS"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def assert_kept(mark: str, text: str) -> None:
    """Compares what stands between a comment that starts with `mark` and the next `<!-- end -->`."""
    pattern = re.compile(rf"(<!-- {mark}[^>]* -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    if os.environ.get(UPDATE):
        written = pattern.sub(lambda match: f"{match[1]}{text}{match[3]}", README.read_text(encoding="utf-8"))
        README.write_text(written, encoding="utf-8")
    match = pattern.search(README.read_text(encoding="utf-8"))
    assert match, f"README.md has no place for {mark}"
    assert match[2] == text, f"run this test with {UPDATE}=1 and read what it writes"


def test_what_it_finds_in_the_example(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert main(["check", EXAMPLE]) == ExitCode.FINDINGS
    output = re.sub(r" \(\d+\.\d+ s\)", "", capsys.readouterr().out)
    mark = re.search(r"<!-- output: (.*) -->", TEXT)
    assert mark
    findings, closing = output[: output.rindex("\n\n")], output[output.rindex("\n\n") :].strip()
    pages = re.split(r"\n\n(?=\S+:(?:cell \d+:)?\d+:\d+ LLM)", re.sub(r"(?m)^── .*\n\n", "", findings))
    shown = [next(page for page in pages if f" {rule} " in page.split("\n")[0]) for rule in mark[1].split(", ")]
    body = "\n\n".join(page.strip() for page in [f"$ llmlint check {EXAMPLE}", *shown, "[...]", closing])
    assert_kept("output:", f"```console\n{body}\n```\n")


def test_the_table_of_rules():
    rules = load_rules([builtin_rules()])
    rows = [f"| `{rule.rule}` | {rule.code} | {rule.summary} |" for rule in rules]
    assert_kept("rules", "\n".join(["| Rule | Code | Speaks about |", "|---|---|---|", *rows]) + "\n")


def test_the_command_for_the_tests_is_the_one_of_ci():
    (run, test) = blocks("sh")
    assert test in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines(keepends=True)
    assert run.split(" && ")[0] == test.split(" && ")[0]
    assert run.endswith(f"llmlint check {EXAMPLE}\n")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_all_commands_and_formats_are_listed():
    assert set(re.findall(r"^\| `llmlint (\w+)", TEXT, re.MULTILINE)) == set(COMMANDS)
    assert set(re.findall(r"`llmlint (\w+)", TEXT)) <= set(COMMANDS)
    for command, formats in (("check", FORMATS), ("audit", AUDIT_FORMATS)):
        (row,) = re.findall(rf"^\| `llmlint {command}.*--format (.*) \|$", TEXT, re.MULTILINE)
        assert re.findall(r"\w+", row.replace(" or ", " ")) == list(formats)


def test_exit_codes():
    rows = dict(re.findall(r"^\| (\d) \| (.*) \|$", TEXT, re.MULTILINE))
    assert {int(code) for code in rows} == {ExitCode.CLEAN, ExitCode.FINDINGS, ExitCode.FAILED}


def test_the_settings_can_be_used(tmp_path: Path):
    """With the rule that the guide for authors shows, and the client that the README shows."""
    (settings,) = blocks("toml")
    (client,) = (block for block in blocks("yaml") if block.startswith("provider:"))
    guide = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(settings)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "rule.yaml").write_text(re.findall(r"^```yaml\n(.*?)^```$", guide, re.M | re.S)[0])
    (tmp_path / "llm").mkdir()
    (tmp_path / "llm" / "gateway.yaml").write_text(client)
    knowledge = load_knowledge(read_settings(tmp_path), "2026-11-23")
    assert knowledge.catalog.client("acme.llm.Client")
    assert "fast-tier-in-batch-work" in knowledge.codes


def test_the_changes_speak_of_this_version():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == __version__


@pytest.mark.parametrize(
    "page", [README, ROOT / "CHANGELOG.md", ROOT / "rules" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)  # fmt: skip
def test_links_lead_somewhere(page: Path):
    text = page.read_text(encoding="utf-8")
    targets = [target.split("#")[0] for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text)]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def test_the_rule_of_ones_own_is_tested_and_applied(tmp_path, monkeypatch, capsys):
    """What the section says, in its order."""
    found = re.search(r"<!-- own rule -->\n```yaml\n(.*?)```\n<!-- end -->", TEXT, re.DOTALL)
    assert found
    (tmp_path / ".git").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "untested-model.yaml").write_text(found[1])
    (tmp_path / "shop").mkdir()
    call = 'from openai import OpenAI\nOpenAI().responses.create(model="gpt-4.1", input="Hello", max_output_tokens=9)\n'
    (tmp_path / "shop" / "reply.py").write_text(call)
    monkeypatch.chdir(tmp_path)
    assert main(["test", "rules", "--strict"]) == ExitCode.CLEAN
    assert "1 rule, 3 examples: all as expected." in capsys.readouterr().out
    assert main(["check"]) == ExitCode.CLEAN
    (tmp_path / "llmlint.toml").write_text('rules = ["rules/"]\n')
    capsys.readouterr()
    assert main(["check"]) == ExitCode.FINDINGS
    assert "SHOP001 untested-model error" in capsys.readouterr().out
    assert main(["explain", "untested-model"]) == ExitCode.CLEAN
    assert main(["rules", "--path", "shop/reply.py"]) == ExitCode.CLEAN
    assert "untested-model" in capsys.readouterr().out
