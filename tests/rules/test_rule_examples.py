"""Every example of every rule, through the real stages."""

from __future__ import annotations

import time

import pytest

from llmlint.catalog.loading import load_catalog
from llmlint.policy.loading import builtin_rules, load_rules
from llmlint.rule_examples import ExampleProject, run_example, run_examples

RULES = load_rules([builtin_rules()])
CASES = [
    pytest.param(rule, example, id=f"{rule.code}-{example.verdict}-{example.name}".replace(" ", "_"))
    for rule in RULES
    for example in rule.examples
]


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example(rule, example, catalog):
    assert list(run_example(rule, example, catalog).problems) == []


def test_all_examples_take_a_few_seconds():
    start = time.process_time()
    run_examples(RULES)
    assert time.process_time() - start < 10


class TestRunner:
    """The runner itself must fail where an example is wrong; a rule of its own keeps the real ones out of it."""

    def result(self, catalog, verdict, code, files=None):
        rule = next(rule for rule in RULES if rule.code == "LLM002")
        example = type(rule.examples[0])(verdict, "made up", files or {"example.py": code})
        return run_example(rule, example, catalog).problems

    call = "from openai import OpenAI\nOpenAI().responses.create(model='gpt-5.5', input='x'{rest})"

    def test_finding_that_is_not_marked(self, catalog):
        (problem,) = self.result(catalog, "good", self.call.format(rest=""))
        assert problem.startswith("example.py:2: expected nothing, found a finding: Nothing limits")

    def test_mark_without_finding(self, catalog):
        code = self.call.format(rest=", max_output_tokens=5") + "  # finding"
        assert self.result(catalog, "bad", code) == ("example.py:2: expected a finding, found nothing",)

    def test_mark_without_call(self, catalog):
        assert self.result(catalog, "bad", "print('x')  # finding") == (
            "example.py:1: expected a finding, found nothing",
            "no call to a model is found in the example",
        )

    def test_undecided_is_not_silent(self, catalog):
        code = "from openai import OpenAI\ndef f(**kw):\n    OpenAI().responses.create(model='gpt-5.5', **kw)"
        (problem,) = self.result(catalog, "good", code)
        assert problem.startswith("example.py:3: expected nothing, found undecided: argument.output_cap: ")

    def test_another_verdict_than_the_expected_one(self, catalog):
        (problem,) = self.result(catalog, "undecided", self.call.format(rest="") + "  # undecided")
        assert problem.startswith("example.py:2: expected undecided, found a finding: Nothing limits")

    def test_mended_code_is_read_too(self, catalog):
        rule = next(rule for rule in RULES if rule.code == "LLM002")
        bad = {"example.py": self.call.format(rest="") + "  # finding"}
        example = type(rule.examples[0])("bad", "made up", bad, fixed={"example.py": self.call.format(rest="")})
        (problem,) = run_example(rule, example, catalog).problems
        assert problem.startswith("fixed: example.py:2: expected nothing, found a finding: ")
        example = type(rule.examples[0])("bad", "made up", bad, fixed={"example.py": "def f(:"})
        (problem,) = run_example(rule, example, catalog).problems
        assert problem.startswith("fixed: example.py:1: ")

    def test_mended_code_is_what_the_rules_own_fix_makes(self, catalog):
        rule = next(rule for rule in RULES if rule.code == "LLM002")
        bad = {"example.py": self.call.format(rest="") + "  # finding"}
        mended = {"example.py": self.call.format(rest=", max_output_tokens=25000")}
        assert run_example(rule, type(rule.examples[0])("bad", "x", bad, fixed=mended), catalog).problems == ()
        other = {"example.py": self.call.format(rest=", max_output_tokens=5")}
        (problem,) = run_example(rule, type(rule.examples[0])("bad", "x", bad, fixed=other), catalog).problems
        made = "`OpenAI().responses.create(model='gpt-5.5', input='x', max_output_tokens=25000)`"
        assert problem == f"fixed: example.py:2: the rule's own fix writes {made} here"

    def test_code_that_does_not_parse(self, catalog):
        (problem,) = self.result(catalog, "good", "def f(:\n")
        assert problem.startswith("example.py:1: ")

    def test_right(self, catalog):
        assert self.result(catalog, "bad", self.call.format(rest="") + "  # finding") == ()


class TestExampleProject:
    project = ExampleProject({"a/b.py": "import x\nname = 1", "c.ipynb": "{", "p/prompt.txt": "name"})

    def test_paths_are_sources_only(self):
        assert list(self.project.paths) == list(self.project.candidates) == ["a/b.py", "c.ipynb"]

    def test_words(self):
        assert list(self.project.containing("name")) == ["a/b.py"]
        assert list(self.project.containing("nam")) == []

    def test_files(self):
        assert self.project.text("p/prompt.txt") == "name"
        assert self.project.text("p/none.txt") is None
        assert self.project.facts("a/b.py") is self.project.facts("a/b.py") is not None
        assert self.project.facts("c.ipynb") is None
        assert self.project.problems() != []
