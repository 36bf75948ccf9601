"""Moving about in the expressions of an event: parents, children, the scopes that see a name."""

from __future__ import annotations

from collections.abc import Iterator

from llmlint.facts import syntax
from llmlint.linking.modules import Module


def parents_of(event: syntax.Event) -> dict[int, syntax.Node]:
    """The parent of every node of an event's value."""
    found: dict[int, syntax.Node] = {}
    waiting: list[syntax.Node] = [event.value] if event.value is not None else []
    while waiting:
        node = waiting.pop()
        for child in children(node):
            found[id(child)] = node
            waiting.append(child)
    return found


def children(node: syntax.Node) -> Iterator[syntax.Node]:
    waiting: list[object] = [getattr(node, name) for name in node.__struct_fields__]
    while waiting:
        value = waiting.pop()
        if isinstance(value, syntax.Node):
            yield value
        elif isinstance(value, tuple):
            waiting.extend(value)


def scopes_inside(module: Module, scope: int) -> Iterator[int]:
    """The scope, and the comprehensions and functions inside it that see its names."""
    waiting = [scope]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(module.children.get(current, ()) if current else ())
