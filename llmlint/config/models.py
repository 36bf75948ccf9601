"""The catalogue and a project's settings come in; a catalogue with the project's models goes out."""

from __future__ import annotations

from llmlint.catalog.catalog import Catalog
from llmlint.config.settings import Settings
from llmlint.errors import Problem, ProblemsError, suggest


def with_own_models(catalog: Catalog, settings: Settings) -> Catalog:
    """The catalogue with the models and deployments of the settings.

    Raises `ProblemsError` for every alias and deployment of a model that nobody describes.
    """
    problems = [
        _unknown(settings, ("models", own.id, "alias-of"), own.alias_of, catalog)
        for own in settings.models
        if own.alias_of and catalog.models.get(own.alias_of) is None
    ]
    extended = catalog.with_models(settings.models) if settings.models and not problems else catalog
    own_ids = {own.id for own in settings.models}
    problems += [
        _unknown(settings, ("deployments", deployment), target, extended)
        for deployment, target in settings.deployments.items()
        if extended.models.get(target) is None and target not in own_ids
    ]
    if problems:
        raise ProblemsError(problems)
    return extended.with_deployments(settings.deployments) if settings.deployments else extended


def _unknown(settings: Settings, path: tuple[str, ...], target: str, catalog: Catalog) -> Problem:
    hint = suggest(target, (name for model in catalog.models.data.models for name in model.ids))
    if not hint.startswith("did"):
        hint = "describe it under `models`"
    message = f"there is no model `{target}`"
    if settings.document is None:
        return Problem(settings.source, 0, 0, message, hint)
    return settings.document.problem(path, message, hint)
