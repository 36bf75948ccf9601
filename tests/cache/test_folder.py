"""Where a cache lies, and that only what llmlint made there is deleted."""

from __future__ import annotations

from pathlib import Path

from llmlint.cache.folder import Place, place_of


def test_it_is_in_the_project_unless_somebody_names_another(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_of(tmp_path, None, {}) == Place(tmp_path / ".llmlint_cache", chosen=False)
    assert place_of(tmp_path, None, {"LLMLINT_CACHE_DIR": ""}) == Place(tmp_path / ".llmlint_cache", chosen=False)
    assert place_of(tmp_path, None, {"LLMLINT_CACHE_DIR": "ci"}) == Place(tmp_path / "ci", chosen=True)
    assert place_of(tmp_path, Path("own"), {"LLMLINT_CACHE_DIR": "ci"}) == Place(tmp_path / "own", chosen=True)
    assert place_of(tmp_path, Path(), {}) == Place(tmp_path, chosen=True)


def test_clearing_leaves_what_is_not_ours(tmp_path: Path) -> None:
    place = Place(tmp_path / "cache", chosen=True)
    with place.open() as store:
        store.put("facts", "a", b"1" * 1000)
    (place.folder / "mine.txt").write_text("mine")
    (place.folder / ".gitignore").write_text("# mine too\n")
    assert place.clear() > 1000
    assert sorted(path.name for path in place.folder.iterdir()) == [".gitignore", "mine.txt"]


def test_clearing_an_own_folder_removes_it(tmp_path: Path) -> None:
    place = Place(tmp_path / "cache", chosen=False)
    with place.open() as store:
        store.put("facts", "a", b"1")
        assert place.clear()
        store.put("facts", "b", b"1")
    assert not (place.folder / "CACHEDIR.TAG").exists()


def test_a_link_in_a_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "llmlint.sqlite3").write_text("precious")
    (tmp_path / ".llmlint_cache").symlink_to(tmp_path / "elsewhere")
    place = place_of(tmp_path, None, {})
    with place.open() as store:
        store.put("facts", "a", b"1")
        assert store.get("facts", "a") is None
    assert place.clear() == 0
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["llmlint.sqlite3"]
