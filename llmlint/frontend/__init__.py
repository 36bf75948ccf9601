"""Bytes of a Python file or notebook to the facts of the module. A pure function; syntax trees stay inside."""

from __future__ import annotations

from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.frontend.module import lower_text
from llmlint.frontend.notebook import lower_notebook
from llmlint.frontend.source import read_source

__all__ = ["lower"]


def lower(data: bytes, *, notebook: bool = False) -> ModuleFacts | SourceProblem:
    """Facts of one module, or why there are none. `data` may be anything; never raises."""
    if notebook:
        return lower_notebook(data)
    text = read_source(data)
    return text if isinstance(text, SourceProblem) else lower_text(text)
