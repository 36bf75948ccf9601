"""Random small programs that send known values, and what they send when they are really run.

A program is grown from steps. A step is source text and the expression that holds the value behind it, with
`{x}` the value so far, `{o}` another value, `{t}` and `{f}` conditions that turn out true and false, `{n}` a new number.
"""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from textwrap import indent
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
Pick = Callable[[Sequence[T]], T]


class Sent(NamedTuple):
    """One request: where it was made, the model and the cap, None where there was none."""

    path: str
    line: int
    model: str | None
    cap: int | None


PLAIN: tuple[tuple[str, str], ...] = (
    ("v{n} = {x}", "v{n}"),
    ("v{n} = w{n} = {x}", "w{n}"),
    ("v{n}: object = {x}", "v{n}"),
    ("v{n} = {o}\nv{n} = {x}", "v{n}"),
    ("v{n} = {x}\nw{n} = v{n}\nv{n} = {o}", "w{n}"),
    ("w{n}, v{n} = {o}, {x}", "v{n}"),
    ("(w{n}, [v{n}]) = ({o}, [{x}])", "v{n}"),
    ("w{n}, *v{n} = {o}, {x}, {o}", "v{n}[0]"),
    ("v{n}, w{n} = {o}, {x}\nv{n}, w{n} = w{n}, v{n}", "v{n}"),
    ("if (v{n} := {x}) is None:\n    pass", "v{n}"),
    ("v{n} = {x}\nif {f}:\n    v{n} = {o}", "v{n}"),
    ("v{n} = {o}\nif {t}:\n    v{n} = {x}", "v{n}"),
    ("if {t}:\n    v{n} = {x}\nelse:\n    v{n} = {o}", "v{n}"),
    ("if {f}:\n    v{n} = {o}\nelif {t}:\n    v{n} = {x}\nelse:\n    v{n} = {o}", "v{n}"),
    ("if {f}:\n    v{n} = {o}\nelse:\n    if {t}:\n        v{n} = {x}\n    else:\n        v{n} = {o}", "v{n}"),
    ("v{n} = None\nif {t}:\n    v{n} = {x}", "v{n}"),
    ("v{n} = {o}\nfor w{n} in range(3):\n    v{n} = {x}", "v{n}"),
    ("for v{n} in [{o}, {x}]:\n    pass", "v{n}"),
    ("for v{n} in ({x}, {o}):\n    break", "v{n}"),
    ("v{n} = {o}\nwhile True:\n    if {t}:\n        v{n} = {x}\n        break\n    v{n} = {o}", "v{n}"),
    ("v{n} = {o}\nfor w{n} in range(2):\n    if w{n} == 1:\n        u{n} = v{n}\n    v{n} = {x}", "u{n}"),
    ("v{n} = {o}\nfor w{n} in range(2):\n    u{n} = v{n}\n    v{n} = {x}", "u{n}"),
    ("for w{n} in []:\n    pass\nelse:\n    v{n} = {x}", "v{n}"),
    ("try:\n    v{n} = {o}\n    raise ValueError\nexcept ValueError:\n    v{n} = {x}", "v{n}"),
    ("v{n} = {o}\ntry:\n    v{n} = {x}\n    raise ValueError\nexcept ValueError:\n    pass", "v{n}"),
    ("try:\n    v{n} = {x}\nexcept ValueError:\n    v{n} = {o}", "v{n}"),
    ("try:\n    v{n} = {o}\nfinally:\n    v{n} = {x}", "v{n}"),
    ("try:\n    pass\nexcept ValueError:\n    v{n} = {o}\nelse:\n    v{n} = {x}", "v{n}"),
    ("try:\n    import nothing_of_that_name\n    v{n} = {o}\nexcept ImportError:\n    v{n} = {x}", "v{n}"),
    ("with contextlib.suppress(ValueError):\n    v{n} = {x}\n    raise ValueError\n    v{n} = {o}", "v{n}"),
    ("match 1:\n    case 1:\n        v{n} = {x}\n    case _:\n        v{n} = {o}", "v{n}"),
    ("match {x}:\n    case None:\n        v{n} = {o}\n    case v{n}:\n        pass", "v{n}"),
    ("v{n} = {o}\nv{n} = v{n} if {f} else {x}", "v{n}"),
    ("", "({x} if {t} else {o})"),
    ("", "({o} if {f} else {x})"),
    ("", "({x} or {o})"),
    ("", "(None or {x})"),
    ("", "({t} and {x})"),
    ("", "({f} or {x})"),
    ("", "(lambda a, b={o}: a)({x})"),
    ("", "(lambda: {x})()"),
)
"""Names, branches and loops."""

COLLECTIONS: tuple[tuple[str, str], ...] = (
    ("d{n} = {{'a': {o}, 'b': {x}}}", "d{n}['b']"),
    ("d{n} = {{'a': {o}, 'b': {x}}}", "d{n}.get('b', {o})"),
    ("d{n} = {{'a': {o}}}", "d{n}.get('b', {x})"),
    ("d{n} = {{'a': {o}, 'a': {x}}}", "d{n}['a']"),
    ("d{n} = {{1: {o}, 2: {x}}}", "d{n}[2]"),
    ("d{n} = {{'1': {o}, 1: {x}}}", "d{n}[1]"),
    ("d{n} = {{1: {o}, '1': {x}}}", "d{n}['1']"),
    ("d{n} = {{True: {x}, 'b': {o}}}", "d{n}[1]"),
    ("d{n} = {{None: {x}, 'None': {o}}}", "d{n}[None]"),
    ("d{n} = dict(a={o}, b={x})", "d{n}['b']"),
    ("d{n} = dict([('a', {o}), ('b', {x})])", "d{n}['b']"),
    ("d{n} = dict(zip(['a', 'b'], [{o}, {x}]))", "d{n}['b']"),
    ("d{n} = {{'a': {o}}}\nd{n}['a'] = {x}", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nif {t}:\n    d{n}['a'] = {x}", "d{n}['a']"),
    ("d{n} = {{'a': {x}}}\nif {f}:\n    d{n}['a'] = {o}", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nfor k{n} in ['a', 'b']:\n    d{n}[k{n}] = {x}", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nd{n}.update(a={x})", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nd{n}.update({{'a': {x}, 'b': {o}}})", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nd{n} |= {{'a': {x}}}", "d{n}['a']"),
    ("d{n} = {{'a': {x}}}\ne{n} = dict(d{n})\ne{n}['a'] = {o}", "d{n}['a']"),
    ("d{n} = {{'a': {x}}}\ne{n} = d{n}.copy()\ne{n}['a'] = {o}", "d{n}['a']"),
    ("d{n} = {{'a': {{'b': {x}}}}}\ne{n} = copy.deepcopy(d{n})\ne{n}['a']['b'] = {o}", "d{n}['a']['b']"),
    ("d{n} = {{'a': {x}}}\nd{n}.setdefault('a', {o})", "d{n}['a']"),
    ("d{n} = {{}}\nd{n}.setdefault('a', {x})", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\ndel d{n}['a']\nd{n}.setdefault('a', {x})", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nd{n}.pop('a')", "d{n}.get('a', {x})"),
    ("d{n} = {{'a': {o}}}\nd{n}.clear()", "d{n}.get('a', {x})"),
    ("d{n} = {{'a': {x}}}\nw{n} = d{n}.pop('a')", "w{n}"),
    ("d{n} = {{**{{'a': {o}}}, 'a': {x}}}", "d{n}['a']"),
    ("d{n} = {{'a': {o}, **{{'a': {x}}}}}", "d{n}['a']"),
    ("d{n} = dict({{'a': {o}}}, a={x})", "d{n}['a']"),
    ("d{n} = {{'a': {o}}} | {{'a': {x}}}", "d{n}['a']"),
    ("d{n} = {{k: {x} for k in 'ab'}}", "d{n}['a']"),
    ("d{n} = {{'a': {o}, 'b': {x}}}\nd{n} = {{k: v for k, v in d{n}.items() if k == 'b'}}", "list(d{n}.values())[0]"),
    ("d{n} = {{'a': {o}, 'b': {x}}}\nfor k{n}, v{n} in d{n}.items():\n    pass", "v{n}"),
    ("d{n} = collections.defaultdict(lambda: {x})\nd{n}['a'] = {o}", "d{n}['b']"),
    ("d{n} = collections.ChainMap({{'a': {x}}}, {{'a': {o}}})", "d{n}['a']"),
    ("d{n} = types.SimpleNamespace(a={o})\nd{n}.a = {x}", "d{n}.a"),
    ("d{n} = types.MappingProxyType({{'a': {x}}})", "d{n}['a']"),
    ("d{n} = dict.fromkeys(['a', 'b'], {x})", "d{n}['b']"),
    ("l{n} = [{o}, {x}]", "l{n}[1]"),
    ("l{n} = [{o}, {x}]", "l{n}[-1]"),
    ("l{n} = [{o}, {x}, {o}]", "l{n}[1:][0]"),
    ("l{n} = [{o}, {x}]", "l{n}[::-1][0]"),
    ("l{n} = [{o}, *[{o}, {x}]]", "l{n}[2]"),
    ("l{n} = []\nl{n}.append({o})\nl{n}.append({x})", "l{n}[1]"),
    ("l{n} = [{o}]\nl{n}.insert(0, {x})", "l{n}[0]"),
    ("l{n} = [{o}]\nl{n}.insert(1, {x})", "l{n}[1]"),
    ("l{n} = [{o}, {o}]\nl{n}.insert(1, {x})", "l{n}[1]"),
    ("l{n} = [{o}]\nl{n} += [{x}]", "l{n}[1]"),
    ("l{n} = [{o}]\nl{n}.extend([{x}])", "l{n}[-1]"),
    ("l{n} = [{o}] + [{x}]", "l{n}[1]"),
    ("l{n} = [{o}]\nl{n}[0] = {x}", "l{n}[0]"),
    ("l{n} = [{o}, {x}]\nl{n}.reverse()", "l{n}[0]"),
    ("l{n} = [{o}, {x}]\ndel l{n}[0]", "l{n}[0]"),
    ("l{n} = [{o}, {x}]\nl{n}.remove({o})", "l{n}[0]"),
    ("l{n} = [{x}, {o}]\nl{n}.pop()", "l{n}[-1]"),
    ("l{n} = [{o}, {x}]\nw{n} = l{n}.pop()", "w{n}"),
    ("l{n} = [{x}, {o}]\nw{n} = l{n}.pop(0)", "w{n}"),
    ("l{n} = [{o}]\nl{n}.clear()\nl{n}.append({x})", "l{n}[0]"),
    ("l{n} = [{x}] * 2", "l{n}[1]"),
    ("l{n} = [a for a in [{o}, {x}]]", "l{n}[1]"),
    ("l{n} = [{x} for a in range(2)]", "l{n}[1]"),
    ("l{n} = [a for a in [{x}, None] if a]", "l{n}[0]"),
    ("l{n} = list(map(lambda a: a, [{o}, {x}]))", "l{n}[1]"),
    ("l{n} = sorted([{x}])", "l{n}[0]"),
    ("l{n} = list(reversed([{o}, {x}]))", "l{n}[0]"),
    ("l{n} = tuple([{o}, {x}])", "l{n}[1]"),
    ("", "next(iter([{x}, {o}]))"),
    ("", "list(filter(None, [None, {x}]))[0]"),
    ("for i{n}, v{n} in enumerate([{o}, {x}]):\n    pass", "v{n}"),
    ("for u{n}, v{n} in zip([{o}], [{x}]):\n    pass", "v{n}"),
    ("l{n} = [[{o}], [{x}]]", "l{n}[1][0]"),
    ("s{n} = {{{x}}}", "next(iter(s{n}))"),
    ("l{n} = [{o}, {x}]\ni{n} = 0\ni{n} += 1", "l{n}[i{n}]"),
    ("q{n} = collections.deque([{o}])\nq{n}.appendleft({x})", "q{n}[0]"),
    ("N{n} = collections.namedtuple('N{n}', 'a b')", "N{n}({o}, {x}).b"),
)
"""Dictionaries and lists."""

FUNCTIONS: tuple[tuple[str, str], ...] = (
    ("def f{n}(a):\n    return a", "f{n}({x})"),
    ("def f{n}(a, b):\n    return b", "f{n}(b={x}, a={o})"),
    ("def f{n}(a):\n    return a\nw{n} = f{n}({o})", "f{n}({x})"),
    ("def f{n}(a={x}):\n    return a", "f{n}()"),
    ("def f{n}(a={o}):\n    return a", "f{n}({x})"),
    ("def f{n}(a=None):\n    a = a or {x}\n    return a", "f{n}()"),
    ("def f{n}(a=None):\n    if a is None:\n        a = {o}\n    return a", "f{n}({x})"),
    ("def f{n}(a=None):\n    if a is None:\n        return {x}\n    return a", "f{n}()"),
    ("def f{n}(a):\n    if {t}:\n        return a\n    return {o}", "f{n}({x})"),
    ("def f{n}(a):\n    if {f}:\n        return {o}\n    return a", "f{n}({x})"),
    ("def f{n}(a):\n    if a:\n        return {x}\n    return {o}", "f{n}(True)"),
    ("def f{n}(a):\n    if not a:\n        return {x}\n    else:\n        return {o}", "f{n}(False)"),
    (
        "def f{n}(k):\n    if k == 'p':\n        return {o}\n    elif k == 'q':\n        return {x}\n    return {o}",
        "f{n}('q')",
    ),
    ("def f{n}(k):\n    r = {o}\n    if k == 'p':\n        r = {x}\n    return r", "f{n}('p')"),
    ("def f{n}(k):\n    k = not k\n    if k:\n        return {x}\n    return {o}", "f{n}(False)"),
    ("def f{n}(a):\n    for b in a:\n        if b:\n            return b\n    return {o}", "f{n}([None, {x}])"),
    ("def f{n}(a):\n    try:\n        return a['z']\n    except KeyError:\n        return {x}", "f{n}({{}})"),
    (
        "def f{n}(a):\n    try:\n        raise ValueError\n        return {o}\n    except ValueError:\n        pass\n    return a",
        "f{n}({x})",
    ),
    ("def f{n}(a):\n    try:\n        return {o}\n    finally:\n        return a", "f{n}({x})"),
    ("def f{n}(*a):\n    return a[1]", "f{n}({o}, {x})"),
    ("def f{n}(a, *b):\n    return b[0]", "f{n}({o}, {x})"),
    ("def f{n}(*a, k={o}):\n    return k", "f{n}({o}, k={x})"),
    ("def f{n}(a, /, b):\n    return b", "f{n}({o}, b={x})"),
    ("def f{n}(**k):\n    return k['a']", "f{n}(b={o}, a={x})"),
    ("def f{n}(**k):\n    return k.get('a', {x})", "f{n}(b={o})"),
    ("def f{n}(**k):\n    return k.pop('a', {o})", "f{n}(a={x})"),
    ("def f{n}(**k):\n    k.setdefault('a', {o})\n    return k['a']", "f{n}(a={x})"),
    ("def f{n}(**k):\n    k['a'] = {x}\n    return k['a']", "f{n}(a={o})"),
    ("def f{n}(a, **k):\n    return a\ndef g{n}(**k):\n    return f{n}(**k)", "g{n}(a={x}, b={o})"),
    ("def f{n}(a):\n    return a\ndef g{n}(*b):\n    return f{n}(*b)", "g{n}({x})"),
    ("def f{n}(a, b):\n    return b", "f{n}(*[{o}, {x}])"),
    ("def f{n}(a, b={o}):\n    return b", "f{n}(**{{'a': {o}, 'b': {x}}})"),
    ("def f{n}(a):\n    return a\ndef g{n}(a):\n    return f{n}(a)\nw{n} = f{n}({o})", "g{n}({x})"),
    ("def f{n}(a):\n    a = {x}\n    return a", "f{n}({o})"),
    ("def f{n}(a):\n    def g():\n        return a\n    return g()", "f{n}({x})"),
    ("def f{n}(a):\n    def g():\n        return a\n    a = {x}\n    return g()", "f{n}({o})"),
    ("def f{n}(a):\n    return lambda: a\nw{n} = f{n}({o})", "f{n}({x})()"),
    ("def f{n}(a):\n    return lambda b: (a, b)", "f{n}({o})({x})[1]"),
    ("def f{n}(n, a):\n    return a if n == 0 else f{n}(n - 1, a)", "f{n}(3, {x})"),
    ("def f{n}(n, a, b):\n    return a if n == 0 else f{n}(n - 1, b, a)", "f{n}(1, {o}, {x})"),
    ("def f{n}():\n    yield {o}\n    yield {x}", "list(f{n}())[1]"),
    ("def f{n}():\n    yield {x}\n    yield {o}", "next(f{n}())"),
    ("def f{n}():\n    yield from [{o}, {x}]", "tuple(f{n}())[1]"),
    ("@contextlib.contextmanager\ndef f{n}(a):\n    yield a\nwith f{n}({x}) as v{n}:\n    pass", "v{n}"),
    ("def f{n}(a, b):\n    return a\np{n} = functools.partial(f{n}, {x})", "p{n}({o})"),
    ("def f{n}(a, b={o}):\n    return b\np{n} = functools.partial(f{n}, b={x})", "p{n}({o})"),
    ("def f{n}(a, b={o}):\n    return b\np{n} = functools.partial(f{n}, b={o})", "p{n}({o}, b={x})"),
    ("@functools.lru_cache\ndef f{n}(a):\n    return a", "f{n}({x})"),
    (
        "def g{n}(f):\n    @functools.wraps(f)\n    def h(*a, **k):\n        return f(*a, **k)\n    return h\n@g{n}\ndef f{n}(a):\n    return a",
        "f{n}({x})",
    ),
    ("def f{n}(a):\n    a['k'] = {x}\nd{n} = {{'k': {o}}}\nf{n}(d{n})", "d{n}['k']"),
    ("def f{n}(a):\n    a.insert(0, {x})\nl{n} = [{o}]\nf{n}(l{n})", "l{n}[0]"),
    ("def f{n}():\n    return {o}\ndef f{n}():\n    return {x}", "f{n}()"),
    ("if {t}:\n    def f{n}():\n        return {x}\nelse:\n    def f{n}():\n        return {o}", "f{n}()"),
    ("def f{n}():\n    return {o}\ng{n} = f{n}\ndef f{n}():\n    return {x}", "(f{n} if {t} else g{n})()"),
    ("async def f{n}(a):\n    return a", "asyncio.run(f{n}({x}))"),
    ("def f{n}(g, a):\n    return g(a)", "f{n}(lambda b: b, {x})"),
    ("def f{n}(a):\n    return a\ndef g{n}(h, a):\n    return h(a)\nw{n} = g{n}(f{n}, {o})", "g{n}(f{n}, {x})"),
    ("def f{n}(a):\n    return a\nt{n} = {{'p': f{n}, 'q': lambda a: {o}}}", "t{n}['p']({x})"),
    ("def f{n}(a):\n    return {o}, a", "f{n}({x})[1]"),
    ("def f{n}(a):\n    return {{'u': {o}, 'v': a}}", "f{n}({x})['v']"),
)

CLASSES: tuple[tuple[str, str], ...] = (
    ("class C{n}:\n    a = {x}", "C{n}.a"),
    ("class C{n}:\n    a = {x}", "C{n}().a"),
    ("class C{n}:\n    a = {o}\nC{n}.a = {x}", "C{n}.a"),
    ("class C{n}:\n    a = {o}\nc{n} = C{n}()\nc{n}.a = {x}", "c{n}.a"),
    ("class C{n}:\n    a = {x}\nc{n} = C{n}()\nc{n}.a = {o}", "C{n}.a"),
    ("class C{n}:\n    a = {x}\n    b = a", "C{n}.b"),
    ("class C{n}:\n    a = {o}\nclass D{n}(C{n}):\n    a = {x}", "D{n}().a"),
    ("class C{n}:\n    a = {x}\nclass D{n}(C{n}):\n    pass", "D{n}.a"),
    (
        "class C{n}:\n    a = {o}\n    def get(self):\n        return self.a\nclass D{n}(C{n}):\n    a = {x}",
        "D{n}().get()",
    ),
    (
        "class C{n}:\n    def m(self):\n        return {o}\n    def get(self):\n        return self.m()\nclass D{n}(C{n}):\n    def m(self):\n        return {x}",
        "D{n}().get()",
    ),
    (
        "class C{n}:\n    def m(self, a):\n        return a\nclass D{n}(C{n}):\n    def m(self, a):\n        return super().m({x})",
        "D{n}().m({o})",
    ),
    ("class P{n}:\n    a = {x}\nclass Q{n}:\n    a = {o}\nclass C{n}(P{n}, Q{n}):\n    pass", "C{n}.a"),
    (
        "class P{n}:\n    pass\nclass Q{n}(P{n}):\n    a = {x}\nclass R{n}(P{n}):\n    a = {o}\nclass C{n}(Q{n}, R{n}):\n    pass",
        "C{n}.a",
    ),
    (
        "class P{n}:\n    a = {o}\nclass Q{n}(P{n}):\n    pass\nclass R{n}(P{n}):\n    a = {x}\nclass C{n}(Q{n}, R{n}):\n    pass",
        "C{n}.a",
    ),
    ("class C{n}:\n    def __init__(self, a):\n        self.a = a", "C{n}({x}).a"),
    ("class C{n}:\n    def __init__(self, a):\n        self.a = a\nb{n} = C{n}({o})\nc{n} = C{n}({x})", "c{n}.a"),
    ("class C{n}:\n    def __init__(self, a):\n        self.a = a\nc{n} = C{n}({o})\nc{n}.a = {x}", "c{n}.a"),
    ("class C{n}:\n    def __init__(self, a=None):\n        self.a = a or {x}", "C{n}().a"),
    (
        "class C{n}:\n    def __init__(self, a={o}):\n        self.a = a\n    def set(self, a):\n        self.a = a\nc{n} = C{n}()\nc{n}.set({x})",
        "c{n}.a",
    ),
    (
        "class C{n}:\n    def __init__(self, a={o}):\n        self.a = a\n    def set(self, a):\n        self.a = a\n        return self",
        "C{n}().set({x}).a",
    ),
    (
        "class C{n}:\n    def __init__(self):\n        self.setup()\n    def setup(self):\n        self.a = {x}",
        "C{n}().a",
    ),
    (
        "class C{n}:\n    def __init__(self, a):\n        self._a = a\n    @property\n    def a(self):\n        return self._a",
        "C{n}({x}).a",
    ),
    (
        "class C{n}:\n    def __init__(self, a):\n        self.a = a\nclass D{n}(C{n}):\n    def __init__(self, b):\n        super().__init__(b)",
        "D{n}({x}).a",
    ),
    (
        "class C{n}:\n    def __init__(self, a={o}):\n        self.a = a\nclass D{n}(C{n}):\n    def __init__(self, **k):\n        super().__init__(**k)",
        "D{n}(a={x}).a",
    ),
    (
        "class C{n}:\n    def __init__(self, a={o}):\n        self.a = a\nclass D{n}(C{n}):\n    def __init__(self):\n        super().__init__()\n        self.a = {x}",
        "D{n}().a",
    ),
    (
        "class C{n}:\n    def __init__(self, a={x}):\n        self.a = a\nclass D{n}(C{n}):\n    def __init__(self):\n        self.a = {o}\n        C{n}.__init__(self)",
        "D{n}().a",
    ),
    ("class C{n}:\n    a = {o}\n    def __init__(self):\n        if {t}:\n            self.a = {x}", "C{n}().a"),
    ("class C{n}:\n    a = {x}\n    def __init__(self):\n        if {f}:\n            self.a = {o}", "C{n}().a"),
    ("class C{n}:\n    a = {x}\n    def set(self):\n        self.a = {o}", "C{n}().a"),
    (
        "class C{n}:\n    @classmethod\n    def make(cls, a):\n        c = cls()\n        c.a = a\n        return c",
        "C{n}.make({x}).a",
    ),
    (
        "class C{n}:\n    def __init__(self, a):\n        self.a = a\n    @classmethod\n    def make(cls, a={x}):\n        return cls(a)",
        "C{n}.make().a",
    ),
    ("class C{n}:\n    @staticmethod\n    def m(a, b={o}):\n        return a", "C{n}.m({x})"),
    ("class C{n}:\n    @staticmethod\n    def m(a, b={o}):\n        return a", "C{n}().m({x})"),
    ("class C{n}:\n    def m(self, a):\n        return a", "C{n}.m(C{n}(), {x})"),
    ("class C{n}:\n    def m(self, a):\n        return a\nm{n} = C{n}().m", "m{n}({x})"),
    ("class C{n}:\n    def __call__(self, a):\n        return a", "C{n}()({x})"),
    ("class C{n}:\n    def __getitem__(self, k):\n        return {x}", "C{n}()['a']"),
    ("class C{n}:\n    def __getattr__(self, k):\n        return {x}", "C{n}().a"),
    ("class C{n}(dict):\n    def __missing__(self, k):\n        return {x}", "C{n}()['a']"),
    ("class C{n}(dict):\n    __getattr__ = dict.get", "C{n}(a={x}).a"),
    (
        "class C{n}:\n    def __enter__(self):\n        return {x}\n    def __exit__(self, *a):\n        pass\nwith C{n}() as v{n}:\n    pass",
        "v{n}",
    ),
    ("class C{n}:\n    def __iter__(self):\n        return iter([{x}])\nfor v{n} in C{n}():\n    pass", "v{n}"),
    (
        "class C{n}:\n    def __new__(cls):\n        self = super().__new__(cls)\n        self.a = {x}\n        return self",
        "C{n}().a",
    ),
    ("class C{n}:\n    def __or__(self, other):\n        return {x}", "(C{n}() | {o})"),
    ("class C{n}:\n    def __bool__(self):\n        return False", "({o} if C{n}() else {x})"),
    ("class C{n}:\n    def __eq__(self, other):\n        return True", "({x} if C{n}() == 1 else {o})"),
    ("class C{n}:\n    def __len__(self):\n        return 0", "(C{n}() and {o} or {x})"),
    ("@dataclasses.dataclass\nclass C{n}:\n    a: object = {x}", "C{n}().a"),
    ("@dataclasses.dataclass\nclass C{n}:\n    b: object\n    a: object = {o}", "C{n}({o}, {x}).a"),
    ("@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\nc{n} = dataclasses.replace(C{n}(), a={x})", "c{n}.a"),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\n    def __post_init__(self):\n        self.a = {x}",
        "C{n}().a",
    ),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\n@dataclasses.dataclass\nclass D{n}(C{n}):\n    b: object = {o}",
        "D{n}({x}).a",
    ),
    ("@dataclasses.dataclass\nclass C{n}:\n    a: object = dataclasses.field(default_factory=lambda: {x})", "C{n}().a"),
    ("class C{n}(typing.NamedTuple):\n    a: object\n    b: object = {o}", "C{n}({o}, {x}).b"),
    ("class C{n}(typing.NamedTuple):\n    a: object\n    b: object = {o}", "C{n}({o}, {x})[1]"),
    ("class C{n}(typing.NamedTuple):\n    a: object\n    b: object = {o}", "C{n}({o})._replace(b={x}).b"),
    ("class C{n}(typing.TypedDict, total=False):\n    a: object\n    b: object", "C{n}(a={o}, b={x})['b']"),
    ("class C{n}(enum.Enum):\n    A = {o}\n    B = {x}", "C{n}.B.value"),
    ("class C{n}(enum.Enum):\n    A = 'a'\n    @property\n    def model(self):\n        return {x}", "C{n}.A.model"),
    ("class C{n}(enum.Enum):\n    A = ('k', {x})\n    def __init__(self, k, v):\n        self.v = v", "C{n}.A.v"),
    ("class C{n}:\n    a = {x}", "getattr(C{n}, 'a', {o})"),
    ("class C{n}:\n    a = {o}", "getattr(C{n}, 'b', {x})"),
    (
        "class C{n}:\n    d = {{'k': {o}}}\n    def set(self):\n        self.d['k'] = {x}\nc{n} = C{n}()\nc{n}.set()",
        "c{n}.d['k']",
    ),
    ("class C{n}:\n    def __init__(self):\n        self.d = {{'k': {o}}}\n        self.d['k'] = {x}", "C{n}().d['k']"),
    (
        "class C{n}:\n    def __init__(self):\n        self.d = {{'k': {o}}}\n        self.d.update(k={x})",
        "C{n}().d['k']",
    ),
    ("class C{n}:\n    def __init__(self, **k):\n        self.__dict__.update(k)", "C{n}(a={x}).a"),
    (
        "class C{n}:\n    def __init__(self, **k):\n        for key, value in k.items():\n            setattr(self, key, value)",
        "C{n}(a={x}).a",
    ),
    (
        "class C{n}:\n    one = None\n    @classmethod\n    def get(cls):\n        if cls.one is None:\n            cls.one = {x}\n        return cls.one",
        "C{n}.get()",
    ),
    ("class C{n}:\n    class In:\n        a = {x}", "C{n}.In.a"),
    ("def f{n}(v):\n    class L:\n        a = v\n    return L\nw{n} = f{n}({o})", "f{n}({x}).a"),
    ("class C{n}:\n    a = {o}\nclass C{n}(C{n}):\n    a = {x}", "C{n}.a"),
)

MODULE_LEVEL: tuple[tuple[str, str], ...] = (
    ("v{n} = {o}\ndef f{n}():\n    global v{n}\n    v{n} = {x}\nf{n}()", "v{n}"),
    ("v{n} = {x}\ndef f{n}():\n    global v{n}\n    v{n} = {o}", "v{n}"),
    ("v{n} = {o}\ndef f{n}():\n    return v{n}\nv{n} = {x}", "f{n}()"),
    ("d{n} = {{'k': {o}}}\ndef f{n}():\n    d{n}['k'] = {x}\nf{n}()", "d{n}['k']"),
    ("d{n} = {{'k': {o}}}\ndef f{n}():\n    d{n}.update(k={x})\nf{n}()", "d{n}['k']"),
    ("l{n} = []\ndef f{n}():\n    l{n}.append({x})\nf{n}()", "l{n}[0]"),
    ("v{n} = {x}", "globals()['v{n}']"),
    ("v{n} = {o}\nclass C{n}:\n    v{n} = {x}\n    w = v{n}", "C{n}.w"),
    ("v{n} = {x}\nclass C{n}:\n    v{n} = {o}\n    def get(self):\n        return v{n}", "C{n}().get()"),
    ("v{n} = {o}\ndel v{n}\nv{n} = {x}", "v{n}"),
)
"""Steps that only make sense at module level."""

TEXTS: tuple[tuple[str, str], ...] = (
    ("s{n} = {x}", "f'{{s{n}}}'"),
    ("", "('%s' % {x})"),
    ("", "'{{}}'.format({x})"),
    ("", "'{{a}}'.format(a={x}, b={o})"),
    ("", "'{{1}}'.format({o}, {x})"),
    ("", "''.join([{x}])"),
    ("", "'-'.join({x}.split('-'))"),
    ("", "string.Template('$a').substitute(a={x})"),
    ("", "({x} + '')"),
    ("", "({x}[:2] + {x}[2:])"),
    ("", "{x}.strip()"),
    ("", "(' ' + {x} + '\\n').strip()"),
    ("", "{x}.lower()"),
    ("", "{x}.upper().lower()"),
    ("", "('!' + {x}).replace('!', '')"),
    ("", "('!' + {x}).removeprefix('!')"),
    ("", "('openai/' + {x}).split('/')[1]"),
    ("", "('openai/' + {x}).split('/', 1)[-1]"),
    ("", "('a:b:' + {x}).rsplit(':', 1)[1]"),
    ("", "('x/' + {x}).partition('/')[2]"),
    ("", "(' ' + {x}).lstrip(' ')"),
    ("", "('--' + {x} + '--').strip('-')"),
    ("", "textwrap.dedent('  ' + {x})"),
    ("", "str({x})"),
    ("", "{x}.encode().decode()"),
    ("", "json.loads(json.dumps({x}))"),
    ("", "json.loads(json.dumps({{'a': {x}, 'b': {o}}}))['a']"),
    ("", "{x}.title().lower()"),
    ("", "({x} * 1)"),
    ("", "{x}.ljust(3)"),
    ("s{n} = {x}", "f'{{s{n}:s}}'"),
    ("s{n} = {x}", "f'{{s{n}!s:>2}}'"),
    ("s{n} = {x}", "f'{{s{n}!r}}'[1:-1]"),
    ("", "re.sub('!', '', '!' + {x})"),
    ("v{n} = ''\nv{n} += {x}", "v{n}"),
    ("v{n} = ''\nfor c{n} in {x}:\n    v{n} += c{n}", "v{n}"),
    ("os.environ['V{n}'] = {x}", "os.environ['V{n}']"),
    ("os.environ['V{n}'] = {x}", "os.getenv('V{n}', {o})"),
    ("os.environ['V{n}'] = {x}", "os.environ.get('V{n}') or {o}"),
    ("", "os.getenv('NOTHING_OF_THAT_NAME', {x})"),
    ("", "os.environ.get('NOTHING_OF_THAT_NAME', {x})"),
    ("", "os.environ.setdefault('V{n}', {x})"),
    ("class C{n}(str, enum.Enum):\n    A = {o}\n    B = {x}", "C{n}.B.value"),
    ("class C{n}(str, enum.Enum):\n    A = {o}\n    B = {x}", "C{n}('{{}}'.format({x})).value"),
    ("p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', default={x})\na{n} = p{n}.parse_args([])", "a{n}.a"),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', default={o})\na{n} = p{n}.parse_args(['--a', {x}])",
        "a{n}.a",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', default={o})\na{n} = p{n}.parse_args([])\na{n}.a = {x}",
        "a{n}.a",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', default={o})\np{n}.set_defaults(a={x})",
        "p{n}.parse_args([]).a",
    ),
)

NUMBERS: tuple[tuple[str, str], ...] = (
    ("", "({x} + 0)"),
    ("", "({x} * 2 // 2)"),
    ("", "(-{x} + 2 * {x})"),
    ("", "int({x})"),
    ("", "int(str({x}))"),
    ("", "int('%d' % {x})"),
    ("", "int({x} + 0.5)"),
    ("", "round({x} + 0.2)"),
    ("", "abs(-{x})"),
    ("", "max({x}, 0)"),
    ("", "min([{x}, 10 ** 6])"),
    ("", "sum([{x}])"),
    ("", "len([0] * {x})"),
    ("", "len('a' * {x})"),
    ("", "({x} | 0)"),
    ("", "({x} ^ 0)"),
    ("", "({x} << 1 >> 1)"),
    ("", "({x} % 10 ** 6)"),
    ("", "~(~{x})"),
    ("", "int(float({x}))"),
    ("", "int('0x%x' % {x}, 16)"),
    ("v{n} = 0\nfor i{n} in range({x}):\n    v{n} += 1", "v{n}"),
    ("v{n} = 1\nfor i{n} in range(2):\n    v{n} *= {x}", "v{n} // {x}"),
    ("v{n} = {x} - 2\nfor i{n} in range(2):\n    v{n} += 1", "v{n}"),
    ("v{n} = 0\nwhile v{n} < {x}:\n    v{n} = v{n} + 1", "v{n}"),
    ("v{n} = {x} * 4\nwhile v{n} > {x}:\n    v{n} //= 2", "v{n} + {x} - v{n}"),
    ("for v{n} in range({x} + 1):\n    pass", "v{n}"),
    ("", "range({x}, {x} + 5)[0]"),
    ("c{n} = itertools.count({x})", "next(c{n})"),
    ("os.environ['V{n}'] = str({x})", "int(os.environ['V{n}'])"),
    ("", "int(os.getenv('NOTHING_OF_THAT_NAME', '0')) or {x}"),
    ("", "int(os.getenv('NOTHING_OF_THAT_NAME', str({x})))"),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', type=int, default={x})\na{n} = p{n}.parse_args([])",
        "a{n}.a",
    ),
    ("class C{n}(enum.IntEnum):\n    A = {x}", "C{n}.A + 0"),
    ("class C{n}(enum.Enum):\n    A = enum.auto()", "C{n}.A.value - 1 + {x}"),
)

CONDITIONS_TRUE = (
    "True",
    "len('ab') == 2",
    "os.getcwd()",
    "not os.environ.get('NOTHING_OF_THAT_NAME')",
    "hasattr(str, 'join')",
    "1 < 2 < 3",
    "isinstance('', str)",
    "'a' in 'abc'",
    "'a' in ('a', 'b')",
    "2 not in [1]",
    "(1, 2) == (1, 2)",
    "[1] is not None",
    "'b' > 'a'",
    "os.environ.get('NOTHING_OF_THAT_NAME') is None",
    "not ''",
    "__name__ != 'x'",
    "bool([0])",
    "any([0, 1])",
    "{'a': 1}.get('a')",
    "sys.version_info >= (3, 8)",
    "1 == 1.0",
    "True == 1",
    "callable(len)",
    "'gpt-4o'.startswith('gpt')",
)
CONDITIONS_FALSE = (
    "False",
    "None",
    "0",
    "''",
    "[]",
    "{}",
    "len('ab') == 3",
    "os.environ.get('NOTHING_OF_THAT_NAME')",
    "typing.TYPE_CHECKING",
    "1 > 2",
    "3 > 2 > 2",
    "'z' in 'abc'",
    "'z' in {'a': 1}",
    "len('a') is None",
    "not [0]",
    "__name__ == '__nothing__'",
    "isinstance(1, str)",
    "all([0, 1])",
    "bool({})",
    "(1, 2) == (2, 1)",
    "1 == '1'",
    "'a' == 'A'",
    "[1] == [2]",
    "sys.version_info < (3,)",
    "type(1) is str",
)

WRAPPERS: tuple[tuple[str, str], ...] = (
    ("def f{n}():\n{code}\n    return {e}", "f{n}()"),
    ("def f{n}(p):\n{code}\n    return {e}\nw{n} = f{n}(1)", "f{n}(0)"),
    ("class K{n}:\n    def m(self):\n{deeper}\n        return {e}", "K{n}().m()"),
    ("class K{n}:\n    def __init__(self):\n{deeper}\n        self.r = {e}", "K{n}().r"),
    ("class K{n}:\n    @classmethod\n    def m(cls):\n{deeper}\n        return {e}", "K{n}.m()"),
    ("if {t}:\n{code}\n    r{n} = {e}", "r{n}"),
    ("if {f}:\n    r{n} = {o}\nelse:\n{code}\n    r{n} = {e}", "r{n}"),
    ("for _ in range(2):\n{code}\n    r{n} = {e}", "r{n}"),
    ("while True:\n{code}\n    r{n} = {e}\n    break", "r{n}"),
    ("try:\n{code}\n    r{n} = {e}\nexcept ValueError:\n    r{n} = {o}", "r{n}"),
    ("try:\n    raise ValueError\nexcept ValueError:\n{code}\n    r{n} = {e}", "r{n}"),
    ("with contextlib.nullcontext():\n{code}\n    r{n} = {e}", "r{n}"),
    ("def f{n}():\n    if {f}:\n        return {o}\n{code}\n    return {e}", "f{n}()"),
    ("def f{n}():\n{code}\n    def g():\n        return {e}\n    return g()", "f{n}()"),
    (
        "def f{n}():\n    for _ in range(2):\n{deeper}\n        if {t}:\n            return {e}\n    return {o}",
        "f{n}()",
    ),
)
"""What a step may stand in: `{code}` its text, `{e}` its expression."""

SENDS: tuple[str, ...] = (
    "client.chat.completions.create(model={m}, max_tokens={c}, messages=[])",
    "client.chat.completions.create(model={m}, messages=[])",
    "OpenAI().chat.completions.create(messages=[], max_completion_tokens={c}, model={m})",
    "k{n} = {{'model': {m}, 'max_tokens': {c}}}\nclient.chat.completions.create(messages=[], **k{n})",
    "k{n} = {{'model': {m}}}\nif {t}:\n    k{n}['max_tokens'] = {c}\nclient.chat.completions.create(messages=[], **k{n})",
    "k{n} = {{'model': {m}}}\nif {f}:\n    k{n}['max_tokens'] = {c}\nclient.chat.completions.create(messages=[], **k{n})",
    "k{n} = dict(model={mo})\nk{n}.update(model={m}, max_tokens={c})\nclient.chat.completions.create(messages=[], **k{n})",
    "k{n} = {{'model': {m}, 'max_tokens': {co}}}\ndel k{n}['max_tokens']\nclient.chat.completions.create(messages=[], **k{n})",
    "k{n} = {{'model': {m}, 'max_tokens': {co}}}\nk{n}.pop('max_tokens', None)\nclient.chat.completions.create(messages=[], **k{n})",
    "k{n} = {{'model': {m}, 'max_tokens': {co}}}\nk{n} = {{a: b for a, b in k{n}.items() if a != 'max_tokens'}}\nclient.chat.completions.create(messages=[], **k{n})",
    "def ask{n}(model, cap=None):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}({m}, {c})\nask{n}({mo})",
    "def ask{n}(model={mo}, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}()\nask{n}(cap={c}, model={m})",
    "def ask{n}(**k):\n    return client.chat.completions.create(messages=[], **k)\nask{n}(model={m}, max_tokens={c})\nask{n}(model={mo})",
    "def ask{n}(**k):\n    k.setdefault('max_tokens', {c})\n    return client.chat.completions.create(messages=[], **k)\nask{n}(model={m})\nask{n}(model={mo}, max_tokens={co})",
    "def ask{n}(model, **k):\n    o = {{'max_tokens': {co}, **k}}\n    return client.chat.completions.create(model=model, messages=[], **o)\nask{n}({m}, max_tokens={c})\nask{n}({mo})",
    "def ask{n}(model, o=None):\n    o = o or {{}}\n    return client.chat.completions.create(model=model, messages=[], **o)\nask{n}({m}, {{'max_tokens': {c}}})\nask{n}({mo})",
    "def ask{n}(model, cap=None):\n    o = {{}}\n    if cap:\n        o['max_tokens'] = cap\n    return client.chat.completions.create(model=model, messages=[], **o)\nask{n}({m}, {c})\nask{n}({mo})",
    "def ask{n}(model):\n    for cap in ({c}, {co}):\n        client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}({m})",
    "for m{n} in [{m}, {mo}]:\n    client.chat.completions.create(model=m{n}, max_tokens={c}, messages=[])",
    "[client.chat.completions.create(model=m, max_tokens={c}, messages=[]) for m in ({m}, {mo})]",
    "class Bot{n}:\n    def __init__(self, model, cap={co}):\n        self.model = model\n        self.cap = cap\n    def ask(self):\n        return client.chat.completions.create(model=self.model, max_tokens=self.cap, messages=[])\nBot{n}({m}, {c}).ask()\nBot{n}({mo}).ask()",
    "class Bot{n}:\n    model = {mo}\n    cap = None\n    def ask(self):\n        return client.chat.completions.create(model=self.model, max_tokens=self.cap, messages=[])\nclass Sub{n}(Bot{n}):\n    model = {m}\n    cap = {c}\nBot{n}().ask()\nSub{n}().ask()",
    "class Bot{n}:\n    def __init__(self):\n        self.o = {{'model': {m}}}\n    def more(self):\n        self.o['max_tokens'] = {c}\n    def ask(self):\n        return client.chat.completions.create(messages=[], **self.o)\nb{n} = Bot{n}()\nb{n}.ask()\nb{n}.more()\nb{n}.ask()",
    "class Bot{n}:\n    def send(self, model, **k):\n        return client.chat.completions.create(model=model, messages=[], **k)\n    def ask(self, cap):\n        return self.send({m}, max_tokens=cap)\nclass Sub{n}(Bot{n}):\n    def send(self, model, **k):\n        return super().send({mo}, **k)\nBot{n}().ask({c})\nSub{n}().ask({co})",
    "create{n} = client.chat.completions.create\ncreate{n}(model={m}, max_tokens={c}, messages=[])",
    "create{n} = functools.partial(client.chat.completions.create, model={mo}, max_tokens={c})\ncreate{n}(model={m}, messages=[])",
    "create{n} = functools.partial(client.chat.completions.create, model={m})\ncreate{n}(max_tokens={c}, messages=[])\ncreate{n}(messages=[])",
    "def ask{n}(create, model):\n    return create(model=model, max_tokens={c}, messages=[])\nask{n}(client.chat.completions.create, {m})",
    "def ask{n}(model):\n    return client.chat.completions.create(model=model, max_tokens={c}, messages=[])\nlist(map(ask{n}, [{m}, {mo}]))",
    "def ask{n}(model, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\np{n} = functools.partial(ask{n}, cap={c})\np{n}({m})\nask{n}({mo})",
    "def ask{n}(model, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nt{n} = {{'a': ask{n}}}\nt{n}['a']({m}, {c})",
    "def ask{n}(model):\n    return client.chat.completions.create(model=model, max_tokens={c}, messages=[])\ndef run{n}(f, *a):\n    return f(*a)\nrun{n}(ask{n}, {m})",
    "def ask{n}(model, cap):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}(*[{m}, {c}])\nask{n}(**{{'model': {mo}, 'cap': {co}}})",
    "def ask{n}(model, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nwith concurrent.futures.ThreadPoolExecutor(1) as pool{n}:\n    pool{n}.submit(ask{n}, {m}, cap={c}).result()\n    list(pool{n}.map(ask{n}, [{mo}]))",
    "async def ask{n}(model, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nasync def main{n}():\n    await asyncio.gather(*[ask{n}(m) for m in ({m}, {mo})])\n    await asyncio.to_thread(lambda: asyncio.run(ask{n}({m}, {c})))\nasyncio.run(main{n}())",
    "client.chat.completions.create(model={m}, messages=[], extra_body={{'max_tokens': {c}}})",
    "client.chat.completions.create(model={m}, messages=[], max_tokens={c} if {t} else None)",
    "client.chat.completions.create(model={m}, messages=[], max_tokens={c} if {f} else openai.NOT_GIVEN)",
    "client.chat.completions.create(model={m}, messages=[], **({{'max_tokens': {c}}} if {t} else {{}}))",
    "client.chat.completions.create(model={m}, messages=[], **({{}} if {t} else {{'max_tokens': {c}}}))",
    "def ask{n}(model, cap=None):\n    if cap is None:\n        return client.chat.completions.create(model=model, messages=[])\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}({m}, {c})\nask{n}({mo})",
    "def ask{n}(model, cap=None):\n    if not cap:\n        cap = {co}\n    model = model or {mo}\n    client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}({m}, {c})\nask{n}(None)",
    "def ask{n}(n, model, cap):\n    client.chat.completions.create(model=model, max_tokens=cap, messages=[])\n    if n:\n        ask{n}(n - 1, {mo}, {co})\nask{n}(1, {m}, {c})",
    "@functools.lru_cache\ndef ask{n}(model, cap={c}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}({m})\nask{n}({mo}, {co})",
    "def ask{n}(model, cap={co}):\n    def send():\n        return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\n    return send()\nask{n}({m}, {c})\nask{n}({mo})",
    "def ask{n}(model, cap={co}):\n    return lambda: client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}({m}, {c})()\nask{n}({mo})()",
    "def ask{n}(model, cap):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\ndef mid{n}(model, **k):\n    return ask{n}(model, **k)\ndef out{n}(*a, **k):\n    return mid{n}(*a, **k)\nout{n}({m}, cap={c})\nmid{n}({mo}, cap={co})",
)

HEADER = """import argparse, asyncio, collections, concurrent.futures, contextlib, copy, dataclasses, enum, functools
import itertools, json, os, re, string, sys, textwrap, types, typing
import openai
from openai import OpenAI
client = OpenAI()
"""
MODELS = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-3.5-turbo", "o3-mini")
OTHER_MODELS = ("no-model-1", "no-model-2")


@dataclass
class Module:
    name: str
    path: str
    lines: list[str]


class Grower:
    """Grows one program with decisions taken by `pick`."""

    def __init__(self, pick: Callable[[Sequence[Any]], Any]) -> None:
        self._pick = pick
        self._number = 0
        self.modules = [Module("m0", "m0.py", [HEADER])]
        self.steps: list[str] = []

    @property
    def here(self) -> Module:
        return self.modules[-1]

    def files(self) -> dict[str, str]:
        files = {module.path: "\n".join(module.lines) + "\n" for module in self.modules}
        if any(path.startswith("pkg/") for path in files):
            files.setdefault("pkg/__init__.py", "")
        return files

    def grow(self, length: int, width: int) -> dict[str, str]:
        """A program with up to `length` steps for each value and `width` statements that send."""
        values = [(repr(self._pick(MODELS)), "str"), (repr(self._pick(range(11, 99))), "int")]
        for _ in range(self._pick(range(length + 1))):
            index = self._pick((0, 0, 1))
            values[index] = self._step(*values[index])
            if self._pick(range(4)) == 0:
                values = self._move(values)
        for _ in range(self._pick(range(1, width + 1))):
            self._send(values)
        return self.files()

    def _fill(self, text: str, **given: str) -> str:
        self._number += 1
        true, false = self._pick(CONDITIONS_TRUE), self._pick(CONDITIONS_FALSE)
        return text.format(t=true, f=false, n=self._number, **given)

    def _other(self, kind: str) -> str:
        return repr(self._pick(OTHER_MODELS)) if kind == "str" else str(self._pick(range(900, 905)))

    def _step(self, value: str, kind: str) -> tuple[str, str]:
        own = TEXTS if kind == "str" else NUMBERS
        tables = (PLAIN, COLLECTIONS, FUNCTIONS, CLASSES, own, MODULE_LEVEL)
        table = self._pick(tables)
        code, expression = self._pick(table)
        other = self._other(kind)
        number = self._number
        filled = self._fill(f"{code}\0{expression}", x=value, o=other)
        code, expression = filled.split("\0")
        if table is not MODULE_LEVEL and code and self._pick(range(3)) == 0:
            wrapper, result = self._pick(WRAPPERS)
            given = {"code": indent(code, "    "), "deeper": indent(code, "        "), "e": expression, "o": other}
            code, expression = self._fill(f"{wrapper}\0{result}", **given).split("\0")
        assert self._number > number
        if code:
            self.here.lines.append(code)
        return expression if expression.isidentifier() else f"({expression})", kind

    def _move(self, values: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Goes on in another module, which imports the values."""
        self._number += 1
        n = self._number
        names = [f"x{n}", f"y{n}"]
        self.here.lines.extend(f"{name} = {value}" for name, (value, _) in zip(names, values, strict=True))
        before = self.here
        packaged = self._pick((False, True))
        name = f"pkg.m{n}" if packaged else f"m{n}"
        self.modules.append(Module(name, name.replace(".", "/") + ".py", [HEADER]))
        both_packaged = packaged and before.name.startswith("pkg.")
        how = self._pick(
            ("from", "import", "alias", "star", "rename", "relative" if both_packaged else "from", "patch")
        )
        x, y = names
        last = before.name.rsplit(".", 1)[-1]
        source, found = {
            "from": (f"from {before.name} import {x}, {y}", (x, y)),
            "import": (f"import {before.name}", (f"{before.name}.{x}", f"{before.name}.{y}")),
            "alias": (f"import {before.name} as o{n}", (f"o{n}.{x}", f"o{n}.{y}")),
            "star": (f"from {before.name} import *", (x, y)),
            "rename": (f"from {before.name} import {x} as p{n}, {y} as q{n}", (f"p{n}", f"q{n}")),
            "relative": (f"from .{last} import {x}, {y}", (x, y)),
            "patch": (
                f"import {before.name} as o{n}\no{n}.z{n} = o{n}.{x}\no{n}.{x} = {self._other('str')}",
                (f"o{n}.z{n}", f"o{n}.{y}"),
            ),
        }[how]
        self.here.lines.append(source)
        return [(found[0], values[0][1]), (found[1], values[1][1])]

    def _send(self, values: list[tuple[str, str]]) -> None:
        (model, _), (cap, _) = values
        text = self._pick(SENDS)
        filled = self._fill(text, m=model, c=cap, mo=self._other("str"), co=self._other("int"))
        self.here.lines.append(filled)


# --- running -------------------------------------------------------------------------------------------------


class _Memory(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules of a program, and nothing else."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._paths = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in files}
        self._files = files

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        found = self._paths.get(name)
        if found is None:
            return None
        return importlib.util.spec_from_loader(name, self, origin=found, is_package=found.endswith("/__init__.py"))

    def exec_module(self, module: types.ModuleType) -> None:
        path = self._paths[module.__name__]
        exec(compile(self._files[path], path, "exec"), module.__dict__)

    @property
    def names(self) -> list[str]:
        return list(self._paths)


class _Completions:
    def __init__(self, sent: list[Sent]) -> None:
        self._sent = sent

    def create(self, **given: Any) -> None:
        frame = sys._getframe(1)
        while frame.f_code.co_filename.endswith(("functools.py", "thread.py")):
            assert frame.f_back is not None
            frame = frame.f_back
        body = given.get("extra_body") or {}
        cap = given.get("max_tokens", given.get("max_completion_tokens", body.get("max_tokens")))
        self._sent.append(Sent(frame.f_code.co_filename, frame.f_lineno, given.get("model"), cap or None))


def _fake_openai(sent: list[Sent]) -> types.ModuleType:
    completions = types.SimpleNamespace(completions=_Completions(sent))

    class OpenAI:
        chat = completions

    module = types.ModuleType("openai")
    vars(module).update(OpenAI=OpenAI, NOT_GIVEN=None)
    return module


@contextmanager
def _importable(files: Mapping[str, str], sent: list[Sent]) -> Iterator[None]:
    finder = _Memory(files)
    kept = {name: sys.modules.pop(name, None) for name in [*finder.names, "openai"]}
    sys.modules["openai"] = _fake_openai(sent)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name, module in kept.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


def sent_by(files: Mapping[str, str], main: str) -> list[Sent]:
    """Runs the module `main` of a program of our own making; what it sent, in order."""
    sent: list[Sent] = []
    with _importable(files, sent):
        importlib.import_module(main)
    return sent
