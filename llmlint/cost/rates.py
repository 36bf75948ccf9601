"""Tokens of a request and the prices of a service come in, dollars go out."""

from __future__ import annotations

import msgspec

from llmlint.catalog.model_entries import Model, Price
from llmlint.catalog.models import LongContext

STANDARD = "standard"
SERVICES = {
    "": STANDARD,
    "auto": STANDARD,
    "default": STANDARD,
    "standard": STANDARD,
    "standard_only": STANDARD,
    "batch": "batch",
    "flex": "flex",
    "fast": "fast",
    "priority": "fast",
}
"""The service that a tier of a request is billed as."""


class Tokens(msgspec.Struct, frozen=True):
    """Tokens of one request. `input` includes `cached`.

    `writes` says whether input that isn't read from the cache is written to it; `written` how much of it was, where
    that is known. `doubtful_surcharge`: apply one for long requests even if it isn't certain that there is one.
    """

    input: float
    output: float
    cached: float = 0
    writes: bool = False
    written: float | None = None
    doubtful_surcharge: bool = False


class Rates(msgspec.Struct, frozen=True):
    """What a model costs in one service. `surcharge` is None where it is not known whether there is one."""

    price: Price
    long_context: LongContext | None = None
    surcharge: bool | None = False
    cache_minimum: int | None = None

    def dollars(self, tokens: Tokens) -> float:
        """US dollars for one request, which is the price of a million tokens times a millionth of each."""
        price = self.price
        read = tokens.cached if price.cached_input is not None else 0
        caching = self.cache_minimum is not None and tokens.input >= self.cache_minimum
        fresh = tokens.input - read
        written = tokens.written if tokens.written is not None else fresh if tokens.writes and caching else 0
        written = min(written, fresh) if price.cache_write is not None else 0
        given = read * (price.cached_input or 0) + written * (price.cache_write or 0) + (fresh - written) * price.input
        factors = self._factors(tokens)
        return (given * factors[0] + tokens.output * price.output * factors[1]) / 1_000_000

    def _factors(self, tokens: Tokens) -> tuple[float, float]:
        long = self.long_context
        if long is None or tokens.input <= long.above:
            return 1, 1
        applies = self.surcharge if self.surcharge is not None else tokens.doubtful_surcharge
        return (long.input, long.output) if applies else (1, 1)


def rates(model: Model, service: str, long_context: LongContext | None) -> Rates | None:
    """The rates of a model in a service; None where no price is published."""
    price = model.prices.get(service)
    if price is None:
        return None
    minimum = model.cache.minimum if model.cache is not None else None
    return Rates(price, long_context, model.long_context_surcharge, minimum)
