"""Bytes that are source in one encoding or another, and bytes that are none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lowered import events, module, place, problem

from llmlint.facts.encoding import decode, encode
from llmlint.facts.syntax import ModuleFacts
from llmlint.frontend import lower
from llmlint.frontend.source import SIZE_LIMIT, read_source


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = '\xc3\xa9'", "x = 'é'"),
        (b"\xef\xbb\xbfx = 1", "x = 1"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'", "# -*- coding: latin-1 -*-\nx = 'é'"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'", None),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"", ""),
    ],
)
def test_text(data, text):
    found = read_source(data)
    assert isinstance(found, str)
    assert found == text or (text is None and found.endswith("'€'"))


@pytest.mark.parametrize(
    ("data", "what", "line"),
    [
        (b"x = 1\ny = 2\nz = '\xe9'", "byte 0xe9 is not utf-8", 3),
        (b"x = '\xe9'", "invalid or missing encoding declaration", 1),
        (b"# coding: no-such-thing\n", "unknown encoding: no-such-thing", 1),
        (b"# coding: rot13\n", "'rot-13' is not a text encoding", 1),
        (b"# coding: punycode\n" + b"a-b" * 1000, "punycode is no encoding for source code", 1),
        (b"# coding: utf-7\nx = '+2AA-'", "it is not utf-7", 1),
        (b"\xef\xbb\xbf# coding: latin-1\n", "utf-8", 1),
        (b"x = 1\ny = '\0'", "NUL byte", 2),
        ("x = 1".encode("utf-16"), "invalid or missing encoding declaration", 1),
    ],
)
def test_no_text(data, what, line):
    found = problem(data)
    assert (found.kind, found.line) == ("encoding", line)
    assert what in found.message


def test_too_large():
    found = problem(b"#" * (SIZE_LIMIT + 1))
    assert (found.kind, found.message) == (
        "too-large",
        "the file has 5,000,001 bytes; files over 5,000,000 are not read",
    )


def test_columns_count_characters_and_lines_any_line_end():
    facts = lower(b"\xef\xbb\xbf# \xc3\xa9\r\n'\xf0\x9f\x98\x80' + f(1)\rg(2)\r\n")
    assert isinstance(facts, ModuleFacts)
    assert [place(each) for each in facts.calls] == [(2, 7, 2, 11), (3, 1, 3, 5)]


def test_line_ends_in_strings_are_those_of_python():
    facts = lower(b"x = '''a\r\nb\rc'''")
    assert isinstance(facts, ModuleFacts)
    assert events(facts) == ["assign x = 'a\\nb\\nc'"]


@pytest.mark.parametrize(
    ("source", "message", "line", "column"),
    [
        ("x y z\n", "`y` is unexpected here", 1, 3),
        ("x = 1\nf(a b\n c)\n", "`b` is unexpected here", 2, 5),
        ("try:\n  x\nfoo\n", "`foo` is unexpected here", 3, 1),
        ("def f(:\n", "`(` is never closed", 1, 6),
        ("x = [1,\n\ny = 2\n", "`[` is never closed", 1, 5),
        ("x = 1 +", "something is missing at the end of this line", 1, 8),
        ("class A # why\n  x = 1\n", "something is missing at the end of this line", 1, 8),
        ("x\n  y\n", "unexpected indentation", 2, 3),
        ("  x\n", "unexpected indentation", 1, 3),
        ("x = 1\nprint 'a' # b\n", "a string is unexpected here; is this Python 2?", 2, 9),
        ("x\ny = 0777\nz\n", "leading zeros in decimal integer literals", 2, 1),
        ("x\nif y:\n\tz\n        z\n", "inconsistent mixing of tabs and spaces", 4, 1),
        ("x\n\ny = '''a\n\n", "unterminated triple-quoted string literal", 3, 1),
        ("x = 1\ny = $\n", "'$' is not a valid character", 2, 1),
        ("class A(k=1, *b): pass\n", "a positional argument follows a keyword argument", 1, 1),
        ("x = 'a' b'b'\n", "cannot concatenate string and bytes", 1, 1),
    ],
)
def test_syntax_errors_say_what_is_wrong_where(source, message, line, column):
    found = problem(source)
    assert found.kind == "syntax"
    assert found.message.removeprefix("not valid Python 3: ").startswith(message)
    assert (found.line, found.column) == (line, column)


@given(st.binary())
@example(b"\xff\xfe")
@example(b"\\")
@example(b'f"{')
@example(b"f'''{x:'''")
@example(b"\x0c\n \\\n")
def test_nothing_is_raised_for_bytes(data):
    check(data)


PIECES = [
    *"()[]{}'\"\\\n\t #:,=@*.;x1é\0\x0c\r", '"""', 'f"', "rf'", "f'''", "b'", "t'", "{x!r:", "\\N{", "\\\n",
    "lambda ", " for x in ", "if ", "else ", "match ", "case ", "def f", "with ", "async ", "await ", "yield ",
    "class A", "import ", "from ", "try:", "except ", "del ", "type ", ":=", "**", "# llmlint: ", "%%", "!ls", "?",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_nothing_is_raised_for_text(source):
    check(source.encode())


def check(data: bytes) -> None:
    """Either facts that can be stored, or a problem with a place."""
    for notebook in (False, True):
        found = lower(data, notebook=notebook)
        if isinstance(found, ModuleFacts):
            assert encode(decode(encode(found))) == encode(found)
        else:
            assert found.message
            assert min(found.line, found.column) >= 1


def test_the_same_bytes_give_the_same_facts():
    source = "def f(a):\n  return [g(b) for b in a]\n"
    assert encode(module(source)) == encode(module(source))


ROOT = Path(__file__).parents[2]


def test_the_parser_is_imported_when_it_is_needed():
    code = (
        "import sys, llmlint.frontend as f; print('libcst' in sys.modules, f.lower(b'').lines, 'libcst' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["False", "0", "True"]
