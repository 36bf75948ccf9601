"""Compound statements to blocks, with how each is left."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from llmlint.facts.syntax import Call, Event, Expression
from llmlint.frontend.brackets import count_brackets
from llmlint.frontend.builder import BlockDraft, BlockKind, Builder, Leaving
from llmlint.frontend.dispatch import expression, lowers_statement, optional, statement
from llmlint.frontend.patterns import bind_pattern, irrefutable
from llmlint.frontend.statements import dotted_name
from llmlint.frontend.targets import bind, value_first

_NEAREST: tuple[Leaving, ...] = ("continue", "break", "return", "raise")
_SUPPRESSORS = frozenset({"suppress", "raises"})
_TRUE = frozenset({"True", "1"})


def suite(builder: Builder, node: cst.BaseSuite | cst.Module) -> Leaving:
    """Lower the statements of a body in order; how it is left, or "" if its end can be reached."""
    lower = statement if isinstance(node, cst.SimpleStatementSuite) else line
    leaving: Leaving = ""
    for child in node.body:
        ways = lower(builder, child)
        leaving = leaving or ways
    return leaving


def line(builder: Builder, node: cst.CSTNode) -> Leaving:
    """Lower one line or compound statement; the rest of a line behind `return` is lowered too."""
    builder.begin_line()
    if type(node) is not cst.SimpleStatementLine:
        return statement(builder, node)
    leaving: Leaving = ""
    for small in node.body:
        ways = statement(builder, small)
        leaving = leaving or ways
    return leaving


def arm(builder: Builder, block: BlockDraft, body: cst.BaseSuite) -> Leaving:
    """Lower `body` in `block` and close it."""
    block.leaves = suite(builder, body)
    builder.close(block)
    return block.leaves


def together(ways: Sequence[Leaving]) -> Leaving:
    """How several ways through are left together: "" if one falls through, else what gets least far."""
    return "" if not all(ways) else min(ways, key=_NEAREST.index)


@lowers_statement(cst.If)
def _if(builder: Builder, node: cst.If) -> Leaving:
    number = builder.statement()
    arms: list[BlockDraft] = []
    branch: cst.If | cst.Else | None = node
    while isinstance(branch, cst.If):
        if branch is not node:
            builder.begin_line()
        test = expression(builder, branch.test)
        builder.emit("evaluate", None, test)
        arms.append(builder.open_block("if", number, test))
        arm(builder, arms[-1], branch.body)
        branch = branch.orelse
    if branch is None:
        return ""
    arms.append(_else(builder, "else", number, branch))
    return _exhaust(arms)


def _else(builder: Builder, kind: BlockKind, number: int, node: cst.Else | cst.Finally) -> BlockDraft:
    builder.begin_line()
    block = builder.open_block(kind, number)
    arm(builder, block, node.body)
    return block


def _exhaust(arms: Sequence[BlockDraft]) -> Leaving:
    for block in arms:
        block.exhaustive = True
    return together([block.leaves for block in arms])


@lowers_statement(cst.For)
def _for(builder: Builder, node: cst.For) -> Leaving:
    number = builder.statement()
    iterable, behind = value_first(builder, [node.target], node.iter)
    asynchronous = node.asynchronous is not None
    block = builder.open_block("for", number, iterable, asynchronous=asynchronous)
    bind(builder, "item", node.target, iterable, asynchronous=asynchronous)
    builder.resume(behind)
    return _loop(builder, block, node, endless=False)


@lowers_statement(cst.While)
def _while(builder: Builder, node: cst.While) -> Leaving:
    block = builder.open_block("while", builder.statement())
    block.head = expression(builder, node.test)  # evaluated at every turn, hence in the block
    builder.emit("evaluate", None, block.head)
    return _loop(builder, block, node, endless=getattr(node.test, "value", None) in _TRUE)


def _loop(builder: Builder, block: BlockDraft, node: cst.For | cst.While, *, endless: bool) -> Leaving:
    builder.breaks.append(False)
    arm(builder, block, node.body)
    broken = builder.breaks.pop()
    other = _else(builder, "loop_else", block.statement, node.orelse).leaves if node.orelse else ""
    if broken:
        return ""
    return "return" if endless else other


@lowers_statement(cst.Try, cst.TryStar)
def _try(builder: Builder, node: cst.Try | cst.TryStar) -> Leaving:
    number = builder.statement()
    block = builder.open_block("try", number)
    ways = [arm(builder, block, node.body)]
    ways.extend([_handler(builder, number, handler) for handler in node.handlers])
    if node.orelse is not None:
        ways[0] = _else(builder, "try_else", number, node.orelse).leaves or ways[0]
    last = _else(builder, "finally", number, node.finalbody).leaves if node.finalbody is not None else ""
    return last or together(ways)


def _handler(builder: Builder, number: int, node: cst.ExceptHandler | cst.ExceptStarHandler) -> Leaving:
    builder.begin_line()
    caught = optional(builder, node.type)
    block = builder.open_block("except", number, caught)
    if node.name is not None:
        bind(builder, "catch", node.name.name, caught)
    else:
        builder.emit("catch", None, caught)
    return arm(builder, block, node.body)


@lowers_statement(cst.With)
def _with(builder: Builder, node: cst.With) -> Leaving:
    asynchronous = node.asynchronous is not None
    builder.cursor += isinstance(node.lpar, cst.LeftParen)
    opened: list[BlockDraft] = []
    suppressed = False
    for item in node.items:
        manager = expression(builder, item.item)
        suppressed = suppressed or _suppresses(manager, item.item)
        opened.append(builder.open_block("with", builder.statement(), manager, asynchronous=asynchronous))
        if item.asname is not None:
            bind(builder, "enter", item.asname.name, manager, asynchronous=asynchronous)
        else:
            place = (builder.tick(), builder.block, builder.line)
            builder.add(Event("enter", None, manager, *place, asynchronous=asynchronous))
    leaving = suite(builder, node.body)
    for block in reversed(opened):
        block.leaves = leaving
        builder.close(block)
    return "" if suppressed else leaving


def _suppresses(manager: Expression, node: cst.BaseExpression) -> bool:
    """Whether a raise inside may go on behind the block."""
    if not isinstance(manager, Call) or not isinstance(node, cst.Call):
        return False
    return dotted_name(node.func).rpartition(".")[2] in _SUPPRESSORS


@lowers_statement(cst.Match)
def _match(builder: Builder, node: cst.Match) -> Leaving:
    number = builder.statement()
    subject = expression(builder, node.subject)
    builder.emit("evaluate", None, subject)
    arms = [_case(builder, number, subject, case) for case in node.cases]
    total = any(case.guard is None and irrefutable(case.pattern) for case in node.cases)
    return _exhaust(arms) if total else ""


def _case(builder: Builder, number: int, subject: Expression, node: cst.MatchCase) -> BlockDraft:
    builder.begin_line()
    block = builder.open_block("case", number, subject)
    behind = builder.cursor + count_brackets(node.pattern)
    bind_pattern(builder, node.pattern, subject)
    builder.cursor = behind
    if node.guard is not None:
        builder.emit("evaluate", None, expression(builder, node.guard))
    arm(builder, block, node.body)
    return block
