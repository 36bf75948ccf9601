"""What `lower` makes of one module: its names, calls and control flow, free of paths and of syntax trees.

Everything is plain, immutable and encodable, and depends on the bytes of the file alone; it is what gets cached.
An expression is what the source says, not what it means: nothing here is resolved.
"""

from __future__ import annotations

from typing import Literal

import msgspec

SCHEMA = 4
"""Raised with every change to this file or to `frontend`, so that older cached facts are not read."""


REST = -1_000_000
"""Stands in the path of a target for what a starred target takes."""


class Node(msgspec.Struct, frozen=True, array_like=True, eq=False, gc=False):
    """Compared and hashed by identity, so that nodes can key memo tables cheaply."""


class Place(Node, frozen=True):
    """A span of source: lines and columns are 1-based, the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


# --- expressions ------------------------------------------------------------------------------------------


class Constant(Node, frozen=True, tag="const"):
    """A literal. Bytes, complex numbers, `...` and numbers beyond 64 bits are `Opaque`."""

    value: str | int | float | bool | None


class Name(Node, frozen=True, tag="name"):
    name: str


class Attribute(Node, frozen=True, tag="attr"):
    value: Expression
    name: str


class Subscript(Node, frozen=True, tag="sub"):
    """`value[index]`; a slice has a `Slice` index, `a[i, j]` a `Sequence` one."""

    value: Expression
    index: Expression


class Slice(Node, frozen=True, tag="slice"):
    lower: Expression | None
    upper: Expression | None
    step: Expression | None


class Argument(Node, frozen=True):
    """One argument of a call or one base of a class. `star` is 1 for `*value` and 2 for `**value`."""

    value: Expression
    keyword: str | None
    star: int
    line: int


class Call(Node, frozen=True, tag="call"):
    """`index` points into `ModuleFacts.calls`, where its place and surroundings stand."""

    function: Expression
    arguments: tuple[Argument, ...]
    index: int


class FormattedString(Node, frozen=True, tag="fstring"):
    """An f-string or implicit concatenation with one: parts are `Constant` text and `FormattedValue`."""

    parts: tuple[Expression, ...]


class FormattedValue(Node, frozen=True, tag="fvalue"):
    """`{value!conversion:spec}`; the spec is None unless it is constant text."""

    value: Expression
    conversion: str | None
    spec: str | None


class BinaryOperation(Node, frozen=True, tag="bin"):
    """`operator` as written: `+ - * / // % ** @ | & ^ << >>`."""

    operator: str
    left: Expression
    right: Expression


class BooleanOperation(Node, frozen=True, tag="bool"):
    """`a and b`, `a or b`; longer chains nest to the left."""

    operator: Literal["and", "or"]
    left: Expression
    right: Expression


class Comparison(Node, frozen=True, tag="cmp"):
    """`left op right op ...`; operators as written (`==`, `not in`, `is` ...)."""

    left: Expression
    operators: tuple[str, ...]
    operands: tuple[Expression, ...]


class UnaryOperation(Node, frozen=True, tag="unary"):
    operator: str
    operand: Expression


class Conditional(Node, frozen=True, tag="ifexp"):
    test: Expression
    body: Expression
    otherwise: Expression


class Sequence(Node, frozen=True, tag="seq"):
    kind: Literal["list", "tuple", "set"]
    items: tuple[Expression, ...]


class Mapping(Node, frozen=True, tag="map"):
    """Pairs in order; a None key stands for `**value`."""

    items: tuple[tuple[Expression | None, Expression], ...]


class Comprehension(Node, frozen=True, tag="comp"):
    """Its `for` targets and conditions are events of its own scope. `key` only for a dict."""

    kind: Literal["list", "set", "dict", "generator"]
    scope: int
    key: Expression | None
    element: Expression


class FunctionReference(Node, frozen=True, tag="def"):
    """A `def` or `lambda`: index of its scope."""

    scope: int


class ClassReference(Node, frozen=True, tag="class"):
    scope: int


class ImportedModule(Node, frozen=True, tag="import"):
    """`import a.b` binds `a` (bound: "a"); `import a.b as c` binds the module itself (bound: "a.b")."""

    module: str
    bound: str


class ImportedName(Node, frozen=True, tag="from"):
    """`from module import name`; `level` counts the leading dots. The name `*` imports all."""

    module: str
    name: str
    level: int


class Await(Node, frozen=True, tag="await"):
    value: Expression


class Yield(Node, frozen=True, tag="yield"):
    """`yield value` or, where `delegates`, `yield from value`."""

    value: Expression | None
    delegates: bool


class Starred(Node, frozen=True, tag="star"):
    value: Expression


class NamedExpression(Node, frozen=True, tag="walrus"):
    """`(target := value)`; the binding is also an event of the scope."""

    target: str
    value: Expression


class Opaque(Node, frozen=True, tag="opaque"):
    """Syntax llmlint does not model, or nested too deeply: `text` says what, for people."""

    text: str


Expression = (
    Constant
    | Name
    | Attribute
    | Subscript
    | Slice
    | Call
    | FormattedString
    | FormattedValue
    | BinaryOperation
    | BooleanOperation
    | Comparison
    | UnaryOperation
    | Conditional
    | Sequence
    | Mapping
    | Comprehension
    | FunctionReference
    | ClassReference
    | ImportedModule
    | ImportedName
    | Await
    | Yield
    | Starred
    | NamedExpression
    | Opaque
)


# --- statements -------------------------------------------------------------------------------------------


class Event(Node, frozen=True):
    """One thing that happens in a scope, in source order.

    kind        target               value
    assign      what is bound        its value (imports, defs and classes are assignments of references)
    augment     `target op= value`   the right side; `operator` says which
    declare     `target: annotation` None
    item        loop target          the iterable; also a comprehension's `for`
    enter       `with value as t`    the context manager; target is None without `as`
    catch       `except value as t`  the exception type or None
    delete      `del target`         None
    evaluate    None                 an expression statement, `assert`, a condition, a match subject
    return      None                 the value or None
    raise       None                 the value or None

    A target is a `Name`, an `Attribute` or a `Subscript`. Tuple targets become one event per name, whose
    `path` says which element it takes (`for i, (a, b) in x` gives a: (1, 0)): `REST` where it is starred, counted
    from the end behind a star.
    `sequence` grows through the module in order of evaluation: a name in `value` sees what was bound at a
    smaller number. `block` points into `ModuleFacts.blocks`.
    """

    kind: Literal["assign", "augment", "declare", "item", "enter", "catch", "delete", "evaluate", "return", "raise"]
    target: Expression | None
    value: Expression | None
    sequence: int
    block: int
    line: int
    path: tuple[int, ...] = ()
    operator: str = ""
    annotation: Expression | None = None
    asynchronous: bool = False


class Block(Node, frozen=True):
    """A stretch of statements that run together.

    `body` is the root of a scope. The arms of one statement share its `statement` number: `if` (also elif),
    `else`, `for`, `while`, `loop_else`, `try`, `except`, `try_else`, `finally`, `with`, `case`.
    `head` is the condition, iterable, context manager, exception type or match subject.
    `exhaustive` holds on every arm of a statement of which one arm always runs (if with else, match with `_`).
    `leaves` is how the block's end is left on every way through it, if it never falls through.
    """

    kind: Literal[
        "body", "if", "else", "for", "while", "loop_else", "try", "except", "try_else", "finally", "with", "case"
    ]
    parent: int
    scope: int
    statement: int
    line: int
    head: Expression | None = None
    exhaustive: bool = False
    leaves: Literal["", "return", "raise", "break", "continue"] = ""
    asynchronous: bool = False


class Parameter(Node, frozen=True):
    name: str
    kind: Literal["positional", "plain", "star", "keyword", "double_star"]
    default: Expression | None
    annotation: Expression | None


class Scope(Node, frozen=True):
    """A module, class, function (also lambda, named `<lambda>`) or comprehension.

    `block` and `sequence` say where in the parent it is defined; `body` is its own root block.
    `name` is the bare name; a function's `returns` is its annotation; `bases` are a class's arguments.
    """

    kind: Literal["module", "class", "function", "comprehension"]
    name: str
    parent: int
    block: int
    sequence: int
    body: int
    line: int
    end_line: int
    events: tuple[Event, ...]
    parameters: tuple[Parameter, ...] = ()
    decorators: tuple[Expression, ...] = ()
    returns: Expression | None = None
    bases: tuple[Argument, ...] = ()
    asynchronous: bool = False
    generator: bool = False
    docstring: str | None = None
    outer_names: tuple[str, ...] = ()
    """Names declared `global` or `nonlocal`."""


class CallPlace(Node, frozen=True):
    """Where the call of the same index stands. `text` is the callee as written, at most 120 characters."""

    place: Place
    scope: int
    block: int
    sequence: int
    text: str
    awaited: bool


class Comment(Node, frozen=True):
    """A comment that speaks to llmlint (`# llmlint: ...`). `alone` if nothing else stands on its line."""

    line: int
    column: int
    text: str
    alone: bool


class Remark(Node, frozen=True):
    """Any other comment, without its `#`. `alone` if nothing else stands on its line."""

    line: int
    text: str
    alone: bool


class Cell(Node, frozen=True):
    """A code cell of a notebook: `index` among all cells from 0; `first_line` is where it starts in the module."""

    index: int
    first_line: int
    lines: int


class ModuleFacts(Node, frozen=True):
    """One module. `scopes[0]` is the module itself; a notebook's cells are one module (`cells` not empty).

    `shared` says which nodes stand in several places, for `encoding`.
    """

    schema: int
    lines: int
    scopes: tuple[Scope, ...]
    blocks: tuple[Block, ...]
    calls: tuple[CallPlace, ...]
    comments: tuple[Comment, ...] = ()
    remarks: tuple[Remark, ...] = ()
    cells: tuple[Cell, ...] = ()
    shared: tuple[tuple[int, ...], ...] = ()


class SourceProblem(Node, frozen=True):
    """Why a file could not be lowered. `kind` is one of the problems that become findings about the file."""

    kind: Literal["syntax", "encoding", "too-deep", "notebook", "too-large", "unreadable"]
    message: str
    line: int
    column: int
