"""What `llmlint diff` prints: whole outputs, its schema, limits, and text of strangers."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import jsonschema
import msgspec
from referencing import Registry, Resource
from reporting import CALL, CAP, FINDINGS, assert_snapshot, call_site, report_in

from llmlint.comparison import CallChange, Change, Comparison, FixedFinding, NewFinding, Seen
from llmlint.comparison.result import CostChange
from llmlint.cost.records import CallCost, Range, exactly
from llmlint.facts.call_site import CallPath, CallSite, Location, Step, known
from llmlint.findings import Finding, Severity
from llmlint.reporters.diff_markdown import MOST_BYTES, marker
from llmlint.reporters.diff_report import DiffReport
from llmlint.reporters.formats import DIFF_FORMATS, diff_reporter
from llmlint.reporters.report import Report, View

DOCS = Path(__file__).parents[2] / "docs"
HOSTILE = "a|b`<img src=x onerror=alert(1)>\n::error::x --> @team ![x](http://x)"


def document(name: str) -> dict:
    return json.loads((DOCS / name).read_text(encoding="utf-8"))


def difference_in(root: Path, **changes) -> DiffReport:
    report = report_in(root)
    site = call_site()
    cause = Step(Location("src/settings.py", 4), "`MODEL` is set")
    model = Change("model", "model.ids", "", Seen(("gpt-4o-mini",)), Seen(("gpt-4o",), unknown=True))
    cap = Change("output cap", "argument.output_cap", "tokens", Seen((300,)), Seen(absent=True))
    caller = Step(Location("jobs/nightly.py", 9), "`ask(...)` calls it in `main`")
    cheap = CallCost(location=CALL, state="known", per_1000_calls=exactly(0.25))
    dear = CallCost(location=CALL, state="known", per_1000_calls=Range(1, 2.75, 9.5))
    comparison = Comparison(
        added=(site,),
        removed=(msgspec.structs.replace(site, location=Location("src/old.py", 4, 1), function=""),),
        changed=(CallChange(site, site, (model, cap), (caller,), (), (cause, caller), cheap, dear),),
        cost=CostChange(Range(1, 2.5, 9), Range(2, 5, 18), 3),
        unchanged=12,
        new=(NewFinding(FINDINGS[2], Location("src/settings.py", 4, 1, 4, 9), (cause,)), NewFinding(FINDINGS[3], CALL)),
        fixed=(FixedFinding(FINDINGS[4], "removed"), FixedFinding(FINDINGS[0], "silenced")),
    )
    fields = {
        "base": "main (0123456789)", "base_commit": "0123456789abcdef", "head": "the working tree",
        "comparison": comparison, "before": report, "after": report,
    }  # fmt: skip
    return DiffReport(**{**fields, **changes})


def rendered(form: str, report: DiffReport, view: View | None = None) -> str:
    out = io.StringIO()
    diff_reporter(DIFF_FORMATS[form])(report, out, view or View())
    return out.getvalue()


def hostile(root: Path) -> DiffReport:
    place = Location(f"{HOSTILE}.py", 1, 1)
    step = Step(place, HOSTILE)
    facts = {"model.ids": known([HOSTILE]), "endpoint.id": known(HOSTILE)}
    site = CallSite(place, HOSTILE, HOSTILE, facts, (CallPath(facts, (step,)),))
    change = Change("model", "model.ids", "", Seen((HOSTILE,)), Seen((HOSTILE, None)))
    finding = Finding(CAP.name, CAP.code, Severity.WARNING, place, HOSTILE, (step,))
    comparison = Comparison(
        added=(site,),
        removed=(site,),
        changed=(CallChange(site, site, (change,), (step,), (step,), (step,)),),
        new=(NewFinding(finding, place, (step,)),),
        fixed=(FixedFinding(finding, "mended"),),
    )
    return difference_in(root, comparison=comparison, base=HOSTILE, head=HOSTILE, prefix=f"{HOSTILE}/")


def test_text(tmp_path):
    assert_snapshot("diff.txt", rendered("text", difference_in(tmp_path)))


def test_markdown(tmp_path):
    assert_snapshot("diff.md", rendered("markdown", difference_in(tmp_path, prefix="services/api/")))


def test_annotations_and_the_job_summary(tmp_path):
    summary = tmp_path / "summary.md"
    view = View(environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert_snapshot("diff-github.txt", rendered("github", difference_in(tmp_path), view))
    assert summary.read_text(encoding="utf-8") == rendered("markdown", difference_in(tmp_path))


def test_json_keeps_its_contract(tmp_path):
    schema = document("diff.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    registry = Registry().with_resource("report.schema.json", Resource.from_contents(document("report.schema.json")))
    validator = jsonschema.Draft202012Validator(schema, registry=registry)
    for report in (difference_in(tmp_path), hostile(tmp_path), difference_in(tmp_path, comparison=Comparison())):
        validator.validate(json.loads(rendered("json", report)))
    assert "changed lines" in json.dumps(schema)


def test_sarif_has_new_findings_only(tmp_path):
    (run,) = json.loads(rendered("sarif", difference_in(tmp_path)))["runs"]
    assert [result["partialFingerprints"]["llmlint/v1"] for result in run["results"]] == ["0001", "0002"]


def test_nothing_differs(tmp_path):
    report = difference_in(tmp_path, comparison=Comparison(unchanged=3))
    assert rendered("text", report) == "From main (0123456789) to the working tree, no call to a model changes.\n"
    assert rendered("markdown", report).startswith("<!-- llmlint diff -->\n## llmlint: no call to a model changes\n")
    assert "::" not in rendered("github", report)


def test_text_of_strangers_stays_text(tmp_path):
    report = hostile(tmp_path)
    for form in ("text", "markdown", "github"):
        assert not re.search(r"^::error::x", rendered(form, report), re.MULTILINE)
    comment = rendered("markdown", report)
    assert comment.split("\n")[0].count("-->") == 1
    outside_of_code = re.sub(r"(`+).*?\1", "", comment)
    assert "<img" not in outside_of_code
    assert "![x](" not in outside_of_code
    rows = [line for line in comment.split("\n") if line.startswith("| ")]
    assert len(rows) == 17, "five heads of two lines, and seven rows"


def test_a_comment_is_never_too_long(tmp_path):
    new = tuple(NewFinding(FINDINGS[2], CALL) for _ in range(2_000))
    comment = rendered("markdown", difference_in(tmp_path, comparison=Comparison(new=new)))
    assert len(comment.encode()) <= MOST_BYTES
    assert re.search(r"^1,\d{3} more rows did not fit\.$", comment, re.MULTILINE)


def test_the_mark_is_the_same_for_a_project_and_differs_between_projects():
    assert marker("") == "<!-- llmlint diff -->"
    assert marker("services/api/") == "<!-- llmlint diff services/api -->"
    assert "-->" not in marker("a-->b/")[:-3]


def test_files_that_can_not_be_read_are_told(tmp_path):
    report = difference_in(tmp_path)
    quiet = difference_in(tmp_path, before=Report(root=tmp_path), after=Report(root=tmp_path))
    assert "1 file of the working tree could not be read." in rendered("text", report)
    assert "could not be read" not in rendered("text", quiet)
