from __future__ import annotations

from llmlint.comparison import Side
from llmlint.comparison import lines as module
from llmlint.comparison.lines import Touched
from llmlint.facts.call_site import Location


def side(text: str) -> Side:
    return Side((), (), lambda path: text.encode() if path == "a.py" else None)


def touched(before: str, after: str) -> list[int]:
    at = Touched(side(before), side(after), {})
    return [line for line in range(1, len(after.split("\n")) + 1) if at(Location("a.py", line))]


def test_changed_and_new_lines():
    assert touched("a\nb\nc\nd", "a\nx\nc\nd\ne") == [2, 5]
    assert touched("a\nb", "a\nb") == []
    assert touched("", "a") == [1]


def test_a_gap_touches_what_stands_around_it():
    assert touched("a\nb\nc\nd", "a\nd") == [1, 2]
    assert touched("x\na\nb\nc\nd\ny", "1\na\nd\n2") == [1, 2, 3, 4]


def test_a_span_is_touched_by_any_of_its_lines():
    at = Touched(side("a\nb\nc"), side("a\nb\nx"), {})
    assert at(Location("a.py", 1, 1, 3, 2))
    assert not at(Location("a.py", 1, 1, 2, 2))


def test_a_file_that_the_base_does_not_have():
    new = Side((), (), lambda path: b"a\nb")
    assert Touched(side("a"), new, {})(Location("new.py", 2))
    assert not Touched(side("a\nb"), new, {"new.py": "a.py"})(Location("new.py", 2))


def test_very_long_changes_are_not_compared_line_by_line(monkeypatch):
    monkeypatch.setattr(module, "MOST_COMPARED", 4)
    assert touched("a\nb\nc\nd\ne\nf", "a\nX\nc\nd\nY\nf") == [2, 3, 4, 5]
