"""The report for people: whole outputs, narrow and odd streams, hostile source."""

import io
import re
import subprocess
import sys

import pytest
from reporting import APP, FINDINGS, assert_snapshot, rendered, report_in

from llmlint.facts.call_site import Location, Step
from llmlint.findings import Finding, Severity, Status, Undecided
from llmlint.reporters.report import Report, View, view_for
from llmlint.reporters.text import render

EVERYTHING = frozenset({"undecided", "suppressed", "baselined"})


def finding(message="Said.", path="app.py", line=1, column=1, **fields):
    place = fields.pop("place", Location(path, line, column, line, column + 4))
    return Finding("a-rule", "LLM001", Severity.WARNING, place, message, **fields)


def page(tmp_path, source, *findings, width=80):
    (tmp_path / "app.py").write_bytes(source if isinstance(source, bytes) else source.encode())
    return rendered("text", Report(root=tmp_path, findings=findings), View(width))


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("text-80.txt", View(80)),
        ("text-40.txt", View(40)),
        ("text-everything.txt", View(100, show=EVERYTHING)),
        ("text-color.txt", View(80, color=True)),
    ],
)
def test_the_whole_report(tmp_path, name, view):
    assert_snapshot(name, rendered("text", report_in(tmp_path), view))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_only_places_and_commands_may_be_long(tmp_path, width):
    text = rendered("text", report_in(tmp_path), View(width, show=EVERYTHING))
    wrapped = [line for line in text.splitlines() if not re.match(r".+:\d+:\d+ LLM|  help: ", line)]
    assert max(len(line) for line in wrapped) <= width


def test_a_run_without_findings_is_one_line(tmp_path):
    quiet = tuple(f for f in FINDINGS if f.status is not Status.ACTIVE)
    assert rendered("text", report_in(tmp_path, findings=quiet)) == (
        "All good: no findings. Looked at 1 call site; 3 of 1,204 files could hold one (0.42 s). "
        "1 rule verdict undecided (see with --show undecided). "
        "1 finding suppressed (see with --show suppressed). "
        "1 finding baselined (see with --show baselined). "
        "1 file could not be read.\n"
    )


def test_a_run_without_calls_says_so(tmp_path):
    assert rendered("text", Report(root=tmp_path, files=12)) == (
        "No calls to a model in 12 files, so nothing to report.\n"
    )


def test_a_run_without_findings_does_not_import_rich():
    code = (
        "import sys, io, pathlib\n"
        "from llmlint.reporters.formats import FORMATS, reporter\n"
        "from llmlint.reporters.report import Report, View\n"
        "reporter(FORMATS['text'])(Report(root=pathlib.Path('.')), io.StringIO(), View())\n"
        "sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_undecided_verdicts_are_shown_when_asked_for(tmp_path):
    undecided = (Undecided("a-rule", "LLM001", Location("app.py", 3, 2), ("the splat `**x` is a caller's",)),)
    report = Report(root=tmp_path, undecided=undecided)
    assert "app.py:3:2 LLM001 a-rule undecided\n  - the splat" in rendered("text", report, View(show=EVERYTHING))


def test_long_paths_are_never_broken(tmp_path):
    path = "/".join(["a_rather_long_folder_name"] * 6) + "/app.py"
    steps = (Step(Location(path, 12), "the client is built in a function far away from here"),)
    text = rendered("text", Report(root=tmp_path, findings=(finding(path=path, evidence=steps),)), View(40))
    assert f"{path}:1:1 LLM001 a-rule warning\n" in text
    assert f"  1. {path}:12\n     the client" in text


def test_the_span_is_underlined_exactly(tmp_path):
    text = page(tmp_path, "x = f(ask(1), 2)\n", finding(column=7, place=Location("app.py", 1, 7, 1, 13)))
    assert " 1 │ x = f(ask(1), 2)\n   │       ^^^^^^\n" in text


def test_the_span_is_underlined_behind_tabs_and_wide_characters(tmp_path):
    text = page(tmp_path, "\tx = '你好', ask()\n", finding(place=Location("app.py", 1, 12, 1, 17)))
    assert " 1 │     x = '你好', ask()\n   │                 ^^^^^\n" in text


def test_a_span_far_to_the_right_is_brought_into_view(tmp_path):
    source = "x = [" + "0, " * 5_000 + "ask(1)]" + " " * 50 + "# end\n"
    column = source.index("ask") + 1
    text = page(tmp_path, source, finding(place=Location("app.py", 1, column, 1, column + 6)))
    shown, marks = text.split("\n")[5:7]
    assert len(shown) <= 80
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "ask(1)"


def test_a_long_call_is_cut_in_the_middle(tmp_path):
    source = "ask(\n" + "".join(f"    {n},\n" for n in range(2, 40)) + ")\n"
    text = page(tmp_path, source, finding(place=Location("app.py", 1, 1, 40, 2)))
    assert "  5 │     5,\n    ⋮\n 40 │ )\n    │ ^\n" in text
    assert "20," not in text


@pytest.mark.parametrize(
    "place",
    [
        Location("gone.py", 1),
        Location("app.py", 99, 1, 120, 4),
        Location("app.py", 0, 0),
        Location("app.py", 1, 400, 1, 500),
        Location("app.py", 1, 9, 1, 2),
        Location("../outside.py", 1),
        Location("app.py", 1, 1, 1, 3, cell=7),
        Location("a\0b", 1),
    ],
)
def test_a_place_that_is_not_there_breaks_nothing(tmp_path, place):
    assert "LLM001 a-rule warning" in page(tmp_path, "ask()\n", finding(place=place))


def test_source_outside_the_project_is_not_shown(tmp_path):
    (tmp_path / "secret.py").write_text("password = 1\n")
    root = tmp_path / "project"
    root.mkdir()
    (root / "link.py").symlink_to(tmp_path / "secret.py")
    findings = (finding(path="link.py"), finding(path="../secret.py"), finding(path=str(tmp_path / "secret.py")))
    assert "password" not in rendered("text", Report(root=root, findings=findings))


def test_source_in_another_encoding_is_shown(tmp_path):
    source = "# -*- coding: latin-1 -*-\nx = 'é'; ask()\n".encode("latin-1")
    assert " 2 │ x = 'é'; ask()\n" in page(tmp_path, source, finding(place=Location("app.py", 2, 10, 2, 15)))


def test_source_with_a_broken_encoding_is_shown(tmp_path):
    text = page(tmp_path, b"# coding: nonsense\nask(b'\xff')\n", finding(line=2))
    assert " 2 │ ask(b'\N{REPLACEMENT CHARACTER}')\n" in text


def test_markup_and_control_characters_are_shown_as_they_are_written(tmp_path):
    source = "ask('[red]x[/red] :smile: \x1b[31m \u202e \u2066 \x9b2J')\r\n"
    text = page(tmp_path, source, finding("[bold]No[/] `\x1b]0;x\x07` \x00."))
    assert r"ask('[red]x[/red] :smile: \x1b[31m \u202e \u2066 \x9b2J')" in text
    assert r"[bold]No[/] `\x1b]0;x\x07` \x00." in text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]", text)


def test_hostile_names_of_files_are_shown_on_one_line(tmp_path):
    text = rendered("text", Report(root=tmp_path, findings=(finding(path="a\nb\x1b[2J\udcff.py"),)))
    assert r"a\x0ab\x1b[2J\udcff.py:1:1 LLM001" in text


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_stream_takes_the_report(tmp_path, encoding):
    (tmp_path / "app.py").write_text("ask('你好')\n", encoding="utf-8")
    report = Report(root=tmp_path, findings=(finding("你好."), finding(path="你.py")))
    data = io.BytesIO()
    out = io.TextIOWrapper(data, encoding=encoding, newline="")
    render(report, out, View())
    out.flush()
    shown = data.getvalue().decode(encoding)
    assert ("你好" if encoding == "utf-8" else r"\u4f60\u597d") in shown
    assert ("│" in shown) is (encoding == "utf-8")


class FakeStream(io.StringIO):
    def __init__(self, terminal):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "color"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
        (False, {"TERM": "xterm-256color"}, False),
    ],
)
def test_colour_is_for_terminals(terminal, environment, color):
    assert view_for(FakeStream(terminal), environment).color is color


def test_there_is_no_escape_without_colour(tmp_path, monkeypatch):
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.setenv(name, "1")
    assert "\x1b" not in rendered("text", report_in(tmp_path), View(color=False))


def test_a_terminal_without_a_size_is_narrow_at_worst(monkeypatch):
    monkeypatch.setenv("COLUMNS", "3")
    assert view_for(FakeStream(True), {}).width == 40


def test_evidence_without_end_is_cut(tmp_path):
    steps = tuple(Step(Location("app.py", n), "it goes on") for n in range(1, 41))
    text = page(tmp_path, APP, finding(evidence=steps))
    assert "  8. app.py:8  it goes on\n     and 32 more (see with --format json)\n" in text
