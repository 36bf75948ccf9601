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
        assert problem.startswith("example.py:2: finding that is not marked: Nothing limits")

    def test_mark_without_finding(self, catalog):
        code = self.call.format(rest=", max_output_tokens=5") + "  # finding"
        assert self.result(catalog, "bad", code) == ("example.py:2: marked as finding, but nothing is said there",)

    def test_mark_without_call(self, catalog):
        assert self.result(catalog, "bad", "print('x')  # finding") == (
            "example.py:1: marked as finding, but no call site is found in the example",
        )

    def test_undecided_is_not_silent(self, catalog):
        code = "from openai import OpenAI\ndef f(**kw):\n    OpenAI().responses.create(model='gpt-5.5', **kw)"
        (problem,) = self.result(catalog, "good", code)
        assert problem.startswith("example.py:3: undecided that is not marked: argument.output_cap: ")

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
