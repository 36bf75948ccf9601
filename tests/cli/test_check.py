from __future__ import annotations

import json
from pathlib import Path

import pytest

BROKEN = "from openai import OpenAI\nOpenAI().chat.completions.create(\n"


def findings(result) -> list[tuple[str, str]]:
    return [(each["rule"], each["path"]) for each in json.loads(result.out)["findings"]]


def test_findings_make_it_fail(llmlint, project: Path):
    result = llmlint("check")
    assert (result.code, result.err) == (1, "")
    assert "src/app.py:4:10 LLM002 missing-output-cap warning" in result.out


def test_nothing_found(llmlint, project: Path):
    result = llmlint("check", "src/other.py")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("No calls to a model in 1 file")


def test_one_file_gives_the_same_findings_as_all(llmlint, project: Path):
    (project / "src/wrapper.py").write_text(
        "from openai import OpenAI\n\nclient = OpenAI()\n\n\ndef ask(text, **k):\n"
        "    return client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content': text}], **k)\n"
    )
    (project / "src/caller.py").write_text("from wrapper import ask\n\nask('a', max_tokens=3)\nask('b')\n")
    everything = llmlint("check", "--format", "json")
    for path in ("src/app.py", "src/caller.py", "src/wrapper.py", "src/other.py"):
        one = json.loads(llmlint("check", "--format", "json", path).out)["findings"]
        all_of_it = json.loads(everything.out)["findings"]
        places = [[each["path"], *(step["path"] for step in each["evidence"])] for each in all_of_it]
        assert one == [each for each, deciding in zip(all_of_it, places, strict=True) if path in deciding]


@pytest.mark.parametrize(("fail_on", "code"), [("info", 1), ("warning", 1), ("error", 0), ("never", 0)])
def test_fail_on(llmlint, project: Path, fail_on: str, code: int):
    assert llmlint("check", "--fail-on", fail_on).code == code
    (project / "llmlint.toml").write_text(f"fail-on = '{fail_on}'\n")
    assert llmlint("check").code == code


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_every_format_has_the_same_exit_code(llmlint, project: Path, form: str):
    result = llmlint("check", "--format", form)
    assert (result.code, result.err) == (1, "")
    assert "missing-output-cap" in result.out


def test_output_to_a_file(llmlint, project: Path):
    result = llmlint("check", "--format", "json", "--output", "out.json")
    assert (result.code, result.out) == (1, "")
    assert json.loads((project / "out.json").read_text())["format"] == 1
    result = llmlint("check", "--output", "absent/out.txt")
    assert result.code == 2
    assert result.err.startswith("llmlint: absent/out.txt can't be written: No such file or directory.\n")


def test_selecting_and_ignoring(llmlint, project: Path):
    assert llmlint("check", "--ignore", "LLM002,LLM001").code == 0
    assert llmlint("check", "--select", "json-mode-without-schema").code == 0
    assert llmlint("check", "--select", "LLM003", "--select", "missing-output-cap").code == 1
    (project / "llmlint.toml").write_text("ignore = ['missing-output-cap']\n")
    assert llmlint("check").code == 0
    assert llmlint("check", "--no-config").code == 1
    assert llmlint("check", "--select", "LLM002").code == 1


def test_severity_and_overrides_of_the_settings(llmlint, project: Path):
    (project / "llmlint.toml").write_text(
        "severity.missing-output-cap = 'error'\n[[overrides]]\npaths = ['src/*']\nseverity.LLM002 = 'off'\n"
    )
    assert findings(llmlint("check", "--format", "json")) == []
    (project / "app.py").write_text((project / "src/app.py").read_text())
    result = llmlint("check", "--format", "json")
    assert findings(result) == [("missing-output-cap", "app.py")]
    assert json.loads(result.out)["findings"][0]["severity"] == "error"


def test_excluding(llmlint, project: Path):
    assert llmlint("check", "--exclude", "app.py").code == 0
    (project / "llmlint.toml").write_text("exclude = ['src/app.py']\n")
    assert llmlint("check").code == 0
    result = llmlint("check", "src/app.py")
    assert result.code == 0
    assert result.err == "llmlint: all named files are excluded by the settings\n"
    result = llmlint("check", "--exclude", "a*b*c*d*")
    assert (result.code, result.out) == (2, "")
    assert "--exclude a*b*c*d*: it has more than 3 wildcards" in result.err


def test_suppressed_findings_are_counted_and_can_be_shown(llmlint, project: Path):
    path = project / "src/app.py"
    lines = path.read_text().splitlines(keepends=True)
    lines.insert(3, "# llmlint: ignore[missing-output-cap] stories are short\n")
    path.write_text("".join(lines))
    result = llmlint("check")
    assert result.code == 0
    assert "1 finding suppressed" in result.out
    assert "stories are short" in llmlint("check", "--show", "suppressed").out
    assert llmlint("check", "--show", "nonsense").code == 2


def test_an_unused_suppression_is_a_finding(llmlint, project: Path):
    (project / "src/other.py").write_text("x = 1  # llmlint: ignore[missing-output-cap]\n")
    assert ("unused-suppression", "src/other.py") in findings(llmlint("check", "--format", "json"))
    assert llmlint("check", "src/other.py", "--ignore", "missing-output-cap").code == 0
    assert llmlint("check", "src/other.py", "--ignore", "unused-suppression").code == 0
    assert llmlint("check", "src/other.py", "--select", "missing-output-cap").code == 0


def test_a_file_that_cannot_be_parsed_is_a_finding_and_no_end(llmlint, project: Path):
    (project / "src/broken.py").write_text(BROKEN)
    result = llmlint("check", "--format", "json")
    assert result.code == 1
    assert set(findings(result)) == {("unreadable-source", "src/broken.py"), ("missing-output-cap", "src/app.py")}
    (broken,) = (each for each in json.loads(result.out)["findings"] if each["path"] == "src/broken.py")
    assert broken["code"] == "LLM900"
    assert broken["message"].startswith("This can't be read: ")
    assert "the rest of the project is" in broken["message"]
    assert llmlint("check", "src/broken.py", "--ignore", "LLM900").code == 0


def test_problems_outside_of_the_scope_are_not_reported(llmlint, project: Path):
    (project / "broken.py").write_text(BROKEN)
    assert llmlint("check", "src/other.py").code == 0


class TestMistakes:
    def test_paths(self, llmlint, project: Path):
        result = llmlint("check", "src/ap.py")
        assert (result.code, result.out) == (2, "")
        assert result.err == "llmlint: src/ap.py does not exist.\nDid you mean src/app.py?\n"

    def test_no_python_files(self, llmlint, project: Path):
        (project / "empty").mkdir()
        (project / "empty/readme.md").write_text("")
        result = llmlint("check", "empty")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("llmlint: no Python files or notebooks in empty.\n")

    def test_settings(self, llmlint, project: Path):
        (project / "pyproject.toml").write_text("[tool.llmlint]\nselct = []\nfail-on = 'never ever'\n")
        result = llmlint("check")
        assert (result.code, result.out) == (2, "")
        assert result.err.splitlines() == [
            "pyproject.toml:2:1: unknown key `selct` (did you mean `select`?)",
            'pyproject.toml:3:1: `fail-on` can\'t be "never ever" (did you mean `never`?)',
            "llmlint: 2 mistakes to mend before it can run",
        ]

    def test_characters_that_steer_a_terminal_are_written_out(self, llmlint, project: Path):
        (project / "llmlint.toml").write_text('"\\u001b]0;title\\u0007\\u202e" = 1\n')
        result = llmlint("check")
        assert result.code == 2
        assert r"unknown key `\x1b]0;title\x07\u202e`" in result.err
        assert "\x1b" not in result.err

    def test_rules_of_settings_and_models_at_once(self, llmlint, project: Path):
        (project / "llmlint.toml").write_text("ignore = ['mising-output-cap']\ndeployments.x = 'gpt-4p'\n")
        result = llmlint("check")
        assert result.code == 2
        assert (
            "llmlint.toml:1:11: there is no rule `mising-output-cap` (did you mean `missing-output-cap`?)" in result.err
        )
        assert "llmlint.toml:2:1: there is no model `gpt-4p` (did you mean `" in result.err

    def test_rules_on_the_command_line(self, llmlint, project: Path):
        result = llmlint("check", "--select", "nonsense")
        assert result.code == 2
        assert result.err.startswith("command line: there is no rule `nonsense`")

    def test_own_rule_files(self, llmlint, project: Path):
        (project / "policies").mkdir()
        (project / "policies/mine.yaml").write_text("rule: mine\nwehn: {}\n")
        result = llmlint("check", "--rules", "policies")
        assert result.code == 2
        assert "policies/mine.yaml:2:1: unknown key `wehn` (did you mean `when`?)" in result.err
        assert llmlint("check", "--rules", "absent").code == 2

    def test_config_files(self, llmlint, project: Path):
        assert "absent.toml is not a file" in llmlint("check", "--config", "absent.toml").err
        assert llmlint("check", "--config", "a.toml", "--no-config").code == 2


def test_named_settings(llmlint, project: Path):
    (project / "other.toml").write_text("ignore = ['LLM002']\n")
    assert llmlint("check", "--config", "other.toml").code == 0


def test_statistics_go_to_stderr(llmlint, project: Path):
    result = llmlint("check", "--statistics", "--format", "json")
    assert json.loads(result.out)["format"] == 1
    assert "candidates" in result.err
    assert " s\n" in result.err


def test_ignored_files_can_be_named(llmlint, project: Path):
    (project / ".gitignore").write_text("src/app.py\n")
    assert llmlint("check").code == 0
    assert llmlint("check", "src/app.py").code == 1


def test_runs_are_identical(llmlint, project: Path):
    assert llmlint("check", "--format", "json").out == llmlint("check", "--format", "json").out


UNDECIDED = """\
import os

from openai import OpenAI

options = {os.environ["NAME"]: 3}
print(OpenAI().chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}], **options))
"""


def test_undecided_verdicts_fail_where_that_is_asked_for(llmlint, project: Path):
    (project / "src/app.py").write_text(UNDECIDED)
    assert llmlint("check").code == 0
    assert llmlint("check", "--fail-on", "undecided").code == 1
    assert llmlint("check", "--fail-on", "error,undecided", "--ignore", "missing-output-cap").code == 0
    assert llmlint("audit", "--fail-on", "never,undecided").code == 1
    result = llmlint("check", "--show", "undecided")
    assert "Undecided because: " in result.out
    assert sum(json.loads(llmlint("check", "--format", "json").out)["summary"]["undecided_reasons"].values()) >= 1
    (project / "llmlint.toml").write_text("fail-on = ['never', 'undecided']\n")
    assert llmlint("check").code == 1
    (project / "llmlint.toml").write_text("fail-on = 'undecided'\n[assume.environment]\nNAME = 'max_tokens'\n")
    assert llmlint("check").code == 0


@pytest.mark.parametrize(
    ("said", "problem"),
    [("eror", "`eror` is none of info, warning, error, never, undecided"), ("info,error", "more than one severity")],
)
def test_words_of_fail_on(llmlint, project: Path, said: str, problem: str):
    result = llmlint("check", "--fail-on", said)
    assert result.code == 2
    assert problem in result.err
