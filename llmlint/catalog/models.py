"""Model ids and dates come in; dated facts about the model, its price tier and cheaper siblings go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property

import msgspec

from llmlint.catalog.entries import Record
from llmlint.catalog.model_entries import Model, OwnModel, Price, Tier
from llmlint.errors import LlmlintError

_SNAPSHOT = re.compile(r"-20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\Z")
_WORDS = frozenset({"tools", "schema", "sampling", "batch"})


class TierRule(Record, frozen=True):
    """How a price becomes a tier.

    blended = (1 - `output_share`) x input + `output_share` x output; the tier follows from the blended price over
    that of the cheapest active model that generates text: premium from `premium_from` on, standard from
    `standard_from` on, economy below.
    """

    output_share: float
    standard_from: float
    premium_from: float


class LongContext(Record, frozen=True):
    """A request with more than `above` input tokens is billed as a whole at these multiples."""

    above: int
    input: float
    output: float


class ModelsData(Record, frozen=True):
    """The model file, compiled; encodable. `prefixes` are what gateways put before an id.

    `others` is how ids begin that belong to other vendors; `providers` say whose the models are.
    """

    providers: tuple[str, ...] = ()
    models: tuple[Model, ...] = ()
    prefixes: tuple[str, ...] = ()
    fine_tuned_prefix: str = ""
    others: tuple[str, ...] = ()
    never_existed: tuple[str, ...] = ()
    tier_rule: TierRule = TierRule(output_share=0.25, standard_from=4, premium_from=15)
    long_context: LongContext | None = None
    as_of: str = ""


class ModelTable:
    """All models by id."""

    def __init__(self, data: ModelsData) -> None:
        self.data = data

    # --- ids ------------------------------------------------------------------------------------------------

    def get(self, model_id: str) -> Model | None:
        """The model of an id, alias, snapshot, prefixed or fine-tuned id; None if unknown. Nothing is guessed."""
        whole = self._by_id.get(model_id)  # the user's own ids may look like anything
        return whole if whole is not None else self._of_base(self._base(model_id))

    def is_other_vendors(self, model_id: str) -> bool:
        """Whether an id is known to be of a model that no provider described here serves."""
        name = model_id.lower()
        names = (name, name.rsplit("/", 1)[-1])
        return any(one.startswith(self.data.others) for one in names) and self.get(model_id) is None

    def is_fine_tuned(self, model_id: str) -> bool:
        """Whether the id is that of a fine-tuned model; its prices differ from those of its base."""
        prefix = self.data.fine_tuned_prefix
        return bool(prefix) and self._without_gateway(model_id).startswith(prefix)

    def is_pinned(self, model_id: str) -> bool:
        """Whether a known id names one snapshot rather than an alias that moves."""
        base = self._base(model_id)
        model = self._of_base(base)
        return model is not None and (base in model.snapshots or _SNAPSHOT.search(base) is not None)

    def never_existed(self, model_id: str) -> bool:
        """Whether the id is known to be a mistake, not merely unknown."""
        return self._base(model_id) in self.data.never_existed

    def _of_base(self, base: str) -> Model | None:
        found = self._by_id.get(base)
        if found is None and base not in self.data.never_existed and (dated := _SNAPSHOT.search(base)):
            found = self._by_id.get(base[: dated.start()])  # a snapshot that is newer than the data
        return found

    def _base(self, model_id: str) -> str:
        bare = self._without_gateway(model_id)
        if self.is_fine_tuned(bare):
            return bare.removeprefix(self.data.fine_tuned_prefix).split(":", 1)[0]
        return bare

    def _without_gateway(self, model_id: str) -> str:
        prefix = next((prefix for prefix in self.data.prefixes if model_id.startswith(prefix)), "")
        return model_id.removeprefix(prefix)

    @cached_property
    def _by_id(self) -> Mapping[str, Model]:
        return {name: model for model in self.data.models for name in model.ids}

    # --- prices ---------------------------------------------------------------------------------------------

    def blended(self, price: Price) -> float:
        """One number for a price, see `TierRule`; US dollars per million tokens."""
        share = self.data.tier_rule.output_share
        return price.input * (1 - share) + price.output * share

    def tier(self, model: Model, today: str) -> Tier | None:
        """The price tier on a day; None where there is no price to compare. One set by the user wins."""
        if model.tier is not None:
            return model.tier
        price, cheapest = model.prices.get("standard"), self._cheapest(today)
        if price is None or not cheapest or model.kind != "generation":
            return None
        ratio, rule = self.blended(price) / cheapest, self.data.tier_rule
        if ratio >= rule.premium_from:
            return "premium"
        return "standard" if ratio >= rule.standard_from else "economy"

    def cheaper_sibling(
        self, model: Model, needs: frozenset[str], today: str, *, window: int = 0
    ) -> tuple[Model, float] | None:
        """The cheapest active model of the newest generation that can do the same, and how many times this costs.

        `needs` are words of tools, schema, sampling, batch, and the model endpoints (chat, responses ...); `window`
        is in tokens. None if nothing is cheaper.
        """
        own = model.prices.get("standard")
        if own is None:
            return None
        limit = self.blended(own)
        cheaper = [
            (-m.generation, self._standard(m), m.id, m)
            for m in self._active(today)
            if m.generation is not None and 0 < self._standard(m) < limit and _fits(m, needs, window)
        ]
        if not cheaper:
            return None
        _, price, _, found = min(cheaper)
        return found, limit / price

    def _cheapest(self, today: str) -> float | None:
        return min((self._standard(m) for m in self._active(today) if m.generation is not None), default=None)

    def _active(self, today: str) -> Iterable[Model]:
        for model in self.data.models:
            priced = model.kind == "generation" and "standard" in model.prices
            if priced and model.lifecycle.on(today) == "active":
                yield model

    def _standard(self, model: Model) -> float:
        return self.blended(model.prices["standard"])

    # --- the user's own -------------------------------------------------------------------------------------

    def with_own(self, own: Iterable[OwnModel]) -> ModelsData:
        """The data with the user's models, which win over those of the same id.

        Raises `LlmlintError` when one is like a model that nobody knows.
        """
        models = {model.id: model for model in self.data.models}
        for entry in own:
            known = self.get(entry.alias_of or entry.id)
            if known is None and entry.alias_of:
                raise LlmlintError(self._unknown(entry))
            for name, model in list(models.items()):
                if entry.id in model.ids and model.id != entry.id:
                    models[name] = _without(model, entry.id)
            models[entry.id] = _own(entry, known)
        return msgspec.structs.replace(self.data, models=tuple(models.values()))

    def _unknown(self, entry: OwnModel) -> str:
        near = get_close_matches(entry.alias_of, self._by_id, n=1)
        advice = f"did you mean `{near[0]}`?" if near else "name a known id, or give prices instead of `alias_of`"
        return f"model `{entry.id}` is an alias of `{entry.alias_of}`, which is not in the catalogue; {advice}"


def _fits(model: Model, needs: frozenset[str], window: int) -> bool:
    on_chat = "chat" in needs and "tools" in needs
    return (
        (model.context_window or 0) >= window
        and (not on_chat or model.chat_tools in ("any", "only_with_effort_none"))
        and ("schema" not in needs or model.structured_outputs is True)
        and ("sampling" not in needs or model.sampling in ("allowed", "only_with_effort_none"))
        and ("batch" not in needs or model.batch is True)
        and needs - _WORDS <= set(model.endpoints)
    )


def _without(model: Model, id_: str) -> Model:
    return msgspec.structs.replace(model, ids=tuple(name for name in model.ids if name != id_))


def _own(entry: OwnModel, known: Model | None) -> Model:
    """A model as the user describes it, on top of what is known about it or about the one that it is like."""
    plain = known or Model(id=entry.id, kind="generation", ids=(entry.id,), as_of=entry.as_of)
    same = known is not None and known.id == entry.id
    changed = {
        name: value
        for name in ("tier", "context_window", "max_output", "encoding", "as_of")
        if (value := getattr(entry, name))
    }
    return msgspec.structs.replace(
        plain,
        id=entry.id,
        ids=plain.ids if same else (entry.id,),
        generation=plain.generation if same else None,
        prices={**plain.prices, **entry.prices},
        **changed,
    )
