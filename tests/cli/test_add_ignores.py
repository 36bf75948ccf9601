from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

HEAD = "from openai import OpenAI\n\nclient = OpenAI()\n"
CALL = 'client.responses.create(model="gpt-4o-mini", input="Tell a story.")'
ONE_LINE = f"{HEAD}answer = {CALL}\n"


def added(llmlint, project: Path, text: str, *options: str, data: bytes | None = None) -> str:
    """The file after the command; the tree is the same, and nothing is left to report."""
    app = project / "src/app.py"
    app.write_bytes(text.encode() if data is None else data)
    before = ast.dump(ast.parse(app.read_bytes()))
    result = llmlint("check", "--add-ignores", "--reason", "old", *options)
    assert result.code == 0, result.out + result.err
    assert ast.dump(ast.parse(app.read_bytes())) == before
    return app.read_bytes().decode()


IGNORE = "# llmlint: ignore[missing-output-cap] old"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (f"x = {CALL}\n", f"{IGNORE}\nx = {CALL}\n"),
        (
            'x = client.responses.create(\n    model="gpt-4o-mini",\n    input="Tell a story.",\n)\n',
            f'x = client.responses.create(  {IGNORE}\n    model="gpt-4o-mini",\n    input="Tell a story.",\n)\n',
        ),
        (
            'def f():\n\tif True: return client.responses.create(model="gpt-4o-mini", input="""Tell\na story.""")\n',
            'def f():\n\t# llmlint: ignore[missing-output-cap] old\n\tif True: return client.responses.create('
            'model="gpt-4o-mini", input="""Tell\na story.""")\n',
        ),
        (
            'x = client.responses.create(model="m", input="""Tell\na story.""")\n',
            f'{IGNORE}\nx = client.responses.create(model="m", input="""Tell\na story.""")\n',
        ),
        (
            'x = 1; y = \\\n    client.responses.create(model="gpt-4o-mini", input="x")\n',
            f'{IGNORE}\nx = 1; y = \\\n    client.responses.create(model="gpt-4o-mini", input="x")\n',
        ),
        (
            'x = client.responses.create(model="m",  # noqa: E501\n    input="x")\n',
            f'x = client.responses.create(model="m",  # noqa: E501  {IGNORE}\n    input="x")\n',
        ),
        (
            'x = client.responses.create(model="m", # llmlint: ignore[LLM001] why\n    n=1)\n',
            'x = client.responses.create(model="m", # llmlint: ignore[LLM001, missing-output-cap] why\n    n=1)\n',
        ),
    ],
)  # fmt: skip
def test_where_comments_go(llmlint, project: Path, call: str, expected: str):
    assert added(llmlint, project, HEAD + call, "--ignore", "LLM901") == HEAD + expected


def test_line_ends_encodings_and_marks_stay(llmlint, project: Path):
    text = f"# -*- coding: latin-1 -*-\r\n# é\r\n{HEAD}answer = {CALL}\r\n"
    app = project / "src/app.py"
    app.write_bytes(text.encode("latin-1"))
    assert llmlint("check", "--add-ignores", "--reason", "é").code == 0
    data = app.read_bytes()
    assert data.decode("latin-1") == text.replace("answer", "# llmlint: ignore[missing-output-cap] é\r\nanswer")
    assert llmlint("check").code == 0
    app.write_bytes(text.encode("latin-1"))
    result = llmlint("check", "--add-ignores", "--reason", "€ 5")
    assert "its file is written in iso-8859-1, which lacks a letter of the reason" in result.err
    assert app.read_bytes() == text.encode("latin-1")


def test_many_in_one_file(llmlint, project: Path):
    text = HEAD + "".join(f"def f{number}():\n    return [\n        {CALL},\n    ]\n\n\n" for number in range(5))
    assert added(llmlint, project, text).count("llmlint: ignore[missing-output-cap] old") == 5


def test_what_it_says(llmlint, project: Path):
    (project / "tour.ipynb").write_text(
        json.dumps(
            {
                "cells": [{"cell_type": "code", "metadata": {}, "source": ONE_LINE, "outputs": []}],
                "metadata": {},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        )
    )
    (project / "src/app.py").write_text(ONE_LINE + "x = 1  # llmlint: ignore[missing-output-cap] nothing\n")
    result = llmlint("check", "--add-ignores")
    assert result.code == 1
    assert result.err.splitlines()[:2] == ["llmlint: comments for 1 finding in 1 file", "  src/app.py: 1"]
    assert result.err.splitlines()[2:] == [
        "  left alone: src/app.py (1 finding): it is about a comment or a file, which no comment silences",
        "  left alone: tour.ipynb (1 finding): notebooks are not changed; use the baseline or `overrides` for them",
    ]
    assert "not judged yet" in (project / "src/app.py").read_text()
    result = llmlint("check", "--add-ignores")
    assert "llmlint: no comments added" in result.err


def test_only_named_files_are_changed(llmlint, project: Path):
    (project / "src/app.py").write_text(ONE_LINE)
    assert llmlint("check", "--add-ignores", "src/other.py").code == 0
    assert (project / "src/app.py").read_text() == ONE_LINE


def test_what_the_settings_ask_for(llmlint, project: Path):
    (project / "src/app.py").write_text(ONE_LINE)
    (project / "llmlint.toml").write_text("suppressions.require-expiry = true\n")
    result = llmlint("check", "--add-ignores")
    assert (result.code, result.out) == (2, "")
    assert result.err == "llmlint: the settings ask for a last day on every suppression.\nAdd --until DAY.\n"
    assert llmlint("check", "--add-ignores", "--until", "soon").code == 2
    assert llmlint("check", "--add-ignores", "--until", "2999-01-31").code == 0
    assert "] until 2999-01-31 found on " in (project / "src/app.py").read_text()
    (project / "src/app.py").write_text(ONE_LINE)
    (project / "llmlint.toml").write_text("suppressions.never = ['missing-output-cap']\n")
    result = llmlint("check", "--add-ignores")
    assert result.code == 1
    assert "the settings don't allow it to be silenced" in result.err


@pytest.mark.parametrize("reason", ["two\nlines", "a # b"])
def test_reasons_that_would_not_be_read_back(llmlint, project: Path, reason: str):
    assert llmlint("check", "--add-ignores", "--reason", reason).code == 2
    assert llmlint("check", "--reason", "x").code == 2
