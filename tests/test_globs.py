"""Globs against the meaning that they have as regular expressions, and their speed."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlint.globs import matches, text_matches

_AS_REGEX = {"**/": "(?:[^/]*/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def path_regex(pattern: str) -> str:
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:[^/]*/)*"
    pieces = re.findall(r"\*\*/|\*\*|.", pattern.strip("/"), re.DOTALL)
    return anywhere + "".join(_AS_REGEX.get(piece) or re.escape(piece) for piece in pieces) + r"(?:/.*)?\Z"


@given(st.text("ab/*?", max_size=7), st.text("ab/", max_size=8))
def test_paths_as_their_regular_expression(pattern, path):
    assert matches(pattern, path) is bool(re.compile(path_regex(pattern), re.DOTALL).match(path))


@given(st.text("ab*?", max_size=7), st.text("ab/", max_size=8))
def test_texts_as_their_regular_expression(pattern, text):
    regex = "".join({"*": ".*", "?": "."}.get(each) or re.escape(each) for each in pattern)
    assert text_matches(pattern, text) is bool(re.fullmatch(regex, text, re.DOTALL))


@pytest.mark.parametrize(
    ("pattern", "like", "unlike"),
    [
        ("gpt-5*-mini", ["gpt-5-mini", "gpt-5.5-mini"], ["gpt-5", "gpt-5-mini-2025"]),
        ("gpt-6", ["gpt-6"], ["gpt-6.1", "GPT-6"]),
        ("*", ["", "anything"], []),
        ("o?", ["o1"], ["o", "o10"]),
    ],
)
def test_models(pattern, like, unlike):
    assert [text for text in like if not text_matches(pattern, text)] == []
    assert [text for text in unlike if text_matches(pattern, text)] == []


def test_many_stars_take_no_time():
    start = time.process_time()
    assert not text_matches("*a" * 60 + "b", "a" * 2_000)
    assert not matches("**/*a" * 40 + "b", "a/" * 1_000)
    assert time.process_time() - start < 3
