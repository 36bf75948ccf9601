"""Whatever the code, linking ends soon, and what it cut off is unknown, counted and never wrong."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from textwrap import dedent
from typing import TypeVar

import pytest
from programs import TODAY, UNKNOWN, MemoryProject, cap, catalog, linked, models, read, site

from llmlint.linking import Linker
from llmlint.linking.evaluation import standard

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
T = TypeVar("T")
SOON = 60.0
"""Seconds: a guard against hanging, no measure of speed; each of these takes one or two on an idle machine."""


def timed(program: str):
    started = time.perf_counter()
    found = linked({"app.py": HEAD + program})
    assert time.perf_counter() - started < SOON
    return found


def right_or_open(found, *ids: str) -> bool:
    facts = models(found)
    return facts is UNKNOWN or "..." in facts or set(ids) <= set(facts)


def test_a_thousand_wrappers_deep():
    layers = "".join(f"def f{n}(m):\n    return f{n + 1}(m)\n" for n in range(1000))
    last = "def f1000(m):\n    return client.chat.completions.create(model=m, messages=[])\n"
    (found,) = timed(f"{layers}{last}f0('deep')\n").call_sites
    assert right_or_open(found, "deep")


def test_a_value_through_a_thousand_functions():
    layers = "".join(f"def f{n}(m):\n    return f{n + 1}(m)\n" for n in range(1000))
    found = timed(
        f"{layers}def f1000(m):\n    return m\nclient.chat.completions.create(model=f0('deep'), messages=[])\n"
    )
    assert models(found.call_sites[0]) in (UNKNOWN, ["deep"])
    assert any(name.startswith("limit_") for name in found.statistics)


def test_a_thousand_assignments_in_a_row():
    chain = "".join(f"v{n + 1} = v{n}\n" for n in range(1000))
    (found,) = timed(f"v0 = 'long'\n{chain}client.chat.completions.create(model=v1000, messages=[])\n").call_sites
    assert right_or_open(found, "long")


def test_a_name_that_is_set_a_thousand_times():
    lines = "".join(f"if x{n}:\n    m = 'm{n}'\n" for n in range(1000))
    (found,) = timed(f"m = 'm'\n{lines}client.chat.completions.create(model=m, messages=[])\n").call_sites
    assert right_or_open(found, *(f"m{n}" for n in range(1000)))


def test_a_thousand_callers():
    calls = "".join(f"ask('m{n}', {n + 1})\n" for n in range(1000))
    ask = "def ask(m, n):\n    return client.chat.completions.create(model=m, max_tokens=n, messages=[])\n"
    found = timed(ask + calls)
    (only,) = found.call_sites
    assert len(only.paths) < 100
    assert right_or_open(only, *(f"m{n}" for n in range(1000)))
    assert cap(only) in (UNKNOWN, None)
    assert any(name.startswith("limit_") for name in found.statistics)


def test_a_thousand_call_sites():
    calls = "".join(f"client.chat.completions.create(model='m{n}', messages=[])\n" for n in range(1000))
    found = timed(calls)
    assert [models(each) for each in found.call_sites] == [[f"m{n}"] for n in range(1000)]


def test_callers_that_double_at_every_layer():
    layers = "".join(f"def f{n}(m):\n    f{n + 1}(m + 'a')\n    f{n + 1}(m + 'b')\n" for n in range(14))
    last = "def f14(m):\n    client.chat.completions.create(model=m, messages=[])\n"
    (found,) = timed(f"{layers}{last}f0('')\n").call_sites
    assert right_or_open(found, *(format(n, "014b").replace("0", "a").replace("1", "b") for n in range(2**14)))


def test_functions_that_call_each_other():
    program = """
def even(m, n):
    if n == 0:
        return client.chat.completions.create(model=m, messages=[])
    return odd(m, n - 1)
def odd(m, n):
    if n == 0:
        return client.chat.completions.create(model=m, messages=[])
    return even(m, n - 1)
even("gpt-4o", 7)
"""
    for found in timed(program).call_sites:
        assert right_or_open(found, "gpt-4o")


def test_many_functions_that_all_call_each_other():
    names = [f"f{n}" for n in range(40)]
    calls = "\n".join(f"    {name}(m)" for name in names)
    functions = "".join(f"def {name}(m):\n{calls}\n" for name in names)
    program = f"{functions}def ask(m):\n{calls}\n    client.chat.completions.create(model=m, messages=[])\nask('x')\n"
    (found,) = timed(program).call_sites
    assert right_or_open(found, "x")


@pytest.mark.parametrize(
    "lines",
    [
        "m = m",
        "m = n\nn = m",
        "m = 'a'\nwhile x:\n    m = m + 'b'",
        "m = 'a'\nfor x in y:\n    m = [m][0]",
        "def f():\n    return f()\nm = f()",
        "def f():\n    return g()\ndef g():\n    return f()\nm = f()",
        "f = lambda: f()\nm = f()",
        "def f(x):\n    return f(f(x))\nm = f('a')",
        "def f(n):\n    return [f(n - 1)] if n else 'a'\nm = f(9)",
        "class A(A):\n    m = 'a'\nm = A.m",
        "class A(B):\n    pass\nclass B(A):\n    pass\nm = A().m",
        "class A:\n    @property\n    def m(self):\n        return self.m\nm = A().m",
        "class A:\n    def __init__(self):\n        self.m = self.n\n        self.n = self.m\nm = A().m",
        "class A:\n    def __getattr__(self, name):\n        return getattr(self, name)\nm = A().m",
        "class A:\n    def __init__(self):\n        self.a = A()\nm = A().a.a.a.a.a.a.m",
        "d = {}\nd['d'] = d\nm = d['d']['d']['d']['m']",
        "d = []\nd.append(d)\nm = d[0][0][0]",
        "d = [d]\nm = d[0]",
        "def f(*a, **k):\n    return f(*a, **k)\nm = f(f)",
        "import functools\np = functools.partial(print)\np = functools.partial(p)\nwhile x:\n    p = functools.partial(p)\nm = p()",
        "def deco(f):\n    return deco(f)\n@deco\n@deco\ndef m():\n    pass",
        "m = (lambda f: f(f))(lambda f: f(f))",
        "def f(g=f):\n    return g()\nm = f()",
        "def gen():\n    yield from gen()\nm = next(gen())",
        "m = f'{m}{m}'\nwhile x:\n    m = f'{m}{m}'",
        "m = 'a'\nfor x in y:\n    m = m * 1000000",
        "m = 'a' * 10 ** 12",
        "m = 10 ** 10 ** 10",
        "m = 1 << 10 ** 9",
        "m = '%1000000000d' % 1",
        "m = '{:>1000000000}'.format('a')",
        "m = f'{1:>1000000000}'",
        "m = 'a'.ljust(10 ** 12)",
        "m = 'a'.replace('', 'b' * 10 ** 5) * 10 ** 5",
        "m = 'a'.join(['b'] * 10 ** 12)",
        "m = 'a'\nm += m\n" + "m += m\n" * 60,
        "m = ['a']\n" + "m = m + m\n" * 60 + "m = m[0]",
        "m = [1] * 10 ** 12",
        "m = list(range(10 ** 12))",
        "m = {**m, **m}",
        "import m\nm = m.m",
        "from app import m\nm = m",
        "from . import app\nm = app.m",
        "del m\nm = m",
        "m = __import__('app').m",
    ],
)
def test_circles_and_bombs(lines: str):
    found = timed(f"{lines}\nclient.chat.completions.create(model=m, messages=[], max_tokens=5)\n")
    assert [cap(each) for each in found.call_sites] == [5]


def test_deep_expressions():
    for text in (
        "(" * 90 + "'m'" + ")" * 90,
        "'m' + " * 2000 + "'m'",
        "[" * 80 + "'m'" + "]" * 80 + "[0]" * 80,
        "x" + ".a" * 800,
        "x" + "[0]" * 800,
        "x" + "()" * 400,
        "'a' if x else " * 80 + "'b'",
        "not " * 200 + "x",
        "lambda: " * 80 + "0",
    ):
        found = timed(f"client.chat.completions.create(model={text}, messages=[], max_tokens=5)\n")
        assert [cap(each) for each in found.call_sites] in ([5], [])


def test_a_wide_dictionary():
    pairs = ", ".join(f"'k{n}': 'm{n}'" for n in range(5000))
    found = timed(f"d = {{{pairs}}}\nclient.chat.completions.create(model=d['k77'], messages=[])\n")
    assert models(found.call_sites[0]) in (["m77"], UNKNOWN)


def test_a_long_list_of_messages():
    lines = "".join(f"m.append({{'role': 'user', 'content': 'line {n}'}})\n" for n in range(600))
    timed(f"m = []\n{lines}client.chat.completions.create(model='gpt-4o', messages=m)\n")


def test_a_long_prompt():
    text = "word " * 300_000
    timed(f"client.chat.completions.create(model='gpt-4o', messages=[{{'role': 'user', 'content': {text!r}}}])\n")


def test_an_answer_that_goes_everywhere():
    uses = "".join(f"    a{n} = a{n - 1} if x else f{n % 7}(a{n - 1})\n" for n in range(1, 300))
    functions = "".join(f"def f{n}(v):\n    return g(v)\n" for n in range(7))
    timed(
        f"def g(v):\n    return v\n{functions}def main(x):\n"
        f"    a0 = client.chat.completions.create(model='m', messages=[]).choices[0].message.content\n{uses}    return a299\n"
    )


def test_import_cycles_over_many_modules():
    files = {
        f"m{n}.py": f"from m{(n + 1) % 50} import *\nimport m{(n + 7) % 50} as other\nVALUE{n} = other.VALUE{(n + 7) % 50}\n"
        for n in range(50)
    }
    files["app.py"] = (
        f"{HEAD}from m0 import *\nclient.chat.completions.create(model=VALUE3, messages=[], max_tokens=5)\n"
    )
    started = time.perf_counter()
    assert cap(site(files)) == 5
    assert time.perf_counter() - started < SOON


def test_many_modules_with_functions_of_one_name():
    files = {f"p{n}/m.py": f"def run(x):\n    return x\nrun('m{n}')\n" for n in range(300)}
    files["app.py"] = f"{HEAD}def run(m):\n    client.chat.completions.create(model=m, messages=[])\nrun('right')\n"
    started = time.perf_counter()
    assert models(site(files)) == ["right"]
    assert time.perf_counter() - started < SOON


def test_the_same_facts_whatever_came_before():
    text = "def ask{n}(m, k):\n    if k:\n        ask{n}(m, k - 1)\n    return client.chat.completions.create(model=m, messages=[])\nask{n}('m{n}', 3)\n"
    alone = [models(linked({"app.py": HEAD + text.replace("{n}", str(n))}).call_sites[0]) for n in range(3)]
    together = linked({"app.py": HEAD + "".join(text.replace("{n}", str(n)) for n in range(3))}).call_sites
    assert [models(each) for each in together] == alone


# --- what is made of itself -----------------------------------------------------------------------------------


def test_an_iterator_that_is_made_of_itself():
    program = """
        import tqdm
        def ask(rows):
            rows = tqdm.tqdm(rows)
            for row in rows:
                client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": row}])
            return rows
        def run(rows):
            for _ in range(9):
                rows = ask(rows)
        run(["a", "b"])
    """
    found = timed(dedent(program))
    assert read(found.call_sites[0], "surroundings.loop") == "dataset"
    assert found.statistics == {}, "no limit was met"


def test_a_body_that_is_made_of_itself():
    program = """
        import io, requests
        def ask(body):
            body = io.BytesIO(body)
            requests.post("https://api.openai.com/v1/chat/completions", data=body)
            return body
        def run():
            for _ in range(9):
                body = ask(body)
    """
    (found,) = timed(dedent(program)).call_sites
    assert models(found) is UNKNOWN


# --- the depth of whoever calls -------------------------------------------------------------------------------


def deep_inside(depth: int, compute: Callable[[], T]) -> T:
    return compute() if depth == 0 else deep_inside(depth - 1, compute)


def test_how_deep_the_caller_is_decides_nothing():
    layers = "".join(f"def f{n}(m, *r):\n    return f{n + 1}(m, *[g{n} for g{n} in r])\n" for n in range(300))
    last = "def f300(m, *r):\n    return client.chat.completions.create(model=m, messages=[{'content': r}])\n"
    program = HEAD + layers + last + "f0('deep', f0('deep'))\n"
    first, again = linked(program), deep_inside(700, lambda: linked(program))
    assert first == again
    assert any(name.startswith("limit_") for name in first.statistics)


def test_how_far_python_is_followed_does_not_depend_on_the_caller(monkeypatch):
    """What no other limit has stopped ends at the same depth wherever it began, as unknown."""
    seen: list[int] = []
    usual = standard.result

    def endless(resolver, name, invocation):
        return dive(1) if name == "numpy.endless" else usual(resolver, name, invocation)

    def dive(depth):
        seen[-1] = depth
        return dive(depth + 1)

    monkeypatch.setattr(standard, "result", endless)
    program = HEAD + "import numpy\nclient.chat.completions.create(model=numpy.endless(), max_tokens=5, messages=[])\n"
    before, found = sys.getrecursionlimit(), []
    for depth in (0, 400):
        seen.append(0)
        found.append(deep_inside(depth, lambda: linked(program)))
    assert seen[0] == seen[1] > 5_000
    assert found[0] == found[1]
    assert models(found[0].call_sites[0]) is UNKNOWN
    assert cap(found[0].call_sites[0]) == 5
    assert found[0].statistics["limit_depth"]
    assert sys.getrecursionlimit() == before


def test_units_are_neighbouring_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ["a.py", "x/b.py", "x/c.py", "x/y/d.py", "z/e.py", "z/y/f.py"]
    linker = Linker(MemoryProject(dict.fromkeys(paths, "from openai import OpenAI\n")), catalog(), today=TODAY)
    units = {}
    for limit in (1, 2, 3, 6):
        monkeypatch.setattr(sys.modules["llmlint.linking.link"], "UNIT_LIMIT", limit)
        units[limit] = list(linker.units)
    assert units == {
        1: [("a.py",), ("x/b.py", "x/c.py"), ("x/y/d.py",), ("z/e.py",), ("z/y/f.py",)],
        2: [("a.py",), ("x/b.py", "x/c.py"), ("x/y/d.py",), ("z/e.py", "z/y/f.py")],
        3: [("a.py",), ("x/b.py", "x/c.py", "x/y/d.py"), ("z/e.py", "z/y/f.py")],
        6: [tuple(paths)],
    }
