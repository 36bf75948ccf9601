"""Modules of the project by what import statements say."""

from __future__ import annotations

import re
from collections import defaultdict
from copy import copy

from llmlint.facts import syntax
from llmlint.linking.program.module import Module
from llmlint.linking.program.project import Project
from llmlint.linking.program.trees import Dotted

SOURCE_ROOTS = ("", "src", "lib", "python", "app", "backend", "server")
"""Folders that projects put on the path, tried after those around the importing file."""

_ELSEWHERE = 400
"""The rank of a module in a folder that has nothing to do with the importer's."""


class Modules:
    """Finds modules of the project by what an import statement says."""

    def __init__(self, project: Project, outside: frozenset[str], shared: frozenset[str] = frozenset()) -> None:
        """`outside` holds top-level packages that are never taken for the project's own; `shared` those whose names
        projects give to modules of their own as well, but not for importers in another folder.
        """
        self._project = project
        self._outside = outside
        self.shared = shared
        self._loaded: dict[str, Module | None] = {}
        self._by_last: dict[str, list[tuple[Dotted, str]]] = defaultdict(list)
        for path in project.paths:
            parts = module_parts(path)
            if parts:
                self._by_last[parts[-1]].append((parts, path))
        self._found: dict[tuple[Dotted, Dotted], str | None] = {}

    def seen_by(self, project: Project) -> Modules:
        """The same modules, looked at through another project of the same files."""
        other = copy(self)
        other._project = project
        return other

    def at(self, path: str) -> Module | None:
        """The module of a path; None when it can't be lowered."""
        facts = self._project.facts(path)  # each time: a project may note who asks
        if path not in self._loaded:
            self._loaded[path] = Module(path, facts) if facts is not None else None
        return self._loaded[path]

    def find(self, name: Dotted, importer: str) -> Module | None:
        """The module that `import name` means in the file `importer`; None when it is outside the project."""
        path = self.path_of(name, importer)
        return self.at(path) if path is not None else None

    def path_of(self, name: Dotted, importer: str, *, own: bool = False) -> str | None:
        """The path of the module that `import name` means in a file, without lowering it.

        `own`: packages of the project itself count, though they are known as somebody's clients.
        """
        if not name or (name[0] in self._outside and not (own and self._is_own(name[0]))):
            return None
        folder = _folder(importer)
        key = (name, folder)
        if key not in self._found:
            self._found[key] = self._search(name, folder, importer)
        return self._found[key] or self._put_on_path(name, importer)

    def _is_own(self, package: str) -> bool:
        return any(
            found[:-1] in {(), ("src",), ("python",)} and path.endswith("/__init__.py")
            for found, path in self._by_last.get(package, ())
        )

    def path_exactly(self, parts: Dotted) -> str | None:
        """The path of the module whose parts from the project's root are these."""
        return (
            next((path for found, path in self._by_last.get(parts[-1], ()) if found == parts), None) if parts else None
        )

    def relative(self, imported: syntax.ImportedName, importer: str) -> Dotted:
        """The full parts, from the project's root, of the module that a relative import names."""
        folder = _folder(importer)
        up = imported.level - 1
        base = folder[: len(folder) - up] if up else folder
        return (*base, *(imported.module.split(".") if imported.module else ()))

    def exactly(self, parts: Dotted) -> Module | None:
        """The module whose path from the project's root is `parts`."""
        path = self.path_exactly(parts)
        return self.at(path) if path is not None else None

    def below(self, module: Module, name: str) -> Module | None:
        """The submodule of a package."""
        return self.exactly((*module_parts(module.path), name)) if module.path.endswith("__init__.py") else None

    def _search(self, name: Dotted, folder: Dotted, importer: str) -> str | None:
        matches = [
            (parts[: len(parts) - len(name)], path)
            for parts, path in self._by_last.get(name[-1], ())
            if parts[len(parts) - len(name) :] == name and path != importer
        ]
        ranked = sorted((rank, path) for root, path in matches if (rank := self._rank(root, folder)) is not None)
        if ranked and ranked[0][0] >= _ELSEWHERE and name[0] in self.shared:
            return None
        return ranked[0][1] if ranked else None

    def _put_on_path(self, name: Dotted, importer: str) -> str | None:
        """The module in a folder that the importing file puts on `sys.path`, as far as it spells the folder's name: of
        several the one with most folders around it that are the importer's as well.
        """
        named = [(parts, path) for parts, path in self._by_last.get(name[-1], ()) if path != importer]
        roots = {path: parts[: -len(name)] for parts, path in named if parts[-len(name) :] == name}
        found = {path: root for path, root in roots.items() if root}
        source = (self._project.source(importer) or b"") if found else b""
        if b"sys.path" not in source:
            return None
        folder = _folder(importer)
        shared = {path: _shared(root, folder) for path, root in found.items() if _is_spelt(root[-1], source)}
        best = [path for path, count in shared.items() if count == max(shared.values())]
        return best[0] if len(best) == 1 else None

    def _rank(self, root: Dotted, folder: Dotted) -> int | None:
        """Smaller is likelier; None when `root` can't be on the path of a file in `folder`."""
        if "/".join(root) in SOURCE_ROOTS:
            return 100
        if folder[: len(root)] == root:
            return 50 - len(root) if not self._is_package(root) else 200 - len(root)
        if len(root) <= 3 and root[-1] in {"src", "lib", "python"}:
            return 300
        return _ELSEWHERE if len(root) <= 2 and not self._is_package(root) else None

    def _is_package(self, parts: Dotted) -> bool:
        return any(found == parts and path.endswith("/__init__.py") for found, path in self._by_last[parts[-1]])


def _is_spelt(folder: str, source: bytes) -> bool:
    """Does a text in the source end in the name of a folder, or have it between slashes?"""
    word = re.escape(folder.encode("utf-8", "surrogatepass"))
    return re.search(rb"[\"'/\\]" + word + rb"[\"'/\\]", source) is not None


def _shared(one: Dotted, other: Dotted) -> int:
    """How many folders two paths have in common."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def module_parts(path: str) -> Dotted:
    """`a/b/c.py` as ("a", "b", "c") and `a/b/__init__.py` as ("a", "b")."""
    *folder, name = path.split("/")
    stem, dot, _ = name.rpartition(".")
    return tuple(folder) if name == "__init__.py" else (*folder, stem if dot and stem else name)


def _folder(path: str) -> Dotted:
    return tuple(path.split("/")[:-1])
