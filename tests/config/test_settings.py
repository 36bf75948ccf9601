from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.catalog.model_entries import OwnModel, Price
from llmlint.config import Settings, read_settings
from llmlint.config.settings import Selection
from llmlint.errors import LlmlintError, ProblemsError
from llmlint.findings import Severity
from llmlint.policy import RulePolicy
from llmlint.triage import Demands


def read(root: Path, text: str, name: str = "llmlint.toml") -> Settings:
    (root / name).write_text(text)
    return read_settings(root)


def problems_of(root: Path, text: str, name: str = "llmlint.toml") -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        read(root, text, name)
    return [str(problem) for problem in caught.value.problems]


def test_without_settings(tmp_path: Path):
    settings = read_settings(tmp_path)
    assert settings == Settings()
    assert settings.fail_on is Severity.WARNING
    assert settings.policies == ()


def test_everything_that_can_be_set(tmp_path: Path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "sdk.yaml").write_text("")
    settings = read(
        tmp_path,
        """
select = ["all"]
ignore = ["a-rule"]
exclude = ["gen/"]
fail-on = "error"
rules = ["policies"]
providers = ["sdk.yaml"]
severity = { b-rule = "off", LLM003 = "info" }
options.c-rule = { least = 3 }
[models.house]
alias-of = "m-1"
tier = "premium"
price = { input = 1, output = 2.5, cached-input = 0.1 }
as-of = 2026-01-31
[deployments]
prod = "m-1"
[[overrides]]
paths = ["tests/**"]
select = ["a-rule"]
""",
    )
    assert settings.policies == (
        RulePolicy("", enabled=False),
        RulePolicy("", enabled=True),
        RulePolicy("a-rule", enabled=False),
        RulePolicy("b-rule", enabled=False),
        RulePolicy("LLM003", severity=Severity.INFO),
        RulePolicy("c-rule", options={"least": 3}),
        RulePolicy("", ("tests/**",), enabled=False),
        RulePolicy("a-rule", ("tests/**",), enabled=True),
    )
    assert settings.exclude == ("gen/",)
    assert settings.fail_on is Severity.ERROR
    assert settings.rules == (tmp_path / "policies",)
    assert settings.providers == (tmp_path / "sdk.yaml",)
    price = Price(input=1.0, output=2.5, cached_input=0.1)
    assert settings.models == (
        OwnModel(id="house", alias_of="m-1", tier="premium", prices={"standard": price}, as_of="2026-01-31"),
    )
    assert settings.deployments == {"prod": "m-1"}


def test_every_mistake_at_once(tmp_path: Path):
    assert problems_of(
        tmp_path,
        """\
selct = ["a"]
ignore = "a"
fail_on = "error"
exclude = ["*a*b*c*d"]
rules = ["absent", ".."]
severity = { x = "warn" }
[models.m]
tier = "gold"
price = { inptu = 1 }
[[overrides]]
select = []
[[overrides]]
paths = []
[deployments]
d = 3
""",
    ) == [
        "llmlint.toml:1:1: unknown key `selct` (did you mean `select`?)",
        'llmlint.toml:2:1: `ignore` must be a list, not "a"',
        "llmlint.toml:3:1: unknown key `fail_on` (did you mean `fail-on`?)",
        "llmlint.toml:4:12: `*a*b*c*d` is no pattern: it has more than 3 wildcards",
        'llmlint.toml:6:14: `x` can\'t be "warn" (did you mean `warning`?)',
        'llmlint.toml:8:1: `tier` can\'t be "gold" (allowed: `economy`, `premium`, `standard`)',
        "llmlint.toml:9:1: `input` is missing in `price`",
        "llmlint.toml:9:11: unknown key `inptu` (did you mean `input`?)",
        "llmlint.toml:10:1: `paths` is missing in item 1 of `overrides`",
        "llmlint.toml:13:1: `paths` must have at least 1 items, but is a list",
        "llmlint.toml:15:1: `d` must be text, not the number 3",
    ]


def test_folders_of_rules_exist_and_lie_inside_of_the_project(tmp_path: Path):
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside").mkdir()
    (root / "link").symlink_to(tmp_path / "outside")
    found = problems_of(root, 'rules = ["absent", "../outside", "/", "link"]\nproviders = ["no.yaml"]')
    assert [problem.partition(" (")[0] for problem in found] == [
        "llmlint.toml:1:10: `absent` does not exist",
        "llmlint.toml:1:20: `../outside` is outside of the project",
        "llmlint.toml:1:34: `/` is outside of the project",
        "llmlint.toml:1:39: `link` is outside of the project",
        "llmlint.toml:2:14: `no.yaml` does not exist",
    ]


@pytest.mark.parametrize("name", ["llmlint.toml", "pyproject.toml"])
def test_settings_are_not_read_through_a_link_that_leads_outside(tmp_path: Path, name: str):
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside.toml").write_text("[tool.llmlint]\nsecret = 1\n")
    (root / name).symlink_to(tmp_path / "outside.toml")
    with pytest.raises(ProblemsError, match="leads out of the project"):
        read_settings(root)
    (root / "inside.toml").write_text("[tool.llmlint]\nfail-on = 'never'\n")
    (root / name).unlink()
    (root / name).symlink_to("inside.toml")
    if name == "pyproject.toml":
        assert read_settings(root).fail_on is None


class TestPyproject:
    def test_the_table_of_llmlint_is_read(self, tmp_path: Path):
        settings = read(tmp_path, '[project]\nname = "x"\n[tool.llmlint]\nfail-on = "never"\n', "pyproject.toml")
        assert settings.fail_on is None
        assert settings.source == "pyproject.toml"

    def test_mistakes_have_the_lines_of_the_file(self, tmp_path: Path):
        text = "[tool.other]\nx = 1\n[tool.llmlint.severity]\na = 'of'\n"
        assert problems_of(tmp_path, text, "pyproject.toml") == [
            'pyproject.toml:4:1: `a` can\'t be "of" (did you mean `off`?)'
        ]

    @pytest.mark.parametrize(
        "text", ["", "[project]\n", "broken [ toml", "[tool.llmlint-not]\nx=1", "tool = 1 # llmlint"]
    )
    def test_others_tables_are_nothing_to_us(self, tmp_path: Path, text: str):
        assert read(tmp_path, text, "pyproject.toml") == Settings()

    def test_a_broken_file_with_our_table_is_a_problem(self, tmp_path: Path):
        (problem,) = problems_of(tmp_path, "[tool.llmlint]\nselect = [\n", "pyproject.toml")
        assert problem.startswith("pyproject.toml:")
        assert "not valid TOML" in problem

    def test_a_table_that_is_none(self, tmp_path: Path):
        assert problems_of(tmp_path, "[tool]\nllmlint = 3\n", "pyproject.toml") == [
            "pyproject.toml:2:1: `llmlint` must be a mapping, not the number 3"
        ]

    def test_llmlint_toml_wins(self, tmp_path: Path):
        (tmp_path / "pyproject.toml").write_text("[tool.llmlint]\nfail-on = 'never'\n")
        assert read(tmp_path, "fail-on = 'info'").fail_on is Severity.INFO


class TestNamedFile:
    def test_settings_or_a_table(self, tmp_path: Path):
        plain, table = tmp_path / "a.toml", tmp_path / "b.toml"
        plain.write_text("fail-on = 'info'")
        table.write_text("[tool.llmlint]\nfail-on = 'error'")
        assert read_settings(tmp_path, plain).fail_on is Severity.INFO
        assert read_settings(tmp_path, table).fail_on is Severity.ERROR

    def test_it_stands_in_for_those_of_the_project(self, tmp_path: Path):
        (tmp_path / "llmlint.toml").write_text("broken [")
        other = tmp_path / "other.toml"
        other.write_text("")
        assert read_settings(tmp_path, other).fail_on is Severity.WARNING

    def test_files_without_settings(self, tmp_path: Path):
        project = tmp_path / "pyproject.toml"
        project.write_text("[project]\n")
        with pytest.raises(LlmlintError, match=r"has no table \[tool\.llmlint\]"):
            read_settings(tmp_path, project)
        with pytest.raises(LlmlintError, match="is not a file"):
            read_settings(tmp_path, tmp_path / "absent.toml")


def test_the_command_line_wins(tmp_path: Path):
    settings = read(tmp_path, "ignore = ['a']\nexclude = ['x']\n").changed(
        select=["a"], ignore=["b"], exclude=["y"], fail_on=["never"]
    )
    assert settings.policies == (
        RulePolicy("a", enabled=False),
        RulePolicy("", enabled=False),
        RulePolicy("a", enabled=True),
        RulePolicy("b", enabled=False),
    )
    assert settings.exclude == ("x", "y")
    assert settings.fail_on is None


def test_nothing_asked_changes_nothing():
    assert Settings().changed().policies == ()
    assert Settings().changed().fail_on is Severity.WARNING


def test_a_mistake_on_the_command_line_has_no_line():
    assert str(Selection(select=("x",)).problem(("select", 0), "no", "hint")) == "command line: no (hint)"


def test_demands_on_suppressions(tmp_path: Path):
    settings = read(tmp_path, "[suppressions]\nrequire-reason = true\nlongest-days = 90\nnever = ['LLM002']\n")
    assert settings.demands == Demands(require_reason=True, longest_days=90, never=frozenset({"LLM002"}))
    assert problems_of(tmp_path, "[suppressions]\nrequire-resaon = true\nlongest-days = 0\nnever = 'x'\n") == [
        "llmlint.toml:2:1: unknown key `require-resaon` (did you mean `require-reason`?)",
        "llmlint.toml:3:1: `longest-days` must be greater than 0, but is the number 0",
        'llmlint.toml:4:1: `never` must be a list, not "x"',
    ]


@pytest.mark.parametrize("key", ["rules", "providers", "extends", "baseline"])
@pytest.mark.parametrize("name", ["./" + "a" * 5000, "./a\\u0000b", "./" + "a/" * 3000])
def test_names_that_no_file_can_have(tmp_path: Path, key: str, name: str):
    value = f'"{name}"' if key == "baseline" else f'["{name}"]'
    (problem,) = problems_of(tmp_path, f"{key} = {value}\n")
    assert problem.startswith("llmlint.toml:1:")
