"""One side of a comparison: call sites, findings, and the lines that they stand on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from llmlint.cost.records import CallCost
from llmlint.facts.call_site import CallSite, Location
from llmlint.findings import Finding

_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST_TEXT = 2_000


@dataclass(frozen=True)
class Side:
    """`findings` are those that were judged, silenced ones too. `source` gives the bytes of a file, `costs` what the
    call at a place costs.
    """

    call_sites: tuple[CallSite, ...]
    findings: tuple[Finding, ...]
    source: Callable[[str], bytes | None]
    costs: Mapping[Location, CallCost] = field(default_factory=dict)
    _lines: dict[tuple[str, int | None], tuple[str, ...]] = field(default_factory=dict)

    def lines(self, path: str, cell: int | None = None) -> tuple[str, ...]:
        """The lines of a file, or of a notebook's cell; none where there is no such text."""
        key = (path, cell)
        if key not in self._lines:
            data = self.source(path)
            self._lines[key] = () if data is None else _lines(data, cell)
        return self._lines[key]

    def line(self, place: Location) -> str:
        """The line on which the place starts, without blanks around it."""
        lines = self.lines(place.path, place.cell)
        return lines[place.line - 1].strip() if 1 <= place.line <= len(lines) else ""

    def text(self, place: Location) -> str:
        """What stands there, with one blank for any number of them; of a long text the beginning."""
        lines = list(self.lines(place.path, place.cell)[place.line - 1 : max(place.line, place.end_line)])
        if not lines:
            return ""
        if place.end_line >= place.line and place.end_column:
            lines[-1] = lines[-1][: place.end_column - 1]
        lines[0] = lines[0][place.column - 1 :]
        return " ".join(" ".join(lines).split())[:_LONGEST_TEXT]


def _lines(data: bytes, cell: int | None) -> tuple[str, ...]:
    if cell is None:
        return tuple(_LINE_END.split(data.decode("utf-8", "replace")))
    try:
        source = json.loads(data)["cells"][cell]["source"]
        return tuple(_LINE_END.split(source if isinstance(source, str) else "".join(source)))
    except (ValueError, TypeError, LookupError, RecursionError):  # not the notebook that was lowered
        return ()
