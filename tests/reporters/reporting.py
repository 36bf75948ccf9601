"""A small project with findings of every kind, rendered formats of it, and comparison with stored output."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path

import pytest

from llmlint.cost.records import (
    Assumptions,
    CallCost,
    CostOverride,
    CostReport,
    CostSettings,
    MeasuredCost,
    Range,
    Saving,
    UsageRow,
    UsageSummary,
)
from llmlint.facts.call_site import CallPath, CallSite, Location, Step, absent, known, unknown
from llmlint.findings import (
    Finding,
    RuleExample,
    RuleInfo,
    RuleOption,
    Severity,
    Status,
    Undecided,
)
from llmlint.reporters.formats import AUDIT_FORMATS, FORMATS, reporter
from llmlint.reporters.report import Report, SkippedFile, View

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = "LLMLINT_UPDATE_SNAPSHOTS"

APP = """\
from datetime import datetime

from openai import OpenAI

client = OpenAI()
RULES = "Answer in one line."


def ask(question):
    return client.chat.completions.create(
        model="gpt-4o",
        messages=[
            {"role": "system", "content": f"It is {datetime.now()}. " + RULES},
            {"role": "user", "content": question},
        ],
    )
"""

NOTEBOOK = """\
{"cells": [
  {"cell_type": "markdown", "source": ["# Title"]},
  {"cell_type": "code", "source": ["import openai\\n", "for text in texts:\\n", "    embed(text)"]}
]}
"""

CAP = RuleInfo(
    name="missing-output-cap",
    code="LLM102",
    severity=Severity.WARNING,
    summary="A call puts no cap on its output.",
    category="cost",
    rationale="An answer without a cap is billed up to the limit of the model.\n\nIt is also slow.",
    when_not="Where a person reads the stream and can stop it.",
    fix="Pass a cap:\n\n```python\nclient.chat.completions.create(\n    max_completion_tokens=500,\n)\n```\n",
    examples=(
        RuleExample("bad", "a plain call", {"example.py": "client.create(messages=x)  # finding\n"}),
        RuleExample("good", "the wrapper caps", {"a.py": "import b\n", "b.py": "cap = 5\n"}),
    ),
    facts=("argument.output_cap", "endpoint.cap_parameter"),
    options=(RuleOption("highest", "4096", "the highest cap that counts as one"),),
    references=("https://example.org/limits (read 2026-11-20)",),
)
PREFIX = RuleInfo("changing-prompt-prefix", "LLM101", Severity.ERROR, "The prompt changes early.", "caching")

CALL = Location("src/app.py", 10, 12, 16, 6)

FINDINGS = (
    Finding(
        CAP.name, CAP.code, Severity.WARNING, Location("nb/tour.ipynb", 3, 5, 3, 16, 1),
        "Nothing caps the output.", status=Status.BASELINED, fingerprint="0003",
    ),
    Finding(
        CAP.name, CAP.code, Severity.INFO, Location("nb/tour.ipynb", 3, 5, 3, 16, 1),
        "The cell calls `embed` once per item.", fingerprint="0004",
    ),
    Finding(
        CAP.name, CAP.code, Severity.WARNING, CALL,
        "Nothing caps the output of this call. A runaway answer is billed up to 16,384 tokens. "
        "Set `max_completion_tokens`, and leave room for reasoning.",
        evidence=(
            Step(Location("src/app.py", 5), "the client is built"),
            Step(Location("src/app.py", 10), "the call is made with neither `max_tokens` nor "
                 "`max_completion_tokens` nor another spelling"),
        ),
        fingerprint="0001",
    ),
    Finding(
        PREFIX.name, PREFIX.code, Severity.ERROR, Location("src/app.py", 13, 52, 13, 66),
        "The prompt changes at `datetime.now()`.", fingerprint="0002", help="llmlint facts src/app.py:10",
    ),
    Finding(
        CAP.name, CAP.code, Severity.WARNING, Location("src/old.py", 3, 1),
        "Nothing caps the output.", status=Status.SUPPRESSED, reason="short answers", fingerprint="0005",
    ),
)  # fmt: skip

UNDECIDED = (
    Undecided("premium-model-on-trivial-task", "LLM105", CALL, ("model.ids is unknown: the id comes from a caller",)),
)


COSTS = CostReport(
    calls=(
        CallCost(
            location=CALL,
            state="known",
            models=("gpt-4o", "gpt-4o-mini"),
            service="standard",
            prices_as_of="2026-11-23",
            input_tokens=Range(1234, 1734, 5234),
            cached_tokens=Range(1200, 600, 0),
            output_tokens=Range(20, 300, 2000),
            static_tokens=1234,
            tokens_exact=False,
            per_1000_calls=Range(1.7854321, 7.335, 33.085),
            calls_per_day=100,
            per_month=Range(5.356, 22.005, 99.255),
            assumed=("input", "output", "cache"),
            caveats=("Another model may be chosen when the program runs.",),
            measured=MeasuredCost(
                requests=900, input_tokens=1_000_000, cached_tokens=0, output_tokens=90_000,
                cost=3.4, per_1000_calls=3.777, per_month=10.2, joined_by="line",
            ),
        ),
    ),
    settings=CostSettings(Assumptions(calls_per_day=100), (CostOverride(Assumptions(), calls=("a.py:1",)),)),
    prices_as_of="2026-11-23",
    unmatched=("a.py:1",),
    savings=(
        Saving(fingerprint="0002", kind="cached_prefix", per_1000_calls=Range(0, 1.5, 3), calls=(CALL,)),
        Saving(fingerprint="0001", kind="output_cap", per_1000_calls=Range(0, 0, 17), calls=(CALL, CALL)),
    ),
    usage=UsageSummary(
        source="usage.csv", kind="table", requests=1000, joined_requests=900, days=10.0, cost=3.9, per_month=11.7,
        unpriced_requests=7,
        unjoined=(
            UsageRow(
                model="gpt-4o", endpoint="", requests=100, input_tokens=9, cached_tokens=1, output_tokens=2,
                cost=0.5, where="row 3", reason="2 calls send `gpt-4o`",
            ),
        ),
    ),
)  # fmt: skip


def call_site() -> CallSite:
    """A call that two callers reach with different models."""
    facts = {
        "endpoint.id": known("chat.completions.create", Step(Location("src/app.py", 3), "`OpenAI` is imported")),
        "endpoint.kind": known("generation"),
        "endpoint.api": known("chat"),
        "endpoint.cap_parameter": known("max_completion_tokens"),
        "client.host": known("openai"),
        "model.input_price": known(2.5),
        "argument.temperature": known(0),
        "argument.top_p": absent(),
        "argument.output_cap": absent(),
        "prompt.static_tokens": known(1234),
        "prompt.text": known("You are a helpful\nassistant. " * 20),
        "surroundings.role": unknown("nothing in the project shows who runs this code"),
        "surroundings.loop": known("none"),
        "custom.fact": known({"b": [1, True], "a": None}),
    }
    first = Step(Location("src/one.py", 3), "calls `ask`")
    second = Step(Location("src/two.py", 7), "calls `ask`")
    return CallSite(
        CALL,
        "ask",
        "client.chat.completions.create",
        {**facts, "model.ids": unknown("the callers differ")},
        (
            CallPath({**facts, "model.ids": known(["gpt-4o"])}, (first,)),
            CallPath({**facts, "model.ids": known(["gpt-4o-mini", "gpt-4o"])}, (second,)),
        ),
        (first, second),
    )


def report_in(root: Path, **changes: object) -> Report:
    """The report on the project, whose files are written below `root`."""
    for path, text in {"src/app.py": APP, "nb/tour.ipynb": NOTEBOOK}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    fields = {
        "root": root,
        "findings": FINDINGS,
        "undecided": UNDECIDED,
        "call_sites": (call_site(),),
        "costs": COSTS,
        "files": 1_204,
        "candidates": 3,
        "skipped": (SkippedFile(Location("src/broken.py", 2, 7), "syntax", "invalid syntax"),),
        "rules": (CAP, PREFIX),
        "elapsed": 0.417,
        "version": "1.2.3",
    }
    return Report(**{**fields, **changes})  # type: ignore[arg-type]


def rendered(format_name: str, report: Report, view: View | None = None, *, audit: bool = False) -> str:
    """The output of a format."""
    out = io.StringIO()
    reporter((AUDIT_FORMATS if audit else FORMATS)[format_name])(report, out, view or View())
    return out.getvalue()


def assert_snapshot(name: str, text: str) -> None:
    """Compares with the stored output; with LLMLINT_UPDATE_SNAPSHOTS=1 in the environment, stores it instead."""
    file = SNAPSHOTS / name
    if os.environ.get(UPDATE):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
    stored = file.read_bytes().decode() if file.exists() else ""
    if stored != text:
        pytest.fail(f"{name} differs; if that is meant, run with {UPDATE}=1 and read it.\n{_diff(stored, text)}")


def _diff(stored: str, text: str) -> str:
    lines: Sequence[Sequence[str]] = (stored.splitlines(), text.splitlines())
    return "\n".join(unified_diff(*lines, "stored", "rendered", lineterm=""))
