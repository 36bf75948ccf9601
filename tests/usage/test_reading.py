"""Usage files: what is read of them, and clear words for those that are broken off, of another kind, or huge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from llmlint.errors import LlmlintError, ProblemsError
from llmlint.usage import Usage, reading, table
from llmlint.usage.reading import read_usage
from llmlint.usage.spans import spans_in
from llmlint.usage.table import table_in

SAMPLES = Path(__file__).parents[2] / "fixtures" / "usage"


def span(**given: str | int) -> dict:
    attributes = [
        {"key": key.replace("__", "."), "value": {"stringValue" if isinstance(value, str) else "intValue": value}}
        for key, value in given.items()
    ]
    return {"name": "chat", "startTimeUnixNano": "1", "endTimeUnixNano": 2, "attributes": attributes}


def traces(*spans: dict) -> bytes:
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}).encode()


def test_lines_and_one_object_are_the_same_form():
    lines, whole = read_usage(SAMPLES / "spans.jsonl"), read_usage(SAMPLES / "spans.json")
    assert lines.entries == whole.entries[: len(lines.entries)]
    assert len(lines.entries) == 4


def test_old_and_new_names_of_attributes():
    old = span(gen_ai__request__model="m", gen_ai__usage__prompt_tokens=5, gen_ai__usage__completion_tokens="7")
    (entry,) = spans_in(traces(old), "f").entries
    assert (entry.model, entry.input_tokens, entry.output_tokens) == ("m", 5, 7)


def test_the_tier_of_the_answer():
    tier = span(gen_ai__request__model="m", gen_ai__usage__input_tokens=5, x__response__service_tier="flex")
    (entry,) = spans_in(traces(tier), "f").entries
    assert entry.tier == "flex"


def test_agents_hold_requests_and_are_none():
    agent = span(gen_ai__operation__name="invoke_agent", gen_ai__request__model="m", gen_ai__usage__input_tokens=5)
    with pytest.raises(ProblemsError, match="none of 1 spans is a request"):
        spans_in(traces(agent), "f")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("truncated.json", r":\d+:1: the JSON breaks off \(export it again\)"),
        ("metrics.json", "JSON, but no OTLP traces: there is no `resourceSpans`"),
        ("web-only.json", "none of 1 spans is a request to a language model"),
        ("costs.csv", ":1:1: no usage table: no column `model`, `requests`, `input_tokens`"),
        ("empty.csv", "the file is empty"),
        ("numbers.csv", ":2:1: `requests` is no number of things: `many`"),
        ("numbers.csv", ":4:1: the row breaks off before `output_tokens`"),
        ("absent.csv", "there is no such file"),
        ("", "this is no file"),
    ],
)
def test_samples_of_mistakes(name: str, said: str):
    with pytest.raises(LlmlintError, match=said):
        read_usage(SAMPLES / "bad" / name)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", "the file is binary"),
        (b"model,requests,input_tokens\n\xff,1,1\n", ":2:1: not UTF-8 text"),
        (b"[1, 2]", "JSON, but no OTLP traces"),
        (b'{"resourceSpans": 5}', "JSON, but no OTLP traces"),
        (b'{"resourceSpans": []}\n{"resourceSpans": [}\n', ":2:1: not valid JSON"),
        (b"[" * 100_000, "not valid JSON|JSON"),
        (b"model,requests,input_tokens\n", "there are no requests in the table"),
        (b"model,requests,input_tokens,cached_tokens\nm,1,5,50\n", ":2:1: 50 of 5 `input_tokens` are cached"),
        (b'model,requests,input_tokens\n"' + b"a" * 200_000, "not valid CSV"),
        (traces(span(gen_ai__request__model="m", gen_ai__usage__input_tokens=-5)), "negative number of tokens"),
    ],
)
def test_other_mistakes(tmp_path: Path, data: bytes, said: str):
    (tmp_path / "usage").write_bytes(data)
    with pytest.raises(LlmlintError, match=said):
        read_usage(tmp_path / "usage")


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 1000)
    (tmp_path / "usage.csv").write_text("model,requests,input_tokens\n" + "m,1,1\n" * 1000)
    with pytest.raises(LlmlintError, match="larger than"):
        read_usage(tmp_path / "usage.csv")


def test_a_table_with_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(table, "MOST_ROWS", 10)
    with pytest.raises(LlmlintError, match="more than 10 rows"):
        table_in("model,requests,input_tokens\n" + "m,1,1\n" * 11, "f")


def test_numbers_as_spreadsheets_write_them():
    (entry,) = table_in("Model,Requests,Input_Tokens,output_tokens\nm,3.0,7,\n", "f").entries
    assert (entry.requests, entry.input_tokens, entry.output_tokens) == (3, 7, 0)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@hypothesis_settings(deadline=None, max_examples=80)
@given(ANY | st.builds(lambda value: {"resourceSpans": [{"scopeSpans": [{"spans": [value]}]}]}, ANY) | ANY)
def test_any_json_is_read_or_told(value: object):
    try:
        found = spans_in(json.dumps(value).encode(), "f")
    except LlmlintError as error:
        assert str(error).startswith("f")
    else:
        assert isinstance(found, Usage)


@hypothesis_settings(deadline=None, max_examples=80)
@given(st.text())
def test_any_text_is_read_or_told(text: str):
    try:
        found = table_in("model,requests,input_tokens,date\n" + text, "f")
    except LlmlintError as error:
        assert str(error).startswith("f")
    else:
        assert isinstance(found, Usage)
