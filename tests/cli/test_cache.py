"""`llmlint cache` and the options about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.cache.folder import place_of
from llmlint.cli.cache import size


def fill(root: Path, *values: bytes) -> None:
    with place_of(root, None, {}).open() as store:
        for number, value in enumerate(values):
            store.put("facts", str(number), value)


class TestCache:
    def test_info_says_where_it_is_and_what_is_in_it(self, llmlint, project: Path):
        fill(project, b"x" * 2_000_000, b"y")
        result = llmlint("cache", "info")
        assert (result.code, result.err) == (0, "")
        assert f"folder      {project / '.llmlint_cache'}\n" in result.out
        assert "facts       2 kept, 2.0 MB\n" in result.out

    def test_there_is_none(self, llmlint, project: Path):
        for action in ("info", "clear", "prune"):
            assert llmlint("cache", action).out == f"no cache in {project / '.llmlint_cache'}\n"
        assert not (project / ".llmlint_cache").exists()

    def test_clear(self, llmlint, project: Path):
        fill(project, b"x")
        assert llmlint("cache", "clear").out.endswith(f" in {project / '.llmlint_cache'}\n")
        assert not (project / ".llmlint_cache").exists()

    def test_prune(self, llmlint, project: Path):
        fill(project, b"x" * 2_000_000, b"y" * 1_000_000)
        assert llmlint("cache", "prune").out.startswith("removed 0.0 MB")
        assert llmlint("cache", "prune", "--limit", "2MB").out == (
            f"removed 2.0 MB from {project / '.llmlint_cache'}; 1.0 MB left\n"
        )

    def test_another_folder(self, llmlint, project: Path, monkeypatch):
        monkeypatch.setenv("LLMLINT_CACHE_DIR", "ci")
        assert llmlint("cache", "info").out == f"no cache in {project / 'ci'}\n"
        assert llmlint("cache", "info", "--cache-dir", "own", "src").out == f"no cache in {project / 'own'}\n"

    def test_mistakes(self, llmlint, project: Path):
        assert llmlint("cache", "info", "absent").err.startswith("llmlint: absent does not exist.")
        assert "`much` is no size (write it like 50MB)" in llmlint("cache", "prune", "--limit", "much").err


@pytest.mark.parametrize(("text", "number"), [("5", 5), ("50MB", 50_000_000), ("2 k", 2_000), ("1g", 10**9)])
def test_size(text: str, number: int) -> None:
    assert size(text) == number
