"""A name and what is looked for come in; the modules that may call, derive from or define it go out, lowered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from llmlint.linking.program.module import Module
from llmlint.linking.program.spelling import Purpose

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

Wanted = Literal["mention"] | Purpose
"""What a module is looked for: that it has the name at all, or what it may do with it."""

EVERYWHERE = 600
"""A name that more files have than this isn't looked at in each."""
MODULE_LIMIT = 120
"""Modules that are searched for one identifier."""


class Searches:
    """Searches the bytes of all files first, and lowers only those that can have what is looked for."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._searched: dict[tuple[str, str, str, tuple[str, ...]], list[Module]] = {}

    def modules(self, name: str, home: Module, purpose: Wanted, hints: Sequence[str] = ()) -> list[Module]:
        """The modules that may do with the name what it is looked for.

        Where that are many, those that also mention one of the `hints`: what the name belongs to.
        """
        key = (name, home.path, purpose, tuple(hints))
        if key not in self._searched:
            found = (self._resolver.modules.at(path) for path in self._paths(name, home, purpose, hints))
            self._searched[key] = [module for module in found if module is not None]
        return self._searched[key]

    def _may(self, path: str, name: str, home: Module, purpose: Wanted) -> bool:
        if purpose == "mention" or path == home.path or path.endswith(".ipynb"):
            return True
        return self._resolver.project.spells(path, purpose, name)

    def _paths(self, name: str, home: Module, purpose: Wanted, hints: Sequence[str]) -> list[str]:
        paths = list(self._resolver.project.containing(name))
        if len(paths) > EVERYWHERE:
            paths = self._hinted(paths, name, home, hints)
        paths = [path for path in paths if self._may(path, name, home, purpose)]
        if len(paths) > MODULE_LIMIT:
            paths = self._hinted(paths, name, home, hints)
        if len(paths) > MODULE_LIMIT:
            self._resolver.statistics["limit_modules"] += 1
            near = home.path.rsplit("/", 1)[0]
            paths = sorted(paths, key=lambda path: (path != home.path, not path.startswith(near), path))[:MODULE_LIMIT]
        return sorted(paths)

    def _hinted(self, paths: list[str], name: str, home: Module, hints: Sequence[str]) -> list[str]:
        if not hints or name in hints:
            return paths
        self._resolver.statistics["limit_common_names"] += 1
        named = {home.path, *(path for hint in hints for path in self._resolver.project.containing(hint))}
        return [path for path in paths if path in named]
