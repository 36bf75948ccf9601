"""Settings of a project: `[tool.llmlint]` in pyproject.toml or a llmlint.toml comes in, `Settings` go out."""

from llmlint.config.reading import read_settings
from llmlint.config.settings import Settings

__all__ = ["Settings", "read_settings"]
