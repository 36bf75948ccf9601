"""Modules of the project by what import statements say."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from pathlib import PurePosixPath

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
        folder = tuple(PurePosixPath(importer).parts[:-1])
        key = (name, folder)
        if key not in self._found:
            self._found[key] = self._search(name, folder, importer)
        return self._found[key]

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
        folder = tuple(PurePosixPath(importer).parts[:-1])
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


def module_parts(path: str) -> Dotted:
    """`a/b/c.py` as ("a", "b", "c") and `a/b/__init__.py` as ("a", "b")."""
    pure = PurePosixPath(path)
    return pure.parent.parts if pure.name == "__init__.py" else (*pure.parent.parts, pure.stem)
