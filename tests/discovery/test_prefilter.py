from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlint.discovery import Prefilter, mentions, words_in


def test_a_file_is_kept_for_all_words_of_any_entry():
    prefilter = Prefilter([(b"completions",), (b"create", b"embeddings")])
    assert prefilter.keeps(b"x.chat.completions.parse()")
    assert prefilter.keeps(b"embeddings.create()")
    assert not prefilter.keeps(b"# embeddings")
    assert not prefilter.keeps(b"x.create()")
    assert not prefilter.keeps(b"")


def test_an_empty_vocabulary_keeps_nothing():
    assert not Prefilter([]).keeps(b"anything")


@given(
    st.lists(st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3), max_size=5),
    st.text("abc ", max_size=12),
)
def test_the_order_of_searching_changes_nothing(vocabulary, text):
    entries = [[word.encode() for word in entry] for entry in vocabulary]
    data = text.encode()
    assert Prefilter(entries).keeps(data) == any(all(word in data for word in entry) for entry in entries)


@pytest.mark.parametrize("data", [b"ask", b"x.ask(1)", b"tasks ask", b"'ask'", b"(ask\n", b"\xe2\x80\x99 ask"])
def test_whole_words(data: bytes):
    assert mentions(data, "ask")


@pytest.mark.parametrize("data", [b"", b"asks", b"task", b"_ask", b"ask2", "éask".encode(), b"as k"])
def test_parts_of_words(data: bytes):
    assert not mentions(data, "ask")


def test_odd_identifiers():
    assert mentions("größe = 1".encode(), "größe")
    assert not mentions(b"abc", "")
    assert not mentions(b"abc", "\udcff")


@given(st.binary(max_size=40), st.text("ab_1é", min_size=1, max_size=3))
def test_listed_words_are_those_that_are_mentioned(data, word):
    for each in (data, data + b" " + word.encode() + b"."):
        assert (word.encode() in words_in(each)) == mentions(each, word)
