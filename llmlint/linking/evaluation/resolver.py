"""What can this expression be? Demand-driven evaluation of names, attributes and operations across modules.

Every answer is a value of `values`: known, one of several, or unknown with a reason. Results are memoised per
expression and frame; depth, width and total work are bounded, and what is cut off is unknown.
"""

from __future__ import annotations

import builtins
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

DEPTH_LIMIT = 120
NESTED_LIMIT = 2 * DEPTH_LIMIT
"""The same with all that waits for what is computed aside."""
FRAMES_LIMIT = 9_000
"""Python's own frames; the limits above are met long before it."""
WORK_LIMIT = 60_000
"""Evaluations for one call site; real ones need some hundreds."""

ASIDE_LIMIT = 500
"""Evaluations for one question on the side."""


@contextmanager
def room_to_nest() -> Iterator[None]:
    """Room for as many of Python's frames whoever calls, so that no result depends on how deep its caller is."""
    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + FRAMES_LIMIT)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class Resolver:
    """Evaluates expressions of the project's modules. `statistics` counts work done and limits met."""

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
        self.project = project
        self.catalog = catalog
        self.modules = modules
        self.frames = Frames()
        self.stores = Stores(self)
        self.decorated: dict[tuple[int, int], Effect] = {}
        """What is known about the decorators of functions."""
        self.statistics: Counter[str] = Counter()
        self.assumed = Assumed(assumptions or Assumptions(), self.statistics)
        self._truths: dict[tuple[int, int], tuple[bool | None, tuple[Value, int] | None]] = {}
        """Whether a condition holds in a frame; where that isn't settled, with the provisional result it rests on."""
        self._memo: dict[tuple[object, ...], Value] = {}
        self._running: dict[tuple[object, ...], int] = {}
        self._lowest = self._room = DEPTH_LIMIT
        """Where `_room` is how many may run: less than the limit where others wait for what is computed aside."""
        self._outside = 0
        self._provisional: dict[tuple[object, ...], tuple[Value, int]] = {}
        """Results that wait for one further out, with its place in `_running`."""
        self._waiting: dict[int, list[tuple[object, ...]]] = {}
        """The keys of `_provisional` by that place."""
        self._work, self._limit = 0, WORK_LIMIT
        self.nesting = 0
        """How many functions' returns are being followed inside one another."""
        self.module_globals: dict[tuple[str, str], list[Global]] = {}
        """Assignments to the globals of modules that are clients, by client and option; kept by `hosts`."""
        self._evaluators = expressions.evaluators()

    def start(self, limit: int = WORK_LIMIT) -> None:
        """Begin a new call site: its own budget of work."""
        self._work, self._limit = 0, limit

    # --- expressions ----------------------------------------------------------------------------------------

    def evaluate(self, node: syntax.Expression, at: At) -> Value:
        """The value of an expression at a point."""
        if isinstance(node, syntax.Constant):
            return Constant(node.value)
        key = (id(node), id(at.frame))
        done = self._memo.get(key)  # nearly always: what follows would look again
        if done is not None:
            return done
        return self.once(key, lambda: self._evaluators[type(node)](self, node, at), _CYCLE)

    def once(self, key: tuple[object, ...], compute: Callable[[], Value], otherwise: Value) -> Value:
        """`compute()`, remembered; `otherwise` where its own answer is needed to compute it.

        A result that was cut short by a computation further out holds only until that one is done.
        """
        done = self._memo.get(key)
        if done is not None:
            return done
        provisional = self._provisional.get(key)
        if provisional is not None:
            self._lowest = min(self._lowest, provisional[1])
            return provisional[0]
        running = self._running.get(key)
        if running is not None:
            self._lowest = min(self._lowest, running)
            return otherwise
        self._work += 1
        if len(self._running) >= self._room or self._work > self._limit:
            self.statistics["limit_work" if self._work > self._limit else "limit_depth"] += 1
            self._lowest = -1
            return _LIMIT
        outer, self._lowest = self._lowest, DEPTH_LIMIT
        index = self._running[key] = len(self._running)
        try:
            value = compute()
        except RecursionError:
            if index:
                raise
            self.statistics["limit_depth"] += 1
            value, self._lowest = _LIMIT, -1
        finally:
            del self._running[key]
        if self._lowest >= index or index == 0:
            self._settle(key, value, index)
            self._lowest = outer
        else:
            self._provisional[key] = value, self._lowest
            self._waiting.setdefault(self._lowest, []).append(key)
            self._lowest = min(outer, self._lowest)
        return value

    def _settle(self, key: tuple[object, ...], value: Value, index: int) -> None:
        """Remember a result, and forget those that were cut short by it."""
        if self._lowest >= index:
            self._memo[key] = value
        if self._waiting:
            for place in [place for place in self._waiting if not -1 < place < index]:
                for done in self._waiting.pop(place):
                    del self._provisional[done]

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Compute something for its own sake, so that what is running further out doesn't cut it short."""
        kept = self._running, self._lowest, self._provisional, self._waiting, self.nesting
        outside = self._outside
        self._outside += len(self._running)
        self._room = min(DEPTH_LIMIT, NESTED_LIMIT - self._outside)
        self._running, self._lowest, self._provisional, self._waiting, self.nesting = {}, DEPTH_LIMIT, {}, {}, 0
        try:
            yield
        finally:
            self._running, self._lowest, self._provisional, self._waiting, self.nesting = kept
            self._outside = outside
            self._room = min(DEPTH_LIMIT, NESTED_LIMIT - outside)

    def nested(self, compute: Callable[[], Value]) -> Value:
        """`compute()`, one call of a function of the project further down."""
        self.nesting += 1
        try:
            return compute()
        finally:
            self.nesting -= 1

    def for_itself(self, compute: Callable[[], Value]) -> Value | None:
        """`compute()` for a question of the project's, not of one call site: it doesn't use up that one's work.

        None where it takes too much, which is final.
        """
        kept = self._work, self.nesting, self._lowest
        self._work, self.nesting, self._lowest = self._limit - ASIDE_LIMIT, 0, DEPTH_LIMIT
        try:
            value = compute()
            lowest = self._lowest
        finally:
            self._work, self.nesting, self._lowest = kept
        if lowest < 0:
            self.statistics["limit_aside"] += 1
            return None
        self._lowest = min(self._lowest, lowest)
        return value

    def unsettle(self) -> None:
        """What is being computed lacks something that is only missing from here, so it is not to be remembered."""
        self._lowest = -1

    def truth_in(self, condition: syntax.Expression, frame: Frame, block: int) -> bool | None:
        """Whether a condition holds at the end of a block, None if that isn't certain; asked again and again."""
        key = (id(condition), id(frame))
        known = self._truths.get(key)
        if known is not None:
            truth, provisional = known
            if provisional is None:
                return truth
            if self._provisional.get(key) is provisional:
                self._lowest = min(self._lowest, provisional[1])
                return truth
        truth = operations.truth(self.evaluate(condition, At(frame, frame.scope, Use(block, float("inf")))))
        provisional = self._provisional.get(key)
        if provisional is not None or key in self._memo:
            self._truths[key] = truth, provisional
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

        value = self.once(key, compute, _CYCLE)
        return None if value is _MISSING else value


_TELLS_NOTHING = syntax.FunctionReference | syntax.ClassReference | syntax.ImportedName | syntax.ImportedModule
"""What a name is bound to by definitions and imports: no step that a reader of evidence needs."""


def _parts(imported: syntax.ImportedName) -> tuple[str, ...]:
    return tuple(imported.module.split("."))


_MISSING = Unknown("missing")
_CYCLE = Unknown("it depends on itself", "cycle")
_LIMIT = Unknown("it leads through too many steps", "limit")
