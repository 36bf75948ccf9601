"""Outline of a module to what its parsing will take: nothing unusual, a large stack, or more than there is.

The parser recurses once per bracket, operator and `elif`; it ends the process where the stack ends, and for a few forms
its time grows steeply with depth. So the text is judged before it is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from llmlint.frontend.scanning import COMMENTS, STRINGS, Outline

BRACKET_LIMIT = 100
"""Brackets in one another. Python itself stops at 200; people stop at 20."""
CHAIN_LIMIT = 1000
"""Operators, dots and brackets in one element of a statement, those around it included."""
ELIF_LIMIT = 3000
PATTERN_LIMIT = 7
"""Brackets in one another in a pattern or `del`: each more takes the parser three times as long."""
_EFFORT_LIMIT = 5_000_000
"""Sum of the squared depths of all brackets deeper than is usual: about one second of parsing."""
_PATTERN_EFFORT_LIMIT = 50_000
_USUAL_DEPTH = 20
_USUAL_PATTERN = 3
_USUAL_CHAIN = 150
_USUAL_ELIFS = 200

_LEVELS = r"[-+*/%@&|^~.]|\b(?:not|lambda|else|and|or|for|if|await|yield)\b"
_LEVEL = re.compile(rf"[(\[]|{_LEVELS}")
_TOKEN = re.compile(rf"(?P<level>{_LEVELS})|[()\[\]{{}},;]|{STRINGS}|{COMMENTS}", re.DOTALL)
_PATTERN_HEAD = re.compile(r"(?:case|del)\b")
_PATTERN_END = re.compile(rf"(?P<end>:|\bif\b)|[(\[{{]|{STRINGS}", re.DOTALL)
_PLAIN_HOLE = re.compile(r"\{[^{}]*\}")
_OPENING, _CLOSING, _LASTING = frozenset("([{"), frozenset(")]}"), frozenset({"lambda", "for"})
_ELIF = re.compile(r"elif\b")


@dataclass(frozen=True)
class Demand:
    """`unusual` if the parser should get a large stack; `refused` is the offset of what is too deep for any."""

    unusual: bool = False
    refused: int | None = None


def demand(text: str, outline: Outline) -> Demand:
    """What parsing `text` takes."""
    unusual = False
    for judge in (_brackets, _patterns, _chains, _elifs):
        found = judge(text, outline)
        if found.refused is not None:
            return found
        unusual = unusual or found.unusual
    return Demand(unusual)


def _brackets(_text: str, outline: Outline) -> Demand:
    effort, unusual = 0, False
    for start, end in pairwise([*outline.first, len(outline.opens)]):
        if end - start <= _USUAL_DEPTH:
            continue
        for number, depth in _depths(outline, start, end):
            if depth > _USUAL_DEPTH:
                unusual = True
                effort += depth * depth
                if depth > BRACKET_LIMIT or effort > _EFFORT_LIMIT:
                    return Demand(True, outline.opens[number])
    return Demand(unusual)


def _depths(outline: Outline, start: int, end: int) -> Iterator[tuple[int, int]]:
    """How many brackets are open at each of a range of brackets."""
    behind: list[int] = []
    for number in range(start, end):
        while behind and behind[-1] <= number:
            behind.pop()
        behind.append(outline.resumes[number])
        yield number, len(behind)


def _patterns(text: str, outline: Outline) -> Demand:
    effort = 0
    firsts = pairwise([*outline.first, len(outline.opens)])
    for head, end, (start, behind) in zip(outline.heads, outline.ends, firsts, strict=True):
        if behind - start > _USUAL_PATTERN and _PATTERN_HEAD.match(text, head):
            limit = _pattern_end(text, outline, start, head, end)
            depths = (depth for number, depth in _depths(outline, start, behind) if outline.opens[number] < limit)
            depth = max(depths, default=0)
            effort += 3**depth if _USUAL_PATTERN < depth <= PATTERN_LIMIT else 0
            if depth > PATTERN_LIMIT or effort > _PATTERN_EFFORT_LIMIT:
                return Demand(True, head)
    return Demand()


def _pattern_end(text: str, outline: Outline, number: int, position: int, end: int) -> int:
    """Where the guard or body behind a pattern starts; they may be deeper. `number` is the line's first bracket."""
    while (match := _PATTERN_END.search(text, position, end)) is not None:
        if number < len(outline.opens) and outline.opens[number] <= match.start():
            position, number = outline.closes[number] + 1, outline.resumes[number]
        elif match["end"]:
            return match.start()
        else:
            position = match.end()
    return end


def _elifs(text: str, outline: Outline) -> Demand:
    if text.count("elif") < _USUAL_ELIFS:
        return Demand()
    heads = [head for head in outline.heads if _ELIF.match(text, head)]
    return Demand(True, heads[ELIF_LIMIT] if len(heads) > ELIF_LIMIT else None)


def _chains(text: str, outline: Outline) -> Demand:
    unusual = False
    for head, end in zip(outline.heads, outline.ends, strict=True):
        if end - head > _USUAL_CHAIN and _levels(text, head, end) > _USUAL_CHAIN:
            longest = _longest(text, outline, head, end)
            unusual = unusual or longest > _USUAL_CHAIN
            if longest > CHAIN_LIMIT:
                return Demand(True, head)
    return Demand(unusual)


def _levels(text: str, start: int, end: int) -> int:
    return len(_LEVEL.findall(text, start, end))


def _longest(text: str, outline: Outline, position: int, end: int) -> int:
    """The most levels that are open at once in a stretch of code.

    A comma or semicolon ends what stands before it, except for lambdas and loops of a comprehension: they have commas.
    """
    around: list[tuple[int, int]] = []
    longest = total = count = lasting = 0
    number = bisect_left(outline.opens, position)
    while (match := _TOKEN.search(text, position, end)) is not None:
        position = match.end()
        token = match.group()
        if number < len(outline.opens) and outline.opens[number] <= match.start():
            if text[outline.opens[number]] not in _OPENING:
                longest = max(longest, total + count + lasting + _in_holes(text, outline, number))
                position, number = outline.closes[number] + 1, outline.resumes[number]
                continue
            around.append((count, lasting))
            total += count + lasting + 1
            count, lasting, number = 0, 0, number + 1
        elif token in _CLOSING and around:
            count, lasting = around.pop()
            total -= count + lasting + 1
            count += 1
        elif token in _LASTING:
            lasting += 1
        elif match["level"]:
            count += 1
        elif token in (",", ";"):
            count = 0
        longest = max(longest, total + count + lasting)
    return longest


def _in_holes(text: str, outline: Outline, number: int) -> int:
    """Levels in the fullest hole of an f-string, including those of strings within."""
    start, end = outline.opens[number], outline.closes[number]
    holes = outline.holes[bisect_left(outline.holes, (start, 0)) : bisect_left(outline.holes, (end, 0))]
    spans = holes or [match.span() for match in _PLAIN_HOLE.finditer(text, start, end)]
    return max((_levels(text, start, end) for start, end in spans), default=0)
