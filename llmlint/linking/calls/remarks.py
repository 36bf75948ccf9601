"""The comments that people wrote at a call and at its callers: what says who owns it, or why it is so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from llmlint.facts import syntax
from llmlint.facts.call_site import Fact, Step, known
from llmlint.facts.syntax import Remark
from llmlint.linking.evaluation.frames import Frame
from llmlint.linking.program.module import Module

_MOST = 30
"""Comments that one fact holds."""


def remarks_fact(frame: Frame, module: Module, call: syntax.Call) -> Fact:
    """The fact `surroundings.comments` of a call on one path: its own comments, then those of each caller."""
    places = [(module, call), *((one.at.module, one.call) for one in frame.callers())]
    found: dict[Step, str] = {}
    for where, one in places:
        for remark in _at_call(where, one):
            found[where.step(remark.line, f"the comment says `{remark.text}`")] = remark.text
    kept = dict(list(found.items())[:_MOST])
    return known([*dict.fromkeys(kept.values())], *kept)


def _at_call(module: Module, call: syntax.Call) -> Iterator[Remark]:
    """The comments directly above the statement, those within it up to the call's end, those of the function's head."""
    remarks = module.derived(_by_line)
    if not remarks:
        return
    place = module.facts.calls[call.index]
    found = module.call_events.get(call.index)
    first = min(place.place.line, found[1].line) if found is not None else place.place.line
    yield from _above(remarks, first)
    yield from (remarks[line] for line in range(first, place.place.end_line + 1) if line in remarks)
    function = module.function_around(place.scope)
    if function > 0:
        scope = module.facts.scopes[function]
        yield from _above(remarks, scope.line, len(scope.decorators))
        if scope.line < first and scope.line in remarks:
            yield remarks[scope.line]


def _above(remarks: Mapping[int, Remark], line: int, decorators: int = 0) -> list[Remark]:
    """The comments that stand alone on the lines directly above, from top to bottom; decorators may stand between."""
    found: list[Remark] = []
    while (remark := remarks.get(line - 1)) is not None or decorators:
        if remark is None:
            decorators -= 1
        elif not remark.alone:
            break
        else:
            found.append(remark)
        line -= 1
    return found[::-1]


def _by_line(module: Module) -> Mapping[int, Remark]:
    return {remark.line: remark for remark in module.facts.remarks}
