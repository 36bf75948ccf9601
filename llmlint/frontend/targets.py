"""Assignment targets to events: one per name, attribute or subscript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from llmlint.facts.syntax import REST, Event, Expression
from llmlint.frontend.brackets import count_brackets
from llmlint.frontend.builder import Builder, EventKind, Mark
from llmlint.frontend.dispatch import expression

Leaf = tuple[Expression, tuple[int, ...]]


def leaves_of(builder: Builder, node: cst.BaseExpression, path: tuple[int, ...] = ()) -> Iterator[Leaf]:
    """Every single target within `node`, with the element it takes; those after a star are counted from the end."""
    if type(node) is cst.Tuple or type(node) is cst.List:
        builder.cursor += len(node.lpar) + (type(node) is cst.List)
        starred = False
        for position, element in enumerate(node.elements):
            if isinstance(element, cst.StarredElement):
                starred = True
                yield from leaves_of(builder, element, (*path, REST))
            else:
                place = position - len(node.elements) if starred else position
                yield from leaves_of(builder, element.value, (*path, place))
    elif type(node) is cst.StarredElement:
        builder.cursor += len(node.lpar)
        yield from leaves_of(builder, node.value, path)
    else:
        yield expression(builder, node), path


def bind(
    builder: Builder, kind: EventKind, node: cst.BaseExpression, value: Expression | None, *, asynchronous: bool = False
) -> None:
    """Events that bind everything in `node`; they share a number, as all see what was bound before."""
    found = list(leaves_of(builder, node))
    number, block, line = builder.tick(), builder.block, builder.line
    for target, path in found:
        builder.add(Event(kind, target, value, number, block, line, path, asynchronous=asynchronous))


def value_first(
    builder: Builder, targets: Sequence[cst.BaseExpression], value: cst.BaseExpression
) -> tuple[Expression, Mark]:
    """Lower what is evaluated first but stands behind its targets, and say where to go on behind both.

    `builder` is left at the targets.
    """
    start = builder.mark()
    skipped = sum(map(count_brackets, targets))
    builder.cursor += skipped
    result = expression(builder, value)
    behind = builder.mark()
    if skipped:
        builder.jump(start)
    return result, behind
