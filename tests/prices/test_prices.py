"""Newer prices: fetched only when asked, compared with the catalogue, kept for one user, laid over the catalogue."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from llmlint.catalog.loading import load_catalog
from llmlint.catalog.model_entries import OwnModel, Price
from llmlint.cli.main import main
from llmlint.config import Settings
from llmlint.errors import LlmlintError
from llmlint.knowledge import load_knowledge
from llmlint.prices import fetching
from llmlint.prices.comparing import Change, Fetched, compare
from llmlint.prices.own_file import OwnPrices, own_file, read_own, with_own_prices, write_own

CATALOG = load_catalog()
NEWER = "2999-01-01"


def fetched(**prices: dict[str, Price]) -> Fetched:
    named = {name.replace("__", ".").replace("_", "-"): price for name, price in prices.items()}
    known = {name: price for name, price in named.items() if CATALOG.models.get(name)}
    return Fetched(
        source="somebody 1.0", date=NEWER, known=known, others={k: v for k, v in named.items() if k not in known}
    )


def test_what_is_the_same_is_no_change():
    same = {"standard": Price(input=2.5, cached_input=1.25, output=10)}
    found = compare(CATALOG, fetched(gpt_4o=same))
    assert (found.changes, found.own.models, found.checked) == ((), (), 1)


def test_each_price_that_differs_is_told_with_its_dates():
    cheaper = {"standard": Price(input=2, cached_input=1.25, output=10), "flex": Price(input=1, output=5)}
    found = compare(CATALOG, fetched(gpt_4o=cheaper))
    since = CATALOG.models.get("gpt-4o").as_of
    assert found.changes == (
        Change("gpt-4o", "standard", "input", 2.5, 2, since),
        Change("gpt-4o", "flex", "input", None, 1, since),
        Change("gpt-4o", "flex", "output", None, 5, since),
    )
    (kept,) = found.own.models
    assert kept == OwnModel(
        id="gpt-4o",
        prices={"standard": Price(input=2, cached_input=1.25, output=10), "flex": Price(input=1, output=5)},
        as_of=NEWER,
    )


def test_a_price_that_was_not_found_again_stays():
    found = compare(CATALOG, fetched(gpt_4o={"standard": Price(input=2.5, output=11)}))
    assert found.own.models[0].prices["standard"].cached_input == 1.25


def test_unknown_models_are_added_unless_they_never_existed():
    new = {"standard": Price(input=1, output=2)}
    found = compare(CATALOG, fetched(gpt_9=new, gpt_5_5=new))
    assert CATALOG.models.never_existed("gpt-5-5")
    assert found.added == ("gpt-9",)


def test_the_catalogue_takes_newer_prices_and_keeps_the_rest():
    own = OwnPrices(
        source="s", fetched=NEWER, models=(OwnModel(id="gpt-4o", prices={"standard": Price(input=1, output=2)}),)
    )
    model = with_own_prices(CATALOG, own).models.get("gpt-4o")
    assert model.prices["standard"].input == 1
    assert model.prices["batch"] == CATALOG.models.get("gpt-4o").prices["batch"]
    assert model.context_window == CATALOG.models.get("gpt-4o").context_window
    old = OwnPrices(source="s", fetched="2020-01-01", models=own.models)
    assert with_own_prices(CATALOG, old) is CATALOG, "the catalogue is newer"


def test_a_run_reads_them_and_the_settings_win(tmp_path: Path, monkeypatch):
    path = tmp_path / "prices.json"
    monkeypatch.setenv("LLMLINT_PRICES", str(path))
    mine = {"standard": Price(input=7, output=7)}
    write_own(
        path,
        OwnPrices(
            source="s", fetched=NEWER, models=(OwnModel(id="gpt-4o", prices=mine), OwnModel(id="gpt-9", prices=mine))
        ),
    )
    models = load_knowledge(Settings(), "2026-11-23").catalog.models
    assert models.get("gpt-4o").prices["standard"] == models.get("gpt-9").prices["standard"] == mine["standard"]
    settings = Settings(models=(OwnModel(id="gpt-4o", prices={"standard": Price(input=3, output=3)}),))
    assert load_knowledge(settings, "2026-11-23").catalog.models.get("gpt-4o").prices["standard"].input == 3


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LLMLINT_PRICES": "/x/p.json", "HOME": "/h"}, "/x/p.json"),
        ({"LLMLINT_PRICES": "", "HOME": "/h"}, None),
        ({"XDG_CONFIG_HOME": "/c", "HOME": "/h"}, "/c/llmlint/prices.json"),
        ({"HOME": "/h"}, "/h/.config/llmlint/prices.json"),
        ({}, None),
    ],
)
def test_where_the_file_is(environment: dict, expected: str | None, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    assert own_file(environment) == (Path(expected) if expected else None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no file of prices"),
        ('{"source": "s", "fetched": ' + "[" * 5000, "no file of prices"),
        ('{"source": "s", "fetched": "2026-01-01", "models": 3}', "no file of prices"),
        ('{"source": "s", "fetched": "2026-01-01", "format": 2}', "another version"),
        (
            '{"source": "s", "fetched": "2999-01-01", "models": [{"id": "a", "prices": {"standard": {"input": -1}}}]}',
            "the prices of `a` can't be right",
        ),
    ],
)
def test_a_damaged_file_is_told(text: str, said: str, tmp_path: Path):
    (tmp_path / "prices.json").write_text(text)
    with pytest.raises(LlmlintError, match=said) as caught:
        read_own(tmp_path / "prices.json")
    assert "llmlint prices --reset" in str(caught.value)


@pytest.mark.parametrize("command", ["--refresh", "--reset"])
def test_a_file_of_something_else_is_left_alone(command: str, tmp_path: Path, monkeypatch, capsys):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "dark"}')
    monkeypatch.setenv("LLMLINT_PRICES", str(path))
    assert main(["prices", command]) == 2
    assert "settings.json was not written by llmlint and is left alone" in capsys.readouterr().err
    assert path.read_text() == '{"theme": "dark"}'
    assert main(["prices"]) == 2
    assert "name another file in $LLMLINT_PRICES" in capsys.readouterr().err


def test_no_file_is_none(tmp_path: Path):
    assert read_own(tmp_path / "prices.json") is None
    assert read_own(None) is None


class TestFetching:
    """The package that prices are fetched with, without its network."""

    @pytest.fixture(autouse=True)
    def _package(self, monkeypatch, tmp_path: Path):
        self.genai_prices = pytest.importorskip("genai_prices")
        self.path = tmp_path / "kept" / "prices.json"
        monkeypatch.setenv("LLMLINT_PRICES", str(self.path))

    def newest(self, monkeypatch, answer):
        """Lets the package fetch what `answer` gives."""
        monkeypatch.setattr(self.genai_prices.UpdatePrices, "fetch", lambda _self: answer())

    def snapshot(self, dollars: str):
        """What the package ships, with another input price of one model."""
        types = pytest.importorskip("genai_prices.types")
        tiers = types.TieredPrices(base=Decimal(dollars), tiers=[types.Tier(start=272_000, price=Decimal(99))])
        prices = types.ModelPrice(input_mtok=tiers, cache_read_mtok=Decimal("0.5"), output_mtok=Decimal(30))
        flex = types.PriceVariant(when={"service_tier": "flex"}, prices=types.ModelPrice(input_mtok=Decimal("1.5")))
        match = types.ClauseEquals(equals="gpt-5.5")
        info = types.ModelInfo(id="gpt-5.5", match=match, prices=prices, price_variants=[flex])
        provider = types.Provider(id=CATALOG.data.models.providers[0], name="x", api_pattern="x", models=[info])
        return SimpleNamespace(providers=[provider])

    def test_what_is_fetched(self, monkeypatch):
        self.newest(monkeypatch, lambda: self.snapshot("4"))
        found = fetching.fetch(CATALOG)
        assert found.known == {
            "gpt-5.5": {
                "standard": Price(input=4, cached_input=0.5, output=30),
                "flex": Price(input=1.5, output=0),
            }
        }

    def test_the_command_tells_keeps_and_deletes(self, monkeypatch, capsys):
        self.newest(monkeypatch, lambda: self.snapshot("4"))
        assert main(["prices", "--refresh"]) == 0
        said = capsys.readouterr().out
        assert "1 models compared with genai-prices" in said
        assert "gpt-5.5: standard input $5 (2026-11-23) -> $4 (" in said
        assert json.loads(self.path.read_text())["models"][0]["id"] == "gpt-5.5"
        main(["prices"])
        assert "has those of 1 models that differ" in capsys.readouterr().out
        assert main(["prices", "--reset"]) == 0
        assert not self.path.exists()

    @pytest.mark.parametrize("error", [OSError("no route"), ValueError("no JSON")])
    def test_without_network_nothing_is_changed(self, monkeypatch, capsys, error: Exception):
        def fail():
            raise error

        self.newest(monkeypatch, fail)
        assert main(["prices", "--refresh"]) == 2
        assert "prices can't be fetched: no " in capsys.readouterr().err
        assert not self.path.exists()

    def test_prices_of_the_installed_package_are_those_of_the_catalogue(self, monkeypatch):
        """If this fails after an update of the package, look at the prices: the catalogue may be due for one, too."""
        self.newest(monkeypatch, lambda: pytest.fail("opened the network"))
        found = compare(CATALOG, fetching.fetch(CATALOG, installed=True))
        assert found.checked > 50
        assert len(found.changes) < 20

    def test_an_audit_fetches_only_when_asked(self, monkeypatch, tmp_path: Path, capsys):
        (tmp_path / "a.py").write_text(
            "from openai import OpenAI\n\nprint(OpenAI().responses.create(model='gpt-5.5', input='x'))\n"
        )
        self.newest(monkeypatch, lambda: self.snapshot("4000"))
        monkeypatch.chdir(tmp_path)
        main(["audit", "."])
        assert not self.path.exists()
        capsys.readouterr()
        assert main(["audit", "--refresh-prices", "."]) == 0
        assert "-> $4000" in capsys.readouterr().err
        assert self.path.exists()


def test_without_the_package_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "genai_prices", None)
    with pytest.raises(LlmlintError, match=r"pip install 'llmlint\[prices\]'"):
        fetching.fetch(CATALOG)


def test_installed_needs_refresh(capsys):
    assert main(["prices", "--installed"]) == 2
    assert "--installed needs --refresh" in capsys.readouterr().err
