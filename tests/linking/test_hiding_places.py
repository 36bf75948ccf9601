"""Where calls hide: behind other names, handed to something that calls them, behind imports of every kind."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import json

import pytest
from programs import ABSENT, UNKNOWN, cap, linked, models, read, site, sites

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
GIVEN = "model='gpt-4o', messages=[], max_tokens=5"
PASSED = "def ask(cap):\n    return client.chat.completions.create(model='gpt-4o', messages=[], max_tokens=cap)\n"


def facts(text: str):
    found = site(HEAD + text)
    return read(found, "client.host"), models(found), cap(found)


# --- other names for the method ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        f"create = client.chat.completions.create\ncreate({GIVEN})",
        f"completions = client.chat.completions\ncompletions.create({GIVEN})",
        f"chat = client.chat\nchat.completions.create({GIVEN})",
        f"getattr(client, 'chat').completions.create({GIVEN})",
        f"getattr(client.chat.completions, 'create')({GIVEN})",
        f"name = 'chat'\ngetattr(getattr(client, name), 'completions').create({GIVEN})",
        f"def ask(create=client.chat.completions.create):\n    return create({GIVEN})",
        f"calls = {{'chat': client.chat.completions.create}}\ncalls['chat']({GIVEN})",
        f"calls = [client.chat.completions.create]\ncalls[0]({GIVEN})",
        f"class Bot:\n    def __init__(self):\n        self.create = client.chat.completions.create\n    def ask(self):\n        return self.create({GIVEN})",
        f"class Bot:\n    create = client.chat.completions.create\nBot.create({GIVEN})",
        f"(client.chat.completions.create)({GIVEN})",
        f"(create := client.chat.completions.create)({GIVEN})",
        "from functools import partial\ncreate = partial(client.chat.completions.create, model='gpt-4o')\ncreate(messages=[], max_tokens=5)",
        f"ask = lambda **kw: client.chat.completions.create(**kw)\nask({GIVEN})",
        f"method = client.chat.completions.create if input() else client.chat.completions.create\nmethod({GIVEN})",
        f"def get():\n    return client.chat.completions.create\nget()({GIVEN})",
        f"def get():\n    return client.chat\nget().completions.create({GIVEN})",
        f"assert input(), client.chat.completions.create({GIVEN})",
        f"raise ValueError from client.chat.completions.create({GIVEN})",
    ],
)
def test_other_names(lines: str):
    assert facts(lines) == ("openai", ["gpt-4o"], 5)


# --- handed over ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        f"retry_call(client.chat.completions.create, {GIVEN})",
        f"with ThreadPoolExecutor() as pool:\n    pool.submit(client.chat.completions.create, {GIVEN})",
        f"async def main():\n    await asyncio.to_thread(client.chat.completions.create, {GIVEN})",
        f"async def main():\n    loop = asyncio.get_running_loop()\n    await loop.run_in_executor(None, partial(client.chat.completions.create, {GIVEN}))",
        f"async def main():\n    loop = asyncio.get_event_loop()\n    await loop.run_in_executor(None, lambda: client.chat.completions.create({GIVEN}))",
        f"tenacity.retry(stop=3)(client.chat.completions.create)({GIVEN})",
        f"backoff.on_exception(backoff.expo, ValueError)(client.chat.completions.create)({GIVEN})",
        f"def retry(f, **kw):\n    for _ in range(3):\n        try:\n            return f(**kw)\n        except ValueError:\n            pass\nretry(client.chat.completions.create, {GIVEN})",
        f"def retry(f):\n    return f()\nretry(lambda: client.chat.completions.create({GIVEN}))",
        f"def retry(f):\n    return f()\nretry(partial(client.chat.completions.create, {GIVEN}))",
    ],
)
def test_the_method_is_handed_over(lines: str):
    imports = (
        "import asyncio, backoff, tenacity, threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "from functools import partial\nfrom retry.api import retry_call\n"
    )
    found = sites(HEAD + imports + lines)
    assert [read(each, "client.host") for each in found] == ["openai"]
    assert [(models(each), cap(each)) for each in found] == [(["gpt-4o"], 5)]


@pytest.mark.parametrize(
    "lines",
    [
        "with ThreadPoolExecutor() as pool:\n    pool.submit(ask, 5)",
        "with ThreadPoolExecutor() as pool:\n    pool.submit(ask, cap=5)",
        "with ThreadPoolExecutor() as pool:\n    futures = [pool.submit(ask, n) for n in [5]]",
        "with ThreadPoolExecutor() as pool:\n    list(pool.map(ask, [5, 5]))",
        "with multiprocessing.Pool(3) as pool:\n    pool.map(ask, [5])",
        "list(map(ask, [5]))",
        "list(map(lambda n: ask(n), [5]))",
        "async def main():\n    await asyncio.to_thread(ask, 5)",
        "async def main():\n    await asyncio.get_event_loop().run_in_executor(None, ask, 5)",
        "async def main():\n    await asyncio.gather(*[asyncio.to_thread(ask, n) for n in (5,)])",
        "def run(f, *args, **kw):\n    return f(*args, **kw)\nrun(ask, 5)",
        "def run(f):\n    return f(5)\nrun(ask)",
        "def run(f):\n    return f()\nrun(lambda: ask(5))",
        "def run(f):\n    return f()\nrun(partial(ask, 5))",
        "pandas.DataFrame().apply(lambda row: ask(5), axis=1)",
        "HANDLERS = {'ask': ask}\nHANDLERS['ask'](5)",
    ],
)
def test_a_wrapper_is_handed_over(lines: str):
    imports = (
        "import asyncio, multiprocessing, pandas, tenacity, threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "from functools import partial\nfrom joblib import Parallel, delayed\n"
    )
    found = site(HEAD + imports + PASSED + lines)
    assert cap(found) == 5
    assert found.callers


@pytest.mark.parametrize(
    "decorator",
    [
        "@tenacity.retry(stop=tenacity.stop_after_attempt(3))",
        "@retry(wait=wait_random(1, 2))",
        "@backoff.on_exception(backoff.expo, Exception, max_tries=3)",
        "@functools.lru_cache(maxsize=None)",
        "@functools.cache",
        "@app.task",
        "@observe(name='x')",
        "@decorated",
        "@decorated_with(3)",
        "@Decorator",
    ],
)
def test_decorated_wrappers(decorator: str):
    ours = """
def decorated(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        print("called")
        return f(*args, **kwargs)
    return inner
def decorated_with(times):
    def outer(f):
        def inner(*args, **kwargs):
            return f(*args, **kwargs)
        return inner
    return outer
class Decorator:
    def __init__(self, f):
        self.f = f
    def __call__(self, *args, **kwargs):
        return self.f(*args, **kwargs)
"""
    imports = (
        "import backoff, functools, tenacity\nfrom celery import Celery\nfrom langfuse import observe\n"
        "from tenacity import retry, wait_random\napp = Celery()\n"
    )
    found = site(HEAD + imports + ours + decorator + "\n" + PASSED + "ask(5)\n")
    assert cap(found) == 5


def test_nested_functions_and_lambdas():
    found = site(
        HEAD
        + """
def outer(cap):
    def inner():
        return client.chat.completions.create(model="gpt-4o", messages=[], max_tokens=cap)
    return inner()
outer(5)
"""
    )
    assert (cap(found), found.function) == (5, "outer.inner")


def test_a_closure_that_is_returned():
    found = site(
        HEAD
        + """
def make(cap):
    def ask(question):
        return client.chat.completions.create(model="gpt-4o", messages=[], max_tokens=cap)
    return ask
ask = make(5)
ask("why")
"""
    )
    assert cap(found) == 5


@pytest.mark.parametrize(
    "lines",
    [
        "x = [client.chat.completions.create({g}) for _ in 'ab']",
        "x = {{k: client.chat.completions.create({g}) for k in 'ab'}}",
        "async def f():\n    return [await c async for c in client.chat.completions.create({g})]",
        "async def f():\n    await asyncio.gather(*(client.chat.completions.create({g}) for _ in 'ab'))",
        "if client.chat.completions.create({g}).choices:\n    pass",
        "while not client.chat.completions.create({g}):\n    pass",
        "for chunk in client.chat.completions.create({g}):\n    pass",
        "with client.chat.completions.create({g}) as stream:\n    pass",
        "assert client.chat.completions.create({g})",
        "def f(x=client.chat.completions.create({g})):\n    pass",
        "def f():\n    yield client.chat.completions.create({g})",
        "def f():\n    yield from client.chat.completions.create({g})",
        "print(f'{{client.chat.completions.create({g})}}')",
        "x = client.chat.completions.create({g}).choices[0].message.content.strip()",
        "x, *y = 1, client.chat.completions.create({g})",
        "x = y[client.chat.completions.create({g})]",
        "class A:\n    x = client.chat.completions.create({g})",
        "@decorate(client.chat.completions.create({g}))\ndef f():\n    pass",
        "try:\n    client.chat.completions.create({g})\nexcept* ValueError:\n    pass",
        "match client.chat.completions.create({g}):\n    case _:\n        pass",
        "match 1:\n    case 1 if client.chat.completions.create({g}):\n        pass",
        "raise ValueError(client.chat.completions.create({g}))",
        "del x[client.chat.completions.create({g})]",
        "x = lambda: client.chat.completions.create({g})",
        "x: int = client.chat.completions.create({g})",
        "x += client.chat.completions.create({g})",
        "return_ = not client.chat.completions.create({g})",
        "x[client.chat.completions.create({g})] = 1",
        "client.chat.completions.create({g}); y = 1",
        "x = -client.chat.completions.create({g}) ** 2",
        "print(*client.chat.completions.create({g}), **{{}})",
        "global_ = (yield_ := client.chat.completions.create({g}))",
        "async def f():\n    async with client.chat.completions.create({g}) as s:\n        pass",
        "x = 1 < client.chat.completions.create({g}) < 3",
        "x = 'a' 'b' f'{{client.chat.completions.create({g})!r:>10}}'",
        "x = a[1:client.chat.completions.create({g})]",
        "with a as b, client.chat.completions.create({g}) as c:\n    pass",
    ],
)
def test_everywhere_an_expression_can_stand(lines: str):
    assert facts("import asyncio\n" + lines.format(g=GIVEN)) == ("openai", ["gpt-4o"], 5)


# --- imports -------------------------------------------------------------------------------------------------

LLM = """
        from openai import OpenAI
        client = OpenAI()
        def ask(model, **kw):
            return client.chat.completions.create(model=model, messages=[], **kw)
"""


@pytest.mark.parametrize(
    "text",
    [
        "# file: llm.py{}# file: app.py\nfrom llm import *\nask('gpt-4o', max_tokens=5)",
        "# file: llm.py{}# file: app.py\nimport llm as l\nl.ask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: p/__init__.py\nfrom .llm import ask\n# file: app.py\nfrom p import ask\nask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: p/__init__.py\nfrom .llm import *\n# file: app.py\nimport p\np.ask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: p/__init__.py\nfrom p import llm\n# file: app.py\nfrom p import llm\nllm.ask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: p/__init__.py\nfrom . import llm as _l\nask = _l.ask\n# file: app.py\nfrom p import ask\nask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: p/q/app.py\nfrom ..llm import ask\nask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: p/q/app.py\nfrom .. import llm\nllm.ask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: p/app.py\nfrom . import llm\nllm.ask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: app.py\nimport p.llm\np.llm.ask('gpt-4o', max_tokens=5)",
        "# file: p/llm.py{}# file: app.py\nimport p.llm as x\nx.ask('gpt-4o', max_tokens=5)",
        "# file: src/p/llm.py{}# file: src/p/__init__.py\n# file: scripts/app.py\nfrom p.llm import ask\nask('gpt-4o', max_tokens=5)",
        "# file: src/p/llm.py{}# file: src/p/__init__.py\n# file: src/p/app.py\nfrom p.llm import ask\nask('gpt-4o', max_tokens=5)",
        "# file: services/a/p/llm.py{}# file: services/a/app.py\nfrom p.llm import ask\nask('gpt-4o', max_tokens=5)",
        "# file: libs/llm/src/llm/core.py{}# file: libs/llm/src/llm/__init__.py\nfrom .core import ask\n# file: apps/web/app.py\nfrom llm import ask\nask('gpt-4o', max_tokens=5)",
        "# file: ns/one/llm.py{}# file: ns/two/app.py\nfrom ns.one.llm import ask\nask('gpt-4o', max_tokens=5)",
        "# file: llm.py{}# file: app.py\ntry:\n    from llm import ask\nexcept ImportError:\n    ask = None\nask('gpt-4o', max_tokens=5)",
        "# file: llm.py{}# file: app.py\ndef main():\n    from llm import ask\n    ask('gpt-4o', max_tokens=5)",
        "# file: llm.py{}# file: app.py\nimport importlib\nimportlib.import_module('llm').ask('gpt-4o', max_tokens=5)",
        "# file: tools/llm.py{}# file: app.py\nimport sys\nsys.path.append('tools')\nfrom llm import ask\nask('gpt-4o', max_tokens=5)",
    ],
)
def test_imports(text: str):
    from textwrap import dedent

    found = site(text.replace("{}", "\n" + dedent(LLM).lstrip("\n")) + "\n")
    assert (models(found), cap(found)) == (["gpt-4o"], 5)


def test_two_packages_with_modules_of_the_same_name():
    found = sites("""
        # file: one/llm.py
        from openai import OpenAI
        MODEL = "gpt-4o"
        def ask():
            return OpenAI().chat.completions.create(model=MODEL, messages=[])
        # file: two/llm.py
        MODEL = "gpt-4o-mini"
        # file: two/app.py
        from llm import MODEL
        from openai import OpenAI
        OpenAI().chat.completions.create(model=MODEL, messages=[])
    """)
    assert [(each.location.path, models(each)) for each in found] == [
        ("one/llm.py", ["gpt-4o"]),
        ("two/app.py", ["gpt-4o-mini"]),
    ]


def test_imports_for_type_checkers_only():
    found = site("""
        from __future__ import annotations
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from openai import OpenAI
        def ask(client: OpenAI):
            return client.chat.completions.create(model="gpt-4o", messages=[])
    """)
    assert read(found, "client.host") == "openai"


def test_imports_that_depend_on_the_version():
    found = sites("""
        try:
            from openai import OpenAI
            client = OpenAI()
        except ImportError:
            import openai
            client = None
        def ask():
            if client is not None:
                return client.chat.completions.create(model="gpt-4o", messages=[], max_tokens=5)
            return openai.ChatCompletion.create(model="gpt-4o", messages=[], max_tokens=6)
    """)
    assert [(each.location.line, read(each, "client.host"), cap(each)) for each in found] == [
        (9, "openai", 5),
        (10, "openai", 6),
    ]


def test_a_module_that_stands_in_for_a_missing_one():
    found = site("""
        try:
            import openai
        except ImportError:
            openai = None
        openai.chat.completions.create(model="gpt-4o", messages=[])
    """)
    assert read(found, "client.host") == "openai"


# --- notebooks and broken files ------------------------------------------------------------------------------


def notebook(*cells: str) -> str:
    found = [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]
    return json.dumps(
        {
            "cells": [{"cell_type": "markdown", "source": ["# hi"]}, *found],
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
        }
    )


def test_the_cells_of_a_notebook_are_one_module():
    program = {
        "n.ipynb": notebook(
            "%pip install openai\nfrom openai import OpenAI\nclient = OpenAI()",
            "MODEL = 'gpt-4o'",
            "!ls\nclient.chat.completions.create(\n    model=MODEL, messages=[])",
        )
    }
    found = site(program)
    assert (found.location.cell, found.location.line, found.location.end_line) == (3, 2, 3)
    assert (models(found), read(found, "surroundings.role")) == (["gpt-4o"], "notebook")
    assert [(step.location.cell, step.location.line) for step in found.fact("model.ids").evidence] == [(2, 1)]


def test_a_module_that_cannot_be_read_is_no_obstacle():
    found = site("""
        # file: broken.py
        def f(:
        # file: app.py
        from broken import MODEL
        from openai import OpenAI
        OpenAI().chat.completions.create(model=MODEL, messages=[], max_tokens=5)
    """)
    assert (models(found), cap(found)) == (UNKNOWN, 5)


def test_call_sites_come_in_order():
    found = linked(f"""
        # file: b.py
        from openai import OpenAI
        c = OpenAI()
        def two():
            c.chat.completions.create({GIVEN})
        c.embeddings.create(model="e", input="x")
        # file: a.py
        from openai import OpenAI
        OpenAI().chat.completions.create({GIVEN})
    """)
    assert [str(each.location) for each in found.call_sites] == ["a.py:2", "b.py:4", "b.py:5"]
    assert read(found.call_sites[2], "endpoint.kind") == "embedding"
    assert cap(found.call_sites[2]) is ABSENT
