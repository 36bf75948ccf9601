"""Classes of the project: their bases, the attributes of their instances, and how `__init__` was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import hints, invoking, mappings, parameters
from llmlint.linking.evaluation.frames import At, Frame, at_call, at_end
from llmlint.linking.evaluation.values import (
    ClassValue,
    Constant,
    External,
    FunctionValue,
    Instance,
    Invocation,
    Unknown,
    Value,
    choice,
    identity,
    options,
)
from llmlint.linking.program.module import Module
from llmlint.linking.program.reaching import Use, reaching
from llmlint.linking.program.trees import arguments_by_keyword
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_MRO_LIMIT = 16
_MISSING = Unknown("missing")
_PROPERTIES = frozenset({"property", "cached_property", "abstractproperty", "computed_field"})


def lineage(resolver: Resolver, cls: ClassValue) -> tuple[list[ClassValue], list[External]]:
    """The class and its bases in the project, nearest first, and the bases outside of it."""
    found: list[ClassValue] = []
    outside: list[External] = []
    waiting = [cls]
    while waiting and len(found) < _MRO_LIMIT:
        current = waiting.pop(0)
        if any(same_class(current, other) for other in found):
            continue
        found.append(current)
        for base in bases(resolver, current):
            if isinstance(base, ClassValue):
                waiting.append(base)
            elif isinstance(base, External):
                outside.append(base)
    return found, outside


def bases(resolver: Resolver, cls: ClassValue) -> list[Value]:
    """The values of the base classes as written, without `Generic[...]` and keywords."""
    scope = cls.module.facts.scopes[cls.scope]
    at = At(cls.frame, scope.parent, Use(scope.block, scope.sequence))
    found: list[Value] = []
    for base in scope.bases:
        if base.keyword is None and not base.star:
            value = resolver.evaluate(base.value, at)
            found.extend(getattr(option, "owner", option) for option in options(value))
    return found


def same_class(one: ClassValue, other: ClassValue) -> bool:
    return one.module is other.module and one.scope == other.scope


def is_a(resolver: Resolver, cls: ClassValue, base: ClassValue) -> bool:
    """Whether a class is another or derives from it."""
    return any(same_class(one, base) for one in lineage(resolver, cls)[0])


def class_frame(resolver: Resolver, cls: ClassValue) -> Frame:
    """The frame of a class body."""
    return resolver.frames.called(cls.module, cls.scope, cls.frame, None, None)


def class_member(resolver: Resolver, cls: ClassValue, name: str) -> Value | None:
    """An attribute of the class itself or of a base in the project; functions are not bound."""
    for owner in lineage(resolver, cls)[0]:
        value = _in_body(resolver, owner, name)
        if value is not None:
            return value
    return None


def _in_body(resolver: Resolver, cls: ClassValue, name: str) -> Value | None:
    if (cls.scope, (name,)) not in cls.module.bindings:
        return None
    frame = class_frame(resolver, cls)
    key = ("body", id(frame), name)
    return resolver.once(key, lambda: resolver.name(name, at_end(frame)), Unknown("it depends on itself", "cycle"))


def instance_member(resolver: Resolver, instance: Instance, name: str) -> Value | None:
    """An attribute of an instance: set in methods, a property, a field, or of its class; None if there is none."""
    key = ("instance member", identity(instance), name)
    cycle = Unknown(f"`{name}` depends on itself", "cycle")
    value = resolver.once(key, lambda: _instance_member(resolver, instance, name) or _MISSING, cycle)
    return None if value is _MISSING else value


def _instance_member(resolver: Resolver, instance: Instance, name: str) -> Value | None:
    family, _ = lineage(resolver, instance.cls)
    found: list[Value] = []
    for owner in family:
        found.extend(_set_in_methods(resolver, instance, owner, name, family))
    body: Value | None = None
    for owner in family:
        body = _in_body(resolver, owner, name)
        if body is not None:
            break
        declared = _field(resolver, instance, owner, name, None)
        if declared is not None:
            found.append(declared)
            break
    if body is not None:
        bound = [bind(resolver, option, instance) for option in options(body)]
        if found and not isinstance(body, FunctionValue) and _settled(name, family):
            bound = []
        field = _field(resolver, instance, owner, name, body) if not found else None
        found.extend([field] if field is not None else bound)
    return choice(found) if found else None


def _settled(name: str, family: list[ClassValue]) -> bool:
    """Does constructing an instance set the attribute on every way, be it in the `__init__` of a base?"""
    for cls in family:
        init = _own_init(cls)
        if init is None:
            continue
        module, scope = cls.module, cls.module.facts.scopes[init]
        events = module.bindings.get((init, (scope.parameters[0].name, name)), ()) if scope.parameters else ()
        if reaching(module, events, Use(scope.body, float("inf"))).certain:
            return True
        if _call_of_parent(module, init) is None:
            return False
    return False


def bind(resolver: Resolver, value: Value, instance: Instance) -> Value:
    """A class attribute seen through an instance: methods are bound, properties are read."""
    if not isinstance(value, FunctionValue) or value.receiver is not None:
        return value
    scope = value.module.facts.scopes[value.scope]
    if scope.name == "<lambda>" or value.module.facts.scopes[scope.parent].kind != "class":
        return value
    decorators = {source(decorator).rsplit(".", 1)[-1] for decorator in scope.decorators}
    if "staticmethod" in decorators:
        return value
    receiver: Value = instance.cls if "classmethod" in decorators else instance
    method = FunctionValue(value.module, value.scope, value.frame, receiver, trail=value.trail)
    return invoking.returned(resolver, method, None) if decorators & _PROPERTIES else method


def _set_in_methods(
    resolver: Resolver, instance: Instance, owner: ClassValue, name: str, family: list[ClassValue]
) -> list[Value]:
    """What the methods of one class of the family assign to `self.name`."""
    module = owner.module
    found: list[Value] = []
    for method in module.methods(owner.scope):
        scope = module.facts.scopes[method]
        if not scope.parameters:
            continue
        events = module.bindings.get((method, (scope.parameters[0].name, name)), ())
        if not events:
            continue
        frame = method_frame(resolver, instance, owner, method, family)
        for event in events:
            if event.value is not None:
                found.append(resolver.bound(event, At(frame, method, Use(event.block, event.sequence)), name))
    return [value for value in found if not (isinstance(value, Unknown) and value.kind == "cycle")]


def method_frame(
    resolver: Resolver, instance: Instance, owner: ClassValue, method: int, family: list[ClassValue]
) -> Frame:
    """The frame of a method of the instance; that of `__init__` has the arguments of the construction."""
    module = owner.module
    around = class_frame(resolver, owner)
    if module.facts.scopes[method].name == "__init__":
        invocation = _construction(resolver, instance, owner, family)
        if invocation is not None:
            return resolver.frames.called(module, method, around, invocation, instance)
    open_here = instance.made is None and same_class(instance.cls, owner)
    return resolver.frames.called(module, method, around, None, None if open_here else instance)


def _construction(
    resolver: Resolver, instance: Instance, owner: ClassValue, family: list[ClassValue]
) -> Invocation | None:
    """The call that runs `owner.__init__` for the instance: its construction, or `super().__init__(...)` below it."""
    for position, current in enumerate(family):
        if same_class(current, owner):
            return instance.made if not any(_own_init(c) is not None for c in family[:position]) else None
        init = _own_init(current)
        if init is not None:
            frame = method_frame(resolver, instance, current, init, family[: position + 1])
            call = _call_of_parent(current.module, init)
            if call is None:
                return None
            by_name = isinstance(call.function, syntax.Attribute) and isinstance(call.function.value, syntax.Name)
            return Invocation(call, at_call(frame, call), 1 if by_name else 0)
    return None


def made_outside(resolver: Resolver, instance: Instance, fields_of_base: frozenset[str]) -> Invocation | None:
    """The call that runs the `__init__` of the class outside the project that an instance derives from. Open where a
    class of the project has an `__init__` that doesn't show it, or sets one of the base's fields in its body.
    """
    family, _ = lineage(resolver, instance.cls)
    last = next(((cls, init) for cls in reversed(family) if (init := _own_init(cls)) is not None), None)
    if instance.made is None:
        return None
    hidden = any(_sets(cls, name) for cls in family for name in fields_of_base)
    if last is None and not hidden:
        return instance.made
    cls, init = last or (instance.cls, -1)
    call = _call_of_parent(cls.module, init) if last is not None else None
    if call is None or hidden:
        return Invocation(instance.made.call, instance.made.at, len(instance.made.call.arguments), open=True)
    by_name = isinstance(call.function, syntax.Attribute) and isinstance(call.function.value, syntax.Name)
    at = at_call(method_frame(resolver, instance, cls, init, family), call)
    return Invocation(call, at, 1 if by_name else 0)


def _sets(cls: ClassValue, name: str) -> bool:
    return any(event.value is not None for event in cls.module.bindings.get((cls.scope, (name,)), ()))


def _own_init(cls: ClassValue) -> int | None:
    for method in cls.module.methods(cls.scope):
        if cls.module.facts.scopes[method].name == "__init__":
            return method
    return None


def _call_of_parent(module: Module, init: int) -> syntax.Call | None:
    for call in module.calls_named("__init__"):
        if module.facts.calls[call.index].scope == init and isinstance(call.function, syntax.Attribute):
            owner = call.function.value
            if isinstance(owner, syntax.Call) and source(owner.function) == "super":
                return call
            if isinstance(owner, syntax.Name) and call.arguments and source(call.arguments[0].value) == "self":
                return call
    return None


def own_init(resolver: Resolver, cls: ClassValue) -> tuple[ClassValue, int] | None:
    """The `__init__` that constructing the class runs, with the class that defines it."""
    for owner in lineage(resolver, cls)[0]:
        init = _own_init(owner)
        if init is not None:
            return owner, init
    return None


def fields(cls: ClassValue) -> list[syntax.Event]:
    """The annotated names of a class body, in order: its fields if it is a dataclass or the like."""
    events = cls.module.facts.scopes[cls.scope].events
    return [event for event in events if event.annotation is not None and isinstance(event.target, syntax.Name)]


def _field(resolver: Resolver, instance: Instance, owner: ClassValue, name: str, default: Value | None) -> Value | None:
    """A field that the construction sets, else its default, else what its annotation says."""
    for event in fields(owner):
        if isinstance(event.target, syntax.Name) and event.target.name == name and event.annotation is not None:
            at = At(class_frame(resolver, owner), owner.scope, Use(event.block, event.sequence))
            usual = (invoking.field_default(resolver, event, at) if default is not None else None) or default
            passed = _passed_field(resolver, instance, name, usual)
            if passed is not None:
                return passed
            if usual is not None and not (isinstance(usual, Constant) and usual.value is None):
                return usual
            said = hints.instance_of(resolver, event.annotation, at)
            return said or choice([*([usual] if usual is not None else []), _open_field(owner, name)])
    return None


def _positional(cls: ClassValue) -> list[str]:
    """The fields of a class that constructing it takes by position."""
    decorators = [d for d in cls.module.facts.scopes[cls.scope].decorators if isinstance(d, syntax.Call)]
    if any(_constant(decorator, "kw_only") is True for decorator in decorators):
        return []
    found: list[str] = []
    for event in fields(cls):
        kind = source(event.annotation).split("[")[0].rsplit(".", 1)[-1] if event.annotation is not None else ""
        if kind == "KW_ONLY":
            break
        given = event.value if isinstance(event.value, syntax.Call) else None
        apart = given is not None and (_constant(given, "init") is False or _constant(given, "kw_only") is True)
        if isinstance(event.target, syntax.Name) and kind != "ClassVar" and not apart:
            found.append(event.target.name)
    return found


def _constant(call: syntax.Call, keyword: str) -> object:
    value = arguments_by_keyword(call.arguments).get(keyword)
    return value.value if isinstance(value, syntax.Constant) else None


def _open_field(owner: ClassValue, name: str) -> Value:
    cls = owner.module.facts.scopes[owner.scope].name
    return Unknown(f"nothing says what `{name}` of a `{cls}` is", "parameter", name)


def _passed_field(resolver: Resolver, instance: Instance, name: str, default: Value | None) -> Value | None:
    if _own_init(instance.cls) is not None:
        return None
    made = [instance.made] if instance.made is not None else resolver.callers.constructions(instance.cls)
    names = [field for cls in reversed(lineage(resolver, instance.cls)[0]) for field in _positional(cls)]
    found: list[Value] = []
    for invocation in made:
        missing = default if default is not None else _open_field(instance.cls, name)
        found.append(_field_argument(resolver, invocation, name, names, missing))
    if not found or (default is None and all(isinstance(value, Unknown) for value in found)):
        return None
    return choice(found)


def _field_argument(resolver: Resolver, invocation: Invocation, name: str, names: list[str], missing: Value) -> Value:
    arguments = parameters.given(invocation)
    for argument in arguments:
        if argument.argument.keyword == name:
            return argument.value(resolver)
        if argument.argument.star == 2:
            missing = mappings.entry_of(argument.value(resolver), name, missing)
    positional = [a for a in arguments if a.argument.keyword is None and not a.argument.star]
    index = names.index(name) if name in names else -1
    return positional[index].value(resolver) if 0 <= index < len(positional) else missing
