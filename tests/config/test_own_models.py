from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.catalog.catalog import Catalog, CatalogData
from llmlint.catalog.entries import Lifecycle
from llmlint.catalog.model_entries import Model, Price
from llmlint.catalog.models import ModelsData
from llmlint.config import read_settings
from llmlint.config.models import with_own_models
from llmlint.errors import ProblemsError


def model(*ids: str, **fields) -> Model:
    return Model(id=ids[0], kind="generation", ids=ids, lifecycle=Lifecycle(), as_of="2026-01-01", **fields)


CATALOG = Catalog(
    CatalogData(
        models=ModelsData(
            models=(
                model("big", "big-2026-01-01", prices={"standard": Price(input=9, output=9)}, context_window=100),
                model("small", prices={"standard": Price(input=1, output=1)}),
            )
        )
    )
)


def extended(tmp_path: Path, text: str) -> Catalog:
    (tmp_path / "llmlint.toml").write_text(text)
    return with_own_models(CATALOG, read_settings(tmp_path))


def test_without_models_the_catalogue_stays(tmp_path: Path):
    assert extended(tmp_path, "") is CATALOG


def test_an_alias_has_all_that_its_model_has(tmp_path: Path):
    catalog = extended(tmp_path, "[models.house]\nalias-of = 'big'\ncontext-window = 50\n")
    house = catalog.models.get("house")
    assert house is not None
    assert (house.ids, house.context_window, house.prices["standard"].input) == (("house",), 50, 9)
    assert catalog.models.get("big") == CATALOG.models.get("big")


def test_a_model_of_the_catalogue_is_corrected_under_all_its_ids(tmp_path: Path):
    catalog = extended(tmp_path, "[models.big]\nprice = {input = 5}\nas-of = 2026-11-01\n")
    for name in ("big", "big-2026-01-01"):
        found = catalog.models.get(name)
        assert found is not None
        assert (found.prices["standard"].input, found.as_of) == (5, "2026-11-01")


def test_one_snapshot_is_corrected_alone(tmp_path: Path):
    catalog = extended(tmp_path, "[models.big-2026-01-01]\nprice = {input = 5}\n")
    assert catalog.models.get("big-2026-01-01").prices["standard"].input == 5  # type: ignore[union-attr]
    assert catalog.models.get("big").prices["standard"].input == 9  # type: ignore[union-attr]


def test_a_new_model(tmp_path: Path):
    catalog = extended(
        tmp_path,
        "[models.own]\ntier = 'economy'\nprice = {input = 1, output = 2}\nbatch-price = {input = 0.5}\n",
    )
    own = catalog.models.get("own")
    assert own is not None
    assert own.prices == {"standard": Price(input=1, output=2), "batch": Price(input=0.5)}
    assert own.tier == "economy"


def test_deployments(tmp_path: Path):
    catalog = extended(tmp_path, "[models.own]\n[deployments]\nprod = 'big'\ntest = 'own'\n")
    assert catalog.deployment("prod") == CATALOG.models.get("big")
    assert catalog.deployment("test").id == "own"  # type: ignore[union-attr]
    assert catalog.deployment("other") is None


def test_models_that_nobody_describes(tmp_path: Path):
    with pytest.raises(ProblemsError) as caught:
        extended(tmp_path, "[models.own]\nalias-of = 'bgi'\n[deployments]\nprod = 'smal'\ntest = 'xyz'\n")
    assert [str(problem) for problem in caught.value.problems] == [
        "llmlint.toml:2:1: there is no model `bgi` (did you mean `big`?)",
        "llmlint.toml:4:1: there is no model `smal` (did you mean `small`?)",
        "llmlint.toml:5:1: there is no model `xyz` (describe it under `models`)",
    ]
