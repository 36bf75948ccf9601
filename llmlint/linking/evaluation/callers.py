"""Who calls a function, who constructs a class, who derives from it: found by identifier, then proven."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import classes
from llmlint.linking.evaluation.definitions import only_definition
from llmlint.linking.evaluation.found import CALLER_LIMIT, Found
from llmlint.linking.evaluation.frames import At, Frame, at_call
from llmlint.linking.evaluation.giving import calls_of_given
from llmlint.linking.evaluation.handing import PACKED, handing_kind
from llmlint.linking.evaluation.overriding import is_overridden
from llmlint.linking.evaluation.registries import calls_of_kept
from llmlint.linking.evaluation.searches import Searches, Wanted
from llmlint.linking.evaluation.values import (
    ClassValue,
    Element,
    FunctionValue,
    Instance,
    Invocation,
    Member,
    Partial,
    Unknown,
    Value,
    options,
)
from llmlint.linking.program.module import Module
from llmlint.linking.program.modules import module_parts
from llmlint.linking.program.trees import decorator_names, last_name

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

RECEIVER_LIMIT = 4


class Callers:
    """Answers are memoised."""

    def __init__(self, resolver: Resolver, is_test: Callable[[str], bool]) -> None:
        """`is_test` says whether a path is a test's: what tests pass decides nothing about other code."""
        self._resolver = resolver
        self.is_test = is_test
        self._below: dict[tuple[int, int], list[ClassValue]] = {}
        self.found = Found(resolver)
        self._searches = Searches(resolver)

    # --- functions ------------------------------------------------------------------------------------------

    def frames_of(self, frame: Frame) -> list[Frame]:
        """The frames that the known callers of a root frame's function make."""
        module, scope = frame.module, frame.scope
        if module.facts.scopes[scope].kind != "function" or frame.parent is None:
            return []
        return [one for invocation in self.serious(module, scope) for one in self.frames_from(frame, invocation, None)]

    def serious(self, module: Module, scope: int) -> list[Invocation]:
        """The calls of a function, without those of tests unless the function is a test's itself."""
        found = self.of(module, scope)
        if self.is_test(module.path):
            return found
        return [invocation for invocation in found if not self.is_test(invocation.at.module.path)]

    def frames_from(self, root: Frame, invocation: Invocation, outer: Frame | None) -> list[Frame]:
        """The frames that a call makes of a function's root frame, one a receiver, seen from a frame of the caller."""
        if outer is not None and outer is not invocation.at.frame:
            invocation = replace(invocation, at=at_call(outer, invocation.call))
        around = self._resolver.frames.root(root.module, root.module.facts.scopes[root.scope].parent)
        receivers: list[Value | None] = [None]
        if classes_scope(root.module, root.scope):
            receivers = self._receivers(invocation, root.module, root.scope)
        called = self._resolver.frames.called
        return [called(root.module, root.scope, around, invocation, receiver) for receiver in receivers]

    def of(self, module: Module, scope: int) -> list[Invocation]:
        """The calls of a function of the project; of `__init__`, the constructions of its class."""
        return self.found.by(("function", id(module), scope), lambda: self._search(module, scope))

    def has_more(self, module: Module, scope: int) -> bool:
        """Whether a function has more callers than are followed, as far as was searched."""
        return self.is_incomplete(module, scope) or ("function", id(module), scope) in self.found.truncated

    def is_incomplete(self, module: Module, scope: int) -> bool:
        """Whether the search for the callers of a function ran out of work."""
        return ("function", id(module), scope) in self.found.incomplete

    def _search(self, module: Module, scope: int) -> list[Invocation]:
        here = module.facts.scopes[scope]
        parent = module.facts.scopes[here.parent]
        if here.name == "__init__" and parent.kind == "class":
            around = self._resolver.frames.root(module, parent.parent)
            return self.constructions(ClassValue(module, here.parent, around))
        if here.name.startswith("__") and here.name != "__call__":
            return []
        hints = self._hints(module, scope)
        if here.name == "<lambda>":
            uses = self._uses_of_lambda(module, scope)
        else:
            uses = self._uses(here.name, module, hints, self._purpose(module, scope))
        found = _each([invocation for invocation, value in uses if self._is(value, module, scope)])
        users = self._searches.modules(here.name, module, self._purpose(module, scope), hints)
        found += self._unnamed(users, module, scope, found)
        return [one for one in found if not is_overridden(self._resolver, one, module, scope)]

    def _unnamed(self, users: list[Module], module: Module, scope: int, found: list[Invocation]) -> list[Invocation]:
        """The calls of a function or class that don't name it, beside those that were found."""
        known = {id(invocation.call) for invocation in found}
        kept = calls_of_kept(self._resolver, self._searches, users, module, scope)
        given = calls_of_given(self._resolver, self._searches, users, module, scope)
        return [one for one in chain(kept, given) if id(one.call) not in known]

    def _hints(self, module: Module, scope: int) -> list[str]:
        """What a file mentions that calls a method or function: its class or one above, or its module."""
        parent = module.facts.scopes[scope].parent
        if module.facts.scopes[parent].kind != "class":
            return list(module_parts(module.path)[-1:])
        cls = ClassValue(module, parent, self._resolver.frames.root(module, module.facts.scopes[parent].parent))
        return [one.module.facts.scopes[one.scope].name for one in classes.lineage(self._resolver, cls)[0]]

    def _purpose(self, module: Module, scope: int) -> Wanted:
        """What to look for in other files to find the calls of a function or class."""
        here = module.facts.scopes[scope]
        around = module.facts.scopes[here.parent].kind
        if around == "function":
            return "mention"  # what a function gives out may be called where its name is only that of a variable
        of_objects = around == "class" or self._resolver.project.changing(here.name) or module.handed_over(here.name)
        return "call" if of_objects or module.aliases.get(here.name) else "call of a module"

    def _uses(
        self, name: str, home: Module, hints: Sequence[str] = (), purpose: Wanted = "call"
    ) -> Iterator[tuple[Invocation, Value]]:
        """Each call that may reach a function of that name, with each value its callee can have.

        A name that many modules mention is looked for only where one of the `hints` is named as well.
        """
        for module in self._searches.modules(name, home, purpose, hints):
            for alias in sorted({name, *module.aliases.get(name, ())}):
                yield from self._uses_in(module, alias)
            for call in module.computed_calls:
                yield from self._direct(module, call)

    def _uses_in(self, module: Module, name: str) -> Iterator[tuple[Invocation, Value]]:
        for call in module.calls_named(name):
            yield from self._direct(module, call)
        for call, position in module.handed_over(name):
            yield from self._handed(module, call, position)

    def _uses_of_lambda(self, module: Module, scope: int) -> Iterator[tuple[Invocation, Value]]:
        """The calls of a lambda: by the names it is bound to, on the spot, and where it is handed over."""
        for name in module.lambda_names.get(scope, ()):
            yield from self._uses_in(module, name)
        for call in module.computed_calls:
            yield from self._direct(module, call)
        handed = module.handed_lambdas.get(scope)
        if handed is not None:
            yield from self._handed(module, *handed)

    def _direct(self, module: Module, call: syntax.Call) -> Iterator[tuple[Invocation, Value]]:
        at = self._at(module, call)
        return self._paired(self._resolver.evaluate(call.function, at), Invocation(call, at))

    def _paired(self, callee: Value, invocation: Invocation) -> Iterator[tuple[Invocation, Value]]:
        """The invocation with each function that the callee can be; those behind a partial get its arguments."""
        for option in options(callee):
            if not isinstance(option, Partial):
                yield invocation, option
                continue
            bound = replace(invocation, partial=option)
            for inner in options(option.function):
                yield bound, inner

    def _handed(self, module: Module, call: syntax.Call, position: int) -> Iterator[tuple[Invocation, Value]]:
        """A function handed over at `position` gets what follows it, if the callee is known for that; a function of the
        project is looked into."""
        at = self._at(module, call)
        value = self._resolver.evaluate(call.arguments[position].value, at)
        callee = self._resolver.evaluate(call.function, at)
        inner = [found for option in options(callee) for found in self._inside(option, call, position, at)]
        for invocation in inner or [self._given(callee, call, position, at)]:
            for found, option in self._paired(value, invocation):
                if not (found.open and isinstance(option, Member)):  # that may be any attribute of that name
                    yield found, option

    def _given(self, callee: Value, call: syntax.Call, position: int, at: At) -> Invocation:
        kind = handing_kind(self._resolver, callee)
        if kind == "elementwise" and last_name(call.function) not in PACKED - {"apply"}:
            return Invocation(call, at, position + 1, elementwise=True)
        packed = last_name(call.function) in PACKED  # their arguments come as a tuple or a mapping
        if kind == "rest" and call.arguments[position].keyword is None and not packed:
            return Invocation(call, at, position + 1)
        return Invocation(call, at, len(call.arguments), open=True)

    def _inside(self, callee: Value, call: syntax.Call, position: int, at: At) -> Iterator[Invocation]:
        """The calls of the parameter that a function handed to a function of the project becomes."""
        if not isinstance(callee, FunctionValue) or callee.scope < 0:
            return
        scope = callee.module.facts.scopes[callee.scope]
        argument = call.arguments[position]
        names = [p.name for p in scope.parameters if p.kind in {"positional", "plain"}]
        shift = 1 if callee.receiver is not None else 0
        name = argument.keyword or (names[position + shift] if position + shift < len(names) else None)
        frame = self._resolver.frames.called(
            callee.module, callee.scope, callee.frame, Invocation(call, at), callee.receiver
        )
        for inner in callee.module.calls_named(name) if name else ():
            if callee.module.facts.calls[inner.index].scope == callee.scope:
                yield Invocation(inner, at_call(frame, inner))

    def _at(self, module: Module, call: syntax.Call) -> At:
        frame = self._resolver.frames.root(module, module.facts.calls[call.index].scope)
        return at_call(frame, call)

    def _is(self, value: Value, module: Module, scope: int) -> bool:
        here = module.facts.scopes[scope]
        if isinstance(value, FunctionValue):
            if value.module is module and value.scope == scope:
                return True
            return self._overrides(value, module, scope)
        named = isinstance(value, Member) and value.name == here.name and classes_scope(module, scope)
        if named and isinstance(root_of(value), Unknown | Element):
            return only_definition(self._resolver, self._searches, here.name, module)
        return False

    def _overrides(self, value: FunctionValue, module: Module, scope: int) -> bool:
        """Does the function that the call names have this one as its override in a class below?"""
        theirs = value.module.facts.scopes[value.scope]
        if theirs.name != module.facts.scopes[scope].name or not (
            classes_scope(value.module, value.scope) and classes_scope(module, scope)
        ):
            return False
        receiver = value.receiver
        if isinstance(receiver, Instance) and receiver.made is not None:
            return False  # of a known class, whose own method it is
        cls = ClassValue(module, module.facts.scopes[scope].parent, self._resolver.frames.root(module, 0))
        family, _ = classes.lineage(self._resolver, cls)
        return any(base.module is value.module and base.scope == theirs.parent for base in family[1:])

    def _receivers(self, invocation: Invocation, module: Module, scope: int) -> list[Value | None]:
        """The objects on which the call may be made, where that says more than the class does."""
        here = module.facts.scopes[scope]
        if here.name == "__init__":
            around = self._resolver.frames.root(module, module.facts.scopes[here.parent].parent)
            return [Instance(ClassValue(module, here.parent, around), invocation)]
        if "staticmethod" in decorator_names(here):
            return [None]
        own = ClassValue(
            module, here.parent, self._resolver.frames.root(module, module.facts.scopes[here.parent].parent)
        )
        found: list[Value | None] = []
        for option in options(self._resolver.evaluate(invocation.call.function, invocation.at)):
            inner = option.function if isinstance(option, Partial) else option
            if not (isinstance(inner, FunctionValue) and self._is(inner, module, scope)):
                continue
            if inner.receiver is None and inner.scope == scope and inner.module is module:
                found.append(None)  # called through the class: the object is the first argument
            elif inner.receiver is not None and self._is_a(inner.receiver, own):
                found.append(inner.receiver)
        return found[:RECEIVER_LIMIT] or [own if "classmethod" in decorator_names(here) else Instance(own)]

    def _is_a(self, receiver: Value, own: ClassValue) -> bool:
        """Whether a receiver is of the class; one that is only known by a base class is not."""
        cls = receiver.cls if isinstance(receiver, Instance) else receiver
        return isinstance(cls, ClassValue) and classes.is_a(self._resolver, cls, own)

    # --- classes --------------------------------------------------------------------------------------------

    def constructions(self, cls: ClassValue) -> list[Invocation]:
        """The calls that make an instance of the class."""
        return self.found.by(("class", id(cls.module), cls.scope), lambda: self._constructions(cls))

    def _constructions(self, cls: ClassValue) -> list[Invocation]:
        name = cls.module.facts.scopes[cls.scope].name
        purpose = self._purpose(cls.module, cls.scope)
        found = _each(
            [
                invocation
                for invocation, value in chain(self._uses(name, cls.module, purpose=purpose), self._made_by_itself(cls))
                if isinstance(value, ClassValue) and classes.same_class(value, cls) and not invocation.open
            ]
        )
        users = self._searches.modules(name, cls.module, purpose)
        found.extend(one for one in self._unnamed(users, cls.module, cls.scope, found) if not one.open)
        if self.is_test(cls.module.path):
            return found
        return [invocation for invocation in found if not self.is_test(invocation.at.module.path)]

    def _made_by_itself(self, cls: ClassValue) -> Iterator[tuple[Invocation, Value]]:
        """Calls of `cls` in the methods of the class."""
        module = cls.module
        for index, scope in enumerate(module.facts.scopes):
            if scope.parent == cls.scope and scope.parameters and "classmethod" in decorator_names(scope):
                for call in module.calls_named(scope.parameters[0].name):
                    if module.function_around(module.facts.calls[call.index].scope) == index:
                        yield from self._direct(module, call)

    def subclasses(self, cls: ClassValue) -> list[ClassValue]:
        """The project's classes directly below."""
        key = (id(cls.module), cls.scope)
        if key not in self._below:
            self._below[key] = []
            name = cls.module.facts.scopes[cls.scope].name
            modules = self._searches.modules(name, cls.module, "derive")
            if not self.is_test(cls.module.path):
                modules = [module for module in modules if not self.is_test(module.path)]
            found = [other for module in modules for other in self._derived(module, cls)]
            self._below[key] = found[:CALLER_LIMIT]
        return self._below[key]

    def _derived(self, module: Module, cls: ClassValue) -> Iterator[ClassValue]:
        for index, scope in enumerate(module.facts.scopes):
            if scope.kind == "class" and scope.bases:
                other = ClassValue(module, index, self._resolver.frames.root(module, scope.parent))
                for base in classes.bases(self._resolver, other):
                    if isinstance(base, ClassValue) and classes.same_class(base, cls):
                        yield other


def _each(found: list[Invocation]) -> list[Invocation]:
    """Every call once, however many of the values of its callee lead to the function: one for each class below."""
    return [*{id(one): one for one in found}.values()]


def classes_scope(module: Module, scope: int) -> bool:
    """Whether a function stands directly in a class."""
    parent = module.facts.scopes[scope].parent
    return parent >= 0 and module.facts.scopes[parent].kind == "class"


def root_of(value: Value) -> Value:
    """What a chain of attributes hangs on."""
    while isinstance(value, Member):
        value = value.owner
    return value
