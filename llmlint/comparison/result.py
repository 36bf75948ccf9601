"""What a comparison of two revisions finds, as data."""

from __future__ import annotations

import msgspec

from llmlint.cost.records import CallCost, Range, exactly
from llmlint.facts.call_site import CallSite, FactValue, Location, Step
from llmlint.findings import Finding, Severity


class Seen(msgspec.Struct, frozen=True):
    """What one fact is over all ways to a call: its values, and whether it is absent or unknown on some of them."""

    values: tuple[FactValue, ...] = ()
    absent: bool = False
    unknown: bool = False


class Change(msgspec.Struct, frozen=True):
    """`name` is what changed in people's words, `fact` its name in the vocabulary."""

    name: str
    fact: str
    unit: str
    before: Seen
    after: Seen


class CallChange(msgspec.Struct, frozen=True):
    """A call site that both revisions have. `causes` are places on changed lines that decide what changed.

    `callers_added` and `callers_removed` are calls that newly reach it, or no longer do. Costs are None where nothing
    is known of prices at all.
    """

    before: CallSite
    after: CallSite
    changes: tuple[Change, ...]
    callers_added: tuple[Step, ...] = ()
    callers_removed: tuple[Step, ...] = ()
    causes: tuple[Step, ...] = ()
    cost_before: CallCost | None = None
    cost_after: CallCost | None = None


class NewFinding(msgspec.Struct, frozen=True):
    """A finding that the base doesn't have. `place` lies on a changed line if anything of the finding does;
    `causes` are the places on changed lines that lead to it, be they in other files.
    """

    finding: Finding
    place: Location
    causes: tuple[Step, ...] = ()


class FixedFinding(msgspec.Struct, frozen=True):
    """A finding that only the base has. `how` is "mended", "removed" (with its call) or "silenced" (by a comment or the
    baseline).
    """

    finding: Finding
    how: str


class CostChange(msgspec.Struct, frozen=True):
    """US dollars when every call site is called 1,000 times, before and after: all those whose cost is known on both
    sides, or on the only side that has them. Calls of tests are left out; `unknown` counts the others.
    """

    before: Range
    after: Range
    unknown: int = 0

    @property
    def increase(self) -> float:
        """What is expected to be paid more, or with a minus less."""
        return self.after.expected - self.before.expected

    @property
    def percent(self) -> float | None:
        """The same in per cent; None where it cost nothing before."""
        return 100 * self.increase / self.before.expected if self.before.expected else None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All that differs. Places of removed calls and fixed findings are those of the base, all others of the head."""

    added: tuple[CallSite, ...] = ()
    removed: tuple[CallSite, ...] = ()
    changed: tuple[CallChange, ...] = ()
    unchanged: int = 0
    new: tuple[NewFinding, ...] = ()
    fixed: tuple[FixedFinding, ...] = ()
    cost: CostChange = CostChange(exactly(0), exactly(0))

    @property
    def nothing(self) -> bool:
        """Whether there is no difference."""
        return not (self.added or self.removed or self.changed or self.new or self.fixed)

    def new_from(self, severity: Severity) -> int:
        """How many new findings are at least that severe."""
        return sum(each.finding.severity.rank >= severity.rank for each in self.new)
