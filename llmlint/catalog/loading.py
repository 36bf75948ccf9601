"""YAML files come in, a `Catalog` goes out; all mistakes of all files are reported at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace
from pydantic import BaseModel

from llmlint.catalog.catalog import Catalog, CatalogData
from llmlint.catalog.ecosystem_schema import EcosystemFile, build_ecosystem
from llmlint.catalog.model_schema import ModelFile, build_models, check_models
from llmlint.catalog.provider_build import build_providers
from llmlint.catalog.provider_check import check_providers
from llmlint.catalog.provider_schema import ProviderFile
from llmlint.errors import Problem, ProblemsError
from llmlint.yamlfile import Document, load, validate

HERE = Path(__file__).parent
File = TypeVar("File", bound=BaseModel)


def load_catalog(extra_provider_files: Sequence[Path] = ()) -> Catalog:
    """The catalogue of llmlint and of the user's own provider files.

    Raises `ProblemsError` with all mistakes in them.
    """
    problems: list[Problem] = []
    shipped = sorted((HERE / "providers").glob("*.yaml"))
    providers = _read([*shipped, *extra_provider_files], ProviderFile, problems)
    if not problems:
        problems += check_providers(providers)
    models = _read(sorted((HERE / "models").glob("*.yaml")), ModelFile, problems)
    problems += [problem for source in models for problem in check_models(*source)]
    ecosystem = _read(sorted((HERE / "ecosystem").glob("*.yaml")), EcosystemFile, problems)
    if problems:
        raise ProblemsError(problems)
    own = {file.provider for document, file in providers if document.name in map(_shown, extra_provider_files)}
    built = build_providers([file for _, file in providers])
    return Catalog(
        CatalogData(
            providers=tuple(replace(one, own=True) if one.name in own else one for one in built),
            models=build_models([file for _, file in models]),
            ecosystem=build_ecosystem([file for _, file in ecosystem]),
        )
    )


def _read(paths: Sequence[Path], form: type[File], problems: list[Problem]) -> list[tuple[Document, File]]:
    sources: list[tuple[Document, File]] = []
    for path in paths:
        try:
            document = load(path, _shown(path))
            sources.append((document, validate(document, form)))
        except ProblemsError as error:
            problems += error.problems
    return sources


def _shown(path: Path) -> str:
    return f"llmlint/catalog/{path.relative_to(HERE).as_posix()}" if path.is_relative_to(HERE) else str(path)
