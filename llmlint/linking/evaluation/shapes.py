"""Whether a value is one text or a list of them, as far as that shows in what made it, in annotations and in names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from llmlint.catalog.entries import Endpoint
from llmlint.facts import syntax
from llmlint.linking.evaluation.frames import Frame
from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import (
    Computed,
    Constant,
    Element,
    External,
    Invocation,
    Items,
    Made,
    Many,
    Member,
    OpenFile,
    Unknown,
    Value,
    is_text,
    options,
)
from llmlint.linking.program.wording import source

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver

Shape = Literal["text", "list", ""]

_LISTS = re.compile(r"(typing\.)?(List|Sequence|Iterable|Iterator|Tuple|Collection|Set|list|tuple|set|np\.ndarray)\b")
_STRING = frozenset({"str", "Optional[str]", "str | None", "typing.Optional[str]", "Text"})
_PLURAL = re.compile(
    r"(^|_)(texts|inputs|sentences|documents|docs|chunks|batch|batches|queries|questions|prompts|contents|strings|items"
    r"|lines|passages|data|corpus|list|values|rows|titles|names|words|segments|paragraphs|nodes|samples|records)\d*$",
    re.IGNORECASE,
)
_SINGULAR = re.compile(
    r"(^|_)(text|sentence|document|doc|chunk|query|question|prompt|content|string|line|passage|body|title|name|word"
    r"|segment|paragraph|summary|description|abstract|message|answer|s|t|x|q)\d*$",
    re.IGNORECASE,
)
_LISTING = frozenset({"tolist", "to_list", "split_text", "split_documents", "readlines", "keys", "values"})
_DEPTH = 6


def shape_of(resolver: Resolver, value: Value, depth: int = 0) -> Shape:
    """What made a value shows."""
    if depth > _DEPTH:
        return ""
    if is_text(value) or (isinstance(value, Unknown) and value.text):
        return "text"
    match value:
        case Items():
            return "list"
        case Computed(inputs=(first, *_)):
            return "text" if shape_of(resolver, first, depth + 1) == "text" else ""
        case Made(function=Member(owner=owner, name=name)):
            return _of_method(resolver, owner, name, depth)
        case Made(function=function):
            return _of_function(resolver, dotted_name(function) or "")
        case _:
            return ""


def _of_method(resolver: Resolver, owner: Value, name: str, depth: int) -> Shape:
    if name in _LISTING:
        return "list"
    if isinstance(owner, OpenFile) and name == "read":
        return "text"
    ecosystem = resolver.catalog.ecosystem
    found = ecosystem.method("text", name)
    if found is not None:
        return "list" if found.kind == "lines" else "text"
    if ecosystem.method("text_file", name) is not None or ecosystem.method("serialiser", name) is not None:
        return "text"
    return shape_of(resolver, owner, depth + 1) if name in {"get", "copy"} else ""


def _of_function(resolver: Resolver, name: str) -> Shape:
    ecosystem = resolver.catalog.ecosystem
    found = ecosystem.function("text", name)
    if found is not None:
        return "list" if found.kind == "lines" else "text"
    return "text" if ecosystem.function("serialiser", name) is not None else ""


def is_one_text(resolver: Resolver, value: Value, written: syntax.Expression) -> bool:
    """Whether what is sliced is a text, so that the slice is one as well."""
    shape = shape_of(resolver, value)
    return shape == "text" or (not shape and bool(_SINGULAR.search(source(written).rsplit(".", 1)[-1])))


def argument(call: syntax.Call, endpoint: Endpoint, canonical: str) -> syntax.Expression | None:
    """The expression that a call gives for an argument of an endpoint, where it is spelt out."""
    for spelling in endpoint.arguments.get(canonical, ()):
        for given in call.arguments:
            if given.keyword == spelling.path[0]:
                return given.value
    return None


def several(resolver: Resolver, value: Value, frame: Frame, given: syntax.Expression | None) -> bool | None:
    """Whether an input that takes a text or a list of texts is given several; None when that can't be told."""
    if isinstance(value, Items) and not any(isinstance(item, Many) for item in value.items):
        return len(value.items) > 1
    annotated, names = _on_the_way(frame, given)
    if annotated:
        return annotated == "list"
    found = {shape_of(resolver, option) for option in options(value)}
    if found == {"text"}:
        return False
    if found == {"list"}:
        return True
    return _by_name(value, names)


def _by_name(value: Value, names: list[str]) -> bool | None:
    """An item or a field is one text, unless its name says otherwise; what isn't known needs a name for it."""
    names = [name for name in (_name_of(value), *names) if name]
    if any(_PLURAL.search(name) for name in names):
        return None
    if isinstance(value, Element) or any(_SINGULAR.search(name) for name in names):
        return False
    return None


def _name_of(value: Value) -> str:
    match value:
        case Member(name=name) | Unknown(name=name):
            return name
        case External(name=name):
            return name.rsplit(".", 1)[-1]
        case Element(key=Constant(value=str() as key)):
            return key
        case _:
            return ""


def _on_the_way(frame: Frame, given: syntax.Expression | None) -> tuple[Shape, list[str]]:
    """What the annotations of the parameters say through which a value is passed on, and the names it has there."""
    names: list[str] = []
    while given is not None:
        names.append(source(given).rsplit(".", 1)[-1])
        scope = frame.module.facts.scopes[frame.scope]
        name = given.name if isinstance(given, syntax.Name) else None
        position = next((i for i, p in enumerate(scope.parameters) if p.name == name), None)
        if name is None or position is None or (frame.scope, (name,)) in frame.module.bindings:
            break
        found = annotation_shape(scope.parameters[position].annotation)
        if found or frame.invocation is None:
            return found, names
        given = _passed(frame.invocation, name, position - (1 if frame.receiver is not None else 0))
        frame = frame.invocation.at.frame
    return "", names


def _passed(invocation: Invocation, name: str, position: int) -> syntax.Expression | None:
    if invocation.open or invocation.elementwise or invocation.partial is not None:
        return None
    arguments = invocation.call.arguments[invocation.skip :]
    for argument in arguments:
        if argument.keyword == name:
            return argument.value
    plain = [argument for argument in arguments if argument.keyword is None and not argument.star]
    return plain[position].value if 0 <= position < len(plain) else None


def annotation_shape(annotation: syntax.Expression | None) -> Shape:
    """`str` and the like are text; lists, sequences and arrays are lists; a union of both says nothing."""
    if annotation is None:
        return ""
    text = source(annotation).strip("'\"")
    inner = text.removeprefix("typing.").removeprefix("Optional[")
    if text in _STRING:
        return "text"
    return "list" if _LISTS.match(inner) else ""
