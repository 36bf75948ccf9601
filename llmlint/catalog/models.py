"""Model ids and dates come in; dated facts about the model, its price tier and cheaper siblings go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from llmlint.catalog.entries import Model, Price, Record, Tier

_SNAPSHOT = re.compile(r"-20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\Z")


class TierRule(Record, frozen=True):
    """A model's blended price over that of `reference` (the cheapest active generation model) decides its
    tier.
    """

    output_share: float
    premium_from: float
    standard_from: float


class ModelsData(Record, frozen=True):
    """The model files, compiled; encodable. `prefixes` are what gateways put before an id (`openai/`)."""

    models: tuple[Model, ...] = ()
    prefixes: tuple[str, ...] = ()
    fine_tuned_prefix: str = ""
    tier_rule: TierRule = TierRule(output_share=0.25, premium_from=15, standard_from=4)
    as_of: str = ""


class ModelTable:
    """All models by id."""

    def __init__(self, data: ModelsData) -> None:
        self.data = data

    def get(self, model_id: str) -> Model | None:
        """The model of an id, alias, snapshot, prefixed or fine-tuned id; None if unknown. Nothing is
        guessed.
        """
        bare = self._without_prefix(model_id)
        if self.data.fine_tuned_prefix and bare.startswith(self.data.fine_tuned_prefix):
            bare = bare.removeprefix(self.data.fine_tuned_prefix).split(":", 1)[0]
        found = self._by_id.get(bare)
        if found is None and (dated := _SNAPSHOT.search(bare)):
            found = self._by_id.get(bare[: dated.start()])
        return found

    def is_pinned(self, model_id: str) -> bool:
        """Whether the id names a dated snapshot rather than an alias that moves."""
        return bool(_SNAPSHOT.search(self._without_prefix(model_id).split(":")[-1])) and self.get(model_id) is not None

    def _without_prefix(self, model_id: str) -> str:
        for prefix in self.data.prefixes:
            if model_id.startswith(prefix):
                return model_id[len(prefix) :]
        return model_id

    @cached_property
    def _by_id(self) -> Mapping[str, Model]:
        return {name: model for model in self.data.models for name in model.ids}

    def blended(self, price: Price) -> float:
        """One number for a price: input and output weighed by `output_share`, in US dollars per million
        tokens.
        """
        share = self.data.tier_rule.output_share
        return price.input * (1 - share) + price.output * share

    def tier(self, model: Model, today: str) -> Tier | None:
        """The price tier on a day; None where there is no price to compare."""
        if model.tier is not None:
            return model.tier
        price, cheapest = model.prices.get("standard"), self._cheapest(today)
        if price is None or cheapest is None or model.kind != "generation":
            return None
        ratio = self.blended(price) / cheapest
        rule = self.data.tier_rule
        return "premium" if ratio >= rule.premium_from else "standard" if ratio >= rule.standard_from else "economy"

    def _cheapest(self, today: str) -> float | None:
        return min((self._standard(m) for m in self._active(today)), default=None)

    def _active(self, today: str) -> Iterable[Model]:
        return (
            m
            for m in self.data.models
            if m.kind == "generation" and "standard" in m.prices and m.lifecycle.on(today) == "active"
        )

    def cheaper_sibling(
        self, model: Model, needs: frozenset[str], today: str, *, window: int = 0
    ) -> tuple[Model, float] | None:
        """The cheapest active model of the newest generation that can do the same, and how many times this
        costs.

        `needs` are words of tools, schema, sampling, batch, and the model endpoints (chat, responses ...);
        `window` is in tokens. None if nothing is cheaper.
        """
        own = model.prices.get("standard")
        fitting = [m for m in self._active(today) if m.generation is not None and _fits(m, needs, window)]
        if own is None or not fitting:
            return None
        newest_first = sorted(fitting, key=lambda m: (-(m.generation or 0), self._standard(m), m.id))
        cheaper = (m for m in newest_first if self._standard(m) < self.blended(own))
        found = next(cheaper, None)
        return (found, self.blended(own) / self._standard(found)) if found else None

    def _standard(self, model: Model) -> float:
        return self.blended(model.prices["standard"])


def _fits(model: Model, needs: frozenset[str], window: int) -> bool:
    if model.context_window is None or model.context_window < window:
        return False
    if "tools" in needs and "chat" in needs and model.chat_tools not in ("any", "only_with_effort_none"):
        return False
    if "schema" in needs and not model.structured_outputs:
        return False
    if "sampling" in needs and model.sampling not in ("allowed", "only_with_effort_none"):
        return False
    if "batch" in needs and not model.batch:
        return False
    return needs - {"tools", "schema", "sampling", "batch"} <= set(model.endpoints)
