"""The prompt in the order the model reads it: what is fixed, what changes and how often, what is stranded behind."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, places, read, site

from llmlint.catalog.tokens import count_tokens

HEAD = (
    "import datetime, time, uuid, random, os\nfrom datetime import date\nfrom openai import OpenAI\nclient = OpenAI()\n"
)
LONG = " ".join(f"Rule {n}: always be polite and precise." for n in range(40))
CHANGE = ("prompt.change_kind", "prompt.change_every")


def chat(messages: str, lines: str = ""):
    return site(f"{HEAD}{lines}\nclient.chat.completions.create(model='gpt-4o', messages={messages})\n")


def in_function(messages: str, lines: str = "pass", parameters: str = ""):
    body = lines.replace("\n", "\n    ")
    return site(
        f"{HEAD}def ask({parameters}):\n    {body}\n"
        f"    return client.chat.completions.create(model='gpt-4o', messages={messages})\n"
    )


def change(found):
    return tuple(read(found, name) for name in CHANGE)


# --- fixed text ----------------------------------------------------------------------------------------------


def test_a_prompt_that_never_changes():
    found = chat("[{'role': 'system', 'content': 'Be kind.'}, {'role': 'user', 'content': 'Hello there'}]")
    assert read(found, "prompt.text") == "Be kind.\nHello there"
    assert read(found, "prompt.roles") == ["system", "user"]
    assert read(found, "prompt.static_tokens") == read(found, "prompt.leading_tokens") == 5
    assert change(found) == (ABSENT, ABSENT)
    assert read(found, "prompt.stranded_tokens") is ABSENT


@pytest.mark.parametrize(
    "messages",
    [
        "[dict(role='system', content='Be kind.')]",
        "[SYSTEM]",
        "[{'role': 'system', 'content': TEXT}]",
        "[{'role': 'system', 'content': 'Be ' + 'kind.'}]",
        "[{'role': 'system', 'content': [{'type': 'text', 'text': 'Be kind.'}]}]",
        "make()",
        "make_many()",
        "ChatPrompt().messages",
        "[*make()]",
    ],
)
def test_spellings_of_one_message(messages: str):
    lines = """
TEXT = "Be kind."
SYSTEM = {"role": "system", "content": TEXT}
def make():
    return [SYSTEM]
def make_many():
    found = []
    found.append({"role": "system", "content": TEXT})
    return found
class ChatPrompt:
    def __init__(self):
        self.messages = [{"role": "system", "content": TEXT}]
"""
    found = chat(messages, lines)
    assert (read(found, "prompt.roles"), read(found, "prompt.text")) == (["system"], "Be kind.")


def test_the_order_of_a_request():
    found = site(f"""
        {HEAD.splitlines()[2]}
        OpenAI().responses.create(model="gpt-4o", input="And now?", instructions="Be kind.",
            tools=[{{"type": "function", "name": "find"}}])
    """)
    text = read(found, "prompt.text")
    assert text == "Be kind.\nAnd now?"
    assert read(found, "prompt.static_tokens") > 10


@pytest.mark.parametrize(
    ("text", "asks"),
    [("Answer in JSON.", True), ("Return a json object", True), ("Answer briefly.", False), ("jsonify nothing", False)],
)
def test_json_in_prose(text: str, asks: bool):
    assert read(chat(f"[{{'role': 'user', 'content': {text!r}}}]"), "prompt.asks_json") is asks


def test_images_are_no_text():
    found = in_function(
        "[{'role': 'user', 'content': [{'type': 'text', 'text': 'What?'}, {'type': 'image_url', 'image_url': {'url': url}}]}]",
        parameters="url",
    )
    assert (read(found, "prompt.media"), read(found, "prompt.text")) == (True, "What?")


@pytest.mark.parametrize(("value", "several"), [("['a', 'b']", True), ("'a'", False), ("[t for t in texts]", True)])
def test_several_inputs_of_an_embedding(value: str, several: bool):
    found = site(
        f"{HEAD}from data import texts\nclient.embeddings.create(model='text-embedding-3-small', input={value})\n"
    )
    assert read(found, "prompt.several_inputs") is several


# --- what changes, how often ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hole", "kind", "every"),
    [
        ("datetime.datetime.now()", "clock", "call"),
        ("datetime.datetime.now().isoformat()", "clock", "call"),
        ("datetime.datetime.utcnow()", "clock", "call"),
        ("time.time()", "clock", "call"),
        ("time.strftime('%H:%M')", "clock", "call"),
        ("time.strftime('%Y-%m-%d')", "clock", "day"),
        ("datetime.datetime.now().strftime('%A, %d %B %Y')", "clock", "day"),
        ("datetime.datetime.now().strftime('%H:%M:%S')", "clock", "call"),
        ("f'{datetime.datetime.now():%d %B %Y}'", "clock", "day"),
        ("f'{datetime.datetime.now():%H:%M}'", "clock", "call"),
        ("f'{datetime.datetime.now().day}.{datetime.datetime.now():%m}'", "clock", "day"),
        ("datetime.datetime.now().date()", "clock", "day"),
        ("date.today()", "clock", "day"),
        ("date.today().isoformat()", "clock", "day"),
        ("datetime.datetime.now().year", "clock", "day"),
        ("uuid.uuid4()", "identifier", "call"),
        ("str(uuid.uuid4())[:8]", "identifier", "call"),
        ("uuid.uuid4().hex", "identifier", "call"),
        ("random.random()", "random", "call"),
        ("random.choice(['a', 'b'])", "random", "call"),
        ("question", "request", UNKNOWN),
    ],
)
def test_kinds_of_changes(hole: str, kind: str, every: str):
    found = in_function(
        f"[{{'role': 'system', 'content': f'Now: {{{hole.replace(chr(39), chr(34))}}}. ' + LONG}}]",
        f"LONG = {LONG!r}",
        "question",
    )
    assert change(found) == (kind, every)
    assert read(found, "prompt.leading_tokens") <= 4
    assert read(found, "prompt.stranded_tokens") > 300
    assert read(found, "prompt.static_tokens") > 300


@pytest.mark.parametrize(
    "hole", ["os.environ['NAME']", "os.getenv('NAME')", "NOW", "Config.started", "SESSION", "TODAY"]
)
def test_what_is_fixed_for_the_process(hole: str):
    lines = f"LONG = {LONG!r}"
    found = site(
        f"{HEAD}NOW = datetime.datetime.now()\nSESSION = uuid.uuid4()\nTODAY = NOW.strftime('%Y')\n"
        "class Config:\n    started = time.time()\n"
        f"def ask():\n    {lines}\n    return client.chat.completions.create(model='gpt-4o', "
        f"messages=[{{'role': 'system', 'content': f'At {{{hole.replace(chr(39), chr(34))}}}. ' + LONG}}])\n"
    )
    assert change(found) == (ABSENT, ABSENT) or read(found, "prompt.change_every") == "process"
    assert read(found, "prompt.stranded_tokens") in (ABSENT, 0)


def test_a_clock_read_when_an_object_is_built():
    found = site(
        HEAD
        + """
class Bot:
    def __init__(self):
        self.system = f"Started {datetime.datetime.now()}. Be kind."
    def ask(self, question):
        return client.chat.completions.create(model="gpt-4o", messages=[
            {"role": "system", "content": self.system}, {"role": "user", "content": question}])
"""
    )
    assert change(found) == ("clock", "conversation")


def test_the_item_of_a_loop():
    found = site(
        HEAD
        + """
from data import rows
for row in rows:
    client.chat.completions.create(model="gpt-4o", messages=[
        {"role": "user", "content": f"Text: {row}"}, {"role": "user", "content": "Summarise it in one sentence."}])
"""
    )
    assert change(found) == ("item", "item")
    behind = count_tokens("Summarise it in one sentence.", "o200k_base").tokens
    assert read(found, "prompt.stranded_tokens") == behind


def test_a_change_at_the_end_strands_nothing():
    found = in_function(
        "[{'role': 'system', 'content': LONG}, {'role': 'user', 'content': question}]",
        f"LONG = {LONG!r}",
        "question",
    )
    assert change(found) == ("request", UNKNOWN)
    assert read(found, "prompt.stranded_tokens") == 0
    assert read(found, "prompt.leading_tokens") == read(found, "prompt.static_tokens") > 300


def test_the_expression_that_changes_and_where():
    found = in_function(
        "messages",
        "now = datetime.datetime.now()\nmessages = [{'role': 'system', 'content': f'It is {now}. Be kind.'}]",
    )
    assert read(found, "prompt.change_source") == "datetime.datetime.now()"
    assert "app.py:6" in places(found, "prompt.change_kind")


@pytest.mark.parametrize(
    "text",
    [
        "'It is %s. Be kind.' % datetime.datetime.now()",
        "'It is {}. Be kind.'.format(datetime.datetime.now())",
        "'It is {now}. Be kind.'.format(now=datetime.datetime.now())",
        "'It is ' + str(datetime.datetime.now()) + '. Be kind.'",
        "' '.join(['It is', str(datetime.datetime.now()) + '.', 'Be kind.'])",
        "'It is NOW. Be kind.'.replace('NOW', str(datetime.datetime.now()))",
        "Template('It is $now. Be kind.').substitute(now=datetime.datetime.now())",
        "textwrap.dedent(f'It is {datetime.datetime.now()}. Be kind.')",
        "f'It is {datetime.datetime.now():%H:%M}. Be kind.'",
        "make(datetime.datetime.now())",
        "prompt().strip()",
    ],
)
def test_ways_to_put_a_change_into_text(text: str):
    lines = "import textwrap\nfrom string import Template\ndef make(now):\n    return f'It is {now}. Be kind.'\ndef prompt():\n    return make(datetime.datetime.now())\n"
    found = site(
        f"{HEAD}{lines}def ask():\n    client.chat.completions.create(model='gpt-4o', messages=[{{'role': 'system', 'content': {text}}}])\n"
    )
    assert change(found) == ("clock", "call")
    assert read(found, "prompt.stranded_tokens") == 4


def test_a_change_that_comes_from_a_caller():
    found = site(
        HEAD
        + """
def ask(system, question):
    return client.chat.completions.create(model="gpt-4o", messages=[
        {"role": "system", "content": system + " Be kind."}, {"role": "user", "content": question}])
def handle(question):
    return ask(f"It is {datetime.datetime.now()}.", question)
"""
    )
    assert change(found) == ("clock", "call")
    assert "app.py:10" in places(found, "prompt.change_kind")


def test_a_set_has_no_order():
    found = in_function("[{'role': 'system', 'content': ', '.join({'a', 'b', 'c'}) + '. Be kind.'}]")
    assert read(found, "prompt.change_kind") in ("unordered", ABSENT)
    assert read(found, "prompt.change_every") in ("process", "call", ABSENT)


def test_the_first_change_that_is_certain_counts():
    found = in_function(
        "[{'role': 'system', 'content': 'Be kind.'}, {'role': 'user', 'content': f'{question} at {time.time()} please'}]",
        parameters="question",
    )
    assert change(found) == ("clock", "call")


def test_a_clock_before_a_conversation_outweighs_the_question_in_front():
    found = in_function(
        "[{'role': 'system', 'content': f'Help {input()}.'}, {'role': 'system', 'content': f'It is {time.time()}.'},"
        " *history, {'role': 'user', 'content': question}]",
        parameters="history, question",
    )
    assert change(found) == ("clock", "call")
    assert read(found, "prompt.history_follows") is True


def test_an_item_of_a_loop_that_is_over_is_no_change():
    found = site(
        HEAD
        + """
RULES = ["Be kind.", "Be brief."]
def ask(question):
    text = ""
    for rule in RULES + [question]:
        text = f"{rule} as always"
    return client.chat.completions.create(model="gpt-4o", messages=[{"role": "system", "content": text}])
"""
    )
    assert read(found, "prompt.change_every") is UNKNOWN


def test_json_that_is_asked_for_on_some_ways_only():
    found = site(
        HEAD
        + """
import sys
SYSTEM = "Answer as JSON with all details." if sys.argv else "Answer."
client.chat.completions.create(model="gpt-4o", messages=[{"role": "system", "content": SYSTEM}])
"""
    )
    assert read(found, "prompt.asks_json") is UNKNOWN
    assert read(found, "prompt.text") == "Answer."


# --- conversations -------------------------------------------------------------------------------------------


def test_a_history_behind_a_change():
    found = site(
        HEAD
        + """
history = []
while True:
    history.append({"role": "user", "content": input()})
    answer = client.chat.completions.create(model="gpt-4o", messages=[
        {"role": "system", "content": f"It is {datetime.datetime.now()}."}, *history])
    history.append({"role": "assistant", "content": answer.choices[0].message.content})
"""
    )
    assert change(found) == ("clock", "call")
    assert read(found, "prompt.history_follows") is True


def test_a_history_without_a_change_before_it():
    found = site(
        HEAD
        + """
history = [{"role": "system", "content": "Be kind."}]
while True:
    history.append({"role": "user", "content": input()})
    answer = client.chat.completions.create(model="gpt-4o", messages=history)
    history.append({"role": "assistant", "content": answer.choices[0].message.content})
"""
    )
    assert read(found, "prompt.leading_tokens") == 3
    assert read(found, "prompt.change_kind") in ("request", ABSENT)


def test_a_clock_in_what_is_appended_is_no_change_of_what_stands():
    found = site(
        HEAD
        + """
history = [{"role": "system", "content": "Be kind."}]
while True:
    history.append({"role": "user", "content": f"[{datetime.datetime.now()}] {input()}"})
    answer = client.chat.completions.create(model="gpt-4o", messages=history)
    history.append({"role": "assistant", "content": answer.choices[0].message.content})
"""
    )
    assert not (read(found, "prompt.change_kind") == "clock" and read(found, "prompt.history_follows") is True)


def test_a_history_in_an_object():
    found = site(
        HEAD
        + """
class Bot:
    def __init__(self):
        self.history = []
    def ask(self, question):
        self.history.append({"role": "user", "content": question})
        r = client.chat.completions.create(model="gpt-4o", messages=[
            {"role": "system", "content": f"It is {datetime.datetime.now()}."}] + self.history)
        self.history.append({"role": "assistant", "content": r.choices[0].message.content})
        return r
"""
    )
    assert change(found) == ("clock", "call")
    assert read(found, "prompt.history_follows") is True


def test_messages_of_nobody():
    found = site(
        f"{HEAD}def ask(messages):\n    return client.chat.completions.create(model='gpt-4o', messages=messages)\n"
    )
    assert read(found, "prompt.roles") in (UNKNOWN, ABSENT)
    assert read(found, "prompt.static_tokens") in (UNKNOWN, ABSENT, 0)


def test_the_cost_of_what_is_stranded():
    found = in_function("[{'role': 'system', 'content': f'It is {time.time()}. ' + LONG}]", f"LONG = {LONG!r}")
    stranded = read(found, "prompt.stranded_tokens")
    assert read(found, "prompt.stranded_cost") == pytest.approx(
        stranded * read(found, "model.input_price") / 1000, rel=0.01
    )


EMBED = "from openai import OpenAI\nfrom typing import List, NamedTuple\nfrom data import rows\nclient = OpenAI()\ndef embed(v):\n    return client.embeddings.create(model='m', input=v)\n"


@pytest.mark.parametrize(
    ("lines", "several"),
    [
        ("for row in rows:\n    embed(row['text'])", False),
        ("for row in rows:\n    embed(row.text.strip())", False),
        ("def one(chunk: str):\n    embed(chunk)", False),
        ("def one(x):\n    return embed(x)\ndef two(x: str):\n    return one(x)", False),
        ("def split(text, n):\n    return [text[i : i + n] for i in range(0, len(text), n)]\nfor c in split(open('x').read(), 9):\n    embed(c)", False),
        ("chunks = []\ntext = open('x').read()\nfor i in range(0, 100, 9):\n    chunks.append(text[i : i + 9])\nfor c in chunks:\n    embed(c)", False),
        ("def all(texts: List[str]):\n    embed(texts)", True),
        ("for i in range(0, len(rows), 9):\n    embed(rows[i : i + 9])", True),
        ("for name in rows:\n    embed(name.vectors.tolist())", True),
        ("for batch in rows:\n    embed(batch)", UNKNOWN),
        ("class Pair(NamedTuple):\n    words: List[str]\ndef of(pair: Pair):\n    embed(pair.words)", UNKNOWN),
    ],
)  # fmt: skip
def test_one_text_or_several_by_what_made_it(lines: str, several: object):
    assert read(site(EMBED + lines + "\n"), "prompt.several_inputs") is several


# --- one of several texts ------------------------------------------------------------------------------------

ASKING = "from openai import OpenAI\ndef ask(q=DEFAULT):\n    return OpenAI().chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content': q}])\n"


@pytest.mark.parametrize(
    ("default", "lines"),
    [
        ("None", 'for q in ["one", "two"]:\n    ask(q)'),
        ("None", 'import sys\nask("one" if sys.argv[1:] else "two")'),
        ("'one'", ""),
    ],
)
def test_a_text_that_is_one_of_several_may_change(default: str, lines: str):
    found = site(ASKING.replace("DEFAULT", default) + lines + "\n")
    assert read(found, "prompt.change_every") is UNKNOWN


def test_one_text_is_no_change():
    assert read(site(ASKING.replace("DEFAULT", "None") + "ask('one')\n"), "prompt.change_kind") is ABSENT


@pytest.mark.parametrize(("url", "kind"), [("'https://x.y/a.png'", ABSENT), ("pick()", "other")])
def test_a_picture_that_is_always_the_same_is_no_change(url: str, kind):
    picture = f"{{'type': 'image_url', 'image_url': {{'url': {url}}}}}"
    found = site(ASKING.replace("DEFAULT", "None").replace("q}", f"[{picture}]}}"))
    assert (read(found, "prompt.change_kind"), read(found, "prompt.media")) == (kind, True)


def test_an_embedded_text_that_is_one_of_several_may_change():
    found = site("""
        from openai import OpenAI
        for row in [{"q": "a"}, {"q": "b"}]:
            OpenAI().embeddings.create(model="text-embedding-3-small", input=row["q"])
    """)
    assert read(found, "prompt.change_every") is UNKNOWN


def test_what_a_lambda_gets_for_each_item_is_one_text():
    lines = "import pandas as pd\ndf = pd.read_csv('x')\ndf['e'] = df.text.apply(lambda x: client.embeddings.create(model='m', input=x))\n"
    assert read(site(EMBED.split("def embed", maxsplit=1)[0] + lines), "prompt.several_inputs") is False


@pytest.mark.parametrize(
    "lines",
    [
        "m = []\nif os.getenv('X'):\n    m.append({'role': 'system', 'content': 'Answer in JSON'})\nm.append({'role': 'user', 'content': 'hi'})",
        "m = [{'role': 'user', 'content': c} for c in ['A', 'as JSON'] if os.getenv(c)]",
        "m = [{'role': 'user', 'content': c} for c in {'A', 'as JSON'}]",
        "m = [{'role': 'user', 'content': 'as JSON'}] * 2",
        "m = [{'role': 'user', 'content': [{'type': 'text', 'text': 'as JSON'}]} for _ in range(2)]",
    ],
)
def test_messages_sent_on_some_ways_or_many_times_are_not_counted(lines: str):
    send = "OpenAI().chat.completions.create(model='gpt-4o', messages=m)"
    found = site(f"import os\nfrom openai import OpenAI\n{lines}\n{send}\n")
    assert [read(found, f"prompt.{name}") for name in ("static_tokens", "asks_json", "roles")] == [UNKNOWN] * 3


def test_messages_that_a_comprehension_converts_keep_their_order():
    lines = """
class Message:
    def __init__(self, role, content):
        self.role, self.content = role, content

    def sent(self):
        return {"role": self.role, "content": self.content}
"""
    found = site(
        f"{HEAD}{lines}\ndef ask(history):\n"
        "    m = [Message('system', f'It is {datetime.datetime.now()}.'), Message('system', 'Be kind.'), *history]\n"
        "    return client.chat.completions.create(model='gpt-4o', messages=[one.sent() for one in m])\n"
    )
    assert change(found) == ("clock", "call")
    assert [segment["part"] for segment in read(found, "prompt.segments")][-2:] == ["system", "message"]
    assert read(found, "prompt.history_follows") is True


def test_what_a_comprehension_makes_for_later_sees_the_last_item():
    found = chat(
        "[one() for one in [lambda: m for m in ({'role': 'user', 'content': 'a'}, {'role': 'user', 'content': 'b'})]]"
    )
    assert read(found, "prompt.text") != "a\nb"


INSERTED = """
class Desk:
    def __init__(self):
        self.turns = []

    def start(self):
        sent = [{"role": "system", "content": "Be kind."}, {"role": "system", "content": time.strftime("%c")}]
        return len(sent), len(self.turns) - 1, sent

    def ask(self, question):
        place, last, sent = self.start()
        while last >= 0:
            sent.insert(place, self.turns[last])
            last -= 1
        sent.append({"role": "user", "content": question})
        answer = client.chat.completions.create(model="gpt-4o", messages=sent)
        self.turns.append({"role": "assistant", "content": answer.choices[0].message.content})
"""


def test_own_answers_put_in_behind_the_head_are_a_conversation():
    found = site(HEAD + INSERTED)
    assert read(found, "prompt.roles") == ["system", "system", "assistant", "user"]
    assert change(found) == ("clock", "call")
    assert read(found, "prompt.history_follows") is True


def test_shots_are_no_conversation():
    shots = "[{'role': 'assistant', 'content': row['answer']} for row in load()]"
    found = chat(f"[{{'role': 'system', 'content': time.strftime('%c')}}, *{shots}]")
    assert read(found, "prompt.history_follows") is False


def test_a_function_in_place_of_the_instructions_is_called_for_each_request():
    found = site("""
        from datetime import datetime
        from agents import Agent, Runner

        def instructions(context, agent):
            return f"It is {datetime.now()}. Be kind."

        async def ask(question):
            return await Runner.run(Agent(name="Desk", instructions=instructions, model="gpt-5.5"), question)
    """)
    assert change(found) == ("clock", "call")
    assert read(found, "prompt.text") == "It is \n. Be kind."


def test_a_function_may_give_the_whole_conversation():
    found = site("""
        from datetime import datetime
        from langchain_openai import ChatOpenAI
        from langgraph.prebuilt import create_react_agent

        def prompt(state, config):
            return [{"role": "system", "content": f"It is {datetime.now()}."}] + state["messages"]

        agent = create_react_agent(ChatOpenAI(model="gpt-4o"), tools=[], prompt=prompt)

        def ask(question):
            return agent.invoke({"messages": [("user", question)]})
    """)
    assert change(found) == ("clock", "call")
    assert read(found, "prompt.history_follows") is True


CONVERTED = """
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

def complete(messages):
    sent = []
    for message in messages:
        if message["role"] == "system":
            sent.append(SystemMessage(content=message["content"]))
        elif message["role"] == "user":
            sent.append(HumanMessage(content=message["content"]))
        else:
            sent.append(AIMessage(content=message["content"]))
    return ChatOpenAI(model="gpt-4o").invoke(sent)

def ask(history):
    head = [{"role": "system", "content": f"It is {datetime.datetime.now()}."}, {"role": "user", "content": "Hi"}]
    return complete(head + history)
"""


def test_messages_that_a_loop_converts_keep_their_order():
    found = site(HEAD + CONVERTED)
    assert change(found) == ("clock", "call")
    assert [segment["part"] for segment in read(found, "prompt.segments")] == ["system"] * 3 + ["user", ""]
    assert read(found, "prompt.history_follows") is True


@pytest.mark.parametrize(
    "body",
    [
        "if message['role'] == 'system':\n        continue\n    m.append(message)",
        "m.insert(0, message)",
        "m.append(message)\n    m.pop()",
        "for other in messages:\n        m.append(other)",
    ],
)
def test_loops_that_do_more_than_append_are_not_followed_item_by_item(body: str):
    lines = "messages = [{'role': 'system', 'content': 'Be kind.'}, {'role': 'user', 'content': 'Hi'}]\nm = []\n"
    found = chat("m", f"{lines}for message in messages:\n    {body}")
    assert read(found, "prompt.roles") is UNKNOWN


HELPED = "def made():\n    return f'It is {datetime.datetime.now()}. Be kind.'\n\n"


@pytest.mark.parametrize(
    ("lines", "every"),
    [
        ("PROMPT = made()\ndef ask(q):\n    send(PROMPT, q)\n", ABSENT),
        ("def ask(q):\n    send(made(), q)\n", "call"),
        ("def ask(q):\n    send(made(), q)\n\ndef main():\n    while True:\n        ask(input())\n\nmain()\n", "call"),
        ("class Desk:\n    def __init__(self):\n        self.prompt = made()\n    def ask(self, q):\n        send(self.prompt, q)\n", "conversation"),
        ("import functools\n@functools.lru_cache(maxsize=1)\ndef kept():\n    return made()\n\ndef ask(q):\n    send(kept(), q)\n", ABSENT),
        ("import functools\n@functools.cache\ndef kept(name):\n    return made() + name\n\ndef ask(q, n):\n    send(kept(n), q)\n", "call"),
    ],
)  # fmt: skip
def test_a_helper_gives_a_new_value_as_often_as_it_is_called(lines: str, every: object):
    sent = "[{'role': 'system', 'content': text}, {'role': 'user', 'content': 'Hello'}]"
    send = f"def send(text, q):\n    client.chat.completions.create(model='gpt-4o', messages={sent})\n\n"
    assert read(site(HEAD + HELPED + send + lines), "prompt.change_every") == every


@pytest.mark.parametrize(
    ("tools", "exact", "partial"),
    [
        ("[{'type': 'function', 'name': 'find'}]", True, None),
        ("[{'type': 'function', 'name': 'find', 'description': about}]", False, True),
        ("[{'type': 'function', 'name': 'find', **about}]", False, True),
        ("[{'type': 'function', 'name': 'find'}, *about]", False, True),
        ("[{'a': {'b': {'c': {'d': {'e': {'f': {'g': {'h': 'deep'}}}}}}}}]", True, None),
    ],
)
def test_tools_that_are_known_in_part(tools: str, exact: bool, partial: bool | None):
    found = site(f"{HEAD}def f(about):\n    client.responses.create(model='gpt-4o', input='Hi', tools={tools})\n")
    first = read(found, "prompt.segments")[0]
    assert (first["state"], first["exact"], first.get("partial")) == ("static", exact, partial)
    assert first["tokens"] > 5
    assert read(found, "prompt.tokens_exact") is exact


def test_any_number_of_tools_has_no_number_of_tokens():
    found = site(
        f"{HEAD}def f(made):\n    client.responses.create(model='gpt-4o', input='Hi', tools=[{{'n': t}} for t in made])\n"
    )
    assert read(found, "prompt.segments")[0]["state"] == "unknown"
    assert read(found, "prompt.static_tokens") is UNKNOWN


@pytest.mark.parametrize(
    ("text", "exact"), [("'Be kind.'", True), ("text or 'Be kind.'", False), ("text and f'{text}: be kind.'", False)]
)
def test_tokens_of_one_of_several_texts_are_an_estimate(text: str, exact: bool):
    message = f"[{{'role': 'user', 'content': {text}}}, {{'role': 'user', 'content': 'Hello.'}}]"
    found = site(f"{HEAD}def f(text):\n    client.chat.completions.create(model='gpt-4o', messages={message})\n")
    assert read(found, "prompt.tokens_exact") is exact
    assert read(found, "prompt.segments")[-1]["exact"] is True
