"""Operators and text methods on known values do what Python does, or give no constant at all."""

from __future__ import annotations

import operator
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from llmlint.linking.evaluation import operations, strings
from llmlint.linking.evaluation.values import (
    Choice,
    Computed,
    Constant,
    Entries,
    Items,
    Many,
    NotGiven,
    Spread,
    Text,
    Unknown,
    Value,
    choice,
    concatenate,
    options,
)

PROFILE = settings(max_examples=150, derandomize=True, deadline=None)
HOLE = Unknown("it is not known")
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-50, 50), st.floats(-5, 5, allow_nan=False), st.text("ab %{}$-/", max_size=6)
)
TEXTS = st.text("ab%s(){}:$!-/ \n", max_size=12)
BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
COMPARED = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
}


def of(value: object) -> Value:
    if isinstance(value, list | tuple):
        return Items("list" if isinstance(value, list) else "tuple", tuple(of(item) for item in value))
    if isinstance(value, dict):
        return Entries(tuple((of(key), of(item)) for key, item in value.items()))
    return Constant(value)


def agrees(found: Value, expected: object) -> bool:
    """Is the value no constant, or this one with its type?"""
    return not isinstance(found, Constant) or (type(found.value), found.value) == (type(expected), expected)


def python(compute) -> tuple[bool, object]:
    try:
        return True, compute()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False, None


# --- operators -----------------------------------------------------------------------------------------------


@PROFILE
@given(st.sampled_from(sorted(BINARY)), PLAIN, PLAIN)
def test_binary_operators(sign: str, left: object, right: object):
    works, expected = python(lambda: BINARY[sign](left, right))
    found = operations.binary(sign, of(left), of(right), "text")
    assert not works or agrees(found, expected)


@PROFILE
@given(st.sampled_from(sorted(COMPARED)), PLAIN, PLAIN)
def test_comparisons(sign: str, left: object, right: object):
    works, expected = python(lambda: COMPARED[sign](left, right))
    found = operations.compared((sign,), (of(left), of(right)), "text")
    assert not works or agrees(found, expected)


@PROFILE
@given(st.sampled_from(["and", "or"]), PLAIN, PLAIN)
def test_and_and_or(sign: str, left: object, right: object):
    expected = (left and right) if sign == "and" else (left or right)
    assert agrees(operations.boolean(sign, of(left), of(right)), expected)


@PROFILE
@given(st.one_of(PLAIN, st.lists(PLAIN, max_size=2), st.dictionaries(st.text(max_size=2), PLAIN, max_size=2)))
def test_truth(value: object):
    assert operations.truth(of(value)) in (None, bool(value))


def test_truth_is_open_where_something_may_be_missing():
    assert operations.truth(Items("list", (Many(HOLE),))) is None
    assert operations.truth(Entries(((Constant("a"), HOLE),), frozenset({0}))) is None
    assert operations.truth(Entries(((Spread(), HOLE),))) is None
    assert operations.truth(HOLE) is None
    assert operations.truth(Choice((Constant(0), Constant(1)))) is None
    assert operations.truth(Choice((Constant(2), Constant(1)))) is True


def test_or_keeps_what_may_decide():
    found = operations.boolean("or", choice((Constant(None), Constant("a"), HOLE)), Constant("b"))
    assert {each.value for each in options(found) if isinstance(each, Constant)} == {"a", "b"}
    assert any(isinstance(each, Unknown) for each in options(found))


def test_operators_on_alternatives_make_all_pairs():
    found = operations.binary("+", choice((Constant("a"), Constant("b"))), choice((Constant("1"), Constant("2"))), "x")
    assert [each.value for each in options(found)] == ["a1", "a2", "b1", "b2"]


def test_lists_are_joined_and_repeated():
    both = operations.binary("+", of(["a"]), of(["b"]), "x")
    assert isinstance(both, Items) and [each.value for each in both.items] == ["a", "b"]
    behind = operations.binary("+", of(["a"]), HOLE, "x")
    assert isinstance(behind, Items) and behind.items[0].value == "a" and len(behind.items) == 2


def test_nothing_grows_without_bound():
    assert not isinstance(operations.binary("**", Constant(10), Constant(10**9), "x"), Constant)
    assert not isinstance(operations.binary("*", Constant("a"), Constant(10**12), "x"), Constant)
    assert not isinstance(operations.binary("<<", Constant(1), Constant(10**9), "x"), Constant)


# --- text ----------------------------------------------------------------------------------------------------

METHODS = (
    ("strip", 0),
    ("strip", 1),
    ("lstrip", 0),
    ("lstrip", 1),
    ("rstrip", 0),
    ("rstrip", 1),
    ("lower", 0),
    ("upper", 0),
    ("title", 0),
    ("capitalize", 0),
    ("casefold", 0),
    ("swapcase", 0),
    ("replace", 2),
    ("removeprefix", 1),
    ("removesuffix", 1),
    ("expandtabs", 0),
    ("zfill", -1),
    ("ljust", -1),
    ("center", -1),
)


@PROFILE
@given(st.sampled_from(METHODS), TEXTS, st.tuples(TEXTS, TEXTS), st.integers(0, 15))
def test_methods_of_text(method: tuple[str, int], text: str, arguments: tuple[str, str], number: int):
    name, count = method
    given_ = [number] if count == -1 else list(arguments[:count])
    expected = getattr(text, name)(*given_)
    assert agrees(strings.method(of(text), name, [of(each) for each in given_], {}), expected)


@PROFILE
@given(st.sampled_from(["split", "rsplit", "splitlines", "partition"]), TEXTS, st.sampled_from([" ", "a", "/", "ab"]))
def test_splits(name: str, text: str, separator: str):
    if name not in strings.METHODS:
        return
    arguments = [] if name == "splitlines" else [separator]
    expected = list(getattr(text, name)(*arguments))
    found = strings.method(of(text), name, [of(each) for each in arguments], {})
    if isinstance(found, Items) and not any(isinstance(item, Many) for item in found.items):
        assert [item.value if isinstance(item, Constant) else None for item in found.items] == expected


@PROFILE
@given(TEXTS, st.lists(st.one_of(TEXTS, st.integers(0, 9)), max_size=3))
def test_percent(text: str, values: list[object]):
    works, expected = python(lambda: text % tuple(values))
    assert not works or agrees(strings.percent(of(text), of(tuple(values))), expected)


@PROFILE
@given(st.text("{}01ab:!rs>5.[]", max_size=8), st.lists(st.one_of(TEXTS, st.integers(0, 9)), max_size=2), TEXTS)
def test_format(text: str, values: list[object], a: str):
    works, expected = python(lambda: text.format(*values, a=a))
    found = strings.method(of(text), "format", [of(value) for value in values], {"a": of(a)})
    assert not works or agrees(found, expected)


@PROFILE
@given(st.text("${}ab ", max_size=8), TEXTS)
def test_templates(text: str, a: str):
    works, expected = python(lambda: string.Template(text).substitute(a=a))
    assert not works or agrees(strings.method(of(text), "substitute", [], {"a": of(a)}), expected)


@PROFILE
@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_join(separator: str, items: list[str]):
    found = strings.join(of(separator), of(items))
    assert isinstance(found, Constant) and found.value == separator.join(items)


def test_join_of_what_is_not_known():
    found = strings.join(of(", "), Items("list", (Constant("a"), HOLE, Constant("b"))))
    assert isinstance(found, Text)
    assert [getattr(part, "value", None) for part in found.parts] == ["a, ", None, ", b"]
    assert not isinstance(strings.join(of(", "), Items("list", (Many(Constant("a")),))), Constant)
    assert not isinstance(strings.join(of(", "), HOLE), Constant)


def test_a_set_is_joined_in_no_certain_order():
    found = strings.join(of(","), Items("set", (Constant("a"), Constant("b"))))
    assert not isinstance(found, Constant)


def test_concatenation_joins_what_is_constant():
    found = concatenate([Constant("a"), Constant(1), HOLE, Text((Constant("b"), HOLE)), Constant("c")])
    assert isinstance(found, Text)
    assert [getattr(part, "value", None) for part in found.parts] == ["a1", None, "b", None, "c"]
    assert concatenate([]).value == ""


def test_methods_on_text_with_holes_keep_the_holes():
    text = Text((Constant("  A{x}"), HOLE, Constant("B  ")))
    lowered = strings.method(text, "lower", [], {})
    assert isinstance(lowered, Text) and lowered.parts[1] is HOLE
    filled = strings.method(text, "format", [], {"x": Constant("!")})
    assert isinstance(filled, Text) and filled.parts[0].value == "  A!"
    replaced = strings.method(text, "replace", [Constant("B"), Constant("C")], {})
    assert isinstance(replaced, Text) and replaced.parts[-1].value == "C  "


def test_what_a_template_lacks_is_unknown():
    found = strings.method(of("a {b} c"), "format", [], {})
    assert isinstance(found, Text)
    assert any(isinstance(part, Unknown) for part in found.parts)


def test_lookups():
    table = of({"a": 1, "b": 2})
    assert strings.lookup(table, "b").value == 2
    assert isinstance(strings.lookup(table, "z"), Unknown)
    maybe = Entries((*table.entries, (Constant("a"), Constant(3))), frozenset({2}))
    assert sorted(each.value for each in options(strings.lookup(maybe, "a"))) == [1, 3]
    opened = Entries(((Constant("a"), Constant(1)), (Spread(), HOLE)))
    assert len(options(strings.lookup(opened, "a"))) == 2
    assert isinstance(strings.lookup(HOLE, "a"), Computed)


def test_a_choice_is_flat_small_and_without_repeats():
    found = choice([Constant(1), choice((Constant(1), Constant(2))), Constant(True), NotGiven(), NotGiven()])
    assert [getattr(each, "value", None) for each in options(found)] == [1, 2, True, None]
    assert choice([Constant(1), Constant(1)]).value == 1
    assert isinstance(choice([]), Unknown)
    assert isinstance(choice([Constant(n) for n in range(1000)]), Unknown)
