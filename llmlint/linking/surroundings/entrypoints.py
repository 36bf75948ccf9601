"""Where programs start: handlers, commands, jobs, tests, scripts; asked of one function or one module at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmlint.catalog.entries import EntryPoint
from llmlint.facts import syntax
from llmlint.facts.call_site import Step
from llmlint.linking.evaluation import classes
from llmlint.linking.evaluation.frames import At, at_call
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    ClassValue,
    FunctionValue,
    Instance,
    Invocation,
    Member,
    Value,
    is_text,
    options,
)
from llmlint.linking.program.deployments import Deployments
from llmlint.linking.program.importers import Importers
from llmlint.linking.program.module import Module
from llmlint.linking.program.packaging import Packaging
from llmlint.linking.program.pathwords import matches
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import last_name
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_MAIN = re.compile(r"__name__\s*==\s*['\"]__main__['\"]|['\"]__main__['\"]\s*==\s*__name__")
_STARTED_DEPTH = 2
_STARTED_LIMIT = 30
"""Functions that a main guard calls, one in the other, and calls in each that are looked at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place where a program starts. What is `weak` gives way to another role: it is there to try things out.

    What is `bare` shows no more than that a module runs when it is imported.
    """

    role: str
    step: Step
    weak: bool = False
    bare: bool = False


class EntryPoints:
    """Answers are memoised for the run."""

    def __init__(self, resolver: Resolver, importers: Importers, packaging: Packaging) -> None:
        self._resolver = resolver
        self._ecosystem = resolver.catalog.ecosystem
        self._importers = importers
        self._packaging = packaging
        self._deployments = Deployments(resolver.project, self._ecosystem.data.deployments)
        self._modules: dict[int, Entry] = {}
        self._path_has: dict[tuple[str, str], bool] = {}
        self._starting: dict[int, frozenset[str]] = {}

    def of(self, module: Module, scope: int) -> Entry | None:
        """Whether a program starts in a function, or at a module's top level."""
        if module.facts.cells:
            return Entry("notebook", Step(module.location(1), "a notebook runs it"))
        if self.path_has("test", module.path):
            return Entry("test", Step(module.location(1), "a test runs it"))
        if scope == 0:
            return self.module(module)
        here = module.facts.scopes[scope]
        entry = self.decorated(module, here) or self._in_class(module, here)
        entry = entry or self._deployed(module, here) or self._command(module, here)
        return self._judged(module, entry)

    def guarded(self, module: Module, call: syntax.Call) -> Entry | None:
        """Where a call in a main guard starts, which no import of the module runs."""
        guard = _guard(module)
        if guard is None or guard not in module.ancestors(module.facts.calls[call.index].block):
            return None
        own = self.module(module)
        return own if own.role == "online" else replace(own, role="offline")

    def registered(self, invocation: Invocation) -> Entry | None:
        """Whether a call that a function is handed to registers it as a handler or job."""
        node = invocation.call.function
        ways = {"argument", "decorator"} if isinstance(node, syntax.Call) else {"argument"}
        for option in options(self._resolver.evaluate(node, invocation.at)):
            name = dotted_name(option)
            found = (self._ecosystem.entry_point(name, way) for way in sorted(ways)) if name else iter(())
            shape = self._ecosystem.entry_point_by_shape(source(node)) if not isinstance(node, syntax.Call) else None
            entry = next((one for one in found if one is not None), None)
            if entry is None and name is None and shape is not None and shape.how == "argument":
                entry = shape
            if entry is not None:
                module = invocation.at.module
                place = module.facts.calls[invocation.call.index]
                step = Step(module.location(place.place.line), f"{entry.what}: `{source(node)}`")
                guard = _guard(module)
                tried = guard is not None and guard in module.ancestors(place.block) and self._is_used(module)
                return self._judged(module, Entry(entry.role, step, weak=tried))
        return None

    def _judged(self, module: Module, entry: Entry | None) -> Entry | None:
        """Evaluations and examples try out what others run in earnest."""
        if entry is None or not (self.path_has("evaluation", module.path) or self.path_has("example", module.path)):
            return entry
        return replace(entry, weak=True)

    def decorated(self, module: Module, scope: syntax.Scope) -> Entry | None:
        """The entry point that a decorator makes of a function."""
        frame = self._resolver.frames.root(module, scope.parent)
        at = At(frame, scope.parent, Use(scope.block, scope.sequence))
        for decorator in scope.decorators:
            node = decorator.function if isinstance(decorator, syntax.Call) else decorator
            for option in options(self._resolver.evaluate(node, at)):
                name = dotted_name(option)
                entry = self._ecosystem.entry_point(name, "decorator") if name else None
                entry = entry or (self._ecosystem.entry_point_by_shape(source(node)) if name is None else None)
                if entry is not None and entry.how == "decorator":
                    return Entry(entry.role, Step(module.location(scope.line), f"{entry.what}: `@{source(node)}`"))
        return None

    def _in_class(self, module: Module, scope: syntax.Scope) -> Entry | None:
        if scope.parent <= 0 or module.facts.scopes[scope.parent].kind != "class":
            return None
        return self._derived(module, scope.parent)

    def _derived(self, module: Module, index: int) -> Entry | None:
        around = self._resolver.frames.root(module, module.facts.scopes[index].parent)
        for base in classes.lineage(self._resolver, ClassValue(module, index, around))[1]:
            entry = self._ecosystem.entry_point(base.name, "base")
            if entry is not None:
                line = module.facts.scopes[index].line
                return Entry(entry.role, Step(module.location(line), f"{entry.what}: it derives from `{base.name}`"))
        return None

    def _deployed(self, module: Module, scope: syntax.Scope) -> Entry | None:
        """What files outside of Python have started: a function, or the module as a whole at its top level."""
        if scope.parent > 0:
            return None
        functions = {one.name for one in module.facts.scopes if one.kind == "function" and one.parent == 0}
        for started in self._deployments.of(module.path):
            if started.name == scope.name if scope.parent == 0 else started.name not in functions:
                step = Step(module.location(scope.line), f"{started.deployment.what}: `{started.file}` names it")
                return Entry(started.deployment.role, step)
        return None

    def _command(self, module: Module, scope: syntax.Scope) -> Entry | None:
        if scope.parent != 0 or not self._packaging.is_command(module.path, scope.name):
            return None
        shown = self.module(module)
        if shown.role == "online":
            return shown
        return Entry("offline", Step(module.location(scope.line), "the project's packaging makes it a command"))

    # --- modules --------------------------------------------------------------------------------------------

    def module(self, module: Module) -> Entry:
        """What a module's own calls show: a server that is started, an argument parser, a main guard."""
        if id(module) not in self._modules:
            entry = self._module(module)
            self._modules[id(module)] = self._judged(module, entry) or entry
        return self._modules[id(module)]

    def only_loads(self, module: Module, scope: int) -> bool:
        """Whether a scope is the top level of a module that is no program, only loaded by one."""
        return module.function_around(scope) == 0 and not module.facts.cells and self.module(module).bare

    def shown(self, module: Module) -> list[Entry]:
        """All entry points in a module, one a role; none where it shows nothing but that it can be imported."""
        found: dict[str, Entry] = {}
        own = self.module(module)
        for entry in ([] if own.bare else [own]), self._handlers(module):
            for one in entry:
                found.setdefault(one.role, one)
        return list(found.values())

    def _handlers(self, module: Module) -> Iterator[Entry]:
        for index, scope in enumerate(module.facts.scopes):
            entry = None
            if scope.kind == "function" and scope.decorators:
                entry = self.decorated(module, scope)
            elif scope.kind == "class" and scope.bases:
                entry = self._derived(module, index)
            entry = self._judged(module, entry)
            if entry is not None:
                yield entry

    def _module(self, module: Module) -> Entry:
        guard = _guard(module)
        tried = guard is not None and self._is_used(module)
        shown = self._calls(module)
        if "online" not in shown and guard is not None:
            inside = [call for call in module.calls if guard in module.ancestors(module.facts.calls[call.index].block)]
            started = self._started(module, inside, _STARTED_DEPTH)
            if started is not None:
                shown["online"] = started
        deployed = self._deployed(module, module.facts.scopes[0]) if "online" not in shown else None
        if deployed is not None:
            return deployed
        for role in ("online", "test", "offline"):
            if role in shown:
                weak = tried and role not in self._calls(module, outside=guard)
                return Entry(role, shown[role], weak=weak and role == "offline")
        if guard is not None:
            step = Step(module.location(module.facts.blocks[guard].line), "the file is run as a script")
            return Entry("offline", step, weak=tried)
        return Entry("offline", Step(module.location(1), "it runs when the file is run or imported"), bare=True)

    def _is_used(self, module: Module) -> bool:
        """Whether other code imports the module, so that its main guard is there to try it out."""
        return any(not self.path_has("test", path) for path in self._importers.directly(module.path))

    def _calls(
        self, module: Module, scopes: frozenset[int] | None = None, outside: int | None = None
    ) -> dict[str, Step]:
        """The roles that calls show: all of a module, those in some scopes, those outside of a main guard."""
        shown: dict[str, Step] = {}
        for call in module.calls:
            place = module.facts.calls[call.index]
            if last_name(call.function) not in self._names(module):
                continue  # by its name alone, so that most calls are never looked into
            if scopes is not None and module.function_around(place.scope) not in scopes:
                continue
            if outside is not None and outside in module.ancestors(place.block):
                continue
            for option in options(self._callee(module, call)):
                entry = self._of_call(module, place, option)
                if entry is not None:
                    what = f"{entry.what}: `{place.text}`"
                    shown.setdefault(entry.role, Step(module.location(place.place.line), what))
        return shown

    def _names(self, module: Module) -> frozenset[str]:
        """The last names that calls which start a program have in a module."""
        if id(module) not in self._starting:
            starting = self._ecosystem.starting
            others = (module.aliases.get(name, ()) for name in starting)
            self._starting[id(module)] = starting.union(*others)
        return self._starting[id(module)]

    def _of_call(self, module: Module, place: syntax.CallPlace, callee: Value) -> EntryPoint | None:
        name = dotted_name(callee)
        names = [name] if name else self._inherited(callee)
        found = (self._ecosystem.entry_point(one, "call") for one in names)
        entry = next((one for one in found if one is not None), None)
        if entry is not None or name is None:
            return entry
        asking = self._ecosystem.entry_point(name, "terminal")
        return asking if asking is not None and self._asks_again(module, place) else None

    def _inherited(self, callee: Value) -> list[str]:
        """The names of a method that an object of the project has from classes outside of it."""
        cls = callee.owner.cls if isinstance(callee, Member) and isinstance(callee.owner, Instance) else None
        if not isinstance(callee, Member) or not isinstance(cls, ClassValue):
            return []
        return [f"{base.name}.{callee.name}" for base in classes.lineage(self._resolver, cls)[1]]

    def _started(self, module: Module, calls: list[syntax.Call], depth: int) -> Step | None:
        """The server or chat that calls lead to in functions of the project."""
        for call in calls[:_STARTED_LIMIT]:
            for option in options(self._callee(module, call)):
                if not isinstance(option, FunctionValue) or option.scope <= 0:
                    continue
                scopes = frozenset(option.module.inside(option.scope))
                shown = self._calls(option.module, scopes)
                if "online" in shown:
                    return shown["online"]
                inner = [
                    one for one in option.module.calls if option.module.facts.calls[one.index].scope == option.scope
                ]
                found = self._started(option.module, inner, depth - 1) if depth > 1 else None
                if found is not None:
                    return found
        return None

    def _callee(self, module: Module, call: syntax.Call) -> Value:
        frame = self._resolver.frames.root(module, module.facts.calls[call.index].scope)
        return self._resolver.evaluate(call.function, at_call(frame, call))

    def _asks_again(self, module: Module, place: syntax.CallPlace) -> bool:
        """Whether somebody is asked in a loop that does something with what they type."""
        loops = [block for block in module.ancestors(place.block) if module.facts.blocks[block].kind == "while"]
        if not loops:
            return False
        inside = (c for c in module.calls if loops[-1] in module.ancestors(module.facts.calls[c.index].block))
        return any(self._does_something(module, call) for call in inside)

    def _does_something(self, module: Module, call: syntax.Call) -> bool:
        """Whether a call is more than asking, printing and formatting."""
        for option in options(self._callee(module, call)):
            name = dotted_name(option) or ""
            plain = name.split(".")[0] in _STANDARD or self._ecosystem.entry_point(name, "terminal") is not None
            if not plain and not (isinstance(option, Member) and is_text(option.owner)):
                return True
        return False

    def path_has(self, meaning: str, path: str) -> bool:
        """Whether a path has a folder or file name of that meaning (test, evaluation, script, online ...)."""
        key = (meaning, path)
        if key not in self._path_has:
            self._path_has[key] = matches(self._ecosystem.path_words(meaning), path)
        return self._path_has[key]


_STANDARD = frozenset({"builtins", "sys", "os", "time", "rich"})
"""Packages whose functions only ask, show or wait."""


def _guard(module: Module) -> int | None:
    """The block of `if __name__ == "__main__"`."""
    blocks = enumerate(module.facts.blocks)
    return next((i for i, block in blocks if block.kind == "if" and _MAIN.search(source(block.head))), None)
