"""Finds the Python files of a project and tells which of them can hold a call site, without parsing any."""

from llmlint.discovery.files import DEFAULT_EXCLUDES, Discovery, SourceFile, Unreadable, discover
from llmlint.discovery.prefilter import Prefilter, mentions
from llmlint.discovery.roots import find_root

__all__ = [
    "DEFAULT_EXCLUDES",
    "Discovery",
    "Prefilter",
    "SourceFile",
    "Unreadable",
    "discover",
    "find_root",
    "mentions",
]
