"""The model of a call: its possible ids and what the dated catalogue says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from llmlint.catalog.entries import ModelNames
from llmlint.catalog.model_entries import Model
from llmlint.facts.call_site import Fact, Step, absent, known, unknown
from llmlint.linking.calls.requests import is_absent, reason_of
from llmlint.linking.evaluation.values import Constant, Trail, Value, options

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


@dataclass(frozen=True, slots=True)
class ModelUse:
    """`ids` are the possible ids in source order; `entry` is what the catalogue knows, if all ids agree on it.

    `open` says that other ids are possible as well; `reason` why.
    """

    ids: tuple[str, ...]
    entry: Model | None
    open: bool
    reason: str
    trail: Trail
    pinned: frozenset[bool | None] = frozenset()
    """Whether the ids name snapshots: one value if they agree."""
    shutdown: str | None = None
    """The first announced date on which one of the ids goes; "" if none does, None if some of them aren't known."""


def model_of(resolver: Resolver, value: Value, deployment: bool, names: ModelNames | None = None) -> ModelUse:
    """The model that an argument names; on a host with deployments the name need not be a model's.

    `names` say how much of a name is the provider's.
    """
    ids: list[str] = []
    unsure: Value | None = None
    for option in options(value):
        if isinstance(option, Constant) and isinstance(option.value, str) and option.value:
            ids.append(names.parted(option.value)[1] if names is not None else option.value)
        elif not is_absent(resolver, option):
            unsure = unsure or option
    trail = next((option.trail for option in options(value) if option.trail), ())
    pinned = frozenset(None if deployment else _pinned(resolver, one) for one in ids)
    entries = [_entry(resolver, one, deployment) for one in ids]
    first = entries[0] if entries else None
    same = first is not None and all(entry is first for entry in entries)
    reason = reason_of(unsure) if unsure is not None else "" if ids else "no model is given"
    return ModelUse(
        tuple(dict.fromkeys(ids)), first if same else None, unsure is not None, reason, trail, pinned, _soonest(entries)
    )


def _entry(resolver: Resolver, model_id: str, deployment: bool) -> Model | None:
    if deployment:
        return resolver.catalog.deployment(model_id) or resolver.catalog.models.get(model_id)
    return resolver.catalog.models.get(model_id)


def _soonest(entries: Sequence[Model | None]) -> str | None:
    known_entries = [entry for entry in entries if entry is not None]
    if not entries or len(known_entries) < len(entries):
        return None
    return min((entry.lifecycle.shutdown for entry in known_entries if entry.lifecycle.shutdown), default="")


def _pinned(resolver: Resolver, model_id: str) -> bool | None:
    """Whether a model id names a snapshot; None where the id isn't known. The user's own names are no snapshots."""
    table = resolver.catalog.models
    return None if table.get(model_id) is None else table.is_pinned(model_id)


def model_facts(resolver: Resolver, use: ModelUse, needs: frozenset[str], today: str) -> dict[str, Fact]:
    """The facts `model.*`."""
    steps = use.trail
    facts = {
        "model.ids": known(list(use.ids), *steps) if use.ids else unknown(use.reason, *steps),
        "model.chosen_by_user": known(use.open, *steps),
        "model.pinned": _pinned_fact(use),
        **_shutdown_facts(use, today),
    }
    if use.entry is None:
        reason = _why_not(use)
        return facts | {f"model.{name}": unknown(reason, *steps) for name in _FROM_ENTRY}
    return facts | _entry_facts(resolver, use.entry, steps, needs, today)


def _pinned_fact(use: ModelUse) -> Fact:
    """Whether all that is sent are snapshots."""
    (agreed,) = use.pinned if len(use.pinned) == 1 else (None,)
    if agreed is not None and not use.open:
        return known(agreed, *use.trail)
    some = len(use.pinned) > 1 and None not in use.pinned
    return unknown(use.reason or ("only some of the ids are snapshots" if some else _why_not(use)), *use.trail)


_FROM_ENTRY = (
    "tier",
    "reasoning",
    "lifecycle",
    "snapshot",
    "max_output",
    "input_price",
    "output_price",
    "cheaper",
    "price_ratio",
    "structured_outputs",
    "batch",
    "flex",
    "cache_minimum",
)


def _why_not(use: ModelUse) -> str:
    if not use.ids:
        return use.reason
    if len(use.ids) > 1:
        return "several models are possible: " + ", ".join(f"`{one}`" for one in use.ids[:4])
    return f"`{use.ids[0]}` is not in the catalogue of models"


def _shutdown_facts(use: ModelUse, today: str) -> dict[str, Fact]:
    if use.shutdown is None:
        reason = use.reason or next((f"`{one}` is not in the catalogue of models" for one in use.ids), "")
        return dict.fromkeys(("model.shutdown", "model.days_left"), unknown(reason, *use.trail))
    if not use.shutdown:
        return dict.fromkeys(("model.shutdown", "model.days_left"), absent())
    left = days_until(use.shutdown, today)
    return {"model.shutdown": known(use.shutdown, *use.trail), "model.days_left": known(left, *use.trail)}


def days_until(day: str, today: str) -> int:
    """Days from today to a day, both ISO; negative after it."""
    return (date.fromisoformat(day) - date.fromisoformat(today)).days


def _entry_facts(
    resolver: Resolver, entry: Model, steps: tuple[Step, ...], needs: frozenset[str], today: str
) -> dict[str, Fact]:
    table = resolver.catalog.models
    price = entry.prices.get("standard")
    sibling = table.cheaper_sibling(entry, needs, today)
    minimum = entry.cache.minimum if entry.cache is not None else None
    values: dict[str, str | int | float | bool | None] = {
        "tier": table.tier(entry, today),
        "reasoning": entry.reasoning,
        "lifecycle": entry.lifecycle.on(today),
        "snapshot": max((one for one in entry.snapshots if one.startswith(entry.id)), default=None),
        "max_output": entry.max_output,
        "input_price": price.input if price else None,
        "output_price": price.output if price else None,
        "cheaper": sibling[0].id if sibling else None,
        "price_ratio": round(sibling[1], 1) if sibling else None,
        "prices_as_of": entry.as_of,
        "structured_outputs": entry.structured_outputs,
        "batch": entry.batch,
        "flex": "flex" in entry.prices,
        "cache_minimum": minimum,
    }
    return {f"model.{name}": known(value, *steps) if value is not None else absent() for name, value in values.items()}
