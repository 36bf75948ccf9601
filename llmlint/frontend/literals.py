"""Literal text of the source to its value: numbers and strings with their escapes."""

from __future__ import annotations

import math
import re
import unicodedata

_SIMPLE = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_ESCAPE = re.compile(
    r"\\(?:([\n\\'\"abfnrtv])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|"
    r"N\{([A-Za-z0-9 \-]{1,90})\}|([xuUN]))"
)
_QUOTES = frozenset("'\"")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST = 2**63
_LONGEST_NUMBER = 400
"""Characters. To convert long decimal numbers takes time that grows with the square."""


def number(text: str) -> int | float | None:
    """An integer or float as written; None if it needs more than 64 bits or isn't finite."""
    plain = text.replace("_", "")
    if len(plain) > _LONGEST_NUMBER:
        return None
    try:
        value = int(plain, 0)
    except ValueError:
        return _finite(plain)
    return value if -_LARGEST <= value < _LARGEST else None


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def split_string(source: str) -> tuple[str, str]:
    """A string token's prefix in lower case, and what stands between its quotes."""
    start = 0
    while source[start] not in _QUOTES:
        start += 1
    quote = source[start]
    width = 3 if source.startswith(quote * 3, start) and len(source) - start >= 6 else 1
    return source[:start].lower(), source[start + width : len(source) - width]


def unescape(text: str) -> str | None:
    """The text that escapes stand for; None if one is malformed or makes a lone surrogate."""
    if "\\" not in text:
        return text
    try:
        value = _ESCAPE.sub(_replacement, text)
    except ValueError:
        return None
    return None if _SURROGATE.search(value) else value


def _replacement(match: re.Match[str]) -> str:
    simple, octal, byte, short, long, name, malformed = match.groups()
    if simple is not None:
        return _SIMPLE[simple]
    if name is not None:
        try:
            return unicodedata.lookup(name)
        except KeyError as error:
            raise ValueError("unknown character name") from error
    if malformed is not None:
        raise ValueError("malformed escape")
    return chr(int(octal, 8)) if octal is not None else chr(int(byte or short or long, 16))


def string(source: str) -> str | None:
    """The value of a string token without holes; None for bytes and malformed escapes."""
    prefix, text = split_string(source)
    if "b" in prefix:
        return None
    return text if "r" in prefix else unescape(text)
