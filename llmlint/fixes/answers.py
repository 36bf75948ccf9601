"""`send-schema`: a schema of the keys that the code reads from an answer, sent with the request."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from llmlint.fixes import schemas
from llmlint.fixes.arguments import appended
from llmlint.fixes.examples import learn_from_prompt
from llmlint.fixes.insertion import above_statement, import_of, without_statement
from llmlint.fixes.reading import Reading, is_plain, reading_of, shape_elsewhere
from llmlint.fixes.scene import Made, Scene
from llmlint.fixes.shapes import Shape
from llmlint.fixes.source import Change, Source, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODULE, _CLASS = "pydantic", "BaseModel"
_OTHER_ANSWERS = ("with_raw_response", "with_streaming_response")


def send_schema(scene: Scene) -> Made | None:
    """Changes where the call and all reading of its answer stand in one function; else only a sketch."""
    call = scene.source.call_at(scene.location)
    if call is None or scene.wanted.standing != "call":
        return None
    plan = _planned(scene, call)
    if plan is None:
        return None
    changes = _to_class(plan) if plan.local and plan.by_class and _reading_can_change(plan) else None
    if plan.local and changes is None and (other := _to_json(plan)) is not None:
        plan, changes = replace(plan, by_class=False), other
    return Made(changes or (), _sketch(plan), _title(plan))


@dataclass(frozen=True)
class _Plan:
    """What is to be sent. `cls` is a class that the project has already; `local`, that all the reading is in sight."""

    scene: Scene
    call: ast.Call
    reading: Reading
    shape: Shape
    name: str
    cls: str
    by_class: bool
    local: bool

    @property
    def source(self) -> Source:
        return self.scene.source


def _planned(scene: Scene, call: ast.Call) -> _Plan | None:
    source = scene.source
    reading = reading_of(source, call)
    given = scene.wanted.values.get("keys")
    keys = [key for key in given if isinstance(key, str)] if isinstance(given, list) else []
    into = next((one.cls for one in reading.parsed if one.cls is not None), None)
    cls = source.segment(into) if isinstance(into, ast.Name | ast.Attribute) and len(reading.parsed) == 1 else ""
    here = bool(reading.parsed) and set(keys) <= set(reading.shape.all_keys())
    shape = reading.shape if here else shape_elsewhere(keys, scene.wanted.origins.get("keys", ()), scene.other)
    if not cls and not shape.fields:
        return None
    for value in shape.fields.values():
        if reading.shape.values and not value.kinds and not value.fields:
            value.kinds.add(reading.shape.values)
    learn_from_prompt(shape, scene.text("prompt"))
    certain = here and shape.certain and shape.closed and not shape.open
    name = _function_name(reading)
    sure = scene.wanted.values.get("certain", True) is True
    return _Plan(scene, call, reading, shape, name, cls, _sends_class(scene, cls), sure and (bool(cls) or certain))


def _sends_class(scene: Scene, cls: str) -> bool:
    """Whether a class may be sent: there is a method that takes one, and the project knows such classes."""
    if not scene.text("method") or not (cls or scene.uses(_MODULE)):
        return False
    version = scene.version(scene.text("package")) if scene.text("package") else None
    return version is None or version >= tuple(int(part) for part in scene.text("since").split("."))


def _function_name(reading: Reading) -> str:
    name = reading.function.name.strip("_") if not isinstance(reading.function, ast.Module) else ""
    return f"{name}_answer" if name else "answer"


def _title(plan: _Plan) -> str:
    if not plan.by_class:
        return "Send the JSON schema of the keys that are read, with `strict`."
    since = f" ({plan.scene.text('package')} {plan.scene.text('since')} or later)" if plan.scene.text("since") else ""
    return f"Send a class with the fields that are read, by `{plan.scene.text('method')}`{since}."


# --- a class ------------------------------------------------------------------------------------------------


def _to_class(plan: _Plan) -> list[Change] | None:
    """The class above the function, the method that takes it, and attributes instead of keys."""
    source, scene, reading = plan.source, plan.scene, plan.reading
    parsed = _read_instead(plan)
    method = _method(plan)
    if parsed is None or method is None:
        return None
    name = plan.cls or schemas.fresh(schemas.camel(plan.name), source.names())
    argument = _argument(plan, scene.text("class_argument"), name)
    if argument is None:
        return None
    changes = [*parsed, *method, argument]
    if not plan.cls:
        base, needed = import_of(source, _MODULE, _CLASS, scene.text("package"))
        text = schemas.classes(name, plan.shape, base, source.names())
        definition = above_statement(source, plan.call, text)
        if any(change.start > definition.start for change in needed):
            return None  # it would stand above the import that it needs
        changes += [*needed, definition]
    changes += _without_import(source, [one.node for one in reading.parsed])
    return changes


def _reading_can_change(plan: _Plan) -> bool:
    """Whether attributes of an instance do what the keys did: nobody asks for keys, or waits for errors of theirs."""
    if plan.cls:
        return True
    caught = {name for one in plan.reading.parsed for name in _caught(plan.source, one.node)}
    return not plan.shape.any_tested and schemas.can_be_fields(plan.shape) and not caught & _ERRORS


_ERRORS = frozenset({"JSONDecodeError", "KeyError", "TypeError", "ValueError"})


def _caught(source: Source, node: ast.AST) -> Iterator[str]:
    """What is caught around a node by name."""
    for above in source.around(node):
        for handler in above.handlers if isinstance(above, ast.Try) else ():
            kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
            yield from map(name_of, kinds)


def _read_instead(plan: _Plan) -> list[Change] | None:
    """The instance instead of what was parsed, and its attributes instead of keys."""
    source, reading = plan.source, plan.reading
    way, parsed = plan.scene.text("answer"), plan.scene.text("parsed")
    if not reading.answer or not way:
        return None
    changes: list[Change] = []
    for one in reading.parsed:
        plain, naming = is_plain(source, reading, one, way)
        if not plain or len(one.node.args) != 1 or one.node.keywords:
            return None
        changes.append(Change(*source.span(one.node), f"{reading.answer}{parsed}"))
        if naming is not None:
            removed = without_statement(source, naming)
            if removed is None:
                return None
            changes.append(removed)
    for read in () if plan.cls else plan.shape.all_reads():
        if not source.is_at(read.node) or not source.is_at(read.base):
            return None
        changes.append(Change(source.span(read.base)[1], source.span(read.node)[1], f".{read.key}"))
    return changes


def _method(plan: _Plan) -> list[Change] | None:
    """Another method at the end of the callee; None for calls that give something else than the answer."""
    callee = plan.call.func
    written = plan.source.segment(callee)
    streams = any(keyword.arg == "stream" for keyword in plan.call.keywords)
    if not isinstance(callee, ast.Attribute) or streams or any(word in written for word in _OTHER_ANSWERS):
        return None
    method = plan.scene.text("method")
    end = plan.source.span(callee)[1]
    return [] if callee.attr == method else [Change(end - len(callee.attr), end, method)]


def _argument(plan: _Plan, name: str, value: str) -> Change | None:
    """The argument that asks for the format, in place of what asked for JSON or behind the other arguments."""
    source, call = plan.source, plan.call
    old = plan.scene.text("argument")
    for keyword in call.keywords:
        if keyword.arg in (old, name):
            given = keyword.value
            alone = isinstance(given, ast.Dict) and len(given.keys) == 1
            alone |= isinstance(given, ast.Name | ast.Attribute) and old == plan.scene.text("class_argument")
            return Change(*source.span(keyword), f"{name}={value}") if alone else None
    if any(keyword.arg is None for keyword in call.keywords):
        return None  # the format may be in what is splatted
    return appended(source, source.span(call)[1] - 1, (*call.args, *call.keywords), f"{name}={value}")


def _without_import(source: Source, parsers: Sequence[ast.Call]) -> Iterator[Change]:
    """`import json` goes where nothing needs it any more."""
    modules = {
        one.func.value.id
        for one in parsers
        if isinstance(one.func, ast.Attribute) and isinstance(one.func.value, ast.Name)
    }
    gone = {id(one.func.value) for one in parsers if isinstance(one.func, ast.Attribute)}
    for statement in source.tree.body:
        if isinstance(statement, ast.Import) and len(statement.names) == 1 and statement.names[0].name in modules:
            name = statement.names[0].asname or statement.names[0].name
            used = (node for node in ast.walk(source.tree) if isinstance(node, ast.Name) and node.id == name)
            removed = without_statement(source, statement)
            if removed is not None and all(id(node) in gone for node in used):
                yield removed


# --- a JSON schema ------------------------------------------------------------------------------------------


def _to_json(plan: _Plan) -> list[Change] | None:
    """The schema as a constant above the function; what reads the answer stays as it is."""
    source, scene = plan.source, plan.scene
    if plan.cls or not plan.shape.fields:
        return None
    name = schemas.fresh(plan.name.upper(), source.names())
    value = name
    argument = scene.text("argument")
    template = scene.text("schema")
    change = _argument(plan, argument, value)
    if change is None:
        return None
    text = schemas.constant(name, template, plan.name[:64], plan.shape)
    return [change, above_statement(source, plan.call, text)]


# --- to be shown --------------------------------------------------------------------------------------------


def _sketch(plan: _Plan) -> str:
    """What is meant, to be read and copied."""
    scene = plan.scene
    callee = plan.source.segment(plan.call.func)
    answer = plan.reading.answer or "response"
    if plan.by_class and (plan.cls or schemas.can_be_fields(plan.shape)):
        name = plan.cls or schemas.camel(plan.name)
        text = "" if plan.cls else schemas.classes(name, plan.shape, _CLASS, ()) + "\n\n"
        method = callee.removesuffix(name_of(plan.call.func)) + scene.text("method")
        text += f"{answer} = {method}(..., {scene.text('class_argument')}={name})\n"
        return text + f"data = {answer}{scene.text('parsed')}\n"
    if not plan.shape.fields:
        return ""
    name = plan.name.upper()
    text = schemas.constant(name, scene.text("schema"), plan.name[:64], plan.shape)
    guessed = [key for key, value in plan.shape.fields.items() if not value.certain]
    note = f"# Nothing shows the type of: {', '.join(guessed)}.\n" if guessed else ""
    return f"{note}{text}\n{answer} = {callee}(..., {scene.text('argument')}={name})\n"
