"""Two revisions of a project, analysed, come in; what differs between them goes out; see `compare.compare`."""

from llmlint.comparison.compare import compare
from llmlint.comparison.result import CallChange, Change, Comparison, FixedFinding, NewFinding, Seen
from llmlint.comparison.sides import Side

__all__ = ["CallChange", "Change", "Comparison", "FixedFinding", "NewFinding", "Seen", "Side", "compare"]
