"""What can this expression be? Demand-driven evaluation of names, attributes and operations across modules.

Every answer is a value of `values`: known, one of several, or unknown with a reason. Results are memoised per
expression and frame; depth, width and total work are bounded, and what is cut off is unknown.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING

from llmlint.catalog import Catalog
from llmlint.catalog.assumptions import Assumptions
from llmlint.facts import syntax
from llmlint.linking.evaluation import (
    collecting,
    conditions,
    expressions,
    hints,
    invoking,
    mutating,
    operations,
    parameters,
)
from llmlint.linking.evaluation.assuming import Assumed
from llmlint.linking.evaluation.computing import CYCLE, WORK_LIMIT, Computing, Held
from llmlint.linking.evaluation.decorating import Effect
from llmlint.linking.evaluation.frames import At, Frame, Frames, at_end, at_event
from llmlint.linking.evaluation.naming import described
from llmlint.linking.evaluation.narrowing import around_default, narrowed
from llmlint.linking.evaluation.stores import Global, Stores
from llmlint.linking.evaluation.values import (
    Computed,
    Constant,
    External,
    FilePath,
    ModuleValue,
    Unknown,
    Value,
    choice,
    via,
)
from llmlint.linking.program.module import Module
from llmlint.linking.program.modules import Modules
from llmlint.linking.program.reaching import Use, reaching
from llmlint.linking.program.recording import Recorded
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.callers import Callers


class Resolver(Computing):
    """Evaluates expressions of the project's modules."""

    callers: Callers
    package_of: Callable[[str], str]
    """The published package that a path is part of, "" where there is none."""
    is_published: Callable[[Module], bool]
    """Whether a module belongs to a package that others install, and call in ways that are not seen here."""
    answers_requests: Callable[[Module, int], bool]
    """Whether a function is called with a request by a framework."""

    def __init__(
        self, project: Recorded, catalog: Catalog, modules: Modules, assumptions: Assumptions | None = None
    ) -> None:
        super().__init__()
        self.project = project
        self.catalog = catalog
        self.modules = modules
        self.frames = Frames()
        self.stores = Stores(self)
        self.decorated: dict[tuple[int, int], Effect] = {}
        """What is known about the decorators of functions."""
        self.assumed = Assumed(assumptions or Assumptions(), self.statistics)
        self._truths: dict[tuple[int, int], tuple[bool | None, Held | None]] = {}
        """Whether a condition holds in a frame, with the result it rests on where that holds for a while only."""
        self.module_globals: dict[tuple[str, str], list[Global]] = {}
        """Assignments to the globals of modules that are clients, by client and option; kept by `hosts`."""
        self._evaluators = expressions.evaluators()

    def start(self, limit: int = WORK_LIMIT) -> None:
        """Begin a new call site."""
        super().start(limit)
        self.callers.found.start(limit)

    # --- expressions ----------------------------------------------------------------------------------------

    def evaluate(self, node: syntax.Expression, at: At) -> Value:
        """The value of an expression at a point."""
        if isinstance(node, syntax.Constant):
            return Constant(node.value)
        key = (id(node), id(at.frame))
        done = self._memo.get(key)  # nearly always: what follows would look again
        if done is not None:
            return done
        return self.once(key, lambda: self._evaluators[type(node)](self, node, at), CYCLE)

    def truth_in(self, condition: syntax.Expression, frame: Frame, block: int) -> bool | None:
        """Whether a condition holds at the end of a block, None if that isn't certain; asked again and again."""
        key = (id(condition), id(frame))
        known = self._truths.get(key)
        if known is not None:
            truth, held = known
            if held is None:
                return truth
            if self.held(key) is held:
                self.take(held)
                return truth
        truth = operations.truth(self.evaluate(condition, At(frame, frame.scope, Use(block, float("inf")))))
        held = self.held(key)
        if held is not None or key in self._memo:
            self._truths[key] = truth, held
        return truth

    # --- names ----------------------------------------------------------------------------------------------

    def name(self, name: str, at: At) -> Value:
        """The value of a name at a point: innermost scope outwards, then built in."""
        frame, scope, use, inner = at.frame, at.scope, at.use, True
        module = at.module
        while scope >= 0:
            here = module.facts.scopes[scope]
            if inner or here.kind != "class":
                found = self._in_scope(name, At(frame, scope, use), inner)
                if found is not None:
                    return found
            if here.kind != "comprehension":
                if frame.parent is None:
                    break
                frame, inner = frame.parent, False
            use, scope = Use(here.block, here.sequence + 0.5), here.parent  # after what was bound before it
        if name == "__file__":
            return FilePath(module.path)
        return self._star_imported(name, module) or self._outside_star(name, module) or External(f"builtins.{name}")

    def _outside_star(self, name: str, module: Module) -> Value | None:
        """A name that nothing explains but a star import of a package outside the project."""
        if hasattr(builtins, name):
            return None
        outside = [i for i in module.star_imports if not i.level and not self.modules.find(_parts(i), module.path)]
        known = [i for i in outside if self.catalog.client(f"{i.module}.{name}")]
        chosen = known or (outside if len(outside) == 1 else [])
        return External(f"{chosen[0].module}.{name}") if chosen else None

    def _in_scope(self, name: str, at: At, inner: bool) -> Value | None:
        module, scope = at.module, at.module.facts.scopes[at.scope]
        if name in scope.outer_names:
            return None
        if at.scope == 0 and (assumed := self.assumed.global_(module, name)) is not None:
            return assumed
        events = module.bindings.get((at.scope, (name,)), [])
        parameter = next((p for p in scope.parameters if p.name == name), None)
        outside = [one for one in module.global_bindings.get(name, ()) if module.owner(one[0], name) == at.scope]
        if not events and parameter is None and not outside:
            return None
        found, certain = reaching(module, conditions.possible(self, at.frame, events), at.use)
        if not inner:
            found = found + [e for e in events if e.sequence >= at.use.sequence and e not in found]
        values = [mutating.changed(self, (name,), event, self.bound(event, at, name), at) for event in reversed(found)]
        if parameter is not None and not certain:
            value = around_default(parameters.parameter(self, parameter, at.frame), (name,), at, found)
            values.append(mutating.changed(self, (name,), None, value, at))
        for index, event in outside:
            values.append(self.bound(event, At(self.frames.root(module, index), index, at.use), name))
        if at.scope == 0 and not inner:
            values = [mutating.changed_by_modules(self, module, name, value) for value in values]
            values.extend(self.stores.of(ModuleValue(module), name))
        if not values:
            return Unknown(f"`{name}` is not set before it is used")
        return narrowed(choice(values), (name,), at) if inner else choice(values)

    def bound(self, event: syntax.Event, at: At, name: str) -> Value:
        """What one event binds to the name."""
        point = at_event(at.frame, at.scope, event)
        value = self._bound(event, point)
        for index in event.path:
            value = collecting.unpacked(value, index)
        if event.annotation is not None and event.value is not None:
            value = hints.as_annotated(self, value, event.annotation, point)
        if event.kind in {"assign", "augment"} and not isinstance(event.value, _TELLS_NOTHING):
            value = via(value, at.module.step(event.line, f"`{name}` is set"))
        return value

    def _bound(self, event: syntax.Event, at: At) -> Value:
        if event.value is None:
            return Unknown("it is deleted" if event.kind == "delete" else "it is declared without a value")
        if event.kind == "augment" and event.target is not None:
            left = self.evaluate(event.target, at)
            return operations.binary(event.operator, left, self.evaluate(event.value, at), source(event.value))
        value = self.evaluate(event.value, at)
        if event.kind == "item":
            turn = at.frame.turn
            is_at = turn is not None and turn[:2] == (at.scope, event.sequence)
            return turn[2] if turn is not None and is_at else collecting.item_of(self, value)
        if event.kind == "enter":
            return invoking.entered(self, value)
        if event.kind == "catch":
            return Computed("exception")
        return value

    def _star_imported(self, name: str, module: Module) -> Value | None:
        for imported in reversed(module.star_imports):
            value = self._imported_name(syntax.ImportedName(imported.module, name, imported.level), module, star=True)
            if value is not None:
                return value
        return None

    # --- imports --------------------------------------------------------------------------------------------

    def imported(self, node: syntax.ImportedName, module: Module) -> Value:
        """What `from module import name` gives."""
        value = self._imported_name(node, module, star=False)
        if value is None:
            return Unknown(f"`{node.name}` is not found in the project")
        return self.assumed.outside(value) or value

    def _imported_name(self, node: syntax.ImportedName, module: Module, star: bool) -> Value | None:
        if node.level:
            parts = self.modules.relative(node, module.path)
            if (own := described(self.catalog, parts, node.name)) is not None:
                return own
            target = self.modules.exactly(parts)
            inner = self.modules.exactly((*parts, node.name))
        else:
            parts = tuple(node.module.split("."))
            if (own := described(self.catalog, parts, node.name)) is not None:
                return own
            target = self.modules.find(parts, module.path)
            inner = None if star else self.modules.find((*parts, node.name), module.path)
        if target is not None:
            value = self.module_member(target, node.name)
            if value is not None:
                return value
        if inner is not None:
            return ModuleValue(inner)
        if target is not None and not node.level and not star and parts[0] in self.modules.shared:
            return External(f"{node.module}.{node.name}")  # the project's own package of that name is another one
        if node.level or target is not None or star:
            return None if star or target is None else Unknown(f"`{node.name}` is not found in {target.path}")
        return External(f"{node.module}.{node.name}")

    def module_member(self, module: Module, name: str) -> Value | None:
        """A global of a module of the project, as it is when the module has run; None if it has none."""
        key = ("member", id(module), name)
        frame = self.frames.root(module, 0)

        def compute() -> Value:
            found = self._in_scope(name, at_end(frame), False) or self._star_imported(name, module)
            return found if found is not None else _MISSING

        value = self.once(key, compute, CYCLE)
        return None if value is _MISSING else value


_TELLS_NOTHING = syntax.FunctionReference | syntax.ClassReference | syntax.ImportedName | syntax.ImportedModule
"""What a name is bound to by definitions and imports: no step that a reader of evidence needs."""


def _parts(imported: syntax.ImportedName) -> tuple[str, ...]:
    return tuple(imported.module.split("."))


_MISSING = Unknown("missing")
