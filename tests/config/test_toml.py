from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmlint.config.toml import MAX_BYTES, parse_toml
from llmlint.errors import ProblemsError


def parse(text: str | bytes):
    return parse_toml(text.encode() if isinstance(text, str) else text, "t.toml")


def problem_of(text: str | bytes) -> str:
    with pytest.raises(ProblemsError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    return str(problem)


TEXT = """\
# comment with [brackets] and = signs
title = "a # b" # comment
[tool.llmlint]
select = [ # one a line
  "a",
  'b', # ]
]
severity.x = "off"
"quoted key" = '''
[not.a.table]
'''
price = { input = 1, "in.ner" = { deep = 2026-01-31 } }

[[tool.llmlint.overrides]]
paths = ["p"]
[tool.llmlint.overrides.severity]
one = "off"
[[ tool.llmlint.overrides ]]
  paths = ["q", [1, 2]]
  severity = { two = "off" }
"""


def test_values():
    section = parse(TEXT).under("tool").under("llmlint").values
    assert section == {
        "select": ["a", "b"],
        "severity": {"x": "off"},
        "quoted key": "[not.a.table]\n",
        "price": {"input": 1, "in.ner": {"deep": "2026-01-31"}},
        "overrides": [
            {"paths": ["p"], "severity": {"one": "off"}},
            {"paths": ["q", [1, 2]], "severity": {"two": "off"}},
        ],
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("title",), (2, 1)),
        (("tool", "llmlint"), (3, 1)),
        (("tool", "llmlint", "select"), (4, 1)),
        (("tool", "llmlint", "select", 1), (6, 3)),
        (("tool", "llmlint", "severity", "x"), (8, 1)),
        (("tool", "llmlint", "quoted key"), (9, 1)),
        (("tool", "llmlint", "price", "in.ner", "deep"), (12, 35)),
        (("tool", "llmlint", "overrides", 0, "paths"), (15, 1)),
        (("tool", "llmlint", "overrides", 0, "severity", "one"), (17, 1)),
        (("tool", "llmlint", "overrides", 1), (18, 1)),
        (("tool", "llmlint", "overrides", 1, "paths", 1, 1), (19, 21)),
        (("tool", "llmlint", "overrides", 1, "severity", "two"), (20, 16)),
    ],
)
def test_places(path, place):
    assert parse(TEXT).place(path) == place


def test_values_have_places_too():
    assert parse("a  =   1\n").value_place(("a",)) == (1, 8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = \n", "t.toml:1:5: not valid TOML"),
        ("a = 1\na = 2\n", "t.toml:2:6: not valid TOML"),
        ("[a\n", "not valid TOML"),
        ("x = 1\na = 'b", "t.toml:2:7: not valid TOML"),
        ("a", "not valid TOML"),
        (b"a = 1\nb = '\xff'", "t.toml:2:6: not UTF-8 text"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("a = " + "{b=" * 5_000 + "1" + "}" * 5_000, "nested too deeply"),
        ("a = 1" + "0" * 5_000, "not valid TOML"),
        (".".join("a" * 300_000) + " = 1", "too many dots"),
        ("#" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_bad_text(text, expected):
    start = time.monotonic()
    problem = problem_of(text)
    assert expected in problem
    assert problem.startswith("t.toml:")
    assert problem.endswith(")"), "every problem says what to do"
    assert time.monotonic() - start < 10


def paths_in(values, prefix=()):
    for key, value in values.items() if isinstance(values, dict) else enumerate(values):
        yield (*prefix, key)
        if isinstance(value, (dict, list)):
            yield from paths_in(value, (*prefix, key))


def toml_of(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key_of(key)} = {toml_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[ " + ", # c ]\n".join(toml_of(item) for item in value) + "\n]"
    return string_of(value) if isinstance(value, str) else str(value).lower()


def string_of(text: str) -> str:
    return (
        '"'
        + "".join(
            f"\\U{ord(character):08x}" if character in '"\\\x7f' or character < " " else character for character in text
        )
        + '"'
    )


def key_of(key: str) -> str:
    return key if key.isascii() and key.isalnum() else string_of(key)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=6)
lines = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
plain = st.recursive(
    st.integers(-99, 99) | st.booleans() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(lines, st.integers() | lines, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(texts, plain, max_size=4), st.lists(st.dictionaries(texts, plain, max_size=2), max_size=3))
def test_every_key_and_item_has_a_place(table, items):
    text = "".join(f"{key_of(key)} = {toml_of(value)}\n" for key, value in table.items())
    for item in items:
        text += "[[ list.'of tables' ]] # c\n" + "".join(f" {key_of(k)}.x = {toml_of(v)}\n" for k, v in item.items())
    if items and "list" in table:
        return
    document = parse(text)
    assert isinstance(document.values, dict)
    written = {key: value for key, value in document.values.items() if key != "list" or "list" in table}
    assert written == table
    assert set(paths_in(document.values)) <= set(document.keys)
    assert set(document.keys) - {()} <= set(paths_in(document.values))
