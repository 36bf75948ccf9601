"""Workflow commands and the job summary: limits and hostile text."""

import re

import pytest
from reporting import assert_snapshot, rendered, report_in

from llmlint.facts.call_site import Location
from llmlint.findings import Finding, Severity, Status
from llmlint.reporters.escape import code_span, markdown, markdown_prose
from llmlint.reporters.github import SUMMARY_BYTES
from llmlint.reporters.report import Report, View


def finding(line=1, severity=Severity.WARNING, path="app.py", message="Said.", **fields):
    return Finding("a-rule", "LLM001", severity, Location(path, line, 3, line + 2, 4), message, **fields)


def log_of(*findings, environment=None, root):
    return rendered("github", Report(root=root, findings=findings), View(environment=environment or {}))


def commands(log):
    return [line for line in log.splitlines() if line.startswith("::")]


def test_the_whole_report(tmp_path):
    summary = tmp_path / "summary.md"
    view = View(environment={"GITHUB_STEP_SUMMARY": str(summary)})
    assert_snapshot("github.txt", rendered("github", report_in(tmp_path), view))
    assert_snapshot("github-summary.md", summary.read_text(encoding="utf-8"))


def test_ten_annotations_of_each_level_worst_first(tmp_path):
    severities = [Severity.INFO, Severity.WARNING, Severity.ERROR]
    findings = [finding(n, severity) for severity in severities for n in range(1, 13)]
    log = log_of(*findings, root=tmp_path)
    levels = [re.match("::([a-z]+) ", line)[1] for line in commands(log)]
    assert levels == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert [line.split(" LLM001")[0] for line in log.splitlines()[30:36]] == [f"app.py:{n}:3" for n in (11, 12) * 3]
    assert "30 of them are annotations" in log


def test_suppressed_findings_are_no_annotations(tmp_path):
    log = log_of(finding(status=Status.SUPPRESSED), root=tmp_path)
    assert commands(log) == []
    assert "1 finding suppressed" in log


def test_commands_are_escaped(tmp_path):
    evil = finding(path="a,b:c%\n::error::x.py", message="100%\r\n::set-env name=x::y \x1b[2J")
    (command,) = commands(log_of(evil, root=tmp_path))
    assert command == (
        "::warning file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax.py,line=1,endLine=3,col=3,title=LLM001 a-rule"
        r"::100%25\x0d%0A::set-env name=x::y \x1b[2J"
    )


def test_log_lines_are_no_commands(tmp_path):
    evil = [finding(n, path="::error::", message="\n::error::x ##[error]y") for n in range(12)]
    log = log_of(*evil, root=tmp_path)
    assert len(commands(log)) == 10
    plain = [line for line in log.splitlines() if not line.startswith("::")]
    assert not any("##[" in line or line.lstrip().startswith("::") for line in plain)


def test_in_a_notebook_the_place_stands_in_the_message(tmp_path):
    cell = Finding("a-rule", "LLM001", Severity.ERROR, Location("n.ipynb", 3, 5, 3, 8, 7), "Said.")
    (command,) = commands(log_of(cell, root=tmp_path))
    assert command == "::error file=n.ipynb,title=LLM001 a-rule::Cell 7, line 3: Said."


@pytest.mark.parametrize(
    ("workspace", "file"), [("", "svc/app.py"), ("svc", "app.py"), ("elsewhere", "app.py"), (None, "app.py")]
)
def test_paths_start_at_the_checkout(tmp_path, workspace, file):
    environment = {} if workspace is None else {"GITHUB_WORKSPACE": str(tmp_path / workspace)}
    (command,) = commands(log_of(finding(), root=tmp_path / "svc", environment=environment))
    assert f"file={file}," in command


def test_a_clean_run_is_one_line(tmp_path):
    assert rendered("github", Report(root=tmp_path, files=3)) == (
        "No calls to a model in 3 files, so nothing to report.\n"
    )


def test_the_summary_is_appended_within_githubs_limit(tmp_path):
    file = tmp_path / "summary.md"
    file.write_text("# Before\n")
    findings = [finding(n, message="é" * 400) for n in range(3_000)]
    log_of(*findings, root=tmp_path, environment={"GITHUB_STEP_SUMMARY": str(file)})
    data = file.read_bytes()
    assert data.startswith(b"# Before\n## llmlint\n")
    assert SUMMARY_BYTES * 0.99 < len(data) <= SUMMARY_BYTES
    rows = data.decode().count("| warning |")
    assert f"{3_000 - rows:,} more findings stand in the log of the job." in data.decode()


def test_a_full_summary_is_left_alone(tmp_path):
    file = tmp_path / "summary.md"
    file.write_bytes(b"x" * (SUMMARY_BYTES - 20))
    log_of(finding(), root=tmp_path, environment={"GITHUB_STEP_SUMMARY": str(file)})
    assert file.stat().st_size == SUMMARY_BYTES - 20


def test_a_summary_that_cannot_be_written_is_a_warning(tmp_path):
    log = log_of(finding(), root=tmp_path, environment={"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert "::warning title=llmlint::The job summary could not be written:" in log


def test_a_hostile_name_stays_inside_its_cell(tmp_path):
    file = tmp_path / "summary.md"
    evil = finding(path="a`|b\n|c.py", message="![x](http://e) <img> a|b\n| c | `d|e`")
    log_of(evil, root=tmp_path, environment={"GITHUB_STEP_SUMMARY": str(file)})
    (row,) = [line for line in file.read_text().splitlines() if line.startswith("| warning")]
    assert len(re.findall(r"(?<!\\)\|", row)) == 5
    assert "<img" not in row
    assert "![" not in row


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`a`", "`` `a` ``"), ("", "`  `"), ("a|b", r"`a\|b`")],
)
def test_code_spans(text, expected):
    assert code_span(text) == expected


def test_prose_keeps_code_and_nothing_else():
    assert markdown_prose("Set `a_b` to *one*.") == r"Set `a_b` to \*one\*."
    assert markdown_prose("A `lone tick") == markdown("A `lone tick") == r"A \`lone tick"
