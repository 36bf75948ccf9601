"""The events of simple statements, and the order in which things are evaluated."""

from __future__ import annotations

import pytest
from lowered import call, events, module, scope


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b = c", ["assign a = c", "assign b = c"]),
        ("a, (b, *c), d = e", ["assign a = e at [0]", "assign b = e at [1][0]", "assign c = e at [1][rest]",
                               "assign d = e at [2]"]),
        ("[a, *b, c] = d", ["assign a = d at [0]", "assign b = d at [rest]", "assign c = d at [-1]"]),
        ("a.b = c", ["assign a.b = c"]),
        ("a['b'], c[:] = d", ["assign a['b'] = d at [0]", "assign c[::] = d at [1]"]),
        ("(a) = 1", ["assign a = 1"]),
        ("a: int = 1", ["assign a: int = 1"]),
        ("a: 'list[int]'", ["declare a: 'list[int]'"]),
        ("a.b += c", ["augment a.b += c"]),
        ("a //= 2", ["augment a //= 2"]),
        ("a **= yield_", ["augment a **= yield_"]),
        ("del a, b[0]", ["delete a", "delete b[0]"]),
        ("del (a)", ["delete a"]),
        ("f(1)", ["evaluate = f(1)"]),
        ("'text'", ["evaluate = 'text'"]),
        ("assert a, f()", ["evaluate = a", "evaluate = f()"]),
        ("return", ["return"]),
        ("return a, *b", ["return = tuple(a, *b)"]),
        ("raise", ["raise"]),
        ("raise A from b", ["evaluate = b", "raise = A"]),
        ("pass", []),
        ("type A[T] = list[T]", ["assign A = list[T]"]),
        ("(a := f(1))", ["assign a = f(1)", "evaluate = (a := f(1))"]),
        ("a = 1; b = 2", ["assign a = 1", "assign b = 2"]),
        ("import a", ["assign a = <import a as a>"]),
        ("import a.b.c", ["assign a = <import a.b.c as a>"]),
        ("import a.b as c, d", ["assign c = <import a.b as a.b>", "assign d = <import d as d>"]),
        ("from a.b import c as d, e", ["assign d = <from a.b import c>", "assign e = <from a.b import e>"]),
        ("from .. import a", ["assign a = <from .. import a>"]),
        ("from ...a import (b,)", ["assign b = <from ...a import b>"]),
        ("from .a import *", ["assign * = <from .a import *>"]),
    ],
)  # fmt: skip
def test_events(source, expected):
    assert events(module(source)) == expected


def numbered(source: str) -> dict[str, int]:
    """When calls are made and names are bound."""
    facts = module(source)
    names = {
        getattr(event.target, "name", ""): event.sequence for each in facts.scopes for event in each.events
    }  # fmt: skip
    return names | {each.text + "()": each.sequence for each in facts.calls}


@pytest.mark.parametrize(
    ("source", "order"),
    [
        ("a = f(g())", "g() f() a"),
        ("a[g()] = b = f()", "f() g() b"),
        ("(a := f()) + g()", "f() a g()"),
        ("x = f(a := g(), b := h())", "g() a h() b f() x"),
        ("x = (f() if (a := g()) else h())", "g() a f() h() x"),
        ("x = [f() for a in g() if h()]", "g() a h() f() x"),
        ("x = [f() for a in g() for b in h()]", "g() a h() b f() x"),
        ("x = {f(): g() for a in h()}", "h() a f() g() x"),
        ("x += f()", "f() x"),
        ("@a()\nclass x(b(), k=c()):\n y = d()", "a() b() c() d() x"),
        ("@a()\ndef x(p: c() = b()) -> d():\n y = e()", "a() c() b() d() x e() y"),
        ("x = lambda p=f(): g()", "f() g() x"),
        ("for x in f():\n g()", "f() x g()"),
        ("with f() as x, g() as y:\n h()", "f() x g() y h()"),
        ("if f():\n x = 1\nelif g():\n y = 1\nelse:\n h()", "f() x g() y h()"),
    ],
)
def test_order_of_evaluation(source, order):
    numbers = numbered(source)
    assert sorted(order.split(), key=numbers.__getitem__) == order.split()
    assert len({numbers[name] for name in order.split()}) == len(order.split())


def test_targets_of_one_statement_are_bound_at_once():
    one, two = scope(module("a, b = b, a"), "<module>").events
    assert one.sequence == two.sequence


def test_a_walrus_in_a_comprehension_binds_around_it():
    facts = module("def f():\n    return [y for x in z if (y := g(x))]")
    assert events(facts, "f") == ["assign y = g(x)", "return = list 2(y)"]
    assert facts.scopes[1].events[0].block == facts.scopes[1].body


def test_names_of_outer_scopes():
    facts = module("def f():\n    global a, b\n    def g():\n        nonlocal c\n")
    assert (scope(facts, "f").outer_names, scope(facts, "g").outer_names) == (("a", "b"), ("c",))


def test_lines_are_those_of_the_statement():
    facts = module("x = f(\n    (y := 1),\n)\n\nif z: a = 1; b = (\n  2)\n")
    assert [event.line for event in facts.scopes[0].events] == [1, 1, 5, 5, 5]


def test_calls_in_targets_and_messages_are_found():
    facts = module("a[f()].b = 1\ndel c[g()]\nassert d, h()\nraise E from i()\nx: j() = 1\ntype X[T: k()] = m()")
    assert [each.text for each in facts.calls] == ["f", "g", "h", "i", "j", "k", "m"]
    assert call(facts, "i").place.line == 4
