from __future__ import annotations

import pytest

from llmlint.comparison import Side
from llmlint.comparison import pairing as module
from llmlint.comparison.pairing import paired
from llmlint.comparison.renames import earlier_names
from llmlint.facts.call_site import CallPath, CallSite, Location, known


def side(**files: str) -> Side:
    """Every line with `create` or `parse` holds a call; `def` starts a function."""
    texts = {f"{name}.py": text for name, text in files.items()}
    sites: list[CallSite] = []
    for path, text in texts.items():
        function = ""
        for number, line in enumerate(text.split("\n"), 1):
            if line.startswith("def "):
                function = line[4:]
            elif "create" in line or "parse" in line:
                facts = {"endpoint.kind": known("generation")}
                place = Location(path, number, 1, number, len(line) + 1)
                sites.append(CallSite(place, function, line.split("(")[0], facts, (CallPath(facts),)))
    return Side(tuple(sites), (), lambda path: texts[path].encode() if path in texts else None)


def pairs(before: Side, after: Side) -> set[tuple[str, str]]:
    found = paired(before, after, earlier_names(before, after))
    return {(str(pair.before.location), str(pair.after.location)) for pair in found}


def test_equal_calls_keep_their_order():
    before = side(a="def f\ncreate(1)\ncreate(1)")
    assert pairs(before, side(a="#\ndef f\ncreate(1)\n\ncreate(1)")) == {("a.py:2", "a.py:3"), ("a.py:3", "a.py:5")}


def test_one_of_two_calls_goes_and_the_other_changes():
    before = side(a='def f\ncreate("translate this")\ncreate("classify that", cap=5)')
    assert pairs(before, side(a='def f\ncreate("classify that", cap=9)')) == {("a.py:3", "a.py:2")}


def test_another_endpoint_is_the_same_call_if_its_text_is_alike():
    before = side(a="def f\nchat.create(model=m, messages=[hello])")
    assert pairs(before, side(a="def f\nchat.parse(model=m, messages=[hello])")) == {("a.py:2", "a.py:2")}
    assert pairs(side(a="create(model=m, messages=[hello])"), side(a="x.y.parse(1)")) == set()


def test_a_function_gets_another_name():
    assert pairs(side(a="def f\ncreate(1)"), side(a="def g\n\ncreate(1)")) == {("a.py:2", "a.py:3")}


def test_a_function_moves_to_another_file():
    before = side(a="def f\ncreate(1)\ndef g\ncreate(1)", b="def h\ncreate(2)")
    after = side(a="def g\ncreate(1)", b="def h\ncreate(2)\ndef f\ncreate(1)")
    assert pairs(before, after) == {("a.py:2", "b.py:4"), ("a.py:4", "a.py:2"), ("b.py:2", "b.py:2")}


def test_a_file_gets_another_name_and_changes_a_little():
    before = side(a="one\ntwo\nthree\ndef f\ncreate(1)")
    assert pairs(before, side(b="one\ntwo\nthree\ndef f\ncreate(1, cap=2)")) == {("a.py:5", "b.py:5")}
    assert pairs(before, side(b="something\nelse\ndef g\ncreate(1, cap=2)")) == set()


@pytest.mark.parametrize("most", [150, 0])
def test_many_alike_calls_take_no_longer_than_their_number(monkeypatch, most: int):
    monkeypatch.setattr(module, "MOST_WEIGHED", most)
    many = side(a="def f\n" + "\n".join(f"create({number})" for number in range(12)))
    assert pairs(many, many) == {(f"a.py:{line}", f"a.py:{line}") for line in range(2, 14)}
