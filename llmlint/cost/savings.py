"""Findings, what their rules save, and the costs of calls come in; the money that each finding saves goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from llmlint.catalog.model_entries import Model
from llmlint.cost.pricing import Priced, Pricing, explicit_cache, per_1000
from llmlint.cost.rates import STANDARD, Rates, rates
from llmlint.cost.records import DAYS_PER_MONTH, CallCost, Range, Saving, SavingKind, SavingRule, total
from llmlint.cost.requests import Facts
from llmlint.facts.call_site import ABSENT, CallSite, Location
from llmlint.findings import Finding, Status


class Basis(msgspec.Struct, frozen=True):
    """What the cost of one way to a call is made of, in a form that a saving changes.

    `rates` are those of `model` in `service`.
    """

    model: Model
    service: str
    rates: Rates
    input: Range
    cached: Range
    output: Range
    explicit: bool
    pricing: Pricing

    @property
    def cost(self) -> Range:
        """US dollars per 1,000 calls."""
        return per_1000(self.rates, self, self.explicit)


class _Told(msgspec.Struct, frozen=True):
    """A finding and what its rule saves. `ways` are the numbers of the paths on which it holds; none: all."""

    finding: Finding
    rule: SavingRule
    ways: tuple[int, ...]


class _Part(msgspec.Struct, frozen=True):
    """What a finding saves at one call. `some`: it holds on some of the ways to the call only."""

    cost: CallCost
    saved: Range
    some: bool


def savings(
    findings: Iterable[Finding], rules: Mapping[str, SavingRule], costed: Priced, pricing: Pricing
) -> tuple[Saving, ...]:
    """What active findings save, the greatest first.

    Every way to a call has a cost of its own, and what a finding saves is worked out on the ways where it holds.
    Savings on one way follow one another, each on what those before have left.
    """
    at: dict[Location, list[_Told]] = {}
    for finding in findings:
        rule = rules.get(finding.rule)
        if rule is not None and finding.status is Status.ACTIVE:
            for number, location in enumerate(finding.calls):
                numbers = finding.ways[number] if finding.ways else ()
                at.setdefault(location, []).append(_Told(finding, rule, numbers))
    parts: dict[str, list[_Part]] = {}
    kinds: dict[str, SavingKind] = {}
    for site, cost, ways in zip(costed.call_sites, costed.report.calls, costed.ways, strict=True):
        for told, saved in _at_call(at.get(site.location, []), site, cost, ways, pricing):
            some = 0 < len(told.ways) < len(ways)
            parts.setdefault(told.finding.fingerprint, []).append(_Part(cost, saved, some))
            kinds[told.finding.fingerprint] = told.rule.kind
    found = [_saving(fingerprint, kinds[fingerprint], each) for fingerprint, each in parts.items()]
    return tuple(sorted(found, key=rank))


def rank(saving: Saving) -> tuple[float, float, str]:
    """Orders savings, the greatest first: those of a month where they are known."""
    money = saving.per_month or saving.per_1000_calls
    return -money.expected, -money.high, saving.fingerprint


def _saving(fingerprint: str, kind: SavingKind, parts: Sequence[_Part]) -> Saving:
    monthly = [_month(part, part.cost.calls_per_day) for part in parts if part.cost.calls_per_day is not None]
    return Saving(
        fingerprint=fingerprint,
        kind=kind,
        per_1000_calls=total(part.saved for part in parts),
        per_month=total(monthly) if monthly else None,
        calls=tuple(part.cost.location for part in parts),
        some_callers=any(part.some for part in parts),
    )


def _month(part: _Part, calls_per_day: float) -> Range:
    """The least is nothing where it holds on some ways only: all of the traffic may come on the others."""
    month = part.saved.times(calls_per_day * DAYS_PER_MONTH / 1000)
    return Range(0, month.expected, month.high) if part.some else month


# --- one call -----------------------------------------------------------------------------------------------


def _at_call(
    found: Sequence[_Told], site: CallSite, cost: CallCost, ways: Sequence[CallCost], pricing: Pricing
) -> Iterator[tuple[_Told, Range]]:
    """What each saves on the ways to the call where it holds; together no more than the call costs."""
    if cost.per_1000_calls is None:
        return
    each: list[list[_Saved]] = [[] for _ in found]
    for number, (path, way) in enumerate(zip(site.paths, ways, strict=True)):
        rules = {index: told.rule for index, told in enumerate(found) if not told.ways or number in told.ways}
        for index, saved in _on_way(rules, path.facts, way, pricing):
            each[index].append(saved)
    known = [(told, _of_ways(saved)) for told, saved in zip(found, each, strict=True) if saved]
    shares = fitted([saved for _, saved in known], cost.per_1000_calls)
    yield from zip((told for told, _ in known), shares, strict=True)


class _Saved(msgspec.Struct, frozen=True):
    """What is saved on one way, and what that way costs."""

    cost: Range
    saved: Range


def _of_ways(found: Sequence[_Saved]) -> Range:
    """From the least to the most, and what to expect on the dearest of the ways: so costs are told."""
    dearest = max(found, key=lambda each: each.cost.expected)
    low, high = min(each.saved.low for each in found), max(each.saved.high for each in found)
    return Range(low, dearest.saved.expected, high)


def fitted(saved: Sequence[Range], cost: Range) -> list[Range]:
    """The same, less where all together would be more than the cost: findings on different ways can't all save most."""
    all_of_them = total(saved)
    low, expected, high = (
        min(1.0, most / sum_) if sum_ > 0 else 1.0
        for sum_, most in (
            (all_of_them.low, cost.low),
            (all_of_them.expected, cost.expected),
            (all_of_them.high, cost.high),
        )
    )
    found = []
    for each in saved:
        likely = min(each.expected * expected, each.high * high)
        found.append(Range(min(each.low * low, likely), likely, each.high * high))
    return found


# --- one way to a call --------------------------------------------------------------------------------------


def _on_way(
    rules: Mapping[int, SavingRule], facts: Facts, cost: CallCost, pricing: Pricing
) -> Iterator[tuple[int, _Saved]]:
    """By number, each with its share of what its kind saves on the way."""
    basis = _basis(facts, cost, pricing) if rules else None
    if basis is None or cost.per_1000_calls is None:
        return
    endpoint = facts.get("endpoint.kind", ABSENT).value
    by_kind: dict[SavingKind, list[int]] = {}
    for number, rule in rules.items():
        if not rule.endpoints or endpoint in rule.endpoints:
            by_kind.setdefault(rule.kind, []).append(number)
    alone = {kind: _difference(basis, KINDS[kind](basis, facts)) for kind in by_kind}
    left = cost.per_1000_calls
    for kind in sorted(by_kind, key=lambda kind: (-alone[kind].expected, -alone[kind].high, kind)):
        after = KINDS[kind](basis, facts)
        saved = _within(_difference(basis, after), left)
        left = left.plus(saved.times(-1))
        basis = after
        for number in by_kind[kind]:
            yield number, _Saved(cost.per_1000_calls, saved.times(1 / len(by_kind[kind])))


def _basis(facts: Facts, cost: CallCost, pricing: Pricing) -> Basis | None:
    model = pricing.catalog.models.get(cost.models[0]) if cost.models else None
    if model is None or cost.input_tokens is None or cost.cached_tokens is None or cost.output_tokens is None:
        return None
    found = rates(model, cost.service, pricing.catalog.models.data.long_context)
    if found is None:
        return None
    tokens = cost.input_tokens, cost.cached_tokens, cost.output_tokens
    return Basis(model, cost.service, found, *tokens, explicit_cache(facts), pricing)


def _difference(before: Basis, after: Basis) -> Range:
    """What is saved, never less than nothing, and in order: bounds of a saving follow those of the cost."""
    was, now = before.cost, after.cost
    low, expected, high = (
        max(0.0, each) for each in (was.low - now.low, was.expected - now.expected, was.high - now.high)
    )
    return Range(min(low, expected), expected, max(expected, high))


def _within(saved: Range, left: Range) -> Range:
    """No bound above what is left of the cost."""
    return Range(min(saved.low, left.low), min(saved.expected, left.expected), min(saved.high, left.high))


# --- kinds --------------------------------------------------------------------------------------------------


def _in_service(basis: Basis, service: str) -> Basis:
    found = rates(basis.model, service, basis.pricing.catalog.models.data.long_context)
    return basis if found is None else msgspec.structs.replace(basis, service=service, rates=found)


def _batch(basis: Basis, _facts: Facts) -> Basis:
    return _in_service(basis, "batch")


def _flex(basis: Basis, _facts: Facts) -> Basis:
    return _in_service(basis, "flex")


def _standard_tier(basis: Basis, _facts: Facts) -> Basis:
    return _in_service(basis, STANDARD) if basis.service == "fast" else basis


def _cheaper_model(basis: Basis, facts: Facts) -> Basis:
    """The model that `model.cheaper` names, in the same service if it has a price there."""
    name = facts.get("model.cheaper", ABSENT).value
    model = basis.pricing.catalog.models.get(name) if isinstance(name, str) else None
    if model is None:
        return basis
    long = basis.pricing.catalog.models.data.long_context
    for service in (basis.service, STANDARD):
        found = rates(model, service, long)
        if found is not None:
            return msgspec.structs.replace(basis, model=model, service=service, rates=found)
    return basis


def _cached_prefix(basis: Basis, facts: Facts) -> Basis:
    """The fixed text behind the change is read from the cache: never, in half of the calls, or always."""
    stranded = facts.get("prompt.stranded_tokens", ABSENT).value
    if not isinstance(stranded, int) or basis.rates.price.cached_input is None:
        return basis
    cached = basis.cached.plus(Range(0, stranded / 2, stranded))
    return msgspec.structs.replace(basis, cached=cached)


def _output_cap(basis: Basis, _facts: Facts) -> Basis:
    """A cap cuts what is longer than expected, and nothing else."""
    output = basis.output
    return msgspec.structs.replace(basis, output=Range(output.low, output.expected, output.expected))


def _single_answer(basis: Basis, facts: Facts) -> Basis:
    answers = facts.get("argument.choices", ABSENT).value
    if isinstance(answers, bool) or not isinstance(answers, int) or answers < 2:
        return basis
    return msgspec.structs.replace(basis, output=basis.output.times(1 / answers))


KINDS: Mapping[SavingKind, Callable[[Basis, Facts], Basis]] = {
    "batch": _batch,
    "flex": _flex,
    "standard_tier": _standard_tier,
    "cheaper_model": _cheaper_model,
    "cached_prefix": _cached_prefix,
    "output_cap": _output_cap,
    "single_answer": _single_answer,
}
"""How each kind of saving changes what a call's cost is made of."""
