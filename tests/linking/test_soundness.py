"""llmlint never states a wrong value: programs of our own making are really run, and what they send is compared.

Right or unknown, nothing else: a closed set of models holds the id that was sent, a constant cap is the one that was
sent, and what is said to be absent was not sent.
"""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from growing import Grower
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from programs import ABSENT, UNKNOWN, cap, linked, read
from running import Sent, sent_by
from steps import (
    ACROSS,
    CLASSES,
    COLLECTIONS,
    FUNCTIONS,
    HEADER,
    MODULE_LEVEL,
    NUMBERS,
    PLAIN,
    SENDS,
    TEXTS,
    WRAPPERS,
)

from llmlint.facts.call_site import CallPath, CallSite

SEND = "client.chat.completions.create(model={model}, max_tokens={cap}, messages=[])\n"
TRUE, FALSE = "len('ab') == 2", "len('ab') == 3"
DOES_NOT_RUN = (ArithmeticError, AttributeError, LookupError, NameError, RuntimeError, StopIteration, TypeError)
"""A step may spoil what another one needs; such a program sends nothing."""


def contradictions(where: CallSite | CallPath, sent: Sent) -> list[str]:
    """What is stated and not true of one request."""
    found: list[str] = []
    ids, stated = read(where, "model.ids"), cap(where)
    if isinstance(ids, list) and read(where, "model.chosen_by_user") is False and sent.model not in ids:
        found.append(f"models are {ids}, sent was {sent.model!r}")
    if stated is ABSENT:
        true = sent.cap is None
    elif stated is None:  # given, whatever the value
        true = sent.capped
    else:
        true = stated is UNKNOWN or stated == sent.cap
    if not true:
        found.append(f"the cap is {stated}, sent was {sent.cap}")
    return found


def mistakes(files: dict[str, str], main: str = "m0") -> list[str]:
    """Everything that is stated about the requests of a program and not true. Lost call sites are no statement."""
    requests = sent_by(files, main)
    sites = linked(files).call_sites
    found: list[str] = []
    for sent in requests:
        for site in sites:
            where = site.location
            if where.path == sent.path and where.line <= sent.line <= where.end_line:
                wrong = contradictions(site, sent)
                if not wrong and all(contradictions(path, sent) for path in site.paths):
                    wrong = [f"no call path sends {sent.model!r} with {sent.cap}"]
                found.extend(f"{where}: {each}" for each in wrong)
    return found


def shown(files: dict[str, str]) -> str:
    return "\n".join(f"# file: {path}\n{text.replace(HEADER, '').strip()}" for path, text in files.items())


@settings(
    max_examples=80,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(st.data())
def test_nothing_wrong_is_stated_about_grown_programs(data: st.DataObject):
    grower = Grower(lambda choices: data.draw(st.sampled_from(choices)))
    files = grower.grow(5, 2)
    try:
        found = mistakes(files, grower.here.name)
    except DOES_NOT_RUN:
        assume(False)
    assert not found, f"{found}\n{shown(files)}"


def alone(step: str, expression: str) -> dict[str, str]:
    """A program that sends what a step gives: as a model, as a cap that may be left out, and left out itself."""
    values = (("'right'", "'wrong'"), ("50", "None"), ("None", "900"))
    text = HEADER
    for n, (x, o) in enumerate(values, 1):
        code, result = f"{step}\0{expression}".format(x=x, o=o, n=n, t=TRUE, f=FALSE).split("\0")
        text += f"{code}\n{SEND.format(model=result, cap=1) if n == 1 else SEND.format(model=None, cap=result)}"
    return {"m0.py": text}


def alone_with(value: str, other: str, step: str, expression: str) -> dict[str, str]:
    """The same for texts and numbers, which are no steps for other values."""
    code, result = f"{step}\0{expression}".format(x=value, o=other, n=1, t=TRUE, f=FALSE).split("\0")
    send = SEND.format(model=result, cap=1) if value == "'right'" else SEND.format(model=None, cap=result)
    return {"m0.py": f"{HEADER}{code}\n{send}"}


@pytest.mark.parametrize(
    "table",
    [PLAIN, COLLECTIONS, FUNCTIONS, CLASSES, MODULE_LEVEL],
    ids=["plain", "collections", "functions", "classes", "module level"],
)
def test_each_step_alone(table: tuple[tuple[str, str], ...]):
    found: list[str] = []
    for step, expression in table:
        if wrong := mistakes(alone(step, expression)):
            found.append(f"{wrong}\n{step}\n-> {expression}")
    assert not found, "\n\n".join(found)


def test_each_text_alone():
    wrong = [
        f"{step}\n-> {result}" for step, result in TEXTS if mistakes(alone_with("'right'", "'wrong'", step, result))
    ]
    assert not wrong, "\n\n".join(wrong)


def test_each_number_alone():
    wrong = [f"{step}\n-> {result}" for step, result in NUMBERS if mistakes(alone_with("50", "900", step, result))]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("style", ["import", "from"])
def test_each_step_over_two_modules_alone(style: str):
    found: list[str] = []
    for there, here, expression in ACROSS:
        text = f"{there}\0{here}\0{expression}".format(x="'right'", o="'wrong'", n=1, m="pkg.m1")
        other, code, result = text.split("\0")
        line = "import pkg.m1"
        if style == "from":
            code, result, line = code.replace("pkg.m1", "m1"), result.replace("pkg.m1", "m1"), "from pkg import m1"
        files = {
            "pkg/__init__.py": "",
            "pkg/m1.py": f"{HEADER}{other}\n",
            "m0.py": f"{HEADER}{line}\n{code}\n{SEND.format(model=result, cap=50)}",
        }
        if mistakes(files):
            found.append(f"{other}\n# file: m0.py\n{code}\n-> {result}")
    assert not found, "\n\n".join(found)


def test_each_way_to_send_alone():
    found: list[str] = []
    for text in SENDS:
        code = text.replace("\0", "\n").format(m="'right'", mo="'other'", c=50, co=900, n=1, t=TRUE, f=FALSE)
        if wrong := mistakes({"m0.py": f"{HEADER}{code}\n"}):
            found.append(f"{wrong}\n{code}")
    assert not found, "\n\n".join(found)


def test_each_surrounding_alone():
    found: list[str] = []
    inner = "d = {'a': 'wrong'}\nfor _ in range(2):\n    d['a'] = 'right'"
    for text, result in WRAPPERS:
        code = text.format(
            code="\n".join(f"    {line}" for line in inner.splitlines()),
            deeper="\n".join(f"        {line}" for line in inner.splitlines()),
            e="d['a']", o="'wrong'", n=1, t=TRUE, f=FALSE,
        )  # fmt: skip
        expression = result.format(n=1)
        if wrong := mistakes({"m0.py": f"{HEADER}{code}\n{SEND.format(model=expression, cap=50)}"}):
            found.append(f"{wrong}\n{code}")
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize(
    "lines",
    [
        "m = [{'role': 'system', 'content': 'A'}]\nm.append({'role': 'user', 'content': 'B'})",
        "m = [{'role': 'user', 'content': 'B'}]\nm.insert(0, {'role': 'system', 'content': 'A'})",
        "m = [{'role': 'system', 'content': 'A'}] + [{'role': 'user', 'content': 'B'}]",
        "m = [{'role': 'system', 'content': 'A'}]\nm += [{'role': 'user', 'content': 'B'}]",
        "m = [{'role': 'system', 'content': 'A'}]\nm.extend([{'role': 'user', 'content': 'B'}, {'role': 'assistant', 'content': 'C'}])",
        "h = [{'role': 'user', 'content': 'B'}]\nm = [{'role': 'system', 'content': 'A'}, *h]",
        "h = [{'role': 'user', 'content': 'B'}]\nm = h\nm.append({'role': 'user', 'content': 'C'})",
        "def mk(c, r='user'):\n    return {'role': r, 'content': c}\nm = [mk('A', 'system'), mk('B')]",
        "def mk(c, s=None):\n    m = []\n    if s:\n        m.append({'role': 'system', 'content': s})\n    m.append({'role': 'user', 'content': c})\n    return m\nm = mk('B', 'A')",
        "def mk(c, s=None):\n    m = []\n    if s:\n        m.append({'role': 'system', 'content': s})\n    m.append({'role': 'user', 'content': c})\n    return m\nm = mk('B')",
        "def mk(m):\n    m.append({'role': 'user', 'content': 'B'})\nm = [{'role': 'system', 'content': 'A'}]\nmk(m)",
        "class C:\n    def __init__(self, s):\n        self.m = [{'role': 'system', 'content': s}]\n    def with_(self, c):\n        return self.m + [{'role': 'user', 'content': c}]\nm = C('A').with_('B')",
        "b = [{'role': 'system', 'content': 'A'}]\nm = b.copy()\nm.append({'role': 'user', 'content': 'B'})\nb.append({'role': 'user', 'content': 'Z'})",
        "b = [{'role': 'system', 'content': 'A'}]\nm = list(b)\nb.append({'role': 'user', 'content': 'Z'})",
        "x = {'role': 'user', 'content': 'A'}\nm = [x, {**x, 'content': 'B'}]",
        "m = [{'role': 'user', 'content': 'a {x} b'.format(x='!')}]",
        "t = 'a {x} b'\nm = [{'role': 'user', 'content': t.replace('{x}', '!')}]",
        "m = [{'role': 'user', 'content': [{'type': 'text', 'text': 'A'}, {'type': 'text', 'text': 'B'}]}]",
        "p = [{'type': 'text', 'text': 'A'}]\np.append({'type': 'text', 'text': 'B'})\nm = [{'role': 'user', 'content': p}]",
        "m = ({'role': 'user', 'content': 'A'},)",
        'm = json.loads(\'[{"role": "user", "content": "A"}]\')',
        "m = [{'role': 'user', 'content': '\\n'.join(['A', 'B', 'C'])}]",
        "m = [{'role': 'user', 'content': json.dumps({'a': 1})}]",
        "m = [{'role': 'user', 'content': f'{1.50:.2f} {3:03d} {\"x\":>3}'}]",
        "m = [{'role': 'user', 'content': 'x' * 3}]",
        "m = [{'role': 'user', 'content': '''\n    A\n    B'''.strip()}]",
        "m = [{'role': 'user', 'content': textwrap.dedent('''\n    A\n      B\n    ''')}]",
        "m = [{'role': 'user', 'content': 'A' if os.getcwd() else 'B'}]",
        "m = [{'role': 'user', 'content': 'A'}] if os.getcwd() else []",
        "m = [{'role': 'user', 'content': None or 'A'}]",
        "m = [{'role': 'user', 'content': 'A' 'B' f'{1}'}]",
        "s = 'A'\ns += 'B'\ns = s + 'C'\nm = [{'role': 'user', 'content': s}]",
        "s = []\ns.append('A')\ns.append('B')\nm = [{'role': 'user', 'content': ' '.join(s)}]",
        "s = 'AxB'.split('x')\nm = [{'role': 'user', 'content': s[1] + s[0]}]",
        "m = [{'role': 'user', 'content': 'A'}]\nm.append(m[0])",
        "m = list(filter(lambda x: x['role'] == 'user', [{'role': 'user', 'content': 'A'}, {'role': 'system', 'content': 'B'}]))",
        "m = [{'role': 'system', 'content': 'A'}]\nm[1:] = [{'role': 'user', 'content': 'B'}]",
        "m = [{'role': 'system', 'content': 'A'}]\nm.clear()\nm.append({'role': 'user', 'content': 'B'})",
        "m = 2 * [{'role': 'user', 'content': 'A'}] + [{'role': 'user', 'content': 'B'}]",
        "m = []\nm.append({'role': 'user'})\nm[0]['content'] = 'A'",
        "x = {'role': 'user'}\nx['content'] = 'A'\nm = [x]",
        "x = {'role': 'user', 'content': 'A'}\nx.update(content='B')\nm = [x]",
        "x = {'content': 'A'}\nm = [{'role': 'user'} | x]",
    ],
)
def test_messages_that_are_really_sent(lines: str):
    files = {"m0.py": f"{HEADER}{lines}\nclient.chat.completions.create(model='gpt-4o', messages=m)\n"}
    (sent,) = sent_by(files, "m0")
    (found,) = linked(files).call_sites
    text = "\n".join(piece for _, texts in sent.messages for piece in texts)
    roles, stated = read(found, "prompt.roles"), read(found, "prompt.text")
    assert roles is UNKNOWN or "?" in roles or roles == [role for role, _ in sent.messages]
    if read(found, "prompt.change_kind") is ABSENT and read(found, "prompt.static_tokens") is not UNKNOWN:
        assert stated == text
    elif isinstance(stated, str):
        assert all(line.strip() in text for line in stated.splitlines())


def test_most_is_known():
    """A linker that knows nothing would pass all of the above."""
    known = total = 0
    for step, expression in (*PLAIN, *COLLECTIONS, *FUNCTIONS, *CLASSES)[::3]:
        code, result = f"{step}\0{expression}".format(x="'right'", o="'wrong'", n=1, t="True", f="False").split("\0")
        for site in linked({"m0.py": f"{HEADER}{code}\n{SEND.format(model=result, cap=50)}"}).call_sites:
            total += 1
            known += read(site, "model.ids") == ["right"] and read(site, "model.chosen_by_user") is False
    assert total >= 130
    assert known / total > 0.5
