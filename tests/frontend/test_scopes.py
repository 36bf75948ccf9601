"""Functions, classes, lambdas and comprehensions."""

from __future__ import annotations

import pytest
from lowered import call, events, module, scope, shown


def test_function():
    facts = module('''
        @a.b(1)
        @c
        async def f(d, /, e: int = 1, *g: str, h=2, **i) -> "J":
            """Text."""
            return e
    ''')
    found = scope(facts, "f")
    assert events(facts) == ["assign f = <def 1>"]
    assert [shown(each) for each in found.decorators] == ["a.b(1)", "c"]
    assert [(each.name, each.kind) for each in found.parameters] == [
        ("d", "positional"),
        ("e", "plain"),
        ("g", "star"),
        ("h", "keyword"),
        ("i", "double_star"),
    ]
    given = [each.default for each in found.parameters]
    assert [None if each is None else shown(each) for each in given] == [None, "1", None, "2", None]
    annotations = [each.annotation for each in found.parameters]
    assert [None if each is None else shown(each) for each in annotations] == [None, "int", "str", None, None]
    assert found.returns is not None
    assert shown(found.returns) == "'J'"
    assert (found.asynchronous, found.docstring, found.line, found.end_line) == (True, "Text.", 4, 6)


def test_bare_star_is_no_parameter():
    assert [each.kind for each in scope(module("def f(a, *, b): pass"), "f").parameters] == ["plain", "keyword"]


def test_class():
    facts = module("""
        class A(B, *d, metaclass=C): 'Text'; x = 1

        class E:
            y: int = 2
            def f(self): self.z = 3
    """)
    found = scope(facts, "A")
    assert [(shown(each.value), each.keyword, each.star) for each in found.bases] == [
        ("B", None, 0),
        ("d", None, 1),
        ("C", "metaclass", 0),
    ]
    assert found.docstring == "Text"
    assert events(facts) == ["assign A = <class 1>", "assign E = <class 2>"]
    assert events(facts, "E") == ["assign y: int = 2", "assign f = <def 3>"]
    assert events(facts, "f") == ["assign self.z = 3"]
    assert scope(facts, "f").parent == 2


def test_where_a_scope_is_defined():
    facts = module("if a:\n  def f(): pass\n  class B: pass")
    assert [(each.block, facts.blocks[each.body].kind) for each in facts.scopes[1:]] == [(1, "body"), (1, "body")]
    assert [each.sequence for each in facts.scopes[1:]] == [each.sequence for each in facts.scopes[0].events[1:]]
    assert (facts.scopes[0].parent, facts.scopes[0].block, facts.blocks[0].parent) == (-1, -1, -1)


def test_what_is_evaluated_when_a_scope_is_defined():
    facts = module("@a()\ndef f(x: b() = c()) -> d(): e()\n@g()\nclass H(i()): j()\nk = lambda y=l(): m()")
    places = {each.text: each.scope for each in facts.calls}
    assert [name for name, number in places.items() if number == 0] == ["a", "b", "c", "d", "g", "i", "l"]
    assert [(places["e"], places["j"], places["m"])] == [(1, 2, 3)]


def test_parameters_of_types():
    facts = module("def f[T: a(), *U, **V = b()](x: T): pass\nclass C[W](D[W]): pass")
    assert [each.text for each in facts.calls] == ["a", "b"]
    assert events(facts, "f") == [f"assign {name} = <type parameter>" for name in "TUV"]
    assert events(facts, "C") == ["assign W = <type parameter>"]


def test_lambda():
    facts = module("a = [\n  lambda: 1,\n  lambda *b, c=f(2): g(\n    c)]")
    one, two = facts.scopes[1:]
    assert events(facts) == ["assign a = list(<def 1>, <def 2>)"]
    assert [(each.kind, each.name, each.line, each.end_line) for each in (one, two)] == [
        ("function", "<lambda>", 2, 2),
        ("function", "<lambda>", 3, 4),
    ]
    assert [shown(each.value) for each in two.events] == ["g(c)"]
    assert facts.blocks[two.body].leaves == "return"
    assert (call(facts, "f").scope, call(facts, "g").scope) == (0, 2)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a for a in b]", "list 1(a)"),
        ("{a for a in b}", "set 1(a)"),
        ("(a for a in b)", "generator 1(a)"),
        ("{a: c for a, c in b}", "dict 1(a: c)"),
        ("[*a for a in b]", "list 1(*a)"),
    ],
)
def test_comprehension(source, expected):
    facts = module(f"x = {source}")
    assert events(facts) == [f"assign x = {expected}"]
    assert [event.kind for event in facts.scopes[1].events] == ["item"] * (1 + source.count(", c"))


def test_loops_and_conditions_of_a_comprehension():
    facts = module("async def f():\n  return [g(a)\n    async for a in h(1) if i(a) if j for k in l(a)]")
    assert events(facts, "<comprehension>") == [
        "async item a = h(1)", "evaluate = i(a)", "evaluate = j", "item k = l(a)"
    ]  # fmt: skip
    places = {each.text: each.scope for each in facts.calls}
    assert places == {"h": 1, "i": 2, "l": 2, "g": 2}
    found = scope(facts, "<comprehension>")
    assert (found.parent, found.line, found.end_line) == (1, 3, 3)
    assert facts.blocks[found.body].parent == facts.scopes[1].body


def test_a_generator_within_a_comprehension_keeps_the_function_around_it():
    facts = module("def f():\n  return [(yield a) for a in b]")
    assert scope(facts, "f").generator


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("'a'", "a"),
        ("'a' 'b'", "ab"),
        ("('a')", "a"),
        ("r'\\n'", "\\n"),
        ("f'a'", None),
        ("'a' f'b'", None),
        ("b'a'", None),
        ("1", None),
        ("x = 'a'", None),
        ("if x: 'a'", None),
    ],
)
def test_docstring(source, text):
    facts = module(f"{source}\ndef f():\n  {source}\nclass A:\n  {source}\ndef g(): pass")
    assert [each.docstring for each in facts.scopes] == [text, text, text, None]
