"""Texts of packaging files come in; the version that they pin a distribution to goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable

FILES = ("uv.lock", "poetry.lock", "pdm.lock", "requirements.txt", "pyproject.toml", "Pipfile", "setup.cfg", "setup.py")
"""The files that may pin it: what was locked first, then what was asked for."""
_NUMBER = r"(\d+(?:\.\d+)*)"


def pinned(texts: Iterable[str], distribution: str) -> tuple[int, ...] | None:
    """The version that is certainly installed, or below which it certainly is; None where both leave it open."""
    name = re.escape(distribution)
    exact = re.compile(
        rf'^name\s*=\s*"{name}"\s*\nversion\s*=\s*"{_NUMBER}'  # a lock file
        rf"""|(?<![\w.-])["']?{name}(?:\[[^\]\n]*\])?["']?\s*(?:=\s*["'])?\s*(?:===?|<=?)\s*{_NUMBER}"""
        rf"""|(?<![\w.-])["']?{name}(?:\[[^\]\n]*\])?\s*~=\s*(\d+\.\d+\.\d+)"""
        rf"""|(?<![\w.-])["']?{name}(?:\[[^\]\n]*\])?["']?\s*(?:=\s*["'])?\s*>=?[^,\n]{{1,40}},\s*<=?\s*{_NUMBER}""",
        re.MULTILINE,
    )
    for text in texts:
        if found := exact.search(text):
            return tuple(int(part) for part in next(filter(None, found.groups())).split("."))
    return None
