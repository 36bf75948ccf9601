"""Models: the dated facts are the ones that were read, and ids, tiers and siblings follow from them."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from llmlint.catalog import Catalog
from llmlint.catalog.loading import load_catalog
from llmlint.catalog.model_entries import OwnModel, Price
from llmlint.errors import LlmlintError

DATA = Path(__file__).parent / "data"
TODAY = "2026-11-23"


def rows(name: str) -> list[dict]:
    return json.loads((DATA / name).read_text())


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize("row", rows("models.json"), ids=lambda row: row["id"])
def test_facts(catalog: Catalog, row: dict):
    model = catalog.models.get(row["id"])
    prices = {service: msgspec.to_builtins(price) for service, price in model.prices.items() if service != "decisions"}
    assert prices == row["prices"]
    life = model.lifecycle
    assert (life.status, life.shutdown, life.replacement) == (row["status"], row["shutdown"], row["replacement"])
    assert set(model.ids) == {row["id"], *row["other_ids"]}
    for name in ("context_window", "max_input", "max_output", "encoding", "encoding_known", "default_effort"):
        assert getattr(model, name) == row[name], name
    for name in ("structured_outputs", "batch", "reasoning", "as_of"):
        assert getattr(model, name) == row[name], name
    assert (model.efforts, model.service_tiers) == (tuple(row["efforts"]), tuple(row["service_tiers"]))
    assert (model.endpoints, model.sources) == (tuple(row["endpoints"]), tuple(row["source"]))
    assert model.cache.name == row["cache"]


@pytest.mark.parametrize("row", rows("embedding_models.json"), ids=lambda row: row["id"])
def test_facts_of_embeddings(catalog: Catalog, row: dict):
    model = catalog.models.get(row["id"])
    assert model.kind == "embedding"
    assert (model.prices["standard"].input, model.prices["batch"].input) == (row["input"], row["batch"])
    assert (model.max_input, model.max_dimensions, model.encoding) == (
        row["max_input"],
        row["max_dimensions"],
        row["encoding"],
    )
    assert catalog.models.tier(model, TODAY) is None


@pytest.mark.parametrize("row", rows("shutdowns.json"), ids=lambda row: row["ids"][0])
def test_other_shutdowns(catalog: Catalog, row: dict):
    for name in row["ids"]:
        model = catalog.models.get(name)
        assert model.lifecycle.shutdown == row["shutdown"]
        assert model.lifecycle.on(row["shutdown"]) == "shutdown"


@pytest.mark.parametrize(
    ("written", "model"),
    [
        ("gpt-5.6", "gpt-5.6-sol"),
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
        ("gpt-4-1106-preview", "gpt-4-turbo"),
        ("gpt-4o-2027-03-01", "gpt-4o"),
        ("openai/gpt-5.5", "gpt-5.5"),
        ("azure/gpt-4o-mini", "gpt-4o-mini"),
        ("openai:gpt-6-luna", "gpt-6-luna"),
        ("ft:gpt-4.1-mini-2025-04-14:acme::abc123", "gpt-4.1-mini"),
        ("ft:gpt-4o-mini:acme", "gpt-4o-mini"),
        ("openai/ft:gpt-4o-2024-08-06:acme::x", "gpt-4o"),
    ],
)
def test_ids_that_name_a_model(catalog: Catalog, written: str, model: str):
    assert catalog.models.get(written).id == model


@pytest.mark.parametrize(
    "written",
    [
        "gpt-5-5",
        "gpt-5-5-pro",
        "gpt-5.1-mini",
        "gpt-5.1-mini-2026-01-01",
        "gpt5",
        "gpt-4.o",
        "GPT-4o",
        "gpt-4o ",
        "gpt-5.5-codex",
        "gpt-4o-2024-13-01",
        "gpt-4o-20240806",
        "ft:gpt-9:acme",
        "ft:",
        "openai/",
        "llama-3",
        "anthropic/claude",
        "",
    ],
)
def test_nothing_is_guessed(catalog: Catalog, written: str):
    assert catalog.models.get(written) is None


def test_ids_that_are_known_not_to_exist(catalog: Catalog):
    assert catalog.models.never_existed("gpt-5-5")
    assert not catalog.models.never_existed("gpt-7")


@pytest.mark.parametrize(
    ("written", "pinned"),
    [("gpt-4o", False), ("gpt-4o-2024-08-06", True), ("gpt-4-0613", True), ("gpt-5.6", False), ("x-2024-08-06", False)],
)
def test_pinned(catalog: Catalog, written: str, pinned: bool):
    assert catalog.models.is_pinned(written) is pinned


def test_fine_tuned(catalog: Catalog):
    assert catalog.models.is_fine_tuned("ft:gpt-4o:acme")
    assert not catalog.models.is_fine_tuned("gpt-4o")


@pytest.mark.parametrize(
    ("today", "status"), [("2026-10-22", "deprecated"), ("2026-10-23", "shutdown"), ("2027-01-01", "shutdown")]
)
def test_lifecycle_on_a_day(catalog: Catalog, today: str, status: str):
    assert catalog.models.get("gpt-4").lifecycle.on(today) == status


def test_a_shutdown_that_passes_counts_without_new_data(catalog: Catalog):
    model = catalog.models.get("gpt-4o")
    assert (model.lifecycle.on(TODAY), model.lifecycle.on("2027-01-14")) == ("deprecated", "shutdown")


@pytest.mark.parametrize(
    ("model", "tier"),
    [
        ("gpt-6.2-astra", "premium"),
        ("gpt-5.5-pro", "premium"),
        ("gpt-5.5", "premium"),
        ("gpt-6-sol", "premium"),
        ("gpt-5", "premium"),
        ("gpt-4o", "premium"),
        ("gpt-4.1", "premium"),
        ("gpt-4", "premium"),
        ("o3", "premium"),
        ("o4-mini", "standard"),
        ("gpt-6.1-terra", "standard"),
        ("gpt-5.4-mini", "standard"),
        ("gpt-4o-mini", "economy"),
        ("gpt-5-mini", "economy"),
        ("gpt-6-luna", "economy"),
        ("gpt-3.5-turbo", "economy"),
        ("gpt-4-turbo-preview", "premium"),
        ("gpt-5-codex", "premium"),
        ("text-davinci-003", "premium"),
        ("codex-mini-latest", None),
        ("dall-e-3", None),
    ],
)
def test_tier_follows_from_the_price(catalog: Catalog, model: str, tier: str | None):
    assert catalog.models.tier(catalog.models.get(model), TODAY) == tier


def sibling(catalog: Catalog, model: str, *needs: str, window: int = 0) -> tuple[str, float] | None:
    found = catalog.models.cheaper_sibling(catalog.models.get(model), frozenset(needs), TODAY, window=window)
    return (found[0].id, round(found[1], 3)) if found else None


def test_cheaper_sibling(catalog: Catalog):
    assert sibling(catalog, "gpt-5.5", "chat", "schema") == ("gpt-6-luna", 56.25)
    assert sibling(catalog, "gpt-4", "chat", "tools", "sampling") == ("gpt-6-luna", 187.5)
    assert sibling(catalog, "gpt-6-luna", "chat") is None
    assert sibling(catalog, "gpt-5-nano", "chat") is None
    assert sibling(catalog, "text-embedding-3-large") is None
    assert sibling(catalog, "gpt-5.5", "chat", "realtime") is None
    assert sibling(catalog, "gpt-5.5", window=2_000_000) is None


def test_a_sibling_is_active_on_that_day(catalog: Catalog):
    gone = msgspec.structs.replace(catalog.models.get("gpt-6-luna").lifecycle, shutdown="2028-01-01")
    data = catalog.models.data
    models = tuple(msgspec.structs.replace(m, lifecycle=gone) if m.id == "gpt-6-luna" else m for m in data.models)
    table = type(catalog.models)(msgspec.structs.replace(data, models=models))
    found, _ = table.cheaper_sibling(table.get("gpt-5.5"), frozenset({"chat"}), TODAY)
    assert found.id == "gpt-6.1-terra"


def test_own_models(catalog: Catalog):
    house = OwnModel(id="house/fast", alias_of="gpt-4o", tier="economy")
    new = OwnModel(id="new", prices={"standard": Price(input=30, output=60)}, context_window=1000)
    corrected = OwnModel(id="gpt-5.6-sol", prices={"standard": Price(input=5, output=30)}, as_of="2026-11-22")
    own = catalog.with_models([house, new, corrected])
    assert own.models.get("house/fast").context_window == 128000
    assert own.models.tier(own.models.get("house/fast"), TODAY) == "economy"
    assert own.models.tier(own.models.get("new"), TODAY) == "premium"
    assert own.models.get("gpt-5.6").prices["standard"].output == 30
    assert own.models.get("gpt-5.6").prices["batch"].output == 10
    assert own.models.get("gpt-5.6").as_of == "2026-11-22"
    assert catalog.models.get("house/fast") is None
    assert catalog.models.get("gpt-5.6").prices["standard"].output == 20


def test_an_own_model_is_never_recommended(catalog: Catalog):
    own = catalog.with_models([OwnModel(id="cheap", alias_of="gpt-6-luna", prices={"standard": Price(input=0.01)})])
    found, _ = own.models.cheaper_sibling(own.models.get("gpt-4o"), frozenset({"chat"}), TODAY)
    assert found.id == "gpt-6-luna"


def test_an_alias_of_nobody_is_refused(catalog: Catalog):
    with pytest.raises(LlmlintError, match=r"alias of `gpt-4oo`.*did you mean `gpt-4o`"):
        catalog.with_models([OwnModel(id="house", alias_of="gpt-4oo")])


def test_deployments(catalog: Catalog):
    own = catalog.with_deployments({"prod-chat": "gpt-4o"})
    assert own.deployment("prod-chat").id == "gpt-4o"
    assert own.deployment("other") is None
    assert own.models.get("prod-chat") is None
    with pytest.raises(LlmlintError, match="deployment `x`"):
        catalog.with_deployments({"x": "gpt-0"})


def test_every_number_is_dated_and_has_a_source(catalog: Catalog):
    for model in catalog.models.data.models:
        assert model.as_of and model.sources, model.id
