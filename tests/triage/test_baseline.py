"""The baseline: old findings are recognised after moves and edits, new ones are not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from llmlint.errors import ProblemsError
from llmlint.facts.call_site import Location
from llmlint.findings import Finding, Severity, Status, fingerprint
from llmlint.triage.baseline import code_of, entry_of, match, parse, written

RULE = "missing-output-cap"


@dataclass(frozen=True)
class Call:
    """What a finding is about, and the code at its place."""

    path: str = "app.py"
    function: str = "ask"
    code: str = "create(model=MODEL)"
    ordinal: int = 0
    line: int = 1
    status: Status = Status.ACTIVE

    def finding(self) -> Finding:
        return Finding(
            RULE,
            "LLM002",
            Severity.WARNING,
            Location(self.path, self.line, 1),
            f"Said of {self.code}",
            fingerprint=fingerprint((RULE, self.path, self.function), self.ordinal),
            function=self.function,
            status=self.status,
        )


def compared(before: list[Call], now: list[Call]) -> tuple[list[str], int]:
    """The statuses of today's findings, and how many entries are gone."""

    def source(finding: Finding) -> str:
        return finding.message.removeprefix("Said of ")

    entries = [entry_of(call.finding(), source) for call in before]
    result = match([call.finding() for call in now], entries, source, {call.path for call in now})
    assert len(result.kept) + len(result.gone) == len(before)
    return [finding.status.value for finding in result.findings], len(result.gone)


OLD, NEW = "baselined", "active"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([Call()], [Call(line=90)], ([OLD], 0)),
        ([Call()], [Call(code="create(model=OTHER, n=2)")], ([OLD], 0)),
        ([Call()], [Call(function="renamed")], ([OLD], 0)),
        ([Call()], [Call(path="moved.py")], ([OLD], 0)),
        ([Call()], [Call(path="moved.py", function="renamed", code="create(\n    model=MODEL,\n)")], ([OLD], 0)),
        ([Call()], [Call(path="moved.py", code="create(model=OTHER)")], ([OLD], 0)),
        ([Call()], [Call(function="other", code="create(model=OTHER)")], ([NEW], 1)),
        ([Call()], [Call(), Call(path="copied.py")], ([OLD, NEW], 0)),
        ([Call()], [Call(), Call(function="ask", path="copied.py", code="create(x)")], ([OLD, NEW], 0)),
        ([Call(ordinal=0), Call(ordinal=1)], [Call(ordinal=0)], ([OLD], 1)),
        ([Call(ordinal=0)], [Call(ordinal=0), Call(ordinal=1, code="create(b)")], ([OLD, NEW], 0)),
        ([Call()], [], ([], 1)),
        ([Call()], [Call(status=Status.SUPPRESSED)], (["suppressed"], 1)),
        ([Call()], [Call(status=Status.SUPPRESSED), Call(path="b.py")], (["suppressed", NEW], 1)),
        ([], [Call()], ([NEW], 0)),
    ],
)  # fmt: skip
def test_what_is_old(before: list[Call], now: list[Call], expected: tuple[list[str], int]):
    assert compared(before, now) == expected


def test_formatting_is_not_code():
    assert code_of("f(a, 'b')") == code_of('f(\n    a,\n    "b",\n)')
    assert code_of("f(a)") != code_of("f(b)")
    assert code_of(" \n") == ""


def test_a_file_and_back():
    paths = ("b.py", "ä.py", "a.py")
    entries = {entry_of(Call(path=path).finding(), lambda finding: finding.message) for path in paths}
    text = written(entries)
    assert parse(text.encode(), "x.json") == tuple(sorted(entries))
    assert len(text.splitlines()) == len(entries) + 5
    assert parse(written([]).encode(), "x.json") == ()


@pytest.mark.parametrize(
    ("data", "place", "said"),
    [
        (b"", "x.json:1:1", "no baseline"),
        (b'{\n  "format": 1,\n  "findings": [}', "x.json:3:16", "no baseline"),
        (b"<<<<<<< HEAD\n", "x.json:1:1", "no baseline"),
        (b'{"format": 9, "findings": []}', "x.json:1:1", "format 9"),
        (b'{"format": 1, "findings": [{"path": 3}]}', "x.json:1:1", "no baseline"),
        (b"[" * 100_000, "x.json:1:1", "no baseline"),
        (b'{"format": 1, "findings": "\xff"}', "x.json:1:1", "no baseline"),
    ],
)
def test_what_is_no_baseline(data: bytes, place: str, said: str):
    with pytest.raises(ProblemsError) as caught:
        parse(data, "x.json")
    (problem,) = caught.value.problems
    assert f"{problem.path}:{problem.line}:{problem.column}" == place
    assert said in problem.message
