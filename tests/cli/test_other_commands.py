from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmlint.cli.facts import Place, parse_place


class TestAudit:
    def test_call_sites_with_their_facts(self, llmlint, project: Path):
        result = llmlint("audit", "--format", "json")
        assert (result.code, result.err) == (0, "")
        (site,) = json.loads(result.out)["call_sites"]
        assert (site["path"], site["line"], site["endpoint"], site["models"], site["output_cap"]) == (
            "src/app.py",
            4,
            "chat.completions.create",
            ["gpt-4o-mini"],
            "absent",
        )

    def test_it_fails_only_where_that_is_asked_for(self, llmlint, project: Path):
        (project / "llmlint.toml").write_text("fail-on = 'info'\n")
        assert llmlint("audit", "--format", "json").code == 0
        assert llmlint("audit", "--format", "json", "--fail-on", "warning").code == 1
        assert llmlint("audit", "--format", "json", "--fail-on", "never").code == 0

    def test_only_what_is_in_scope(self, llmlint, project: Path):
        assert json.loads(llmlint("audit", "--format", "json", "src/other.py").out)["call_sites"] == []


class TestFacts:
    def test_a_page_for_each_call(self, llmlint, project: Path):
        result = llmlint("facts", "src/app.py")
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith("src/app.py:4:10  client.chat.completions.create")
        assert "gpt-4o-mini" in result.out

    def test_the_call_at_a_line(self, llmlint, project: Path):
        assert llmlint("facts", "src/app.py:4").code == 0
        assert llmlint("facts", "src/app.py:4:7").code == 0
        result = llmlint("facts", "src/app.py:1")
        assert (result.code, result.out) == (2, "")
        assert result.err == "llmlint: no call to a model at src/app.py:1.\nThere are calls at line 4.\n"

    def test_a_file_without_calls(self, llmlint, project: Path):
        result = llmlint("facts", "src/other.py")
        assert (result.code, result.out) == (0, "No calls to a model in src/other.py.\n")

    def test_a_file_that_does_not_exist(self, llmlint, project: Path):
        assert llmlint("facts", "absent.py:3").err.startswith("llmlint: absent.py does not exist.")

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a.py", Place("a.py", None)),
            ("a.py:3", Place("a.py", 3)),
            ("a.py:3:9:", Place("a.py", 3)),
            ("C:\\a.py:3", Place("C:\\a.py", 3)),
            ("a.py:x", Place("a.py:x", None)),
        ],
    )
    def test_places(self, text: str, place: Place):
        assert parse_place(text) == place

    def test_a_file_with_a_colon_in_its_name(self, tmp_path: Path):
        file = tmp_path / "a.py:3"
        file.write_text("")
        assert parse_place(str(file)) == Place(str(file), None)


class TestRules:
    def test_all_rules_with_their_severity(self, llmlint, project: Path):
        (project / "llmlint.toml").write_text("severity = {LLM001 = 'off', LLM901 = 'error', LLM900 = 'off'}\n")
        result = llmlint("rules")
        assert (result.code, result.err) == (0, "")
        rows = {row.split()[0]: row.split()[1:3] for row in result.out.splitlines()}
        assert rows["LLM001"] == ["changing-prompt-prefix", "off"]
        assert rows["LLM002"] == ["missing-output-cap", "warning"]
        assert rows["LLM900"] == ["unreadable-source", "off"]
        assert rows["LLM901"] == ["unused-suppression", "error"]
        assert list(rows) == sorted(rows)

    def test_what_holds_in_a_file_and_why(self, llmlint, project: Path):
        (project / "llmlint.toml").write_text("extends = ['llmlint:recommended']\noptions.LLM004.few_items = 3\n")
        (project / "src" / "llmlint.toml").write_text("inherit = true\nignore = ['LLM003']\n")
        result = llmlint("rules", "--path", "src/tests/new.py")
        assert (result.code, result.out) == (2, "")
        assert "is no file in a folder that exists" in result.err
        lines = llmlint("rules", "--path", "src/test_new.py").out.splitlines()
        assert lines[0] == "src/test_new.py, with settings from: llmlint:recommended, llmlint.toml, src/llmlint.toml"
        rows = {line.split()[0]: line for line in lines[2:]}
        assert rows["LLM002"].split()[1:] == ["missing-output-cap", "info", "llmlint:recommended:6"]
        assert rows["LLM003"].split()[2:] == ["off", "src/llmlint.toml:2"]
        assert rows["few_items"] == "    few_items = 3  llmlint.toml:2"
        rows = {line.split()[0]: line for line in llmlint("rules", "--path", "app.py").out.splitlines() if line}
        assert rows["LLM003"].split()[2] == "warning"


class TestExplain:
    @pytest.mark.parametrize("word", ["missing-output-cap", "LLM002", "llm002", "Missing-Output-Cap"])
    def test_by_name_or_code(self, llmlint, project: Path, word: str):
        result = llmlint("explain", word)
        assert result.code == 0
        assert result.out.startswith("LLM002 missing-output-cap  warning")

    def test_own_rules_have_pages_too(self, llmlint, project: Path):
        assert llmlint("explain", "LLM900").out.startswith("LLM900 unreadable-source")

    def test_unknown_rules(self, llmlint, project: Path):
        result = llmlint("explain", "missing-outpt-cap")
        assert (result.code, result.out) == (2, "")
        assert result.err == "llmlint: there is no rule `missing-outpt-cap`.\nDid you mean missing-output-cap?\n"
        assert "`llmlint rules` lists all" in llmlint("explain", "zzz").err


def test_facts_of_a_file_that_cannot_be_read(llmlint, project: Path):
    (project / "src" / "broken.py").write_text(
        "from openai import OpenAI\ndef f(:\n    OpenAI().chat.completions.create()\n"
    )
    result = llmlint("facts", "src/broken.py")
    assert result.out == "No calls to a model in src/broken.py.\n"
    assert result.err.startswith("src/broken.py:2: can't be read: ")


def test_a_folder_without_python(llmlint, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert llmlint("check").err.startswith("llmlint: no Python files or notebooks in this folder.\n")
