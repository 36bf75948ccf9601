"""The tree of blocks, and how blocks are left."""

from __future__ import annotations

import pytest
from lowered import blocks, call, events, module, scope, shown


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if a: b\nelif c: d", ["if<0", "if<0"]),
        ("if a: b\nelif c: d\nelse: e", ["if<0!", "if<0!", "else<0!"]),
        ("if a:\n  if b: c\n  d", ["if<0", "if<1"]),
        ("for a in b:\n  c\nelse:\n  d", ["for<0", "loop_else<0"]),
        ("while a: b\nelse: c", ["while<0", "loop_else<0"]),
        ("try: a\nexcept B: c\nexcept: d\nelse: e\nfinally: f",
         ["try<0", "except<0", "except<0", "try_else<0", "finally<0"]),
        ("try: a\nexcept* B as c: d", ["try<0", "except<0"]),
        ("with a, b as c: d", ["with<0", "with<1"]),
        ("with (a as b, c): d", ["with<0", "with<1"]),
        ("match a:\n  case 1: b\n  case c: d", ["case<0!", "case<0!"]),
        ("match a:\n  case 1: b\n  case c if d: e", ["case<0", "case<0"]),
        ("match a:\n  case 1 | _: b", ["case<0!"]),
        ("def f():\n  if a: b", ["body<0", "if<1"]),
    ],
)  # fmt: skip
def test_tree(source, expected):
    assert blocks(module(source))[1:] == expected


def test_arms_share_the_number_of_their_statement():
    facts = module("if a: b\nelif c: d\nelse: e\nif f: g\nwith h, i: j")
    numbers = [block.statement for block in facts.blocks]
    assert numbers[1] == numbers[2] == numbers[3]
    assert len(set(numbers)) == 5


def test_heads():
    facts = module("""
        if a: b
        else: c
        for d in e: f
        while g: h
        with i as j: k
        try: l
        except M as n: o
        match p:
            case {"q": 1}: r
    """)
    heads = {block.kind: block.head for block in facts.blocks}
    assert {kind: shown(head) for kind, head in heads.items() if head is not None} == {
        "if": "a", "for": "e", "while": "g", "with": "i", "except": "M", "case": "p",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "kind", "leaving"),
    [
        ("return\nx", "body", "return"),
        ("raise A", "body", "raise"),
        ("x; return; y", "body", "return"),
        ("sys.exit(1)", "body", "raise"),
        ("exit()", "body", "raise"),
        ("os._exit(0)", "body", "raise"),
        ("x = sys.exit()", "body", ""),
        ("sys.exit", "body", ""),
        ("for x in y: break", "for", "break"),
        ("for x in y: continue", "for", "continue"),
        ("for x in y: return", "body", ""),
        ("for x in y: pass\nelse: return", "body", "return"),
        ("for x in y: break\nelse: return", "body", ""),
        ("if x: return", "body", ""),
        ("if x: return\nelse: return", "body", "return"),
        ("if x: return\nelse: raise A", "body", "return"),
        ("if x: return\nelif y: raise A", "body", ""),
        ("for x in y:\n  if a: break\n  else: return", "for", "break"),
        ("for x in y:\n  if a: break\n  else: continue", "for", "continue"),
        ("if x:\n  if y: return\n  else: return\nelse: raise A", "body", "return"),
        ("while True: pass", "body", "return"),
        ("while 1: return", "body", "return"),
        ("while True:\n  if x: break", "body", ""),
        ("while True:\n  for x in y: break", "body", "return"),
        ("while True:\n  def f():\n    for x in y: break", "f", ""),
        ("while x: return", "body", ""),
        ("try: return\nexcept A: pass", "body", ""),
        ("try: return\nexcept A: raise", "body", "return"),
        ("try: x\nexcept A: raise", "body", ""),
        ("try: x\nexcept A: raise\nelse: return", "body", "return"),
        ("try: x\nfinally: return", "body", "return"),
        ("try: return\nfinally: x", "body", "return"),
        ("with x: return", "body", "return"),
        ("with x: return", "with", "return"),
        ("with contextlib.suppress(A): return", "body", ""),
        ("with x, pytest.raises(A): raise A", "body", ""),
        ("match x:\n  case 1: return\n  case _: raise A", "body", "return"),
        ("match x:\n  case 1: return", "body", ""),
        ("lambda: 1", "body", ""),
    ],
)
def test_leaving(source, kind, leaving):
    lines = "\n  ".join(source.splitlines())
    facts = module(f"def function():\n  {lines}\n")
    if kind in ("body", "f"):
        body = scope(facts, "function" if kind == "body" else kind).body
        assert facts.blocks[body].leaves == leaving
    else:
        assert [block.leaves for block in facts.blocks if block.kind == kind] == [leaving]


def test_calls_know_the_block_they_are_evaluated_in():
    facts = module("""
        for x in iterable():
            body()
        while condition():
            turn()
        if first(): one()
        elif second(): two()
        with manager() as y: inside()
        try: risky()
        except kind(): handle()
        match subject():
            case z if guard(): chosen()
    """)
    kinds = {each.text: facts.blocks[each.block].kind for each in facts.calls}
    assert kinds == {
        "iterable": "body", "body": "for", "condition": "while", "turn": "while", "first": "body", "one": "if",
        "second": "body", "two": "if", "manager": "body", "inside": "with", "risky": "try", "kind": "body",
        "handle": "except", "subject": "body", "guard": "case", "chosen": "case",
    }  # fmt: skip


def test_what_compound_statements_bind():
    facts = module("""
        for a, b in c: pass
        with d as (e, f), g: pass
        try: pass
        except H as i: pass
        except (J, K): pass
        except: pass
        while l: pass
    """)
    assert events(facts) == [
        "item a = c at [0]",
        "item b = c at [1]",
        "enter e = d at [0]",
        "enter f = d at [1]",
        "enter = g",
        "catch i = H",
        "catch = tuple(J, K)",
        "catch",
        "evaluate = l",
    ]
    assert {facts.blocks[event.block].kind for event in facts.scopes[0].events} == {"for", "with", "except", "while"}


def test_asynchronous_statements():
    facts = module("async def f():\n  async for a in b: pass\n  async with c as d, e: pass\n")
    assert events(facts, "f") == ["async item a = b", "async enter d = c", "async enter = e"]
    assert [block.asynchronous for block in facts.blocks] == [False, False, True, True, True]
    assert scope(facts, "f").asynchronous


def test_what_patterns_bind():
    facts = module("""
        match f(x):
            case [a, [b, *c], d]: pass
            case {"k": e, K.L: [g], **rest}: pass
            case C(h, i=j, k=[l]): pass
            case (m | n) as o: pass
            case 1 | "s" | None | -1 | P.Q: pass
            case [{"r": s}]: pass
            case t if t > 1: u()
    """)
    assert events(facts) == [
        "evaluate = f(x)",
        "assign a = f(x) at [0]",
        "assign b = f(x) at [1][0]",
        "assign c = f(x) at [1][-1]",
        "assign d = f(x) at [2]",
        "assign e = f(x)['k']",
        "assign g = f(x)[K.L] at [0]",
        "assign rest = <the rest of a mapping>",
        "assign h = <attribute by position>",
        "assign j = f(x).i",
        "assign l = f(x).k at [0]",
        "assign m = f(x)",
        "assign n = f(x)",
        "assign o = f(x)",
        "assign s = f(x)[0]['r']",
        "assign t = f(x)",
        "evaluate = (t > 1)",
        "evaluate = u()",
    ]
    assert len(facts.calls) == 2


def test_places_behind_patterns():
    case = 'case C([a], {"k": (b)}, c=D(1)) if f(2): g(3)'
    facts = module(f"match x:\n {case}\n")
    assert [(each.text, each.place.column - 2) for each in facts.calls] == [
        ("f", case.index("f(2")),
        ("g", case.index("g(")),
    ]
    assert call(facts, "f").block == call(facts, "g").block


def test_a_long_chain_of_arms_is_no_deep_nesting():
    facts = module("if a: b()\n" + "elif c: d()\n" * 1000 + "else: e()\n")
    assert {block.parent for block in facts.blocks[1:]} == {0}
    assert len(facts.calls) == 1002
