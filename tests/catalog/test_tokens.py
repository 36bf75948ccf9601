"""Token counts: exact over the shipped vocabularies, never over a network, an estimate where something is wrong."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmlint.catalog import tokens
from llmlint.catalog.tokens import TokenCount, count_tokens, estimate, surely_fewer

PINNED = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing loaded before, nothing left after."""
    tokens._encoding.cache_clear()
    tokens._exact.cache_clear()
    yield
    tokens._encoding.cache_clear()
    tokens._exact.cache_clear()


@pytest.mark.parametrize("name", PINNED)
def test_the_shipped_vocabulary_is_the_pinned_one(name: str):
    data = gzip.decompress((tokens._data_folder() / f"{name}.tiktoken.gz").read_bytes())
    assert hashlib.sha256(data).hexdigest() == PINNED[name]


@pytest.mark.parametrize(
    ("text", "o200k", "cl100k"),
    [
        ("", 0, 0),
        ("hello world", 2, 2),
        ("tiktoken is great!", 6, 6),
        ("antidisestablishmentarianism", 6, 6),
        ("2 + 2 = 4", 7, 7),
        ("お誕生日おめでとう", 8, 9),
        ("<|endoftext|>", 7, 7),
    ],
)
def test_exact(text: str, o200k: int, cl100k: int):
    assert count_tokens(text, "o200k_base") == TokenCount(o200k, True)
    assert count_tokens(text, "cl100k_base") == TokenCount(cl100k, True)


@pytest.mark.parametrize("text", ["\ud800", "\x00", "a" * 100_000, " " * 250_000, "\t \n" * 80_000, "👩‍👩‍👧" * 1000])
def test_odd_texts_are_counted(text: str):
    assert count_tokens(text, "o200k_base").tokens > 0


def test_very_long_texts_are_estimated_not_tried():
    assert count_tokens("\t " * 1_000_000, "o200k_base") == TokenCount(500_000, False)


@pytest.mark.parametrize("encoding", [None, "", "p50k_base", "gpt2", "no_such_base", "../o200k_base"])
def test_estimate_where_nothing_is_known(encoding: str | None):
    assert count_tokens("abcd" * 25, encoding) == TokenCount(25, False)


def test_nothing_is_downloaded(fresh: None, monkeypatch: pytest.MonkeyPatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a network connection was tried")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert count_tokens("hello world", "o200k_base").exact
    assert not count_tokens("hello world", "p50k_base").exact


@pytest.mark.parametrize("damage", ["missing", "cut", "not gzip", "other content", "flipped"])
def test_a_damaged_vocabulary_is_not_used(fresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: str):
    name = "cl100k_base"
    file = tmp_path / f"{name}.tiktoken.gz"
    shutil.copy(tokens._data_folder() / file.name, file)
    data = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "not gzip":
        file.write_bytes(b"IQ== 0\n")
    elif damage == "other content":
        file.write_bytes(gzip.compress(b"IQ== 0\n"))
    else:
        middle = len(data) // 2
        file.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    monkeypatch.setattr(tokens, "_data_folder", lambda: tmp_path)
    assert count_tokens("hello world", name) == TokenCount(3, False)


def test_without_the_package_that_ships_vocabularies(fresh: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tokens, "_SHIPPED_BY", "no_such_package_anywhere")
    assert not count_tokens("hello world", "o200k_base").exact


def test_an_encoding_is_loaded_once(fresh: None, monkeypatch: pytest.MonkeyPatch):
    loads: list[str] = []
    vocabulary = tokens._vocabulary
    monkeypatch.setattr(tokens, "_vocabulary", lambda name, hash_: loads.append(name) or vocabulary(name, hash_))
    for text in ("one", "two", "one"):
        count_tokens(text, "cl100k_base")
    assert loads == ["cl100k_base"]


@pytest.mark.parametrize("text", ["", "a" * 99, "ß" * 49, "中" * 33])
def test_surely_fewer_holds(text: str):
    assert surely_fewer(text, 100)
    assert count_tokens(text, "o200k_base").tokens < 100


def test_surely_fewer_is_silent_where_it_is_not_sure():
    assert not surely_fewer("a" * 100, 100)
    assert not surely_fewer("中" * 99, 100)


def test_the_estimate_is_of_the_right_size():
    prose = "The quick brown fox jumps over the lazy dog, and nobody minds. " * 40
    exact = count_tokens(prose, "o200k_base").tokens
    assert 0.6 * exact < estimate(prose) < 1.6 * exact


def test_what_was_noted_is_not_counted_again(monkeypatch):
    notes = tokens.Notes({})
    with tokens.consulting(notes):
        first = [count_tokens("hello world", "o200k_base"), count_tokens("hello world", "cl100k_base")]
    assert sorted(notes.noted.values()) == [2, 2]
    monkeypatch.setattr(tokens, "_encoding", lambda name: pytest.fail("nothing is to be loaded"))
    again = tokens.Notes(notes.noted)
    with tokens.consulting(again):
        assert [count_tokens("hello world", name) for name in ("o200k_base", "cl100k_base")] == first
        assert again.of("hello", "o200k_base") is None
    assert again.noted == notes.noted


def test_an_estimate_is_not_noted():
    notes = tokens.Notes({})
    with tokens.consulting(notes):
        assert count_tokens("hello world", None) == TokenCount(estimate("hello world"), False)
        assert count_tokens("hello world", "no_such_encoding") == TokenCount(estimate("hello world"), False)
    assert notes.noted == {}
