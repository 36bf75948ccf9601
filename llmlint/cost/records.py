"""The words in which costs are told: ranges, assumptions, the cost of a call and of all of them. Plain records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from llmlint.facts.call_site import Location

DAYS_PER_MONTH = 30
"""A month, wherever something is told per month."""


SIGNIFICANT = 4
"""Digits of a figure that is told: more would only look like knowledge."""


def rounded(value: float) -> float:
    """The number with a few significant digits; whole numbers stay whole."""
    if value == int(value):
        return int(value)
    return float(f"{value:.{SIGNIFICANT}g}")


class Range(msgspec.Struct, frozen=True, order=True):
    """A number that isn't known exactly: at least `low`, at most `high` under the assumptions, likely `expected`."""

    low: float
    expected: float
    high: float

    def times(self, factor: float) -> Range:
        """Every bound multiplied."""
        return Range(self.low * factor, self.expected * factor, self.high * factor)

    def plus(self, other: Range) -> Range:
        """Bound by bound."""
        return Range(self.low + other.low, self.expected + other.expected, self.high + other.high)

    def at_most(self, limit: float) -> Range:
        """No bound above the limit."""
        return Range(min(self.low, limit), min(self.expected, limit), min(self.high, limit))

    def at_least(self, limit: float) -> Range:
        """No bound below the limit."""
        return Range(max(self.low, limit), max(self.expected, limit), max(self.high, limit))

    @property
    def exact(self) -> bool:
        """Whether the bounds are one."""
        return self.low == self.high


def exactly(number: float) -> Range:
    """A number that is known."""
    return Range(number, number, number)


def total(ranges: Iterable[Range]) -> Range:
    """The sum, bound by bound."""
    result = exactly(0)
    for each in ranges:
        result = result.plus(each)
    return result


class Assumptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the source can't say about a call; None where nobody said it either.

    `input_tokens` and `output_tokens` are those of a whole request, reasoning included. `cache_hit_rate` is the share
    of input tokens that are read from the prompt cache, from 0 to 1. `calls_per_day` is the traffic of one call site.
    """

    input_tokens: Range | None = None
    output_tokens: Range | None = None
    calls_per_day: float | None = None
    cache_hit_rate: float | None = None

    def overridden(self, other: Assumptions) -> Assumptions:
        """These with what `other` says on top."""
        said = {name: value for name in self.__struct_fields__ if (value := getattr(other, name)) is not None}
        return msgspec.structs.replace(self, **said)


class CostOverride(msgspec.Struct, frozen=True):
    """Assumptions for some calls: those in files that match `paths` (globs), and those that `calls` name.

    A name is `path/file.py:42` for the call at a line, or `path/file.py::Class.method` for those in a function.
    """

    assumptions: Assumptions
    paths: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


class CostSettings(msgspec.Struct, frozen=True):
    """What a project says about its traffic: for all calls, then for some; later overrides win."""

    assumptions: Assumptions = Assumptions()
    overrides: tuple[CostOverride, ...] = ()

    def extended(self, other: CostSettings) -> CostSettings:
        """These with what `other` says on top, whose overrides come last."""
        return CostSettings(self.assumptions.overridden(other.assumptions), (*self.overrides, *other.overrides))


class Defaults(msgspec.Struct, frozen=True):
    """What is assumed where nobody says anything; tokens of one request.

    `changing_input` are those parts of the prompt that aren't fixed text, `output` is the visible answer, `reasoning`
    what a model that reasons writes besides. `cached_share` is how much of the fixed prefix is read from the cache.
    """

    changing_input: Range = Range(0, 500, 4_000)
    output: Range = Range(20, 300, 2_000)
    reasoning: Range = Range(0, 500, 4_000)
    cached_share: Range = Range(1, 0.5, 0)


DEFAULTS = Defaults()

CostState = Literal["known", "unknown", "not_by_token"]


class MeasuredCost(msgspec.Struct, frozen=True):
    """What real usage says about a call site: numbers of the whole usage file, and money of a month.

    `per_month` is None where the file doesn't say over which time it goes, or its model has no known price.
    `joined_by` says how the usage was found to be this call's: line, function or model.
    """

    requests: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost: float | None
    per_1000_calls: float | None
    per_month: float | None
    joined_by: str
    reason: str = ""


class CallCost(msgspec.Struct, frozen=True, kw_only=True):
    """What one call site costs. Money is in US dollars, ranges are None unless `state` is known.

    `state`: known; unknown, for the `reason`; not_by_token, for what isn't billed by tokens of text. `models` and
    `service` (standard, batch, flex, fast) are what it was priced as, `models[0]` being the dearest: with it what is
    expected is worked out, and `cached_tokens`; the bounds are those of all models and callers. `tokens_exact`: the
    fixed text was counted with the model's own encoding. `assumed` names what was not in the source: input, output,
    cache. `caveats` are sentences on what the figures leave out.
    """

    location: Location
    state: CostState
    reason: str = ""
    models: tuple[str, ...] = ()
    service: str = ""
    prices_as_of: str = ""
    input_tokens: Range | None = None
    cached_tokens: Range | None = None
    output_tokens: Range | None = None
    static_tokens: int = 0
    tokens_exact: bool = True
    per_1000_calls: Range | None = None
    calls_per_day: float | None = None
    per_month: Range | None = None
    assumed: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    test: bool = False
    measured: MeasuredCost | None = None


SavingKind = Literal["batch", "flex", "standard_tier", "cheaper_model", "cached_prefix", "output_cap", "single_answer"]


class SavingRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How following a rule saves money. `endpoints` are the kinds of endpoints for which it does; none: all."""

    kind: SavingKind
    endpoints: tuple[str, ...] = ()


class Saving(msgspec.Struct, frozen=True, kw_only=True):
    """What following one finding saves, in US dollars. `fingerprint` is that of the finding, `kind` the rule's.

    Savings on one call are worked out one after another, each on what the ones before have left, so that their sum
    never exceeds what the call costs. `per_month` is None where no traffic is given. `some_callers`: it holds for some
    callers of a call only, and is what 1,000 calls by those save.
    """

    fingerprint: str
    kind: SavingKind
    per_1000_calls: Range
    per_month: Range | None = None
    calls: tuple[Location, ...] = ()
    some_callers: bool = False


class UsageRow(msgspec.Struct, frozen=True, kw_only=True):
    """Usage that no call site could be found for. `where` is its row or code place in words, `reason` says why."""

    model: str
    endpoint: str
    requests: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost: float | None
    where: str
    reason: str


class UsageSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a usage file says in all. `days` is the time it covers, None if it can't be told; money is in US dollars.

    `cost` is that of all rows with a known price, joined or not; `per_month` the same for a month.
    """

    source: str
    kind: str
    requests: int
    joined_requests: int
    days: float | None
    cost: float
    per_month: float | None
    unpriced_requests: int
    unjoined: tuple[UsageRow, ...] = ()


class CostReport(msgspec.Struct, frozen=True, kw_only=True):
    """Costs of all reported call sites, in the order of `Report.call_sites`.

    `unmatched` are names of calls in the settings that match no call site. Sums leave out calls of tests, and those
    whose cost isn't known.
    """

    calls: tuple[CallCost, ...] = ()
    settings: CostSettings = CostSettings()
    prices_as_of: str = ""
    unmatched: tuple[str, ...] = ()
    savings: tuple[Saving, ...] = ()
    usage: UsageSummary | None = None

    @property
    def counted(self) -> tuple[CallCost, ...]:
        """The calls that the sums are made of."""
        return tuple(each for each in self.calls if each.state == "known" and not each.test)

    @property
    def unknown(self) -> tuple[CallCost, ...]:
        """The calls that should be in the sums, but whose cost isn't known."""
        return tuple(each for each in self.calls if each.state == "unknown" and not each.test)

    @property
    def per_1000_calls(self) -> Range:
        """What it costs when every counted call is made 1,000 times."""
        return total(each.per_1000_calls for each in self.counted if each.per_1000_calls is not None)

    @property
    def per_month(self) -> Range | None:
        """What the counted calls with given traffic cost in a month; None where there is no traffic at all."""
        monthly = [each.per_month for each in self.counted if each.per_month is not None]
        return total(monthly) if monthly else None

    @property
    def measured_per_month(self) -> float | None:
        """What the call sites with measured usage really cost in a month."""
        found = [each.measured.per_month for each in self.calls if each.measured is not None]
        known = [cost for cost in found if cost is not None]
        return sum(known) if known else None

    def at(self, location: Location) -> CallCost | None:
        """The cost of the call at that place."""
        return next((each for each in self.calls if each.location == location), None)
