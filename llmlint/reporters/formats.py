"""The table of output formats. A new one is a module with `render` and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from llmlint.reporters.diff_report import RenderDiff
    from llmlint.reporters.report import Render

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "llmlint.reporters.text",
        "json": "llmlint.reporters.json_report",
        "sarif": "llmlint.reporters.sarif",
        "github": "llmlint.reporters.github",
        "gitlab": "llmlint.reporters.gitlab",
    }
)
"""Formats of `llmlint check`."""

AUDIT_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "llmlint.reporters.inventory_text",
        "json": "llmlint.reporters.audit_json",
        "html": "llmlint.reporters.audit_html",
        "markdown": "llmlint.reporters.audit_markdown",
        "jsonl": "llmlint.reporters.inventory_jsonl",
        "csv": "llmlint.reporters.inventory_csv",
    }
)
"""Formats of `llmlint audit`."""

DIFF_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "text": "llmlint.reporters.diff_text",
        "json": "llmlint.reporters.diff_json",
        "markdown": "llmlint.reporters.diff_markdown",
        "github": "llmlint.reporters.diff_github",
        "sarif": "llmlint.reporters.diff_sarif",
    }
)
"""Formats of `llmlint diff`."""


def reporter(module: str) -> Render:
    """The `render` of a module in one of the tables, imported only now: a run pays for its own format."""
    return cast("Render", import_module(module).render)


def diff_reporter(module: str) -> RenderDiff:
    """The same for the formats of `llmlint diff`."""
    return cast("RenderDiff", import_module(module).render)
