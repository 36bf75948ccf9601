"""What is remembered of a computation that was cut short, and for how long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from llmlint.linking.evaluation import computing
from llmlint.linking.evaluation.computing import CYCLE, Computing
from llmlint.linking.evaluation.found import Found
from llmlint.linking.evaluation.values import Constant, Invocation, Unknown, Value

from .programs import read, site


class Graph:
    """Things that are computed of one another. Counts how often each is."""

    def __init__(self, needs: dict[str, list[str]]) -> None:
        self.computing = Computing()
        self.needs = needs
        self.counts: Counter[str] = Counter()
        self.on_the_way: dict[str, Callable[[], None]] = {}

    def ask(self, name: str) -> Value:
        return self.computing.once((name,), lambda: self._compute(name), CYCLE)

    def _compute(self, name: str) -> Value:
        self.counts[name] += 1
        self.on_the_way.get(name, lambda: None)()
        values = [self.ask(each) for each in self.needs.get(name, [])]
        return values[0] if values else Constant(name)


def chain(length: int) -> dict[str, list[str]]:
    return {str(index): [str(index + 1)] for index in range(length)}


def test_what_nothing_cuts_short_is_computed_once():
    graph = Graph({"a": ["b", "c"], "b": ["c"], "c": []})
    graph.ask("a")
    graph.ask("b")
    assert graph.counts == {"a": 1, "b": 1, "c": 1}


def test_a_result_that_rests_on_one_further_out_holds_until_that_is_done():
    graph = Graph({"head": ["member", "other"], "member": ["head"], "other": ["member"]})
    graph.ask("head")
    assert graph.counts["member"] == 1, "asked for twice while the head is computed"
    graph.ask("member")
    assert graph.counts == {"head": 1, "member": 2, "other": 1}, "only the head's own result is right for good"


def test_what_a_limit_cuts_short_is_computed_once_for_a_call_site():
    graph = Graph(chain(computing.DEPTH_LIMIT + 20))
    graph.ask("0")
    graph.ask("0")
    assert graph.counts["0"] == 1
    assert graph.computing.statistics["limit_depth"] == 1
    graph.computing.start()
    graph.ask("0")
    assert graph.counts["0"] == 2, "another call site may have got further"


def test_what_the_depth_cuts_short_is_computed_again_less_deep_down():
    graph = Graph(chain(computing.DEPTH_LIMIT + 20))
    assert isinstance(graph.ask("0"), Unknown)
    assert isinstance(graph.ask("100"), Constant)


def test_what_a_refused_search_cuts_short_is_computed_once_while_it_is_refused():
    graph = Graph({"a": ["b"], "b": []})
    graph.on_the_way["b"] = graph.computing.refuse
    with graph.computing.aside():
        graph.ask("a")
        graph.ask("b")
        assert graph.counts == {"a": 1, "b": 1}
    graph.ask("b")
    assert graph.counts["b"] == 2, "outside of what runs aside nothing may be refused"


def test_a_question_aside_that_takes_too_much_spoils_nothing():
    wide = {"all": [str(index) for index in range(computing.ASIDE_LIMIT + 10)]}
    graph = Graph(wide)
    assert graph.computing.for_itself(lambda: graph.ask("all")) is None
    assert graph.computing.overruns == 0
    assert isinstance(graph.ask("all"), Value)
    assert graph.computing.statistics["limit_work"] == 10 + 1, "with the work of a call site it is none"


def searched(found: Found, graph: Graph, width: int) -> None:
    graph.needs["wide"] = [f"w{index}" for index in range(width)]

    def search() -> list[Invocation]:
        graph.ask("wide")
        return []

    found.by(("function", 1, 1), search)


@pytest.mark.parametrize("width, incomplete", [(10, set()), (computing.SEARCH_LIMIT + 1, {("function", 1, 1)})])
def test_a_search_that_runs_out_of_work_says_so(width: int, incomplete: set[object]):
    graph = Graph({})
    found = Found(graph.computing)  # type: ignore[arg-type]  # searches need nothing else of a resolver
    searched(found, graph, width)
    assert found.incomplete == incomplete


def test_a_search_that_another_call_site_left_too_little_work_is_made_again():
    graph = Graph({})
    found = Found(graph.computing)  # type: ignore[arg-type]  # searches need nothing else of a resolver
    graph.computing.start(limit=5)
    searched(found, graph, 10)
    assert found.incomplete
    graph.computing.start()
    found.start(computing.WORK_LIMIT)
    searched(found, graph, 10)
    assert not found.incomplete


def test_it_is_not_made_again_with_little_more_work():
    graph = Graph({})
    found = Found(graph.computing)  # type: ignore[arg-type]  # searches need nothing else of a resolver
    for limit in (6, 8):
        graph.computing.start(limit)
        found.start(limit)
        searched(found, graph, 10)
        assert found.incomplete
    assert graph.counts["w0"] == 1


HANDLER = """
from openai import OpenAI
client = OpenAI()
def ask(text):
    return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}])
if __name__ == "__main__":
    pass
# file: nightly.py
from app import ask
if __name__ == "__main__":
    ask("x")
"""


def test_the_role_is_unknown_where_not_all_callers_could_be_looked_for(monkeypatch: pytest.MonkeyPatch):
    assert read(site(HANDLER), "surroundings.role") == "offline"
    monkeypatch.setattr(computing, "SEARCH_LIMIT", 0)
    role = site(HANDLER).fact("surroundings.role")
    assert (role.state.name, role.reason) == ("UNKNOWN", "who else runs it leads through too many steps")
