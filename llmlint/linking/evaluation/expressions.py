"""One function per kind of expression: the table that `Resolver.evaluate` works from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from llmlint.facts import syntax
from llmlint.linking.evaluation import collecting, comprehensions, invoking, members, operations, strings
from llmlint.linking.evaluation.frames import At
from llmlint.linking.evaluation.values import (
    ClassValue,
    Computed,
    External,
    FunctionValue,
    ModuleValue,
    Unknown,
    Value,
    choice,
)
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

Evaluator = Callable[["Resolver", syntax.Expression, At], Value]


def _name(resolver: Resolver, node: syntax.Name, at: At) -> Value:
    return resolver.name(node.name, at)


def _attribute(resolver: Resolver, node: syntax.Attribute, at: At) -> Value:
    return members.attribute(resolver, node, at)


def _call(resolver: Resolver, node: syntax.Call, at: At) -> Value:
    return invoking.call(resolver, node, at)


def _subscript(resolver: Resolver, node: syntax.Subscript, at: At) -> Value:
    return collecting.subscript(resolver, node, at)


def _formatted(resolver: Resolver, node: syntax.FormattedString, at: At) -> Value:
    return strings.formatted(resolver, node, at)


def _formatted_value(resolver: Resolver, node: syntax.FormattedValue, at: At) -> Value:
    return resolver.evaluate(node.value, at)


def _binary(resolver: Resolver, node: syntax.BinaryOperation, at: At) -> Value:
    left, right = resolver.evaluate(node.left, at), resolver.evaluate(node.right, at)
    return operations.binary(node.operator, left, right, source(node))


def _boolean(resolver: Resolver, node: syntax.BooleanOperation, at: At) -> Value:
    return operations.boolean(node.operator, resolver.evaluate(node.left, at), resolver.evaluate(node.right, at))


def _conditional(resolver: Resolver, node: syntax.Conditional, at: At) -> Value:
    decided = operations.truth(resolver.evaluate(node.test, at))
    if decided is not None:
        return resolver.evaluate(node.body if decided else node.otherwise, at)
    return choice((resolver.evaluate(node.body, at), resolver.evaluate(node.otherwise, at)))


def _comparison(resolver: Resolver, node: syntax.Comparison, at: At) -> Value:
    inputs = tuple(resolver.evaluate(value, at) for value in (node.left, *node.operands))
    return operations.compared(node.operators, inputs, source(node))


def _unary(resolver: Resolver, node: syntax.UnaryOperation, at: At) -> Value:
    return operations.unary(node.operator, resolver.evaluate(node.operand, at), source(node))


def _sequence(resolver: Resolver, node: syntax.Sequence, at: At) -> Value:
    return collecting.sequence(resolver, node, at)


def _mapping(resolver: Resolver, node: syntax.Mapping, at: At) -> Value:
    return collecting.mapping(resolver, node, at)


def _comprehension(resolver: Resolver, node: syntax.Comprehension, at: At) -> Value:
    return comprehensions.comprehension(resolver, node, at)


def _function(_: Resolver, node: syntax.FunctionReference, at: At) -> Value:
    return FunctionValue(at.module, node.scope, at.frame)


def _class(_: Resolver, node: syntax.ClassReference, at: At) -> Value:
    return ClassValue(at.module, node.scope, at.frame)


def _imported_module(resolver: Resolver, node: syntax.ImportedModule, at: At) -> Value:
    if resolver.catalog.describes(node.bound):
        return External(node.bound)
    module = resolver.modules.find(tuple(node.bound.split(".")), at.module.path)
    return ModuleValue(module) if module is not None else External(node.bound)


def _imported_name(resolver: Resolver, node: syntax.ImportedName, at: At) -> Value:
    return resolver.imported(node, at.module)


def _inner(resolver: Resolver, node: syntax.Await | syntax.NamedExpression | syntax.Starred, at: At) -> Value:
    return resolver.evaluate(node.value, at)


def _slice(_: Resolver, node: syntax.Slice, _at: At) -> Value:
    return Computed(source(node))


def _yield(_: Resolver, _node: syntax.Yield, _at: At) -> Value:
    return Unknown("it is sent into a generator")


def _opaque(_: Resolver, node: syntax.Opaque, _at: At) -> Value:
    return Computed(node.text)


def evaluators() -> dict[type, Evaluator]:
    """The function for each type of expression."""
    table: dict[type, object] = {
        syntax.Name: _name,
        syntax.Attribute: _attribute,
        syntax.Call: _call,
        syntax.Subscript: _subscript,
        syntax.Slice: _slice,
        syntax.FormattedString: _formatted,
        syntax.FormattedValue: _formatted_value,
        syntax.BinaryOperation: _binary,
        syntax.BooleanOperation: _boolean,
        syntax.Conditional: _conditional,
        syntax.Comparison: _comparison,
        syntax.UnaryOperation: _unary,
        syntax.Sequence: _sequence,
        syntax.Mapping: _mapping,
        syntax.Comprehension: _comprehension,
        syntax.FunctionReference: _function,
        syntax.ClassReference: _class,
        syntax.ImportedModule: _imported_module,
        syntax.ImportedName: _imported_name,
        syntax.Await: _inner,
        syntax.NamedExpression: _inner,
        syntax.Starred: _inner,
        syntax.Yield: _yield,
        syntax.Opaque: _opaque,
    }
    return table  # type: ignore[return-value] # each entry takes the node type that is its key
