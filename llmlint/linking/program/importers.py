"""Which files of a project import which, read from the bytes of their import statements; no file is lowered."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Set
from pathlib import PurePosixPath

from llmlint.linking.program.modules import Modules
from llmlint.linking.program.project import Project
from llmlint.linking.program.trees import Dotted

_IMPORT = re.compile(
    rb"^[ \t\"]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^()]{0,4000}\)|[^\n(]{1,2000})"
    rb"|import[ \t]+([^\n(]{1,2000}))",
    re.MULTILINE,
)
_NAMED = re.compile(
    rb"[\"']((?:[A-Za-z_]\w{0,80}\.){1,8}[A-Za-z_]\w{0,80})(?::\w{1,80})?[\"']"
    rb"|[\"']([A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}){0,8})\.\{"
)
"""A dotted name in quotes, as loaders and servers take it, and one that is completed at run time."""
_LOADERS = (b"import_module(", b"__import__(", b"pkgutil.")
_WORD = re.compile(rb"[A-Za-z_]\w*")
Imports = tuple[tuple[str, ...], tuple[str, ...]]
"""The files of the project that a file imports, and the first names of all that it imports."""

_FROM_LIMIT = 100
"""Names of one import statement that are looked at."""


class Importers:
    """The import statements of all files, read once and only when somebody asks."""

    def __init__(self, project: Project, modules: Modules, known: Mapping[str, Imports] | None = None) -> None:
        """`known` is what some files are known to import already."""
        self._known = known or {}
        self._project = project
        self._modules = modules
        self._above: dict[str, set[str]] | None = None
        self._below: dict[str, frozenset[str]] = {}
        self._outside: dict[str, frozenset[str]] = {}

    @property
    def imports(self) -> Mapping[str, Imports]:
        """The files that each file imports, and the first names of all that it imports; sorted."""
        self._importing()
        return {
            path: (tuple(sorted(below)), tuple(sorted(self._outside.get(path, ()))))
            for path, below in self._below.items()
        }

    def reaching(self, path: str, stop: Set[str]) -> Iterator[str]:
        """The files that import a file, directly or through others, the nearest first.

        What is put into `stop` on the way is not gone through.
        """
        seen = {path}
        waiting = deque([path])
        while waiting:
            current = waiting.popleft()
            for above in sorted(self._importing().get(current, ())) if current not in stop else ():
                if above not in seen:
                    seen.add(above)
                    waiting.append(above)
                    yield above

    def directly(self, path: str) -> frozenset[str]:
        """The files that import a file."""
        return frozenset(self._importing().get(path, ()))

    def below(self, path: str) -> Iterator[str]:
        """The file and all that it imports, directly or through others."""
        self._importing()
        seen = {path}
        waiting = deque([path])
        while waiting:
            current = waiting.popleft()
            yield current
            new = self._below.get(current, frozenset()) - seen
            seen |= new
            waiting.extend(sorted(new))

    def packages(self, path: str) -> frozenset[str]:
        """The first names of all that a file imports."""
        self._importing()
        return self._outside.get(path, frozenset())

    def _importing(self) -> dict[str, set[str]]:
        if self._above is None:
            self._above = defaultdict(set)
            for path in self._project.paths:
                known = self._known.get(path)
                if known is not None:
                    self._below[path], self._outside[path] = map(frozenset, known)
                else:
                    data = self._project.source(path) or b""
                    self._below[path] = frozenset(self._imports(path, data)) - {path}
                for found in self._below[path]:
                    self._above[found].add(path)
        return self._above

    def _imports(self, path: str, data: bytes) -> Iterator[str]:
        packages: set[str] = set()
        for match in _IMPORT.finditer(data):
            module, names, plain = (group.decode("utf-8", "replace") if group else "" for group in match.groups())
            if module:
                packages.add(module.split(".")[0])
                yield from self._from(path, module, names)
            for each in plain.split(","):
                name = each.split()[0].strip('\\n",;') if each.split() else ""
                packages.add(name.split(".")[0])
                yield from self._absolute(path, tuple(name.split(".")))
        self._outside[path] = frozenset(packages)
        loads = any(loader in data for loader in _LOADERS)
        for match in _NAMED.finditer(data):
            whole, package = match.groups()
            if whole:
                yield from self._named(path, tuple(whole.decode().split(".")))
            if package or loads:
                yield from self._inside(path, tuple((package or whole).decode().split(".")))
        if path.endswith("__init__.py") and loads:
            yield from self._beside(path)

    def _from(self, path: str, module: str, names: str) -> Iterator[str]:
        plain = module.lstrip(".")
        level = len(module) - len(plain)
        parts = tuple(plain.split(".")) if plain else ()
        if level:
            folder = PurePosixPath(path).parts[:-1]
            if level - 1 > len(folder):
                return
            parts = (*folder[: len(folder) - level + 1], *parts)
        of_package = False
        for word in _WORD.findall(names.encode())[:_FROM_LIMIT]:
            name = (*parts, word.decode())
            found = self._modules.path_exactly(name) if level else self._modules.path_of(name, path, own=True)
            if found is not None:
                yield found
            of_package = of_package or found is None
        package = self._modules.path_exactly(parts) if level else self._modules.path_of(parts, path, own=True)
        if package is not None and of_package:
            yield package

    def _absolute(self, path: str, parts: Dotted) -> Iterator[str]:
        found = self._modules.path_of(parts, path, own=True) if all(parts) else None
        if found is not None:
            yield found

    def _named(self, path: str, parts: Dotted) -> Iterator[str]:
        """A module, or a class or function in one, by its whole name."""
        for name in (parts, parts[:-1]):
            found = self._modules.path_exactly(name) or (
                self._modules.path_of(name, path, own=True) if len(name) > 1 else None
            )
            if found is not None:
                yield found
                return

    def _inside(self, path: str, parts: Dotted) -> Iterator[str]:
        package = self._modules.path_of(parts, path, own=True)
        if package is not None and package.endswith("__init__.py"):
            yield from self._beside(package)
            return
        folder = "/".join(parts) + "/"
        yield from (each for each in self._project.paths if each.startswith(folder) and "/" not in each[len(folder) :])

    def _beside(self, init: str) -> Iterator[str]:
        """The modules of a package that loads them by their names."""
        folder = init.removesuffix("__init__.py")
        for each in self._project.paths:
            rest = each[len(folder) :]
            if each.startswith(folder) and (rest.count("/") == 0 or rest.endswith("/__init__.py")) and each != init:
                yield each
