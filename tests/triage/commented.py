"""Module facts for tests of triage, made with `ast`: statements, calls and comments, and nothing else."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence

import msgspec

from llmlint.facts.syntax import (
    SCHEMA,
    Block,
    CallPlace,
    Cell,
    Comment,
    Constant,
    Event,
    Expression,
    ImportedModule,
    ModuleFacts,
    Opaque,
    Place,
    Scope,
)


def module(source: str) -> ModuleFacts:
    """The facts of a file."""
    tree = ast.parse(source)
    lines = source.count("\n") + 1
    events = tuple(_event(node) for node in ast.walk(tree) if isinstance(node, ast.stmt))
    return ModuleFacts(
        schema=SCHEMA,
        lines=lines,
        scopes=(Scope("module", "", -1, -1, 0, 0, 1, lines, events),),
        blocks=(Block("body", -1, 0, 0, 1),),
        calls=tuple(_call(node) for node in ast.walk(tree) if isinstance(node, ast.Call)),
        comments=tuple(_comments(source)),
    )


def notebook(cells: Sequence[tuple[int, str]]) -> ModuleFacts:
    """The facts of a notebook: its code cells with their index among all cells."""
    facts = module("\n".join(source for _, source in cells))
    first, places = 1, []
    for index, source in cells:
        places.append(Cell(index, first, source.count("\n") + 1))
        first += source.count("\n") + 1
    return msgspec.structs.replace(facts, cells=tuple(places))


def _event(node: ast.stmt) -> Event:
    value: Expression = Opaque("statement")
    if isinstance(node, ast.Import | ast.ImportFrom):
        value = ImportedModule("m", "m")
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        value = Constant("text")
    return Event("evaluate", None, value, 0, 0, node.lineno)


def _call(node: ast.Call) -> CallPlace:
    place = Place(node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)
    return CallPlace(place, 0, 0, 0, "f", False)


def _comments(source: str) -> Iterator[Comment]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, column = token.start
            yield Comment(line, column + 1, token.string, not token.line[:column].strip())
