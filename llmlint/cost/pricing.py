"""Call sites come in; the same with the facts `cost.*`, and the cost of each, go out."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

import msgspec

from llmlint.catalog.catalog import Catalog
from llmlint.catalog.model_entries import Model
from llmlint.cost.facts import cost_facts
from llmlint.cost.matching import Overrides
from llmlint.cost.rates import SERVICES, STANDARD, Rates, Tokens, rates
from llmlint.cost.records import DAYS_PER_MONTH, Assumptions, CallCost, CostReport, CostSettings, Range
from llmlint.cost.requests import Facts, Weight, weigh
from llmlint.facts.call_site import ABSENT, CallPath, CallSite, State

BILLED_BY_TOKEN = ("generation", "embedding", "decision")
"""Kinds of endpoints of which the catalogue has prices."""
_OTHER_HOST = "other"
_DEPLOYING = ("azure",)
"""Hosts where a name need not be a model's."""
_MOST_NAMED = 4


class Pricing(msgspec.Struct, frozen=True):
    """What prices are made of. `own` are ids of models that the user has priced: they hold on any host."""

    catalog: Catalog
    settings: CostSettings = CostSettings()
    own: AbstractSet[str] = frozenset()


class Priced(msgspec.Struct, frozen=True):
    """The call sites with the facts `cost.*`, and what each costs, in the same order: in all, and on each path."""

    call_sites: tuple[CallSite, ...]
    report: CostReport
    ways: tuple[tuple[CallCost, ...], ...]


class _Option(msgspec.Struct, frozen=True):
    """One model that a call may use, and what the call then costs per 1,000 times."""

    model: Model
    weight: Weight
    cost: Range


def priced(call_sites: Sequence[CallSite], pricing: Pricing) -> Priced:
    """The cost of every call on each of its paths and in all."""
    overrides = Overrides(pricing.settings)
    found: list[CallSite] = []
    costs: list[CallCost] = []
    ways: list[tuple[CallCost, ...]] = []
    for site in call_sites:
        given = overrides.of(site)
        paths = tuple(_with_traffic(_path_cost(site, path.facts, pricing, given), given) for path in site.paths)
        cost = _with_traffic(_together(paths), given)
        costs.append(cost)
        ways.append(paths)
        found.append(_with_facts(site, cost, paths))
    report = CostReport(
        calls=tuple(costs),
        settings=pricing.settings,
        prices_as_of=pricing.catalog.models.data.as_of,
        unmatched=overrides.unmatched,
    )
    return Priced(tuple(found), report, tuple(ways))


def _with_facts(site: CallSite, cost: CallCost, of_paths: Sequence[CallCost]) -> CallSite:
    paths = tuple(
        CallPath({**path.facts, **cost_facts(each, path.facts)}, path.callers)
        for path, each in zip(site.paths, of_paths, strict=True)
    )
    together = {**site.joined, **cost_facts(cost, site.joined)}
    return msgspec.structs.replace(site, joined=together, paths=paths)


# --- one path -----------------------------------------------------------------------------------------------


def _path_cost(site: CallSite, facts: Facts, pricing: Pricing, given: Assumptions) -> CallCost:
    kind = facts.get("endpoint.kind", ABSENT).value
    test = facts.get("surroundings.role", ABSENT).value == "test"
    if kind not in BILLED_BY_TOKEN:
        reason = f"calls of the kind `{kind}` are not billed by tokens of text" if kind else "the endpoint isn't known"
        return CallCost(location=site.location, state="not_by_token" if kind else "unknown", reason=reason, test=test)
    try:
        models = _models(facts, pricing)
        service = _service(facts)
        options = [_option(facts, model, service, pricing, given) for model in models]
    except _UnknownCostError as why:
        reason = str(why)
        return CallCost(location=site.location, state="unknown", reason=reason, test=test)
    options.sort(key=lambda option: option.cost.expected, reverse=True)
    dearest = options[0]
    cost = _span([option.cost for option in options])
    return CallCost(
        location=site.location,
        state="known",
        models=tuple(option.model.id for option in options),
        service=service,
        prices_as_of=min(option.model.as_of for option in options),
        input_tokens=_span([option.weight.input for option in options]),
        cached_tokens=dearest.weight.cached,
        output_tokens=_span([option.weight.output for option in options]),
        static_tokens=dearest.weight.static,
        tokens_exact=dearest.weight.exact,
        per_1000_calls=cost,
        assumed=dearest.weight.assumed,
        caveats=(*dearest.weight.caveats, *_service_caveats(facts)),
        test=test,
    )


def _with_traffic(cost: CallCost, given: Assumptions) -> CallCost:
    """With the money of a month, where the traffic is given."""
    if given.calls_per_day is None or cost.state == "not_by_token":
        return cost
    calls = given.calls_per_day * DAYS_PER_MONTH
    monthly = cost.per_1000_calls.times(calls / 1000) if cost.per_1000_calls is not None else None
    return msgspec.structs.replace(cost, calls_per_day=given.calls_per_day, per_month=monthly)


class _UnknownCostError(Exception):
    """Why a path has no cost, in words."""


def _models(facts: Facts, pricing: Pricing) -> list[Model]:
    """The models that the call may use, all of them with a price to hope for. Raises `_UnknownCostError`."""
    ids = facts.get("model.ids", ABSENT)
    names = [name for name in ids.value if isinstance(name, str)] if isinstance(ids.value, list) else []
    if not names:
        raise _UnknownCostError(f"the model is not known: {ids.reason}" if ids.reason else "no model is given")
    host = facts.get("client.host", ABSENT).value
    if host == _OTHER_HOST and not all(name in pricing.own for name in names):
        raise _UnknownCostError("another vendor answers, whose prices are not in the catalogue")
    found = {name: pricing.catalog.deployment(name) or pricing.catalog.models.get(name) for name in names}
    missing = [f"`{name}`" for name, model in found.items() if model is None]
    if missing:
        shown = ", ".join(missing[:_MOST_NAMED])
        advice = "; `deployments` in the settings names the models behind them" if host in _DEPLOYING else ""
        raise _UnknownCostError(f"no price is known for {shown}{advice}")
    tuned = next((name for name in names if pricing.catalog.models.is_fine_tuned(name)), "")
    if tuned and tuned not in pricing.own:
        raise _UnknownCostError(f"`{tuned}` is fine-tuned and has a price of its own")
    models = {model.id: model for model in found.values() if model is not None}
    return list(models.values())


def _service(facts: Facts) -> str:
    """The service that the call is billed as. Raises `_UnknownCostError` for tiers without published prices."""
    if facts.get("endpoint.kind", ABSENT).value == "decision":
        return "decisions"
    tier = facts.get("argument.service_tier", ABSENT)
    if tier.state is not State.KNOWN or tier.value is None:
        return STANDARD
    service = SERVICES.get(str(tier.value))
    if service is None:
        raise _UnknownCostError(f"no price is published for the service tier `{tier.value}`")
    return service


def _service_caveats(facts: Facts) -> list[str]:
    tier = facts.get("argument.service_tier", ABSENT)
    unclear = tier.state is State.UNKNOWN or (tier.state is State.KNOWN and tier.value is None)
    return ["The service tier is not known; standard prices are used."] if unclear else []


class Weighed(Protocol):
    """Tokens of a request."""

    @property
    def input(self) -> Range: ...
    @property
    def cached(self) -> Range: ...
    @property
    def output(self) -> Range: ...


def _option(facts: Facts, model: Model, service: str, pricing: Pricing, given: Assumptions) -> _Option:
    found = rates(model, service, pricing.catalog.models.data.long_context)
    if found is None:
        raise _UnknownCostError(f"no {service} price is known for `{model.id}`")
    weight = weigh(facts, model, given)
    return _Option(model, weight, per_1000(found, weight, explicit_cache(facts)))


def per_1000(found: Rates, weight: Weighed, explicit: bool) -> Range:
    """Dollars for 1,000 requests of that weight; `explicit` ones write to the cache only where they say so."""
    writes = not explicit
    bounds = (
        Tokens(weight.input.low, weight.output.low, weight.cached.low),
        Tokens(weight.input.expected, weight.output.expected, weight.cached.expected, writes),
        Tokens(weight.input.high, weight.output.high, weight.cached.high, writes, doubtful_surcharge=True),
    )
    return Range(*(1000 * found.dollars(tokens) for tokens in bounds))


def explicit_cache(facts: Facts) -> bool:
    """Whether the request writes to the cache only at breakpoints that it sets."""
    options = facts.get("argument.cache_options", ABSENT).value
    return isinstance(options, dict) and options.get("mode") == "explicit"


# --- all paths ----------------------------------------------------------------------------------------------


def _together(costs: Sequence[CallCost]) -> CallCost:
    """The cost of a call over all its paths: from the cheapest to the dearest, as the dearest is."""
    known = [cost for cost in costs if cost.per_1000_calls is not None]
    if not known:
        return next((cost for cost in costs if cost.state == "unknown"), costs[0])
    known.sort(key=lambda cost: _expected(cost.per_1000_calls), reverse=True)
    dearest = known[0]
    caveats = list(dict.fromkeys(caveat for cost in known for caveat in cost.caveats))
    unknown = [cost for cost in costs if cost.state == "unknown"]
    if unknown:
        share = f"{len(unknown):,} of {len(costs):,} ways to this call"
        caveats.append(f"The cost of {share} is not known: {unknown[0].reason}.")
    return msgspec.structs.replace(
        dearest,
        models=tuple(dict.fromkeys(model for cost in (dearest, *known) for model in cost.models)),
        prices_as_of=min(cost.prices_as_of for cost in known),
        per_1000_calls=_span([cost.per_1000_calls for cost in known]),
        input_tokens=_span([cost.input_tokens for cost in known]),
        output_tokens=_span([cost.output_tokens for cost in known]),
        caveats=tuple(caveats),
        test=all(cost.test for cost in costs),
    )


def _span(ranges: Sequence[Range | None]) -> Range | None:
    """From the least of all to the most, with what is expected of the first."""
    known = [each for each in ranges if each is not None]
    if not known:
        return None
    return Range(min(each.low for each in known), known[0].expected, max(each.high for each in known))


def _expected(found: Range | None) -> float:
    return found.expected if found is not None else 0
