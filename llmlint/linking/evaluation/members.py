"""Attribute access: on modules, classes, instances, enums, collections, and on what is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import classes, commandline, datafiles, invoking, mutating, strings
from llmlint.linking.evaluation.frames import At, at_event
from llmlint.linking.evaluation.naming import described
from llmlint.linking.evaluation.narrowing import narrowed
from llmlint.linking.evaluation.values import (
    ClassValue,
    Constant,
    Element,
    Entries,
    External,
    FilePath,
    FunctionValue,
    Instance,
    Made,
    Member,
    ModuleValue,
    Partial,
    Unknown,
    Value,
    choice,
    identity,
    options,
)
from llmlint.linking.program.modules import module_parts
from llmlint.linking.program.reaching import reaching
from llmlint.linking.program.trees import dotted

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_ENUMS = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag"})
_OVER_ENUM = frozenset({"value", "_value_"})


def attribute(resolver: Resolver, node: syntax.Attribute, at: At) -> Value:
    """`value.name` at a point: what was assigned to it in this scope before, else the attribute of the value."""
    assumed = resolver.assumed.attribute(resolver, node, at)
    if assumed is not None:
        return assumed
    found: list[Value] = []
    name = dotted(node)
    function = at.module.function_around(at.scope)
    events = at.module.bindings.get((function, name), ()) if name else ()
    if events and name is not None and at.scope == function:
        here = At(at.frame, function, at.use)
        reached = reaching(at.module, events, here.use)
        owner = resolver.evaluate(node.value, at) if reached.events else None
        if owner is None or not any(_intercepts(resolver, option, node.name) for option in options(owner)):
            found = [
                mutating.changed(resolver, name, e, resolver.bound(e, here, node.name), here) for e in reached.events
            ]
            if reached.certain and owner is not None:
                since = min(event.sequence for event in reached.events)
                return choice([*found, *_since(resolver, owner, name, here, since)])
    owner = resolver.evaluate(node.value, at)
    if name is not None and not found:
        found = _set_elsewhere(resolver, name, at, owner)
    general = [member(resolver, option, node.name, at) for option in options(owner)]
    changed = [
        mutating.changed_by_methods(resolver, value, option, node.name)
        for value, option in zip(general, options(owner), strict=True)
    ]
    changed = [
        mutating.changed_from_outside(resolver, value, option, (*(name or ("",))[:-1], node.name), at)
        for value, option in zip(changed, options(owner), strict=True)
    ]
    if found and all(isinstance(value, Member) for value in changed):
        return choice(found)
    if name is not None and not found:
        changed = [mutating.changed(resolver, name, None, value, at) for value in changed]
    result = choice([*found, *changed])
    return narrowed(result, name, at) if name is not None else result


def _since(resolver: Resolver, owner: Value, name: tuple[str, ...], at: At, sequence: int) -> list[Value]:
    """What else an attribute can be that was certainly set in this scope: others may have set it since."""
    found: list[Value] = []
    for option in options(owner):
        found.extend(resolver.stores.since(option, name[-1], at, sequence))
        again = isinstance(option, Instance) and _sets_own(resolver, option, name[-1], at)
        if again and resolver.stores.calls_between(at, sequence):
            found.append(member(resolver, option, name[-1], at))
    return found


def _sets_own(resolver: Resolver, instance: Instance, name: str, at: At) -> bool:
    """Do other methods than the one at hand set the attribute of their object?"""
    for cls in classes.lineage(resolver, instance.cls)[0]:
        for method in cls.module.methods(cls.scope):
            scope = cls.module.facts.scopes[method]
            other = (cls.module is not at.module or method != at.scope) and scope.name != "__init__"
            if other and scope.parameters and (method, (scope.parameters[0].name, name)) in cls.module.bindings:
                return True
    return False


def _intercepts(resolver: Resolver, owner: Value, name: str) -> bool:
    """Is an assignment to the attribute a call of a setter?"""
    if not isinstance(owner, Instance):
        return False
    family = classes.lineage(resolver, owner.cls)[0]
    for cls in family:
        body = cls.module.bindings
        if (cls.scope, ("__setattr__",)) in body:
            return True
        for event in body.get((cls.scope, (name,)), ()):
            value = event.value
            if isinstance(value, syntax.FunctionReference) and cls.module.facts.scopes[value.scope].decorators:
                return True
    return False


def _set_elsewhere(resolver: Resolver, name: tuple[str, ...], at: At, owner: Value) -> list[Value]:
    """What other functions of the module assign to an attribute of a global that isn't followed."""
    function = at.module.function_around(at.scope)
    if isinstance(owner, Instance | ClassValue | ModuleValue):
        return []
    if function and at.module.bindings.get((function, name[:1])):
        return []
    elsewhere = [(s, e) for s, e in at.module.attributes_set.get(name, ()) if s != function]
    return [
        resolver.bound(event, At(resolver.frames.root(at.module, scope), scope, at.use), name[-1])
        for scope, event in elsewhere
        if not any(p.name == name[0] for p in at.module.facts.scopes[scope].parameters)
    ]


def member(resolver: Resolver, owner: Value, name: str, at: At | None = None) -> Value:
    """An attribute of one value, with what is assigned to it from outside; `Member` where it is not followed."""
    assumed = resolver.assumed.member(resolver, owner, name)
    if assumed is not None:
        return assumed
    value = _member(resolver, owner, name)
    if not isinstance(owner, Instance | ClassValue):
        return value
    stored = resolver.stores.of(owner, name, at, named=isinstance(value, FunctionValue))
    return choice([*([] if isinstance(value, Member) else [value]), *stored]) if stored else value


def _member(resolver: Resolver, owner: Value, name: str) -> Value:
    match owner:
        case External(name=prefix):
            module = resolver.modules.find((*prefix.split("."), name), "")
            return ModuleValue(module) if module is not None else External(f"{prefix}.{name}", trail=owner.trail)
        case ModuleValue() | ClassValue() | Instance():
            return _of_project(resolver, owner, name)
        case Made(function=Member(owner=ClassValue() as cls, name=made)) if _builds(resolver, made):
            return _of_instance(resolver, Instance(cls), name)
        case Made(function=Member()) | Element(owner=Made(function=Member())):
            return commandline.argument(resolver, owner, name) or Member(owner, name, trail=owner.trail)
        case Entries() if not hasattr(dict, name):
            return strings.lookup(owner, name)
        case FilePath():
            return datafiles.attribute(owner, name) or Member(owner, name)
        case Constant() if name in _OVER_ENUM:
            return owner
        case Partial() | FunctionValue() if name in {"func", "__wrapped__"}:
            return owner.function if isinstance(owner, Partial) else owner
        case _:
            return Member(owner, name, trail=owner.trail)


def _builds(resolver: Resolver, method: str) -> bool:
    """Does a method that a class inherits from a package make an object of the class, out of data?"""
    return resolver.catalog.ecosystem.method("schema_parser", method) is not None


def _of_project(resolver: Resolver, owner: ModuleValue | ClassValue | Instance, name: str) -> Value:
    if isinstance(owner, ModuleValue):
        return _of_module(resolver, owner, name)
    return _of_class(resolver, owner, name) if isinstance(owner, ClassValue) else _of_instance(resolver, owner, name)


def _of_module(resolver: Resolver, owner: ModuleValue, name: str) -> Value:
    parts = module_parts(owner.module.path)
    value = described(resolver.catalog, parts, name) or resolver.module_member(owner.module, name)
    if value is not None:
        return value
    inner = resolver.modules.below(owner.module, name)
    return ModuleValue(inner) if inner is not None else Unknown(f"`{name}` is not found in {owner.module.path}")


def _of_class(resolver: Resolver, owner: ClassValue, name: str) -> Value:
    value = classes.class_member(resolver, owner, name)
    if value is None:
        _, outside = classes.lineage(resolver, owner)
        known = not outside or all(base.name == "builtins.object" for base in outside)
        return Unknown(f"`{name}` is not found in its class") if known else Member(owner, name, trail=owner.trail)
    if isinstance(value, FunctionValue):
        scope = value.module.facts.scopes[value.scope]
        decorators = [d.name for d in scope.decorators if isinstance(d, syntax.Name)]
        if "classmethod" in decorators:
            return FunctionValue(value.module, value.scope, value.frame, owner, trail=value.trail)
    return value


def is_enum(resolver: Resolver, cls: ClassValue) -> bool:
    """Whether the class is an enumeration."""
    return any(base.name in _ENUMS for base in classes.lineage(resolver, cls)[1])


_NOTHING = Unknown("the object passes nothing on")


def _of_instance(resolver: Resolver, owner: Instance, name: str) -> Value:
    value = classes.instance_member(resolver, owner, name)
    if value is not None:
        return value
    if name == "__dict__":
        return invoking.as_entries(resolver, owner)
    key = ("passed on", identity(owner), name)
    passed_on = resolver.once(key, lambda: _through_getattr(resolver, owner, name) or _NOTHING, _NOTHING)
    if passed_on is not _NOTHING:
        return passed_on
    if owner.made is None:
        below = [
            classes.instance_member(resolver, Instance(cls), name) for cls in resolver.callers.subclasses(owner.cls)
        ]
        found = [value for value in below if value is not None]
        if found:
            return choice(found)
    return Member(owner, name, trail=owner.trail)


def _through_getattr(resolver: Resolver, owner: Instance, name: str) -> Value | None:
    """The attribute of what `__getattr__` passes on to, where it returns `getattr(something, name)`."""
    method = classes.class_member(resolver, owner.cls, "__getattr__")
    if not isinstance(method, FunctionValue):
        return None
    scope = method.module.facts.scopes[method.scope]
    frame = resolver.frames.called(method.module, method.scope, method.frame, None, owner)
    for event in scope.events:
        call = event.value
        if event.kind == "return" and isinstance(call, syntax.Call) and dotted(call.function) == ("getattr",):
            inner = resolver.evaluate(call.arguments[0].value, at_event(frame, method.scope, event))
            return choice([member(resolver, option, name) for option in options(inner)])
    return Member(Unknown(f"`{scope.name}` makes the attributes of this object"), name)
