"""Who runs a call: web handlers and bots, scripts and jobs, tests, notebooks; found upwards over the call graph."""

from __future__ import annotations

import fnmatch
import re
from collections import deque
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from llmlint.catalog.ecosystem import PathWords
from llmlint.facts import syntax
from llmlint.facts.call_site import Fact, Step, known, unknown
from llmlint.linking import classes
from llmlint.linking.callers import classes_scope
from llmlint.linking.frames import At, Frame, at_call
from llmlint.linking.module import Module
from llmlint.linking.naming import dotted_name
from llmlint.linking.reaching import Use
from llmlint.linking.values import ClassValue, options
from llmlint.linking.wording import source

if TYPE_CHECKING:
    from llmlint.linking.resolver import Resolver

NOBODY = "nothing in the project shows who runs this code"
_FUNCTION_LIMIT = 60
_DEPTH_LIMIT = 8
_MAIN = re.compile(r"__name__\s*==\s*['\"]__main__['\"]|['\"]__main__['\"]\s*==\s*__name__")


@dataclass(frozen=True, slots=True)
class _Here:
    """A function on the way up, and how it was reached."""

    module: Module
    scope: int
    depth: int
    steps: tuple[Step, ...]


class Roles:
    """Answers per function, memoised for the run."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._ecosystem = resolver.catalog.ecosystem
        self._known: dict[tuple[int, int, int], Fact] = {}
        self._modules: dict[int, tuple[str, Step] | None] = {}
        self._handlers: dict[tuple[int, int], bool] = {}
        self._published: frozenset[str] | None = None

    def role(self, module: Module, frame: Frame) -> Fact:
        """The fact `surroundings.role` of a call in `module` on one path: who runs the outermost function of it."""
        if module.facts.cells:
            return known("notebook")
        if self.path_has("test", module.path):
            return known("test", Step(module.location(1), "the file is a test"))
        passed: list[_Here] = [_Here(frame.module, frame.scope, 0, ())]
        for invocation in frame.callers():
            frame = invocation.at.frame
            passed.append(_Here(frame.module, frame.scope, 0, ()))
        for here in passed[:-1]:
            entry = self._entry(here)
            if entry is not None and entry[0] != "test":
                return known(entry[0], entry[1])
        key = (id(module), id(frame.module), frame.scope)
        if key not in self._known:
            self._known[key] = self._search(frame.module, frame.scope, module)
        return self._known[key]

    def _search(self, module: Module, scope: int, site: Module) -> Fact:
        found: dict[str, tuple[Step, ...]] = {}
        waiting = deque([_Here(module, scope, 0, ())])
        seen: set[tuple[int, int]] = set()
        while waiting and len(seen) < _FUNCTION_LIMIT:
            here = waiting.popleft()
            key = (id(here.module), here.scope)
            if key in seen:
                continue
            seen.add(key)
            role = self._entry(here)
            if role is not None:
                found.setdefault(role[0], (*here.steps, role[1]))
                if role[0] != "test":
                    continue
            above = self._callers(here) if here.depth < _DEPTH_LIMIT else []
            waiting.extend(above)
            if not above and role is None and here.scope > 0 and (started := self._started(here.module)) is not None:
                found.setdefault(started[0], (*here.steps, started[1]))
        return self._verdict(found, site)

    def _started(self, module: Module) -> tuple[str, Step] | None:
        """The role of a module whose functions are reached in a way that isn't seen, if it is plainly a program."""
        role = self._module(module)
        return role if role is not None and role[1].location.line > 1 else None

    def _verdict(self, found: dict[str, tuple[Step, ...]], module: Module) -> Fact:
        serious = {role: steps for role, steps in found.items() if role not in {"test", "notebook"}}
        if len(serious) == 1:
            role, steps = next(iter(serious.items()))
            return known(role, *steps[-6:])
        if len(serious) > 1:
            steps = tuple(step for chain in serious.values() for step in chain[-2:])
            return unknown("both a server and a script run it", *steps)
        hinted = self._by_packaging(module) or self._by_path(module)
        if hinted is not None:
            return hinted
        if "notebook" in found:
            return known("notebook", *found["notebook"][-6:])
        return unknown(NOBODY)

    def _by_path(self, module: Module) -> Fact | None:
        """What the name of the file, else of the nearest folder, suggests."""
        parts = PurePosixPath(module.path).parts
        for end in range(len(parts), 0, -1):
            part = "/".join(parts[end - 1 : end]) + ("" if end == len(parts) else "/_")
            for meaning, role in (("online", "online"), ("evaluation", "offline"), ("script", "offline")):
                if self.path_has(meaning, part):
                    return known(role, Step(module.location(1), f"its path suggests code that runs {role}"))
        return None

    def is_published(self, module: Module) -> bool:
        """Whether the module is part of a package that the project's own metadata says is published."""
        if self._published is None:
            self._published = _published_names(self._resolver)
        parts = PurePosixPath(module.path).parts
        return bool({part.lower().replace("-", "_") for part in parts[:-1]} & self._published)

    def _by_packaging(self, module: Module) -> Fact | None:
        if self.is_published(module):
            return known("library", Step(module.location(1), "it is part of the package that the project publishes"))
        return None

    def _callers(self, here: _Here) -> list[_Here]:
        if here.scope == 0:
            return []
        scope = here.module.facts.scopes[here.scope]
        if scope.kind != "function":
            return [_Here(here.module, here.module.function_around(scope.parent), here.depth + 1, here.steps)]
        found = []
        for invocation in self._resolver.callers.of(here.module, here.scope):
            module = invocation.at.module
            place = module.facts.calls[invocation.call.index]
            step = Step(module.location(place.place.line), f"`{place.text}(...)` calls it")
            found.append(_Here(module, module.function_around(place.scope), here.depth + 1, (*here.steps, step)))
        handed = here.module.handed_lambdas.get(here.scope)
        nested = scope.parent > 0 or handed is not None
        if not found and nested and not classes_scope(here.module, here.scope):
            found.append(_Here(here.module, here.module.function_around(scope.parent), here.depth + 1, here.steps))
        return found

    def answers_requests(self, module: Module, scope: int) -> bool:
        """Whether a function is a handler that a framework calls for each request."""
        key = (id(module), scope)
        if key not in self._handlers:
            self._handlers[key] = False
            here = module.facts.scopes[scope]
            if here.decorators and here.kind == "function":
                entry = self._decorated(module, here)
                self._handlers[key] = entry is not None and entry[0] == "online"
        return self._handlers[key]

    # --- entry points ---------------------------------------------------------------------------------------

    def _entry(self, here: _Here) -> tuple[str, Step] | None:
        module, index = here.module, here.scope
        if module.facts.cells:
            return "notebook", Step(module.location(1), "a notebook runs it")
        if self.path_has("test", module.path):
            return "test", Step(module.location(1), "a test runs it")
        if index == 0:
            return self._module(module)
        scope = module.facts.scopes[index]
        return self._decorated(module, scope) or self._in_class(module, scope)

    def _decorated(self, module: Module, scope: syntax.Scope) -> tuple[str, Step] | None:
        frame = self._resolver.frames.root(module, scope.parent)
        at = At(frame, scope.parent, Use(scope.block, scope.sequence))
        for decorator in scope.decorators:
            node = decorator.function if isinstance(decorator, syntax.Call) else decorator
            for option in options(self._resolver.evaluate(node, at)):
                name = dotted_name(option)
                entry = self._ecosystem.entry_point(name) if name else None
                entry = entry or (self._ecosystem.entry_point_by_shape(source(node)) if name is None else None)
                if entry is not None and entry.how == "decorator":
                    return entry.role, Step(module.location(scope.line), f"{entry.what}: `@{source(node)}`")
        return None

    def _in_class(self, module: Module, scope: syntax.Scope) -> tuple[str, Step] | None:
        if scope.parent <= 0 or module.facts.scopes[scope.parent].kind != "class":
            return None
        cls = ClassValue(
            module, scope.parent, self._resolver.frames.root(module, module.facts.scopes[scope.parent].parent)
        )
        for base in classes.lineage(self._resolver, cls)[1]:
            entry = self._ecosystem.entry_point(base.name)
            if entry is not None and entry.how == "base":
                line = module.facts.scopes[scope.parent].line
                return entry.role, Step(module.location(line), f"{entry.what}: it derives from `{base.name}`")
        return None

    def _module(self, module: Module) -> tuple[str, Step] | None:
        """What a module's own calls show: a server that is started, an argument parser, a main guard."""
        if id(module) not in self._modules:
            self._modules[id(module)] = self._module_role(module)
        return self._modules[id(module)]

    def _module_role(self, module: Module) -> tuple[str, Step] | None:
        shown: dict[str, Step] = {}
        for call in module.calls:
            place = module.facts.calls[call.index]
            frame = self._resolver.frames.root(module, place.scope)
            looping = self._in_while(module, place.block)
            for option in options(self._resolver.evaluate(call.function, at_call(frame, call))):
                name = dotted_name(option)
                entry = self._ecosystem.entry_point(name) if name else None
                if entry is not None and (entry.how == "call" or (entry.how == "terminal" and looping)):
                    shown.setdefault(
                        entry.role, Step(module.location(place.place.line), f"{entry.what}: `{place.text}`")
                    )
        for role in ("online", "test", "offline"):
            if role in shown:
                return role, shown[role]
        guard = next((b for b in module.facts.blocks if b.kind == "if" and _MAIN.search(source(b.head))), None)
        if guard is not None:
            return "offline", Step(module.location(guard.line), "the file is run as a script")
        return "offline", Step(module.location(1), "it runs when the file is run or imported")

    def _in_while(self, module: Module, block: int) -> bool:
        return any(module.facts.blocks[around].kind == "while" for around in module.ancestors(block))

    # --- paths ----------------------------------------------------------------------------------------------

    def path_has(self, meaning: str, path: str) -> bool:
        """Whether a path has a folder or file name of that meaning (test, evaluation, script, online ...)."""
        return matches(self._ecosystem.path_words(meaning), path)


def matches(words: PathWords, path: str) -> bool:
    """Whether a folder of the path, or its file name, is among the words."""
    pure = PurePosixPath(path)
    folders = {part.lower() for part in pure.parent.parts}
    return bool(folders & set(words.folders)) or any(fnmatch.fnmatch(pure.name.lower(), glob) for glob in words.files)


def _published_names(resolver: Resolver) -> frozenset[str]:
    """The names of packages that the `pyproject.toml` files of the project, at most two folders deep, publish."""
    folders = {"/".join(PurePosixPath(path).parts[:depth]) for path in resolver.project.paths for depth in range(3)}
    found: set[str] = set()
    for folder in sorted(folder for folder in folders if not folder.endswith((".py", ".ipynb"))):
        text = resolver.project.text(f"{folder}/pyproject.toml".lstrip("/"))
        try:
            data = msgspec.toml.decode(text) if text else {}
        except msgspec.DecodeError:
            continue
        name = data.get("project", {}).get("name") if isinstance(data, dict) and "build-system" in data else None
        if isinstance(name, str):
            plain = name.lower().replace("-", "_")
            found |= {plain, plain.removesuffix("_core"), plain.removeprefix("py")}
    return frozenset(found)
