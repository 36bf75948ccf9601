"""The name of a kind of file comes in; its JSON schema goes out, as `docs/` has it too."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema_text(kind: str) -> str:
    """The schema of a kind of file, as JSON that ends in a line feed. The kind is one of `KINDS`."""
    if kind in WRITTEN:
        return _path_of(kind).read_text(encoding="utf-8")
    title, build = GENERATED[kind]
    schema = {"$schema": DIALECT, "title": title, **_untitled(build())}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _rule() -> Schema:
    from llmlint.policy.schema import rule_schema

    return rule_schema()


def _provider() -> Schema:
    from llmlint.catalog.provider_schema import ProviderFile

    return ProviderFile.model_json_schema()


def _config() -> Schema:
    from llmlint.config.form import SettingsForm

    return SettingsForm.model_json_schema(by_alias=True)


class _Generated(NamedTuple):
    title: str
    build: Callable[[], Schema]


GENERATED: Mapping[str, _Generated] = {
    "rule": _Generated("A rule of llmlint", _rule),
    "provider": _Generated("A provider file of llmlint", _provider),
    "config": _Generated("Settings of llmlint: llmlint.toml, or [tool.llmlint] in pyproject.toml", _config),
}
"""Those that follow from the code; `docs/KIND.schema.json` is made of them."""
WRITTEN = ("report", "diff")
"""Those that are written by hand: promises to programs that read reports."""
KINDS = (*GENERATED, *WRITTEN)


def _path_of(kind: str) -> Path:
    """In the package where it is installed, in `docs` of a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "_schemas" / f"{kind}.schema.json"
    return installed if installed.is_file() else package.parent / "docs" / f"{kind}.schema.json"


def _untitled(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Without the titles that are made of the names of keys; what is called `title` itself stays."""
    if isinstance(schema, list):
        return [_untitled(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _untitled(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)}
