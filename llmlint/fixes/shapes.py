"""Where a value is used in a function comes in; what that says about its type and keys goes out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from llmlint.fixes.bindings import bound_once, loads
from llmlint.fixes.source import Function, Source, name_of

SCALARS = ("str", "int", "float", "bool")
_TEXT = frozenset(dir(str)) - frozenset(dir(list)) - frozenset(dir(dict))
_LIST = frozenset({"append", "extend", "sort", "reverse", "insert"})
_NONE = ast.Constant(None)
_LISTS = frozenset({"enumerate", "list", "reversed", "set", "sorted", "tuple"})


class Read(NamedTuple):
    """A key that is read: the whole expression, and what it is read from."""

    node: ast.expr
    base: ast.expr
    key: str


@dataclass(eq=False)
class Shape:
    """What is known about a value. `kinds` are types that its uses need, `weak` those that they make likely.

    `open` means that it may have keys nobody can foresee, or goes where they can't be seen.
    """

    kinds: set[str] = field(default_factory=set)
    weak: set[str] = field(default_factory=set)
    fields: dict[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    optional: bool = False
    open: bool = False
    tested: bool = False
    reads: list[Read] = field(default_factory=list)
    values: str = ""
    """The type that an annotation gives to all values, as `dict[str, int]` does."""

    def key(self, name: str) -> Shape:
        """The value under a key."""
        return self.fields.setdefault(name, Shape())

    def items(self) -> Shape:
        """The items of a list."""
        if self.item is None:
            self.item = Shape()
        return self.item

    @property
    def scalar(self) -> str | None:
        """The one type that fits, if it isn't a list or has keys; None where that can't be told."""
        for found in (self.kinds, self.weak):
            if found:
                return "float" if found == {"int", "float"} else next(iter(found)) if len(found) == 1 else None
        return None

    @property
    def closed(self) -> bool:
        """Whether all keys are seen, here and below, so that a schema can hold them."""
        return not (self.open and self.fields) and all(
            shape.closed for shape in (*self.fields.values(), *filter(None, (self.item,)))
        )

    @property
    def certain(self) -> bool:
        """Whether every value in it has a type that the code or the prompt shows."""
        if self.fields:
            return all(shape.certain for shape in self.fields.values())
        return self.item.certain if self.item is not None else self.scalar is not None

    def all_keys(self) -> Iterator[str]:
        """The keys, here and below."""
        for name, shape in self.fields.items():
            yield name
            yield from shape.all_keys()
        if self.item is not None:
            yield from self.item.all_keys()

    def all_reads(self) -> Iterator[Read]:
        """The reads of keys, here and below."""
        yield from self.reads
        for shape in (*self.fields.values(), *filter(None, (self.item,))):
            yield from shape.all_reads()

    @property
    def any_tested(self) -> bool:
        """Whether somebody asks if a key is there, here or below."""
        return self.tested or any(shape.any_tested for shape in (*self.fields.values(), *filter(None, (self.item,))))


class Reader:
    """Follows values through one function."""

    def __init__(self, source: Source, function: Function | ast.Module) -> None:
        self._source = source
        self._function = function
        self._seen: set[int] = set()

    def look(self, node: ast.expr, shape: Shape) -> None:
        """Notes what the place of an expression says about the value that it gives."""
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        above = self._source.parents.get(node)
        match above:
            case ast.Subscript(value=value) if value is node:
                self._subscript(above, shape)
            case ast.Attribute():
                self._method(above, node, shape)
            case ast.Call() | ast.keyword():
                self._argument(above, node, shape)
            case ast.For(iter=iterated, target=target) | ast.AsyncFor(iter=iterated, target=target) if iterated is node:
                self._each(target, above, shape)
            case ast.comprehension(iter=iterated, target=target) if iterated is node:
                self._each(target, self._source.parents[above], shape)
            case ast.Compare():
                self._compared(above, node, shape)
            case ast.Assign() | ast.AnnAssign() | ast.Return() | ast.Tuple():
                self._given(above, node, shape)
            case _:
                self._used(above, node, shape)

    def read(self, node: ast.expr, shape: Shape) -> None:
        """The same for an expression that reads a key: what stands for a missing value says something, too."""
        if isinstance(node, ast.Call) and len(node.args) > 1:
            self._constant(node.args[1], shape)
        self.look(node, shape)

    def _subscript(self, above: ast.Subscript, shape: Shape) -> None:
        index = above.slice
        if isinstance(index, ast.Constant) and isinstance(index.value, str):
            if isinstance(above.ctx, ast.Load):
                shape.reads.append(Read(above, above.value, index.value))
                self.look(above, shape.key(index.value))
            else:
                shape.open = True
        elif isinstance(index, ast.Constant) and isinstance(index.value, int):
            self.look(above, shape.items())
        elif not isinstance(index, ast.Slice):
            shape.open = True

    def _method(self, above: ast.Attribute, node: ast.expr, shape: Shape) -> None:
        call = self._source.parents.get(above)
        if not isinstance(call, ast.Call) or call.func is not above:
            shape.open = True
        elif above.attr == "get" and call.args and isinstance(call.args[0], ast.Constant):
            key = str(call.args[0].value)
            shape.reads.append(Read(call, node, key))
            value = shape.key(key)
            self._constant(call.args[1] if len(call.args) > 1 else _NONE, value)
            self.look(call, value)
        elif above.attr in _TEXT:
            shape.kinds.add("str")
        elif above.attr in _LIST:
            shape.items()
        else:
            shape.open = True

    def _argument(self, above: ast.AST, node: ast.expr, shape: Shape) -> None:
        call = self._source.parents[above] if isinstance(above, ast.keyword) else above
        if not isinstance(call, ast.Call) or call.func is node:
            shape.open = True
            return
        name = name_of(call.func) if isinstance(call.func, ast.Name) else ""
        if name in ("int", "float"):
            shape.kinds.add(name)
        elif name in ("str", "print"):
            shape.weak.add("str")
            shape.open = True
        elif name == "bool":
            shape.weak.add("bool")
        elif name in _LISTS:
            shape.items()
            outer = self._source.parents.get(call)
            if isinstance(outer, ast.For | ast.comprehension) and outer.iter is call:
                target = outer.target
                if name == "enumerate":
                    target = target.elts[1] if isinstance(target, ast.Tuple) and len(target.elts) == 2 else call
                body = outer if isinstance(outer, ast.For) else self._source.parents[outer]
                self._each(target, body, shape)
            else:
                shape.items().open = True
        elif name != "len":
            self._annotated(_parameter(self._source, call, above, node), shape)
            shape.open = True

    def _each(self, target: ast.expr, body: ast.AST, shape: Shape) -> None:
        """The items of the value are bound to a target inside of a loop or comprehension."""
        item = shape.items()
        if not isinstance(target, ast.Name):
            item.open = True
            return
        for node in ast.walk(body):
            if isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Load):
                self.look(node, item)

    def _compared(self, above: ast.Compare, node: ast.expr, shape: Shape) -> None:
        sides = (above.left, *above.comparators)
        contained = isinstance(above.ops[0], ast.In | ast.NotIn)
        if contained and node is above.comparators[0]:
            if isinstance(above.left, ast.Constant) and isinstance(above.left.value, str):
                shape.tested = True
            return
        for side in sides:
            if side is not node:
                values = side.elts if isinstance(side, ast.List | ast.Tuple | ast.Set) else [side]
                for value in values:
                    self._constant(value, shape)

    def _given(self, above: ast.AST, node: ast.expr, shape: Shape) -> None:
        """The value gets a name, or leaves the function."""
        source, function = self._source, self._function
        match above:
            case ast.Tuple(elts=elements):
                place = elements.index(node)
                outer = source.parents.get(above)
                if isinstance(outer, ast.Return) and not isinstance(function, ast.Module):
                    self._annotated(_element(function.returns, place, len(elements)), shape)
                shape.open = True
            case ast.Return():
                if not isinstance(function, ast.Module):
                    self._annotated(function.returns, shape)
                shape.open = True
            case ast.AnnAssign(annotation=annotation, target=target):
                self._annotated(annotation, shape)
                self._named(target, node, shape)
            case ast.Assign(targets=[target]):
                self._named(target, node, shape)
            case _:
                shape.open = True

    def _named(self, target: ast.expr, value: ast.expr, shape: Shape) -> None:
        if not isinstance(target, ast.Name) or bound_once(self._source, self._function, target.id) is not value:
            shape.open = True
            return
        for use in loads(self._function, target.id):
            self.look(use, shape)

    def _used(self, above: ast.AST | None, node: ast.expr, shape: Shape) -> None:
        match above:
            case ast.BinOp(op=operator, left=left, right=right):
                other = right if left is node else left
                if isinstance(operator, ast.Add):
                    self._constant(other, shape)
                elif not isinstance(operator, ast.Mod) and isinstance(other, ast.Constant):
                    shape.kinds.add("float")
            case ast.FormattedValue(format_spec=spec):
                written = ast.unparse(spec) if spec is not None else ""
                kinds, found = (shape.kinds, "float") if re.search(r"\.\d+[fe%]", written) else (shape.weak, "str")
                kinds.add(found)
            case ast.BoolOp(values=values):
                for value in values:
                    self._constant(value, shape)
                self.look(above, shape)
            case ast.IfExp(test=test) if test is not node:
                self.look(above, shape)
            case ast.If() | ast.IfExp() | ast.While() | ast.Assert() | ast.UnaryOp(op=ast.Not()):
                shape.weak.add("bool")
            case ast.Expr():
                pass
            case _:
                shape.open = True

    def _constant(self, value: ast.expr, shape: Shape) -> None:
        """A value that stands for this one, or is compared with it, has the same type."""
        if isinstance(value, ast.Constant):
            if value.value is None:
                shape.optional = True
            elif type(value.value).__name__ in SCALARS:
                shape.kinds.add(type(value.value).__name__)
        elif isinstance(value, ast.JoinedStr):
            shape.kinds.add("str")
        elif isinstance(value, ast.List):
            for item in value.elts:
                self._constant(item, shape.items())
            shape.items()

    def _annotated(self, annotation: ast.expr | None, shape: Shape) -> None:
        match annotation:
            case ast.Name(id=name) if name in SCALARS:
                shape.kinds.add(name)
            case ast.Subscript(value=value, slice=inner) if name_of(value) in ("list", "List", "Sequence", "Iterable"):
                self._annotated(inner, shape.items())
            case ast.Subscript(value=value, slice=ast.Tuple(elts=[_, ast.Name(id=name)])) if (
                name_of(value) in ("dict", "Dict", "Mapping") and name in SCALARS
            ):
                shape.values = name
            case ast.Subscript(value=value, slice=inner) if name_of(value) == "Optional":
                shape.optional = True
                self._annotated(inner, shape)
            case ast.Subscript(value=value, slice=inner) if name_of(value) == "Literal":
                for one in inner.elts if isinstance(inner, ast.Tuple) else (inner,):
                    self._constant(one, shape)
            case ast.BinOp(op=ast.BitOr(), left=left, right=ast.Constant(value=None)):
                shape.optional = True
                self._annotated(left, shape)
            case _:
                pass


def _element(annotation: ast.expr | None, place: int, length: int) -> ast.expr | None:
    """The annotation of one element of a tuple."""
    inner = annotation.slice if isinstance(annotation, ast.Subscript) else None
    if isinstance(inner, ast.Tuple) and len(inner.elts) == length:
        return inner.elts[place]
    return None


def _parameter(source: Source, call: ast.Call, above: ast.AST, node: ast.expr) -> ast.expr | None:
    """The annotation of what an argument is bound to: of a function of the file, or of a field of a class."""
    if not isinstance(call.func, ast.Name):
        return None
    for each in source.tree.body:
        if getattr(each, "name", None) != call.func.id:
            continue
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs]
            annotations = [(one.arg, one.annotation) for one in arguments]
        elif isinstance(each, ast.ClassDef):
            stated = (one for one in each.body if isinstance(one, ast.AnnAssign))
            annotations = [(name_of(one.target), one.annotation) for one in stated]
        else:
            continue
        if isinstance(above, ast.keyword):
            return next((annotation for name, annotation in annotations if name == above.arg), None)
        place = call.args.index(node) if node in call.args else len(annotations)
        return annotations[place][1] if place < len(annotations) else None
    return None
