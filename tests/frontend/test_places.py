"""Places against those of libcst's own position provider: slow, and right."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import libcst as cst
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from lowered import module, place

from llmlint.facts import syntax
from llmlint.facts.syntax import ModuleFacts


class Layout(NamedTuple):
    """Spans of calls, lines of the arguments of each, and names and first lines of scopes."""

    calls: list[tuple[int, int, int, int]]
    arguments: Counter[tuple[int, ...]]
    scopes: Counter[tuple[str, int]]


def expected(source: str) -> Layout:
    """The layout that libcst sees."""
    ranges = MetadataWrapper(cst.parse_module(source)).resolve(PositionProvider)
    layout = Layout([], Counter(), Counter())
    for node, found in ranges.items():
        if isinstance(node, cst.Call):
            layout.calls.append(_span(found))
            layout.arguments[tuple(ranges[each].start.line for each in node.args)] += 1
        elif isinstance(node, cst.FunctionDef | cst.ClassDef):
            layout.scopes[node.name.value, ranges[node.name].start.line] += 1
        elif isinstance(node, cst.Lambda):
            layout.scopes["<lambda>", found.start.line] += 1
        elif isinstance(node, cst.BaseComp):
            layout.scopes["<comprehension>", ranges[node.for_in.target].start.line] += 1
    layout.calls.sort()
    return layout


def _span(found: CodeRange) -> tuple[int, int, int, int]:
    return found.start.line, found.start.column + 1, found.end.line, found.end.column + 1


def seen(facts: ModuleFacts) -> Layout:
    """The layout that is in the facts."""
    calls = {node.index: node for node in _nodes(facts.scopes) if isinstance(node, syntax.Call)}
    return Layout(
        sorted(map(place, facts.calls)),
        Counter(tuple(each.line for each in call.arguments) for call in calls.values()),
        Counter((each.name, each.line) for each in facts.scopes[1:]),
    )


def _nodes(value: object) -> list[syntax.Node]:
    found: list[syntax.Node] = []
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, tuple):
            pending.extend(current)
        elif isinstance(current, syntax.Node):
            found.append(current)
            pending.extend(getattr(current, name) for name in current.__struct_fields__)
    return found


SOURCES = [
    "f()",
    "f(\n)",
    "  \nf  (  1 , 2 )  # f(3)",
    "a.b().c(d())(e)[f(1)](g)",
    "(\n  a  # one )\n  .b( # two (\n   1)\n  .c()\n)",
    "a \\\n  .b \\\n  (1)",
    "x = \\\n  f(1)",
    "(f)(1)\n((f))((1))\n(f(2))",
    "'text'.join(x)\nf'{a}'.format(b)\n('a' 'b').c()\n'a'   f'b'.d()\n1 .e()\n....f()",
    "{}.g()\n[].h()\n(x for x in y).i()\n{*j}.k()\n[l for l in m].n()",
    "'''\nlong (\n'''.strip()\nf(1)",
    "x = {\n 'a': f(1),\n  g(2): [h(3),\n i(4)]}",
    "f(\n  a,  # b, c\n  *d, ',', **e,\n  k=g(\n   1), )",
    "f(x for x in g(y) if h(x))\nf((x for x in y))\nf(a[b, c], (d,\n e), {g, h}, i)",
    "[f(x)(y) for x, (y, z) in g(1)\n for w in h(2) if i(3) if j(4)]",
    "{f(x): g(y) for x, y in h()}\n{f(x) for x in [g(y) for y in z()]}",
    "[[f(x) for x in g(y)] for y in [h(z)\n for z in i()]]",
    "f(a) if g(b) else h(c) if i(d) else j(e)",
    "(f(a)\n if (g(b) if h(c) else i(d)) else\n lambda: j(e))",
    "x = [lambda: f(1), lambda a=g(2): (lambda: h(3)),\n lambda: 0 if a else 1, lambda *a, **b: 0]",
    "x = [f(a) if b else c,\n lambda: 1, (lambda: 2) if b else d, e(3),\n lambda: 4]",
    "f(1)[g(2)] = h(3)\nf(1)[g(2)], [h(3).a, *i(4).b] = j(5).c = k(6)",
    "f(1).a += g(2)\nf(1).b: g(2) = h(3)\ndel f(1)[g(2)], (h(3).c)",
    "for f(1).a, g(2)[h(3)] in i(4): j(5)\nelse: k(6)",
    "with f(1) as g(2).a, h(3): i(4)\nwith (f(1) as a, g(2) as b,): h(3)\nwith (f(1)): g(2)\nwith (f(1)), (g(2)): h(3)",
    "async def f():\n  async with g(1): await h(2)\n  async for a in i(3): await (j(4))",
    "@f(1)\n\n# comment\n@g(2).h\n@i\ndef j(a=k(1), *b: l(2), **c) -> m(3): n(4)",
    "@f(1)\nclass A(g(2),\n  h=i(3)): k(5)",
    "class A[T: f(1) = (g(2))](h(3)): pass\ndef a[*T](b: i(4)): pass\ntype X[T] = j(5)",
    "if f(1): g(2); h(3)\nelif i(4): j(5)\nelse: k(6)",
    "try: f(1)\nexcept g(2) as a: h(3)\nexcept (i(4), j(5)): k(6)\nelse: l(7)\nfinally: m(8)",
    "while f(1): g(2)\nelse: h(3)",
    "match f(1):\n  case A(b, c=(d)) | [{'e': (g)}, *_] if h(2): i(3)\n  case (1 | 2) as j: k(4)",
    "match (f(1))\nmatch = 1\nmatch(f(1))[g(2)]\ncase = case(h(3))\nprint (i(4))",
    "from a import (b, c); f(1)\nimport d; g(2)",
    "return_ = f(1); x = g(2) ; h(3);",
    "def f():\n  return(g(1))\n  yield(h(2))\n  raise(i(3))from(j(4))",
    "assert(f(1)), g(2)\nnot(h(3))\nx = a if(b(1))else(c(2))",
    "f'{a(1)}' f\"{b(2):{c(3)}}\" + d(4)\nf'''\n{e(5)}\n{ {1: f(6)}[g(7)] }''' .h()",
    "f'{x!r}{{(}}' + f(1)\nrf'\\{a(1)}{b:\\d{c(2)}}' + g(3)\nF'''{'''a'''}{b('''c''')}''' + h(4)",
    "f'{a[\"(\"]}{f(')')}' + g(1)\nf'\\N{LEFT PARENTHESIS}{h(2)}\\''+i(3)",
    "f'{a:{b}(}' + f(1)\nf'{a!r:[}' + g(2)",
    "f'{(lambda a: f(1))(2)}' + g(3)\nf'{[h(x) for x in i(4)]}'",
    "x = 'it''s' \"(\" '\\'(' r'\\(' + b'(' + f(1)",
    "x = '\\\n(' + f(1)\ny = '''\\''(''' + g(2)",
    "é = ñ(1) + 'é(' + ü.ö(2)",
    "if\tf(1) :\n\tg(2)\n\n\n\n# end (\n\n\th(3)  \n",
    "x = a<f(1)>b != g(2) in h(3) not in i(4) is not j(5)",
    "x = -f(1) ** ~g(2) @ (yield_)(3)",
    "(a := f(1)).b(c := g(2))",
    "f(*(a, b), **{'c': g(1)})(*h(2))",
    "x[f(1):g(2), ::h(3), *i(4)](j(5))",
    "print(f(1), end='')",
    "global a; f(1)\nnonlocal_(2)",
    "{**f(1), 'a': g(2), **h(3)}\n{*i(4), j(5)}",
    "f(1)\x0c\n\x0c\ng(2)",
    "f(1)\n    # indented comment\n\ng(2)\n",
    "class A:\n  x = f(1)\n\n  def g(self): return h(2)\n  y = i(3)\nj(4)",
]


@pytest.mark.parametrize("source", SOURCES)
def test_places(source):
    compare(f"{source}\n")


def compare(source: str) -> None:
    """Calls and scopes are where they should be; arguments too, except where the call's value is used nowhere."""
    here, there = seen(module(source)), expected(source)
    assert (here.calls, here.scopes) == (there.calls, there.scopes)
    assert not here.arguments - there.arguments


GAPS = st.sampled_from(["", "", "", " ", "\n  ", " # ( ' \n", "\\\n"])
ATOMS = st.sampled_from(
    ["a", "b.c", "1", "'(x'", '"]#"', "f'{a}'", "f'{a!r:>{b}}('", "...", "b'['", "'''\n)'''", "()", 'rf"\\{a}"']
)
FORMS = [
    "@~(~@~)", "@~(@~,~k=@)", "@(~*@,~**@~)", "a~.~f~(~@~)", "(@)~.~g(@)", "[~@~,~@~]", "{~@~:~@~,~**@~}",
    "[~@~for x,~[y]~ in @~if @~]", "f(~@~for x in @~)", "{@~:~@~for z[@] in @}", "(@~if @~else @)",
    "(lambda~ x,~y=@~:~@~)", "(lambda:~@)", "a[@~:~@]", "a[@,~@](@)", "(@~+~@)", "(not @)", "(x~:=~@)", "(await @)",
    "f'{~@~}'", 'f"{~@~!r:{(@)}} {{("', "f'''{~(@)~:>{~(@)~}}\n['''", "'(' f'{(@)}' ')'",
]  # fmt: skip
STATEMENTS = [
    "({})\n", "x = ({})\n", "({}).a[({})] = ({})\n", "for x in ({}): ({})\n", "if ({}):\n  ({})\nelse: ({})\n",
    "with ({}) as y, ({}): ({})\n", "@({})\ndef f(x: ({})=({})): ({})\n", "return ({}) if ({}) else lambda: ({})\n",
]  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn, depth: int = 2) -> str:
    """An expression to be put in brackets: `@` in a form stands for another one, `~` for a gap."""
    if depth == 0:
        return draw(ATOMS)
    pieces = []
    for character in draw(st.sampled_from(FORMS)):
        if character == "@":
            pieces.append(f"({draw(expressions(draw(st.integers(0, depth - 1))))})")
        else:
            pieces.append(draw(GAPS) if character == "~" else character)
    return "".join(pieces)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_places_in_any_layout(data):
    form = data.draw(st.sampled_from(STATEMENTS))
    source = form.format(*[data.draw(expressions()) for _ in range(form.count("{}"))])
    compare(source)
