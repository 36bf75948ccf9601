"""One lowered module, with the indexes over its facts that resolution asks for all the time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from llmlint.facts import syntax
from llmlint.facts.call_site import Location, Step
from llmlint.linking.program.trees import Dotted, dotted, equal_texts, is_about, last_name, parents_of, walk

T = TypeVar("T")

MUTATORS = frozenset(
    {
        "append",
        "extend",
        "insert",
        "update",
        "setdefault",
        "pop",
        "popleft",
        "appendleft",
        "remove",
        "clear",
        "add",
    }
    | {"reverse", "sort", "popitem", "__setitem__"}
)
"""Methods of lists, sets and dictionaries that change them."""


@dataclass(frozen=True)
class Mutation:
    """`target.method(...)`, `target[key] = value` or `target += value`, where target is dotted."""

    event: syntax.Event
    method: str
    call: syntax.Call | None


class Module:
    """One lowered module. Compared by identity; there is one object per path."""

    def __init__(self, path: str, facts: syntax.ModuleFacts) -> None:
        self.path = path
        self.facts = facts
        self._kept: dict[int, frozenset[str]] = {}
        self._on_parameters: dict[tuple[int, int], bool] = {}
        self._starts: dict[tuple[int, int], float] = {}
        self._ancestors: dict[int, tuple[int, ...]] = {}
        self._derived: dict[object, object] = {}

    def __repr__(self) -> str:
        return f"Module({self.path!r})"

    @cached_property
    def bindings(self) -> dict[tuple[int, Dotted], list[syntax.Event]]:
        """Events that bind a name or an attribute, by scope and dotted target, in source order."""
        found: dict[tuple[int, Dotted], list[syntax.Event]] = defaultdict(list)
        for index, scope in enumerate(self.facts.scopes):
            for event in scope.events:
                if event.target is not None and event.kind != "declare" and (target := dotted(event.target)):
                    found[index, target].append(event)
        return dict(found)

    @cached_property
    def mutations(self) -> dict[tuple[int, Dotted], list[Mutation]]:
        """What changes a collection in place, by scope and dotted target, in source order."""
        found: dict[tuple[int, Dotted], list[Mutation]] = defaultdict(list)
        for index, scope in enumerate(self.facts.scopes):
            for event in scope.events:
                for target, mutation in _mutations(event):
                    found[index, target].append(mutation)
        return dict(found)

    @cached_property
    def global_bindings(self) -> dict[str, list[tuple[int, syntax.Event]]]:
        """What functions bind after `global name`: scope and event by name."""
        found: dict[str, list[tuple[int, syntax.Event]]] = defaultdict(list)
        for index, scope in enumerate(self.facts.scopes):
            for name in scope.outer_names:
                found[name].extend((index, event) for event in self.bindings.get((index, (name,)), ()))
        return dict(found)

    @cached_property
    def outer_mutations(self) -> dict[tuple[int, Dotted], list[tuple[int, Mutation]]]:
        """What functions change in place in a name of a scope around them, by that scope and name."""
        found: dict[tuple[int, Dotted], list[tuple[int, Mutation]]] = defaultdict(list)
        for (scope, target), mutations in self.mutations.items():
            owner = self.owner(scope, target[0]) if len(target) == 1 else scope
            if owner != scope and self.facts.scopes[scope].kind == "function":
                found[owner, target].extend((scope, mutation) for mutation in mutations)
        return dict(found)

    def owner(self, scope: int, name: str) -> int:
        """The scope whose name is meant in a scope."""
        while scope > 0:
            here = self.facts.scopes[scope]
            bound = (scope, (name,)) in self.bindings and name not in here.outer_names
            if bound or any(parameter.name == name for parameter in here.parameters):
                return scope
            scope = here.parent
        return 0

    def derived(self, compute: Callable[[Module], T]) -> T:
        """What a function makes of the module, made once."""
        if compute not in self._derived:
            self._derived[compute] = compute(self)
        return self._derived[compute]  # type: ignore[return-value] # it is what this function made

    @cached_property
    def passed(self) -> dict[tuple[int, Dotted], list[Mutation]]:
        """Calls that a name is passed to as it is, which may change what it holds; by scope and name."""
        found: dict[tuple[int, Dotted], list[Mutation]] = defaultdict(list)
        for index, scope in enumerate(self.facts.scopes):
            for event in scope.events:
                call = event.value.value if isinstance(event.value, syntax.Await) else event.value
                if isinstance(call, syntax.Call) and not isinstance(call.function, syntax.Call):
                    for argument in call.arguments:
                        target = dotted(argument.value)
                        if target is not None and not argument.star:
                            found[index, target].append(Mutation(event, "passed", call))
        return dict(found)

    @cached_property
    def attributes_set(self) -> dict[Dotted, list[tuple[int, syntax.Event]]]:
        """What functions assign to attributes of names (`state.client = ...`): scope and event by dotted target."""
        found: dict[Dotted, list[tuple[int, syntax.Event]]] = defaultdict(list)
        for (scope, target), events in self.bindings.items():
            if len(target) > 1:
                found[target].extend((scope, event) for event in events)
        return dict(found)

    @cached_property
    def comprehensions(self) -> dict[int, tuple[int, syntax.Event, syntax.Comprehension]]:
        """By a comprehension's scope: the scope and event whose value it stands in, and its node."""
        found: dict[int, tuple[int, syntax.Event, syntax.Comprehension]] = {}
        for index, scope in enumerate(self.facts.scopes):
            for event in scope.events:
                for node in walk(event.value) if event.value is not None else ():
                    if isinstance(node, syntax.Comprehension):
                        found[node.scope] = (index, event, node)
        return found

    @cached_property
    def call_events(self) -> dict[int, tuple[int, syntax.Event]]:
        """The scope and event whose value a call stands in, by the call's index."""
        found: dict[int, tuple[int, syntax.Event]] = {}
        for index, scope in enumerate(self.facts.scopes):
            for event in scope.events:
                for node in walk(event.value) if event.value is not None else ():
                    if isinstance(node, syntax.Call):
                        found.setdefault(node.index, (index, event))
        return found

    def is_awaited(self, call: syntax.Call) -> bool:
        """Whether a call is awaited on the spot, directly or as part of what is: `await wait_for(call(), 9)`."""
        if self.facts.calls[call.index].awaited:
            return True
        if call.index not in self.call_events:
            return False
        parents = parents_of(self.call_events[call.index][1])
        node: syntax.Node | None = call
        while node is not None and not isinstance(node, syntax.Comprehension):
            if isinstance(node, syntax.Await):
                return True
            node = parents.get(id(node))
        return False

    @cached_property
    def name_uses(self) -> dict[tuple[int, str], list[tuple[syntax.Event, syntax.Name]]]:
        """Where names are read, by scope and name, in source order."""
        found: dict[tuple[int, str], list[tuple[syntax.Event, syntax.Name]]] = defaultdict(list)
        for index, scope in enumerate(self.facts.scopes):
            for event in scope.events:
                for node in walk(event.value) if event.value is not None else ():
                    if isinstance(node, syntax.Name):
                        found[index, node.name].append((event, node))
        return dict(found)

    @cached_property
    def handed_lambdas(self) -> dict[int, tuple[syntax.Call, int]]:
        """The call that a lambda is an argument of, and its position, by the lambda's scope."""
        found: dict[int, tuple[syntax.Call, int]] = {}
        for call in self.calls:
            for position, argument in enumerate(call.arguments):
                if isinstance(argument.value, syntax.FunctionReference):
                    found[argument.value.scope] = (call, position)
        return found

    @cached_property
    def children(self) -> dict[int, list[int]]:
        """Scopes by the scope they are defined in."""
        found: dict[int, list[int]] = defaultdict(list)
        for index, scope in enumerate(self.facts.scopes):
            found[scope.parent].append(index)
        return dict(found)

    @cached_property
    def arms(self) -> dict[int, list[int]]:
        """Blocks by the number of the statement whose arms they are."""
        found: dict[int, list[int]] = defaultdict(list)
        for index, block in enumerate(self.facts.blocks):
            found[block.statement].append(index)
        return dict(found)

    @cached_property
    def calls(self) -> list[syntax.Call]:
        """The calls, in the order of their index."""
        found: dict[int, syntax.Call] = {}
        for root in self.expressions():
            for node in walk(root):
                if isinstance(node, syntax.Call):
                    found[node.index] = node
        return [found[index] for index in sorted(found)]

    @cached_property
    def _calls_by_name(self) -> dict[str, list[syntax.Call]]:
        found: dict[str, list[syntax.Call]] = defaultdict(list)
        for call in self.calls:
            found[last_name(call.function)].append(call)
        return dict(found)

    def calls_named(self, name: str) -> list[syntax.Call]:
        """The calls whose callee ends in `name`."""
        return self._calls_by_name.get(name, [])

    @cached_property
    def computed_calls(self) -> list[syntax.Call]:
        """The calls of what is no name or attribute: of an element, a call's result, a lambda."""
        return [call for call in self.calls if not isinstance(call.function, syntax.Name | syntax.Attribute)]

    @cached_property
    def lambda_names(self) -> dict[int, list[str]]:
        """The last names that lambdas and their likes are bound to, by their scope."""
        found: dict[int, list[str]] = defaultdict(list)
        for (_, target), events in self.bindings.items():
            for event in events:
                if isinstance(event.value, syntax.FunctionReference):
                    found[event.value.scope].append(target[-1])
        return dict(found)

    @cached_property
    def _handed_over(self) -> dict[str, list[tuple[syntax.Call, int]]]:
        found: dict[str, list[tuple[syntax.Call, int]]] = defaultdict(list)
        for call in self.calls:
            for position, argument in enumerate(call.arguments):
                if isinstance(argument.value, syntax.Name | syntax.Attribute):
                    found[last_name(argument.value)].append((call, position))
        return dict(found)

    def handed_over(self, name: str) -> list[tuple[syntax.Call, int]]:
        """The calls with an argument that is a bare name or attribute ending in `name`, and its position."""
        return self._handed_over.get(name, [])

    @cached_property
    def aliases(self) -> dict[str, set[str]]:
        """Other names under which an imported or assigned name is bound, by the original's last name."""
        found: dict[str, set[str]] = defaultdict(set)
        for (_, target), events in self.bindings.items():
            for event in events:
                value = event.value
                if isinstance(value, syntax.Call) and last_name(value.function) == "partial" and value.arguments:
                    value = value.arguments[0].value
                original = value.name if isinstance(value, syntax.ImportedName) else last_name(value)
                if event.kind == "assign" and original and original != target[-1] and not event.path:
                    found[original].add(target[-1])
        return dict(found)

    def expressions(self) -> Iterator[syntax.Expression]:
        """Every outermost expression of the module."""
        for scope in self.facts.scopes:
            for event in scope.events:
                yield from (part for part in (event.target, event.value, event.annotation) if part is not None)
            for parameter in scope.parameters:
                yield from (part for part in (parameter.default, parameter.annotation) if part is not None)
            yield from scope.decorators
            yield from (base.value for base in scope.bases)
            if scope.returns is not None:
                yield scope.returns
        yield from (block.head for block in self.facts.blocks if block.head is not None)

    @cached_property
    def leaving(self) -> dict[int, list[tuple[int, syntax.Block]]]:
        """The `if` arms that leave their function, by the block around them."""
        found: dict[int, list[tuple[int, syntax.Block]]] = defaultdict(list)
        for index, block in enumerate(self.facts.blocks):
            if block.kind == "if" and block.leaves in {"return", "raise"}:
                found[block.parent].append((index, block))
        return dict(found)

    @cached_property
    def equal_texts(self) -> dict[int, dict[Dotted, frozenset[str]]]:
        """The names that are one of a few texts in an `if` arm, by the arm."""
        arms = ((i, block) for i, block in enumerate(self.facts.blocks) if block.kind == "if")
        return {index: said for index, block in arms if (said := equal_texts(block.head))}

    def kept_parameters(self, scope: int) -> frozenset[str]:
        """The parameters of a function that are never bound to anything else."""
        if scope not in self._kept:
            names = (parameter.name for parameter in self.facts.scopes[scope].parameters)
            self._kept[scope] = frozenset(name for name in names if (scope, (name,)) not in self.bindings)
        return self._kept[scope]

    def is_on_parameters(self, scope: int, block: int) -> bool:
        """Is the condition of a block about constants and parameters of `scope` that keep what was passed?"""
        key = (scope, block)
        if key not in self._on_parameters:
            parameters, condition = self.kept_parameters(scope), self.facts.blocks[block].head
            self._on_parameters[key] = condition is not None and is_about(condition, parameters)
        return self._on_parameters[key]

    @cached_property
    def star_imports(self) -> list[syntax.ImportedName]:
        """`from x import *` at module level, in source order."""
        values = (event.value for event in self.facts.scopes[0].events)
        return [value for value in values if isinstance(value, syntax.ImportedName) and value.name == "*"]

    def inside(self, scope: int) -> Iterator[int]:
        """The scope, and the comprehensions and functions in it that see its names; of the module no functions."""
        waiting = [scope]
        while waiting:
            current = waiting.pop()
            yield current
            below = self.children.get(current, ())
            waiting.extend(one for one in below if scope or self.facts.scopes[one].kind == "comprehension")

    def methods(self, scope: int) -> Iterator[int]:
        """The functions defined directly in a class, nested blocks included."""
        for child in self.children.get(scope, ()):
            if self.facts.scopes[child].kind == "function":
                yield child

    def function_around(self, scope: int) -> int:
        """The nearest enclosing function, class or module scope that is no comprehension."""
        while self.facts.scopes[scope].kind == "comprehension":
            scope = self.facts.scopes[scope].parent
        return scope

    def qualified_name(self, scope: int) -> str:
        """`Class.method` of a scope; "" for the module."""
        names: list[str] = []
        while scope > 0:
            if self.facts.scopes[scope].kind != "comprehension":
                names.append(self.facts.scopes[scope].name)
            scope = self.facts.scopes[scope].parent
        return ".".join(reversed(names))

    def ancestors(self, block: int) -> Sequence[int]:
        """The block and those around it within its scope, innermost first."""
        found = self._ancestors.get(block)
        if found is None:
            parent = self.facts.blocks[block].parent if block >= 0 else -1
            inside = parent >= 0 and self.facts.blocks[parent].scope == self.facts.blocks[block].scope
            outer = self.ancestors(parent) if inside else ()
            found = self._ancestors[block] = (block, *outer) if block >= 0 else ()
        return found

    def start_of(self, scope: int, index: int) -> float:
        """Where the first statement of a block stands among the events of a scope; infinity if it has none."""
        key = (scope, index)
        if key not in self._starts:
            inside = [e.sequence for e in self.facts.scopes[scope].events if index in self.ancestors(e.block)]
            self._starts[key] = min(inside, default=float("inf"))
        return self._starts[key]

    def location(self, line: int, column: int = 1, end_line: int = 0, end_column: int = 0) -> Location:
        """A place of this module; in a notebook, of the cell that holds the line."""
        for cell in self.facts.cells:
            if cell.first_line <= line < cell.first_line + cell.lines:
                shift = cell.first_line - 1
                end = end_line - shift if end_line else 0
                return Location(self.path, line - shift, column, end, end_column, cell.index)
        return Location(self.path, line, column, end_line, end_column)

    def call_location(self, call: syntax.Call) -> Location:
        place = self.facts.calls[call.index].place
        return self.location(place.line, place.column, place.end_line, place.end_column)

    def step(self, line: int, what: str) -> Step:
        return Step(self.location(line), what)


def _mutations(event: syntax.Event) -> Iterator[tuple[Dotted, Mutation]]:
    value = event.value.value if isinstance(event.value, syntax.Await) else event.value
    if isinstance(value, syntax.Call) and isinstance(value.function, syntax.Attribute):
        target = dotted(value.function.value)
        if target and value.function.name in MUTATORS:
            yield target, Mutation(event, value.function.name, value)
    if isinstance(event.target, syntax.Subscript) and event.kind in {"assign", "augment", "delete"}:
        target = dotted(event.target.value)
        if target:
            yield target, Mutation(event, "[]", None)
