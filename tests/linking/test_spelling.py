"""What a file may do with a name is seen in its bytes; a file that may do nothing with it isn't lowered."""

from __future__ import annotations

from collections import Counter

import pytest

from llmlint.facts.syntax import ModuleFacts
from llmlint.linking import link
from llmlint.linking.calls.vocabulary import Vocabulary
from llmlint.linking.program.spelling import Source, Spelling, names_of_modules

from .programs import TODAY, MemoryProject, catalog, files_of

OWN = frozenset({b"m"})


@pytest.mark.parametrize(
    "code",
    [
        "from m import ask\nask(1)",
        "from . import ask\nask(1)",
        "from .m import (\n    ask,\n)\nask (1)",
        "from m import *\nask(1)",
        "from m import other as ask\nask(1)",
        "x.ask (1)",
        "x.ask\\\n(1)",
        "from m import ask\nrun(ask)",
        "from m import (\n    other,  # with (brackets\n    ask,\n)\nrun(\n    1,  # first\n    ask,\n)",
        "from m import *\nrun(ask, 1)",
        "from m import ask as other\nother(1)",
        "from m import ask\nother = ask\nother(1)",
        "from m import ask\nother = partial(ask, 1)",
        "run(x.ask)",
        "other = x.ask # why",
        "from m import ask\ntable = {'a': ask}\ntable['a'](1)",
        "getattr(x, 'ask')(1)",
        "f = getattr(x, 'ask')",
    ],
)
def test_what_may_call(code: str) -> None:
    assert Spelling(Source(code.encode(), OWN), "ask").may_call()


@pytest.mark.parametrize(
    "code",
    [
        "ask(1)",
        "def ask(): pass\nask(1)",
        "from elsewhere import ask\nask(1)",
        "from elsewhere import *\nask(1)",
        "def ask(self): pass",
        "class ask(Base): pass",
        "ask = 1\nrun(ask)",
        "from m import ask\nx: ask",
        "from m import ask\ndef f(x: ask) -> ask: ...",
        "run(ask=1)",
        "x.ask.other(1)",
        "task(1); asked(2)",
        "print('we ask, and ask')",
        "{'ask': 1}",
        "# ask nobody",
    ],
)
def test_what_calls_nothing(code: str) -> None:
    assert not Spelling(Source(code.encode(), OWN), "ask").may_call()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import m\nm.ask(1)", True),
        ("import m.inner as short\nshort.ask(1)", True),
        ("from . import other\nother.ask(1)", True),
        ("from m import inner\nrun(inner.ask)", True),
        ("from m import ask\nask(1)", True),
        ("module(1).ask(1)", True),
        ("modules[0] . ask(1)", True),
        ("module = import_module(name)\nmodule.ask(1)", True),
        ("import m\nf = getattr(m, 'ask')", True),
        ("import json, m\nm.ask(1)", True),
        ("client.ask(1)", False),
        ("self.client.ask(1)", False),
        ("import elsewhere\nelsewhere.ask(1)", False),
        ("import m, elsewhere\nelsewhere.ask(1)", False),
        ("from elsewhere import m\nm.ask(1)", False),
        ("run(client.ask)", False),
    ],
)
def test_what_may_call_what_stands_in_a_module(code: str, expected: bool) -> None:
    assert Spelling(Source(code.encode(), OWN), "ask").may_call(of_module=True) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import m\nm.ask = 1", True),
        ("import m\nm.ask: int = 1", True),
        ("from m import inner\ninner.ask += 1", True),
        ("import m\nm . \\\n ask=1", True),
        ("import m\nsetattr(m, 'ask', 1)", True),
        ("import m\nm.ask == 1", False),
        ("import m\nprint(m.ask)", False),
        ("client.ask = 1", False),
        ("ask = 1", False),
    ],
)
def test_what_may_set_a_global(code: str, expected: bool) -> None:
    assert Spelling(Source(code.encode(), OWN), "ask").may_set() is expected


def test_modules_are_called_by_files_and_folders() -> None:
    assert names_of_modules(["a/b.py", "c.ipynb", "d/__init__.py"]) == {b"a", b"b", b"c", b"d", b"__init__"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from m import Base\nclass Own(Base): pass", True),
        ("import m\nclass Own(\n    m.Base,\n): pass", True),
        ("class Own(Base[int]): pass", True),
        ("from m import Base as Other\nclass Own(Other): pass", True),
        ("Other = m.Base\nclass Own(Other): pass", True),
        ("from m import Base\nx = Base()", True),
        ("from m import Base\ndef f(x: Base): pass", False),
        ("class Base: pass", True),
    ],
)
def test_what_may_derive(code: str, expected: bool) -> None:
    assert Spelling(Source(code.encode()), "Base").may_derive() is expected


def test_what_may_define() -> None:
    assert Spelling(Source(b"async def ask(): pass"), "ask").may_define()
    assert not Spelling(Source(b"ask = 1; ask(2)"), "ask").may_define()


def test_imported_words_are_those_of_import_statements() -> None:
    assert {b"a", b"b", b"c"} <= Source(b"import a\nfrom x import (b,\n  c)\n").imported
    assert b"d" not in Source(b"important d\nx.import d\n").imported


class _Counting(MemoryProject):
    def __init__(self, files: dict[str, str]) -> None:
        super().__init__(files)
        self.lowered: Counter[str] = Counter()

    def facts(self, path: str) -> ModuleFacts | None:
        self.lowered[path] += 1
        return super().facts(path)


def test_only_files_that_may_call_are_lowered() -> None:
    program = files_of(
        """
        # file: app.py
        from openai import OpenAI

        def ask(model):
            return OpenAI().chat.completions.create(model=model, messages=[])
        # file: caller.py
        from app import ask
        ask("gpt-4o")
        # file: idle.py
        ask = "we ask, ask"
        # file: data.py
        options = {}
        options.update(a=1)
        """
    )
    project = _Counting(program)
    linked = link(project, catalog(), today=TODAY)
    assert [site.fact("model.ids").value for site in linked.call_sites] == [["gpt-4o"]]
    assert set(project.lowered) == {"app.py", "caller.py"}


def test_methods_count_where_their_provider_is_spoken_of() -> None:
    vocabulary = Vocabulary(catalog())
    assert "update" not in vocabulary.methods_in(b"from openai import OpenAI\nOpenAI()\n{}.update(a=1)")
    assert "update" in vocabulary.methods_in(b"client.beta.assistants.update(id)")
    assert "create" in vocabulary.methods_in(b"client.chat.completions.create()")
    assert vocabulary.methods_in(b"print(1)") == frozenset()
    assert not vocabulary.may_hold(b"completions = []")
    assert vocabulary.may_hold(b"completions\nclient.create()")
