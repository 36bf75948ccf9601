"""What the catalogue's models consist of: plain, immutable, encodable records. Dates are ISO strings."""

from __future__ import annotations

from typing import Literal

import msgspec

from llmlint.catalog.entries import Lifecycle, Record

Tier = Literal["premium", "standard", "economy"]


class Price(Record, frozen=True):
    """US dollars per million tokens; None where no price is published."""

    input: float
    output: float = 0.0
    cached_input: float | None = None
    cache_write: float | None = None


class CachePolicy(Record, frozen=True):
    """How prompt caching works for a model. `minimum` is in tokens, None where nothing is cached or saved.

    `strict`: the minimum is exact; otherwise a prefix is cached for certain from `certain_from` tokens on.
    `writes` maps a lifetime to the price of writing over that of input; without any, writing costs nothing extra.
    `rejects` and `deprecated` name options of the request; `lifetimes` are the values that `lifetime_option` takes.
    """

    name: str
    minimum: int | None = None
    certain_from: int | None = None
    strict: bool = False
    writes: dict[str, float] = msgspec.field(default_factory=dict)
    lifetime_option: str = ""
    lifetimes: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    deprecated: tuple[str, ...] = ()
    key: str = ""
    as_of: str = ""


class Model(Record, frozen=True):
    """One model. `prices` is keyed by service: standard, batch, flex, fast. A retired model keeps its last price.

    `ids` are its own id, aliases and listed `snapshots`. `encoding_known` is False where the encoding is assumed.
    `efforts` and `default_effort` speak of reasoning. `as_of` dates everything here; `price_until` is the last day
    for which the price was promised. A larger `generation` is newer; None is not to be recommended. `max_tokens` is
    what Chat Completions does with the deprecated cap: accepted, rejected. None and "" mean not known.
    """

    id: str
    kind: Literal["generation", "embedding", "image", "audio", "video", "moderation"]
    ids: tuple[str, ...]
    snapshots: tuple[str, ...] = ()
    lifecycle: Lifecycle = Lifecycle()
    as_of: str = ""
    sources: tuple[str, ...] = ()
    generation: int | None = None
    prices: dict[str, Price] = msgspec.field(default_factory=dict)
    price_verified: bool = True
    price_until: str = ""
    long_context_surcharge: bool | None = None
    context_window: int | None = None
    max_input: int | None = None
    max_output: int | None = None
    encoding: str = ""
    encoding_known: bool = True
    reasoning: bool | None = None
    efforts: tuple[str, ...] = ()
    default_effort: str = ""
    sampling: Literal["allowed", "only_with_effort_none", "never", "unverified"] = "unverified"
    max_tokens: Literal["", "accepted", "rejected"] = ""
    structured_outputs: bool | None = None
    chat_tools: Literal["any", "only_with_effort_none", "responses_only", "unverified", "none"] = "unverified"
    cache: CachePolicy | None = None
    service_tiers: tuple[str, ...] = ()
    batch: bool | None = None
    endpoints: tuple[str, ...] = ()
    max_items: int | None = None
    max_request_tokens: int | None = None
    max_dimensions: int | None = None
    dimensions_argument: bool | None = None
    tier: Tier | None = None
    """Set by the user; otherwise the tier follows from the price."""
    note: str = ""


class OwnModel(Record, frozen=True):
    """A model in the user's configuration: a new id, another name of a known one (`alias_of`), or other values."""

    id: str
    alias_of: str = ""
    prices: dict[str, Price] = msgspec.field(default_factory=dict)
    tier: Tier | None = None
    context_window: int | None = None
    max_output: int | None = None
    encoding: str = ""
    as_of: str = ""
