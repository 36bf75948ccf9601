"""Which bindings of a name can hold at a use: reaching definitions over the tree of blocks of one scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from llmlint.facts.syntax import Event, Subscript
from llmlint.linking.program.module import Module, Mutation
from llmlint.linking.program.wording import source

_ALWAYS = frozenset({"with", "finally"})
"""Blocks that run whenever the statement they belong to is reached."""
_EXCLUSIVE = {
    "if": {"if", "else"},
    "else": {"if", "else"},
    "case": {"case"},
    "except": {"except", "try_else"},
    "try_else": {"except"},
}
_LOOPS = frozenset({"for", "while"})


class Reaching(NamedTuple):
    """`events` may hold at the use; `certain` if one of them must (nothing older shows through)."""

    events: list[Event]
    certain: bool


class Use(NamedTuple):
    """A point in a scope. An infinite `sequence` is the end of the scope."""

    block: int
    sequence: float


def reaching(module: Module, events: Sequence[Event], use: Use) -> Reaching:
    """The events, all of one name in one scope, that can hold at `use`: those before it and, in a loop, after it."""
    around = list(module.ancestors(use.block))
    found, killer = _before(module, events, use, around)
    loops = [block for block in around if module.facts.blocks[block].kind in _LOOPS]
    for loop in loops:
        if killer is not None and loop in module.ancestors(killer.block):
            break
        later = (event for event in events if event.sequence >= use.sequence and loop in module.ancestors(event.block))
        found.extend(event for event in later if event not in found)
    return Reaching(found, killer is not None)


def _before(module: Module, events: Sequence[Event], use: Use, around: list[int]) -> tuple[list[Event], Event | None]:
    found: list[Event] = []
    covered: set[int] = set()
    for event in reversed([event for event in events if event.sequence < use.sequence]):
        block = event.block
        if relation(module, block, around) == "excluded":
            continue
        found.append(event)
        if event.kind != "augment" or block in around:
            covered.add(block)
            if _dominates(module, block, around, covered):
                return found, event
    return found, None


def relation(module: Module, block: int, around: Sequence[int]) -> str:
    """How a block stands to the blocks around a use: "around" it, "excluded" (never flows there) or "maybe"."""
    blocks = module.facts.blocks
    result = "around"
    while block not in around:
        here = blocks[block]
        parent = here.parent
        if parent < 0 or blocks[parent].scope != here.scope:
            break
        if parent in around:
            sibling = next((b for b in around if blocks[b].parent == parent and b != parent), None)
            if sibling is not None and blocks[sibling].statement == here.statement:
                if blocks[sibling].kind in _EXCLUSIVE.get(here.kind, ()):
                    return "excluded"
                if here.leaves in {"return", "raise"} and not (
                    here.kind == "try" and blocks[sibling].kind != "try_else"
                ):
                    return "excluded"
            elif here.leaves in {"return", "raise"} and here.kind != "try":
                return "excluded"
        elif here.leaves in {"return", "raise"} and here.kind != "try":
            return "excluded"
        if here.kind not in _ALWAYS:
            result = "maybe"
        block = parent
    return result


def _dominates(module: Module, block: int, around: Sequence[int], covered: set[int]) -> bool:
    """Is every way to the use covered, given that the blocks in `covered` bind the name?"""
    blocks = module.facts.blocks
    while block not in around:
        here = blocks[block]
        if here.parent < 0:
            return True
        if here.kind not in _ALWAYS and not _all_arms(module, here.statement, here.exhaustive, covered):
            return False
        block = here.parent
        covered.add(block)
    return True


def _all_arms(module: Module, statement: int, exhaustive: bool, covered: set[int]) -> bool:
    arms = module.arms[statement]
    kinds = {module.facts.blocks[arm].kind for arm in arms}
    if "try" in kinds:
        needed = [arm for arm in arms if module.facts.blocks[arm].kind in {"try", "except"}]
    elif exhaustive:
        needed = arms
    else:
        return False
    return all(arm in covered or module.facts.blocks[arm].leaves in {"return", "raise"} for arm in needed)


class MutationUse(NamedTuple):
    """A mutation between a binding and a use. `conditional`: not on every way; `repeated`: in a loop that the
    binding is outside of; `grows`: that loop holds the use as well."""

    mutation: Mutation
    conditional: bool
    repeated: bool
    grows: bool


def mutations_between(
    module: Module, mutations: Sequence[Mutation], start: Event | None, use: Use
) -> list[MutationUse]:
    """The mutations that can happen after `start` (None: scope entry) and before `use`, in source order."""
    around = list(module.ancestors(use.block))
    start_blocks = list(module.ancestors(start.block)) if start is not None else []
    since = start.sequence if start is not None else -1
    loops = [b for b in around if module.facts.blocks[b].kind in _LOOPS and b not in start_blocks]
    found: list[MutationUse] = []
    for mutation in mutations:
        event = mutation.event
        inside = list(module.ancestors(event.block))
        shared = [loop for loop in loops if loop in inside]
        if event.sequence <= since or (event.sequence >= use.sequence and not shared):
            continue
        how = relation(module, event.block, around)
        if how == "excluded" and not shared:
            continue
        repeated = any(module.facts.blocks[b].kind in _LOOPS and b not in start_blocks for b in inside)
        found.append(MutationUse(mutation, how != "around", repeated, bool(shared)))
    return _complete(module, found, around)


def _complete(module: Module, uses: list[MutationUse], around: list[int]) -> list[MutationUse]:
    """Where every arm of a statement sets the same key, one of them is certain: the first stands for that."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for index, use in enumerate(uses):
        target = use.mutation.event.target
        if use.conditional and not use.repeated and use.mutation.method == "[]" and isinstance(target, Subscript):
            by_key[source(target)].append(index)
    for indexes in by_key.values():
        covered = {uses[index].mutation.event.block for index in indexes}
        if len(covered) > 1 and _dominates(module, uses[indexes[-1]].mutation.event.block, around, covered):
            uses[indexes[0]] = uses[indexes[0]]._replace(conditional=False)
    return uses
