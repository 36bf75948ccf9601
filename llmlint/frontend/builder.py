"""What grows while one module is walked: scopes, blocks and calls, and where in them the walk is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from llmlint.facts import syntax
from llmlint.facts.syntax import Expression
from llmlint.frontend.positions import LayoutError, Positions

DEPTH_LIMIT = 150

EventKind: TypeAlias = Literal[
    "assign", "augment", "declare", "item", "enter", "catch", "delete", "evaluate", "return", "raise"
]
ScopeKind: TypeAlias = Literal["module", "class", "function", "comprehension"]
BlockKind: TypeAlias = Literal[
    "body", "if", "else", "for", "while", "loop_else", "try", "except", "try_else", "finally", "with", "case"
]
Leaving: TypeAlias = Literal["", "return", "raise", "break", "continue"]
"""How a statement or block is left on every way through it; "" if its end can be reached."""
Mark: TypeAlias = tuple[int, int]
"""The number of the next bracket, and the offset before which no more lambdas are looked for."""


@dataclass(eq=False)
class ScopeDraft:
    """A `Scope` whose events are still being found."""

    kind: ScopeKind
    name: str
    parent: int
    block: int
    line: int
    body: int = 0
    sequence: int = 0
    end_line: int = 0
    events: list[syntax.Event] = field(default_factory=list)
    parameters: tuple[syntax.Parameter, ...] = ()
    decorators: tuple[Expression, ...] = ()
    returns: Expression | None = None
    bases: tuple[syntax.Argument, ...] = ()
    asynchronous: bool = False
    generator: bool = False
    docstring: str | None = None
    outer_names: list[str] = field(default_factory=list)

    def finish(self) -> syntax.Scope:
        """The immutable scope."""
        return syntax.Scope(
            self.kind,
            self.name,
            self.parent,
            self.block,
            self.sequence,
            self.body,
            self.line,
            self.end_line,
            tuple(self.events),
            self.parameters,
            self.decorators,
            self.returns,
            self.bases,
            self.asynchronous,
            self.generator,
            self.docstring,
            tuple(self.outer_names),
        )


@dataclass(eq=False)
class BlockDraft:
    """A `Block` whose end is not reached yet."""

    kind: BlockKind
    parent: int
    scope: int
    statement: int
    line: int
    head: Expression | None = None
    exhaustive: bool = False
    leaves: Leaving = ""
    asynchronous: bool = False

    def finish(self) -> syntax.Block:
        """The immutable block."""
        return syntax.Block(
            self.kind,
            self.parent,
            self.scope,
            self.statement,
            self.line,
            self.head,
            self.exhaustive,
            self.leaves,
            self.asynchronous,
        )


class Builder:
    """State of one walk.

    `scope` and `block` are where evaluation takes place now; `line` is that of the statement, comprehension or lambda.
    `cursor` is the number of the next bracket in the outline: who walks over a bracket moves it.
    """

    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self.scopes: list[ScopeDraft] = []
        self.blocks: list[BlockDraft] = []
        self.calls: list[syntax.CallPlace] = []
        self.scope = 0
        self.block = 0
        self.line = 1
        self.cursor = 0
        self._next_line = 0
        self._searched = 0
        self.depth = 0
        self.sequence = 0
        self.statements = 0
        self.awaited: object = None
        self.breaks: list[bool] = []

    def begin_line(self) -> None:
        """Move on to the next logical line; every simple statement line, decorator and block header is one."""
        outline, number = self.positions.outline, self._next_line
        if number >= len(outline.heads):
            raise LayoutError
        self._next_line += 1
        self.cursor = outline.first[number]
        self.line = self.positions.line(outline.heads[number])

    def last_line(self) -> int:
        """The line on which the current logical line ends."""
        return self.positions.line(self.positions.outline.ends[self._next_line - 1])

    def leave_bracket(self, number: int) -> None:
        """Move on to behind a bracket, whatever was walked over within."""
        resumes = self.positions.outline.resumes
        if number >= len(resumes):
            raise LayoutError
        self.cursor = resumes[number]

    def leave_string(self, number: int) -> None:
        """Move on to behind an f-string; its text is not to be searched for tokens."""
        self.leave_bracket(number)
        self._searched = self.positions.outline.closes[number] + 1

    def mark(self) -> Mark:
        """Where in the source the walk is now."""
        return self.cursor, self._searched

    def jump(self, mark: Mark) -> None:
        """Go back to a part of the source that is evaluated later than what follows it."""
        self.cursor, self._searched = mark

    def resume(self, mark: Mark) -> None:
        """Go on behind all parts that were taken out of order."""
        self.cursor, searched = mark
        self._searched = max(searched, self._searched)

    def lambda_line(self) -> int:
        """The line of the next lambda in the source."""
        start = max(self.positions.outline.heads[self._next_line - 1], self._searched)
        if self.cursor:
            start = max(start, self.positions.opening(self.cursor - 1))
        line, self._searched = self.positions.lambda_line(start)
        return line

    def tick(self) -> int:
        """The next number in order of evaluation."""
        self.sequence += 1
        return self.sequence

    def statement(self) -> int:
        """A number for a statement with arms."""
        self.statements += 1
        return self.statements

    def open_scope(self, kind: ScopeKind, name: str, line: int) -> ScopeDraft:
        """Add a scope with its root block and enter it. `leave` goes back."""
        index = len(self.scopes)
        draft = ScopeDraft(kind, name, self.scope, self.block, line, sequence=self.sequence)
        self.scopes.append(draft)
        draft.body = len(self.blocks)
        self.blocks.append(BlockDraft("body", self.block, index, self.statement(), line))
        self.scope, self.block = index, draft.body
        return draft

    def open_module(self, lines: int) -> ScopeDraft:
        """Add the outermost scope; it is never left."""
        draft = self.open_scope("module", "<module>", 1)
        draft.parent = draft.block = self.blocks[0].parent = -1
        draft.end_line = lines
        return draft

    def leave(self, draft: ScopeDraft) -> None:
        """Go back to where `draft` was opened."""
        self.scope, self.block = draft.parent, draft.block

    def open_block(
        self, kind: BlockKind, statement: int, head: Expression | None = None, *, asynchronous: bool = False
    ) -> BlockDraft:
        """Add a block within the current one and enter it. `close` goes back."""
        draft = BlockDraft(kind, self.block, self.scope, statement, self.line, head, asynchronous=asynchronous)
        self.block = len(self.blocks)
        self.blocks.append(draft)
        return draft

    def close(self, draft: BlockDraft) -> None:
        """Go back to the block around `draft`."""
        self.block = draft.parent

    def emit(
        self,
        kind: EventKind,
        target: Expression | None,
        value: Expression | None,
        path: tuple[int, ...] = (),
        sequence: int = 0,
    ) -> None:
        """Add an event to the current scope and block; without `sequence` it gets the next number."""
        number = sequence or self.tick()
        self.add(syntax.Event(kind, target, value, number, self.block, self.line, path))

    def add(self, event: syntax.Event) -> None:
        """Add an event with more to it to the current scope."""
        self.scopes[self.scope].events.append(event)

    def function(self) -> ScopeDraft | None:
        """The innermost function around the current scope, looking through comprehensions only."""
        index = self.scope
        while self.scopes[index].kind == "comprehension":
            index = self.scopes[index].parent
        draft = self.scopes[index]
        return draft if draft.kind == "function" else None
