"""Finds and reads the settings of a project."""

from __future__ import annotations

from pathlib import Path

from llmlint.config.settings import BASELINE_FILE, Settings
from llmlint.config.toml import MAX_BYTES, parse_toml
from llmlint.discovery import CONFIG_FILE, PROJECT_FILE
from llmlint.document import Document
from llmlint.errors import LlmlintError, Problem, ProblemsError

_TABLE = "tool.llmlint"


def read_settings(root: Path, config_file: Path | None = None) -> Settings:
    """The settings in `config_file`, else in the root's llmlint.toml, else in its pyproject.toml, else none.

    Paths in them are relative to `root`. Raises `ProblemsError` with every mistake in the file, and
    `LlmlintError` when `config_file` holds no settings.
    """
    document = _from_file(config_file) if config_file else _from_folder(root)
    if document is None or document.values is None:
        return Settings(baseline=_default_baseline(root))

    # pydantic takes longer to import than most projects to read, and most have no settings
    from llmlint.config.form import settings_from  # noqa: PLC0415

    return settings_from(document, root)


def _default_baseline(root: Path) -> Path | None:
    path = root / BASELINE_FILE
    return path if path.is_file() and path.resolve().is_relative_to(root.resolve()) else None


def _from_folder(root: Path) -> Document | None:
    own = root / CONFIG_FILE
    if own.is_file():
        _refuse_outside(own, root)
        return parse_toml(_read(own, CONFIG_FILE), CONFIG_FILE)
    project = root / PROJECT_FILE
    if project.is_file():
        _refuse_outside(project, root)
        data = _read(project, PROJECT_FILE)
        # A broken pyproject.toml that doesn't speak of llmlint is for others to complain about.
        if b"llmlint" in data:
            return _table(parse_toml(data, PROJECT_FILE))
    return None


def _refuse_outside(path: Path, root: Path) -> None:
    """A link in a stranger's project must not make us read, and tell about, other files of this machine."""
    if not path.resolve().is_relative_to(root.resolve()):
        hint = "name the file with --config if you trust it, or use --no-config"
        raise ProblemsError([Problem(path.name, 0, 0, "is a link that leads out of the project", hint)])


def _from_file(path: Path) -> Document:
    document = parse_toml(_read(path, str(path)), str(path))
    table = _table(document)
    if path.name == PROJECT_FILE and table.values is None:
        raise LlmlintError(f"{path} has no table [{_TABLE}].\nAdd it, or name a file of settings.")
    return document if table.values is None else table


def _table(document: Document) -> Document:
    return document.under("tool").under("llmlint")


def _read(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            raise LlmlintError(f"{name} is not a file.\nName a TOML file with settings.")
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ProblemsError([Problem(name, 0, 0, f"can't be read: {reason}", "check its permissions")]) from None
