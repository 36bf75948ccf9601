"""A call comes in; how its function reads the answer goes out: where it is parsed, and which keys are read of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from llmlint.facts.call_site import Step
from llmlint.fixes.bindings import loads, stores
from llmlint.fixes.shapes import Reader, Shape
from llmlint.fixes.source import Function, Source, name_of

_PARSERS = frozenset({"loads"})
_CLASS_PARSERS = frozenset({"model_validate_json", "parse_raw"})
_KEY = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Parsed:
    """Where an answer is parsed; `cls` is the class that it is read into, None for plain data."""

    node: ast.Call
    text: ast.expr
    cls: ast.expr | None


@dataclass(frozen=True)
class Reading:
    """How one function reads the answer of a call. `answer` is the name that the answer is given, "" for none."""

    function: Function | ast.Module
    answer: str
    parsed: Sequence[Parsed]
    shape: Shape


def reading_of(source: Source, call: ast.Call) -> Reading:
    """What the function around a call does with its answer."""
    function = source.function(call)
    answer = _answer_name(source, call)
    parsed = list(_parsed(source, function, call, answer))
    shape = Shape()
    reader = Reader(source, function)
    for one in parsed:
        if one.cls is None:
            reader.look(one.node, shape)
    return Reading(function, answer, parsed, shape)


def _answer_name(source: Source, call: ast.Call) -> str:
    whole: ast.AST = call
    above = source.parents.get(whole)
    if isinstance(above, ast.Await):
        whole, above = above, source.parents.get(above)
    match above:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is whole:
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is whole:
            return name
    return ""


def _parsed(source: Source, function: Function | ast.Module, call: ast.Call, answer: str) -> Iterator[Parsed]:
    names = _texts(function, call, answer)
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not node.args or source.function(node) is not function:
            continue
        name = name_of(node.func)
        if name in _PARSERS | _CLASS_PARSERS and _holds(node.args[0], call, names):
            of_class = name in _CLASS_PARSERS and isinstance(node.func, ast.Attribute)
            yield Parsed(
                node, node.args[0], node.func.value if of_class and isinstance(node.func, ast.Attribute) else None
            )


def _texts(function: Function | ast.Module, call: ast.Call, answer: str) -> set[str]:
    """The names that hold the answer, or text that is made of it."""
    names = {answer} - {""}
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and node.targets]
    while True:
        more = {
            target.id
            for node in assigned
            for target in node.targets
            if isinstance(target, ast.Name) and _holds(node.value, call, names) and not _parses(node.value)
        }
        if more <= names:
            return names
        names |= more


def _holds(value: ast.expr, call: ast.Call, names: set[str]) -> bool:
    return any(node is call or (isinstance(node, ast.Name) and node.id in names) for node in ast.walk(value))


def _parses(value: ast.expr) -> bool:
    found = (node for node in ast.walk(value) if isinstance(node, ast.Call))
    return any(name_of(node.func) in _PARSERS | _CLASS_PARSERS for node in found)


def shape_elsewhere(keys: Sequence[str], steps: Sequence[Step], read: Callable[[str], Source | None]) -> Shape:
    """The shape of an answer by the places where its keys are read, in whatever files and functions."""
    whole = Shape()
    readers: dict[int, Reader] = {}
    found: dict[str, Shape] = {}
    for step in steps:
        named = _KEY.match(step.what)
        source = read(step.location.path) if named and named[1] in keys else None
        if source is None or named is None:
            continue
        for node in _reads(source, step.location.line, named[1]):
            function = source.function(node)
            reader = readers.setdefault(id(function), Reader(source, function))
            reader.read(node, found.setdefault(named[1], Shape()))
    nested = {key for shape in found.values() for key in shape.all_keys()}
    for key in keys:
        if key not in nested:
            whole.fields[key] = found.get(key, Shape())
    return whole


def _reads(source: Source, line: int, key: str) -> Iterator[ast.expr]:
    """The expressions that read a key, in the statement that starts at the line or on the line itself."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Subscript(slice=ast.Constant(value=value), ctx=ast.Load()) if value == key:
                pass
            case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=value), *_]) if value == key:
                pass
            case _:
                continue
        statement = source.statement(node)
        if node.lineno == line or (statement is not None and statement.lineno == line):
            yield node


def is_plain(source: Source, reading: Reading, one: Parsed, way: str) -> tuple[bool, ast.stmt | None]:
    """Whether what is parsed is the answer's text as it is, and the statement that only gives that text a name."""
    text = _stripped(one.text)
    if source.segment(text) == f"{reading.answer}{way}":
        return True, None
    if not isinstance(text, ast.Name) or len(loads(reading.function, text.id)) != 1:
        return False, None
    bound = stores(source, reading.function, text.id)
    above = source.parents.get(bound[0]) if len(bound) == 1 else None
    if not isinstance(above, ast.Assign) or source.segment(_stripped(above.value)) != f"{reading.answer}{way}":
        return False, None
    return True, above


def _stripped(text: ast.expr) -> ast.expr:
    """Without `.strip()`."""
    if isinstance(text, ast.Call) and name_of(text.func) == "strip" and isinstance(text.func, ast.Attribute):
        return text.func.value
    return text
