from __future__ import annotations

import re
import time

import pytest

from llmlint.policy import patterns
from llmlint.policy.rules import MATCHED_TEXT

GOOD = [
    r"classify",
    r"(?i)\b(classif(y|ies)|categori[sz]e|label)\b.{0,80}\b(as|into)\b",
    r"^gpt-4(\.\d)?$",
    r"\d+",
    r"[a-z]*@",
    r"(?:a|b){0,5}",
    r"a\s*b",
]
SLOW = [
    r"(a+)+$",
    r"(a*)*",
    r"(a|aa)+$",
    r".*.*x",
    r"(\w+\s?)*$",
    r"(.{0,40}){0,40}x",
    r"a{0,200}a{0,200}x",
]


@pytest.mark.parametrize("pattern", GOOD)
def test_accepted(pattern):
    assert patterns.problem(pattern) == ""


@pytest.mark.parametrize("pattern", SLOW)
def test_slow_patterns_are_refused(pattern):
    assert "too many ways" in patterns.problem(pattern)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(a)\1", "back-reference"),
        (r"a(?=b)", "look-around"),
        (r"(?<!b)a", "look-around"),
        ("(a", "no regular expression"),
        ("a{3,1}", "no regular expression"),
        ("a" * 501, "longer than 500"),
        ("(" * 499, "no regular expression"),
    ],
)
def test_refused(pattern, words):
    assert words in patterns.problem(pattern)


@pytest.mark.parametrize("pattern", GOOD)
@pytest.mark.parametrize("text", ["a" * MATCHED_TEXT, "1 " * (MATCHED_TEXT // 2), "classify " * 222])
def test_accepted_patterns_are_fast(pattern, text):
    start = time.perf_counter()
    re.search(pattern, text)
    assert time.perf_counter() - start < 0.5
