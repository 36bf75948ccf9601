"""Attributes that are set from outside: by other functions, classes and modules than those that define or read them.

What is assigned there is one more value that the attribute can have; when it happens is followed within one scope only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import classes, parameters
from llmlint.linking.evaluation.frames import At, at_call
from llmlint.linking.evaluation.values import (
    ClassValue,
    FunctionValue,
    Instance,
    ModuleValue,
    Partial,
    Unknown,
    Value,
    identity,
    options,
)
from llmlint.linking.program.module import Module, Mutation
from llmlint.linking.program.modules import module_parts
from llmlint.linking.program.reaching import Use
from llmlint.linking.program.trees import Dotted, constant_string, last_name

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

Owner = Instance | ClassValue | ModuleValue
COMMON_WORD = 60
"""A class or module that more modules mention is no sign that a module holds its objects."""
_NOTHING = Unknown("it is another object's")
_LOOPS = frozenset({"for", "while"})
_BINDS = frozenset({"assign", "augment", "item", "enter"})


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """`base.name = ...` by an event, or `setattr(base, name, value)`. Any name can be meant where it is ""."""

    module: Module
    scope: int
    use: Use
    base: syntax.Expression
    name: str
    event: syntax.Event | None = None
    value: syntax.Expression | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Global:
    """An assignment to a global of the client's module: `openai.api_base = ...`."""

    option: str
    module: Module
    scope: int
    event: syntax.Event


class Stores:
    """Finds what is assigned to an attribute from outside. Modules are indexed once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._index: dict[int, dict[str, list[Store]]] = {}
        self._calls: dict[int, dict[int, list[syntax.Call]]] = {}
        self._candidates: dict[tuple[object, str], list[Store]] = {}
        self._given_up: set[int] = set()
        """Assignments to what takes too much work to find out."""
        self._mentioned: dict[str, frozenset[str]] = {}

    def of(self, owner: Value, name: str, at: At | None = None, *, named: bool = False) -> list[Value]:
        """What is assigned to an attribute of the owner, as far as a reader at `at` can see it.

        Where `named`, assignments to whatever attribute (`setattr(x, key, ...)`) are left out: nobody means methods.
        """
        return [value for store, value in self._found(owner, name, named) if not self._later(store, owner, at)]

    def since(self, owner: Value, name: str, at: At, sequence: int) -> list[Value]:
        """What is assigned to an attribute between a binding in the scope of `at`, which settles it, and `at`."""
        found = [(s, v) for s, v in self._found(owner, name) if not self._later(s, owner, at)]
        function = at.module.function_around(at.scope)
        inside = [(s, v) for s, v in found if s.module is at.module and s.scope == function]
        alive = [v for s, v in inside if s.use.sequence > sequence or _share_loop(s, at)]
        if len(inside) < len(found) and self.calls_between(at, sequence):
            alive.extend(v for s, v in found if s.module is not at.module or s.scope != function)
        return alive

    def calls_between(self, at: At, sequence: float) -> bool:
        """Is something of the project called between a point in the scope of `at`, and `at`?"""
        function = at.module.function_around(at.scope)
        for call in self._calls_in(at.module).get(function, ()):
            place = at.module.facts.calls[call.index]
            if sequence < place.sequence < at.use.sequence and place.scope == function:
                callee = self._resolver.evaluate(call.function, at_call(at.frame, call))
                if any(isinstance(o, FunctionValue | ClassValue | Instance | Partial) for o in options(callee)):
                    return True
        return False

    def _calls_in(self, module: Module) -> dict[int, list[syntax.Call]]:
        if id(module) not in self._calls:
            found: dict[int, list[syntax.Call]] = defaultdict(list)
            for call in module.calls:
                found[module.facts.calls[call.index].scope].append(call)
            self._calls[id(module)] = found
        return self._calls[id(module)]

    # --- whose attribute it is ------------------------------------------------------------------------------

    def _found(self, owner: Value, name: str, named: bool = False) -> list[tuple[Store, Value]]:
        if not isinstance(owner, Owner):
            return []
        who = ("module", id(owner.module)) if isinstance(owner, ModuleValue) else identity(owner)
        if (who, name) not in self._candidates:
            self._candidates[who, name] = list(self._searched(owner, name))
        found: list[tuple[Store, Value]] = []
        for store in self._candidates[who, name]:
            if (named and not store.name) or id(store) in self._given_up:
                continue
            key = ("stored", id(store), who, name)
            value = self._resolver.once(key, partial(self._stored, store, owner, name), _NOTHING)
            if not store.name and all(isinstance(option, FunctionValue) for option in options(value)):
                continue  # added methods: they hide no data
            if value is not _NOTHING and not (isinstance(value, Unknown) and value.kind == "cycle"):
                found.append((store, value))
        return found

    def _stored(self, store: Store, owner: Owner, name: str) -> Value:
        resolver = self._resolver
        at = At(resolver.frames.root(store.module, store.scope), store.scope, store.use)
        changed = self._changed(store, at)
        if changed is None:
            self._given_up.add(id(store))
        if changed is None or not any(self._same(option, owner) for option in options(changed)):
            return _NOTHING
        if self._unused_setter(store):
            return _NOTHING
        event, value = store.event, store.value
        place = store.module.facts.scopes[store.scope].name or store.module.path
        unknown = Unknown(f"`{name}` is set in `{place}` as well")
        if event is not None:
            return resolver.for_itself(lambda: resolver.bound(event, at, name)) or unknown
        return resolver.for_itself(lambda: resolver.evaluate(value, at)) or unknown if value is not None else unknown

    def _unused_setter(self, store: Store) -> bool:
        """Does it stand in the setter of a property that nothing in the project assigns to?"""
        module, scope = store.module, store.module.facts.scopes[store.scope]
        if not any(isinstance(each, syntax.Attribute) and each.name == "setter" for each in scope.decorators):
            return False
        cls = ClassValue(module, scope.parent, self._resolver.frames.root(module, 0))
        used = self._found(Instance(cls), scope.name, named=True)
        return all(other.module is module and other.scope == store.scope for other, _ in used)

    def _changed(self, store: Store, at: At) -> Value | None:
        """The object whose attribute is set. The annotation of a parameter says enough about it."""
        scope = store.module.facts.scopes[store.scope]
        if isinstance(store.base, syntax.Name) and store.base.name in store.module.kept_parameters(store.scope):
            for parameter in scope.parameters:
                if parameter.name == store.base.name:
                    declared = parameters.annotated(self._resolver, parameter, at.frame)
                    if declared is not None:
                        return declared
        return self._resolver.for_itself(lambda: self._resolver.evaluate(store.base, at))

    def _same(self, changed: Value, owner: Owner) -> bool:
        """Can what is changed be the owner, or a class it has the attribute from?"""
        match changed, owner:
            case ModuleValue(), ModuleValue():
                return changed.module is owner.module
            case Instance(), Instance():
                if changed.made is not None and owner.made is not None:
                    return changed.made.call is owner.made.call and classes.same_class(changed.cls, owner.cls)
                return self._is_below(changed.cls, owner.cls) or self._is_below(owner.cls, changed.cls)
            case ClassValue(), Instance():
                return self._is_below(owner.cls, changed)
            case ClassValue(), ClassValue():
                return self._is_below(owner, changed)
            case _:
                return False

    def _is_below(self, cls: ClassValue, base: ClassValue) -> bool:
        return any(classes.same_class(one, base) for one in classes.lineage(self._resolver, cls)[0])

    def _later(self, store: Store, owner: Value, at: At | None) -> bool:
        """Does the assignment happen only after the use, which runs once, or once for each object?"""
        if at is None or store.module is not at.module or store.use.sequence < at.use.sequence:
            return False
        function = at.module.function_around(at.scope)
        if store.scope != function or at.scope != function or _share_loop(store, at):
            return False
        if function == 0:
            return True
        made = owner.made.at if isinstance(owner, Instance) and owner.made is not None else None
        return made is not None and made.module is at.module and made.scope == function

    # --- where it may be set --------------------------------------------------------------------------------

    def _searched(self, owner: Owner, name: str) -> Iterator[Store]:
        family = [] if isinstance(owner, ModuleValue) else self._family(owner)
        homes = [owner.module] if isinstance(owner, ModuleValue) else [cls.module for cls in family]
        if isinstance(owner, Instance) and owner.made is not None:
            homes.append(owner.made.at.module)
        near = {module.path: module for module in homes}
        if isinstance(owner, ModuleValue):
            near.pop(owner.module.path)
        bodies = {(id(cls.module), cls.scope) for cls in family}
        for module in near.values():
            for store in self._indexed(module).get("", ()):
                inside = module.facts.scopes[module.function_around(store.scope)].parent
                if store.scope == 0 or (id(module), inside) in bodies:
                    yield store
        words = {cls.module.facts.scopes[cls.scope].name for cls in family}
        words.update(part for module in homes for part in module_parts(module.path)[-1:])
        elsewhere = self._elsewhere(name, words, homes)
        if isinstance(owner, ModuleValue):
            elsewhere = (path for path in elsewhere if self._resolver.project.spells(path, "set in a module", name))
        paths = {*near, *elsewhere}
        for path in sorted(paths):
            if (other := self._resolver.modules.at(path)) is not None:
                yield from self._indexed(other).get(name, ())

    def _family(self, owner: Instance | ClassValue) -> list[ClassValue]:
        return classes.lineage(self._resolver, owner.cls if isinstance(owner, Instance) else owner)[0]

    def _elsewhere(self, name: str, words: set[str], homes: list[Module]) -> Iterator[str]:
        """The files that seem to set the attribute, and mention where the object comes from."""
        project, is_test = self._resolver.project, self._resolver.callers.is_test
        tested = any(is_test(module.path) for module in homes)
        telling = [self._mentioning(word) for word in sorted(words)]
        if len(telling) > 1:
            telling = [paths for paths in telling if len(paths) <= COMMON_WORD]
        for path in project.changing(name):
            if (tested or not is_test(path)) and any(path in paths for paths in telling):
                yield path

    def changes_of(
        self, owner: Instance | ClassValue, name: str
    ) -> Iterator[tuple[Module, int, Dotted, list[Mutation]]]:
        """The changes in place of an attribute, in the modules that the object or class comes from."""
        modules = {cls.module.path: cls.module for cls in self._family(owner)}
        if isinstance(owner, Instance) and owner.made is not None:
            modules[owner.made.at.module.path] = owner.made.at.module
        for _, module in sorted(modules.items()):
            for (scope, target), mutations in module.mutations.items():
                own = _own_name(module, module.function_around(scope))
                if target[-1] != name or len(target) == 1 or target[:-1] == (own,):
                    continue
                changed = [one for one in mutations if self._is_of(one, target, owner, (module, scope))]
                if changed:
                    yield module, scope, target, changed

    def _is_of(self, mutation: Mutation, target: Dotted, owner: Owner, where: tuple[Module, int]) -> bool:
        at = At(self._resolver.frames.root(*where), where[1], Use(mutation.event.block, mutation.event.sequence))
        holder = self._resolver.for_itself(partial(self._resolver.evaluate, _expression(target[:-1]), at))
        return holder is not None and any(self._same(option, owner) for option in options(holder))

    def users_of(self, module: Module, name: str) -> Iterator[Module]:
        """The other modules that seem to change what a global of the module holds."""
        for path in sorted(self._elsewhere(name, set(module_parts(module.path)[-1:]), [module])):
            other = self._resolver.modules.at(path) if path != module.path else None
            if other is not None:
                yield other

    def is_global_of(self, module: Module, scope: int, target: Dotted, home: Module) -> bool:
        """Is a dotted name in a scope a global of another module?"""
        at = At(self._resolver.frames.root(module, scope), scope, Use(module.facts.scopes[scope].body, float("inf")))
        if len(target) > 1:
            owner = self._resolver.evaluate(_expression(target[:-1]), at)
            return any(isinstance(o, ModuleValue) and o.module is home for o in options(owner))
        for event in module.bindings.get((0, target), ()):
            imported = event.value
            if isinstance(imported, syntax.ImportedName) and imported.name == target[0]:
                found = self._resolver.modules
                if imported.level:
                    return found.exactly(found.relative(imported, module.path)) is home
                return found.find(tuple(imported.module.split(".")), module.path) is home
        return False

    def _mentioning(self, word: str) -> frozenset[str]:
        if word not in self._mentioned:
            self._mentioned[word] = frozenset(self._resolver.project.containing(word))
        return self._mentioned[word]

    def _indexed(self, module: Module) -> dict[str, list[Store]]:
        if id(module) not in self._index:
            found: dict[str, list[Store]] = defaultdict(list)
            for store in stores_in(module):
                found[store.name].append(store)
            self._index[id(module)] = dict(found)
        return self._index[id(module)]


@cache
def _expression(names: Dotted) -> syntax.Expression:
    """A dotted name; kept, since what is known about expressions is remembered by their identity."""
    found: syntax.Expression = syntax.Name(names[0])
    for name in names[1:]:
        found = syntax.Attribute(found, name)
    return found


def stores_in(module: Module) -> Iterator[Store]:
    """The assignments to attributes of a module that are not those of a method to its own object."""
    for index, scope in enumerate(module.facts.scopes):
        own = _own_name(module, index)
        for event in scope.events:
            target, use = event.target, Use(event.block, event.sequence)
            if isinstance(target, syntax.Attribute) and event.kind in _BINDS:
                if not (isinstance(target.value, syntax.Name) and target.value.name == own):
                    yield Store(module, index, use, target.value, target.name, event)
            elif isinstance(target, syntax.Subscript) and (base := _attributes_of(target.value)) is not None:
                yield Store(module, index, use, base, constant_string(target.index) or "", None, event.value)
    for name in ("setattr", "__setattr__", "update"):
        for call in module.calls_named(name):
            yield from _by_call(module, call)


def _by_call(module: Module, call: syntax.Call) -> Iterator[Store]:
    place = module.facts.calls[call.index]
    use = Use(place.block, place.sequence)
    given = [argument.value for argument in call.arguments if not argument.star]
    if last_name(call.function) != "update":
        if len(given) == 3:
            yield Store(module, place.scope, use, given[0], constant_string(given[1]) or "", None, given[2])
        return
    base = _attributes_of(call.function.value) if isinstance(call.function, syntax.Attribute) else None
    if base is not None:
        for argument in call.arguments:
            value = argument.value if argument.keyword else None
            yield Store(module, place.scope, use, base, argument.keyword or "", None, value)


def _attributes_of(node: syntax.Expression) -> syntax.Expression | None:
    """x of `x.__dict__` and `vars(x)`."""
    if isinstance(node, syntax.Attribute) and node.name == "__dict__":
        return node.value
    if isinstance(node, syntax.Call) and last_name(node.function) == "vars" and len(node.arguments) == 1:
        return node.arguments[0].value
    return None


def _own_name(module: Module, scope: int) -> str | None:
    """The name under which a method knows its object, unless it binds that itself."""
    here = module.facts.scopes[scope]
    if here.kind != "function" or not here.parameters or module.facts.scopes[here.parent].kind != "class":
        return None
    name = here.parameters[0].name
    decorators = {last_name(decorator) for decorator in here.decorators}
    bound = (scope, (name,)) in module.bindings
    return None if decorators & {"classmethod", "staticmethod"} or bound or here.name == "__new__" else name


def _share_loop(store: Store, at: At) -> bool:
    blocks = at.module.facts.blocks
    around = set(at.module.ancestors(at.use.block))
    return any(block in around and blocks[block].kind in _LOOPS for block in at.module.ancestors(store.use.block))
