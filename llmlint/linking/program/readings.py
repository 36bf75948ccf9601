"""What is known about an answer on its way, and what was found to be done with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from llmlint.facts import syntax
from llmlint.facts.call_site import Step
from llmlint.linking.program.module import Module
from llmlint.linking.program.trees import walk


@dataclass(frozen=True, slots=True)
class Flow:
    """A stretch of data on its way: the `answer` object at a `path`, its `text`, or data `parsed` from it."""

    stage: str
    path: tuple[str, ...] = ()
    depth: int = 0
    back: tuple[tuple[Module, syntax.Call], ...] = ()
    """The calls through which it went into functions, the last first: a return leads back to them."""
    inside: tuple[str | int, ...] = ()
    """The keys and places under which it stands in containers that it was put into, the outermost first."""
    shared: bool = False
    """Whether it was returned to several callers, of which any may be the one."""


@dataclass(slots=True)
class Reading:
    """What is done with an answer, in order of discovery and without repeats."""

    read_as: dict[str, Step | None] = field(default_factory=dict)
    keys: dict[str, Step | None] = field(default_factory=dict)
    compared: dict[str, Step | None] = field(default_factory=dict)
    """What the answer, or a part of it, is compared with."""
    whole: set[str] = field(default_factory=set)
    """The constants that only its whole text is compared with."""
    names: set[tuple[int, int, str]] = field(default_factory=set)
    """Module, scope and name of every variable that holds the answer or what is made of it."""
    complete: bool = True
    certain: set[str] = field(default_factory=set)
    """What of `read_as` is done with it whoever of several callers gets it."""

    def labels(self) -> dict[str, Step | None]:
        """What it is compared with, but for the words that stand in place of data where it is read as data."""
        data = _DATA & set(self.read_as)
        return {constant: step for constant, step in self.compared.items() if not (data and constant in self.whole)}


_DATA = frozenset({"json", "pydantic", "python"})
WORDS = {
    "json": "parsed as JSON",
    "pydantic": "read into a class",
    "number": "read as a number",
    "regex": "searched with a regular expression",
    "compared": "compared with constants",
    "stored": "kept in an attribute",
    "iterated": "read with whatever keys it has",
}


def is_an_answer(constant: str) -> bool:
    """Is it something a model would say, and no fence, bracket or emptiness that tells where an answer begins?"""
    return not constant.strip().startswith("```") and any(character.isalnum() for character in constant)


def raises_unless(module: Module, scope: int, condition: syntax.Node) -> bool:
    """Does an `if` with this condition always raise, so that it asks for the form of an answer, not for its words?"""
    heads = (block.head for block in module.facts.blocks if block.scope == scope and block.leaves == "raise")
    return any(node is condition for head in heads if head is not None for node in walk(head))
