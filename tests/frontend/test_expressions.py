"""What each form of expression is lowered to."""

from __future__ import annotations

import pytest
from lowered import call, events, module, scope, shown, value

from llmlint.facts import syntax
from llmlint.facts.encoding import decode, encode
from llmlint.facts.syntax import SCHEMA, ModuleFacts
from llmlint.frontend import lower


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("None", "None"),
        ("True", "True"),
        ("0x_ff", "255"),
        ("1_000", "1000"),
        ("0o17", "15"),
        ("00", "0"),
        ("-1", "-1"),
        ("-1.5", "-1.5"),
        ("1e3", "1000.0"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "<number too large>"),
        ("1e999", "<number too large>"),
        ("1" * 5000, "<number too large>"),
        ("2j", "<complex number>"),
        ("...", "<...>"),
        ("+1", "(+ 1)"),
        ("~a", "(~ a)"),
        ("not a", "(not a)"),
        ("a.b.c", "a.b.c"),
        ("(a)", "a"),
        ("a[0]", "a[0]"),
        ("a[b, c]", "a[tuple(b, c)]"),
        ("a[b,]", "a[tuple(b)]"),
        ("a[1:]", "a[1::]"),
        ("a[::2, b]", "a[tuple(::2, b)]"),
        ("a[*b]", "a[*b]"),
        ("a + b * c", "(a + (b * c))"),
        ("a @ b // c", "((a @ b) // c)"),
        ("a << b | c", "((a << b) | c)"),
        ("a ** -b", "(a ** (- b))"),
        ("a and b and c", "((a and b) and c)"),
        ("a or b", "(a or b)"),
        ("a < b <= c", "(a < b <= c)"),
        ("a not in b", "(a not in b)"),
        ("a is not b", "(a is not b)"),
        ("a if b else c", "(a if b else c)"),
        ("[a, *b]", "list(a, *b)"),
        ("a, b", "tuple(a, b)"),
        ("()", "tuple()"),
        ("{a, b}", "set(a, b)"),
        ("{a: 1, **b}", "{a: 1, **b}"),
        ("{}", "{}"),
        ("f(a, *b, c=1, **d)", "f(a, *b, c=1, **d)"),
        ("f(x for x in y)", "f(generator 1(x))"),
        ("await f()", "await f()"),
    ],
)
def test_form(source, expected):
    facts = module(f"x = {source}\n")
    assert events(facts) == [f"assign x = {expected}"]


def test_yields_make_a_generator():
    facts = module("def f():\n    yield 1\n    yield\n    yield from g()\ndef h(): pass")
    assert events(facts, "f") == ["evaluate = yield 1", "evaluate = yield", "evaluate = yield from g()"]
    assert (scope(facts, "f").generator, scope(facts, "h").generator) == (True, False)


def test_arguments_know_their_lines():
    facts = module("f(a,\n  # no\n  b=(\n 1), **c)")
    evaluated = scope(facts, "<module>").events[0].value
    assert isinstance(evaluated, syntax.Call)
    assert [argument.line for argument in evaluated.arguments] == [1, 3, 4]


def test_commas_of_lambdas_part_no_arguments():
    facts = module("f(lambda a, b: 1,\n lambda c=lambda d, e: 2, *f: 3,\n g, lambda: (h,\n i),\n j)")
    evaluated = scope(facts, "<module>").events[0].value
    assert isinstance(evaluated, syntax.Call)
    assert [argument.line for argument in evaluated.arguments] == [1, 2, 3, 3, 5]


def test_only_the_awaited_call_is():
    facts = module("await f(g())\nawait h\n(await i()).j()")
    assert [each.text for each in facts.calls if each.awaited] == ["f", "i"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a . b (1)", "a . b"),
        ("(a\n  .b  # why\n  .c()\n  .d(1))", "a.b.c().d"),
        ("(a.\n  b)(1)", "(a.b)"),
        ("f(1)(2)", "f(1)"),
        ("x[ 'a  b' ](1)", "x[ 'a b' ]"),
        (f"{'a' * 200}(1)", "a" * 120),
    ],
)
def test_callee_as_written(source, text):
    assert module(source).calls[-1].text == text


def test_what_is_nested_too_deeply_is_opaque_and_the_rest_is_not():
    facts = module(f"x = {' + '.join(['f(1)'] * 200)} + g(2)\ny = [h()]")
    assert "<nested too deeply>" in events(facts)[0]
    assert call(facts, "g").place.column == 5 + 200 * len("f(1) + ")
    assert events(facts)[1] == "assign y = list(h())"


def test_syntax_that_is_new_to_python():
    facts = module("lazy import a\nx = t'{f(1)}'\ny = {**z for z in w}\n")
    assert events(facts)[-2:] == ["assign x = <template string>", "assign y = dict 1(z)"]
    assert call(facts, "f").place.column == 8


def test_equality_is_identity():
    assert syntax.Name("a") != syntax.Name("a")


def test_empty_source():
    facts = lower(b"")
    assert isinstance(facts, ModuleFacts)
    assert (facts.schema, facts.lines, len(facts.scopes), facts.calls) == (SCHEMA, 0, 1, ())
    assert encode(decode(encode(facts))) == encode(facts)


def test_value_in_brackets_is_the_value():
    assert value("((f))(1)") == "f(1)"
    assert shown(syntax.Starred(syntax.Name("a"))) == "*a"
