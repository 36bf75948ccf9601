"""Where statements are put into a file, and how they are taken out of it."""

from __future__ import annotations

import ast

from llmlint.fixes.source import Change, Source


def above_statement(source: Source, node: ast.AST, text: str) -> Change:
    """Statements of the module in front of the one that a node is part of, above its decorators and comments."""
    statement = source.outermost(node)
    decorators = getattr(statement, "decorator_list", ())
    first = min([statement, *decorators], key=lambda one: one.lineno) if statement is not None else None
    start = source.line_start(source.span(first)[0]) if first is not None else 0
    while start and source.text[source.line_start(start - 1) : start].lstrip().startswith("#"):
        start = source.line_start(start - 1)
    before = source.text[:start]
    blank = len(before) - len(before.rstrip("\r\n"))
    lines = before[len(before) - blank :].count("\n") if before.strip() else 3
    lead = "\n" * max(0, 3 - lines)
    return Change(start, start, (lead + text + "\n\n").replace("\n", source.newline))


def import_of(source: Source, module: str, name: str, neighbour: str) -> tuple[str, list[Change]]:
    """How a name of a module is written in the file, and the change that imports it if need be."""
    imports = [one for one in source.tree.body if isinstance(one, ast.Import | ast.ImportFrom)]
    for one in imports:
        for alias in one.names:
            if isinstance(one, ast.ImportFrom) and one.module == module and alias.name == name and not one.level:
                return alias.asname or name, []
            if isinstance(one, ast.Import) and alias.name == module:
                return f"{alias.asname or module}.{name}", []
    if name in source.names():
        line, written = f"from {module} import {name} as Schema{name}", f"Schema{name}"
    else:
        line, written = f"from {module} import {name}", name
    place = _place_for(imports, module, neighbour)
    if place is None:
        return written, [above_first(source, f"{line}\n")]
    end = source.line_end(source.span(place)[1])
    return written, [Change(end, end, f"{source.newline}{line}")]


def _place_for(imports: list[ast.Import | ast.ImportFrom], module: str, neighbour: str) -> ast.stmt | None:
    """The import behind which a new one belongs: that of a neighbour, else the last."""
    top = [one for one in imports if not _is_future(one)]
    near = [one for one in top if neighbour and _module(one).split(".")[0] == neighbour]
    same = [one for one in top if _module(one).split(".")[0] == module]
    chosen = same or near or top or imports
    return max(chosen, key=lambda one: one.lineno) if chosen else None


def _module(one: ast.Import | ast.ImportFrom) -> str:
    return (one.module or "") if isinstance(one, ast.ImportFrom) else one.names[0].name


def _is_future(one: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(one, ast.ImportFrom) and one.module == "__future__"


def above_first(source: Source, text: str) -> Change:
    """Statements in front of all others but the docstring."""
    body = source.tree.body
    documented = bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    rest = body[1:] if documented else body
    start = source.line_start(source.span(rest[0])[0]) if rest else len(source.text)
    return Change(start, start, text.replace("\n", source.newline))


def without_statement(source: Source, statement: ast.stmt) -> Change | None:
    """A statement taken out with its lines; None where it shares a line, or is all that its block has."""
    start, end = source.span(statement)
    first, last = source.line_start(start), source.line_end(end)
    if source.text[first:start].strip() or source.text[end:last].strip():
        return None
    above = source.parents.get(statement)
    blocks = [getattr(above, name, None) for name in ("body", "orelse", "finalbody")]
    if any(isinstance(block, list) and statement in block and len(block) == 1 for block in blocks):
        return None
    behind = last + len(source.newline) if source.text.startswith(source.newline, last) else last
    alone = not source.text[source.line_start(first - 1) : first].strip() if first else True
    if alone and isinstance(above, ast.Module) and source.text.startswith(source.newline, behind):
        behind += len(source.newline)  # no two blank lines where there was one
    return Change(first, behind, "")
