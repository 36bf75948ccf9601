"""A notebook to the facts of one module: its Python cells under one another, and where each starts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from llmlint.facts.syntax import Cell, ModuleFacts, SourceProblem
from llmlint.frontend.magics import blank, to_python
from llmlint.frontend.module import is_python, lower_text

SIZE_LIMIT = 50_000_000
"""Bytes. Larger than for plain source, as the pictures that code has drawn are in the same file."""
SOURCE_LIMIT = 5_000_000
"""Characters of code."""


class _Code(NamedTuple):
    """A code cell; `number` among all cells."""

    number: int
    source: str


def lower_notebook(data: bytes) -> ModuleFacts | SourceProblem:
    """Facts of the code cells; a cell that is no Python is left out, and only that one."""
    if len(data) > SIZE_LIMIT:
        message = f"the notebook has {len(data):,} bytes; files over {SIZE_LIMIT:,} are not read"
        return SourceProblem("too-large", message, 1, 1)
    cells = _read(data)
    if isinstance(cells, SourceProblem):
        return cells
    if sum(len(cell.source) for cell in cells) > SOURCE_LIMIT:
        message = f"the notebook has more than {SOURCE_LIMIT:,} characters of code"
        return SourceProblem("too-large", message, 1, 1)
    cells = [_Code(cell.number, to_python(cell.source)) for cell in cells]
    facts = _lower(cells)
    if isinstance(facts, SourceProblem):
        facts = _lower([cell if is_python(cell.source) else _Code(cell.number, blank(cell.source)) for cell in cells])
    return facts


def _lower(cells: Sequence[_Code]) -> ModuleFacts | SourceProblem:
    places: list[Cell] = []
    line = 1
    for cell in cells:
        lines = cell.source.count("\n") + 1
        places.append(Cell(cell.number, line, lines))
        line += lines
    return lower_text("".join(f"{cell.source}\n" for cell in cells), tuple(places))


def _read(data: bytes) -> list[_Code] | SourceProblem:
    try:
        notebook = json.loads(data)
    except json.JSONDecodeError as error:
        return SourceProblem("notebook", f"the notebook is not valid JSON: {error.msg}", error.lineno, error.colno)
    except (ValueError, RecursionError) as error:
        return SourceProblem("notebook", f"the notebook is not valid JSON: {error}", 1, 1)
    if not isinstance(notebook, dict) or not any(isinstance(notebook.get(key), list) for key in _HOLDERS):
        return SourceProblem("notebook", "the notebook has no list of cells", 1, 1)
    if not _speaks_python(notebook.get("metadata")):
        return []
    sources = [_source(cell) for cell in _cells(notebook)]
    return [_Code(number, source) for number, source in enumerate(sources) if source is not None]


_HOLDERS = ("cells", "worksheets")


def _cells(notebook: dict[str, Any]) -> Iterator[Any]:
    """All cells in order; before nbformat 4 they are in worksheets."""
    for holder in (notebook, *_list(notebook, "worksheets")):
        yield from _list(holder, "cells")


def _list(holder: object, key: str) -> list[Any]:
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


def _speaks_python(metadata: object) -> bool:
    """Whether the kernel runs Python; a notebook that names no language does."""
    for key, field in (("language_info", "name"), ("kernelspec", "language")):
        described = metadata.get(key) if isinstance(metadata, dict) else None
        language = described.get(field) if isinstance(described, dict) else None
        if isinstance(language, str) and language:
            return "python" in language.lower()
    return True


def _source(cell: object) -> str | None:
    """The text of a Python code cell; None for all others."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code" or not _cell_speaks_python(cell):
        return None
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source.encode("utf-8", "replace").decode()  # JSON can hold lone surrogates


def _cell_speaks_python(cell: dict[str, Any]) -> bool:
    """Some editors let each cell have its own language; so did nbformat 3."""
    metadata = cell.get("metadata")
    editor = metadata.get("vscode") if isinstance(metadata, dict) else None
    language = editor.get("languageId") if isinstance(editor, dict) else cell.get("language")
    return not isinstance(language, str) or "python" in language.lower()
