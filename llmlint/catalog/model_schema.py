"""The form of models/*.yaml, and its way into `ModelsData`: dated facts about models, each with its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from llmlint.catalog.entries import Lifecycle
from llmlint.catalog.model_entries import CachePolicy, Model, Price
from llmlint.catalog.models import LongContext, ModelsData, TierRule
from llmlint.catalog.provider_schema import Date, Section
from llmlint.document import Document
from llmlint.errors import Problem, suggest

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
Dollars = Annotated[float, Field(ge=0, le=10_000)]
Tokens = Annotated[int, Field(gt=0)]
Service = Literal["standard", "batch", "flex", "fast", "decisions"]
ServiceTier = Literal["default", "flex", "fast", "ultrafast", "scale"]
Sources = Annotated[list[str], Field(min_length=1)]


class PriceSection(Section):
    """US dollars per million tokens. A key that is missing means that no such price is published."""

    input: Dollars
    cached_input: Dollars | None = None
    cache_write: Dollars | None = None
    output: Dollars = 0.0


class ModelLifecycle(Section):
    """State on the day of `as_of`. A shutdown date that passes later counts by itself."""

    status: Literal["active", "deprecated", "shutdown"]
    shutdown: Date | None = None
    replacement: str = ""

    @model_validator(mode="after")
    def _dates_fit(self) -> ModelLifecycle:
        if self.status == "active" and self.shutdown:
            raise PydanticCustomError(
                "active_with_date", "active, but with a shutdown date", {"hint": "write `status: deprecated`"}
            )
        return self


class ReasoningSection(Section):
    """Whether the model reasons, how hard it can, and how hard it does when nothing is said."""

    supported: bool
    efforts: list[str] = Field(default_factory=list)
    default: str = ""

    @model_validator(mode="after")
    def _default_is_an_effort(self) -> ReasoningSection:
        if self.default and self.default not in self.efforts:
            raise PydanticCustomError(
                "no_effort", "the default is not among the efforts", {"hint": suggest(self.default, self.efforts)}
            )
        return self


class CachePolicySection(Section):
    """How prompt caching works for some models. Without a minimum nothing is cached, or nothing is saved."""

    minimum: Tokens | None = None
    """Shortest prefix that can be cached."""
    certain_from: Tokens | None = None
    """Length from which it is cached for certain, where that is longer."""
    strict: bool = False
    """The minimum is exact."""
    writes: dict[str, Annotated[float, Field(ge=1)]] = Field(default_factory=dict)
    """Lifetime, and the price of writing over that of input. Empty: writing costs nothing extra."""
    lifetime_option: str = ""
    lifetimes: list[str] = Field(default_factory=list)
    """Values that the lifetime option takes, where they are few."""
    rejects: list[str] = Field(default_factory=list)
    """Options that are answered with an error."""
    deprecated: list[str] = Field(default_factory=list)
    key: Literal["", "optional", "recommended"] = ""
    """Whether a cache key is of use."""
    source: Sources
    as_of: Date


class ModelSection(Section):
    """One model that generates text. `source` names entries of `sources`."""

    id: Id
    aliases: list[Id] = Field(default_factory=list)
    snapshots: list[Id] = Field(default_factory=list)
    generation: int | None = None
    """A larger number is newer. Left out for ids that are not to be recommended."""
    lifecycle: ModelLifecycle
    prices: dict[Service, PriceSection]
    price_verified: bool = True
    price_until: Date | None = None
    """The last day for which the price was promised."""
    long_context_surcharge: bool | None = None
    context_window: Tokens
    max_input: Tokens | None = None
    max_output: Tokens | None = None
    encoding: str
    encoding_assumed: bool = False
    reasoning: ReasoningSection
    sampling: Literal["allowed", "only_with_effort_none", "never", "unverified"]
    """Whether temperature, top_p and log probabilities are taken."""
    max_tokens: Literal["", "accepted", "rejected"] = ""
    """What Chat Completions does with the deprecated spelling of the cap."""
    structured_outputs: bool
    chat_tools: Literal["any", "only_with_effort_none", "responses_only", "unverified", "none"]
    """Whether function tools work on Chat Completions."""
    caching: str
    service_tiers: list[ServiceTier]
    batch: bool
    endpoints: list[str]
    note: str = ""
    source: Sources
    as_of: Date


class EmbeddingSection(Section):
    """One embedding model."""

    id: Id
    lifecycle: ModelLifecycle
    prices: dict[Service, PriceSection]
    max_input: Tokens
    """Tokens of one item."""
    max_items: Tokens
    max_request_tokens: Tokens
    max_dimensions: Tokens
    dimensions_argument: bool
    """Whether the size can be asked for."""
    encoding: str
    note: str = ""
    source: Sources
    as_of: Date


class OtherSection(Section):
    """Ids of which the lifecycle is what matters; the rest is given where it is known."""

    ids: list[Id] = Field(min_length=1)
    kind: Literal["generation", "embedding", "image", "audio", "video", "moderation"]
    lifecycle: ModelLifecycle
    prices: dict[Service, PriceSection] = Field(default_factory=dict)
    context_window: Tokens | None = None
    max_output: Tokens | None = None
    encoding: str = ""
    reasoning: bool | None = None
    structured_outputs: bool | None = None
    note: str = ""
    source: Sources
    as_of: Date


class NeverSection(Section):
    """Names that look right but are no ids."""

    ids: list[Id]
    source: Sources
    as_of: Date


class TierSection(Section):
    """How a price becomes a tier; see `TierRule`."""

    output_share: Annotated[float, Field(gt=0, lt=1)]
    standard_from: Annotated[float, Field(gt=1)]
    premium_from: Annotated[float, Field(gt=1)]


class LongContextSection(Section):
    """A request with more input tokens than `above` is billed as a whole at these multiples."""

    above: Tokens
    input: Annotated[float, Field(ge=1)]
    output: Annotated[float, Field(ge=1)]


class DisagreementSection(Section):
    """What sources say differently; kept so that nobody has to find it out again."""

    what: str
    says: dict[str, str | int | float | bool]
    note: str = ""


class ModelFile(Section):
    """All models of one provider."""

    provider: str
    as_of: Date
    sources: dict[str, str]
    prefixes: list[str] = Field(default_factory=list)
    """What gateways put before an id."""
    fine_tuned_prefix: str = ""
    """Fine-tuned ids are this, the base id, and more after a colon."""
    others: list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9./-]+$")]] = Field(default_factory=list)
    """How ids begin (lower case) that this provider never served."""
    tiers: TierSection
    long_context: LongContextSection | None = None
    cache_policies: dict[str, CachePolicySection]
    models: list[ModelSection]
    embedding_models: list[EmbeddingSection] = Field(default_factory=list)
    other_models: list[OtherSection] = Field(default_factory=list)
    never_existed: list[NeverSection] = Field(default_factory=list)
    disagreements: list[DisagreementSection] = Field(default_factory=list)


def check_models(document: Document, file: ModelFile) -> Iterator[Problem]:
    """Names that lead nowhere, and ids that stand twice."""
    for index, section in enumerate(file.models):
        if section.caching not in file.cache_policies:
            hint = suggest(section.caching, file.cache_policies)
            message = f"unknown cache policy `{section.caching}`"
            yield document.problem(("models", index, "caching"), message, hint)
    sections: tuple[tuple[str, Sequence[ModelSection | EmbeddingSection | OtherSection | NeverSection]], ...] = (
        ("models", file.models),
        ("embedding_models", file.embedding_models),
        ("other_models", file.other_models),
        ("never_existed", file.never_existed),
    )
    for key, described in sections:
        for index, entry in enumerate(described):
            for source in entry.source:
                if source not in file.sources:
                    hint = suggest(source, file.sources)
                    yield document.problem((key, index, "source"), f"unknown source `{source}`", hint)
    for name, count in Counter(name for names in _all_ids(file) for name in names).items():
        if count > 1:
            yield document.problem((), f"model `{name}` is described more than once", "keep one")


def _all_ids(file: ModelFile) -> Iterable[Sequence[str]]:
    yield from ((m.id, *m.aliases, *m.snapshots) for m in file.models)
    yield from ((m.id,) for m in file.embedding_models)
    yield from (m.ids for m in file.other_models)
    yield from (m.ids for m in file.never_existed)


def build_models(files: Sequence[ModelFile]) -> ModelsData:
    """The compiled table of checked files. How prices become tiers is said by the first one."""
    first = files[0]
    long = first.long_context
    return ModelsData(
        providers=tuple(dict.fromkeys(file.provider for file in files)),
        models=tuple(model for file in files for model in _models(file)),
        prefixes=tuple(prefix for file in files for prefix in file.prefixes),
        fine_tuned_prefix=first.fine_tuned_prefix,
        others=tuple(prefix for file in files for prefix in file.others),
        never_existed=tuple(name for file in files for section in file.never_existed for name in section.ids),
        tier_rule=TierRule(**first.tiers.model_dump()),
        long_context=LongContext(**long.model_dump()) if long else None,
        as_of=min(file.as_of for file in files),
    )


def _models(file: ModelFile) -> Iterator[Model]:
    yield from (_generation(section, file) for section in file.models)
    yield from map(_embedding, file.embedding_models)
    yield from (model for section in file.other_models for model in _others(section))


def _generation(section: ModelSection, file: ModelFile) -> Model:
    return Model(
        id=section.id,
        kind="generation",
        ids=(section.id, *section.aliases, *section.snapshots),
        snapshots=tuple(section.snapshots),
        lifecycle=_lifecycle(section.lifecycle),
        as_of=section.as_of,
        sources=tuple(section.source),
        generation=section.generation,
        prices=_prices(section.prices),
        price_verified=section.price_verified,
        price_until=section.price_until or "",
        long_context_surcharge=section.long_context_surcharge,
        context_window=section.context_window,
        max_input=section.max_input,
        max_output=section.max_output,
        encoding=section.encoding,
        encoding_known=not section.encoding_assumed,
        reasoning=section.reasoning.supported,
        efforts=tuple(section.reasoning.efforts),
        default_effort=section.reasoning.default,
        sampling=section.sampling,
        max_tokens=section.max_tokens,
        structured_outputs=section.structured_outputs,
        chat_tools=section.chat_tools,
        cache=_cache(section.caching, file.cache_policies[section.caching]),
        service_tiers=tuple(section.service_tiers),
        batch=section.batch,
        endpoints=tuple(section.endpoints),
        note=section.note,
    )


def _embedding(section: EmbeddingSection) -> Model:
    return Model(
        id=section.id,
        kind="embedding",
        ids=(section.id,),
        lifecycle=_lifecycle(section.lifecycle),
        as_of=section.as_of,
        sources=tuple(section.source),
        prices=_prices(section.prices),
        max_input=section.max_input,
        max_items=section.max_items,
        max_request_tokens=section.max_request_tokens,
        max_dimensions=section.max_dimensions,
        dimensions_argument=section.dimensions_argument,
        encoding=section.encoding,
        batch="batch" in section.prices,
        endpoints=("embeddings",),
        note=section.note,
    )


def _others(section: OtherSection) -> Iterator[Model]:
    for name in section.ids:
        yield Model(
            id=name,
            kind=section.kind,
            ids=(name,),
            lifecycle=_lifecycle(section.lifecycle),
            as_of=section.as_of,
            sources=tuple(section.source),
            prices=_prices(section.prices),
            context_window=section.context_window,
            max_output=section.max_output,
            encoding=section.encoding,
            reasoning=section.reasoning,
            structured_outputs=section.structured_outputs,
            note=section.note,
        )


def _prices(prices: dict[Service, PriceSection]) -> dict[str, Price]:
    return {service: Price(**price.model_dump()) for service, price in prices.items()}


def _lifecycle(section: ModelLifecycle) -> Lifecycle:
    return Lifecycle(status=section.status, shutdown=section.shutdown or "", replacement=section.replacement)


def _cache(name: str, policy: CachePolicySection) -> CachePolicy:
    return msgspec.convert({"name": name, **policy.model_dump(exclude={"source"})}, CachePolicy)
