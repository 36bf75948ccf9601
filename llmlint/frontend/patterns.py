"""What the patterns of a `match` bind."""

from __future__ import annotations

import libcst as cst

from llmlint.facts import syntax
from llmlint.facts.syntax import Expression
from llmlint.frontend.builder import Builder
from llmlint.frontend.dispatch import expression


def irrefutable(node: cst.MatchPattern) -> bool:
    """Whether a pattern matches everything: `_`, a name, or an alternative that does."""
    if isinstance(node, cst.MatchAs):
        return node.pattern is None or irrefutable(node.pattern)
    return isinstance(node, cst.MatchOr) and any(irrefutable(part.pattern) for part in node.patterns)


def bind_pattern(builder: Builder, node: cst.CSTNode, subject: Expression, path: tuple[int, ...] = ()) -> None:
    """Assign events for the names in a pattern: what each takes from `subject`."""
    if isinstance(node, cst.MatchAs):
        if node.pattern is not None:
            bind_pattern(builder, node.pattern, subject, path)
        _capture(builder, node.name, subject, path)
    elif isinstance(node, cst.MatchOr):
        for part in node.patterns:
            bind_pattern(builder, part.pattern, subject, path)
    elif isinstance(node, cst.MatchSequence):
        _bind_sequence(builder, node, subject, path)
    elif isinstance(node, cst.MatchMapping):
        _bind_mapping(builder, node, subject, path)
    elif isinstance(node, cst.MatchClass):
        _bind_class(builder, node, subject, path)


def _capture(builder: Builder, name: cst.Name | None, value: Expression, path: tuple[int, ...]) -> None:
    if name is not None:
        builder.emit("assign", syntax.Name(name.value), value, path)


def _element(subject: Expression, path: tuple[int, ...]) -> Expression:
    """The element at `path` as an expression, so that more can be taken from it."""
    for position in path:
        index = syntax.Opaque("element behind a star") if position < 0 else syntax.Constant(position)
        subject = syntax.Subscript(subject, index)
    return subject


def _bind_sequence(builder: Builder, node: cst.MatchSequence, subject: Expression, path: tuple[int, ...]) -> None:
    starred = False
    for position, element in enumerate(node.patterns):
        starred = starred or isinstance(element, cst.MatchStar)
        here = (*path, -1 if starred else position)
        if isinstance(element, cst.MatchStar):
            _capture(builder, element.name, subject, here)
        else:
            bind_pattern(builder, element.value, subject, here)


def _bind_mapping(builder: Builder, node: cst.MatchMapping, subject: Expression, path: tuple[int, ...]) -> None:
    whole = _element(subject, path)
    for element in node.elements:
        key = expression(builder, element.key)
        bind_pattern(builder, element.pattern, syntax.Subscript(whole, key))
    _capture(builder, node.rest, syntax.Opaque("the rest of a mapping"), ())


def _bind_class(builder: Builder, node: cst.MatchClass, subject: Expression, path: tuple[int, ...]) -> None:
    whole = _element(subject, path)
    for element in node.patterns:
        bind_pattern(builder, element.value, syntax.Opaque("attribute by position"))
    for keyword in node.kwds:
        bind_pattern(builder, keyword.pattern, syntax.Attribute(whole, keyword.key.value))
