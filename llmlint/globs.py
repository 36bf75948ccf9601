"""Globs of settings: a pattern and a path relative to the project come in, whether they match goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def matches(pattern: str, path: str) -> bool:
    """Whether the path is one that the glob means.

    `*` and `?` stay within a folder, `**` crosses them; without a slash a pattern matches a file or folder anywhere;
    a folder stands for all below it.
    """
    return _glob(pattern).match(path) is not None


@lru_cache(maxsize=512)
def _glob(pattern: str) -> re.Pattern[str]:
    body = pattern.strip("/")
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:[^/]*/)*"
    return re.compile(anywhere + "".join(_piece(part) for part in _pieces(body)) + r"(?:/.*)?\Z", re.DOTALL)


def _pieces(pattern: str) -> Iterable[str]:
    return re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern)


def _piece(text: str) -> str:
    return {"**/": "(?:[^/]*/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(text) or re.escape(text)
