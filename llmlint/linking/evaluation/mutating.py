"""What a list or dictionary holds after it was changed in place: by name, under other names, in callees, in methods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import classes, collecting, conditions, parameters, unrolling
from llmlint.linking.evaluation.frames import At, Frame, at_end, at_event
from llmlint.linking.evaluation.values import (
    ClassValue,
    Constant,
    Entries,
    FunctionValue,
    Instance,
    Invocation,
    Items,
    Many,
    Unknown,
    Value,
    choice,
    options,
)
from llmlint.linking.program import holding
from llmlint.linking.program.aliases import Way, ways_from_inside, ways_to
from llmlint.linking.program.module import Module, Mutation
from llmlint.linking.program.reaching import MutationUse, mutations_between
from llmlint.linking.program.trees import Dotted

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

CHANGE_LIMIT = 300
"""Changes in place of one collection that are followed."""
_PASSING_LIMIT = 3
"""How many functions deep a collection is followed that is passed on."""


def changed(resolver: Resolver, target: Dotted, start: syntax.Event | None, value: Value, at: At) -> Value:
    """The value after the mutations between its binding and the use."""
    if not any(isinstance(option, Items | Entries) for option in options(value)):
        return value
    kept = at.module.derived(holding.kept_changers).get((at.scope, target))
    if kept is not None:
        return Unknown(f"`{kept}` is handed on, and may be called at any time")
    mutations = at.module.mutations.get((at.scope, target), ())
    uses = mutations_between(at.module, mutations, start, at.use)
    if len(uses) > CHANGE_LIMIT:
        resolver.statistics["limit_changes"] += 1
        return Unknown(f"it is changed in more than {CHANGE_LIMIT} places", "limit")
    loops = unrolling.unrolled(resolver, uses, start, at) if any(use.repeated for use in uses) else {}
    passed = at.module.passed.get((at.scope, target), ())
    calls = mutations_between(at.module, passed, start, at.use) if passed else []
    rest = [use for use in uses if _sequence(use) not in loops]
    firsts = [use for use in uses if (loop := loops.get(_sequence(use))) is not None and loop.first == _sequence(use)]
    for use in sorted((*conditions.settled(resolver, at.frame, rest), *firsts, *calls), key=_sequence):
        if use.mutation.method != "passed" and (loop := loops.get(_sequence(use))) is not None:
            value = loop.after(value)
        elif use.mutation.method == "passed":
            value = _changed_by_callees(resolver, target, use, value, at)
        else:
            value = collecting.mutated(resolver, value, [use], at)
    value = _changed_under_other_names(resolver, target, start, value, at)
    for scope, mutation in at.module.outer_mutations.get((at.scope, target), ()):
        use = MutationUse(mutation, True, True, True)
        value = collecting.mutated(resolver, value, [use], at_end(resolver.frames.root(at.module, scope)))
    for way in ways_from_inside(at.module, at.scope, target):
        end = at_end(resolver.frames.root(at.module, way.scope))
        value = _within(resolver, value, way.keys, _loosely(way.mutation), At(end.frame, way.scope, end.use))
    return value


def _sequence(use: MutationUse) -> int:
    return use.mutation.event.sequence


def changed_by_modules(resolver: Resolver, module: Module, name: str, value: Value) -> Value:
    """A global collection after what other modules of the project do to it in place, at any time."""
    if not any(isinstance(option, Items | Entries) for option in options(value)):
        return value
    for other in resolver.stores.users_of(module, name):
        for (scope, target), mutations in other.mutations.items():
            if target[-1] == name and resolver.stores.is_global_of(other, scope, target, module):
                end = at_end(resolver.frames.root(other, scope))
                uses = [MutationUse(mutation, True, True, False) for mutation in mutations]
                value = collecting.mutated(resolver, value, uses, end)
    return value


# --- other names for it, and for what it holds --------------------------------------------------------------


def _changed_under_other_names(
    resolver: Resolver, target: Dotted, start: syntax.Event | None, value: Value, at: At
) -> Value:
    """What is done to the collection, or to one inside it, under other names of the scope may have happened."""
    for way in ways_to(at.module, at.scope, target):
        for use in mutations_between(at.module, [way.mutation], start, at.use):
            value = _within(resolver, value, way.keys, use, At(at.frame, way.scope, at.use))
    return value


def _within(resolver: Resolver, value: Value, keys: tuple[object, ...], use: MutationUse, at: At) -> Value:
    """The value after a change of what it holds under the keys, that may or may not have happened."""
    if not keys:
        found: list[Value] = []
        for option in options(value):
            if isinstance(option, Items | Entries):
                weak = use._replace(conditional=True)
                found.append(collecting.mutated(resolver, option, [weak], at))
            else:
                found.append(option)
        return choice(found)
    return choice([_one_within(resolver, option, keys, use, at) for option in options(value)])


def _one_within(resolver: Resolver, value: Value, keys: tuple[object, ...], use: MutationUse, at: At) -> Value:
    def inner(item: Value) -> Value:
        if isinstance(item, Many):
            return replace(item, item=_within(resolver, item.item, keys[1:], use, at))
        return _within(resolver, item, keys[1:], use, at)

    match value:
        case Items(items=items):
            return replace(value, items=tuple(map(inner, items)))
        case Entries(entries=entries):
            return replace(
                value, entries=tuple((key, inner(item) if _may_be(key, keys[0]) else item) for key, item in entries)
            )
        case _:
            return value


def _may_be(key: Value, wanted: object) -> bool:
    return wanted is None or not isinstance(key, Constant) or key.value == wanted


# --- functions it is passed to ------------------------------------------------------------------------------


def _changed_by_callees(resolver: Resolver, target: Dotted, use: MutationUse, value: Value, at: At) -> Value:
    """The collection after a call of functions of the project that it was passed to and that change it in place."""
    call = use.mutation.call
    if call is None:
        return value
    point = at_event(at.frame, at.scope, use.mutation.event)
    for callee in options(resolver.evaluate(call.function, point)):
        invocation = Invocation(call, point)
        frame = _entered(resolver, callee, invocation)
        if frame is None:
            continue
        scope = frame.module.facts.scopes[frame.scope]
        parameter = parameters.parameter_of(scope, call, target, frame.receiver is not None)
        if parameter is not None:
            value = _changed_inside(resolver, frame, parameter, use, value)
    return value


def _entered(resolver: Resolver, callee: Value, invocation: Invocation) -> Frame | None:
    """The frame of the function that a call runs."""
    if isinstance(callee, FunctionValue):
        return resolver.frames.called(callee.module, callee.scope, callee.frame, invocation, callee.receiver)
    init = classes.own_init(resolver, callee) if isinstance(callee, ClassValue) else None
    if init is None or not isinstance(callee, ClassValue):
        return None
    owner, method = init
    around = classes.class_frame(resolver, owner)
    return resolver.frames.called(owner.module, method, around, invocation, Instance(callee, invocation))


def _changed_inside(resolver: Resolver, frame: Frame, parameter: str, use: MutationUse, value: Value) -> Value:
    module, end = frame.module, at_end(frame)
    kept = (parameter,)
    mutations = [
        m for m in module.mutations.get((frame.scope, kept), ()) if _still_passed(module, frame.scope, kept, m)
    ]
    inner = [_later(one, use) for one in mutations_between(module, mutations, None, end.use)]
    value = collecting.mutated(resolver, value, inner, end) if inner else value
    for way in ways_to(module, frame.scope, kept):
        if _still_passed(module, frame.scope, kept, way.mutation):
            value = _within(resolver, value, way.keys, _loosely(way.mutation), At(frame, way.scope, end.use))
    if frame.depth < _PASSING_LIMIT:
        for passed in module.passed.get((frame.scope, kept), ()):
            if _still_passed(module, frame.scope, kept, passed):
                value = _changed_by_callees(resolver, kept, _loosely(passed), value, end)
    for way in _in_attributes(module, frame.scope, parameter):
        value = _within(resolver, value, way.keys, _loosely(way.mutation), At(end.frame, way.scope, end.use))
    return value


def _in_attributes(module: Module, scope: int, parameter: str) -> Iterator[Way]:
    """What the methods of an object do to a collection that one of them keeps in an attribute."""
    here = module.facts.scopes[scope]
    if module.facts.scopes[here.parent].kind != "class" or not here.parameters:
        return
    for event in here.events:
        if not (isinstance(event.value, syntax.Name) and event.value.name == parameter and event.kind == "assign"):
            continue
        target = event.target
        if not (isinstance(target, syntax.Attribute) and isinstance(target.value, syntax.Name)):
            continue
        for method in module.methods(here.parent):
            own = module.facts.scopes[method].parameters[:1]
            for mutation in module.mutations.get((method, (own[0].name, target.name)), ()) if own else ():
                yield Way(mutation, (), method)


def _loosely(mutation: Mutation) -> MutationUse:
    return MutationUse(mutation, True, True, False)


def _later(use: MutationUse, call: MutationUse) -> MutationUse:
    """A change in a function, seen from after the call."""
    if call.conditional or call.repeated:
        return use._replace(conditional=True, repeated=call.repeated or use.repeated)
    return use


def _still_passed(module: Module, scope: int, name: Dotted, mutation: Mutation) -> bool:
    """Does the parameter hold what was passed, or has it been bound to something new before?"""
    for event in module.bindings.get((scope, name), ()):
        anew = not isinstance(event.value, syntax.Name | syntax.BooleanOperation | syntax.Conditional)
        body = module.facts.scopes[scope].body
        if anew and event.kind == "assign" and event.block == body and event.sequence < mutation.event.sequence:
            return False
    return True


# --- methods of the object that holds it --------------------------------------------------------------------


def changed_by_methods(resolver: Resolver, value: Value, owner: Value, name: str) -> Value:
    """An attribute of an instance after what its class's methods do to it in place, at any time."""
    if not isinstance(owner, Instance) or not isinstance(value, Items | Entries):
        return value
    for cls in classes.lineage(resolver, owner.cls)[0]:
        for method in cls.module.methods(cls.scope):
            scope = cls.module.facts.scopes[method]
            target = (scope.parameters[0].name, name) if scope.parameters else ()
            mutations = cls.module.mutations.get((method, target), ())
            if not mutations:
                continue
            end = at_end(resolver.frames.root(cls.module, method))
            uses = [MutationUse(mutation, True, True, True) for mutation in mutations]
            if scope.name == "__init__":
                uses = mutations_between(cls.module, mutations, None, end.use)
            value = collecting.mutated(resolver, value, uses, end)
    return value


def changed_from_outside(resolver: Resolver, value: Value, owner: Value, target: Dotted | None, at: At) -> Value:
    """An attribute of an object or class after what its modules do to it in place outside of methods, at any time.

    What is done in the scope at hand under the `target` itself is followed in order, and left out here.
    """
    attribute = target[-1] if target is not None else ""
    if not isinstance(owner, Instance | ClassValue) or not isinstance(value, Items | Entries):
        return value
    for module, scope, name, mutations in resolver.stores.changes_of(owner, attribute):
        if module is at.module and scope == at.scope and name == target:
            continue
        end = at_end(resolver.frames.root(module, scope))
        value = collecting.mutated(resolver, value, [_loosely(m) for m in mutations], At(end.frame, scope, end.use))
    return value
