"""`move-behind`: moves what changes from call to call behind the fixed text of a prompt."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from llmlint.fixes.bindings import bound_once, loads
from llmlint.fixes.literals import Literal, Place, literal, moved
from llmlint.fixes.scene import Made, Scene
from llmlint.fixes.source import Change, Source, changed, name_of

DEEPEST = 4
"""Names and containers that a changing value is followed through."""
_OPENING = frozenset({"system", "developer"})
_THROUGH = frozenset({"str", "repr", "join", "dumps", "strip"})
"""Functions that make text of what they are given."""
_POSITION = re.compile(r"\b(?:above|below|following|preceding|aforementioned|earlier|first line)\b", re.IGNORECASE)


class _Spot(NamedTuple):
    """An expression whose value changes, in its file."""

    source: Source
    node: ast.expr


def move_behind(scene: Scene) -> Made | None:
    """Only where one place in one file is found for it: what stands before and behind must stay as it is."""
    found = []
    for spot in _spots(scene):
        changes = _moved(spot.source, spot.node, DEEPEST)
        if changes:
            found.append((spot.source, changes))
    if len(found) != 1:
        return None
    source, changes = found[0]
    if told := _POSITION.search(scene.text("text")):
        title = f"Move what changes behind the fixed text, which says `{told[0].lower()}` and must be read again then."
        return Made((), _new_lines(source, changes), title)
    return Made(changes, source=source)


def _new_lines(source: Source, changes: Sequence[Change]) -> str:
    """The lines as they would be."""
    before = set(source.text.splitlines())
    after = changed(source.text, list(changes)).splitlines()
    return "".join(f"{line.strip()}\n" for line in after if line not in before)


def _spots(scene: Scene) -> Iterator[_Spot]:
    """Where the changing expression stands: by the evidence, else by its name around the call."""
    seen = set()
    for step in scene.wanted.origins.get("source", ()):
        if not step.what.endswith(" changes"):
            continue
        source = scene.other(step.location.path)
        if source is None:
            continue
        start, end = source.offsets(step.location)
        if (source.path, start) not in seen and (node := _node_at(source, start, end)) is not None:
            seen.add((source.path, start))
            yield _Spot(source, node)
    name = scene.text("source")
    call = scene.source.call_at(scene.location)
    if not seen and name.isidentifier() and call is not None:
        function = scene.source.function(call)
        for node in loads(function, name):
            yield _Spot(scene.source, node)


def _node_at(source: Source, start: int, end: int) -> ast.expr | None:
    """The string that the place is filled into, else the expression there with what is done to it at once."""
    inside: ast.expr | None = None
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.expr):
            continue
        if isinstance(node, ast.JoinedStr):
            first, last = source.span(node)
            if first < start and end <= last:
                return _Inside(node, start)
        elif not isinstance(node, ast.FormattedValue) and source.span(node) == (start, end):
            inside = node
    while inside is not None:
        above = source.parents.get(inside)
        chained = isinstance(above, ast.Attribute) or (isinstance(above, ast.Call) and above.func is inside)
        if not chained or not isinstance(above, ast.expr):
            break
        inside = above
    return inside


class _Inside(ast.JoinedStr):
    """A formatted string of which a certain place changes: trees don't say where places are before Python 3.12."""

    def __init__(self, node: ast.JoinedStr, offset: int) -> None:
        super().__init__(values=node.values)
        ast.copy_location(self, node)
        self.of = node
        self.offset = offset


def _moved(source: Source, node: ast.expr, depth: int) -> list[Change] | None:
    """The changes that put the part with the node behind the others of the nearest container that has any."""
    if not depth:
        return None
    if isinstance(node, _Inside):
        return _in_string(source, node.of, lambda place: place.start <= node.offset < place.end, depth)
    above = source.parents.get(node)
    match above:
        case ast.FormattedValue():
            return _in_formatted(source, above, name_of(node), depth)
        case ast.BinOp(op=ast.Add()):
            return _in_sum(source, node, depth)
        case ast.keyword(arg=str(name)):
            return _in_template(source, source.parents[above], name) or _up(source, above, depth)
        case ast.List() | ast.Tuple():
            return _in_list(source, above, node) or _moved(source, above, depth - 1)
        case ast.Dict():
            return _moved(source, above, depth)
        case ast.Assign(targets=[ast.Name(id=name)]):
            return _by_name(source, node, name, depth)
        case ast.Call() if name_of(above.func) in _THROUGH and node in above.args:
            return _moved(source, above, depth - 1)
    return None


def _in_formatted(source: Source, value: ast.FormattedValue, name: str, depth: int) -> list[Change] | None:
    outer = source.parents[value]
    word = re.compile(rf"\b{re.escape(name)}\b")
    if not name or not isinstance(outer, ast.JoinedStr):
        return None
    return _in_string(source, outer, lambda place: bool(word.search(place.code)), depth)


def _up(source: Source, keyword: ast.AST, depth: int) -> list[Change] | None:
    """From an argument of `dict(...)` or of a message class to that."""
    call = source.parents[keyword]
    above = source.parents.get(call)
    inside = isinstance(above, ast.List | ast.Tuple)
    return _moved(source, call, depth - 1) if isinstance(call, ast.Call) and inside else None


def _by_name(source: Source, node: ast.expr, name: str, depth: int) -> list[Change] | None:
    """The value is given a name: where that is used, if only once."""
    function = source.function(node)
    if bound_once(source, function, name) is not node:
        return None
    uses = loads(function, name)
    return _moved(source, uses[0], depth - 1) if len(uses) == 1 else None


def _in_string(
    source: Source, node: ast.JoinedStr, changes: Callable[[Place], bool], depth: int
) -> list[Change] | None:
    whole = literal(source.text, *source.span(node))
    place = _only(whole, changes)
    if whole is None or place is None:
        return None
    return moved(source.text, whole, place) or _moved(source, node, depth - 1)


def _only(whole: Literal | None, wanted: Callable[[Place], bool]) -> Place | None:
    found = [place for place in whole.places if wanted(place)] if whole is not None else []
    return found[0] if len(found) == 1 else None


def _in_template(source: Source, call: ast.AST, name: str) -> list[Change] | None:
    """`TEMPLATE.format(name=...)`: the line with `{name}`, in a literal of this file."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != "format":
        return None
    template: ast.expr | None = call.func.value
    if isinstance(template, ast.Name):
        here = source.function(call)
        template = bound_once(source, here, template.id) or bound_once(source, source.tree, template.id)
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str) or "{}" in template.value:
        return None
    whole = literal(source.text, *source.span(template), template=True)
    place = _only(whole, lambda one: one.code == name)
    return moved(source.text, whole, place) if whole is not None and place is not None else None


# --- sums ---------------------------------------------------------------------------------------------------


def _in_sum(source: Source, node: ast.expr, depth: int) -> list[Change] | None:
    """`"At " + now + "\\n" + RULES`: the part that ends with the line goes to the end."""
    top: ast.expr = node
    while isinstance(above := source.parents.get(top), ast.BinOp) and isinstance(above.op, ast.Add):
        top = above
    parts = _summands(top)
    if "\n" in source.segment(top) or node not in parts or any(_is_no_text(source, part) for part in parts):
        return None
    place = first = parts.index(node)
    while first and (label := _constant(parts[first - 1])) is not None:
        if label.endswith(("\n", ". ", ".")):
            break
        if "\n" in label or ". " in label:
            return None
        first -= 1
    behind = place + 1
    between = '"\\n"'
    if behind < len(parts) and (text := _constant(parts[behind])) is not None:
        if text.strip():
            return None
        between = source.segment(parts[behind])
        behind += 1
    if behind >= len(parts):
        return _moved(source, top, depth - 1)
    order = [*parts[:first], *parts[behind:]]
    written = [source.segment(part) for part in order] + [between]
    written += [source.segment(part) for part in parts[first : place + 1]]
    return [Change(*source.span(top), " + ".join(written))]


def _is_no_text(source: Source, part: ast.expr) -> bool:
    """Whether a summand is a list, here or where it is given its name."""
    if isinstance(part, ast.Name):
        bound = bound_once(source, source.function(part), part.id) or bound_once(source, source.tree, part.id)
        return isinstance(bound, ast.List | ast.Tuple | ast.ListComp | ast.Dict)
    return isinstance(part, ast.List | ast.Tuple | ast.ListComp)


def _summands(node: ast.expr) -> list[ast.expr]:
    parts: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts.append(node.right)
        node = node.left
    return [node, *reversed(parts)]


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# --- lists --------------------------------------------------------------------------------------------------


def _in_list(source: Source, above: ast.List | ast.Tuple, node: ast.expr) -> list[Change] | None:
    """An item that is joined goes to the end; a message too, but one of the system in front of the last message."""
    items = above.elts
    place = items.index(node)
    outer = source.parents.get(above)
    joined = isinstance(outer, ast.Call) and name_of(outer.func) == "join"
    if not joined and not isinstance(node, ast.Dict):
        return None
    behind = items[place + 1 :]
    if not behind or any(isinstance(item, ast.Starred) for item in (node, items[-1])):
        return None
    text = source.segment(node)
    removed = Change(source.span(node)[0], source.span(behind[0])[0], "")
    if not joined and _role(node) in _OPENING:
        if len(behind) == 1:
            return None
        start = source.span(items[-1])[0]
        return [removed, Change(start, start, text + _gap(source, items))]
    end = source.span(items[-1])[1]
    return [removed, Change(end, end, _gap(source, items) + text)]


def _gap(source: Source, items: Sequence[ast.expr]) -> str:
    """What stands between two items; without a comment."""
    gap = source.text[source.span(items[0])[1] : source.span(items[1])[0]]
    return gap if "#" not in gap and gap.count(",") == 1 and not gap.strip(", \r\n\t") else ", "


def _role(node: ast.expr) -> str:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "role" and isinstance(value, ast.Constant):
                return str(value.value)
    return ""
