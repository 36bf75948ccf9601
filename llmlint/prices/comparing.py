"""Fetched prices and the catalogue come in; what differs, and the models to keep for this user, go out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from llmlint.catalog.catalog import Catalog
from llmlint.catalog.model_entries import Model, OwnModel, Price
from llmlint.prices.own_file import OwnPrices

FIELDS = {
    "input": "input",
    "cached_input": "cached input",
    "cache_write": "cache write",
    "output": "output",
}
"""Fields of a price, and their names for people."""

BILLED_BY_TEXT = ("generation", "embedding")
"""Kinds of models whose prices count for the cost of a call."""
Prices = Mapping[str, Price]


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """Prices by service of the models that were asked for and of others; `date` is the day they hold for."""

    source: str
    date: str
    known: Mapping[str, Prices]
    others: Mapping[str, Prices]


class Change(msgspec.Struct, frozen=True):
    """One price that differs; `old` is None where there was none. `since` dates the old one."""

    model: str
    service: str
    field: str
    old: float | None
    new: float
    since: str


class Comparison(msgspec.Struct, frozen=True):
    """`added` are ids that the catalogue doesn't know; `checked` counts models that were compared."""

    changes: tuple[Change, ...]
    added: tuple[str, ...]
    checked: int
    own: OwnPrices


def compare(catalog: Catalog, fetched: Fetched) -> Comparison:
    """What differs, in the order of the catalogue.

    A price that was not found again stays as it is: sources don't list all services of all models.
    """
    changes: list[Change] = []
    kept: list[OwnModel] = []
    for model in catalog.data.models.models:
        if model.kind not in BILLED_BY_TEXT:
            continue
        found = list(_changes(model, fetched.known.get(model.id, {})))
        if found:
            changes += found
            kept.append(OwnModel(id=model.id, prices=_merged(model, found), as_of=fetched.date))
    checked = sum(model.id in fetched.known for model in catalog.data.models.models if model.kind in BILLED_BY_TEXT)
    table = catalog.models
    added = sorted(name for name in fetched.others if table.get(name) is None and not table.never_existed(name))
    kept += [OwnModel(id=name, prices=dict(fetched.others[name]), as_of=fetched.date) for name in added]
    own = OwnPrices(source=fetched.source, fetched=fetched.date, models=tuple(kept))
    return Comparison(tuple(changes), tuple(added), checked, own)


def _changes(model: Model, fetched: Prices) -> Iterator[Change]:
    for service, price in fetched.items():
        old = model.prices.get(service)
        for field in FIELDS:
            new: float | None = getattr(price, field)
            was: float | None = getattr(old, field) if old is not None else None
            if new is None or (was is not None and math.isclose(was, new)):
                continue
            if was is None and not new:
                continue  # no output is no price
            yield Change(model.id, service, field, was, new, model.as_of)


def _merged(model: Model, changes: Sequence[Change]) -> dict[str, Price]:
    """The prices of the changed services, with what stays."""
    found: dict[str, Price] = {}
    for change in changes:
        price = found.get(change.service) or model.prices.get(change.service) or Price(input=change.new)
        found[change.service] = msgspec.structs.replace(price, **{change.field: change.new})
    return found
