"""Text of one module to its facts."""

from __future__ import annotations

from llmlint.facts.encoding import sharing
from llmlint.facts.syntax import SCHEMA, Cell, ModuleFacts, SourceProblem
from llmlint.frontend import expressions, nested, statements, strings  # noqa: F401 - they fill the table
from llmlint.frontend.blocks import suite
from llmlint.frontend.builder import Builder
from llmlint.frontend.comments import find_comments, find_remarks
from llmlint.frontend.definitions import docstring
from llmlint.frontend.parsing import parse
from llmlint.frontend.positions import LayoutError, Positions
from llmlint.frontend.scanning import scan
from llmlint.frontend.source import read_source


def lower_source(data: bytes) -> ModuleFacts | SourceProblem:
    """Facts of a Python file."""
    text = read_source(data)
    return text if isinstance(text, SourceProblem) else lower_text(text)


def lower_text(text: str, cells: tuple[Cell, ...] = ()) -> ModuleFacts | SourceProblem:
    """Scan, parse and walk once. Lines end with `\\n`."""
    try:
        outline = scan(text)
        module = parse(text, outline)
        if isinstance(module, SourceProblem):
            return module
        builder = Builder(Positions(text, outline))
        draft = builder.open_module(text.count("\n") + (not text.endswith("\n") and text != ""))
        draft.docstring = docstring(module)
        builder.blocks[0].leaves = suite(builder, module)
    except RecursionError:
        return SourceProblem("too-deep", "the code is nested too deeply to be read", 1, 1)
    except LayoutError:
        return SourceProblem("unreadable", "the layout of this file can't be followed", 1, 1)
    scopes = tuple([scope.finish() for scope in builder.scopes])
    blocks = tuple([block.finish() for block in builder.blocks])
    return ModuleFacts(
        SCHEMA,
        draft.end_line,
        scopes,
        blocks,
        tuple(builder.calls),
        find_comments(builder.positions),
        find_remarks(builder.positions),
        cells,
        sharing(scopes, blocks, nested=":=" in text or "match" in text),
    )


def is_python(text: str) -> bool:
    """Whether a text can be parsed by itself."""
    try:
        return not isinstance(parse(text, scan(text)), SourceProblem)
    except RecursionError:
        return False
