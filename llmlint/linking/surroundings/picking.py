"""Loops that look as if they went through data: over a dictionary of which a few keys are picked out, over settings."""

from __future__ import annotations

from collections.abc import Iterator

from llmlint.facts import syntax
from llmlint.linking.program.module import Module
from llmlint.linking.program.trees import walk

_SETTINGS = frozenset({"temperature", "top_p", "seed", "model", "n"})
"""Arguments that say how something is answered, not what is asked."""


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


def varies_settings(module: Module, index: int, call: syntax.Call) -> bool:
    """Does each round of a loop ask the same again, with another model or temperature?"""
    block = module.facts.blocks[index]
    events = module.facts.scopes[block.scope].events
    items = (event.target for event in events if event.kind == "item" and event.line == block.line)
    mine = {target.name for target in items if isinstance(target, syntax.Name)}
    settings = [one.value for one in call.arguments if one.keyword in _SETTINGS and _uses(one.value, mine)]
    others = [one.value for one in call.arguments if one.keyword not in _SETTINGS and _uses(one.value, mine)]
    inside = (event for event in events if event.kind != "item" and index in module.ancestors(event.block))
    made = (event.value for event in inside if event.kind == "assign" and event.value is not None)
    return bool(settings) and not others and not any(_uses(one, mine) and call not in walk(one) for one in made)


def _uses(value: syntax.Node, names: set[str]) -> bool:
    return any(isinstance(node, syntax.Name) and node.name in names for node in walk(value))
