"""Rules and catalogue are the same from the files and from the cache."""

from __future__ import annotations

from pathlib import Path

from llmlint.cache import Store
from llmlint.catalog import loading as catalogue
from llmlint.config import Settings
from llmlint.knowledge import CATALOG, KIND, RULES, load_knowledge
from llmlint.policy import loading as rules
from llmlint.relink import catalog_bytes

TODAY = "2026-01-01"


def test_the_second_run_reads_no_yaml(tmp_path: Path, monkeypatch) -> None:
    with Store.open(tmp_path) as store:
        first = load_knowledge(Settings(), TODAY, store)
        monkeypatch.delattr(catalogue, "load_catalog")
        monkeypatch.delattr(rules, "load_rules")
        second = load_knowledge(Settings(), TODAY, store)
    assert second.rules == first.rules
    assert second.catalog.data == first.catalog.data
    assert catalog_bytes(second.catalog) == catalog_bytes(first.catalog)


def test_what_cannot_be_understood_is_read_anew(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.put(KIND, RULES, b"[1]")
        store.put(KIND, CATALOG, b"{")
        assert load_knowledge(Settings(), TODAY, store).rules
        assert load_knowledge(Settings(), TODAY, store).catalog.data.providers
