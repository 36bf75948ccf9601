"""What local names are bound to."""

from __future__ import annotations

import ast

from llmlint.fixes.source import Function, Source


def stores(source: Source, function: Function | ast.Module, name: str) -> list[ast.Name]:
    """Where a function binds or deletes a name; nested functions don't count."""
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
        and node.id == name
        and not isinstance(node.ctx, ast.Load)
        and source.function(node) is function
    ]


def bound_once(source: Source, function: Function | ast.Module, name: str) -> ast.expr | None:
    """The expression that a local name is bound to, if it is bound once and plainly, and is no parameter."""
    if not isinstance(function, ast.Module):
        arguments = function.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        if any(one is not None and one.arg == name for one in every):
            return None
    found = stores(source, function, name)
    if len(found) != 1:
        return None
    above = source.parents[found[0]]
    if isinstance(above, ast.Assign) and above.targets == [found[0]]:
        return above.value
    return above.value if isinstance(above, ast.AnnAssign) else None


def loads(function: Function | ast.Module, name: str) -> list[ast.Name]:
    """Where a name is read in a function, also in those nested in it; in the order of the source."""
    found = (
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    )
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))
