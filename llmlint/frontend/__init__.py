"""Bytes of a Python file or notebook to the facts of the module. A pure function; syntax trees stay inside."""

from __future__ import annotations

import libcst as cst

from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.frontend.module import lower_module
from llmlint.frontend.source import read_source

__all__ = ["lower"]


def lower(data: bytes, *, notebook: bool = False) -> ModuleFacts | SourceProblem:
    """Facts of one module, or why there are none. Never raises."""
    source = read_source(data)
    if isinstance(source, SourceProblem):
        return source
    try:
        return lower_module(cst.parse_module(source), source)
    except cst.ParserSyntaxError as error:
        return SourceProblem("syntax", error.message, error.raw_line, error.raw_column + 1)
    except RecursionError:
        return SourceProblem("too-deep", "the code is nested too deeply to be read", 1, 1)
