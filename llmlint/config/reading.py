"""Finds and reads the settings of a project."""

from __future__ import annotations

from pathlib import Path

from llmlint.config.files import read_file
from llmlint.config.nested import with_nested
from llmlint.config.settings import BASELINE_FILE, Settings
from llmlint.config.toml import parse_toml
from llmlint.discovery import CONFIG_FILE, PROJECT_FILE, nested_folders, repository_around
from llmlint.document import Document
from llmlint.errors import LlmlintError, Problem, ProblemsError

_TABLE = "tool.llmlint"


def read_settings(root: Path, config_file: Path | None = None) -> Settings:
    """The settings in `config_file`, else in the root's llmlint.toml, else in its pyproject.toml, else none; with those
    of folders below the root, unless a file is named.

    Paths in them are relative to their folder. Raises `ProblemsError` with every mistake in the files, and
    `LlmlintError` when `config_file` holds no settings.
    """
    problems: list[Problem] = []
    settings = Settings(baseline=_default_baseline(root))
    try:
        settings = _settings(_from_file(config_file) if config_file else _from_folder(root), root) or settings
        if settings.inherit and settings.document and not config_file:
            hint = "remove it, or put settings into a folder further up"
            problems.append(settings.document.problem(("inherit",), "there is nothing to inherit from", hint))
    except ProblemsError as error:
        problems += error.problems
    try:
        folders = [] if config_file else nested_folders(root, settings.exclude)
        settings = with_nested(settings, folders, lambda name: _settings(_from_folder(root / name, name), root / name))
    except ProblemsError as error:
        problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return settings


def _settings(document: Document | None, folder: Path) -> Settings | None:
    if document is None or document.values is None:
        return None

    # pydantic takes longer to import than most projects to read, and most have no settings
    from llmlint.config.extending import extended  # noqa: PLC0415

    return extended(document, folder, repository_around(folder))


def _default_baseline(root: Path) -> Path | None:
    path = root / BASELINE_FILE
    return path if path.is_file() and path.resolve().is_relative_to(root.resolve()) else None


def _from_folder(root: Path, name: str = "") -> Document | None:
    """The document of a folder that is called `name` before people."""
    prefix = f"{name}/" if name else ""
    own = root / CONFIG_FILE
    if own.is_file():
        _refuse_outside(own, root)
        return parse_toml(read_file(own, prefix + CONFIG_FILE), prefix + CONFIG_FILE)
    project = root / PROJECT_FILE
    if project.is_file():
        _refuse_outside(project, root)
        data = read_file(project, prefix + PROJECT_FILE)
        # A broken pyproject.toml that doesn't speak of llmlint is for others to complain about.
        if b"llmlint" in data:
            return _table(parse_toml(data, prefix + PROJECT_FILE))
    return None


def _refuse_outside(path: Path, root: Path) -> None:
    """A link in a stranger's project must not make us read, and tell about, other files of this machine."""
    if not path.resolve().is_relative_to(root.resolve()):
        hint = "name the file with --config if you trust it, or use --no-config"
        raise ProblemsError([Problem(path.name, 0, 0, "is a link that leads out of the project", hint)])


def _from_file(path: Path) -> Document:
    document = parse_toml(read_file(path, str(path)), str(path))
    table = _table(document)
    if path.name == PROJECT_FILE and table.values is None:
        raise LlmlintError(f"{path} has no table [{_TABLE}].\nAdd it, or name a file of settings.")
    return document if table.values is None else table


def _table(document: Document) -> Document:
    return document.under("tool").under("llmlint")
