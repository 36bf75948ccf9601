"""What the settings declare in place of code: a name, attribute or function comes in, its assumed value goes out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from llmlint.catalog.assumptions import Assumption, Assumptions, Plain, counted
from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import At
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    ClassValue,
    Constant,
    External,
    FunctionValue,
    Instance,
    Items,
    Value,
    choice,
    via,
)
from llmlint.linking.program.modules import module_parts
from llmlint.linking.program.trees import Dotted, dotted

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver
    from llmlint.linking.program.module import Module


class Assumed:
    """The declared values of one run. Without any, every question is answered by one look into an empty table.

    Each one that is found useful is counted, so that those that nobody asks for can be told.
    """

    def __init__(self, assumptions: Assumptions, statistics: Counter[str]) -> None:
        self._environment = assumptions.environment
        self._values = _by_last(assumptions.values)
        self._returns = _by_last(assumptions.returns)
        self._statistics = statistics

    def variable(self, name: str) -> Value | None:
        """What an environment variable holds."""
        found = self._environment.get(name)
        return self._value_of(found) if found is not None else None

    def global_(self, module: Module, name: str) -> Value | None:
        """What a global of a module of the project holds."""
        if name not in self._values:
            return None
        return self._found(self._values, (*module_parts(module.path), name))

    def outside(self, value: Value) -> Value | None:
        """What a thing outside of the project holds."""
        if not isinstance(value, External) or value.name.rpartition(".")[2] not in self._values:
            return None
        return self._found(self._values, tuple(value.name.split(".")))

    def attribute(self, resolver: Resolver, node: syntax.Attribute, at: At) -> Value | None:
        """What `name.attribute` holds, where the name is an import or a global of the module."""
        if node.name not in self._values:
            return None
        written = dotted(node)
        parts = _meant(resolver, written, at) if written is not None else None
        return self._found(self._values, parts) if parts is not None else None

    def member(self, resolver: Resolver, owner: Value, name: str) -> Value | None:
        """What an attribute of a class of the project, or of its instances, holds; also of classes derived from it."""
        if name not in self._values or not isinstance(owner, ClassValue | Instance):
            return None
        from llmlint.linking.evaluation import classes  # noqa: PLC0415 - classes asks the resolver, which asks this module

        cls = owner.cls if isinstance(owner, Instance) else owner
        for each in classes.lineage(resolver, cls)[0]:
            names = each.module.qualified_name(each.scope).split(".")
            found = self._found(self._values, (*module_parts(each.module.path), *names, name))
            if found is not None:
                return found
        return None

    def returned(self, function: Value) -> Value | None:
        """What a call of the function gives."""
        if not self._returns:
            return None
        if isinstance(function, FunctionValue):
            names = function.module.qualified_name(function.scope).split(".")
            return self._found(self._returns, (*module_parts(function.module.path), *names))
        name = dotted_name(function)
        return self._found(self._returns, tuple(name.split("."))) if name is not None else None

    def _found(self, table: Mapping[str, list[tuple[Dotted, Assumption]]], parts: Dotted) -> Value | None:
        """The value declared for a name: as imports spell it, so folders above the package may stand before it."""
        for name, assumption in table.get(parts[-1], ()):
            if parts[-len(name) :] == name:
                return self._value_of(assumption)
        return None

    def _value_of(self, assumption: Assumption) -> Value:
        """The value that is declared, with its place as evidence."""
        self._statistics[counted(assumption)] += 1
        return choice([via(_value(each), assumption.step) for each in assumption.values])


def _value(plain: Plain) -> Value:
    return Items("list", tuple(_value(each) for each in plain)) if isinstance(plain, tuple) else Constant(plain)


def _by_last(table: Mapping[str, Assumption]) -> Mapping[str, list[tuple[Dotted, Assumption]]]:
    """By the last part of the name: a look-up for most names ends there."""
    found: dict[str, list[tuple[Dotted, Assumption]]] = defaultdict(list)
    for name, assumption in table.items():
        parts = tuple(name.split("."))
        found[parts[-1]].append((parts, assumption))
    return dict(found)


def _meant(resolver: Resolver, written: Dotted, at: At) -> Dotted | None:
    """The full name of `a.b.c` in a module, if `a` is one of its imports or globals and nothing nearer."""
    module = at.module
    if module.owner(at.scope, written[0]) != 0:
        return None
    for event in reversed(module.bindings.get((0, written[:1]), ())):
        value = event.value
        if isinstance(value, syntax.ImportedName):
            package = resolver.modules.relative(value, module.path) if value.level else tuple(value.module.split("."))
            return (*_located(resolver, package, module), value.name, *written[1:])
        if isinstance(value, syntax.ImportedModule):
            return _located(resolver, tuple(value.bound.split(".")), module) + written[1:]
    return (*module_parts(module.path), *written)


def _located(resolver: Resolver, package: Dotted, module: Module) -> Dotted:
    """The parts of a module of the project from its root; of one outside as they are."""
    path = resolver.modules.path_of(package, module.path)
    return module_parts(path) if path is not None else package
