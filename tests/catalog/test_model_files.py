"""Model files: every mistake is named, so that a fact that leads nowhere can't slip in."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.catalog.model_schema import ModelFile, build_models, check_models
from llmlint.errors import ProblemsError
from llmlint.yamlfile import load, validate

SHIPPED = Path(__file__).parents[2] / "llmlint" / "catalog" / "models"


def problems(text: str) -> list[str]:
    try:
        document = load(text, "models.yaml")
        file = validate(document, ModelFile)
    except ProblemsError as error:
        return [str(problem) for problem in error.problems]
    return [str(problem) for problem in check_models(document, file)]


@pytest.fixture(scope="module")
def shipped() -> str:
    return (SHIPPED / "openai.yaml").read_text()


def test_the_shipped_file_has_no_mistakes(shipped: str):
    assert problems(shipped) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("caching: breakpoints_30m", "caching: breakpoints_3m", "did you mean `breakpoints_30m`?"),
        ("source: [press, sdk]", "source: [rumour]", "unknown source `rumour`"),
        ("snapshots: [gpt-5-2025-08-07]", "snapshots: [gpt-5-pro]", "`gpt-5-pro` is described more than once"),
        ("shutdown: 2026-12-11", "shutdown: 2026-13-11", "shutdown"),
        ("shutdown: 2026-12-11", "shutdwn: 2026-12-11", "did you mean `shutdown`?"),
        ("status: deprecated, shutdown", "status: active, shutdown", "active, but with a shutdown date"),
        ("default: medium", "default: midium", "the default is not among the efforts"),
        ("input: 0.1,", "input: -0.1,", "input"),
        ("input: 0.1,", 'input: "0.1",', "input"),
        ("context_window: 1050000", "context_window: 0", "context_window"),
        ("sampling: never", "sampling: nevr", "never"),
        ("standard_from: 4", "standard_from: 0", "standard_from"),
        ("as_of: 2026-11-23\nsources", "sources", "as_of"),
    ],
)
def test_mistakes(shipped: str, old: str, new: str, problem: str):
    assert old in shipped
    found = problems(shipped.replace(old, new, 1))
    assert any(problem in line for line in found), found
    assert all(line.startswith("models.yaml:") for line in found)


def test_several_files_make_one_table(shipped: str):
    file = validate(load(shipped, "models.yaml"), ModelFile)
    other = file.model_copy(update={"as_of": "2026-10-01", "prefixes": ["acme/"]})
    table = build_models([file, other])
    assert len(table.models) == 2 * len(build_models([file]).models)
    assert (table.as_of, table.prefixes[-1]) == ("2026-10-01", "acme/")
