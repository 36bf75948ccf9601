"""JSON of checks and audits: whole outputs, the published schema, and values that JSON can't hold."""

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest
from reporting import CALL, assert_snapshot, call_site, rendered, report_in

from llmlint.facts.call_site import CallPath, CallSite, Location, Step, absent, known, unknown
from llmlint.facts.vocabulary import NAMES
from llmlint.findings import Finding, Severity
from llmlint.reporters import inventory
from llmlint.reporters.report import Report

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def site(facts, *paths, callers=()):
    others = tuple(CallPath({**facts, **path}) for path in paths) or (CallPath(facts),)
    return CallSite(CALL, "ask", "create", facts, others, callers)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("audit", [False, True])
def test_the_whole_report(tmp_path, audit):
    text = rendered("json", report_in(tmp_path), audit=audit)
    assert_snapshot("audit.json" if audit else "check.json", text)
    VALIDATOR.validate(json.loads(text))
    assert ("call_sites" in json.loads(text)) is audit


def test_an_empty_report_is_valid(tmp_path):
    for audit in (False, True):
        VALIDATOR.validate(json.loads(rendered("json", Report(root=tmp_path), audit=audit)))


def test_the_schema_is_strict(tmp_path):
    document = json.loads(rendered("json", report_in(tmp_path), audit=True))
    broken = [
        {**document, "extra": 1},
        {**document, "format": 2},
        {**document, "findings": [{**document["findings"][0], "severity": "fatal"}]},
        {**document, "findings": [{**document["findings"][0], "line": 0}]},
        {**document, "call_sites": [{**document["call_sites"][0], "loop": "stream"}]},
        {**document, "call_sites": [{**document["call_sites"][0], "facts": {"a.b": {"state": "known"}}}]},
    ]
    assert not any(VALIDATOR.is_valid(each) for each in broken)


def test_time_and_place_of_the_run_change_nothing(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    first = rendered("json", report_in(here, elapsed=0.1), audit=True)
    assert first == rendered("json", report_in(there, elapsed=9.9), audit=True)


def test_hostile_text_stays_valid_ascii_json(tmp_path):
    place = Location("a\udcff\x1b\n.py", 1, 1, 1, 2)
    evil = "\ud800 \u202e </script> \x00"
    finding = Finding("a-rule", "LLM001", Severity.ERROR, place, evil, (Step(place, evil),), reason=evil)
    facts = {"prompt.text": known(evil), "x.y": known({evil: [evil]}), "z.z": unknown(evil)}
    report = Report(root=tmp_path, findings=(finding,), call_sites=(site(facts),))
    text = rendered("json", report, audit=True)
    assert text.isascii()
    VALIDATOR.validate(json.loads(text))
    text.encode("utf-8")
    assert "\\ud800" not in text


def test_values_that_json_has_not_are_written_in_words(tmp_path):
    deep: list = []
    for _ in range(5_000):
        deep = [deep]
    facts = {
        "a.infinity": known(float("inf")),
        "a.nan": known(float("nan")),
        "a.giant": known(10**5_000),
        "a.deep": known(deep),
        "a.flag": known(True),
    }
    text = rendered("json", Report(root=tmp_path, call_sites=(site(facts),)), audit=True)
    values = {name: fact["value"] for name, fact in json.loads(text)["call_sites"][0]["facts"].items()}
    assert values["a.infinity"] == "inf"
    assert values["a.nan"] == "nan"
    assert values["a.giant"] == "a number beyond 64 bits"
    assert "(nested too deeply)" in json.dumps(values["a.deep"])
    assert values["a.flag"] is True


CAPPED = {"endpoint.cap_parameter": known("max_tokens")}


@pytest.mark.parametrize(
    ("key", "facts", "expected"),
    [
        ("vendor", {"client.host": known("azure")}, "azure"),
        ("vendor", {"client.host": unknown("a parameter")}, "unknown"),
        ("vendor", {"client.host": known("elsewhere")}, "unknown"),
        ("vendor", {}, "unknown"),
        ("models", {"model.ids": known(["a", "b"])}, ["a", "b"]),
        ("models", {"model.ids": known("a")}, ["a"]),
        ("models", {"model.ids": known([])}, []),
        ("models", {"model.ids": unknown("the environment")}, []),
        ("output_cap", {}, "not_applicable"),
        ("output_cap", {"endpoint.cap_parameter": absent(), "argument.output_cap": known(5)}, "not_applicable"),
        ("output_cap", CAPPED, "absent"),
        ("output_cap", {**CAPPED, "argument.output_cap": known(None)}, "present"),
        ("output_cap", {**CAPPED, "argument.output_cap": known(5)}, "present"),
        ("output_cap", {**CAPPED, "argument.output_cap": unknown("a splat")}, "unknown"),
        ("format", {"endpoint.kind": known("generation")}, "text"),
        ("format", {"endpoint.kind": known("embedding")}, "text"),
        ("format", {"output.format": known("json_object")}, "json_object"),
        ("format", {"output.format": unknown("a splat")}, "unknown"),
        ("role", {"surroundings.role": known("library")}, "library"),
        ("role", {}, "unknown"),
        ("loop", {}, "none"),
        ("loop", {"surroundings.loop": known("dataset")}, "dataset"),
        ("loop", {"surroundings.loop": known("stream")}, "unknown"),
        ("loop", {"surroundings.loop": unknown("the caller")}, "unknown"),
        ("endpoint", {"endpoint.id": known("responses.create")}, "responses.create"),
    ],
)
def test_short_keys_summarise_the_facts(key, facts, expected):
    assert inventory.entry(site(facts))[key] == expected


def test_paths_that_differ_in_a_fact_may_agree_in_its_summary():
    cap = "argument.output_cap"
    joined = {**CAPPED, cap: unknown("the callers differ"), "model.ids": unknown("the callers differ")}
    both = site(
        joined,
        {cap: known(10), "model.ids": known(["a", "b"])},
        {cap: known(20), "model.ids": known(["b", "c"])},
    )
    assert inventory.entry(both)["output_cap"] == "present"
    assert inventory.entry(both)["models"] == ["a", "b", "c"]
    one = site(joined, {cap: known(10), "model.ids": known(["a"])}, {cap: absent()})
    assert inventory.entry(one)["output_cap"] == "unknown"
    assert inventory.entry(one)["models"] == []


def test_words_of_short_keys_are_those_of_the_vocabulary():
    assert set(inventory.VENDORS) == set(NAMES["client.host"].values)
    assert set(inventory.ROLES) == set(NAMES["surroundings.role"].values)
    assert set(inventory.FORMATS) == set(NAMES["output.format"].values)
    assert set(inventory.LOOPS) == set(NAMES["surroundings.loop"].values) - {"stream"}


def test_facts_stand_in_the_order_of_the_vocabulary():
    facts = dict.fromkeys(["z.z", *reversed(NAMES), "a.a"], absent())
    assert list(inventory.entry(site(facts))["facts"]) == [*NAMES, "a.a", "z.z"]


def test_json_lines_hold_the_entries_of_the_audit(tmp_path):
    report = report_in(tmp_path, call_sites=(call_site(), call_site()))
    lines = rendered("jsonl", report, audit=True).splitlines()
    audit = json.loads(rendered("json", report, audit=True))
    assert [json.loads(line) for line in lines] == audit["call_sites"]


def test_the_csv_inventory(tmp_path):
    assert_snapshot("inventory.csv", rendered("csv", report_in(tmp_path), audit=True))


def test_csv_fields_are_no_formulas_and_no_extra_rows(tmp_path):
    names = ["=1+1", "@x", "+x", "-x", 'a"b,c', "a\nb", "\x1b[0m"]
    sites = tuple(CallSite(Location(name, 1), name, "f", {}, (CallPath({}),)) for name in names)
    text = rendered("csv", Report(root=tmp_path, call_sites=sites), audit=True)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["path"] for row in rows] == ["'=1+1", "'@x", "'+x", "'-x", 'a"b,c', r"a\x0ab", r"\x1b[0m"]
    assert [row["function"] for row in rows] == [row["path"] for row in rows]
