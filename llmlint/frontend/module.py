"""One parsed module to its facts."""

from __future__ import annotations

import libcst as cst

from llmlint.facts.syntax import SCHEMA, Cell, ModuleFacts
from llmlint.frontend import expressions, nested, statements, strings  # noqa: F401  (they fill the table)
from llmlint.frontend.blocks import suite
from llmlint.frontend.builder import Builder
from llmlint.frontend.definitions import docstring
from llmlint.frontend.positions import Positions
from llmlint.frontend.scanning import scan


def lower_module(module: cst.Module, text: str, cells: tuple[Cell, ...] = ()) -> ModuleFacts:
    """Walk the tree of `text` once."""
    builder = Builder(Positions(text, scan(text)))
    draft = builder.open_scope("module", "<module>", 1)
    draft.parent = draft.block = -1
    builder.blocks[0].parent = -1
    draft.docstring = docstring(module)
    builder.blocks[0].leaves = suite(builder, module)
    lines = text.count("\n") + (not text.endswith("\n") and bool(text))
    draft.end_line = lines
    return ModuleFacts(
        SCHEMA,
        lines,
        tuple([scope.finish() for scope in builder.scopes]),
        tuple([block.finish() for block in builder.blocks]),
        tuple(builder.calls),
        (),
        cells,
    )
