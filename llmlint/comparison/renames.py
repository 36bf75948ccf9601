"""Files that were renamed: two sides come in; what the files of the head were called in the base goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llmlint.comparison.sides import Side

LEAST_ALIKE = 0.5
"""Share of lines that two files must have in common to be one that was renamed."""


def earlier_names(before: Side, after: Side) -> Mapping[str, str]:
    """By path of the head; only files with call sites or findings, and only renamed ones."""
    gone = [path for path in _paths(before) if after.source(path) is None]
    come = [path for path in _paths(after) if before.source(path) is None]
    found: dict[str, str] = {}
    for _, new, old in sorted(_alike(before, after, gone, come)):
        if new not in found and old not in found.values():
            found[new] = old
    return found


def _paths(side: Side) -> list[str]:
    sites = {site.location.path for site in side.call_sites}
    return sorted(sites | {finding.location.path for finding in side.findings})


def _alike(before: Side, after: Side, gone: list[str], come: list[str]) -> Iterator[tuple[float, str, str]]:
    """(the less the more alike, new path, old path) for pairs that may be one file."""
    words = {path: _significant(before, path) for path in gone}
    for new in come:
        mine = _significant(after, new)
        for old, theirs in words.items():
            share = len(mine & theirs) / max(1, len(mine | theirs))
            if share >= LEAST_ALIKE:
                yield -share, new, old


def _significant(side: Side, path: str) -> frozenset[str]:
    return frozenset(line.strip() for line in side.lines(path)) - {""}
