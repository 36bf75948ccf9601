"""OpenTelemetry traces as JSON come in; the requests that their spans of language models tell about go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from llmlint.errors import Problem, ProblemsError
from llmlint.usage.records import Usage, UsageEntry

DAY = 86_400_000_000_000
"""Nanoseconds."""
NOT_REQUESTS = frozenset({"create_agent", "invoke_agent", "execute_tool", "invoke_workflow"})
"""Operations that hold requests, which have spans of their own."""
EXPORT = "export traces with the file exporter of the OpenTelemetry Collector, or send `resourceSpans` as JSON"

_MODEL = ("gen_ai.response.model", "gen_ai.request.model")
_INPUT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
_OUTPUT = ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
_CACHED = ("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens")
_WRITTEN = ("gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens")
_PATH = ("code.file.path", "code.filepath")
_LINE = ("code.line.number", "code.lineno")
_FUNCTION = ("code.function.name", "code.function")
_TIER = ".response.service_tier"


class _Value(msgspec.Struct):
    string: str | None = msgspec.field(name="stringValue", default=None)
    number: int | str | None = msgspec.field(name="intValue", default=None)
    double: float | None = msgspec.field(name="doubleValue", default=None)


class _Attribute(msgspec.Struct):
    key: str
    value: _Value | None = None


class _Span(msgspec.Struct):
    name: str = ""
    start: int | str = msgspec.field(name="startTimeUnixNano", default=0)
    end: int | str = msgspec.field(name="endTimeUnixNano", default=0)
    attributes: list[_Attribute] = []


class _Scope(msgspec.Struct):
    spans: list[_Span] = []


class _Resource(msgspec.Struct):
    scopes: list[_Scope] = msgspec.field(name="scopeSpans", default_factory=list)


class _Traces(msgspec.Struct):
    resources: list[_Resource] = msgspec.field(name="resourceSpans")


_decoder = msgspec.json.Decoder(_Traces)


def spans_in(data: bytes, name: str) -> Usage:
    """The requests of one JSON object, or of one a line. Raises `ProblemsError` for anything else."""
    entries: list[UsageEntry] = []
    spans = 0
    first, last = None, None
    for span in _spans(data, name):
        spans += 1
        entry = _entry(span, spans, name)
        if entry is not None:
            entries.append(entry)
            start, end = _nanoseconds(span.start), _nanoseconds(span.end)
            first = start if first is None or 0 < start < first else first
            last = end if last is None or end > last else last
    if not entries:
        message = f"none of {spans:,} spans is a request to a language model" if spans else "there are no spans"
        raise ProblemsError([Problem(name, 0, 0, message, "such spans have `gen_ai.request.model` and token counts")])
    days = (last - first) / DAY if first and last and last > first else None
    return Usage(source=name, kind="spans", entries=tuple(entries), days=days)


def _spans(data: bytes, name: str) -> Iterator[_Span]:
    for traces in _documents(data, name):
        for resource in traces.resources:
            for scope in resource.scopes:
                yield from scope.spans


def _documents(data: bytes, name: str) -> Iterator[_Traces]:
    """The file as one object or, where its first line is an object of its own, as one a line."""
    head, _, rest = data.lstrip().partition(b"\n")
    if rest.strip() and _is_object(head):
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.strip():
                yield _decoded(line, name, number)
    else:
        yield _decoded(data, name, 0)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(line, type=dict[str, msgspec.Raw]), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def _decoded(data: bytes, name: str, line: int) -> _Traces:
    try:
        return _decoder.decode(data)
    except msgspec.ValidationError as error:
        said = str(error).replace("Object missing required field `resourceSpans`", "there is no `resourceSpans`")
        raise ProblemsError([Problem(name, line, 1, f"JSON, but no OTLP traces: {_lower(said)}", EXPORT)]) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        place = line or data.count(b"\n") + 1
        whole = "the JSON breaks off" if "truncated" in str(error) else f"not valid JSON: {_lower(str(error))}"
        raise ProblemsError([Problem(name, place, 1, whole, "export it again")]) from None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _entry(span: _Span, number: int, name: str) -> UsageEntry | None:
    """The request that a span stands for, if it does."""
    given = {attribute.key: attribute.value for attribute in span.attributes if attribute.value is not None}
    model = _text(given, _MODEL)
    sent, written = _number(given, _INPUT), _number(given, _OUTPUT)
    operation = _text(given, ("gen_ai.operation.name",))
    if not model or operation in NOT_REQUESTS or (sent is None and written is None):
        return None
    cached, stored = _number(given, _CACHED), _number(given, _WRITTEN)
    if min(sent or 0, written or 0, cached or 0, stored or 0) < 0:
        raise ProblemsError(
            [Problem(name, 0, 0, f"span {number:,} has a negative number of tokens", "export it again")]
        )
    path, line, function = _text(given, _PATH), _number(given, _LINE) or 0, _text(given, _FUNCTION)
    namespace = _text(given, ("code.namespace",))
    return UsageEntry(
        model=model,
        endpoint=operation,
        tier=_tier(given),
        input_tokens=sent or 0,
        cached_tokens=min(cached or 0, sent or 0),
        written_tokens=stored,
        output_tokens=written or 0,
        path=path,
        line=line,
        function=f"{namespace}.{function}" if namespace and function else function,
        where=_where(path, line, function) or f"span `{span.name}`",
    )


def _where(path: str, line: int, function: str) -> str:
    place = f"{path}:{line}" if path and line else path
    return f"{place} in {function}" if place and function else place or function


def _tier(given: Mapping[str, _Value]) -> str:
    found = (value.string for key, value in given.items() if key.endswith(_TIER))
    return next((tier for tier in found if tier), "")


def _text(given: Mapping[str, _Value], names: Iterable[str]) -> str:
    found = (given[name].string for name in names if name in given)
    return next((text for text in found if text), "")


def _number(given: Mapping[str, _Value], names: Iterable[str]) -> int | None:
    """64-bit numbers are text in OTLP; some exporters write plain or floating ones."""
    for name in names:
        value = given.get(name)
        if value is None:
            continue
        if value.double is not None and abs(value.double) < 1e15:
            return int(value.double)
        text = str(value.number if value.number is not None else value.string or "")
        if len(text) <= 18 and text.removeprefix("-").isdecimal():
            return int(text)
    return None


def _nanoseconds(value: int | str) -> int:
    text = str(value)
    return int(text) if len(text) <= 20 and text.isdecimal() else 0
