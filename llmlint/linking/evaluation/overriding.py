"""Which methods of a base class a class below it still has: a call on `self` in the others never reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import classes
from llmlint.linking.evaluation.values import ClassValue, Invocation
from llmlint.linking.program.module import Module

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


def is_overridden(resolver: Resolver, invocation: Invocation, module: Module, scope: int) -> bool:
    """Whether a call `self.f()` stands in a base's method that the class of the method `scope` has replaced.

    A method that replaces another and calls it through `super()` leaves it in use.
    """
    caller = invocation.at.module
    method = caller.function_around(invocation.at.scope)
    if not (_on_self(caller, method, invocation.call) and in_class(module, scope)):
        return False
    own = module.facts.scopes[scope].parent
    base = caller.facts.scopes[method].parent
    if caller is module and base == own:
        return False
    around = resolver.frames.root(module, module.facts.scopes[own].parent)
    name = caller.facts.scopes[method].name
    for one in classes.lineage(resolver, ClassValue(module, own, around))[0]:
        if one.module is caller and one.scope == base:
            return False
        replaced = [found for found in one.module.methods(one.scope) if one.module.facts.scopes[found].name == name]
        if replaced:
            return not any(_calls_super(one.module, found, name) for found in replaced)
    return False


def in_class(module: Module, scope: int) -> bool:
    parent = module.facts.scopes[scope].parent
    return parent > 0 and module.facts.scopes[parent].kind == "class"


def _on_self(module: Module, method: int, call: syntax.Call) -> bool:
    """`self.f(...)` in a method, by whatever name it has its object."""
    parameters = module.facts.scopes[method].parameters
    if not (in_class(module, method) and parameters and isinstance(call.function, syntax.Attribute)):
        return False
    owner = call.function.value
    return isinstance(owner, syntax.Name) and owner.name == parameters[0].name


def _calls_super(module: Module, method: int, name: str) -> bool:
    for call in module.calls_named(name):
        owner = call.function.value if isinstance(call.function, syntax.Attribute) else None
        is_super = isinstance(owner, syntax.Call) and getattr(owner.function, "name", "") == "super"
        if is_super and module.function_around(module.facts.calls[call.index].scope) == method:
            return True
    return False
