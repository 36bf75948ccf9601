"""Where an answer goes: forward from a call through names, attributes, functions and returns to what reads it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmlint.catalog.entries import Endpoint
from llmlint.facts import syntax
from llmlint.facts.call_site import Step
from llmlint.linking.calls.packing import constants, packed, parameter_of, put_into, taken_names, taken_out, unpacked
from llmlint.linking.evaluation import conditions
from llmlint.linking.evaluation.frames import Frame, at_event
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import ClassValue, FunctionValue, Instance, Made, Member, Value, options
from llmlint.linking.program.module import Module
from llmlint.linking.program.reaching import Use, reaching
from llmlint.linking.program.readings import WORDS, Flow, Reading, is_an_answer, raises_unless
from llmlint.linking.program.trees import dotted, parents_of, walk

if TYPE_CHECKING:
    from llmlint.linking.calls.sites import Site
    from llmlint.linking.evaluation.resolver import Resolver

STEP_LIMIT = 400
_DEPTH_LIMIT = 4
_TRANSPARENT = frozenset(
    {"strip", "lstrip", "rstrip", "lower", "upper", "replace", "removeprefix", "removesuffix", "split", "casefold"}
    | {"decode", "encode", "title", "capitalize", "splitlines"}
    | {"model_dump", "to_dict", "parse", "dict", "json", "copy", "group", "groups", "search", "findall"}
)
_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.bool"})
_COLLECTING = frozenset({"append", "extend", "add"})
_KEEPING = frozenset(
    {"builtins.str", "builtins.list", "builtins.dict", "copy.copy", "copy.deepcopy", "typing.cast", "asyncio.gather"}
    | {"builtins.sorted", "builtins.reversed", "builtins.tuple", "asyncio.run"}
)
_KEY_METHODS = frozenset({"get", "pop", "setdefault"})
_KEYED = frozenset({"parsed", "typed"})


@dataclass(frozen=True, slots=True)
class _Spot:
    """An expression node inside an event, which holds a flow."""

    module: Module
    scope: int
    event: syntax.Event
    node: syntax.Node
    flow: Flow


@dataclass(frozen=True, slots=True)
class _Binding:
    """A name that a flow is bound to by `event` (None: a parameter), or put into where it is `collected`."""

    module: Module
    scope: int
    name: str
    event: syntax.Event | None
    collected: bool = False


class Tracer:
    """Follows one call's answer."""

    def __init__(self, resolver: Resolver, endpoint: Endpoint, frame: Frame) -> None:
        """`frame` is the path whose callers the answer goes back to; beyond its outermost one, to all."""
        self._resolver = resolver
        self._chain = {id(invocation.call) for invocation in frame.callers()}
        frames = [frame, *(invocation.at.frame for invocation in frame.callers())]
        self._frames = {(id(one.module), one.scope): one for one in frames}
        self._answers = [(word, path) for word, paths in endpoint.answer.items() for path in paths]
        self._waiting: deque[_Spot] = deque()
        self._seen: set[tuple[object, ...]] = set()
        self.reading = Reading()

    def follow(self, site: Site, stage: str = "answer") -> Reading:
        """All that is found out about the answer within the limits. `stage` is what the call itself gives."""
        word = {"parsed": "json", "validated": "pydantic"}.get(stage)
        if word is not None:
            self.reading.read_as[word] = site.module.step(site.call_line, f"by the pipeline it is {WORDS[word]}")
        self._start(site.module, site.call, Flow("typed" if stage == "validated" else stage))
        steps = 0
        while self._waiting:
            steps += 1
            if steps > STEP_LIMIT:
                self.reading.complete = False
                self._resolver.statistics["limit_flow"] += 1
                break
            self._climb(self._waiting.popleft())
        return self.reading

    def _start(self, module: Module, call: syntax.Call, flow: Flow) -> None:
        found = module.call_events.get(call.index)
        if found is not None:
            self._push(_Spot(module, found[0], found[1], call, flow))

    def _push(self, spot: _Spot) -> None:
        flow = spot.flow
        back = tuple(id(call) for _, call in flow.back)
        key = (id(spot.node), id(spot.event), flow.stage, flow.path, flow.inside, back)
        if key not in self._seen and self._happens(spot):
            self._seen.add(key)
            self._waiting.append(spot)

    def _happens(self, spot: _Spot) -> bool:
        """May it happen, with what the callers of this path pass?"""
        frame = self._frames.get((id(spot.module), spot.module.function_around(spot.scope)))
        return frame is None or bool(conditions.possible(self._resolver, frame, [spot.event]))

    # --- upwards through an expression ----------------------------------------------------------------------

    def _climb(self, spot: _Spot) -> None:
        parents = parents_of(spot.event)
        node, flow = spot.node, spot.flow
        while True:
            parent = parents.get(id(node))
            if parent is None:
                self._arrive(spot, flow)
                return
            step = self._through(spot, parent, node, flow, parents)
            if step is None:
                return
            flow, node = step

    def _through(
        self, spot: _Spot, parent: syntax.Node, node: syntax.Node, flow: Flow, parents: dict[int, syntax.Node]
    ) -> tuple[Flow, syntax.Node] | None:
        """The flow one level further out, and the node that holds it; None where it ends."""
        if flow.inside and not isinstance(parent, syntax.Argument):
            return unpacked(flow, parent, node, parents.get(id(parent)))
        match parent:
            case syntax.Mapping() | syntax.Sequence():
                inner = packed(flow, parent, node)
                return (inner, parent) if inner is not None else None
            case syntax.Await() | syntax.Starred() | syntax.NamedExpression() | syntax.BooleanOperation():
                return flow, parent
            case syntax.Attribute(name=name):
                return self._attribute(spot, parent, name, flow, parents)
            case syntax.Subscript(value=value) if value is node:
                return self._subscript(spot, parent, flow), parent
            case syntax.Conditional(test=test):
                return (flow, parent) if test is not node else None
            case syntax.Argument():
                return self._argument(spot, parent, flow, parents)
            case syntax.Comparison():
                self._comparison(spot, parent, flow)
                return None
            case syntax.Comprehension(element=element):
                return (flow, parent) if element is node else None
            case _:
                return None

    def _attribute(
        self, spot: _Spot, parent: syntax.Attribute, name: str, flow: Flow, parents: dict[int, syntax.Node]
    ) -> tuple[Flow, syntax.Node] | None:
        outer = parents.get(id(parent))
        if isinstance(outer, syntax.Call) and outer.function is parent:
            return self._method(spot, outer, name, flow)
        if flow.stage == "answer":
            return self._deeper(flow, name), parent
        if flow.stage == "typed":
            self._key(spot, name)
            return replace(flow, stage="value", path=()), parent
        # what JSON is parsed into has no attributes: the name holds something else here
        return (flow, parent) if flow.stage != "parsed" else None

    def _method(self, spot: _Spot, call: syntax.Call, name: str, flow: Flow) -> tuple[Flow, syntax.Node] | None:
        if flow.stage in _KEYED and name in _KEY_METHODS and call.arguments:
            key = call.arguments[0].value
            if isinstance(key, syntax.Constant) and isinstance(key.value, str):
                self._key(spot, key.value)
                return replace(flow, stage="value", path=()), call
        if flow.stage == "parsed" and name in {"items", "keys", "values"}:
            self._note("iterated", spot)
            return None
        if flow.stage == "text" and name in {"startswith", "endswith"}:
            for argument in call.arguments:
                self._compared(spot, argument.value, flow)
            return None
        return (flow, call) if name in _TRANSPARENT else None

    def _subscript(self, spot: _Spot, parent: syntax.Subscript, flow: Flow) -> Flow:
        key = parent.index.value if isinstance(parent.index, syntax.Constant) else None
        if flow.stage == "answer":
            return self._deeper(flow, key if isinstance(key, str) else "*")
        if flow.stage in _KEYED and isinstance(key, str):
            self._key(spot, key)
            return replace(flow, stage="value", path=())
        return flow

    def _deeper(self, flow: Flow, name: str) -> Flow:
        path = (*flow.path, name)
        for word, wanted in self._answers:
            if len(wanted) == len(path) and all(w in {"*", p} for w, p in zip(wanted, path, strict=True)):
                stage = {"text": "text", "parsed": "typed"}.get(word, "other")
                return replace(flow, stage=stage, path=())
        return replace(flow, path=path)

    # --- into calls -----------------------------------------------------------------------------------------

    def _argument(
        self, spot: _Spot, argument: syntax.Argument, flow: Flow, parents: dict[int, syntax.Node]
    ) -> tuple[Flow, syntax.Node] | None:
        call = parents.get(id(argument))
        if not isinstance(call, syntax.Call):
            return None
        at = at_event(self._resolver.frames.root(spot.module, spot.scope), spot.scope, spot.event)
        for callee in options(self._resolver.evaluate(call.function, at)):
            found = self._into(spot, call, argument, callee, flow)
            if found is not None:
                return found
        return None

    def _into(
        self, spot: _Spot, call: syntax.Call, argument: syntax.Argument, callee: Value, flow: Flow
    ) -> tuple[Flow, syntax.Node] | None:
        """What becomes of the flow in a call of one callee; None where it ends or goes on elsewhere."""
        if isinstance(callee, FunctionValue):
            self._enter(spot.module, call, argument, callee, flow)
            return None
        if isinstance(callee, ClassValue):
            made = self._construct(spot, argument, callee, flow)
            return (made, call) if made is not None else None
        name = dotted_name(callee) or ""
        if flow.inside:
            return (flow, call) if name == "asyncio.run" else None
        method = callee.name if isinstance(callee, Member) else name.rsplit(".", 1)[-1]
        if method in _COLLECTING and isinstance(call.function, syntax.Attribute):
            self._collect(spot, call.function, flow)
            return None
        inner = self._parsed(spot, callee, name, method, flow)
        if inner is None and (name in _KEEPING or (flow.stage == "text" and self._keeps_text(method))):
            inner = flow
        if name == "builtins.enumerate" and flow.stage in _KEYED:
            inner = replace(flow, inside=(0, 1))  # each item of it holds one of the data in the second place
        return (inner, call) if inner is not None else None

    def _keeps_text(self, method: str) -> bool:
        return self._resolver.catalog.ecosystem.method("text", method) is not None

    def _parsed(self, spot: _Spot, callee: Value, name: str, method: str, flow: Flow) -> Flow | None:
        """The flow behind a parser of text or a validator of data."""
        ecosystem = self._resolver.catalog.ecosystem
        validates = ecosystem.method("schema_parser", method) or ecosystem.function("schema_parser", name)
        if flow.stage in {"text", "parsed"} and validates is not None:
            self._validated(spot, callee)
            return replace(flow, stage="typed", path=())
        if flow.stage != "text":
            return None
        if name in _NUMBERS:
            self._note("number", spot)
            return replace(flow, stage="value", path=())
        if name.startswith(("re.", "regex.")):
            self._note("regex", spot)
            return flow
        parser = ecosystem.function("parser", name)
        if parser is not None and parser.kind in {"json", "python", "yaml", "xml"}:
            self._note(parser.kind, spot)
            return replace(flow, stage="parsed", path=())
        return None

    def _collect(self, spot: _Spot, function: syntax.Attribute, flow: Flow) -> None:
        """Into a list that it is put into, and from there to every use of the list."""
        target = dotted(function.value)
        if target is not None and len(target) == 1:
            self._name(_Binding(spot.module, spot.scope, target[0], None, collected=True), flow)

    def _enter(
        self, module: Module, call: syntax.Call, argument: syntax.Argument, function: FunctionValue, flow: Flow
    ) -> None:
        """Into the parameter of a function of the project, and out through its returns to this call."""
        if flow.depth >= _DEPTH_LIMIT:
            return
        scope = function.module.facts.scopes[function.scope]
        parameter = parameter_of(scope, call, argument, function.receiver is not None)
        if parameter is not None:
            back = ((module, call), *flow.back)
            inner = replace(flow, depth=flow.depth + 1, back=back)
            self._name(_Binding(function.module, function.scope, parameter, None), inner)

    def _construct(self, spot: _Spot, argument: syntax.Argument, cls: ClassValue, flow: Flow) -> Flow | None:
        """Into a field of a class, or into all of them."""
        names = taken_names(cls)
        if flow.stage == "parsed" and argument.star == 2 and not flow.inside:
            self._note("pydantic", spot)
            for name in names:
                self._key(spot, name)
        return put_into(flow, argument.keyword) if argument.keyword in names else None

    def _validated(self, spot: _Spot, callee: Value) -> None:
        self._note("pydantic", spot)
        owner = callee.owner if isinstance(callee, Member) else None
        cls = owner.cls if isinstance(owner, Instance) else owner
        if isinstance(owner, Made) and owner.made is not None and owner.made.call.arguments:  # TypeAdapter(Item)
            cls = self._resolver.evaluate(owner.made.call.arguments[0].value, owner.made.at)
        if isinstance(cls, ClassValue):
            for name in taken_names(cls):
                self._key(spot, name)

    # --- at the end of an expression ------------------------------------------------------------------------

    def _arrive(self, spot: _Spot, flow: Flow) -> None:
        event = spot.event
        if event.kind == "return":
            self._note("returned", spot)
            self._to_callers(spot.module, spot.scope, flow)
        elif event.kind in {"assign", "item", "enter", "augment"} and event.target is not None:
            if event.kind == "item" and flow.stage == "answer" and not flow.path and not flow.inside:
                self._note("streamed", spot)
            inner = self._bound(event, flow)
            if inner is not None and isinstance(event.target, syntax.Name):
                self._name(_Binding(spot.module, spot.scope, event.target.name, event), inner)
            elif isinstance(event.target, syntax.Attribute):
                self._note("stored", spot)

    def _bound(self, event: syntax.Event, flow: Flow) -> Flow | None:
        """The flow that a name gets; None where it gets another part of the container."""
        if not flow.inside:
            return replace(flow, path=(*flow.path, "*")) if event.kind == "item" and flow.path else flow
        place = (flow.inside[0],) if event.kind == "item" and isinstance(flow.inside[0], int) else ()
        return taken_out(flow, (*place, *event.path)) if place or event.kind != "item" else None

    def _to_callers(self, module: Module, scope: int, flow: Flow) -> None:
        function = module.function_around(scope)
        if flow.depth >= _DEPTH_LIMIT or module.facts.scopes[function].kind != "function":
            return
        if flow.back:
            (home, call), *rest = flow.back
            self._start(home, call, replace(flow, depth=flow.depth - 1, back=tuple(rest)))
            return
        calls = self._resolver.callers.serious(module, function)
        own = [invocation for invocation in calls if id(invocation.call) in self._chain]
        inner = replace(flow, depth=flow.depth + 1, shared=flow.shared or (not own and len(calls) > 1))
        for invocation in own or calls:
            if not invocation.open and not invocation.skip:
                self._start(invocation.at.module, invocation.call, inner)

    def _name(self, bound: _Binding, flow: Flow) -> None:
        """To every use of a name that this binding reaches; of a collection it was put into, to every use."""
        module, scope, name = bound.module, bound.scope, bound.name
        self.reading.names.add((id(module), scope, name))
        for user in module.inside(scope):
            for other, node in module.name_uses.get((user, name), ()):
                if other is bound.event:
                    continue
                if user != scope or bound.collected or self._reaches(bound, other):
                    self._push(_Spot(module, user, other, node, flow))
        comprehension = module.comprehensions.get(scope)
        if comprehension is not None:
            user, other, made = comprehension
            for part in (made.key, made.element):
                if part is not None:
                    self._uses(_Spot(module, user, other, part, flow), name)

    def _uses(self, inside: _Spot, name: str) -> None:
        for node in walk(inside.node):
            if isinstance(node, syntax.Name) and node.name == name:
                self._push(replace(inside, node=node))

    def _reaches(self, bound: _Binding, user: syntax.Event) -> bool:
        events = bound.module.bindings.get((bound.scope, (bound.name,)), [])
        found = reaching(bound.module, events, Use(user.block, user.sequence))
        return bound.event in found.events if bound.event is not None else not found.certain

    # --- notes ----------------------------------------------------------------------------------------------

    def _comparison(self, spot: _Spot, node: syntax.Comparison, flow: Flow) -> None:
        if flow.stage not in {"text", "value", "parsed"}:
            return
        for operator, operand in zip(node.operators, node.operands, strict=True):
            formal = spot.node is not node.left and raises_unless(spot.module, spot.scope, node)
            tests_keys = operator in {"in", "not in"} and (flow.stage == "parsed" or formal)
            if operator in {"==", "!=", "in", "not in"} and not tests_keys:
                self._compared(spot, operand, flow)
                self._compared(spot, node.left, flow)

    def _compared(self, spot: _Spot, operand: syntax.Expression, flow: Flow) -> None:
        frame = self._resolver.frames.root(spot.module, spot.scope)
        value = self._resolver.evaluate(operand, at_event(frame, spot.scope, spot.event))
        for constant in filter(is_an_answer, constants(value)):
            self._note("compared", spot)
            if flow.stage != "text":
                self.reading.whole.discard(constant)
            elif constant not in self.reading.compared:
                self.reading.whole.add(constant)
            self.reading.compared.setdefault(constant, self._step(spot, f"it is compared with {constant!r}"))

    def _key(self, spot: _Spot, key: str) -> None:
        self.reading.keys.setdefault(key, self._step(spot, f"`{key}` is read from the answer"))

    def _note(self, word: str, spot: _Spot) -> None:
        self.reading.read_as.setdefault(word, self._step(spot, f"the answer is {WORDS.get(word, word)}"))
        self.reading.certain |= set() if spot.flow.shared else {word}

    def _step(self, spot: _Spot, what: str) -> Step:
        return spot.module.step(spot.event.line, what)
