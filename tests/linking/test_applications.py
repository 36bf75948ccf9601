"""Wrappers as whole applications have them: factories of backends, dozens of callers, settings that nobody builds."""

from __future__ import annotations

from textwrap import indent

import pytest
from programs import ABSENT, UNKNOWN, cap, files_of, models, path_facts, read, site, sites

FACTORY = """
    # file: llms.py
    import openai
    from kept import once

    class Base:
        def ask(self, messages): ...

    class Ours(Base):
        def __init__(self, config):
            self.client = openai.OpenAI()
        def ask(self, messages):
            return self.client.chat.completions.create(model="gpt-5.5", messages=messages)

    class Local(Base):
        def __init__(self, config):
            self.pipe = config.pipe
        def ask(self, messages):
            return self.pipe(messages)

    class Factory:
        kinds = {"ours": Ours, "local": Local}

        @classmethod
        @once()
        def build(cls, config):
            kind = cls.kinds[config.kind]
            return kind(config)
    # file: kept.py
    class Keeper:
        def __init__(self):
            self.made = {}
        def get(self, key, make):
            if key in self.made:
                return self.made[key]
            made = make()
            self.made[key] = made
            return made
        def later(self, key, make):
            return {"later": make}

    keeper = Keeper()

    def once():
        def decorator(function):
            def wrapper(*args, **kwargs):
                def create():
                    return function(*args, **kwargs)
                KEPT
            return wrapper
        return decorator
    # file: other.py
    class Oracle:
        def ask(self, messages): ...
    # file: app.py
    from llms import Factory

    class Handler:
        def __init__(self, configs):
            self.models = {config.name: Factory.build(config) for config in configs}
        def answer(self, name, text):
            return self.models[name].ask([{"role": "user", "content": "Translate into French."}])
"""


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ("return keeper.get(str(args), create)", "Translate into French."),
        ("return keeper.get(key=str(args), make=lambda: function(*args, **kwargs))", "Translate into French."),
        ("return keeper.later(str(args), create)", ABSENT),
        ("return unknown(str(args), create)", ABSENT),
    ],
)
def test_a_factory_that_keeps_what_it_made(kept: str, found: object):
    assert read(site(FACTORY.replace("KEPT", kept)), "prompt.text") == found


def test_each_of_dozens_of_callers():
    callers = "\n".join(f"def task_{n}():\n    return ask('Task {n}')" for n in range(40))
    found = site(f"""
        from openai import OpenAI
        def ask(text):
            return OpenAI().responses.create(model="gpt-5.5", input=text)
        {indent(callers, " " * 8).strip()}
    """)
    assert {read(path, "prompt.text") for path in found.paths} == {f"Task {n}" for n in range(40)}


def test_each_of_dozens_of_callers_of_the_only_caller():
    callers = "\n".join(f"def task_{n}():\n    return ask('Task {n}')" for n in range(40))
    found = site(f"""
        from openai import OpenAI
        def send(text):
            return OpenAI().responses.create(model="gpt-5.5", input=text)
        def ask(text):
            return send(text)
        {indent(callers, " " * 8).strip()}
    """)
    assert {read(path, "prompt.text") for path in found.paths} == {f"Task {n}" for n in range(40)}


def test_a_function_that_calls_itself_is_entered_once():
    found = site("""
        from openai import OpenAI
        def ask(text, again=True):
            try:
                return OpenAI().responses.create(model="gpt-5.5", input=text)
            except Exception:
                return ask(text, False)
        ask("why")
    """)
    assert [len(path.callers) for path in found.paths] == [1, 1]


def test_callers_that_only_know_the_base_class_among_many_files_with_the_word():
    files = files_of("""
        # file: llms.py
        from openai import OpenAI
        class Base:
            def generate(self, text): ...
        class Ours(Base):
            def generate(self, text):
                return OpenAI().responses.create(model="gpt-5.5", input=text)
        # file: zebra.py
        from llms import Base
        def rewrite(llm: Base):
            return llm.generate("Rewrite this.")
    """)
    files |= {f"other_{n}.py": "generate = 1\nprint(generate)\n" for n in range(70)}
    assert read(site(files), "prompt.text") == "Rewrite this."


def test_kinds_of_objects_of_dozens_of_vendors():
    branches = "\n".join(f"    elif name == 'v{n}':\n        llm = vendor{n}.Chat{n}(**options)" for n in range(25))
    found = [
        one
        for one in sites(f"""
            from langchain_openai import ChatOpenAI
            {"; ".join(f"import vendor{n}" for n in range(25))}
            def build(name, **options):
                if name == 'openai':
                    llm = ChatOpenAI(**options)
            {indent(branches, " " * 12).strip().replace("elif", "    elif", 1)}
                return llm
            def ask(name):
                return build(name).invoke("Say hello.")
        """)
        if one.callee.endswith("invoke")
    ]
    assert [read(one, "prompt.text") for one in found] == ["Say hello."]
    assert read(found[0], "client.host") is UNKNOWN


# --- fields that are set elsewhere -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "made", "expected"),
    [
        ("limit: int | None = None", "Wish()", ABSENT),
        ("limit: int | None = None", "Wish(limit=7)", 7),
        ("limit: int = 5", "Wish()", 5),
        ("limit: int | None = None", "", UNKNOWN),  # whoever sends the request sets it
    ],
)
def test_a_field_without_a_value(field: str, made: str, expected: object):
    call = f"answer({made})" if made else ""
    found = site(f"""
        from openai import OpenAI
        from pydantic import BaseModel
        class Wish(BaseModel):
            {field}
        def answer(wish: Wish):
            OpenAI().responses.create(model="gpt-5.5", input="hello", max_output_tokens=wish.limit)
        {call}
    """)
    assert cap(found) == expected


def test_what_takes_one_kind_of_settings_gets_no_others():
    found = site("""
        from openai import OpenAI
        class Ours:
            model = "gpt-5.5"
        class Theirs:
            model = "llama"
        KINDS = {"ours": Ours, "theirs": Theirs}
        def settings(kind):
            return KINDS[kind]()
        class Client:
            def __init__(self, config: Ours):
                self.config = config
            def ask(self):
                return OpenAI().responses.create(model=self.config.model, input="hello")
        def run(kind):
            Client(settings(kind)).ask()
    """)
    assert models(found) == ["gpt-5.5"]


def test_settings_that_follow_a_protocol_need_not_derive_from_it():
    found = site("""
        from typing import Protocol
        from openai import OpenAI
        class Settings(Protocol):
            model: str
        class Ours(Settings):
            model = "gpt-5.5"
        class Theirs:
            model = "gpt-4o"
        KINDS = {"ours": Ours, "theirs": Theirs}
        def ask(config: Settings):
            return OpenAI().responses.create(model=config.model, input="hello")
        def run(kind):
            ask(KINDS[kind]())
    """)
    assert {"gpt-5.5", "gpt-4o"} <= set(models(found))


# --- lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("messages[1:]", "two\nthree"),
        ("messages[:1]", "one"),
        ("messages[-1:]", "three"),
        ("messages[:-1]", "one\ntwo"),
        ("messages[1:2]", "two"),
        ("messages[7:]", ABSENT),
        ("[messages[0], *messages[2:]]", "one\nthree"),
    ],
)
def test_parts_of_a_list(sent: str, text: object):
    found = site(f"""
        from openai import OpenAI
        messages = [{{"role": "user", "content": word}} for word in ("one", "two", "three")]
        OpenAI().chat.completions.create(model="gpt-5.5", messages={sent})
    """)
    assert read(found, "prompt.text") == text


def test_the_first_of_a_list_whose_head_is_there_on_some_ways():
    found = site("""
        from datetime import datetime
        from openai import OpenAI
        def ask(intro, text):
            messages = []
            if intro:
                messages.append({"role": "system", "content": intro})
            messages.append({"role": "user", "content": f"{datetime.now()} {text}"})
            head = {"role": "system", "content": messages[0]["content"] + "Be brief."}
            OpenAI().chat.completions.create(model="gpt-5.5", messages=[head, *load(text)])
        ask(read(), "hello")
    """)
    assert read(found, "prompt.change_every") is UNKNOWN  # what stands first may be the time, or not


# --- what shows in a result ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "every"),
    [
        ("load(str(uuid4()))", UNKNOWN),
        ("store.history(since=time.time())", UNKNOWN),
        ("load({str(uuid4()): 1})", UNKNOWN),
        ("json.dumps({'id': str(uuid4())})", "call"),
        ("str(uuid4()).upper()", "call"),
        ("' '.join(sorted([str(uuid4())]))", "call"),
        ("hashlib.sha256(str(time.time()).encode()).hexdigest()", "call"),
        ("load(input())", "call"),
        ("load(request.args['user_id'])", UNKNOWN),
        ("store.history(request.json['session'])", UNKNOWN),
        ("store.search(request.json['question'])", "call"),
        ("' '.join(set(load()))", "call"),
        ("' '.join({word for word in load()})", "call"),
        ("' '.join(sorted(set(load())))", UNKNOWN),
        ("len(set(load()))", UNKNOWN),
        ("list(set(load()))", "call"),
        ("' '.join(sorted(set(load()) if load() else set()))", UNKNOWN),
        ("' '.join(str(word) for word in sorted(set(load()) if load() else set()))", UNKNOWN),
    ],
)
def test_what_is_looked_up_changes_with_what_is_asked_and_not_with_a_name(value: str, every: object):
    found = site(f"""
        import hashlib, json, time
        from uuid import uuid4
        from flask import request
        from openai import OpenAI
        from elsewhere import load, store
        def ask():
            OpenAI().responses.create(model="gpt-5.5", input=f"{{{value.replace('"', "'")}}} Be brief.")
    """)
    assert read(found, "prompt.change_every") == every


def test_long_texts_are_kept_where_there_are_too_many_ways():
    ways = "\n".join(f"    if flags[{n}]:\n        text = load({n})" for n in range(20))
    found = site(f"""
        from openai import OpenAI
        RULES = "Answer in one sentence and name your source. " * 20
        def ask(flags):
            text = RULES
        {indent(ways, " " * 8).strip().replace("if", "    if", 1)}
            OpenAI().responses.create(model="gpt-5.5", input=text)
    """)
    assert str(read(found, "prompt.text")).startswith("Answer in one sentence")
    assert read(found, "prompt.change_every") is UNKNOWN


def test_text_that_is_added_in_many_ways():
    found = site("""
        from openai import OpenAI
        def ask(kind, more):
            text = {"a": "Be brief. ", "b": "Be long. ", "c": "Be kind. ", "d": "Be fair. ", "e": "Be exact. "}[kind]
            tail = {"a": "One.", "b": "Two.", "c": "Three.", "d": "Four."}[more]
            OpenAI().responses.create(model="gpt-5.5", input="Rules: " + (text + tail))
    """)
    assert str(read(found, "prompt.text")).startswith("Rules: ")
    assert path_facts(found, "prompt.asks_json")


# --- what callers do with the answer ------------------------------------------------------------------------


READERS = """
    import json
    from openai import OpenAI
    def ask(text, old=False):
        if old:
            return OpenAI().responses.create(model="gpt-4o", input=text).output_text
        return OpenAI().responses.create(model="gpt-5.5", input=text).output_text
    def judge(text):
        return json.loads(ask("Judge in JSON: " + text))["verdict"]
    def reply(text):
        print(ask("Reply: " + text))
"""


def test_what_one_of_several_callers_does_is_not_done_on_a_way_that_none_of_them_takes():
    old, new = sites(READERS)
    assert (read(old, "model.ids"), read(old, "output.sent_as")) == (["gpt-4o"], UNKNOWN)
    assert {read(path, "output.sent_as") for path in new.paths} == {"prose_json", "text"}


def test_what_all_callers_get_parsed_is_json_for_each():
    found = site("""
        import json
        from openai import OpenAI
        def ask(text):
            return json.loads(OpenAI().responses.create(model="gpt-5.5", input=text).output_text)
        def judge(text):
            return ask(text)["verdict"]
        def reply(text):
            return ask(text)["reply"]
    """)
    assert {read(path, "output.sent_as") for path in found.paths} == {"prose_json"}


def test_what_tests_do_with_an_answer_is_not_what_is_done():
    found = site("""
        # file: app.py
        from openai import OpenAI
        def ask(text):
            return OpenAI().responses.create(model="gpt-5.5", input=text).output_text
        # file: tests/test_app.py
        from app import ask
        def test_ask():
            assert ask("Say yes.") == "yes"
    """)
    assert read(found, "output.compared_with") == []
