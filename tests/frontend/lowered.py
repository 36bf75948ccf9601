"""Lowered sources and readable text for what is in them, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import starmap
from textwrap import dedent
from typing import Any

from llmlint.facts import syntax
from llmlint.facts.encoding import decode, encode
from llmlint.facts.syntax import REST, Block, CallPlace, ModuleFacts, Scope, SourceProblem
from llmlint.frontend import lower


def module(source: str) -> ModuleFacts:
    """Facts of a source that is right. What they encode to is read back on the way."""
    facts = lower(dedent(source).encode())
    assert isinstance(facts, ModuleFacts), facts
    assert encode(decode(encode(facts))) == encode(facts)
    return facts


def problem(source: str | bytes) -> SourceProblem:
    """What is wrong with a source that is not."""
    found = lower(source if isinstance(source, bytes) else source.encode())
    assert isinstance(found, SourceProblem)
    return found


def scope(facts: ModuleFacts, name: str) -> Scope:
    """The only scope of that name."""
    (found,) = [each for each in facts.scopes if each.name == name]
    return found


def events(facts: ModuleFacts, name: str = "<module>") -> list[str]:
    """The events of a scope, such as `assign a = f(1)`, in order."""
    return [event(each) for each in scope(facts, name).events]


def event(each: syntax.Event) -> str:
    """One event as text; what is usual isn't mentioned."""
    target = "" if each.target is None else f" {shown(each.target)}"
    path = "".join("[rest]" if position == REST else f"[{position}]" for position in each.path)
    annotation = "" if each.annotation is None else f": {shown(each.annotation)}"
    value = "" if each.value is None else f" {each.operator}= {shown(each.value)}"
    return f"{'async ' * each.asynchronous}{each.kind}{target}{annotation}{value}{path and ' at ' + path}"


def value(source: str) -> str:
    """The value of one expression, as text."""
    (only,) = events(module(f"x = {source}\n"))
    return only.removeprefix("assign x = ")


def blocks(facts: ModuleFacts) -> list[str]:
    """Blocks as `kind<parent`, followed by how they are left; `!` marks arms of which one always runs."""
    return [_block(each) for each in facts.blocks]


def _block(each: Block) -> str:
    return f"{each.kind}<{each.parent}{'!' * each.exhaustive}{each.leaves and ' ' + each.leaves}"


def call(facts: ModuleFacts, text: str) -> CallPlace:
    """The only call of that callee."""
    (found,) = [each for each in facts.calls if each.text == text]
    return found


def place(each: CallPlace) -> tuple[int, int, int, int]:
    """Its span as numbers."""
    span = each.place
    return span.line, span.column, span.end_line, span.end_column


def shown(node: syntax.Expression) -> str:
    """An expression as text: close to Python, with brackets where the structure isn't plain."""
    return _FORMS[type(node)](node)


def _listed(nodes: Iterable[syntax.Expression]) -> str:
    return ", ".join(map(shown, nodes))


def _optional(node: syntax.Expression | None) -> str:
    return "" if node is None else shown(node)


def _argument(each: syntax.Argument) -> str:
    return f"{each.keyword}={shown(each.value)}" if each.keyword else f"{'*' * each.star}{shown(each.value)}"


def _pair(key: syntax.Expression | None, item: syntax.Expression) -> str:
    return f"**{shown(item)}" if key is None else f"{shown(key)}: {shown(item)}"


def _hole(node: syntax.FormattedValue) -> str:
    conversion = f"!{node.conversion}" if node.conversion else ""
    return f"{{{shown(node.value)}{conversion}{'' if node.spec is None else ':' + node.spec}}}"


def _comparison(node: syntax.Comparison) -> str:
    rest = (f" {op} {shown(each)}" for op, each in zip(node.operators, node.operands, strict=True))
    return f"({shown(node.left)}{''.join(rest)})"


def _binary(node: syntax.BinaryOperation | syntax.BooleanOperation) -> str:
    return f"({shown(node.left)} {node.operator} {shown(node.right)})"


def _comprehension(node: syntax.Comprehension) -> str:
    key = "" if node.key is None else f"{shown(node.key)}: "
    return f"{node.kind} {node.scope}({key}{shown(node.element)})"


_FORMS: dict[type[syntax.Node], Callable[[Any], str]] = {
    syntax.Constant: lambda node: repr(node.value),
    syntax.Name: lambda node: node.name,
    syntax.Attribute: lambda node: f"{shown(node.value)}.{node.name}",
    syntax.Subscript: lambda node: f"{shown(node.value)}[{shown(node.index)}]",
    syntax.Slice: lambda node: ":".join(map(_optional, (node.lower, node.upper, node.step))),
    syntax.Call: lambda node: f"{shown(node.function)}({', '.join(map(_argument, node.arguments))})",
    syntax.Sequence: lambda node: f"{node.kind}({_listed(node.items)})",
    syntax.Mapping: lambda node: f"{{{', '.join(starmap(_pair, node.items))}}}",
    syntax.FormattedString: lambda node: f"f<{''.join(map(shown, node.parts))}>",
    syntax.FormattedValue: _hole,
    syntax.Await: lambda node: f"await {shown(node.value)}",
    syntax.Yield: lambda node: f"yield {'from ' * node.delegates}{_optional(node.value)}".rstrip(),
    syntax.Starred: lambda node: f"*{shown(node.value)}",
    syntax.BinaryOperation: _binary,
    syntax.BooleanOperation: _binary,
    syntax.Comparison: _comparison,
    syntax.UnaryOperation: lambda node: f"({node.operator} {shown(node.operand)})",
    syntax.Conditional: lambda node: f"({shown(node.body)} if {shown(node.test)} else {shown(node.otherwise)})",
    syntax.NamedExpression: lambda node: f"({node.target} := {shown(node.value)})",
    syntax.Comprehension: _comprehension,
    syntax.FunctionReference: lambda node: f"<def {node.scope}>",
    syntax.ClassReference: lambda node: f"<class {node.scope}>",
    syntax.ImportedModule: lambda node: f"<import {node.module} as {node.bound}>",
    syntax.ImportedName: lambda node: f"<from {'.' * node.level}{node.module} import {node.name}>",
    syntax.Opaque: lambda node: f"<{node.text}>",
}
