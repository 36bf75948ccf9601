"""Bytes of a Python file or notebook to the facts of the module. A pure function; syntax trees stay inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmlint.facts.syntax import ModuleFacts, SourceProblem

__all__ = ["lower"]


def lower(data: bytes, *, notebook: bool = False) -> ModuleFacts | SourceProblem:
    """Facts of one module, or why there are none. `data` may be anything; never raises."""
    if notebook:
        from llmlint.frontend.notebook import lower_notebook

        return lower_notebook(data)
    from llmlint.frontend.module import lower_source

    return lower_source(data)
