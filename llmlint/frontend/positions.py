"""Where calls and lines stand in the source."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from llmlint.facts.syntax import Place


class Positions:
    """Places of the nodes of one module."""

    def __init__(self, module: cst.Module, text: str) -> None:
        self._ranges = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
        self._lines = text.split("\n")

    def place(self, node: cst.CSTNode) -> Place:
        """The span of a node, without parentheses around it."""
        span = self._ranges[node]
        return Place(span.start.line, span.start.column + 1, span.end.line, span.end.column + 1)

    def line(self, node: cst.CSTNode) -> int:
        """The line on which a node starts."""
        return self._ranges[node].start.line

    def end_line(self, node: cst.CSTNode) -> int:
        """The last line of a node."""
        return self._ranges[node].end.line

    def text(self, node: cst.CSTNode) -> str:
        """Source of a node."""
        place = self.place(node)
        if place.line == place.end_line:
            return self._lines[place.line - 1][place.column - 1 : place.end_column - 1]
        first = self._lines[place.line - 1][place.column - 1 :]
        last = self._lines[place.end_line - 1][: place.end_column - 1]
        return "\n".join([first, *self._lines[place.line : place.end_line - 1], last])
