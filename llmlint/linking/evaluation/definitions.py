"""Whether a method's name alone says which method is meant: one definition, one family of classes, or one protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.linking.evaluation import classes
from llmlint.linking.evaluation.overriding import in_class
from llmlint.linking.evaluation.searches import Searches
from llmlint.linking.evaluation.values import ClassValue
from llmlint.linking.program.module import Module

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

_FAMILY_LIMIT = 30
_TELLING = 8
"""Letters of a method's name, of two words or more, that no other object is likely to have as well."""


def only_definition(resolver: Resolver, searches: Searches, name: str, home: Module) -> bool:
    """Whether whatever is called by a name on an object that isn't known is a method of one kind of object."""
    defined = [
        (module, index)
        for module in searches.modules(name, home, "define")
        for index, scope in enumerate(module.facts.scopes)
        if scope.kind == "function" and scope.name == name
    ]
    few = len(defined) <= _FAMILY_LIMIT
    return len(defined) == 1 or (few and (_one_protocol(defined) or _one_family(resolver, defined)))


def _one_family(resolver: Resolver, methods: list[tuple[Module, int]]) -> bool:
    """Do all the methods belong to classes with one project class above them (or to that class itself)?"""
    shared: set[tuple[int, int]] | None = None
    for module, scope in methods:
        if not in_class(module, scope):
            return False
        parent = module.facts.scopes[scope].parent
        around = resolver.frames.root(module, module.facts.scopes[parent].parent)
        family, _ = classes.lineage(resolver, ClassValue(module, parent, around))
        names = {(id(one.module), one.scope) for one in family}
        shared = names if shared is None else shared & names
    return bool(shared)


def _one_protocol(methods: list[tuple[Module, int]]) -> bool:
    """Are these methods of classes that stand for one another, without a base: one telling name, one signature?"""
    scopes = [module.facts.scopes[scope] for module, scope in methods]
    telling = "_" in scopes[0].name.strip("_") and len(scopes[0].name) >= _TELLING
    taken = {tuple(parameter.name for parameter in scope.parameters if parameter.default is None) for scope in scopes}
    classed = all(in_class(module, scope) for module, scope in methods)
    return telling and classed and len(taken) == 1 and len(next(iter(taken))) > 1
