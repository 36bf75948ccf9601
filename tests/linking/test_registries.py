"""Functions that are kept in collections are called where the collections are: registries, tables, lists of checks."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import cap, linked, models, places, read, site

from llmlint.linking.program.spelling import Source, Spelling

OTHERS = "".join(f"@register('other{n}')\ndef other{n}(messages, max_tokens):\n    return {n}\n" for n in range(18))
"""More than are told apart as values."""
REGISTRY = """
# file: registry.py
TABLE = {}
def register(kind):
    def decorator(function):
        TABLE[kind] = function
        return function
    return decorator
# file: asking.py
from openai import OpenAI
from registry import register
client = OpenAI()
@register("chat")
def chat(messages, max_tokens):
    return client.chat.completions.create(model="gpt-4o", max_tokens=max_tokens, messages=messages)
"""
JUDGE = """
# file: judging.py
from openai import OpenAI
client = OpenAI()
def judge(row, limit=50):
    return client.chat.completions.create(model="gpt-4o", max_tokens=limit, messages=[{"role": "user", "content": row}])
def other(row, limit=50):
    return row
"""
STARTED = "\nif __name__ == '__main__':\n    go(open('rows.txt'))\n"


@pytest.mark.parametrize("others", ["", OTHERS])
@pytest.mark.parametrize(
    "taken", ["TABLE[settings['kind']]", "TABLE.get(settings['kind'])", "TABLE[settings['kind']] or x"]
)
def test_what_a_decorator_keeps(others: str, taken: str):
    found = site(f"""{REGISTRY}{others}
# file: main.py
from registry import TABLE
import asking
def answer(row, settings):
    ask = {taken}
    return ask(**(settings | {{"messages": row}}))
def go(rows):
    for row in rows:
        answer(row, read_settings()){STARTED}""")
    assert places(found, "surroundings.loop") == ["main.py:7"]
    assert read(found, "surroundings.loop") == "dataset"
    assert read(found, "surroundings.role") == "offline"
    assert cap(found) is None, "a parameter without a default that a splat gives is certainly given"


def test_what_is_passed_reaches_it():
    found = site(REGISTRY + "# file: main.py\nimport registry\nregistry.TABLE['chat'](messages=[], max_tokens=70)\n")
    assert cap(found) == 70


def test_a_method_that_decorates():
    found = site("""
        # file: app.py
        class App:
            def __init__(self):
                self.handlers = {}
            def on(self, name):
                def decorator(function):
                    self.handlers[name] = function
                    return function
                return decorator
            def run(self, names):
                for name in names:
                    self.handlers[name]("gpt-4o", 7)
        class Unlike:
            handlers = {}
            def run(self):
                self.handlers["x"]("gpt-4", 8)
        app = App()
        # file: asking.py
        from app import app
        from openai import OpenAI
        client = OpenAI()
        @app.on("x")
        def chat(model, limit):
            return client.chat.completions.create(model=model, max_tokens=limit, messages=[])
    """)
    assert (models(found), cap(found)) == (["gpt-4o"], 7)
    assert read(found, "surroundings.loop") == "dataset"


def test_a_decorator_without_arguments():
    found = site("""
        from openai import OpenAI
        client = OpenAI()
        STEPS = []
        def step(function):
            STEPS.append(function)
            return function
        @step
        def ask(row):
            return client.chat.completions.create(model="gpt-4o", max_tokens=row, messages=[])
        def run():
            for each in STEPS:
                each(30)
    """)
    assert cap(found) == 30


@pytest.mark.parametrize(
    "program",
    [
        "from judging import judge, other\nCHECKS = [judge, other]\n"
        "# file: run.py\nimport table\ndef go(rows):\n    for row in rows:\n"
        "        for one in table.CHECKS:\n            one(row, 5)",
        "from judging import judge\nCHECKS = {\n    'a': judge,\n}\n"
        "# file: run.py\nfrom table import CHECKS as known\ndef go(rows):\n    for row in rows:\n        known[row.kind](row, 5)",
        "from judging import judge\nCHECKS = {'a': judge}\n"
        "# file: run.py\nfrom table import CHECKS\ndef go(rows):\n    for row in rows:\n"
        "        [check(row, 5) for name, check in CHECKS.items()]",
        "from judging import judge, other\nfrom run import go\nif __name__ == '__main__':\n"
        "    go(open('rows.txt'), [judge, other])\n"
        "# file: run.py\ndef go(rows, checks):\n    for row in rows:\n        for one in checks:\n            one(row, 5)",
        "from judging import judge\nfrom run import Runner\ndef main(rows):\n    checks = [judge]\n"
        "    Runner(checks).go(rows)\n"
        "# file: run.py\nclass Runner:\n    def __init__(self, checks=None):\n        self.checks = checks or []\n"
        "    def go(self, rows):\n        for row in rows:\n            for one in self.checks:\n                one(row, 5)",
    ],
)
def test_lists_and_tables_of_functions(program: str):
    found = site(f"{JUDGE}# file: table.py\n{program}\n")
    assert cap(found) == 5
    assert read(found, "surroundings.loop") == "dataset"


def test_a_list_that_is_handed_to_a_harness():
    found = site(
        JUDGE
        + """
# file: evaluation.py
import langsmith
from judging import judge
def target(row): ...
langsmith.evaluate(target, data="rows", evaluators=[judge], limit=3)
"""
    )
    assert read(found, "surroundings.loop") == "dataset"
    assert cap(found) is None, "what the harness is given is not what it gives the function"


def test_another_collection_of_the_same_name():
    found = site(
        REGISTRY
        + """
# file: main.py
TABLE = {"chat": print}
def go(rows):
    for row in rows:
        TABLE[row]("x", 7)
"""
    )
    assert not found.callers
    assert read(found, "surroundings.loop") == "none"


def test_a_key_that_is_another_functions():
    found = site("""
        from openai import OpenAI
        client = OpenAI()
        def ask(limit=9):
            return client.chat.completions.create(model="gpt-4o", max_tokens=limit, messages=[])
        def other(limit=9): ...
        TABLE = {"ask": ask, "other": other}
        TABLE["ask"](5)
        TABLE["other"](6)
    """)
    assert cap(found) == 5


def test_collections_that_hold_one_another():
    program = (
        JUDGE
        + "# file: t.py\nfrom judging import judge\na = [judge]\nb = a\na = b\ndef f(x, y):\n    f(y, x)\nf(a, b)\n"
    )
    assert not linked(program).statistics


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from t import CHECKS\nfor one in CHECKS: one()", True),
        ("import t\nt.CHECKS [1](2)", True),
        ("import t\n[one() for k, one in sorted(t.CHECKS.items())]", True),
        ("from t import CHECKS\nrun(CHECKS)", True),
        ("from t import CHECKS", False),
        ("CHECKS = {}", False),
        ("t.CHECKS.clear()", False),
    ],
)
def test_what_may_take(code: str, expected: bool) -> None:
    assert Spelling(Source(code.encode(), {b"t"}), "CHECKS").may("take") is expected


TRANSLATORS = """
# file: models.py
from openai import OpenAI
class Base:
    def translate(self, text): ...
class Chat(Base):
    def __init__(self, limit=1):
        self.client, self.limit = OpenAI(), limit
    def translate(self, text):
        return self.client.chat.completions.create(model="gpt-4o", max_tokens=self.limit, messages=[])
class Other(Base):
    def translate(self, text): ...
MODELS = {"chat": Chat, "other": Other}
# file: main.py
from models import MODELS
"""


@pytest.mark.parametrize(
    "made", ["MODELS[name](9)", "MODELS.get(name)(limit=9)", "one(9) for one in MODELS.values()", "one(9)"]
)
def test_a_class_that_is_kept(made: str):
    before = "one = MODELS[name]\n" if made == "one(9)" else ""
    found = site(f"{TRANSLATORS}{before}print([{made}.translate(x)])" if "for" not in made else f"{TRANSLATORS}print([{made}])")
    assert cap(found) == 9


def test_the_class_that_an_object_gets_and_makes():
    found = site(f"""{TRANSLATORS}
class Book:
    def __init__(self, model):
        self.model = model(9)
    def make(self):
        for line in open("book.txt"):
            self.model.translate(line)
BOOKS = {{"txt": Book}}
if __name__ == "__main__":
    BOOKS[kind](MODELS[name]).make()
""")
    assert cap(found) == 9
    assert (read(found, "surroundings.loop"), read(found, "surroundings.role")) == ("dataset", "offline")


GIVEN = """
# file: asking.py
from functools import partial
from openai import OpenAI
def chat(text, limit=1):
    return OpenAI().chat.completions.create(model="gpt-4o", max_tokens=limit, messages=[])
def other(text, limit=1): ...
def function_for(name):
    if name == "chat":
        return chat
    return other
# file: main.py
from asking import function_for
"""
METHOD = """
class A:
    def __init__(self):
        self.ask = function_for(input())
    def go(self):
        self.ask(1, 9)
A().go()
"""


@pytest.mark.parametrize(
    "lines", ["function_for(name)(text, 9)", "ask = function_for(name)\nask(text, limit=9)", METHOD]
)
def test_a_function_that_another_gives_out(lines: str):
    found = site(f"{GIVEN}{lines}\n")
    assert [step.location.path for step in found.callers] == ["main.py"]
    assert cap(found) == 9


def test_a_partial_that_a_function_gives_out():
    program = GIVEN.replace("return chat", "return partial(chat, limit=9)")
    assert cap(site(f"{program}ask = function_for(name)\nask(text)\n")) == 9


def test_a_function_that_only_has_the_name_of_one_given_out():
    found = site(f"{GIVEN}def function_for(name):\n    return print\nfunction_for(1)(2, 9)\n")
    assert not found.callers
