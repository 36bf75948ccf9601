from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import yaml

from llmlint import yamlfile
from llmlint.errors import ProblemsError
from llmlint.yamlfile import load

PARSERS = [
    yaml.Loader,
    pytest.param(
        getattr(yaml, "CLoader", None),
        marks=pytest.mark.skipif(not yaml.__with_libyaml__, reason="no libyaml"),
    ),
]


@pytest.fixture(params=PARSERS, ids=["python", "libyaml"], autouse=True)
def parser(request, monkeypatch):
    monkeypatch.setattr(yamlfile, "_PARSER", request.param)


def problems_of(source) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        load(source, "f.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_plain_values():
    document = load("text: a b\nint: 3\nfloat: 1.5e3\nyes: true\nno: False\nnothing:\nlist: [1, 'x', {k: v}]\n")
    assert document.values == {
        "text": "a b",
        "int": 3,
        "float": 1500.0,
        "yes": True,
        "no": False,
        "nothing": None,
        "list": [1, "x", {"k": "v"}],
    }


@pytest.mark.parametrize(
    "text",
    ["yes", "no", "on", "off", "Y", "2026-01-31", "2026-01-31T10:00:00Z", "1:30", "0123", "1_000", "0b11"],
)
def test_what_yaml_1_1_would_change_stays_text(text):
    assert load(f"key: {text}").values == {"key": text}


@pytest.mark.parametrize(("text", "value"), [("0x1F", 31), ("0o17", 15), ("-7", -7), (".5", 0.5), ("1.", 1.0)])
def test_numbers(text, value):
    assert load(f"key: {text}").values == {"key": value}


def test_quoted_words_are_text():
    assert load("""{"a": "true", 'b': '1', "c": "null"}""").values == {"a": "true", "b": "1", "c": "null"}


def test_places_of_keys_items_and_values():
    document = load("when:\n  all:\n    - fact: a\n      equals: 1\n    -   b\n")
    assert document.place(("when", "all")) == (2, 3)
    assert document.place(("when", "all", 0, "equals")) == (4, 7)
    assert document.value_place(("when", "all", 0, "equals")) == (4, 15)
    assert document.place(("when", "all", 1)) == (5, 9)


def test_place_of_what_is_not_there_is_that_of_the_nearest_above():
    document = load("when:\n  all: []\n")
    assert document.place(("when", "all", 7, "fact")) == (2, 3)
    assert document.place(("nothing",)) == (1, 1)


def test_part_of_a_document_keeps_the_places_of_the_file():
    part = load("tool:\n  llmlint:\n    select: x\n").under("tool").under("llmlint")
    assert part.values == {"select": "x"}
    assert part.place(("select",)) == (3, 5)
    assert part.under("absent").values is None


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_has_no_values(text):
    assert load(text).values is None


def test_every_refused_thing_is_reported_at_its_place():
    assert problems_of("a: 1\na: 2\nb: &x 1\nc: *x\n3: c\nd: !!str e\nf: !python/name:os.system g\n") == [
        "f.yaml:2:1: duplicate key `a` (it stands at line 1 too; keep one)",
        "f.yaml:3:4: anchor `&x` is not allowed (write values where they are used)",
        "f.yaml:4:4: alias `*x` is not allowed (write the value out)",
        'f.yaml:5:1: key `3` is not text (write it in quotes: "3")',
        "f.yaml:6:4: tag `tag:yaml.org,2002:str` is not allowed (remove it)",
        "f.yaml:7:4: tag `!python/name:os.system` is not allowed (remove it)",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true: 1", "1:1: key `true` is not text"),
        ("? [a, b]\n: 1", "1:3: a key must be text"),
        ("{{a: b}: c}", "1:2: a key must be text"),
        ("a:\n  <<: {b: 1}", "2:3: merge key"),
        ("a: .nan", "1:4: `.nan` is not a finite number"),
        ("a: 1e999", "1:4: `1e999` is too large"),
        ("a: 99999999999999999999", "1:4: a number of more than 63 bits"),
        ("a: 1" + "0" * 5000, "1:4: a number of more than 63 bits"),
        ("a: 1\n---\nb: 2", "2:1: a second document"),
        ("a:\n\t- b", "2:1: tab outside of quoted text"),
        ("a:\n \tb: 1", "2:"),
        ("a: b\tc", "1:5: tab outside of quoted text"),
        ("a: 1\t# x", "1:5: tab outside of quoted text"),
        ("a: b\u2028c", "1:5: character U+2028"),
        ("a: b: c", "1:5: not valid YAML"),
        ('a: "b', "not valid YAML"),
        ("a: [1, 2", "not valid YAML"),
        ("a: @b", "1:4: not valid YAML"),
        ('a: "\\ud800"', "1:"),
        (b"a: 1\nb: \xff", "2:4: not UTF-8 text"),
        ("a: 1".encode("utf-16"), "1:1: not UTF-8 text"),
        ("a: 1\nb: x\x00", "2:5: character U+0000 is not allowed"),
        ("a: 1\nb: \ud800", "2:4: character U+D800 is not allowed"),
    ],
)
def test_bad_text(text, expected):
    (problem, *_) = problems_of(text)
    assert problem.startswith("f.yaml:")
    assert expected in problem
    assert problem.endswith(")"), "every problem says what to do"


def test_tabs_inside_of_long_text_are_text():
    assert load('a: |\n  x\n  \ty\nb: "1\n  \t2#\t"\n').values == {"a": "x\n\ty\n", "b": "1 2#\t"}
    assert load("a: 'b\tc' # d\te\n#\tf\n").values == {"a": "b\tc"}


def test_mistakes_before_a_syntax_error_are_told_too():
    assert len(problems_of("a: 1\na: 2\nb: [")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        "{a: " * 20_000,
        "? " * 20_000,
        "- " * 20_000,
        "a: [" + "b, " * 110_000,
        "- a\n" * 110_000,
    ],
    ids=["lists", "mappings", "keys", "items", "long list", "many nodes"],
)
def test_hostile_input_is_refused_soon(text):
    start = time.process_time()
    assert problems_of(text)
    assert time.process_time() - start < 30


def test_the_number_of_problems_is_bounded():
    assert len(problems_of("\n".join("a: 1" for _ in range(5_000)))) == yamlfile.MAX_PROBLEMS


def test_size_limits():
    assert "larger than" in problems_of("#" * (yamlfile.MAX_BYTES + 1))[0]
    assert "characters" in problems_of("a: " + "x" * (yamlfile.MAX_SCALAR + 1))[0]


def test_byte_order_mark_and_foreign_line_ends():
    assert load("\ufeffa: 1\r\nb: 2\rc: 3\n".encode()).values == {"a": 1, "b": 2, "c": 3}


def test_reads_a_path_and_names_it(tmp_path: Path):
    file = tmp_path / "rule.yaml"
    file.write_text("a: 1\na: 2\n")
    with pytest.raises(ProblemsError, match=r"rule\.yaml:2:1: duplicate key"):
        load(file)
    file.write_text("a: é\n", encoding="utf-8")
    assert load(file).values == {"a": "é"}


def test_paths_that_are_no_files(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in problems_of(tmp_path)[0]
    assert "not a regular file" in problems_of(tmp_path / "pipe")[0]
    assert "can't be read: No such file" in problems_of(tmp_path / "absent.yaml")[0]
    assert "can't be read" in problems_of(Path("a\0b"))[0]
