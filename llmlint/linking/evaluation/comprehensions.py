"""Comprehensions: what they make of what they go through."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import At, at_event
from llmlint.linking.evaluation.values import WIDTH_LIMIT, Entries, Items, Many, Spread, Value
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import walk

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


def comprehension(resolver: Resolver, node: syntax.Comprehension, at: At) -> Value:
    """Zero or more of the element; an element for each item where what it goes through is known item by item."""
    each = _each(resolver, node, at)
    if each is not None:
        return each
    scope = at.module.facts.scopes[node.scope]
    inner = At(at.frame, node.scope, Use(scope.body, float("inf")))
    element_value = resolver.evaluate(node.element, inner)
    if node.key is not None:
        return Entries(((Many(resolver.evaluate(node.key, inner)), element_value),))
    if node.kind == "dict":
        return Entries(((Spread(), element_value),))
    return Items(node.kind, (Many(element_value),))


def _each(resolver: Resolver, node: syntax.Comprehension, at: At) -> Items | None:
    """The elements in order, for one loop over a few items of which some are there for certain."""
    scope = at.module.facts.scopes[node.scope]
    loops = [event for event in scope.events if event.kind == "item"]
    if len(loops) != 1 or loops[0].path or loops[0].value is None or node.kind not in {"list", "generator"}:
        return None
    if any(map(_runs_later, walk(node.element))):
        return None
    gone_through = resolver.evaluate(loops[0].value, at_event(at.frame, node.scope, loops[0]))
    if not isinstance(gone_through, Items) or gone_through.kind == "set":
        return None
    if not 1 < len(gone_through.items) <= WIDTH_LIMIT or all(isinstance(item, Many) for item in gone_through.items):
        return None
    some = any(event.kind == "evaluate" for event in scope.events)  # a condition leaves items out
    found: list[Value] = []
    for index, item in enumerate(gone_through.items):
        plain = item.item if isinstance(item, Many) else item
        frame = resolver.frames.turn(at.frame, node.scope, loops[0].sequence, index, plain)
        value = resolver.evaluate(node.element, At(frame, node.scope, Use(scope.body, float("inf"))))
        found.append(replace(item, item=value) if isinstance(item, Many) else Many(value) if some else value)
    return Items(node.kind, tuple(found))


def _runs_later(node: syntax.Node) -> bool:
    """Whether it runs when the loop is over, and so sees its last item."""
    lazy = isinstance(node, syntax.Comprehension) and node.kind == "generator"
    return lazy or isinstance(node, syntax.FunctionReference)
