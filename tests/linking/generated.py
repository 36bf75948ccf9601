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
    """One request: where it was made, the model and the cap, None where there was none, whether a cap was passed at
    all, be it None; role and texts per message."""

    path: str
    line: int
    model: str | None
    cap: int | None
    capped: bool = True
    messages: tuple[tuple[str, tuple[str, ...]], ...] = ()


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
    ("try:\n    raise ValueError({x})\nexcept ValueError as e{n}:\n    v{n} = e{n}.args[0]", "v{n}"),
    ("match {{'k': {x}}}:\n    case {{'k': v{n}}}:\n        pass", "v{n}"),
    ("match [{o}, {x}]:\n    case [_, v{n}]:\n        pass", "v{n}"),
    ("i{n} = 0\nwhile i{n} < 1:\n    v{n} = [{x}, {o}][i{n}]\n    i{n} += 1", "v{n}"),
    ("for v{n} in ({o}, {x}):\n    def f{n}():\n        return v{n}", "f{n}()"),
    ("for v{n} in ({x}, {o}):\n    if v{n}:\n        break\nelse:\n    v{n} = {o}", "v{n}"),
    ("v{n} = {o}\nfor i{n} in range(3):\n    if i{n} == 1:\n        continue\n    v{n} = {x}", "v{n}"),
    ("v{n} = {x}\nfor i{n} in ():\n    v{n} = {o}", "v{n}"),
    ("v{n} = {x}\nwhile {f}:\n    v{n} = {o}", "v{n}"),
    ("try:\n    try:\n        raise KeyError\n    finally:\n        v{n} = {x}\nexcept KeyError:\n    pass", "v{n}"),
    (
        "v{n} = {o}\ntry:\n    [][1]\n    v{n} = {o}\nexcept (IndexError, KeyError):\n    v{n} = {x}\nelse:\n    v{n} = {o}",
        "v{n}",
    ),
    ("v{n} = {x}\nassert v{n} is None or v{n}\nif v{n} == 0:\n    v{n} = {o}", "v{n}"),
    ("v{n} = None\nv{n} = v{n} if v{n} is not None else {x}", "v{n}"),
    ("u{n} = v{n} = None\nif u{n} is None:\n    u{n} = v{n} = {x}", "v{n}"),
    ("[v{n} := {x} for _ in range(2)]", "v{n}"),
    ("", "(lambda *a, **k: k['z'])(z={x})"),
    ("", "[f for f in [lambda: {x}]][0]()"),
    ("", "({o}, {x})[{t} and 1]"),
    ("", "[{x}, {o}][bool({f})]"),
    ("", "{{True: {x}, False: {o}}}[bool({t})]"),
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
    ("l{n} = [a for a in [{x}, 0] if a != 0]", "l{n}[0]"),
    ("l{n} = list(map(lambda a: a, [{o}, {x}]))", "l{n}[1]"),
    ("l{n} = sorted([{x}])", "l{n}[0]"),
    ("l{n} = list(reversed([{o}, {x}]))", "l{n}[0]"),
    ("l{n} = tuple([{o}, {x}])", "l{n}[1]"),
    ("", "next(iter([{x}, {o}]))"),
    ("", "list(filter(lambda a: a != 0, [0, {x}]))[0]"),
    ("for i{n}, v{n} in enumerate([{o}, {x}]):\n    pass", "v{n}"),
    ("for u{n}, v{n} in zip([{o}], [{x}]):\n    pass", "v{n}"),
    ("l{n} = [[{o}], [{x}]]", "l{n}[1][0]"),
    ("s{n} = {{{x}}}", "next(iter(s{n}))"),
    ("l{n} = [{o}, {x}]\ni{n} = 0\ni{n} += 1", "l{n}[i{n}]"),
    ("q{n} = collections.deque([{o}])\nq{n}.appendleft({x})", "q{n}[0]"),
    ("N{n} = collections.namedtuple('N{n}', 'a b')", "N{n}({o}, {x}).b"),
    ("a{n} = b{n} = []\na{n}.append({x})", "b{n}[0]"),
    ("a{n} = [{o}]\nb{n} = a{n}\nb{n} = b{n} + [{o}]\na{n}.append({x})", "a{n}[1]"),
    ("t{n} = ({o},)\nt{n} += ({x},)", "t{n}[1]"),
    ("i{n} = {{'m': {x}}}\nd{n} = {{**i{n}}}\nd{n}['m'] = {o}", "i{n}['m']"),
    ("i{n} = {{'m': {x}}}\nd{n} = i{n} | {{}}\nd{n}['m'] = {o}", "i{n}['m']"),
    ("d{n} = {{'a': {o}, 'b': {o}}}\nfor k{n} in list(d{n}):\n    d{n}[k{n}] = {x}", "d{n}['b']"),
    ("d{n} = {{'a': {o}}}\nd{n} = {{**d{n}, 'a': {x}}}", "d{n}['a']"),
    ("d{n} = {{}}\nd{n}['a'] = d{n}['b'] = {x}", "d{n}['b']"),
    ("d{n} = {{}}\nd{n}['a'], d{n}['b'] = {o}, {x}", "d{n}['b']"),
    ("d{n} = {{}}\nfor d{n}['a'] in ({o}, {x}):\n    pass", "d{n}['a']"),
    ("d{n} = {{'a': {x}}}\nd{n}['a'] = d{n}.get('a') or {o}", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nd{n}['a'] = {x}\nd{n}.update(b={o})", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nd{n}.update([('a', {x})])", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nd{n}.update(zip('a', [{x}]))", "d{n}['a']"),
    ("d{n} = {{'a': {{}}}}\nd{n}['a'].setdefault('b', {x})", "d{n}['a']['b']"),
    ("d{n} = {{}}\nd{n}.setdefault('a', {{}})['b'] = {x}", "d{n}['a']['b']"),
    ("d{n} = {{}}\nd{n}.setdefault('a', []).append({x})", "d{n}['a'][0]"),
    ("d{n} = collections.defaultdict(dict)\nd{n}['a']['b'] = {x}", "d{n}['a']['b']"),
    ("d{n} = {{'a': {o}}}\nif 'a' in d{n}:\n    d{n}['a'] = {x}", "d{n}['a']"),
    ("d{n} = {{'a': {x}}}\nif 'a' not in d{n}:\n    d{n}['a'] = {o}", "d{n}['a']"),
    ("d{n} = {{'a': {o}}}\nk{n}, v{n} = d{n}.popitem()\nd{n}['b'] = {x}", "d{n}.get('a', d{n}['b'])"),
    ("d{n} = dict.fromkeys('ab')\nd{n}['a'] = {x}", "d{n}['a'] or {o}"),
    (
        "d{n} = {{'a': 0, 'b': {x}}}\nd{n} = {{k: v for k, v in d{n}.items() if v != 0}}",
        "d{n}.get('a', d{n}['b'])",
    ),
    ("d{n} = {{k: v for k, v in zip(('a', 'b'), ({o}, {x}))}}", "d{n}['b']"),
    ("d{n} = {{'a': {x}, 'b': {o}}}", "next(iter(d{n}.values()))"),
    ("d{n} = {{'a': {x}, 'b': {o}}}", "list(d{n}.items())[0][1]"),
    ("d{n} = {{'a': {x}, 'b': {o}}}", "d{n}[min(d{n})]"),
    ("d{n} = {{'a': {x}, 'b': {o}}}", "[v for k, v in d{n}.items() if k == 'a'][0]"),
    ("d{n} = {{'a': 1, 'b': 2}}\ne{n} = {{v: {x} for v in d{n}.values()}}", "e{n}[2]"),
    ("l{n} = [{o}]\nl{n}[:] = [{x}]", "l{n}[0]"),
    ("l{n} = [{o}, {o}]\nl{n}[0:1] = [{x}]", "l{n}[0]"),
    ("l{n} = [{o}]\ndel l{n}[:]\nl{n}.append({x})", "l{n}[0]"),
    ("l{n} = [{o}, {x}]\nl{n} = l{n}[-1:]", "l{n}[0]"),
    ("l{n} = [{o}, {x}, {o}]\nl{n}.pop()", "l{n}[-1]"),
    ("l{n} = []\nfor a{n} in ({o}, {x}):\n    l{n}.append(a{n})", "l{n}[-1]"),
    ("l{n} = []\nfor a{n} in ({o}, {x}):\n    l{n}.insert(0, a{n})", "l{n}[0]"),
    ("l{n} = [{o}]\nif {t}:\n    l{n} = [{x}]", "l{n}[0]"),
    ("l{n} = [{o}]\nif {t}:\n    l{n}.append({x})", "l{n}[-1]"),
    ("l{n} = [{x}]\nif {f}:\n    l{n}.insert(0, {o})", "l{n}[0]"),
    ("l{n} = [None]\nl{n}[0] = {x}", "l{n}[0]"),
    ("l{n} = [None, None]\nl{n}[0], l{n}[1] = {o}, {x}", "l{n}[1]"),
    ("l{n} = [lambda: m for m in ({o}, {x})]", "l{n}[0]()"),
    ("l{n} = [lambda m=m: m for m in ({x}, {o})]", "l{n}[0]()"),
    ("l{n} = [(1, {o}), (0, {x})]", "sorted(l{n}, key=lambda a: a[0])[0][1]"),
    ("l{n} = [(1, {o}), (0, {x})]", "min(l{n}, key=lambda a: a[0])[1]"),
    ("l{n} = list(itertools.chain([{o}], [{x}]))", "l{n}[1]"),
    ("l{n} = list(itertools.islice([{o}, {x}], 1, None))", "l{n}[0]"),
    ("l{n} = [*map(str, [1]), {x}]", "l{n}[1]"),
    ("(a{n}, b{n}), c{n} = ({o}, {x}), {o}", "b{n}"),
    ("a{n}, *_, b{n} = [{x}, {o}, {o}]", "a{n}"),
    ("for a{n}, (b{n}, c{n}) in [(1, ({o}, {x}))]:\n    pass", "c{n}"),
    ("d{n} = collections.OrderedDict([('a', {o}), ('b', {x})])\nd{n}.move_to_end('a')", "next(iter(d{n}.values()))"),
    ("N{n} = collections.namedtuple('N{n}', ['a', 'b'], defaults=[{x}])", "N{n}({o}).b"),
    ("N{n} = collections.namedtuple('N{n}', 'a b')\na{n}, b{n} = N{n}({o}, {x})", "b{n}"),
    ("from functools import reduce as r{n}", "r{n}(lambda a, b: b, [{o}, {x}])"),
    ("s{n} = set()\ns{n}.add({x})", "list(s{n})[0]"),
    ("s{n} = {{{o}}}\ns{n} |= {{{x}}}\ns{n} -= {{{o}}}", "list(s{n})[0]"),
    ("", "dict(a={o}, **{{'b': {x}}})['b']"),
    ("", "{{**dict(a={x})}}.pop('a')"),
    ("", "[{o}, {x}].pop()"),
    ("", "[{x}, {o}].copy()[0]"),
    ("", "({o}, {x}).index({x}) and {x}"),
    ("", "operator.itemgetter('a')({{'a': {x}, 'b': {o}}})"),
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
    ("def f{n}(d):\n    d['a'] = {x}\n    return d", "f{n}({{'a': {o}}})['a']"),
    ("def f{n}(d):\n    d.update(a={x})\n    return d\nd{n} = {{'a': {o}}}\ne{n} = f{n}(d{n})", "d{n}['a']"),
    ("def f{n}(*, d):\n    d['a'] = {x}\nd{n} = {{'a': {o}}}\nf{n}(d=d{n})", "d{n}['a']"),
    ("def f{n}(l):\n    l.append({x})\nl{n} = [{o}]\nfor _ in range(2):\n    f{n}(l{n})", "l{n}[-1]"),
    ("def f{n}(l):\n    l.clear()\n    l.append({x})\nl{n} = [{o}]\nf{n}(l{n})", "l{n}[0]"),
    ("def f{n}(l=None):\n    l = l or []\n    l.append({x})\n    return l", "f{n}()[0]"),
    ("def f{n}(a, b=None):\n    b = b if b is not None else a\n    return b", "f{n}({x})"),
    ("def f{n}(a={o}, b={o}):\n    return b", "f{n}(b={x})"),
    ("def f{n}(a, b={o}):\n    return a", "f{n}(*({x},))"),
    ("def f{n}(a, b={o}, *c, d={o}, **e):\n    return e['f']", "f{n}({o}, f={x})"),
    ("def f{n}(a, b={o}, *c, d={o}, **e):\n    return c[0]", "f{n}({o}, {o}, {x})"),
    ("def f{n}(a, *b):\n    return f'{{a}}' and b[-1]", "f{n}({o}, *[{o}, {x}])"),
    ("def f{n}(**k):\n    return g{n}(**k)\ndef g{n}(a={o}, **k):\n    return a", "f{n}(a={x})"),
    ("def f{n}(**k):\n    return g{n}(**{{**k, 'a': {x}}})\ndef g{n}(a={o}):\n    return a", "f{n}(a={o})"),
    (
        "def f{n}(**k):\n    k.pop('b', None)\n    return g{n}(**k)\ndef g{n}(a={o}):\n    return a",
        "f{n}(a={x}, b={o})",
    ),
    ("def f{n}(**k):\n    k = {{'a': {o}, **k}}\n    return k['a']", "f{n}(a={x})"),
    ("def f{n}(**k):\n    for a, b in k.items():\n        if a == 'a':\n            return b", "f{n}(b={o}, a={x})"),
    ("def f{n}(**k):\n    return [v for v in k.values()][0]", "f{n}(a={x}, b={o})"),
    (
        "def f{n}(a):\n    while True:\n        if a:\n            return {x}\n        a = True\n    return {o}",
        "f{n}(False)",
    ),
    ("def f{n}(a):\n    for i in range(2):\n        if i == 1:\n            return a\n        a = {x}", "f{n}({o})"),
    (
        "def f{n}(a):\n    with contextlib.suppress(ValueError):\n        raise ValueError\n        return {o}\n    return a",
        "f{n}({x})",
    ),
    (
        "def f{n}(a):\n    try:\n        return int('x')\n    except ValueError:\n        return a\n    finally:\n        a = {o}",
        "f{n}({x})",
    ),
    (
        "def f{n}(a):\n    if a == 1:\n        b = {o}\n    elif a == 2:\n        b = {x}\n    else:\n        raise ValueError\n    return b",
        "f{n}(2)",
    ),
    (
        "def f{n}(a):\n    match a:\n        case 'p':\n            return {o}\n        case 'q' | 'r':\n            return {x}\n    return {o}",
        "f{n}('r')",
    ),
    ("def f{n}(a):\n    return {{'p': {o}, 'q': {x}}}.get(a, {o})", "f{n}('q')"),
    ("def f{n}(a):\n    return {{'p': {o}}}.get(a, {x})", "f{n}('q')"),
    ("def f{n}(a):\n    if a in ('p', 'q'):\n        return {x}\n    return {o}", "f{n}('q')"),
    ("def f{n}(a):\n    if a.startswith('p'):\n        return {o}\n    return {x}", "f{n}('q')"),
    ("def f{n}(a):\n    if isinstance(a, str):\n        return {o}\n    return {x}", "f{n}([])"),
    ("def f{n}(a, b):\n    return a if a > b else {x}", "f{n}(1, 2)"),
    (
        "def f{n}(a=None, b=None):\n    if a and b:\n        return {o}\n    if a or b:\n        return {x}\n    return {o}",
        "f{n}(b=1)",
    ),
    ("def f{n}(a):\n    del a\n    a = {x}\n    return a", "f{n}({o})"),
    ("def f{n}(a):\n    a = a + '' if isinstance(a, str) else a\n    return a", "f{n}({x})"),
    ("def f{n}():\n    def g():\n        yield {x}\n    for a in g():\n        return a", "f{n}()"),
    ("def f{n}():\n    a = yield {o}\n    yield a\ng{n} = f{n}()\nnext(g{n})", "g{n}.send({x})"),
    ("def f{n}():\n    return {x}\n    yield", "[e.value for e in [f{n}()] and []] or {x}"),
    (
        "def f{n}(n):\n    return {x} if n <= 0 else g{n}(n - 1)\ndef g{n}(n):\n    return {o} if n <= 0 else f{n}(n - 1)",
        "f{n}(2)",
    ),
    ("def f{n}(n):\n    if n:\n        return [{o}] + f{n}(n - 1)\n    return [{x}]", "f{n}(2)[-1]"),
    ("def f{n}(a):\n    f{n}.__doc__ = 'x'\n    return a", "f{n}({x})"),
    ("c{n} = {{}}\ndef f{n}(k):\n    if k not in c{n}:\n        c{n}[k] = {x}\n    return c{n}[k]", "f{n}('a')"),
    (
        "c{n} = {{'a': {x}}}\ndef f{n}(k):\n    if k not in c{n}:\n        c{n}[k] = {o}\n    return c{n}[k]",
        "f{n}('a')",
    ),
    ("def f{n}(a):\n    return a\nf{n} = functools.partial(f{n}, {x})", "f{n}()"),
    ("def f{n}(a):\n    return a\np{n} = functools.partial(functools.partial(f{n}), a={x})", "p{n}()"),
    ("def f{n}(a, b):\n    return b\np{n} = functools.partial(f{n}, {o})", "list(map(p{n}, [{x}]))[0]"),
    ("def f{n}(a):\n    return g{n}(a)\ndef g{n}(b):\n    return h{n}(c=b)\ndef h{n}(c):\n    return c", "f{n}({x})"),
    (
        "def g{n}(f):\n    def h(*a, **k):\n        r = f(*a, **k)\n        return r\n    return h\n@g{n}\n@g{n}\ndef f{n}(a={o}):\n    return a",
        "f{n}({x})",
    ),
    ("def g{n}(f):\n    f.seen = True\n    return f\n@g{n}\ndef f{n}(a):\n    return a", "f{n}({x})"),
    ("def g{n}(f):\n    return {x}\n@g{n}\ndef f{n}():\n    return {o}", "f{n}"),
    (
        "@contextlib.contextmanager\ndef f{n}():\n    try:\n        yield {x}\n    finally:\n        pass",
        "contextlib.ExitStack().enter_context(f{n}())",
    ),
    ("def f{n}(a: 'int' = {o}, *, b: str = {x}) -> str:\n    return b", "f{n}()"),
    ("f{n} = lambda a={o}, *b, **c: c.get('d', a)", "f{n}(d={x})"),
    ("f{n} = (lambda g: g({x}))", "f{n}(lambda a: a)"),
    ("def f{n}():\n    global g{n}\n    g{n} = {x}\nf{n}()", "g{n}"),
    ("v{n} = {o}\ndef f{n}(a=v{n}):\n    return a\nv{n} = {x}", "v{n}"),
    ("v{n} = {x}\ndef f{n}(a=v{n}):\n    return a\nv{n} = {o}", "f{n}()"),
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
    ("class C{n}:\n    def m(self):\n        return {o}\nc{n} = C{n}()\nc{n}.m = lambda: {x}", "c{n}.m()"),
    ("class C{n}:\n    def m(self):\n        return {x}\n    k = m", "C{n}().k()"),
    ("class C{n}:\n    def a(self):\n        return {x}\n    __call__ = a", "C{n}()()"),
    ("class C{n}:\n    a = property(lambda self: {x})", "C{n}().a"),
    (
        "class C{n}:\n    @functools.cached_property\n    def a(self):\n        return {x}\nc{n} = C{n}()\nc{n}.a",
        "c{n}.a",
    ),
    (
        "class C{n}:\n    @functools.cached_property\n    def a(self):\n        return {o}\nc{n} = C{n}()\nc{n}.a = {x}",
        "c{n}.a",
    ),
    ("class D{n}:\n    def __get__(self, i, t):\n        return {x}\nclass C{n}:\n    a = D{n}()", "C{n}().a"),
    (
        "class C{n}:\n    def __init_subclass__(cls, a={o}):\n        cls.a = a\nclass D{n}(C{n}, a={x}):\n    pass",
        "D{n}.a",
    ),
    (
        "class M{n}(type):\n    @property\n    def a(cls):\n        return {x}\nclass C{n}(metaclass=M{n}):\n    pass",
        "C{n}.a",
    ),
    (
        "class A{n}:\n    def m(self):\n        return {x}\nclass B{n}(A{n}):\n    def m(self):\n        return super().m()\nclass C{n}(B{n}):\n    def m(self):\n        return super().m()",
        "C{n}().m()",
    ),
    (
        "class A{n}:\n    def __init__(self):\n        self.a = self.pick()\n    def pick(self):\n        return {o}\nclass C{n}(A{n}):\n    def pick(self):\n        return {x}",
        "C{n}().a",
    ),
    (
        "class A{n}:\n    d = {o}\n    def __init__(self, a=None):\n        self.a = a or self.d\nclass C{n}(A{n}):\n    d = {x}",
        "C{n}().a",
    ),
    (
        "class A{n}:\n    def __init__(self, a={o}, **k):\n        self.a = a\nclass C{n}(A{n}):\n    def __init__(self, b, **k):\n        super().__init__(**k)\n        self.b = b",
        "C{n}({o}, a={x}).a",
    ),
    (
        "class A{n}:\n    def __init__(self, a):\n        self.a = a\nclass C{n}(A{n}):\n    def __init__(self, a):\n        a = {x}\n        super().__init__(a)",
        "C{n}({o}).a",
    ),
    (
        "class C{n}:\n    def __init__(self, a):\n        self.a = a\n    def with_a(self, a):\n        return C{n}(a)",
        "C{n}({o}).with_a({x}).a",
    ),
    (
        "class C{n}:\n    def __init__(self, a):\n        self.a = a\nc{n} = C{n}({x})\nd{n} = copy.copy(c{n})\nd{n}.a = {o}",
        "c{n}.a",
    ),
    (
        "class C{n}:\n    def __init__(self, a):\n        self.a = a\nc{n} = C{n}({o})\nd{n} = copy.copy(c{n})\nd{n}.a = {x}",
        "d{n}.a",
    ),
    (
        "class C{n}:\n    def __init__(self):\n        self.l = []\n    def add(self, a):\n        self.l.append(a)\n        return self",
        "C{n}().add({o}).add({x}).l[1]",
    ),
    (
        "class C{n}:\n    def __init__(self):\n        self.d = {{}}\n    def add(self, k, a):\n        self.d[k] = a\nc{n} = C{n}()\nc{n}.add('p', {o})\nc{n}.add('q', {x})",
        "c{n}.d['q']",
    ),
    (
        "class C{n}:\n    def __init__(self):\n        self.d = {{'p': {o}}}\nc{n} = C{n}()\nc{n}.d['p'] = {x}",
        "c{n}.d['p']",
    ),
    (
        "class I{n}:\n    a = {o}\nclass C{n}:\n    def __init__(self):\n        self.i = I{n}()\nc{n} = C{n}()\nc{n}.i.a = {x}",
        "c{n}.i.a",
    ),
    (
        "class C{n}:\n    a = {o}\n    def run(self):\n        self.a = {x}\n        return self.get()\n    def get(self):\n        return self.a",
        "C{n}().run()",
    ),
    ("class C{n}:\n    n = {x}\nclass D{n}(C{n}):\n    pass\nD{n}.n = {o}", "C{n}().n"),
    (
        "class C{n}:\n    def __init__(self, **k):\n        self.k = k\n    def get(self, n):\n        return self.k.get(n, {o})",
        "C{n}(p={x}).get('p')",
    ),
    ("class C{n}:\n    def __init__(self, k):\n        self.__dict__ = k", "C{n}({{'a': {x}}}).a"),
    ("class C{n}:\n    __slots__ = ('a',)\n    def __init__(self, a):\n        self.a = a", "C{n}({x}).a"),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: dataclasses.InitVar[object] = {o}\n    b: object = None\n    def __post_init__(self, a):\n        self.b = a",
        "C{n}({x}).b",
    ),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\n    _: dataclasses.KW_ONLY\n    b: object = {o}",
        "C{n}(b={x}).b",
    ),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\n@dataclasses.dataclass\nclass D{n}(C{n}):\n    b: object = {o}\n    a: object = {x}",
        "D{n}().a",
    ),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\n    b: object = {o}\n@dataclasses.dataclass\nclass D{n}(C{n}):\n    c: object = {o}\n    a: object = {o}",
        "D{n}({x}).a",
    ),
    ("@dataclasses.dataclass\nclass C{n}:\n    a: object = dataclasses.field(default={x})", "C{n}().a"),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: dict = dataclasses.field(default_factory=dict)\nc{n} = C{n}()\nc{n}.a['k'] = {x}",
        "c{n}.a['k']",
    ),
    ("@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}", "C{n}(**{{'a': {x}}}).a"),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\n    def __init__(self, z):\n        self.a = z",
        "C{n}({x}).a",
    ),
    (
        "@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\nmatch C{n}({x}):\n    case C{n}(a=v{n}):\n        pass",
        "v{n}",
    ),
    ("class C{n}(typing.NamedTuple):\n    a: object\n    b: object\nu{n}, v{n} = C{n}({o}, {x})", "v{n}"),
    ("C{n} = enum.Enum('C{n}', {{'A': {o}, 'B': {x}}})", "C{n}.B.value"),
    ("class C{n}(enum.Enum):\n    A = {o}\n    B = {x}", "list(C{n})[1].value"),
    ("class C{n}(enum.Enum):\n    A = {x}\n    B = {o}", "[c.value for c in C{n}][0]"),
    ("class C{n}(enum.Enum):\n    A = 1\n    B = 2\nd{n} = {{C{n}.A: {o}, C{n}.B: {x}}}", "d{n}[C{n}.B]"),
    (
        "class C{n}(enum.Enum):\n    A = 1\n    B = 2\ndef f{n}(c):\n    if c == C{n}.A:\n        return {o}\n    return {x}",
        "f{n}(C{n}.B)",
    ),
    (
        "class C{n}(enum.Enum):\n    A = 1\n    B = 2\ndef f{n}(c):\n    if c is C{n}.A:\n        return {x}\n    return {o}",
        "f{n}(C{n}.A)",
    ),
    ("C{n} = type('C{n}', (), {{'a': {x}}})", "C{n}.a"),
    ("C{n} = dataclasses.make_dataclass('C{n}', ['a'])", "C{n}({x}).a"),
    ("class C{n}(collections.UserDict):\n    pass", "C{n}(a={x})['a']"),
    ("class C{n}(list):\n    pass", "C{n}([{o}, {x}])[1]"),
    ("class C{n}(dict):\n    def __getitem__(self, k):\n        return {x}", "C{n}(a={o})['a']"),
    ("class C{n}(dict):\n    def get(self, k, d=None):\n        return {x}", "C{n}(a={o}).get('a')"),
    ("class C{n}(str):\n    def __add__(self, o):\n        return {x}", "(C{n}('a') + 'b')"),
    (
        "class C{n}:\n    def __init__(self, a):\n        self.a = a\n    def __add__(self, o):\n        return C{n}(o)",
        "(C{n}({o}) + {x}).a",
    ),
    ("class C{n}:\n    def __contains__(self, k):\n        return True", "({x} if 1 in C{n}() else {o})"),
    ("class C{n}:\n    def __lt__(self, k):\n        return True", "({x} if C{n}() < 1 else {o})"),
    (
        "class C{n}:\n    def __hash__(self):\n        return 1\n    def __eq__(self, o):\n        return True\nd{n} = {{C{n}(): {o}}}\nd{n}[C{n}()] = {x}",
        "list(d{n}.values())[0]",
    ),
    (
        "class C{n}:\n    async def __aenter__(self):\n        return {x}\n    async def __aexit__(self, *a):\n        pass\nasync def f{n}():\n    async with C{n}() as v:\n        return v\nc{n} = f{n}()\ntry:\n    c{n}.send(None)\nexcept StopIteration as e{n}:\n    v{n} = e{n}.value",
        "v{n}",
    ),
    (
        "class C{n}:\n    def __enter__(self):\n        self.a = {x}\n        return self\n    def __exit__(self, *a):\n        self.a = {o}\nwith C{n}() as c{n}:\n    v{n} = c{n}.a",
        "v{n}",
    ),
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
    ("v{n} = {o}\ndef g{n}(w):\n    global v{n}\n    v{n} = w\ng{n}({x})", "v{n}"),
    ("v{n} = {o}\nclass C{n}:\n    def set(self, w):\n        global v{n}\n        v{n} = w\nC{n}().set({x})", "v{n}"),
    ("v{n} = None\ndef f{n}():\n    global v{n}\n    if v{n} is None:\n        v{n} = {x}\n    return v{n}", "f{n}()"),
    ("v{n} = {x}\ndef f{n}():\n    v{n} = {o}\n    return v{n}\nf{n}()", "v{n}"),
    ("v{n} = {x}\ndef f{n}():\n    return v{n}\nw{n} = f{n}()\nv{n} = {o}", "w{n}"),
    ("for v{n} in ({o}, {x}):\n    def f{n}(a=v{n}):\n        return a", "f{n}()"),
    (
        "d{n} = {{}}\ndef f{n}(k):\n    def g(f):\n        d{n}[k] = f\n        return f\n    return g\n@f{n}('p')\ndef h{n}():\n    return {x}",
        "d{n}['p']()",
    ),
    ("d{n} = [{o}]\ndef f{n}():\n    global d{n}\n    d{n} = [{x}]\nf{n}()", "d{n}[0]"),
    ("try:\n    v{n}\nexcept NameError:\n    v{n} = {x}", "v{n}"),
    ("if {t}:\n    import math as m{n}\n    v{n} = {x}\nelse:\n    v{n} = {o}", "v{n}"),
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
    ("", "'-'.join({x}.split('-')[:9])"),
    ("", "''.join(c for c in {x})"),
    ("", "''.join(list({x}))"),
    ("", "''.join(reversed({x}[::-1]))"),
    ("", "{x}[::-1][::-1]"),
    ("", "{x}.replace('zz', 'y')"),
    ("", "({x} + 'aa').replace('aa', '', 1)"),
    ("", "{x}.rstrip('\\n')"),
    ("", "({x} + '--').rstrip('-')"),
    ("", "({x} + '?').split('?')[0]"),
    ("", "f'{{(lambda: 1)()}}{{0}}'[2:] + {x}"),
    ("", "'%s%s' % ('', {x})"),
    ("", "'%-3s' % {x}"),
    ("", "'%%%s' % {x} and {x}"),
    ("", "'{{:s}}{{}}'.format({x}, '')"),
    ("", "'{{0}}{{1}}{{0}}'.format('', {x})"),
    ("", "'{{a[0]}}'.format(a=[{x}])"),
    ("", "'{{a.real}}'.format(a=1) and {x}"),
    ("", "'{{}}'.format({x}).strip('{{}}')"),
    ("", "re.match('(.*)', {x}).group(1)"),
    ("", "re.split(',', {x})[0]"),
    ("", "{x}.casefold()"),
    ("", "{x}.translate({{}})"),
    ("", "{x}.format()"),
    ("", "{x}.expandtabs()"),
    ("", "{x}.zfill(2)"),
    ("", "max({x}, '')"),
    ("", "min([{x}, 'zzz'])"),
    ("", "sorted([{x}, 'zzz'])[0]"),
    ("", "sorted(['zzz', {x}], reverse=True)[1]"),
    ("", "repr({x})[1:-1]"),
    ("", 'ascii({x}).strip("\'")'),
    ("", "eval(repr({x}))"),
    ("", "bytes({x}, 'ascii').decode()"),
    ("", "str({x}.encode(), 'ascii')"),
    ("", "copy.copy({x})"),
    ("", "getattr({x}, 'strip')()"),
    ("", "str.lower({x})"),
    ("", "str.join('', [{x}])"),
    ("", "string.Template('${{a}}').safe_substitute({{'a': {x}}})"),
    ("", "json.loads('{{\"a\": [\"' + {x} + '\"]}}')['a'][0]"),
    ("", "textwrap.dedent('''\n    a\n    ''').strip()[1:] + {x}"),
    ("", "os.path.basename('/a/' + {x})"),
    ("", "os.path.join('', {x})"),
    ("", "os.getenv('NOTHING_OF_THAT_NAME') or os.getenv('NOR_THAT', {x})"),
    ("", "os.environ.get('NOTHING_OF_THAT_NAME', '') or {x}"),
    ("v{n} = {x}\nv{n} = v{n}.strip() or {o}", "v{n}"),
    ("v{n} = []\nv{n}.append({x})\nv{n}.append('')", "''.join(v{n})"),
    ("v{n} = ''\nif {t}:\n    v{n} += {x}", "v{n}"),
    ("v{n} = {x}\nif {f}:\n    v{n} += {o}", "v{n}"),
    ("v{n} = 'PLACEHOLDER'\nv{n} = v{n}.replace('PLACEHOLDER', {x})", "v{n}"),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a-b', dest='c', default={x})\na{n} = vars(p{n}.parse_args([]))",
        "a{n}['c']",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', default=None)\na{n} = p{n}.parse_args([])",
        "a{n}.a or {x}",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', nargs='*', default=[{x}])\na{n} = p{n}.parse_args([])",
        "a{n}.a[0]",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', const={o}, nargs='?', default={x})\na{n} = p{n}.parse_args([])",
        "a{n}.a",
    ),
    (
        "p{n} = argparse.ArgumentParser(argument_default={x})\np{n}.add_argument('--a')\na{n} = p{n}.parse_args([])",
        "a{n}.a",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', default={x})\nq{n} = argparse.ArgumentParser()\nq{n}.add_argument('--a', default={o})\na{n} = p{n}.parse_args([])",
        "a{n}.a",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', default={x})\nq{n} = argparse.ArgumentParser()\nq{n}.add_argument('--a', default={o})\na{n} = q{n}.parse_args([])\na{n} = p{n}.parse_args([])",
        "a{n}.a",
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
    ("", "(True + {x} - 1)"),
    ("", "({x} + False)"),
    ("", "divmod({x}, 10 ** 6)[1]"),
    ("", "pow({x}, 1)"),
    ("", "int({x} / 1)"),
    ("", "({x} * 1.0)"),
    ("", "int('{{:d}}'.format({x}))"),
    ("", "int(f'{{{x}:05d}}')"),
    ("", "int(str({x}).zfill(8))"),
    ("", "len(range({x}))"),
    ("", "len(list(range({x})))"),
    ("", "sum(1 for _ in range({x}))"),
    ("", "sum([{x} - 1, 1])"),
    ("", "max(0, {x}, 3)"),
    ("", "max([{x}], default=900)"),
    ("", "min({x}, 10 ** 9)"),
    ("", "int(round({x} * 1.01, 0)) and {x}"),
    ("", "round({x} + 0.4)"),
    ("", "round({x}, 2)"),
    ("", "-(-{x} // 1)"),
    ("", "({x} and {x})"),
    ("", "(0 or {x})"),
    ("", "({x} if {x} > 10 else 900)"),
    ("", "({x} if 10 < {x} < 100 else 900)"),
    ("", "(900 if {x} > 99 else {x})"),
    ("", "bool({x}) * {x}"),
    ("", "int('50') * 0 + {x}"),
    ("", "int(True) * {x}"),
    ("", "json.loads(str({x}))"),
    ("", "json.loads('{{\"a\": %d}}' % {x})['a']"),
    ("", "0x10 - 0o20 + {x}"),
    ("", "1_0 - 10 + {x}"),
    ("", "1e1 - 10 + {x}"),
    ("", "({x}).real"),
    ("", "({x}).__add__(0)"),
    ("", "[{x} - 1 + i for i in (0, 1)][1]"),
    ("v{n} = 0\nfor i{n} in (1, {x} - 1):\n    v{n} += i{n}", "v{n}"),
    ("v{n} = {x} * 2\nv{n} //= 2", "v{n}"),
    ("v{n} = {x}\nv{n} -= 0\nv{n} |= 0\nv{n} **= 1\nv{n} %= 10 ** 6", "v{n}"),
    ("v{n} = {x}\nif v{n} > 100:\n    v{n} = 900", "v{n}"),
    ("v{n} = 900\nif v{n} > 100:\n    v{n} = {x}", "v{n}"),
    ("v{n} = {x}\nv{n} = max(v{n}, 1) if v{n} else 900", "v{n}"),
    ("d{n} = {{'a': {x} - 1}}\nd{n}['a'] += 1", "d{n}['a']"),
    ("d{n} = {{'a': 0}}\nfor _ in range({x}):\n    d{n}['a'] += 1", "d{n}['a']"),
    ("d{n} = collections.Counter()\nd{n}['a'] += {x}", "d{n}['a']"),
    ("class C{n}:\n    a = {x} - 1\nc{n} = C{n}()\nc{n}.a += 1", "c{n}.a"),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', type=int, default='%d' % {x})\na{n} = p{n}.parse_args([])",
        "a{n}.a",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', action='store_true')\na{n} = p{n}.parse_args([])",
        "(900 if a{n}.a else {x})",
    ),
    (
        "p{n} = argparse.ArgumentParser()\np{n}.add_argument('--a', action='store_const', const=900, default={x})\na{n} = p{n}.parse_args([])",
        "a{n}.a",
    ),
    ("def f{n}(a, b=1):\n    return a * b", "f{n}({x})"),
    ("def f{n}(a, b=1):\n    return a // b", "f{n}({x} * 2, b=2)"),
    ("def f{n}(a):\n    return a if a < 100 else 900", "f{n}({x})"),
    ("def f{n}(a):\n    return min(a, 100)", "f{n}({x})"),
    ("def f{n}(n):\n    return n if n <= 1 else f{n}(n - 1) + 1", "f{n}({x})"),
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

ACROSS: tuple[tuple[str, str, str], ...] = (
    ("def f{n}(a):\n    return a", "w{n} = {m}.f{n}({o})", "{m}.f{n}({x})"),
    ("def f{n}(a={o}):\n    return a", "", "{m}.f{n}(a={x})"),
    ("v{n} = {o}", "{m}.v{n} = {x}", "{m}.v{n}"),
    ("v{n} = {o}\ndef f{n}(a):\n    global v{n}\n    v{n} = a", "{m}.f{n}({x})", "{m}.v{n}"),
    ("class C{n}:\n    a = {o}", "{m}.C{n}.a = {x}", "{m}.C{n}.a"),
    (
        "class C{n}:\n    a = {o}\n    def get(self):\n        return self.a",
        "class D{n}({m}.C{n}):\n    a = {x}",
        "D{n}().get()",
    ),
    (
        "class C{n}:\n    def m(self):\n        return {o}\n    def get(self):\n        return self.m()",
        "class D{n}({m}.C{n}):\n    def m(self):\n        return {x}",
        "D{n}().get()",
    ),
    (
        "class C{n}:\n    def __init__(self, a={o}):\n        self.a = a",
        "class D{n}({m}.C{n}):\n    def __init__(self):\n        super().__init__({x})",
        "D{n}().a",
    ),
    ("d{n} = {{'k': {o}}}", "{m}.d{n}['k'] = {x}", "{m}.d{n}['k']"),
    ("d{n} = {{'k': {o}}}\ndef f{n}(a):\n    d{n}['k'] = a", "{m}.f{n}({x})", "{m}.d{n}['k']"),
    ("d{n} = {{'k': {o}}}", "e{n} = dict({m}.d{n})\ne{n}['k'] = {x}", "e{n}['k']"),
    ("l{n} = []\ndef f{n}():\n    return l{n}[-1]", "{m}.l{n}.append({x})", "{m}.f{n}()"),
    (
        "r{n} = {{}}\ndef f{n}(k):\n    def g(f):\n        r{n}[k] = f\n        return f\n    return g",
        "@{m}.f{n}('p')\ndef h{n}():\n    return {x}",
        "{m}.r{n}['p']()",
    ),
    ("def f{n}(cb):\n    return cb({o})", "", "{m}.f{n}(lambda a: {x})"),
    ("def f{n}(d, a):\n    d['k'] = a", "d{n} = {{'k': {o}}}\n{m}.f{n}(d{n}, {x})", "d{n}['k']"),
    (
        "def d{n}(f):\n    def g(*a, **k):\n        return f(*a, **k)\n    return g",
        "@{m}.d{n}\ndef f{n}(a):\n    return a",
        "f{n}({x})",
    ),
    (
        "def d{n}(f):\n    def g(a):\n        return f({o})\n    return g",
        "@{m}.d{n}\ndef f{n}(a, b={x}):\n    return b",
        "f{n}({o})",
    ),
    (
        "class E{n}(enum.Enum):\n    A = 1\n    B = 2\ndef f{n}(e, a, b):\n    return a if e is E{n}.A else b",
        "",
        "{m}.f{n}({m}.E{n}.B, {o}, {x})",
    ),
    ("@dataclasses.dataclass\nclass C{n}:\n    a: object = {o}\n    b: object = {o}", "", "{m}.C{n}({o}, {x}).b"),
)
"""Steps over two modules: text of the other module, of this one (which calls it `{m}`), and the expression."""

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
    "def ask{n}(model, cap=None):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0ask{n}({m}, {c})\nask{n}({mo})",
    "def ask{n}(model={mo}, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0ask{n}()\nask{n}(cap={c}, model={m})",
    "def ask{n}(**k):\n    return client.chat.completions.create(messages=[], **k)\0ask{n}(model={m}, max_tokens={c})\nask{n}(model={mo})",
    "def ask{n}(**k):\n    k.setdefault('max_tokens', {c})\n    return client.chat.completions.create(messages=[], **k)\nask{n}(model={m})\nask{n}(model={mo}, max_tokens={co})",
    "def ask{n}(model, **k):\n    o = {{'max_tokens': {co}, **k}}\n    return client.chat.completions.create(model=model, messages=[], **o)\0ask{n}({m}, max_tokens={c})\nask{n}({mo})",
    "def ask{n}(model, o=None):\n    o = o or {{}}\n    return client.chat.completions.create(model=model, messages=[], **o)\0ask{n}({m}, {{'max_tokens': {c}}})\nask{n}({mo})",
    "def ask{n}(model, cap=None):\n    o = {{}}\n    if cap:\n        o['max_tokens'] = cap\n    return client.chat.completions.create(model=model, messages=[], **o)\0ask{n}({m}, {c})\nask{n}({mo})",
    "def ask{n}(model):\n    for cap in ({c}, {co}):\n        client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}({m})",
    "for m{n} in [{m}, {mo}]:\n    client.chat.completions.create(model=m{n}, max_tokens={c}, messages=[])",
    "[client.chat.completions.create(model=m, max_tokens={c}, messages=[]) for m in ({m}, {mo})]",
    "class Bot{n}:\n    def __init__(self, model, cap={co}):\n        self.model = model\n        self.cap = cap\n    def ask(self):\n        return client.chat.completions.create(model=self.model, max_tokens=self.cap, messages=[])\0Bot{n}({m}, {c}).ask()\nBot{n}({mo}).ask()",
    "class Bot{n}:\n    model = {mo}\n    cap = None\n    def ask(self):\n        return client.chat.completions.create(model=self.model, max_tokens=self.cap, messages=[])\nclass Sub{n}(Bot{n}):\n    model = {m}\n    cap = {c}\nBot{n}().ask()\nSub{n}().ask()",
    "class Bot{n}:\n    def __init__(self):\n        self.o = {{'model': {m}}}\n    def more(self):\n        self.o['max_tokens'] = {c}\n    def ask(self):\n        return client.chat.completions.create(messages=[], **self.o)\nb{n} = Bot{n}()\nb{n}.ask()\nb{n}.more()\nb{n}.ask()",
    "class Bot{n}:\n    def send(self, model, **k):\n        return client.chat.completions.create(model=model, messages=[], **k)\n    def ask(self, cap):\n        return self.send({m}, max_tokens=cap)\nclass Sub{n}(Bot{n}):\n    def send(self, model, **k):\n        return super().send({mo}, **k)\nBot{n}().ask({c})\nSub{n}().ask({co})",
    "create{n} = client.chat.completions.create\ncreate{n}(model={m}, max_tokens={c}, messages=[])",
    "create{n} = functools.partial(client.chat.completions.create, model={mo}, max_tokens={c})\ncreate{n}(model={m}, messages=[])",
    "create{n} = functools.partial(client.chat.completions.create, model={m})\ncreate{n}(max_tokens={c}, messages=[])\ncreate{n}(messages=[])",
    "def ask{n}(create, model):\n    return create(model=model, max_tokens={c}, messages=[])\nask{n}(client.chat.completions.create, {m})",
    "def ask{n}(model):\n    return client.chat.completions.create(model=model, max_tokens={c}, messages=[])\nlist(map(ask{n}, [{m}, {mo}]))",
    "def ask{n}(model, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0p{n} = functools.partial(ask{n}, cap={c})\np{n}({m})\nask{n}({mo})",
    "def ask{n}(model, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0t{n} = {{'a': ask{n}}}\nt{n}['a']({m}, {c})",
    "def ask{n}(model):\n    return client.chat.completions.create(model=model, max_tokens={c}, messages=[])\ndef run{n}(f, *a):\n    return f(*a)\nrun{n}(ask{n}, {m})",
    "def ask{n}(model, cap):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0ask{n}(*[{m}, {c}])\nask{n}(**{{'model': {mo}, 'cap': {co}}})",
    "def ask{n}(model, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0with concurrent.futures.ThreadPoolExecutor(1) as pool{n}:\n    pool{n}.submit(ask{n}, {m}, cap={c}).result()\n    list(pool{n}.map(ask{n}, [{mo}]))",
    "async def ask{n}(model, cap={co}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nasync def main{n}():\n    await asyncio.gather(*[ask{n}(m) for m in ({m}, {mo})])\n    await asyncio.to_thread(lambda: asyncio.run(ask{n}({m}, {c})))\nasyncio.run(main{n}())",
    "client.chat.completions.create(model={m}, messages=[], extra_body={{'max_tokens': {c}}})",
    "client.chat.completions.create(model={m}, messages=[], max_tokens={c} if {t} else None)",
    "client.chat.completions.create(model={m}, messages=[], max_tokens={c} if {f} else openai.NOT_GIVEN)",
    "client.chat.completions.create(model={m}, messages=[], **({{'max_tokens': {c}}} if {t} else {{}}))",
    "client.chat.completions.create(model={m}, messages=[], **({{}} if {t} else {{'max_tokens': {c}}}))",
    "def ask{n}(model, cap=None):\n    if cap is None:\n        return client.chat.completions.create(model=model, messages=[])\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0ask{n}({m}, {c})\nask{n}({mo})",
    "def ask{n}(model, cap=None):\n    if not cap:\n        cap = {co}\n    model = model or {mo}\n    client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0ask{n}({m}, {c})\nask{n}(None)",
    "def ask{n}(n, model, cap):\n    client.chat.completions.create(model=model, max_tokens=cap, messages=[])\n    if n:\n        ask{n}(n - 1, {mo}, {co})\0ask{n}(1, {m}, {c})",
    "@functools.lru_cache\ndef ask{n}(model, cap={c}):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\nask{n}({m})\nask{n}({mo}, {co})",
    "def ask{n}(model, cap={co}):\n    def send():\n        return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\n    return send()\0ask{n}({m}, {c})\nask{n}({mo})",
    "def ask{n}(model, cap={co}):\n    return lambda: client.chat.completions.create(model=model, max_tokens=cap, messages=[])\0ask{n}({m}, {c})()\nask{n}({mo})()",
    "def ask{n}(model, cap):\n    return client.chat.completions.create(model=model, max_tokens=cap, messages=[])\ndef mid{n}(model, **k):\n    return ask{n}(model, **k)\ndef out{n}(*a, **k):\n    return mid{n}(*a, **k)\0out{n}({m}, cap={c})\nmid{n}({mo}, cap={co})",
)

HEADER = """import argparse, asyncio, collections, concurrent.futures, contextlib, copy, dataclasses, enum, functools
import itertools, json, operator, os, re, string, sys, textwrap, types, typing
import openai
from openai import OpenAI
client = OpenAI()
"""
MODELS = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-3.5-turbo", "o3-mini")
CAPS = ("max_tokens", "max_completion_tokens")
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
            if len(self.modules) > 1 and self._pick(range(3)) == 0:
                values[index] = self._across(*values[index])
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

    def _across(self, value: str, kind: str) -> tuple[str, str]:
        """A step that the last module takes together with this one."""
        there, here, expression = self._pick(ACROSS)
        name = f"mod{self._number}"
        other = self._other(kind)
        parts = self._fill(f"{there}\0{here}\0{expression}", x=value, o=other, m=name).split("\0")
        before = self.modules[-2]
        before.lines.append(parts[0])
        self.here.lines.append(f"import {before.name} as {name}")
        if parts[1]:
            self.here.lines.append(parts[1])
        return f"({parts[2]})", kind

    def _send(self, values: list[tuple[str, str]]) -> None:
        (model, _), (cap, _) = values
        text = self._pick(SENDS)
        filled = self._fill(text, m=model, c=cap, mo=self._other("str"), co=self._other("int"))
        defined, _, called = filled.partition("\0")
        if called and self._pick((False, True)):
            library = Module(f"lib{self._number}", f"lib{self._number}.py", [HEADER, defined])
            self.modules.insert(0, library)
            self.here.lines.append(f"from {library.name} import *")
        else:
            self.here.lines.append(defined)
        if called:
            self.here.lines.append(called)


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
        caps = [value for name, value in (given | given.get("extra_body", {})).items() if name in CAPS]
        messages = tuple((each["role"], _texts(each["content"])) for each in given.get("messages", ()))
        cap = caps[0] if caps else None
        where = frame.f_code.co_filename, frame.f_lineno
        self._sent.append(Sent(*where, given.get("model"), cap or None, bool(caps), messages))


def _texts(content: Any) -> tuple[str, ...]:
    return (content,) if isinstance(content, str) else tuple(part["text"] for part in content)


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
