"""What settings can be built on: packaged sets, folders, installed packages, and settings further up."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from llmlint.config import read_settings
from llmlint.config.effective import effective
from llmlint.config.sources import SETS
from llmlint.errors import ProblemsError
from llmlint.findings import Severity
from llmlint.knowledge import Knowledge, load_knowledge
from llmlint.triage import Demands

RULE = re.findall(
    r"^```yaml\n(rule:.*?)^```$", (Path(__file__).parents[2] / "rules/README.md").read_text(), re.M | re.S
)[0]
"""The rule that the guide for authors shows."""


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def known(root: Path) -> Knowledge:
    return load_knowledge(read_settings(root), "2026-11-23")


def at(knowledge: Knowledge, path: str, rule: str = "missing-output-cap") -> tuple[str, str]:
    """What holds for a rule in a file, and where that stands."""
    found = effective(rule, Severity.WARNING, knowledge.settings, path)
    return found.severity.value if found.enabled else "off", found.origin


def problems_of(root: Path) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        known(root)
    return [str(problem) for problem in caught.value.problems]


class TestSets:
    def test_tests_and_notebooks_are_relaxed_in_what_is_recommended(self, tmp_path: Path):
        knowledge = known(write(tmp_path, {"llmlint.toml": 'extends = ["llmlint:recommended"]\n'}))
        assert at(knowledge, "src/app.py") == ("warning", "the rule's own")
        for path in ("tests/x.py", "a/test_x.py", "a/x_test.py", "conftest.py", "tour.ipynb"):
            severity, origin = at(knowledge, path)
            assert (severity, origin.partition(":")[0]) == ("info", "llmlint")

    def test_what_stands_on_top_wins(self, tmp_path: Path):
        text = 'extends = ["llmlint:strict"]\nfail-on = "error"\nsuppressions.never = ["LLM002"]\n'
        knowledge = known(write(tmp_path, {"llmlint.toml": text + 'severity.LLM002 = "error"\n'}))
        assert at(knowledge, "tests/x.py") == ("error", "llmlint.toml:4")
        assert knowledge.settings.fail_on is Severity.ERROR
        assert knowledge.settings.demands == Demands(require_reason=True, never=frozenset({"missing-output-cap"}))

    @pytest.mark.parametrize("path", sorted(SETS.glob("*.toml")), ids=lambda path: path.stem)
    def test_each_can_be_used(self, tmp_path: Path, path: Path):
        knowledge = known(write(tmp_path, {"llmlint.toml": f'extends = ["llmlint:{path.stem}"]\n'}))
        assert knowledge.settings.sources == (f"llmlint:{path.stem}", "llmlint.toml")

    def test_without_any_all_rules_hold_everywhere(self, tmp_path: Path):
        knowledge = known(tmp_path)
        assert at(knowledge, "tests/x.py") == ("warning", "the rule's own")


class TestFolders:
    def test_rules_and_settings(self, tmp_path: Path):
        write(
            tmp_path,
            {
                "policy/llmlint.toml": 'rules = ["own"]\nseverity.missing-output-cap = "error"\n',
                "policy/own/acme.yaml": RULE,
                "llmlint.toml": 'extends = ["./policy"]\noptions.ACME001.tiers = ["fast"]\n',
            },
        )
        knowledge = known(tmp_path)
        assert at(knowledge, "x.py") == ("error", "./policy/llmlint.toml:2")
        assert knowledge.codes["fast-tier-in-batch-work"] == "ACME001"

    def test_without_settings_all_rules_in_it_are_meant(self, tmp_path: Path):
        write(tmp_path, {"policy/acme.yaml": RULE, "llmlint.toml": 'extends = ["./policy", "policy/"]\n'})
        assert "fast-tier-in-batch-work" in known(tmp_path).codes

    def test_a_file(self, tmp_path: Path):
        write(tmp_path, {"a/b.toml": "ignore = ['LLM002']\n", "llmlint.toml": 'extends = ["a/b.toml"]\n'})
        assert at(known(tmp_path), "x.py") == ("off", "a/b.toml:1")

    def test_what_extends_itself(self, tmp_path: Path):
        write(
            tmp_path,
            {
                "a/llmlint.toml": "extends = ['../b']\n",
                "b/llmlint.toml": "extends = ['../a']\n",
                "llmlint.toml": "extends = ['./a']\nexclude = ['a', 'b']\n",
            },
        )
        (tmp_path / ".git").mkdir()
        assert "../b/llmlint.toml:1:12: `../a` extends itself, or too much (remove it here)" in problems_of(tmp_path)

    def test_every_mistake_at_its_place(self, tmp_path: Path):
        write(
            tmp_path,
            {
                "project/llmlint.toml": 'extends = [\n  "llmlint:recomended",\n  "./absent",\n  "../other",\n'
                '  "llmlint",\n  "./x.yaml",\n  "acme-nothing",\n  "./wrong",\n]\n',
                "project/x.yaml": "",
                "project/wrong/llmlint.toml": "selct = []\nbaseline = 'x.json'\n",
                "other/llmlint.toml": "",
            },
        )
        assert [re.sub(r" \(it is looked.*\)", "", problem) for problem in problems_of(tmp_path / "project")] == [
            "./wrong/llmlint.toml:1:1: unknown key `selct` (did you mean `select`?)",
            "llmlint.toml:2:3: there is no set `llmlint:recomended` (did you mean `llmlint:recommended`?)",
            "llmlint.toml:3:3: `./absent` does not exist",
            "llmlint.toml:4:3: `../other` is outside of the project "
            "(copy it into the project, or install it as a package)",
            "llmlint.toml:5:3: there is no set `llmlint` (did you mean `llmlint:all`?)",
            "llmlint.toml:6:3: `./x.yaml` is neither a folder nor a TOML file (name rule files with `rules`)",
            "llmlint.toml:7:3: no installed package offers rules as `acme-nothing` (packages offer rules by an "
            "entry point of the group `llmlint.rules`; folders are written `./acme-nothing`)",
            "wrong/llmlint.toml:1:1: unknown key `selct` (did you mean `select`?)",
        ]


class TestPackages:
    @pytest.fixture
    def installed(self, tmp_path: Path, monkeypatch) -> Path:
        """A package that ships rules, and would tell if it were imported."""
        site = write(
            tmp_path / "site",
            {
                "acme_policy/__init__.py": "raise RuntimeError('imported')\n",
                "acme_policy/data/llmlint.toml": "rules = ['rules']\nsuppressions.require-reason = true\n",
                "acme_policy/data/hard.toml": "severity.all = 'error'\n",
                "acme_policy/data/rules/acme.yaml": RULE,
                "acme_policy-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-policy\nVersion: 1.0\n",
                "acme_policy-1.0.dist-info/entry_points.txt": "[llmlint.rules]\nacme-policy = acme_policy.data\n",
            },
        )
        monkeypatch.syspath_prepend(site)
        return tmp_path / "project"

    def test_rules_of_a_package(self, installed: Path):
        write(installed, {"llmlint.toml": 'extends = ["acme-policy", "acme-policy:hard"]\n'})
        knowledge = known(installed)
        assert "fast-tier-in-batch-work" in knowledge.codes
        assert at(knowledge, "x.py") == ("error", "acme-policy:hard:1")
        assert knowledge.settings.demands.require_reason
        assert "acme_policy" not in sys.modules

    def test_near_misses(self, installed: Path):
        write(installed, {"llmlint.toml": 'extends = ["acme-polcy", "acme-policy:hrad"]\n'})
        assert problems_of(installed) == [
            "llmlint.toml:1:12: no installed package offers rules as `acme-polcy` (did you mean `acme-policy`?)",
            "llmlint.toml:1:26: `acme-policy` has no set `hrad` (did you mean `hard`?)",
        ]


TWO = {
    "a/a.toml": "severity.LLM002 = 'error'\n[options.unbatched-offline-calls]\nnotebooks = true\n",
    "b/b.toml": "ignore = ['missing-output-cap']\n[options.LLM004]\nnotebooks = false\n",
}


class TestConflicts:
    def test_two_that_disagree(self, tmp_path: Path):
        write(tmp_path, {**TWO, "llmlint.toml": "extends = ['a/a.toml', 'b/b.toml']\n"})
        assert problems_of(tmp_path) == [
            "b/b.toml:1:11: `missing-output-cap` is off here, but error in a/a.toml:1 "
            "(say which holds in the settings that extend both)",
            "b/b.toml:3:1: option `notebooks` of `unbatched-offline-calls` is false here, but true in a/a.toml:3 "
            "(say which holds in the settings that extend both)",
        ]

    def test_who_extends_both_decides(self, tmp_path: Path):
        own = "severity.LLM002 = 'info'\noptions.LLM004.notebooks = true\n"
        write(tmp_path, {**TWO, "llmlint.toml": f"extends = ['a/a.toml', 'b/b.toml']\n{own}"})
        assert at(known(tmp_path), "x.py")[0] == "off"
        own = own.replace("severity", "select = ['all']\nseverity")
        write(tmp_path, {"llmlint.toml": f"extends = ['a/a.toml', 'b/b.toml']\n{own}"})
        assert at(known(tmp_path), "x.py") == ("info", "llmlint.toml:3")

    def test_one_on_top_of_the_other_is_no_conflict(self, tmp_path: Path):
        files = {**TWO, "b/b.toml": "extends = ['../a/a.toml']\n" + TWO["b/b.toml"]}
        write(tmp_path, {**files, ".git/HEAD": "", "llmlint.toml": "extends = ['b/b.toml']\n"})
        assert at(known(tmp_path), "x.py") == ("off", "b/b.toml:2")

    def test_one_rule_by_two_names(self, tmp_path: Path):
        write(tmp_path, {"llmlint.toml": "[severity]\nLLM002 = 'error'\nmissing-output-cap = 'info'\n"})
        assert problems_of(tmp_path) == [
            "llmlint.toml:3:1: `missing-output-cap` is the same rule as `LLM002` (name it once)"
        ]


class TestNearestWins:
    def test_a_project_of_its_own_inherits_nothing(self, tmp_path: Path):
        write(
            tmp_path,
            {
                "llmlint.toml": "severity.LLM002 = 'error'\nsuppressions.require-reason = true\n",
                "a/llmlint.toml": "ignore = ['LLM003']\n[[overrides]]\npaths = ['jobs/*']\nignore = ['LLM002']\n",
                "b/llmlint.toml": "inherit = true\nsuppressions.never = ['LLM001']\nexclude = ['gen']\n",
                "b/c/pyproject.toml": "[tool.llmlint]\ninherit = true\nseverity.LLM002 = 'info'\n",
            },
        )
        knowledge = known(tmp_path)
        assert at(knowledge, "x.py") == ("error", "llmlint.toml:1")
        assert at(knowledge, "a/x.py") == ("warning", "the rule's own")
        assert at(knowledge, "a/jobs/x.py") == ("off", "a/llmlint.toml:4")
        assert at(knowledge, "jobs/x.py")[0] == "error"
        assert at(knowledge, "b/x.py") == ("error", "llmlint.toml:1")
        assert at(knowledge, "b/c/x.py") == ("info", "b/c/pyproject.toml:3")
        demands = {place.folder: place.demands for place in knowledge.settings.demands_in}
        assert demands["a"] == Demands()
        assert demands["b"] == Demands(require_reason=True, never=frozenset({"changing-prompt-prefix"}))
        assert knowledge.settings.exclude == ("/b/**/gen",)

    def test_rules_hold_where_they_are_named(self, tmp_path: Path):
        write(
            tmp_path,
            {
                "a/llmlint.toml": "inherit = true\nrules = ['policy']\n",
                "a/policy/acme.yaml": RULE,
                "b/llmlint.toml": "",
            },
        )
        knowledge = known(tmp_path)
        name = "fast-tier-in-batch-work"
        assert at(knowledge, "a/x.py", name)[0] == "warning"
        assert at(knowledge, "x.py", name) == ("off", "it belongs to another folder")
        assert at(knowledge, "b/x.py", name)[0] == "off"
        write(tmp_path, {"llmlint.toml": "rules = ['acme']\n", "acme/acme.yaml": RULE, "a/llmlint.toml": ""})
        knowledge = known(tmp_path)
        assert [at(knowledge, path, name)[0] for path in ("x.py", "a/x.py", "b/x.py")] == ["warning", "off", "off"]

    @pytest.mark.parametrize("inherit", ["", "inherit = true\n"])
    def test_clients_that_a_folder_describes_are_known_everywhere(self, tmp_path: Path, inherit: str):
        house = "provider: acme\nas_of: 2026-11-01\nclients: [{names: [acme.Client], same_as: openai.OpenAI}]\n"
        write(tmp_path, {"llmlint.toml": "", "a/llmlint.toml": f"{inherit}providers = ['house.yaml']\n"})
        write(tmp_path, {"a/house.yaml": house, "b/llmlint.toml": "providers = ['acme.yaml']\n", "b/acme.yaml": house})
        providers = known(tmp_path).catalog.data.providers
        assert [each.name for each in providers if each.own] == ["acme"]
        (tmp_path / "b/acme.yaml").write_text(house.replace("openai.OpenAI", "openai.AzureOpenAI"))
        assert "client `acme.Client` is described twice" in problems_of(tmp_path)[-1]

    def test_what_only_the_project_can_say(self, tmp_path: Path):
        write(tmp_path, {"a/llmlint.toml": "inherit = true\nfail-on = 'info'\n[deployments]\nx = 'gpt-5.5'\n"})
        assert problems_of(tmp_path) == [
            "a/llmlint.toml:2:1: `fail-on` belongs into the settings of the whole project "
            "(move it there, or remove `inherit`)",
            "a/llmlint.toml:3:1: `deployments` belongs into the settings of the whole project "
            "(move it there, or remove `inherit`)",
        ]

    def test_all_mistakes_of_all_files(self, tmp_path: Path):
        write(tmp_path, {"llmlint.toml": "selct = 1\n", "a/llmlint.toml": "ignroe = 1\n", "b/llmlint.toml": "x =\n"})
        assert [problem.partition(": ")[0] for problem in problems_of(tmp_path)] == [
            "a/llmlint.toml:1:1",
            "b/llmlint.toml:1:4",
            "llmlint.toml:1:1",
        ]

    def test_excluded_folders_and_other_tables_say_nothing(self, tmp_path: Path):
        write(tmp_path, {"llmlint.toml": "exclude = ['vendor/']\n", "vendor/llmlint.toml": "broken ["})
        write(tmp_path, {"a/pyproject.toml": "[tool.other]\n", "node_modules/x/llmlint.toml": "broken ["})
        assert known(tmp_path).settings.apart == ()

    def test_nothing_to_inherit_from(self, tmp_path: Path):
        write(tmp_path, {"llmlint.toml": "inherit = true\n"})
        assert problems_of(tmp_path) == [
            "llmlint.toml:1:1: there is nothing to inherit from (remove it, or put settings into a folder further up)"
        ]
