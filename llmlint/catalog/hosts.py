"""A URL comes in, whose parts need not all be known; who answers there goes out."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from llmlint.catalog.entries import Host

HOLE = "\ufffc"
"""Stands in a text for a part that is not known, e.g. in a URL."""


def host_at(url: str, known: Sequence[tuple[str, Host]]) -> Host | None:
    """Who answers at a URL, by the known host names (a leading dot: any subdomain); None if a hole hides it."""
    name = _host_name(url)
    if not name:
        return None
    for pattern, host in known:
        if name == pattern or (pattern.startswith(".") and name.endswith(pattern)):
            return host
    return None if HOLE in name and _may_end_in(name, [pattern for pattern, _ in known]) else "other"


def _host_name(url: str) -> str:
    try:
        return (urlsplit(url.strip()).hostname or "").lower()
    except ValueError:
        return ""


def _may_end_in(name: str, patterns: Sequence[str]) -> bool:
    """Whether filling the holes of a host name could make it end like one of the patterns."""
    known = name.rsplit(HOLE, 1)[1]
    return any(pattern.endswith(known) for pattern in patterns)
