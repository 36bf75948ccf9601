"""The code-quality report: what GitLab says it reads, as a schema, and hostile text."""

import json

import jsonschema
from reporting import FINDINGS, rendered, report_in

from llmlint.facts.call_site import Location
from llmlint.findings import Finding, Severity
from llmlint.reporters.report import Report, View

SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "additionalProperties": False,
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}},
                    },
                },
            },
        },
    },
}


def entries(report, view=None):
    found = json.loads(rendered("gitlab", report, view))
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


def test_active_findings_are_in_it(tmp_path):
    found = entries(report_in(tmp_path))
    assert [each["fingerprint"] for each in found] == ["0004", "0001", "0002"]
    assert [each["severity"] for each in found] == ["info", "minor", "major"]
    assert found[1]["location"] == {"path": "src/app.py", "lines": {"begin": 10, "end": 16}}
    assert found[1]["check_name"] == "llmlint/LLM102"


def test_a_cell_is_named_where_no_line_of_it_can_be(tmp_path):
    first = entries(report_in(tmp_path))[0]
    assert first["location"] == {"path": "nb/tour.ipynb", "lines": {"begin": 1}}
    assert first["description"].startswith("missing-output-cap: Cell 1, line 3: ")


def test_paths_are_those_of_the_checkout(tmp_path):
    view = View(environment={"CI_PROJECT_DIR": str(tmp_path.parent)})
    assert entries(report_in(tmp_path), view)[1]["location"]["path"] == f"{tmp_path.name}/src/app.py"


def test_no_findings_and_hostile_ones(tmp_path):
    assert rendered("gitlab", Report(root=tmp_path)) == "[]\n"
    hostile = "\ud800\x00</script>"
    place = Location(hostile, 0, 0)
    finding = Finding("a-rule", "LLM1", Severity.ERROR, place, hostile, fingerprint=FINDINGS[0].fingerprint)
    assert entries(Report(root=tmp_path, findings=(finding,)))[0]["location"]["lines"] == {"begin": 1}
