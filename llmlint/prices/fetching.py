"""Ids of models come in, their prices of today go out. The only module that opens the network, and only when called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from llmlint.catalog.catalog import Catalog
from llmlint.catalog.model_entries import Model, Price
from llmlint.errors import LlmlintError
from llmlint.prices.comparing import Fetched, Prices

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot
    from genai_prices.types import ModelInfo, Provider

SERVICES = {
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "fast": {"service_tier": "fast"},
}
"""Services besides the standard one, as the package tells them apart."""
FIELDS = {
    "input": "input_mtok",
    "cached_input": "cache_read_mtok",
    "cache_write": "cache_write_mtok",
    "output": "output_mtok",
}
_MISSING = (
    "the package genai-prices is not installed.\nInstall it: pip install 'llmlint[prices]' (Python 3.11 or newer)."
)


def fetch(catalog: Catalog, *, installed: bool = False) -> Fetched:
    """Prices of the catalogue's models, and of others of the same providers.

    With `installed` they are those that the installed package ships, without any network. Raises `LlmlintError` where
    the package is missing or its source can't be reached.
    """
    try:
        import genai_prices
    except ImportError:
        raise LlmlintError(_MISSING) from None
    snapshot = _installed() if installed else _newest()
    now = datetime.now(timezone.utc)
    providers = [each for each in snapshot.providers if each.id in catalog.data.models.providers]
    known: dict[str, Prices] = {}
    others: dict[str, Prices] = {}
    for provider in providers:
        known |= _known(provider, catalog.data.models.models, now)
        others |= _others(provider, now)
    if not known:
        raise LlmlintError(
            "genai-prices has no prices of the models in the catalogue.\nUpdate it: pip install -U genai-prices"
        )
    source = f"genai-prices {genai_prices.__version__}" + (", as installed" if installed else "")
    return Fetched(source=source, date=now.date().isoformat(), known=known, others=others)


def _installed() -> DataSnapshot:
    from genai_prices.data_snapshot import get_snapshot

    return get_snapshot()


def _newest() -> DataSnapshot:
    from genai_prices import UpdatePrices
    from httpx2 import HTTPError

    try:
        found = UpdatePrices().fetch()
    except (HTTPError, OSError, ValueError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise LlmlintError(f"prices can't be fetched: {reason}.\n{_OFFLINE}") from None
    if found is None:
        raise LlmlintError(f"prices can't be fetched: nothing came.\n{_OFFLINE}")
    return found


_OFFLINE = "Try again, or take those of the installed package: llmlint prices --refresh --installed"


def _known(provider: Provider, models: Iterable[Model], now: datetime) -> Mapping[str, Prices]:
    """Prices of models of the catalogue. What the package takes for another model is not compared."""
    found: dict[str, Prices] = {}
    for model in models:
        info = provider.find_model(model.id)
        if info is not None and info.id in model.ids:
            prices = _prices(info, now)
            found |= {model.id: prices} if prices else {}
    return found


def _others(provider: Provider, now: datetime) -> Mapping[str, Prices]:
    """Prices of models that read and write text and nothing else."""
    found: dict[str, Prices] = {}
    for info in provider.models:
        keys = {key for key, value in vars(info.get_prices(now)).items() if value is not None and key.endswith("_mtok")}
        whole = info.id[-1:].isalnum() and ":" not in info.id
        if whole and {"input_mtok", "output_mtok"} <= keys <= set(FIELDS.values()):
            found[info.id] = _prices(info, now)
    return found


def _prices(info: ModelInfo, now: datetime) -> Prices:
    """The prices by service; those of a variant are only what the variant itself says."""
    standard = _price(vars(info.get_prices(now)))
    if standard is None:
        return {}
    found = {"standard": standard}
    for service, context in SERVICES.items():
        price = _price(_variant(info, context, now))
        if price is not None:
            found[service] = price
    return found


def _variant(info: ModelInfo, context: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
    said: dict[str, Any] = {}
    for variant in info.price_variants or ():
        active = variant.constraint is None or variant.constraint.active(now)
        if active and variant.when and all(context.get(key) == value for key, value in variant.when.items()):
            for key, value in vars(variant.prices).items():
                said.setdefault(key, value)
    return said


def _price(said: Mapping[str, Any]) -> Price | None:
    """The price of short requests: what long ones cost more is in the catalogue."""
    numbers = {field: _number(said.get(key)) for field, key in FIELDS.items()}
    entered = numbers["input"]
    if entered is None:
        return None
    return Price(
        input=entered,
        output=numbers["output"] or 0.0,
        cached_input=numbers["cached_input"],
        cache_write=numbers["cache_write"],
    )


def _number(price: Any) -> float | None:  # noqa: ANN401 - a decimal, or an object with tiers
    base = getattr(price, "base", price)
    return float(base) if base is not None else None
