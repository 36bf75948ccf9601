"""The parts of the benchmarks that decide what their tables say."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.evaluation import many_rules, many_sites, sites_in_examples
from benchmarks.growth import exponent, multiply
from benchmarks.inputs import described
from benchmarks.measuring import measure
from benchmarks.tools import TOOLS
from llmlint.policy import evaluate
from llmlint.policy.loading import builtin_rules, load_rules


@pytest.mark.parametrize(("costs", "power"), [([2, 3, 5, 9], 1), ([2, 5, 17, 65], 2)])
def test_growth_is_fitted_without_the_cost_of_starting(costs: list[float], power: float) -> None:
    assert exponent(costs, 1) == pytest.approx(power)


def test_copies_have_names_of_their_own(tmp_path: Path) -> None:
    package = tmp_path / "tool"
    package.mkdir()
    (package / "a.py").write_text(
        "import tool.b\nclass Thing:\n    def __init__(self): self.ask()\n    def ask(self): pass\n"
    )
    folder = multiply(package, tmp_path / "grown", 2)
    assert (folder / "tool" / "a.py").read_text() == (package / "a.py").read_text()
    copy = (folder / "tool_1" / "a.py").read_text()
    assert "class Thing_1:" in copy
    assert "self.ask_1()" in copy
    assert "import tool_1.b" in copy
    assert "__init__(self)" in copy
    assert described("grown", folder).files == 2
    assert described("grown", folder).lines == 8


def test_a_command_is_measured_with_what_it_prints() -> None:
    measured = measure([sys.executable, "-c", "print(sum(range(10**6))); raise SystemExit(3)"], {})
    assert (measured.code, measured.output) == (3, "499999500000\n")
    assert measured.processor > 0
    assert measured.peak > 1_000_000


def test_findings_are_read_off_what_the_tools_print() -> None:
    counts = {tool.name: tool.count for tool in TOOLS}
    assert counts["llmlint"]('{"findings": [{}, {}]}') == 2
    assert counts["semgrep"]('{"results": [{}]}') == 1
    assert counts["spendlint"]('{"rule": 1}\n{"rule": 2}\n') == 2
    assert counts["tokenlint"]("  2 fail   1 warn   4 info\n") == 3
    assert counts["git status"]("") is None


def test_many_rules_meet_many_calls() -> None:
    own = load_rules([builtin_rules()])
    rules = many_rules(own, 2 * len(own) + 1)
    assert len({rule.code for rule in rules}) == len({rule.rule for rule in rules}) == 2 * len(own) + 1
    examples = sites_in_examples(own[:1])
    sites = many_sites(examples, 2 * len(examples))
    assert len({site.location for site in sites}) == 2 * len({site.location for site in examples})
    found = evaluate(rules, sites)
    by_rule = Counter(each.rule for each in found.findings)
    first, again = f"{own[0].rule}-0", f"{own[0].rule}-{len(own)}"
    assert by_rule[first] > by_rule[again] > 0, "the copy is about one folder"
