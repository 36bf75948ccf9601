"""What conditions on the way to a point say about a name there: it isn't None, or it is one of a few texts."""

from __future__ import annotations

from collections.abc import Sequence

from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import At
from llmlint.linking.evaluation.values import Choice, Constant, Value, choice, options
from llmlint.linking.program.module import Module
from llmlint.linking.program.trees import Dotted, dotted


def narrowed(value: Value, target: Dotted, at: At) -> Value:
    """The value of a name or attribute at a point, without what a condition around or above rules out."""
    said = _texts(target, at)
    if said:
        known = [option for option in options(value) if isinstance(option, Constant)]
        fits: list[Value] = [option for option in known if option.value in said]
        told: list[Value] = [Constant(text) for text in sorted(said)]
        return choice(fits if fits and len(known) == len(options(value)) else told)
    if not isinstance(value, Choice) or not any(_is_none(option) for option in value.options):
        return value
    kept = [option for option in value.options if not _is_none(option)]
    return choice(kept) if kept and _is_given(target, at) else value


def around_default(value: Value, target: Dotted, at: At, events: Sequence[syntax.Event]) -> Value:
    """A value that passed by `if target is None: target = ...`, one of the events: it wasn't None then."""
    if not isinstance(value, Choice) or not any(_is_none(option) for option in value.options):
        return value
    kept = [option for option in value.options if not _is_none(option)]
    around = set(at.module.ancestors(at.use.block))
    return choice(kept) if kept and any(_fills_in(event, target, at, around) for event in events) else value


def _texts(target: Dotted, at: At) -> frozenset[str]:
    """The texts of which the target is one by the condition of an arm around a point; empty where none says so."""
    module, blocks = at.module, at.module.facts.blocks
    if at.use.block >= len(blocks) or blocks[at.use.block].scope != at.scope:
        return frozenset()
    for index in module.ancestors(at.use.block):
        said = module.equal_texts.get(index, {}).get(target) if blocks[index].scope == at.scope else None
        if said and not _bound_since(module, at, target, index):
            return said
    return frozenset()


def _bound_since(module: Module, at: At, target: Dotted, index: int) -> bool:
    start = module.start_of(at.scope, index)
    return any(start <= event.sequence < at.use.sequence for event in module.bindings.get((at.scope, target), ()))


def _fills_in(event: syntax.Event, target: Dotted, at: At, around: set[int]) -> bool:
    blocks = at.module.facts.blocks
    if event.kind != "assign" or event.path or event.sequence >= at.use.sequence or event.block >= len(blocks):
        return False
    block = blocks[event.block]
    return block.kind == "if" and block.parent in around and _says(block.head, target, holds=False)


def _is_none(value: Value) -> bool:
    return isinstance(value, Constant) and value.value is None


def _is_given(target: Dotted, at: At) -> bool:
    module, blocks = at.module, at.module.facts.blocks
    if at.use.block >= len(blocks) or blocks[at.use.block].scope != at.scope:
        return False
    around = list(module.ancestors(at.use.block))
    bound = [event.sequence for event in module.bindings.get((at.scope, target), ())]
    for index in around:
        if blocks[index].scope == at.scope and blocks[index].kind in {"if", "else"}:
            start = module.start_of(at.scope, index)
            if _arm_says(module, index, target) and not any(start <= one < at.use.sequence for one in bound):
                return True
    for parent in around:
        for index, block in module.leaving.get(parent, ()):
            start = module.start_of(at.scope, index)
            said = index not in around and start < at.use.sequence and _says(block.head, target, holds=False)
            if said and not any(start <= one < at.use.sequence for one in bound):
                return True
    return False


def _arm_says(module: Module, index: int, target: Dotted) -> bool:
    """Does being in an arm of an `if` mean that the target is given: by its condition, or by those before it?"""
    blocks = module.facts.blocks
    if blocks[index].kind == "if" and _says(blocks[index].head, target, holds=True):
        return True
    earlier = [arm for arm in module.arms[blocks[index].statement] if arm < index and blocks[arm].kind == "if"]
    return any(_says(blocks[arm].head, target, holds=False) for arm in earlier)


def _says(condition: syntax.Expression | None, target: Dotted, *, holds: bool) -> bool:
    """Does a condition that holds, or doesn't, mean that the target isn't None?"""
    match condition:
        case syntax.Name() | syntax.Attribute():
            return holds and dotted(condition) == target
        case syntax.UnaryOperation(operator="not", operand=operand):
            return _says(operand, target, holds=not holds)
        case syntax.Comparison(left=left, operators=(operator,), operands=(syntax.Constant(value=None),)):
            return dotted(left) == target and operator in ({"is not", "!="} if holds else {"is", "=="})
        case syntax.BooleanOperation(operator=operator, left=left, right=right) if (operator == "and") is holds:
            return _says(left, target, holds=holds) or _says(right, target, holds=holds)
        case syntax.Call(function=syntax.Name("isinstance"), arguments=(first, _)):
            return holds and dotted(first.value) == target
        case _:
            return False
