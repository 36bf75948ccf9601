"""Who runs a call: web handlers and bots, scripts and jobs, tests, notebooks; found upwards over the call graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.facts.call_site import Fact, Step, known, unknown
from llmlint.linking.evaluation.callers import classes_scope
from llmlint.linking.evaluation.frames import Frame
from llmlint.linking.program.importers import Importers
from llmlint.linking.program.module import Module
from llmlint.linking.program.packaging import Packaging
from llmlint.linking.surroundings.entrypoints import Entry, EntryPoints

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

NOBODY = "nothing in the project shows who runs this code"
_FUNCTION_LIMIT = 120
_DEPTH_LIMIT = 8
_PROGRAM_LIMIT = 24
"""Programs that import a module and are looked at."""
_PARTLY = "who else runs it leads through too many steps"


@dataclass(frozen=True, slots=True)
class _Here:
    """A function on the way up, and how it was reached."""

    module: Module
    scope: int
    depth: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Reached:
    """A place where a program starts, with the steps that lead from it to the call, nearest first."""

    entry: Entry
    steps: tuple[Step, ...]


class Roles:
    """Answers per function, memoised for the run."""

    def __init__(self, resolver: Resolver, importers: Importers) -> None:
        self._resolver = resolver
        ecosystem = resolver.catalog.ecosystem
        self._importers = importers
        self._packaging = Packaging(resolver.project, frozenset(ecosystem.data.servers))
        self._entries = EntryPoints(resolver, self._importers, self._packaging)
        self._packages = ecosystem.packages
        self._reached: dict[tuple[int, int], list[_Reached]] = {}
        self._partly: set[tuple[int, int]] = set()
        """Functions of which not all callers were found."""
        self._importing: dict[int, list[_Reached]] = {}
        self._handlers: dict[tuple[int, int], bool] = {}

    def role(self, module: Module, call: syntax.Call, frame: Frame) -> Fact:
        """The fact `surroundings.role` of a call in `module` on one path: who runs the outermost function of it."""
        told = self._in_file(module, call)
        return told or self._sure(self._verdict(self._on_path(frame), module, whole=False), [frame])

    def joined(self, module: Module, call: syntax.Call, frames: Iterable[Frame]) -> Fact:
        """The same of a call on all its paths together."""
        frames = list(frames)
        found = [one for frame in frames for one in self._on_path(frame)]
        return self._in_file(module, call) or self._sure(self._verdict(found, module, whole=True), frames)

    def _sure(self, role: Fact, frames: Iterable[Frame]) -> Fact:
        """The role, unless somebody who wasn't found may wait for the answer."""
        alone = role.value in {"offline", "notebook"}
        return unknown(_PARTLY) if alone and any(_outermost(frame) in self._partly for frame in frames) else role

    def _in_file(self, module: Module, call: syntax.Call) -> Fact | None:
        if module.facts.cells:
            return known("notebook")
        if self.path_has("test", module.path):
            return known("test", Step(module.location(1), "the file is a test"))
        guarded = self._entries.guarded(module, call)
        return known(guarded.role, guarded.step) if guarded is not None else None

    def _on_path(self, frame: Frame) -> list[_Reached]:
        for invocation in frame.callers():
            entry = self._entries.of(frame.module, frame.scope)
            if entry is None and (invocation.open or invocation.skip):
                entry = self._entries.registered(invocation)
            if entry is not None and entry.role != "test":
                return [_Reached(entry, (entry.step,))]
            if invocation.open and self._entries.only_loads(invocation.at.module, invocation.at.scope):
                return []
            frame = invocation.at.frame
        key = (id(frame.module), frame.scope)
        if key not in self._reached:
            with self._resolver.budget():
                self._reached[key] = self._search(frame.module, frame.scope)
        return self._reached[key]

    def _search(self, module: Module, scope: int) -> list[_Reached]:
        found: list[_Reached] = []
        waiting = deque([_Here(module, scope, 0, ())])
        seen: set[tuple[int, int]] = set()
        published = self.is_published(module)
        while waiting and len(seen) < _FUNCTION_LIMIT:
            here = waiting.popleft()
            key = (id(here.module), here.scope)
            if key in seen:
                continue
            seen.add(key)
            entry = self._entries.of(here.module, here.scope)
            if entry is not None:
                found.append(_Reached(entry, (*here.steps, entry.step)))
                if not published and {"online", "offline"} <= {one.entry.role for one in _strong(found)}:
                    break  # nothing further out changes what follows from both
                if entry.role != "test":
                    continue
            above = self._callers(here, found) if here.depth < _DEPTH_LIMIT else []
            if self._resolver.callers.is_incomplete(here.module, here.scope):
                self._partly.add((id(module), scope))
            waiting.extend(above)
            if not above and entry is None and here.scope > 0:
                found.extend(self._started(here))
        return found

    def _started(self, here: _Here) -> list[_Reached]:
        """The role of a module whose functions are reached in a way that isn't seen, if it is plainly a program."""
        entry = self._entries.module(here.module)
        return [] if entry.bare else [_Reached(entry, (*here.steps, entry.step))]

    def _callers(self, here: _Here, found: list[_Reached]) -> list[_Here]:
        """The functions that call one; those that hand it to a framework are where a program starts."""
        if here.scope == 0:
            return []
        scope = here.module.facts.scopes[here.scope]
        if scope.kind != "function":
            return [_Here(here.module, here.module.function_around(scope.parent), here.depth + 1, here.steps)]
        above = []
        for invocation in self._resolver.callers.of(here.module, here.scope):
            module = invocation.at.module
            place = module.facts.calls[invocation.call.index]
            entry = self._entries.registered(invocation) if invocation.open or invocation.skip else None
            if entry is not None:
                found.append(_Reached(entry, (*here.steps, entry.step)))
                continue
            if invocation.open and self._entries.only_loads(module, place.scope):
                continue  # handed over while the module is loaded: who calls it is not seen
            step = Step(module.location(place.place.line), f"`{place.text}(...)` calls it")
            above.append(_Here(module, module.function_around(place.scope), here.depth + 1, (*here.steps, step)))
        handed = here.module.handed_lambdas.get(here.scope)
        nested = scope.parent > 0 or handed is not None
        tried = all(self.path_has("test", one.module.path) for one in above)
        if tried and nested and not classes_scope(here.module, here.scope):
            above.append(_Here(here.module, here.module.function_around(scope.parent), here.depth + 1, here.steps))
        return above

    # --- what was found ---------------------------------------------------------------------------------------

    def _verdict(self, found: list[_Reached], module: Module, *, whole: bool) -> Fact:
        """The role that follows from where programs start; on the whole, what only tries it out decides last."""
        serious = [one for one in found if one.entry.role not in {"test", "notebook"}]
        if whole and (package := self._packaging.published_as(module.path)):
            inside = [one for one in _strong(serious) if self._packaging.published_as(_path(one)) == package]
            return self._decided(inside, module) if inside else self._published(module)  # others only try it out
        if _strong(serious) or (serious and not whole):
            return self._decided(serious, module)
        if not whole and found and all(one.entry.role == "notebook" for one in found):
            return known("notebook", *found[0].steps[-6:])
        if self.is_published(module):
            return self._published(module)
        imported = self._programs(module)
        strong = _strong(imported)
        if serious and len({one.entry.role for one in strong}) != 1:
            return self._decided(serious, module)
        if strong:
            return self._decided(strong, module)
        hinted = self._by_path(module)
        if hinted is not None:
            return hinted
        if imported:
            return self._decided(imported, module)
        notebook = next((one for one in found if one.entry.role == "notebook"), None)
        return known("notebook", *notebook.steps[-6:]) if notebook is not None else unknown(NOBODY)

    def _published(self, module: Module, *steps: Step) -> Fact:
        """A package that others install is a library, unless it is there to evaluate."""
        evaluation = set(self._resolver.catalog.ecosystem.path_words("evaluation").words)
        words = {word for part in PurePosixPath(module.path).parts[:2] for word in part.lower().split("_")}
        if words & evaluation and not steps:
            return known("offline", Step(module.location(1), "it is part of a package that is published to evaluate"))
        where = Step(module.location(1), "it is part of the package that the project publishes")
        return known("library", *(steps or (where,)))

    def _decided(self, found: list[_Reached], module: Module) -> Fact:
        """The one role of what was found; where there are two, the one that isn't only tried out, else online."""
        first: dict[str, _Reached] = {}
        for one in sorted(found, key=lambda each: each.entry.weak):
            first.setdefault(one.entry.role, one)
        if len(first) > 1:
            strong = {role: one for role, one in first.items() if not one.entry.weak}
            first = strong if len(strong) == 1 else first
        if len(first) == 1:
            role, reached = next(iter(first.items()))
            return known(role, *reached.steps[-6:])
        steps = tuple(step for one in sorted(first.values(), key=_waited_for) for step in one.steps[-3:])
        if self.is_published(module):
            return self._published(module, *steps)
        return known("online", *steps)  # somebody waits for it, whoever else runs it as well

    def _programs(self, module: Module) -> list[_Reached]:
        """The programs that import a module: whatever runs it is among them."""
        if id(module) not in self._importing:
            self._importing[id(module)] = self._programs_of(module)
        return self._importing[id(module)]

    def _programs_of(self, module: Module) -> list[_Reached]:
        found: list[_Reached] = []
        stop: set[str] = set()  # what imports a server is there to serve, and tests run anything
        looked = 0
        for path in self._importers.reaching(module.path, stop):
            if self.path_has("test", path):
                stop.add(path)
            elif self._may_start(path):
                looked += 1
                if looked > _PROGRAM_LIMIT:
                    self._resolver.statistics["limit_programs"] += 1
                    break
                shown = self._shown(path)
                found.extend(_Reached(entry, (_imports(module, path), entry.step)) for entry in shown)
                stop.update(path for entry in shown if entry.role == "online")
        return found

    def _shown(self, path: str) -> list[Entry]:
        """What a file that imports a module starts; of one that serves, what serves."""
        module = self._resolver.modules.at(path)
        shown = self._entries.shown(module) if module is not None and not module.facts.cells else []
        if any(entry.role == "online" for entry in shown):
            return [entry for entry in shown if entry.role == "online"]
        scripted = self.path_has("script", path)  # importing says so little that scripts beside a server don't count
        shown = [replace(entry, weak=entry.weak or scripted) for entry in shown if entry.role != "test"]
        return self._of_program(path, shown) if shown else []

    def _of_program(self, path: str, shown: list[Entry]) -> list[Entry]:
        """A command whose program asks at a terminal is no job; whether one that could serve does is not known."""
        ecosystem = self._resolver.catalog.ecosystem
        used = [self._importers.packages(below) for below in self._importers.below(path)]
        if any(packages & ecosystem.interactive for packages in used):
            return [replace(entry, role="online") for entry in shown]
        return [] if any(packages & ecosystem.serving for packages in used) else shown

    def _may_start(self, path: str) -> bool:
        """Whether a file mentions what programs start with, so that it is worth lowering."""
        if self._packages & self._importers.packages(path):
            return True
        return b"__main__" in (self._resolver.project.source(path) or b"")

    def _by_path(self, module: Module) -> Fact | None:
        """What the name of the file, else of the nearest folder, suggests."""
        parts = PurePosixPath(module.path).parts
        for end in range(len(parts), 0, -1):
            part = "/".join(parts[end - 1 : end]) + ("" if end == len(parts) else "/_")
            for meaning, role in (("online", "online"), ("evaluation", "offline"), ("script", "offline")):
                if self.path_has(meaning, part):
                    return known(role, Step(module.location(1), f"its path suggests code that runs {role}"))
        return None

    def package_of(self, path: str) -> str:
        """The package that the project publishes and that a path is part of, "" where there is none."""
        return self._packaging.published_as(path)

    def is_published(self, module: Module) -> bool:
        """Whether the module is part of a package that the project's own metadata says is published."""
        return bool(self._packaging.published_as(module.path))

    def answers_requests(self, module: Module, scope: int) -> bool:
        """Whether a function is a handler that a framework calls for each request."""
        key = (id(module), scope)
        if key not in self._handlers:
            self._handlers[key] = False
            here = module.facts.scopes[scope]
            if here.decorators and here.kind == "function":
                entry = self._entries.decorated(module, here)
                self._handlers[key] = entry is not None and entry.role == "online"
        return self._handlers[key]

    def path_has(self, meaning: str, path: str) -> bool:
        """Whether a path has a folder or file name of that meaning (test, evaluation, script, online ...)."""
        return self._entries.path_has(meaning, path)


def _outermost(frame: Frame) -> tuple[int, int]:
    """The function at which a path to a call starts."""
    for invocation in frame.callers():
        frame = invocation.at.frame
    return id(frame.module), frame.scope


def _strong(found: list[_Reached]) -> list[_Reached]:
    return [one for one in found if not one.entry.weak]


def _waited_for(reached: _Reached) -> bool:
    return reached.entry.role != "online"


def _path(reached: _Reached) -> str:
    return reached.entry.step.location.path


def _imports(module: Module, path: str) -> Step:
    return Step(module.location(1), f"`{path}` imports it, directly or through others")
