from __future__ import annotations

import json
from pathlib import Path

import pytest

HEAD = "from openai import OpenAI\n\nclient = OpenAI()\n"
UNCAPPED = 'answer = client.responses.create(model="gpt-4o-mini", input="Hi")\n'
CAPPED = UNCAPPED.replace(")\n", ", max_output_tokens=4000)\n")


def test_unsafe_fixes_are_asked_for(llmlint, project: Path):
    app = project / "src/app.py"
    app.write_text(HEAD + UNCAPPED)
    result = llmlint("check", "--fix")
    assert result.code == 1
    assert result.err.splitlines() == [
        "llmlint: nothing to fix",
        "  1 more finding can be fixed with --unsafe-fixes: what the program does may change",
    ]
    assert app.read_text() == HEAD + UNCAPPED
    assert "src/app.py:4:10 LLM002 missing-output-cap warning [*]" in result.out
    assert "  fix: Set `max_output_tokens` to 4,000. (unsafe)" in result.out
    assert "[*] 1 fixable with --fix --unsafe-fixes (--diff shows what changes)." in result.out
    result = llmlint("check", "--fix", "--unsafe-fixes")
    assert (result.code, result.out.splitlines()[0][:22]) == (0, "All good: no findings.")
    assert result.err.splitlines() == [
        "llmlint: fixed 1 finding in 1 file",
        "  src/app.py: missing-output-cap",
    ]
    assert app.read_text() == HEAD + CAPPED
    assert llmlint("check", "--fix", "--unsafe-fixes").err == "llmlint: nothing to fix\n"
    assert app.read_text() == HEAD + CAPPED


def test_diff_changes_nothing(llmlint, project: Path):
    app = project / "src/app.py"
    app.write_text(HEAD + UNCAPPED)
    assert llmlint("check", "--diff") == (
        0,
        "",
        "llmlint: nothing would be fixed\n"
        "  1 more finding can be fixed with --unsafe-fixes: what the program does may change\n",
    )
    result = llmlint("check", "--diff", "--unsafe-fixes")
    assert result.code == 1
    assert result.out.splitlines() == [
        "--- a/src/app.py",
        "+++ b/src/app.py",
        "@@ -1,4 +1,4 @@",
        " from openai import OpenAI",
        " ",
        " client = OpenAI()",
        "-" + UNCAPPED.rstrip(),
        "+" + CAPPED.rstrip(),
    ]
    assert result.err.splitlines()[0] == "llmlint: would fix 1 finding in 1 file"
    assert app.read_text() == HEAD + UNCAPPED
    assert llmlint("check", "--diff", "--unsafe-fixes").out == result.out


def test_a_fix_that_was_shown_is_not_repeated_as_done(llmlint, project: Path):
    """Reports are kept for the next run; what was done is not done again by repeating a report."""
    app = project / "src/app.py"
    for _ in range(2):
        app.write_text(HEAD + UNCAPPED)
        assert llmlint("check").code == 1
        assert llmlint("check", "--fix", "--unsafe-fixes").code == 0
        assert app.read_text() == HEAD + CAPPED


def test_several_in_a_file_and_their_form(llmlint, project: Path):
    text = HEAD + (
        "def a(q):\n"
        "\treturn client.responses.create(\n"
        '\t\tmodel="gpt-5.5",\n'
        "\t\tinput=q,  # the question\n"
        "\t)\n"
        "def b(q):\n"
        '    request = {"model": "gpt-4o-mini", "input": q}\n'
        '    request["temperature"] = 0\n'
        "    return client.responses.create(**request)\n"
        "def c(q):\n"
        '    return client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": q}],\n'
        "                                          max_tokens=None)\n"
        "def d(q):\n"
        '    return client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": q}])\n'
    )
    expected = (
        text.replace("# the question\n", "# the question\n\t\tmax_output_tokens=25000,\n")
        .replace('"input": q}', '"input": q, "max_output_tokens": 4000}')
        .replace("max_tokens=None", "max_completion_tokens=4000")
        .replace('"content": q}])\n', '"content": q}],\n' + " " * 42 + "max_completion_tokens=4000)\n")
    )
    app = project / "src/app.py"
    app.write_text(text)
    assert llmlint("check", "--fix", "--unsafe-fixes").code == 0
    assert app.read_text() == expected


def test_encodings_and_line_ends_stay(llmlint, project: Path):
    text = f"# -*- coding: latin-1 -*-\r\n# é\r\n{HEAD}x = ('é', {UNCAPPED.strip()[9:]})\r\n"
    app = project / "src/app.py"
    app.write_bytes(text.encode("latin-1"))
    assert llmlint("check", "--fix", "--unsafe-fixes").code == 0
    assert app.read_bytes().decode("latin-1") == text.replace('"Hi"', '"Hi", max_output_tokens=4000')
    app.write_bytes(b"\xef\xbb\xbf" + (HEAD + UNCAPPED).encode())
    assert llmlint("check", "--fix", "--unsafe-fixes").code == 0
    assert app.read_bytes() == b"\xef\xbb\xbf" + (HEAD + CAPPED).encode()


def test_what_is_left_alone(llmlint, project: Path):
    """A splat that may hold the argument, a notebook, a file that was not named."""
    splat = 'client.responses.create(model="gpt-4o-mini", **more)'
    text = HEAD + f'def ask(**more):\n    return {splat}\n\n\nask(input="Hi")\n'
    (project / "src/app.py").write_text(text)
    cell = {"cell_type": "code", "metadata": {}, "source": HEAD + UNCAPPED, "outputs": [], "execution_count": None}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (project / "tour.ipynb").write_text(notebook)
    (project / "src/other.py").write_text(HEAD + UNCAPPED)
    result = llmlint("check", "--fix", "--unsafe-fixes", "src/app.py", "tour.ipynb")
    assert (result.code, result.err) == (1, "llmlint: nothing to fix\n")
    assert (project / "src/app.py").read_text() == text
    assert (project / "tour.ipynb").read_text() == notebook
    assert (project / "src/other.py").read_text() == HEAD + UNCAPPED


def test_fixes_in_reports(llmlint, project: Path):
    (project / "src/app.py").write_text(HEAD + UNCAPPED)
    (finding,) = json.loads(llmlint("check", "--format", "json").out)["findings"]
    place = {"path": "src/app.py", "line": 4, "column": 65, "end_line": 4, "end_column": 65}
    assert finding["fix"] == {
        "title": "Set `max_output_tokens` to 4,000.",
        "safety": "unsafe",
        "edits": [{**place, "text": ", max_output_tokens=4000"}],
    }
    (result,) = json.loads(llmlint("check", "--format", "sarif").out)["runs"][0]["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "src/app.py"
    (replacement,) = change["replacements"]
    assert replacement["deletedRegion"] == {"startLine": 4, "startColumn": 65, "endLine": 4, "endColumn": 65}
    assert replacement["insertedContent"] == {"text": ", max_output_tokens=4000"}


def test_silenced_findings_have_no_fix(llmlint, project: Path):
    text = HEAD + UNCAPPED.rstrip() + "  # llmlint: ignore[missing-output-cap] why\n"
    (project / "src/app.py").write_text(text)
    assert llmlint("check", "--fix", "--unsafe-fixes").err == "llmlint: nothing to fix\n"
    assert (project / "src/app.py").read_text() == text
    (finding,) = json.loads(llmlint("check", "--format", "json").out)["findings"]
    assert "fix" not in finding


def test_the_amount_is_an_option(llmlint, project: Path):
    (project / "llmlint.toml").write_text("[options.missing-output-cap]\nfix_tokens = 99\n")
    (project / "src/app.py").write_text(HEAD + UNCAPPED)
    assert llmlint("check", "--fix", "--unsafe-fixes").code == 0
    assert "max_output_tokens=99" in (project / "src/app.py").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fix", "--add-ignores"), "--fix and --add-ignores both change files"),
        (("--diff", "--watch"), "--diff changes what --watch waits for"),
        (("--diff", "--format", "json"), "--diff shows changes, no findings, and has no format json"),
        (("--unsafe-fixes",), "--unsafe-fixes says which fixes --fix and --diff may use"),
    ],
)
def test_what_does_not_go_together(llmlint, project: Path, options, said):
    result = llmlint("check", *options)
    assert result.code == 2
    assert said in result.err
    assert result.out == ""


USELESS = """\
rule: endless-answer
code: ACME001
category: cost
severity: warning
summary: An answer without stop sequences.
rationale: None.
when: {absent: argument.stop}
message: {fact: "It has no end.", consequence: "It goes on.", advice: "Stop it."}
fix: None.
fixes:
  - {kind: set-argument, safety: safe, title: "Do something else.", with: {argument: store, value: false}}
when_not: Never.
"""


def test_a_fix_that_does_not_help_is_taken_back(llmlint, project: Path):
    (project / "rules.yaml").write_text(USELESS)
    far = HEAD + UNCAPPED + "\n" * 5
    text = far + "x = 1  # llmlint: ignore[missing-output-cap] old\n"
    (project / "src/app.py").write_text(text)
    result = llmlint("check", "--fix", "--rules", "rules.yaml")
    assert result.err.splitlines() == [
        "llmlint: fixed 1 finding in 1 file",
        "  src/app.py: unused-suppression",
        "  1 more finding can be fixed with --unsafe-fixes: what the program does may change",
        "  left alone: src/app.py (1 finding): its fix would not make the finding go away",
    ]
    assert (project / "src/app.py").read_text() == far + "x = 1\n"


def test_comments_that_silence_nothing_go(llmlint, project: Path):
    lines = [
        ("# llmlint: ignore[missing-output-cap] old\na = 1\n", "a = 1\n"),
        ("b = 1  # llmlint: ignore[LLM002, LLM003] old\n", "b = 1\n"),
        ("c = 1  # noqa  # llmlint: ignore[LLM002] old  # type: ignore\n", "c = 1  # noqa  # type: ignore\n"),
        (
            UNCAPPED.rstrip() + "  # llmlint: ignore[LLM003, LLM002] why #12\n",
            UNCAPPED.rstrip() + "  # llmlint: ignore[LLM002] why #12\n",
        ),
        ('d = "# llmlint: ignore[LLM002]"\n', 'd = "# llmlint: ignore[LLM002]"\n'),
    ]
    app = project / "src/app.py"
    app.write_text(HEAD + "".join(old for old, _ in lines))
    assert llmlint("check", "--fix").code == 0
    assert app.read_text() == HEAD + "".join(new for _, new in lines)
