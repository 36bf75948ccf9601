"""Which assignment a use sees, through branches, loops, `try` and early exits; in whole programs and on their own."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest
from programs import UNKNOWN, cap, models, site, sites

from llmlint.facts import syntax
from llmlint.frontend import lower
from llmlint.linking.program.module import Module
from llmlint.linking.program.reaching import Use, mutations_between, reaching

CALL = "client.chat.completions.create(model=m, messages=[])"
HEAD = "from openai import OpenAI\nclient = OpenAI()\n"


def seen(lines: str):
    """The ids that reach `CALL`, at module level and the same in a function."""
    outside = models(site(f"{HEAD}{lines.replace('CALL', CALL)}\n"))
    body = indent(lines.replace("CALL", CALL), "    ")
    inside = models(site(f"{HEAD}def main():\n{body}\nmain()\n"))
    assert inside == outside
    return outside


@pytest.mark.parametrize(
    ("lines", "ids"),
    [
        ("m = 'a'\nm = 'b'\nCALL", ["b"]),
        ("m = 'a'\nCALL\nm = 'b'", ["a"]),
        ("m = 'a'\nif x:\n    m = 'b'\nCALL", ["a", "b"]),
        ("m = 'a'\nif x:\n    m = 'b'\n    CALL", ["b"]),
        ("m = 'a'\nif x:\n    m = 'b'\nelse:\n    CALL", ["a"]),
        ("if x:\n    m = 'a'\nelse:\n    m = 'b'\nCALL", ["a", "b"]),
        ("m = 'z'\nif x:\n    m = 'a'\nelif y:\n    m = 'b'\nelse:\n    m = 'c'\nCALL", ["a", "b", "c"]),
        ("m = 'z'\nif x:\n    m = 'a'\nelif y:\n    m = 'b'\nCALL", ["a", "b", "z"]),
        (
            "m = 'z'\nif x:\n    if y:\n        m = 'a'\n    else:\n        m = 'b'\nelse:\n    m = 'c'\nCALL",
            ["a", "b", "c"],
        ),
        ("m = 'a'\nif x:\n    m = 'b'\n    raise ValueError\nCALL", ["a"]),
        ("m = 'a'\nif x:\n    m = 'b'\nelse:\n    raise ValueError\nCALL", ["b"]),
        ("m = 'a'\nif x:\n    pass\nelse:\n    m = 'b'\n    raise ValueError\nCALL", ["a"]),
        ("m = 'a'\nwith x:\n    m = 'b'\nCALL", ["b"]),
        ("match x:\n    case 1:\n        m = 'a'\n    case _:\n        m = 'b'\nCALL", ["a", "b"]),
        ("m = 'z'\nmatch x:\n    case 1:\n        m = 'a'\n    case 2:\n        m = 'b'\nCALL", ["a", "b", "z"]),
        ("m = 'a' if x else 'b'\nCALL", ["a", "b"]),
        ("m = 'a'\nm = m + 'b'\nCALL", ["ab"]),
        ("m = 'a'\nm += 'b'\nCALL", ["ab"]),
        ("m = 'a'\nif x:\n    m += 'b'\nCALL", ["a", "ab"]),
        ("m = n = 'a'\nn = 'b'\nCALL", ["a"]),
        ("m = 'a'\nm, n = 'b', m\nm = n\nCALL", ["a"]),
    ],
)
def test_branches(lines: str, ids: list[str]):
    assert seen(lines) == ids


@pytest.mark.parametrize(
    ("lines", "ids"),
    [
        ("m = 'a'\nfor i in x:\n    CALL\n    m = 'b'", ["a", "b"]),
        ("m = 'a'\nwhile x:\n    CALL\n    m = 'b'", ["a", "b"]),
        ("m = 'a'\nfor i in x:\n    m = 'b'\n    CALL", ["b"]),
        ("m = 'a'\nfor i in x:\n    m = 'b'\nCALL", ["a", "b"]),
        ("m = 'a'\nfor i in x:\n    if i:\n        m = 'b'\n    CALL", ["a", "b"]),
        ("m = 'a'\nfor i in x:\n    m = 'c'\n    if i:\n        m = 'b'\n    CALL", ["b", "c"]),
        ("m = 'a'\nfor i in x:\n    for j in y:\n        CALL\n    m = 'b'", ["a", "b"]),
        ("m = 'a'\nfor i in x:\n    CALL\n    if i:\n        m = 'b'\n        continue\n    m = 'c'", ["a", "b", "c"]),
        ("for m in ['a', 'b']:\n    CALL", ["a", "b"]),
        ("for m in ('a', 'b'):\n    pass\nCALL", ["a", "b"]),
        ("for i, m in enumerate(['a', 'b']):\n    CALL", ["a", "b"]),
        ("for m, n in [('a', 1), ('b', 2)]:\n    CALL", ["a", "b"]),
        ("for k, m in {'x': 'a', 'y': 'b'}.items():\n    CALL", ["a", "b"]),
        ("for m in {'a': 1, 'b': 2}:\n    CALL", ["a", "b"]),
        ("for m in {'x': 'a', 'y': 'b'}.values():\n    CALL", ["a", "b"]),
        ("for m, n in zip(['a', 'b'], y):\n    CALL", ["a", "b"]),
        ("for m in ['a', 'b'] + ['c']:\n    CALL", ["a", "b", "c"]),
        ("for m in sorted({'a', 'b'}):\n    CALL", ["a", "b"]),
        ("for m in tqdm(['a', 'b']):\n    CALL", ["a", "b"]),
        ("[CALL for m in ['a', 'b']]", ["a", "b"]),
        ("[CALL for n in ['a', 'b'] for m in [n + '!']]", ["a!", "b!"]),
        ("m = 'a'\nwhile True:\n    CALL\n    if x:\n        break\n    m = 'b'", ["a", "b"]),
    ],
)
def test_loops(lines: str, ids: list[str]):
    imports = "from tqdm import tqdm\n" if "tqdm" in lines else ""
    assert seen(imports + lines) == ids


@pytest.mark.parametrize(
    ("lines", "ids"),
    [
        ("try:\n    m = 'a'\nexcept ValueError:\n    m = 'b'\nCALL", ["a", "b"]),
        ("m = 'z'\ntry:\n    m = 'a'\nexcept ValueError:\n    m = 'b'\nCALL", ["a", "b"]),
        ("m = 'z'\ntry:\n    m = 'a'\nexcept ValueError:\n    raise\nCALL", ["a"]),
        ("m = 'z'\ntry:\n    f()\n    m = 'a'\nexcept ValueError:\n    pass\nCALL", ["a", "z"]),
        ("m = 'z'\ntry:\n    m = 'a'\n    raise ValueError\nexcept ValueError:\n    pass\nCALL", ["a", "z"]),
        ("m = 'z'\ntry:\n    m = 'a'\n    f()\nexcept ValueError:\n    CALL", ["a", "z"]),
        ("m = 'z'\ntry:\n    f()\nexcept ValueError:\n    m = 'a'\nelse:\n    CALL", ["z"]),
        ("try:\n    f()\nfinally:\n    m = 'a'\nCALL", ["a"]),
        ("m = 'z'\ntry:\n    f()\nexcept A:\n    m = 'a'\nexcept B:\n    m = 'b'\nCALL", ["a", "b", "z"]),
        ("try:\n    import x\n    m = 'a'\nexcept ImportError:\n    m = 'b'\nCALL", ["a", "b"]),
    ],
)
def test_exceptions(lines: str, ids: list[str]):
    assert seen(lines) == ids


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ("m = 'a'\nif x:\n    m = 'b'\n    return\nCALL", ["a"]),
        ("if x:\n    m = 'a'\nelse:\n    return\nCALL", ["a"]),
        ("m = 'a'\nfor i in x:\n    if i:\n        m = 'b'\n        return\nCALL", ["a"]),
        ("m = 'a'\nfor i in x:\n    if i:\n        m = 'b'\n        break\nCALL", ["a", "b"]),
        ("m = 'a'\nfor i in x:\n    if i:\n        m = 'b'\n        continue\n    CALL", ["a", "b"]),
        ("m = 'a'\ntry:\n    m = 'b'\n    return\nexcept ValueError:\n    CALL", ["a", "b"]),
        ("m = 'a'\nwith x:\n    if y:\n        m = 'b'\n        return\nCALL", ["a"]),
        ("while True:\n    m = 'a'\n    if x:\n        break\nCALL", ["a"]),
        (
            "while True:\n    try:\n        m = 'a'\n        break\n    except ValueError:\n        continue\nCALL",
            ["a"],
        ),
    ],
)
def test_early_exits(body: str, ids: list[str]):
    text = indent(body.replace("CALL", CALL), "    ")
    assert models(site(f"{HEAD}def main(x, y):\n{text}\n")) == ids


@pytest.mark.parametrize(
    ("program", "ids"),
    [
        ("m = 'a'\ndef ask():\n    CALL\nask()\nm = 'b'\nask()", ["a", "b"]),
        ("m = 'a'\ndef ask():\n    CALL\nif x:\n    m = 'b'\nask()", ["a", "b"]),
        ("def ask():\n    CALL\nm = 'b'\nask()", ["b"]),
        ("m = 'a'\ndef ask():\n    m = 'b'\n    CALL\nask()", ["b"]),
        ("m = 'a'\ndef ask(m='b'):\n    CALL\nask()", ["b"]),
        ("m = 'a'\ndef set():\n    global m\n    m = 'b'\nset()\nCALL", ["a", "b"]),
        ("m = 'a'\nclass A:\n    m = 'b'\n    def ask(self):\n        CALL\nA().ask()", ["a"]),
        ("def outer():\n    m = 'a'\n    def inner():\n        CALL\n    m = 'b'\n    inner()\nouter()", ["a", "b"]),
        ("m = 'a'\n[m for m in 'xyz']\nCALL", ["a"]),
        ("m = 'a'\ndef other():\n    m = 'b'\nother()\nCALL", ["a"]),
    ],
)
def test_scopes(program: str, ids: list[str]):
    assert models(site(f"{HEAD}{program.replace('CALL', CALL)}\n")) == ids


def test_a_parameter_that_is_set_again():
    found = site(f"{HEAD}def ask(m=None):\n    if m is None:\n        m = 'a'\n    {CALL}\nask()\nask('b')\n")
    assert models(found) == ["a", "b"]


def test_a_name_without_any_value():
    assert models(site(f"{HEAD}if False:\n    m: str\n{CALL}\n")) is UNKNOWN


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("o = {}\nif x:\n    o['max_tokens'] = 5\nCALL", UNKNOWN),
        ("o = {'max_tokens': 4}\nif x:\n    o['max_tokens'] = 5\nCALL", None),
        ("o = {}\nif x:\n    o['max_tokens'] = 5\n    CALL", 5),
        ("o = {}\nif x:\n    o['max_tokens'] = 5\n    raise ValueError\nCALL", "absent"),
        ("o = {'max_tokens': 5}\no = {}\nCALL", "absent"),
        ("o = {}\nCALL\no['max_tokens'] = 5", "absent"),
        ("o = {}\nfor i in x:\n    CALL\n    o['max_tokens'] = 5", UNKNOWN),
        ("for i in x:\n    o = {}\n    CALL\n    o['max_tokens'] = 5", "absent"),
        ("o = {}\nwith x:\n    o['max_tokens'] = 5\nCALL", 5),
    ],
)
def test_changes_in_place(lines: str, expected: object):
    call = "client.chat.completions.create(model='m', messages=[], **o)"
    found = cap(site(f"{HEAD}{lines.replace('CALL', call)}\n"))
    assert (found.value if hasattr(found, "value") else found) == (
        expected.value if hasattr(expected, "value") else expected
    )


def test_each_call_sees_its_own():
    found = sites(f"{HEAD}m = 'a'\n{CALL}\nm = 'b'\n{CALL}\ndel m\nm = 'c'\n{CALL}\n")
    assert [models(each) for each in found] == [["a"], ["b"], ["c"]]


# --- the function itself -------------------------------------------------------------------------------------


def parsed(text: str) -> Module:
    facts = lower(dedent(text).encode())
    assert isinstance(facts, syntax.ModuleFacts)
    return Module("m.py", facts)


def lines_reaching(text: str, name: str = "x") -> tuple[list[int], bool]:
    """The lines whose binding of a name reaches `use()`, in source order, and whether one of them must hold."""
    module = parsed(text)
    place = next(place for place in module.facts.calls if place.text == "use")
    found = reaching(module, module.bindings.get((place.scope, (name,)), []), Use(place.block, place.sequence))
    return sorted(event.line for event in found.events), found.certain


def test_what_comes_first_shows_through_only_where_it_can():
    assert lines_reaching("x = 1\nuse()\n") == ([1], True)
    assert lines_reaching("use()\nx = 1\n") == ([], False)
    assert lines_reaching("if a:\n    x = 1\nuse()\n") == ([2], False)
    assert lines_reaching("if a:\n    x = 1\nelse:\n    x = 2\nuse()\n") == ([2, 4], True)
    assert lines_reaching("x = 0\nfor a in b:\n    use()\n    x = 1\n") == ([1, 4], True)
    assert lines_reaching("x = 0\nx += 1\nuse()\n") == ([2], True)
    assert lines_reaching("x = 0\nif a:\n    x += 1\nuse()\n") == ([1, 3], True)


def test_the_end_of_a_scope_sees_all_that_is_left():
    module = parsed("x = 1\nif a:\n    x = 2\n")
    found = reaching(module, module.bindings[0, ("x",)], Use(module.facts.scopes[0].body, float("inf")))
    assert (sorted(event.line for event in found.events), found.certain) == ([1, 3], True)


def mutations_at(text: str) -> list[tuple[int, bool, bool, bool]]:
    """Line, conditional, repeated and growing of the changes between `x = []` and `use()`."""
    module = parsed(text)
    place = next(place for place in module.facts.calls if place.text == "use")
    start = module.bindings[place.scope, ("x",)][0]
    changes = module.mutations.get((place.scope, ("x",)), [])
    uses = mutations_between(module, changes, start, Use(place.block, place.sequence))
    return [(use.mutation.event.line, use.conditional, use.repeated, use.grows) for use in uses]


def test_changes_between_a_binding_and_a_use():
    assert mutations_at("x = []\nx.append(1)\nuse()\n") == [(2, False, False, False)]
    assert mutations_at("x = []\nuse()\nx.append(1)\n") == []
    assert mutations_at("x = []\nif a:\n    x.append(1)\nuse()\n") == [(3, True, False, False)]
    assert mutations_at("x = []\nfor a in b:\n    x.append(1)\nuse()\n") == [(3, True, True, False)]
    assert mutations_at("x = []\nfor a in b:\n    use()\n    x.append(1)\n") == [(4, False, True, True)]
    assert mutations_at("for a in b:\n    x = []\n    x.append(1)\n    use()\n") == [(3, False, False, False)]
    assert mutations_at("x = []\nif a:\n    x.append(1)\n    raise A\nuse()\n") == []
    assert mutations_at("x = []\nif a:\n    x.append(1)\nelse:\n    use()\n") == []
