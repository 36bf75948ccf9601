"""`sort-set`: sorts a set of texts where its order, which is another in every process, gets into a prompt."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from llmlint.fixes.bindings import bound_once, loads
from llmlint.fixes.scene import Made, Scene
from llmlint.fixes.source import Change, Source, name_of

_SET = re.compile(r"`([A-Za-z_]\w*)` is set")


def sort_set(scene: Scene) -> Made | None:
    """Where the set is a constant of texts in the file of the call, which can be sorted without any other effect."""
    source, call = scene.source, scene.source.call_at(scene.location)
    if call is None:
        return None
    changes: list[Change] = []
    for step in scene.wanted.origins.get("source", ()):
        named = _SET.match(step.what)
        if named is None or step.location.path != source.path:
            continue
        function = source.function(call)
        made = bound_once(source, function, named[1]) or bound_once(source, source.tree, named[1])
        if made is not None and _is_of_texts(made):
            changes += [change for use in loads(function, named[1]) for change in _sorted(source, use)]
    return Made(tuple(dict.fromkeys(changes))) if changes else None


def _is_of_texts(made: ast.expr) -> bool:
    if isinstance(made, ast.Call) and name_of(made.func) in ("set", "frozenset") and len(made.args) == 1:
        made = made.args[0]
    elif not isinstance(made, ast.Set):
        return False
    items = made.elts if isinstance(made, ast.Set | ast.List | ast.Tuple) else []
    return bool(items) and all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in items)


def _sorted(source: Source, use: ast.Name) -> Iterator[Change]:
    """The change at one use, if its order matters there."""
    above = source.parents.get(use)
    if not isinstance(above, ast.expr | ast.For | ast.comprehension) or not source.is_at(use):
        return
    start, end = source.span(use)
    match above:
        case ast.Call(func=ast.Name(id="list") as function, args=[only]) if only is use:
            yield Change(*source.span(function), "sorted")
        case ast.Call(func=ast.Attribute(attr="join"), args=[only]) if only is use:
            yield Change(start, end, f"sorted({use.id})")
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated) if iterated is use:
            yield Change(start, end, f"sorted({use.id})")
