"""Findings, what their rules save, and the costs of calls come in; the money that each finding saves goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from llmlint.catalog.model_entries import Model
from llmlint.cost.pricing import Pricing, explicit_cache, per_1000
from llmlint.cost.rates import STANDARD, Rates, rates
from llmlint.cost.records import (
    DAYS_PER_MONTH,
    CallCost,
    Range,
    Saving,
    SavingKind,
    SavingRule,
    exactly,
    total,
)
from llmlint.cost.requests import Facts
from llmlint.facts.call_site import ABSENT, CallSite, Location
from llmlint.findings import Finding, Status

_NOTHING = exactly(0)


class Basis(msgspec.Struct, frozen=True):
    """What a call's cost is made of, in a form that a saving changes. `rates` are those of `model` in `service`."""

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


def savings(
    findings: Iterable[Finding],
    rules: Mapping[str, SavingRule],
    call_sites: Sequence[CallSite],
    costs: Sequence[CallCost],
    pricing: Pricing,
) -> tuple[Saving, ...]:
    """What active findings save, the greatest first. `costs` are those of the call sites, in their order.

    Savings on one call are worked out one after another, each on what those before have left; findings of the same
    kind on one call, which then speak of some of its callers each, share alike.
    """
    at: dict[Location, list[tuple[Finding, SavingRule]]] = {}
    for finding in findings:
        rule = rules.get(finding.rule)
        if rule is not None and finding.status is Status.ACTIVE:
            for location in finding.calls:
                at.setdefault(location, []).append((finding, rule))
    parts: dict[str, list[tuple[CallCost, Range]]] = {}
    kinds: dict[str, SavingKind] = {}
    for site, cost in zip(call_sites, costs, strict=True):
        for finding, kind, saved in _at_call(at.get(site.location, []), site, cost, pricing):
            parts.setdefault(finding.fingerprint, []).append((cost, saved))
            kinds[finding.fingerprint] = kind
    found = [_saving(fingerprint, kinds[fingerprint], each) for fingerprint, each in parts.items()]
    return tuple(sorted(found, key=_rank))


def _rank(saving: Saving) -> tuple[float, float, str]:
    money = saving.per_month or saving.per_1000_calls
    return -money.expected, -money.high, saving.fingerprint


def _saving(fingerprint: str, kind: SavingKind, parts: Sequence[tuple[CallCost, Range]]) -> Saving:
    monthly = [
        saved.times(cost.calls_per_day * DAYS_PER_MONTH / 1000)
        for cost, saved in parts
        if cost.calls_per_day is not None
    ]
    return Saving(
        fingerprint=fingerprint,
        kind=kind,
        per_1000_calls=total(saved for _, saved in parts),
        per_month=total(monthly) if monthly else None,
        calls=tuple(cost.location for cost, _ in parts),
    )


def _at_call(
    found: Sequence[tuple[Finding, SavingRule]], site: CallSite, cost: CallCost, pricing: Pricing
) -> Iterable[tuple[Finding, SavingKind, Range]]:
    """Each finding with its share of what its kind saves at the call."""
    basis = _basis(site, cost, pricing) if found else None
    if basis is None or cost.per_1000_calls is None:
        return
    facts = _facts(site, cost)
    endpoint = facts.get("endpoint.kind", ABSENT).value
    by_kind: dict[SavingKind, list[Finding]] = {}
    for finding, rule in found:
        if not rule.endpoints or endpoint in rule.endpoints:
            by_kind.setdefault(rule.kind, []).append(finding)
    alone = {kind: _difference(basis, KINDS[kind](basis, facts)) for kind in by_kind}
    left = cost.per_1000_calls
    for kind in sorted(by_kind, key=lambda kind: (-alone[kind].expected, -alone[kind].high, kind)):
        after = KINDS[kind](basis, facts)
        saved = _within(_difference(basis, after), left)
        left = left.plus(saved.times(-1))
        basis = after
        for finding in by_kind[kind]:
            yield finding, kind, saved.times(1 / len(by_kind[kind]))


def _facts(site: CallSite, cost: CallCost) -> Facts:
    """The facts of the first path with the dearest model: it is the one that was priced."""
    ways = [path.facts for path in site.paths if _uses(path.facts, cost.models[0])] if cost.models else []
    return ways[0] if ways else site.paths[0].facts


def _uses(facts: Facts, model: str) -> bool:
    ids = facts.get("model.ids", ABSENT).value
    return isinstance(ids, list) and model in ids


def _basis(site: CallSite, cost: CallCost, pricing: Pricing) -> Basis | None:
    model = pricing.catalog.models.get(cost.models[0]) if cost.models else None
    if model is None or cost.input_tokens is None or cost.cached_tokens is None or cost.output_tokens is None:
        return None
    found = rates(model, cost.service, pricing.catalog.models.data.long_context)
    if found is None:
        return None
    explicit = explicit_cache(_facts(site, cost))
    tokens = cost.input_tokens, cost.cached_tokens, cost.output_tokens
    return Basis(model, cost.service, found, *tokens, explicit, pricing)


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
