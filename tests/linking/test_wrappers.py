"""What callers pass through functions and methods of the project, and what each of them makes the call send."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

from textwrap import indent

import pytest
from programs import ABSENT, UNKNOWN, cap, models, path_facts, places, read, reason, site, sites

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
CREATE = "client.chat.completions.create"
FACTS = ("model.ids", "argument.output_cap")


def program(text: str) -> str:
    return HEAD + text.replace("CREATE", CREATE).lstrip("\n")


def test_a_caller_in_another_file():
    found = site(f"""
        # file: llm.py
        {indent(HEAD, " " * 8).strip()}
        def ask(question, model, max_tokens=None):
            return {CREATE}(model=model, max_tokens=max_tokens, messages=[])
        # file: app.py
        from llm import ask
        ask("why", model="gpt-4o", max_tokens=5)
    """)
    assert str(found.location) == "llm.py:4"
    assert (models(found), cap(found)) == (["gpt-4o"], 5)
    assert [str(step.location) for step in found.callers] == ["app.py:2"]
    assert places(found, "model.ids") == ["app.py:2"]
    assert places(found, "argument.output_cap") == ["app.py:2"]


def test_callers_differ():
    found = site(
        program("""
def ask(model, cap=None):
    return CREATE(model=model, max_tokens=cap, messages=[])
ask("gpt-4o", 5)
ask("gpt-4o-mini")
""")
    )
    assert path_facts(found, *FACTS) == {"app.py:5": (["gpt-4o"], 5), "app.py:6": (["gpt-4o-mini"], ABSENT)}
    assert models(found) == ["gpt-4o", "gpt-4o-mini"]
    assert cap(found) is UNKNOWN


def test_callers_agree():
    found = site(
        program("""
def ask(cap):
    return CREATE(model="gpt-4o", max_tokens=cap, messages=[])
ask(5)
ask(cap=5)
""")
    )
    assert (models(found), cap(found)) == (["gpt-4o"], 5)


def test_different_caps_are_given_in_any_case():
    found = site(program("def ask(cap):\n    return CREATE(model='m', max_tokens=cap, messages=[])\nask(5)\nask(6)\n"))
    assert cap(found) is None


@pytest.mark.parametrize(
    "calls",
    [
        "ask('gpt-4o', 5)",
        "ask('gpt-4o', cap=5)",
        "ask(cap=5, model='gpt-4o')",
        "ask(*['gpt-4o', 5])",
        "ask(*('gpt-4o',), cap=5)",
        "ask('gpt-4o', **{'cap': 5})",
        "ask(**dict(model='gpt-4o', cap=5))",
        "o = {'cap': 5}\no['model'] = 'gpt-4o'\nask(**o)",
        "for m in ['gpt-4o']:\n    ask(m, 5)",
        "[ask(m, 5) for m in ['gpt-4o']]",
        "f = ask\nf('gpt-4o', 5)",
        "(lambda m: ask(m, 5))('gpt-4o')",
    ],
)
def test_ways_to_pass(calls: str):
    found = site(
        program(f"def ask(model, cap):\n    return CREATE(model=model, max_tokens=cap, messages=[])\n{calls}\n")
    )
    assert (models(found), cap(found)) == (["gpt-4o"], 5)


@pytest.mark.parametrize(
    "body",
    [
        "def ask(**kw):\n    return CREATE(messages=[], **kw)",
        "def ask(*args, **kw):\n    return inner(*args, **kw)\ndef inner(**kw):\n    return CREATE(messages=[], **kw)",
        "def ask(**kw):\n    kw = {'temperature': 0, **kw}\n    return CREATE(messages=[], **kw)",
        "def ask(**kw):\n    kw['messages'] = []\n    return CREATE(**kw)",
        "def ask(**kw):\n    return CREATE(**{**kw, 'messages': []})",
        "def ask(**kw):\n    kw.setdefault('max_tokens', 99)\n    return CREATE(messages=[], **kw)",
        "def ask(**kw):\n    params = dict(messages=[])\n    params.update(kw)\n    return CREATE(**params)",
        "def ask(model, **kw):\n    return CREATE(model=model, messages=[], **kw)",
        "def ask(max_tokens, model='x', **kw):\n    return CREATE(model=model, max_tokens=max_tokens, messages=[])",
        "def ask(**kw):\n    model = kw.pop('model')\n    return CREATE(model=model, messages=[], **kw)",
        "def ask(**kw):\n    return CREATE(model=kw['model'], max_tokens=kw.get('max_tokens', 3), messages=[])",
    ],
)
def test_keywords_passed_on(body: str):
    found = site(program(f"{body}\nask(model='gpt-4o', max_tokens=7)\n"))
    assert (models(found), cap(found)) == (["gpt-4o"], 7)


def test_a_default_of_the_wrapper_that_a_caller_overrides():
    found = site(
        program("""
def ask(model="gpt-4o", cap=100):
    return CREATE(model=model, max_tokens=cap, messages=[])
ask()
ask(cap=5)
ask("gpt-4o-mini")
""")
    )
    assert path_facts(found, *FACTS) == {
        "app.py:5": (["gpt-4o"], 100),
        "app.py:6": (["gpt-4o"], 5),
        "app.py:7": (["gpt-4o-mini"], 100),
    }


def test_a_cap_only_where_the_caller_wants_one():
    found = site(
        program("""
def ask(cap=None):
    options = {}
    if cap is not None:
        options["max_tokens"] = cap
    return CREATE(model="m", messages=[], **options)
ask()
ask(7)
""")
    )
    facts = path_facts(found, "argument.output_cap")
    assert facts["app.py:8"][0] in (ABSENT, UNKNOWN)
    assert facts["app.py:9"][0] in (7, UNKNOWN)


# --- methods -------------------------------------------------------------------------------------------------


def test_options_of_the_object():
    found = site(
        program("""
class Bot:
    def __init__(self, model, cap=10):
        self.model = model
        self.options = {"max_tokens": cap}
    def ask(self, question):
        return CREATE(model=self.model, messages=[], **self.options)
Bot("gpt-4o").ask("a")
bot = Bot(model="gpt-4o-mini", cap=20)
bot.ask("b")
""")
    )
    assert path_facts(found, *FACTS) == {"app.py:9": (["gpt-4o"], 10), "app.py:11": (["gpt-4o-mini"], 20)}
    assert models(found) == ["gpt-4o", "gpt-4o-mini"]


def test_an_object_that_nobody_asks():
    found = site(
        program("""
class Bot:
    def __init__(self, model="gpt-4o"):
        self.model = model
    def ask(self):
        return CREATE(model=self.model, messages=[])
bot = Bot()
""")
    )
    assert models(found) == ["gpt-4o"]
    assert {"app.py:4", "app.py:5"} <= set(places(found, "model.ids"))


@pytest.mark.parametrize(
    "method",
    [
        "@classmethod\n    def ask(cls, cap):\n        return CREATE(model=cls.model, max_tokens=cap, messages=[])",
        "@staticmethod\n    def ask(cap):\n        return CREATE(model=Bot.model, max_tokens=cap, messages=[])",
        "def ask(self, cap):\n        return self._ask(cap)\n    def _ask(self, n):\n        return CREATE(model=self.model, max_tokens=n, messages=[])",
    ],
)
def test_kinds_of_methods(method: str):
    found = site(program(f"class Bot:\n    model = 'gpt-4o'\n    {method}\nBot().ask(5)\n"))
    assert (models(found), cap(found)) == (["gpt-4o"], 5)


@pytest.mark.parametrize(
    "call", ["Bot().ask(5)", "Bot.ask(Bot(), 5)", "b = Bot()\nb.ask(5)", "ask = Bot().ask\nask(5)", "Bot().ask(cap=5)"]
)
def test_ways_to_call_a_method(call: str):
    found = site(
        program(
            f"class Bot:\n    def ask(self, cap):\n        return CREATE(model='m', max_tokens=cap, messages=[])\n{call}\n"
        )
    )
    assert cap(found) == 5


def test_the_construction_of_a_parent():
    found = site(
        program("""
class Bot:
    def __init__(self, model, cap=3):
        self.model, self.cap = model, cap
    def ask(self):
        return CREATE(model=self.model, max_tokens=self.cap, messages=[])
class Poet(Bot):
    def __init__(self, **kw):
        super().__init__("gpt-4o", **kw)
class Clerk(Bot):
    def __init__(self):
        Bot.__init__(self, "gpt-4o-mini", 8)
Poet(cap=4).ask()
Clerk().ask()
""")
    )
    assert path_facts(found, *FACTS) == {"app.py:14": (["gpt-4o"], 4), "app.py:15": (["gpt-4o-mini"], 8)}


def test_an_overridden_attribute():
    found = site(
        program("""
class Bot:
    model = "gpt-4o"
    def ask(self):
        return CREATE(model=self.model, messages=[])
class Small(Bot):
    model = "gpt-4o-mini"
Bot().ask()
Small().ask()
""")
    )
    assert path_facts(found, "model.ids") == {"app.py:9": (["gpt-4o"],), "app.py:10": (["gpt-4o-mini"],)}


def test_an_overridden_method():
    found = site(
        program("""
class Bot:
    def cap(self):
        return 10
    def ask(self):
        return CREATE(model="m", max_tokens=self.cap(), messages=[])
class Short(Bot):
    def cap(self):
        return 5
Short().ask()
""")
    )
    assert cap(found) == 5


def test_an_abstract_method_reaches_the_one_below():
    found = site(
        program("""
from abc import ABC, abstractmethod
class Model(ABC):
    @abstractmethod
    def ask(self, question, cap): ...
class OpenAIModel(Model):
    def ask(self, question, cap):
        return CREATE(model="m", max_tokens=cap, messages=[])
def run(model: Model):
    model.ask("x", 12)
run(OpenAIModel())
""")
    )
    assert cap(found) == 12
    assert "app.py:11" in {str(step.location) for step in found.callers}


def test_an_alternative_constructor():
    found = site(
        program("""
class Bot:
    def __init__(self, model):
        self.model = model
    @classmethod
    def small(cls):
        return cls("gpt-4o-mini")
    def ask(self):
        return CREATE(model=self.model, messages=[])
Bot.small().ask()
""")
    )
    assert models(found) == ["gpt-4o-mini"]


def test_an_object_behind_a_factory():
    found = site("""
        # file: bots.py
        from openai import OpenAI
        class Bot:
            def __init__(self, model):
                self.client = OpenAI()
                self.model = model
            def ask(self, cap):
                return self.client.chat.completions.create(model=self.model, max_tokens=cap, messages=[])
        def make(kind="gpt-4o"):
            return Bot(kind)
        # file: app.py
        from bots import make
        bot = make()
        bot.ask(6)
    """)
    assert (models(found), cap(found)) == (["gpt-4o"], 6)


def test_settings_in_an_object_that_is_passed():
    found = site(
        program("""
from dataclasses import dataclass
@dataclass
class Options:
    model: str
    cap: int = 30
def ask(options: Options):
    return CREATE(model=options.model, max_tokens=options.cap, messages=[])
ask(Options("gpt-4o"))
ask(Options("gpt-4o-mini", cap=1))
""")
    )
    assert path_facts(found, *FACTS) == {"app.py:10": (["gpt-4o"], 30), "app.py:11": (["gpt-4o-mini"], 1)}


# --- who counts as a caller ----------------------------------------------------------------------------------


def test_a_parameter_of_nobody():
    found = site(program("def ask(model, cap):\n    return CREATE(model=model, max_tokens=cap, messages=[])\n"))
    assert models(found) is UNKNOWN
    assert reason(found, "model.ids") == "`model` is a parameter of `ask` and no caller is known"
    assert found.callers == ()


def test_what_tests_pass_decides_nothing():
    found = site("""
        # file: llm.py
        from openai import OpenAI
        def ask(model="gpt-4o"):
            return OpenAI().chat.completions.create(model=model, messages=[])
        # file: app.py
        from llm import ask
        ask()
        # file: tests/test_llm.py
        from llm import ask
        def test_ask():
            ask("fake-model")
    """)
    assert models(found) == ["gpt-4o"]


def test_a_function_of_the_same_name_is_no_caller():
    found = site("""
        # file: llm.py
        from openai import OpenAI
        def ask(model="gpt-4o"):
            return OpenAI().chat.completions.create(model=model, messages=[])
        # file: other.py
        def ask(model):
            return model
        ask("gpt-4o-mini")
        # file: app.py
        import llm
        llm.ask()
    """)
    assert models(found) == ["gpt-4o"]


def test_callers_see_their_own_layer():
    found = site(
        program("""
def send(model, cap):
    return CREATE(model=model, max_tokens=cap, messages=[])
def small(cap):
    return send("gpt-4o-mini", cap)
def large(cap):
    return send("gpt-4o", cap)
small(1)
large(2)
""")
    )
    assert {(tuple(models(p)), cap(p)) for p in found.paths} == {(("gpt-4o-mini",), 1), (("gpt-4o",), 2)}


# --- recursion and cycles ------------------------------------------------------------------------------------


def test_a_function_that_calls_itself():
    found = site(
        program("""
def ask(model, depth=0):
    if depth < 3:
        ask(model, depth + 1)
    return CREATE(model=model, messages=[])
ask("gpt-4o")
""")
    )
    assert models(found)[:1] == ["gpt-4o"]


def test_a_retry_with_another_model():
    found = site(
        program("""
def ask(model="gpt-4o", again=True):
    try:
        return CREATE(model=model, messages=[])
    except ValueError:
        if again:
            return ask("gpt-4o-mini", False)
ask()
""")
    )
    assert models(found) in (["gpt-4o", "gpt-4o-mini"], ["gpt-4o", "gpt-4o-mini", "..."])


def test_modules_that_import_each_other():
    found = site("""
        # file: a.py
        import b
        from openai import OpenAI
        MODEL = "gpt-4o"
        def ask(cap):
            return OpenAI().chat.completions.create(model=b.NAME, max_tokens=cap, messages=[])
        # file: b.py
        import a
        NAME = a.MODEL
        def run():
            a.ask(b_cap)
        b_cap = 4
    """)
    assert (models(found), cap(found)) == (["gpt-4o"], 4)


def test_several_calls_in_one_wrapper():
    first, second = sites(
        program("""
def ask(model, fallback):
    try:
        return CREATE(model=model, messages=[])
    except ValueError:
        return CREATE(model=fallback, messages=[])
ask("gpt-4o", fallback="gpt-4o-mini")
""")
    )
    assert (models(first), models(second)) == (["gpt-4o"], ["gpt-4o-mini"])


def test_an_object_that_is_changed_before_it_asks():
    found = site(
        program("""
class Bot:
    model = "gpt-4o"
    def use(self, model):
        self.model = model
    def ask(self):
        return CREATE(model=self.model, messages=[])
bot = Bot()
bot.use("gpt-4o-mini")
bot.ask()
""")
    )
    assert models(found) is UNKNOWN or "gpt-4o-mini" in models(found)


def test_a_key_that_is_one_of_two():
    found = site("""
        import openai
        def ask(azure):
            key = "engine" if azure else "model"
            more = {key: "gpt-4"}
            return openai.ChatCompletion.create(messages=[], **more)
    """)
    assert (read(found, "argument.output_cap"), read(found, "output.format")) == (ABSENT, "text")
    assert models(found) == ["gpt-4"]


def test_positional_splats_that_bring_nothing_or_a_known_number():
    program = """
        from openai import OpenAI
        class Base:
            def __init__(self, model="gpt-4", cap=None):
                self.model, self.cap = model, cap
            def ask(self):
                return OpenAI().chat.completions.create(model=self.model, max_tokens=self.cap, messages=[])
        class Chat(Base):
            def __init__(self, *args, name="", **kwargs):
                super().__init__(*args, **kwargs)
        Chat(MADE).ask()
    """
    for made, expected in [
        ('model="gpt-4o", cap=7', (["gpt-4o"], 7)),
        ('"gpt-4o", cap=7', (["gpt-4o"], 7)),
        ('"gpt-4o", 7', (["gpt-4o"], 7)),
        ("", (["gpt-4"], ABSENT)),
    ]:
        found = site(program.replace("MADE", made))
        assert (models(found), read(found, "argument.output_cap")) == expected


def test_a_wrapper_behind_a_constructor_whose_argument_comes_from_a_factory():
    found = site("""
        # file: llms.py
        import openai
        from db import find
        class Big:
            def __init__(self, model):
                self.model = model
            def chat(self, messages, cap):
                return openai.chat.completions.create(model=self.model, messages=messages, max_tokens=cap)
        class Small:
            def chat(self, messages, cap): ...
        def get_model(key, name):
            provider = find(key).provider
            if provider == "big":
                return Big(model=name)
            elif provider == "small":
                return Small()
        # file: steps.py
        class Step:
            def __init__(self, session, llm):
                self.session = session
                self.llm = llm
            def run(self):
                return self.llm.chat([{"role": "user", "content": "Hello"}], 300)
        # file: jobs.py
        from llms import get_model
        from steps import Step
        class Job:
            def execute(self, session, settings):
                step = Step(session, llm=get_model(settings["key"], settings["model"]))
                step.run()
    """)
    assert cap(found) == 300
    assert [step.location.path for step in found.callers] == ["steps.py"]


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("examples/run.py", (["gpt-4o", "..."], UNKNOWN)),
        ("tool/inside.py", (["gpt-4o"], 300)),
    ],
)
def test_what_scripts_beside_a_published_package_pass_is_not_all_that_is_passed(
    caller: str, expected: tuple[object, ...]
):
    program = """
        # file: pyproject.toml
        [build-system]
        requires = ["hatchling"]
        [project]
        name = "tool"
        version = "1"
        # file: tool/__init__.py
        # file: tool/model.py
        from openai import OpenAI
        class Model:
            def __init__(self, name, cap=None):
                self.name = name
                self.cap = cap
            def ask(self, text):
                return OpenAI().responses.create(model=self.name, input=text, max_output_tokens=self.cap)
        # file: CALLER
        from tool.model import Model
        Model("gpt-4o", cap=300).ask("Hello")
    """
    found = site(program.replace("CALLER", caller))
    assert (models(found), cap(found)) == expected


def test_each_lambda_is_reached_by_the_calls_that_hand_it_over():
    found = sites("""
        from openai import OpenAI
        client = OpenAI()
        def send(call, retries):
            return call({"max_tokens": retries})
        def short(text):
            return send(lambda more: client.chat.completions.create(model="gpt-4o", messages=[text], **more), 1)
        def long(text):
            return send(lambda more: client.chat.completions.create(model="gpt-4o", messages=[text], **more), 2)
    """)
    assert [cap(one) for one in found] == [1, 2]


def test_a_call_of_what_several_classes_inherit_counts_once():
    others = "".join(f"class Other{n}(Chat): ...\n" for n in range(9))
    found = site(f"""
# file: chat.py
from openai import OpenAI
class Chat:
    def ask(self, text, limit):
        return OpenAI().chat.completions.create(model="gpt-4o", max_tokens=limit, messages=[text])
{others}
# file: main.py
import chat
KINDS = [{", ".join(f"chat.Other{n}" for n in range(9))}]
def go(name, one):
    one = KINDS[name]()
    one.ask("a", 5)
    one.ask("b", 6)
""")
    assert [step.location.line for step in found.callers] == [5, 6]
