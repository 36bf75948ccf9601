"""Simple statements to events."""

from __future__ import annotations

import libcst as cst

from llmlint.facts.syntax import Attribute, Call, Event, Expression, ImportedModule, ImportedName, Name
from llmlint.frontend.builder import Builder, EventKind, Leaving
from llmlint.frontend.dispatch import expression, lowers_statement, optional
from llmlint.frontend.nested import lower_type_parameters
from llmlint.frontend.targets import leaves_of, value_first

_AUGMENTED: dict[type[cst.CSTNode], str] = {
    cst.AddAssign: "+", cst.SubtractAssign: "-", cst.MultiplyAssign: "*", cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//", cst.ModuloAssign: "%", cst.PowerAssign: "**", cst.MatrixMultiplyAssign: "@",
    cst.BitOrAssign: "|", cst.BitAndAssign: "&", cst.BitXorAssign: "^", cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
}  # fmt: skip
_EXITS = frozenset({"exit", "quit", "sys.exit", "os._exit"})


@lowers_statement(cst.Expr)
def _expression(builder: Builder, node: cst.Expr) -> Leaving:
    value = expression(builder, node.value)
    builder.emit("evaluate", None, value)
    return "raise" if isinstance(value, Call) and _dotted(value.function) in _EXITS else ""


def _dotted(value: Expression) -> str:
    if isinstance(value, Attribute) and isinstance(value.value, Name):
        return f"{value.value.name}.{value.name}"
    return value.name if isinstance(value, Name) else ""


@lowers_statement(cst.Assign)
def _assign(builder: Builder, node: cst.Assign) -> Leaving:
    targets = [target.target for target in node.targets]
    value, behind = value_first(builder, targets, node.value)
    found = [leaf for target in targets for leaf in leaves_of(builder, target)]
    builder.resume(behind)
    number = builder.tick()
    for target, path in found:
        builder.emit("assign", target, value, path, number)
    return ""


@lowers_statement(cst.AnnAssign)
def _annotated(builder: Builder, node: cst.AnnAssign) -> Leaving:
    target = expression(builder, node.target)
    annotation = expression(builder, node.annotation.annotation)
    value = optional(builder, node.value)
    kind: EventKind = "declare" if value is None else "assign"
    builder.add(Event(kind, target, value, builder.tick(), builder.block, builder.line, annotation=annotation))
    return ""


@lowers_statement(cst.AugAssign)
def _augmented(builder: Builder, node: cst.AugAssign) -> Leaving:
    target = expression(builder, node.target)
    value = expression(builder, node.value)
    operator = _AUGMENTED[type(node.operator)]
    builder.add(Event("augment", target, value, builder.tick(), builder.block, builder.line, operator=operator))
    return ""


@lowers_statement(cst.Del)
def _delete(builder: Builder, node: cst.Del) -> Leaving:
    for target, _ in list(leaves_of(builder, node.target)):
        builder.emit("delete", target, None)
    return ""


@lowers_statement(cst.Return)
def _return(builder: Builder, node: cst.Return) -> Leaving:
    builder.emit("return", None, optional(builder, node.value))
    return "return"


@lowers_statement(cst.Raise)
def _raise(builder: Builder, node: cst.Raise) -> Leaving:
    value = optional(builder, node.exc)
    if node.cause is not None:
        builder.emit("evaluate", None, expression(builder, node.cause.item))
    builder.emit("raise", None, value)
    return "raise"


@lowers_statement(cst.Assert)
def _assert(builder: Builder, node: cst.Assert) -> Leaving:
    builder.emit("evaluate", None, expression(builder, node.test))
    if node.msg is not None:
        builder.emit("evaluate", None, expression(builder, node.msg))
    return ""


@lowers_statement(cst.Break)
def _break(builder: Builder, _node: cst.Break) -> Leaving:
    if builder.breaks:
        builder.breaks[-1] = True
    return "break"


@lowers_statement(cst.Continue)
def _continue(_builder: Builder, _node: cst.Continue) -> Leaving:
    return "continue"


@lowers_statement(cst.Global, cst.Nonlocal)
def _outer(builder: Builder, node: cst.Global | cst.Nonlocal) -> Leaving:
    builder.scopes[builder.scope].outer_names.extend(item.name.value for item in node.names)
    return ""


@lowers_statement(cst.Import)
def _import(builder: Builder, node: cst.Import) -> Leaving:
    for alias in node.names:
        module = dotted_name(alias.name)
        given = _given(alias)
        bound = module if given else module.partition(".")[0]
        builder.emit("assign", Name(given or bound), ImportedModule(module, bound))
    return ""


@lowers_statement(cst.ImportFrom)
def _import_from(builder: Builder, node: cst.ImportFrom) -> Leaving:
    builder.cursor += isinstance(node.lpar, cst.LeftParen)
    module = dotted_name(node.module) if node.module is not None else ""
    level = len(node.relative)
    if isinstance(node.names, cst.ImportStar):
        builder.emit("assign", Name("*"), ImportedName(module, "*", level))
        return ""
    for alias in node.names:
        name = dotted_name(alias.name)
        builder.emit("assign", Name(_given(alias) or name), ImportedName(module, name, level))
    return ""


def _given(alias: cst.ImportAlias) -> str:
    name = alias.asname.name if alias.asname is not None else None
    return name.value if isinstance(name, cst.Name) else ""


def dotted_name(node: cst.BaseExpression) -> str:
    """`a.b.c` as text."""
    names: list[str] = []
    while isinstance(node, cst.Attribute):
        names.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        names.append(node.value)
    return ".".join(reversed(names))


@lowers_statement(cst.TypeAlias)
def _type_alias(builder: Builder, node: cst.TypeAlias) -> Leaving:
    lower_type_parameters(builder, node.type_parameters)
    builder.emit("assign", Name(node.name.value), expression(builder, node.value))
    return ""
