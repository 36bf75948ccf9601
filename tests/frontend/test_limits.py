"""Code that would exhaust the parser's stack or time is recognised before it is parsed; what people write is not."""

from __future__ import annotations

from time import process_time

import pytest
from lowered import module, problem

from llmlint.facts.encoding import encode
from llmlint.facts.syntax import ModuleFacts
from llmlint.frontend import lower
from llmlint.frontend.limits import BRACKET_LIMIT, CHAIN_LIMIT, ELIF_LIMIT, PATTERN_LIMIT

MANY = 20_000
NEARLY = BRACKET_LIMIT - 1

TOO_DEEP = {
    "brackets": f"x = {'(' * MANY}{')' * MANY}",
    "open brackets": "[" * MANY,
    "calls": f"x = {'f(' * MANY}{')' * MANY}",
    "dictionaries": f"x = {'{1:' * MANY}1{'}' * MANY}",
    "sum": f"x = 1{'+1' * MANY}",
    "attributes": f"x = a{'.b' * MANY}",
    "subscripts": f"x = a{'[0]' * MANY}",
    "chained calls": f"x = a{'.b()' * MANY}",
    "not": f"x = {'not ' * MANY}a",
    "minus": f"x = {'-' * MANY}a",
    "power": f"x = {'a**' * MANY}a",
    "and": f"x = {'a and ' * MANY}a",
    "conditionals": f"x = {'a if b else ' * MANY}c",
    "lambdas": f"x = {'lambda: ' * MANY}1",
    "lambdas with commas": f"x = {'lambda a, b: ' * MANY}1",
    "loops": f"x = [a{' for a in b' * MANY}]",
    "loops with commas": f"x = [a{' for a, b in c' * MANY}]",
    "await": f"{'await ' * MANY}a",
    "f-strings": "f'{" * MANY,
    "sum in a hole": f"f'{{{'a+' * MANY}a}}'",
    "calls in a hole": f"f'{{{'f(' * MANY}{')' * MANY}}}'",
    "sum behind a call in a hole": f"f'''{{f(1){'+a' * MANY}}}'''",
    "arms": "if a: pass\n" + "elif b: pass\n" * MANY,
    "blocks": "".join(f"{' ' * depth}if x:\n" for depth in range(200)) + f"{' ' * 200}pass\n",
    "pattern": f"match x:\n  case {'[' * 30}{']' * 30}: pass\n",
    "pattern behind strings": f"match x:\n  case ':' | ' if ' | {'[' * 30}{']' * 30}: pass\n",
    "many patterns": "match x:\n" + f"  case {'(' * PATTERN_LIMIT}a{',)' * PATTERN_LIMIT}: pass\n" * MANY,
    "deleted name": f"del {'(' * 30}a b{')' * 30}",
    "much that is nearly too deep": f"x = {'f(' * NEARLY}{')' * NEARLY}\n" * 1000,
}


@pytest.mark.parametrize("source", TOO_DEEP.values(), ids=TOO_DEEP)
def test_too_deep(source):
    start = process_time()
    found = problem(source)
    assert found.kind == "too-deep"
    assert process_time() - start < 2, "the time must not grow with the square of the length"


def test_where_it_is_too_deep():
    found = problem(f"x = 1\ny = {'(' * 200}1{')' * 200}")
    assert (found.line, found.column) == (2, 5 + BRACKET_LIMIT)


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        (f"x = {'f(' * NEARLY}{')' * NEARLY}", NEARLY),
        (f"x = {'f(1) + ' * (CHAIN_LIMIT // 2 - 1)}1", None),
        ("if a: f()\n" + "elif b: g()\n" * (ELIF_LIMIT - 1), ELIF_LIMIT),
        (f"x = [{'f(-1.5, a.b), ' * 2000}]", 2000),
        (f"x = [{'lambda a, b: f(a + b), ' * 500}]", 500),
        (f"x = f'''{'- . ' * 2000}{{f(1)}}'''", 1),
        (f"x = '{'- . ' * 2000}'.join(f(1))", 2),
        ("".join(f"{' ' * depth}if x:\n" for depth in range(90)) + f"{' ' * 90}f()\n", 1),
        (f"match x:\n  case {'[' * (PATTERN_LIMIT - 1)}{']' * (PATTERN_LIMIT - 1)}: f()\n", 1),
        (f"match x:\n  case [':', y] if {'f(' * 20}{')' * 20}: {'g(' * 20}{')' * 20}\n", 40),
        ("del a, (b, [c]), d[f()]\n" * 100, 100),
    ],
)
def test_not_too_deep(source, calls):
    found = module(source).calls
    assert calls is None or len(found) == calls


LARGE = {
    "one long line": f"x = [{', '.join(['f(abc, 1)'] * 3000)}]",
    "one call of many lines": "f({})".format(",\n".join(f"a{number}=g({number})" for number in range(2000))),
    "many lines": "x = f(y)  # why\n" * 5000,
    "one string": f"x = f('{'a' * 1_000_000}')",
    "many escapes": "x = '" + "\\n" * 500_000 + "'",
    "spaces": f"x = a{' ' * 500_000}.b{' ' * 500_000}(1)",
    "comments": "x = (\n" + "# why\n" * 50_000 + "a(1))",
    "directives": "# llmlint: ignore\n" * 20_000,
    "decorators": "@f(1)\n" * 2000 + "def g(): pass\n",
    "targets": "x = " * 5000 + "f()\n",
    "semicolons": "a.b();" * 3000,
    "holes": "x = f'" + "{a(1)}" * 3000 + "'",
    "names": "global " + ", ".join(f"a{number}" for number in range(10_000)),
}


@pytest.mark.parametrize("source", LARGE.values(), ids=LARGE)
def test_large_is_not_slow(source):
    start = process_time()
    found = lower(source.encode())
    assert isinstance(found, ModuleFacts)
    assert encode(found)
    assert process_time() - start < 10


BROKEN = {
    "quotes": "x = " + '"\\"' * 100_000,
    "triple quotes": '"""' + '\\"""' * 100_000,
    "names of characters": "f'" + "\\N{" * 90,
    "holes": "f'''" + "{a:" * 90,
    "backslashes": "\\" * 100_000,
    "continued lines": "\\\n" * 50_000,
    "closing brackets": ")" * 100_000,
    "strings": "x = " + "'a' " * MANY,
}


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_found_out_soon(source):
    start = process_time()
    assert problem(source).kind == "syntax"
    assert process_time() - start < 5
