"""Which entries of a dictionary the body of a loop picks out by their keys: it does the rest with those few alone."""

from __future__ import annotations

from collections.abc import Iterator

from llmlint.facts import syntax
from llmlint.linking.program.module import Module


def picked_names(module: Module, index: int) -> set[str]:
    """The names that hold one of a few constants wherever a block runs: `if key == "a"`, `case "a"`."""
    blocks = module.facts.blocks
    block = blocks[index]
    if block.kind == "if":
        return set(_compared(block.head))
    if block.kind == "case" and isinstance(block.head, syntax.Name):
        arms = [i for i, one in enumerate(blocks) if one.statement == block.statement and one.scope == block.scope]
        return set() if block.exhaustive and index == arms[-1] else {block.head.name}  # `case _` comes last
    return set()


def _compared(condition: syntax.Expression | None) -> Iterator[str]:
    match condition:
        case syntax.BooleanOperation(operator="and", left=left, right=right):
            yield from _compared(left)
            yield from _compared(right)
        case syntax.Comparison(left=syntax.Name(name=name), operators=("==",), operands=(syntax.Constant(),)):
            yield name
        case syntax.Comparison(left=syntax.Name(name=name), operators=("in",), operands=(syntax.Sequence() as few,)):
            if all(isinstance(item, syntax.Constant) for item in few.items):
                yield name


def key_names(module: Module, index: int) -> set[str]:
    """The names that a loop gives to the keys of a dictionary, no two of which are equal."""
    block = module.facts.blocks[index]
    match block.head:
        case syntax.Call(function=syntax.Attribute(name="items" | "keys" as method), arguments=()):
            path = (0,) if method == "items" else ()
        case _:
            return set()
    events = module.facts.scopes[block.scope].events
    mine = (one for one in events if one.kind == "item" and one.line == block.line and one.path == path)
    return {one.target.name for one in mine if isinstance(one.target, syntax.Name)}
