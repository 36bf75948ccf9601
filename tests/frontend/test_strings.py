"""Strings, their escapes, and what f-strings are made of."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lowered import call, module, value

from llmlint.frontend.literals import unescape

MALFORMED = "<string with a malformed escape or a lone surrogate>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"'a\n\t\\\'\"'", "a\n\t\\'\""),
        (r"'\x41\u00e9\U0001F600\101\0'", "Aé😀A\0"),
        (r"'\N{EM DASH}'", "—"),
        (r"'\d\ '", "\\d\\ "),
        ("'a\\\nb'", "ab"),
        ("'''a\nb'''", "a\nb"),
        ("'a' \"b\" '''c'''", "abc"),
        ("('a'\n 'b')", "ab"),
        (r"r'\n' '\n'", "\\n\n"),
        (r"R'\\x'", "\\\\x"),
        ("u'a'", "a"),
        ("''", ""),
        ("'''\"a\"'''", '"a"'),
        ("f'a{{b}}'", "a{b}"),
        ("f'' f'a'", "a"),
    ],
)
def test_text(source, expected):
    assert value(source) == repr(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("b'a'", "<bytes>"),
        ("b'a' rb'b'", "<bytes>"),
        (r"'\ud800'", MALFORMED),
        (r"'\ud83d\ude00'", MALFORMED),
        (r"'\xg1'", MALFORMED),
        (r"'\N{no such name}'", MALFORMED),
        (r"'\U00110000'", MALFORMED),
        (r"'a' '\ud800' f'{b}'", f"f<'a'{{{MALFORMED}}}{{b}}>"),
    ],
)
def test_text_that_is_none(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f'{a}'", "f<{a}>"),
        ("f'a {b!r:>10} c'", "f<'a '{b!r:>10}' c'>"),
        ("f'{a:{b}}'", "f<{a}>"),
        ("f'{a:}'", "f<{a:}>"),
        ("'a' f'b{c}' 'd' f'{e}f'", "f<'ab'{c}'d'{e}'f'>"),
        (r"rf'\{a}\n'", r"f<'\\'{a}'\\n'>"),
        (r"f'\n{a}\N{EM DASH}'", r"f<'\n'{a}'—'>"),
        ("f'{a + b = }'", "f<'a + b = '{(a + b)!r}>"),
        ("f'{a=!s}'", "f<'a='{a!s}>"),
        ("f'{a=:>{b}}'", "f<'a='{a}>"),
        ("f'{ {1: 2}[1] }'", "f<{{1: 2}[1]}>"),
        ("f'{a['b']}'", "f<{a['b']}>"),
        ("f'{f'{f'{a}'}'}'", "f<{f<{f<{a}>}>}>"),
        ('f"""{\na  # }\n}"""', "f<{a}>"),
        ("f'{a, *b}'", "f<{tuple(a, *b)}>"),
        ("f'{(lambda: 1)}'", "f<{<def 1>}>"),
        ("f'{yes if a else no}'", "f<{(yes if a else no)}>"),
        ("f'{x:%H:%M}'", "f<{x:%H:%M}>"),
        ("f'{x!=y}'", "f<{(x != y)}>"),
    ],
)
def test_formatted(source, expected):
    assert value(source) == expected


def test_calls_in_holes_and_their_specifications():
    source = """x = f'{a(1)} {b:{c(2)}{d("}")}} {{e(3)}}' f"{'g(4)'}{h(5)!r:>{i(6)}}" + j(7)"""
    found = [(each.text, each.place.column) for each in module(source).calls]
    assert found == [(name, source.index(f"{name}(") + 1) for name in "acdhij"]


def test_calls_behind_long_formatted_text():
    facts = module(f'x = f"""{"( [ { " * 0}{"word, " * 400}{{a(1)}} #" """ + b(2)')
    assert call(facts, "a").place.column == 9 + 2400 + 1
    assert call(facts, "b").place.line == 1


ESCAPES = [
    *("a", "N", "{", "}", "\n", "0"),
    *(rf"\{rest}" for rest in ("\\", "n", "d", "'", "0", "101", "377", "x41", "x4", "u00e9", "u12", "U0001F600", "N")),
    *(rf"\N{{{name}}}" for name in ("EM DASH", "em dash", "nothing", "")),
]


@pytest.mark.filterwarnings("ignore:.*invalid escape sequence")
@given(st.lists(st.sampled_from(ESCAPES), max_size=5).map("".join))
def test_unescaping_agrees_with_python(text):
    try:
        expected = ast.literal_eval(f"'''{text}'''")
    except SyntaxError:
        expected = None
    assert unescape(text) == expected
