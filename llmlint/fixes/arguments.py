"""`set-argument`: gives a call an argument, or another value to one that is written there as a constant."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Sequence

from llmlint.facts.call_site import FactValue
from llmlint.fixes.bindings import bound_once
from llmlint.fixes.scene import Made, Scene
from llmlint.fixes.source import Change, Function, Source, name_of

_NOTHING = frozenset({"NOT_GIVEN", "NotGiven", "omit", "Omit"})
"""What is written where an argument is not to be sent."""
_WHITE = re.compile(r"\s*")
LONGEST_LINE = 100


def set_argument(scene: Scene) -> Made | None:
    """The argument goes to where the others of the call stand: into its parentheses, or into its dictionary."""
    call = scene.source.call_at(scene.location)
    name = scene.text("argument")
    if call is None or not name.isidentifier() or scene.wanted.standing not in ("call", "construction"):
        return None
    value = written(scene.wanted.values.get("value"))
    others = scene.text("instead_of").split()
    change = in_call(scene.source, call, name, value, others)
    return None if change is None else Made((change,))


def written(value: FactValue) -> str:
    """A constant as it stands in code."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if isinstance(value, str) else repr(value)


def in_call(source: Source, call: ast.Call, name: str, value: str, others: Collection[str] = ()) -> Change | None:
    """The change that gives a call an argument; None where the call may have it already, or it can't be told.

    `others` are names that mean the same.
    """
    for keyword in call.keywords:
        if keyword.arg == name:
            return replaced(source, keyword.value, value)
        if keyword.arg in others:
            return Change(*source.span(keyword), f"{name}={value}") if is_nothing(keyword.value) else None
    splats = [keyword.value for keyword in call.keywords if keyword.arg is None]
    if not splats:
        return appended(source, source.span(call)[1] - 1, _parts(call), f"{name}={value}")
    if len(splats) > 1 or not isinstance(splats[0], ast.Name):
        return None
    return _in_splat(source, call, splats[0], name, value)


def replaced(source: Source, old: ast.expr, value: str) -> Change | None:
    """Another value for a constant, or for a word that stands for nothing."""
    return Change(*source.span(old), value) if isinstance(old, ast.Constant) or is_nothing(old) else None


def is_nothing(value: ast.expr) -> bool:
    """Whether a value says that the argument is not to be sent."""
    if isinstance(value, ast.Constant):
        return value.value is None
    return name_of(value.func if isinstance(value, ast.Call) else value) in _NOTHING


def _parts(call: ast.Call) -> Sequence[ast.expr | ast.keyword]:
    return (*call.args, *call.keywords)


def appended(source: Source, close: int, parts: Sequence[ast.expr | ast.keyword], text: str) -> Change | None:
    """One more part before the bracket that closes at `close`, in the form of those that are there."""
    if not parts:
        before = source.text[:close]
        return Change(close, close, text) if before.rstrip().endswith(("(", "{")) else None
    last = max(parts, key=lambda part: source.span(part)[1])
    anchor = _last_sign(source.text, source.span(last)[1], close)
    comma = source.text[anchor - 1] == ","
    if "\n" not in source.text[anchor:close]:
        first, added = "" if comma else ",", f"{text}{',' if comma else ''}"
        line = source.line_start(anchor)
        long = source.line_end(anchor) - line + len(added) + 2 > LONGEST_LINE
        opening = min(source.span(part)[0] for part in parts)
        if long and source.line_start(opening) == line:
            return Change(anchor, anchor, f"{first}{source.newline}{_blank(source.text[line:opening])}{added}")
        return Change(anchor, anchor, f"{first} {added}")
    ends = source.line_end(anchor)
    behind = source.text[anchor:ends]  # a comment, or nothing
    start = source.span(last)[0]
    shared = bool(source.text[source.line_start(start) : start].strip())
    if shared and not comma and not behind.strip() and ends - source.line_start(start) + len(text) + 2 <= LONGEST_LINE:
        return Change(anchor, anchor, f", {text}")
    starts = [source.span(part)[0] for part in parts]
    leading = [start for start in starts if not source.text[source.line_start(start) : start].strip()]
    indent = source.indent(max(leading)) if leading else source.indent(anchor) + "    "
    return Change(anchor, ends, f"{'' if comma else ','}{behind}{source.newline}{indent}{text}{',' if comma else ''}")


def _blank(text: str) -> str:
    """White space as wide as a text; its tabs stay."""
    return "".join(sign if sign == "\t" else " " for sign in text)


def _last_sign(text: str, start: int, end: int) -> int:
    """Where the last character behind `start` ends that is no blank and no part of a comment."""
    found = position = start
    while position < end:
        position += len(_WHITE.match(text, position)[0])  # type: ignore[index]
        if position >= end:
            break
        if text[position] == "#":
            line = text.find("\n", position)
            position = end if line < 0 else line
        else:
            position += 1
            if text[position - 1] != "\\":
                found = position
    return found


def _in_splat(source: Source, call: ast.Call, splat: ast.Name, name: str, value: str) -> Change | None:
    """A new key of the dictionary that is splatted, if it is made in the same function and for this call alone."""
    made = bound_once(source, source.function(call), splat.id)
    if made is None or not _serves_only(source, source.function(call), splat):
        return None
    if isinstance(made, ast.Call) and name_of(made.func) == "dict" and not made.args:
        return in_call(source, made, name, value)
    if not isinstance(made, ast.Dict) or None in made.keys:
        return None
    keys = [key.value if isinstance(key, ast.Constant) else None for key in made.keys]
    if name in keys:
        return replaced(source, made.values[keys.index(name)], value)
    if not all(isinstance(key, str) for key in keys):
        return None
    return appended(
        source, source.span(made)[1] - 1, (*filter(None, made.keys), *made.values), f"{written(name)}: {value}"
    )


def _serves_only(source: Source, function: Function | ast.Module, splat: ast.Name) -> bool:
    """Whether a dictionary is changed and splatted here, and used nowhere else."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Name) or node.id != splat.id or node is splat or isinstance(node.ctx, ast.Store):
            continue
        above = source.parents[node]
        stored = isinstance(above, ast.Subscript) and isinstance(above.ctx, ast.Store)
        if not stored and not (isinstance(above, ast.Attribute) and above.attr in ("update", "setdefault")):
            return False
    return True
