from __future__ import annotations

import pytest
from making import absent, known, unknown

from llmlint.policy.operators import OPERATORS
from llmlint.policy.rules import MATCHED_TEXT
from llmlint.ternary import FALSE, TRUE, UNKNOWN

STATE_OPERATORS = {"present", "absent"}

KNOWN_VALUES = [
    ("equals", "a", "a", TRUE),
    ("equals", "a", "b", FALSE),
    ("equals", 1, 1.0, TRUE),
    ("equals", True, 1, FALSE),
    ("equals", 0, False, FALSE),
    ("equals", False, False, TRUE),
    ("equals", None, "None", UNKNOWN),
    ("above", None, 3, UNKNOWN),
    ("present", None, True, TRUE),
    ("one_of", "a", ("b", "a"), TRUE),
    ("one_of", "a", ("b",), FALSE),
    ("one_of", "a", (), FALSE),
    ("one_of", True, (1,), FALSE),
    ("contains", ["a", "b"], "b", TRUE),
    ("contains", ["ab"], "b", FALSE),
    ("contains", [1], True, FALSE),
    ("contains", [], "b", FALSE),
    ("contains", {"type": "x"}, "type", TRUE),
    ("contains", {"type": "x"}, "x", FALSE),
    ("contains", "say yes or no", "yes", TRUE),
    ("contains", "say no", "yes", FALSE),
    ("contains", 5, 5, FALSE),
    ("contains", ["a", None], "a", TRUE),
    ("contains", ["a", None], "b", UNKNOWN),
    ("contains", {"team": 1, "**": None}, "team", TRUE),
    ("contains", {"team": 1, "**": None}, "owner", UNKNOWN),
    ("like", "gpt-5-mini", "gpt-*-mini", TRUE),
    ("like", "gpt-5-mini", ("o*", "gpt-?-mini"), TRUE),
    ("like", "gpt-5-mini", ("mini", "gpt"), FALSE),
    ("like", "gpt-5-mini", (), FALSE),
    ("like", 5, "5", FALSE),
    ("like", "x" * (MATCHED_TEXT + 1), "x*", UNKNOWN),
    ("within", "src/llm/client.py", "src/llm", TRUE),
    ("within", "src/llm/client.py", ("jobs/**", "client.py"), TRUE),
    ("within", "src/llm/client.py", "llm/", TRUE),
    ("within", "src/llm.py", ("llm", "src/*/a.py"), FALSE),
    ("matches", "please classify", "^please", TRUE),
    ("matches", "now please", "^please", FALSE),
    ("matches", "Please", "(?i)please", TRUE),
    ("matches", 5, "5", FALSE),
    ("above", 5, 4, TRUE),
    ("above", 5, 5, FALSE),
    ("at_least", 5, 5, TRUE),
    ("at_least", 4.5, 5, FALSE),
    ("below", 4, 5, TRUE),
    ("below", 5, 5, FALSE),
    ("at_most", 5, 5, TRUE),
    ("at_most", 6, 5, FALSE),
    ("above", "5", 4, FALSE),
    ("above", True, 0, FALSE),
    ("present", "a", True, TRUE),
    ("absent", "a", True, FALSE),
]


@pytest.mark.parametrize(("name", "value", "operand", "verdict"), KNOWN_VALUES)
def test_known_value(name, value, operand, verdict):
    assert OPERATORS[name](known(value), operand) is verdict


@pytest.mark.parametrize("name", sorted(set(OPERATORS) - STATE_OPERATORS))
def test_what_is_not_known(name):
    assert OPERATORS[name](absent(), "x") is FALSE
    assert OPERATORS[name](unknown("who knows"), "x") is UNKNOWN


def test_operators_on_states():
    states = [known(None), absent(), unknown("who knows")]
    assert [OPERATORS["present"](fact, True) for fact in states] == [TRUE, FALSE, UNKNOWN]
    assert [OPERATORS["absent"](fact, True) for fact in states] == [FALSE, TRUE, UNKNOWN]


def test_a_known_empty_list_is_present():
    assert OPERATORS["present"](known([]), True) is TRUE


class TestLongText:
    def test_a_match_in_the_head_counts(self):
        assert OPERATORS["matches"](known("classify" + "x" * MATCHED_TEXT), "classify") is TRUE

    def test_the_tail_is_not_known(self):
        assert OPERATORS["matches"](known("x" * MATCHED_TEXT + "classify"), "classify") is UNKNOWN

    def test_the_cut_is_not_the_end(self):
        assert OPERATORS["matches"](known("x" * MATCHED_TEXT + "y"), "x$") is UNKNOWN

    def test_a_text_of_just_that_length_is_known(self):
        assert OPERATORS["matches"](known("x" * MATCHED_TEXT), "x$") is TRUE
        assert OPERATORS["matches"](known("x" * MATCHED_TEXT), "y") is FALSE
