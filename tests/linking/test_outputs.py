"""What is asked for and what is done with the answer: parsed, compared, read into classes, passed on."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import UNKNOWN, places, read, site, sites

HEAD = "import asyncio, json, re\nfrom openai import OpenAI\nfrom pydantic import BaseModel\nclient = OpenAI()\n"
CREATE = "client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content': 'x'}])"
TEXT = f"{CREATE}.choices[0].message.content"


def found_in(lines: str):
    return site(HEAD + lines.replace("TEXT", TEXT).replace("CREATE", CREATE) + "\n")


def keys(lines: str):
    found = found_in(lines)
    return read(found, "output.keys")


# --- keys ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "data = json.loads(TEXT)\nprint(data['name'], data['age'])",
        "text = TEXT\ndata = json.loads(text)\nname = data['name']\nage = data.get('age')",
        "r = CREATE\nmessage = r.choices[0].message\ndata = json.loads(message.content)\ndata['name']\ndata['age']",
        "data = json.loads(TEXT.strip())\ndata['name'], data['age']",
        "data = json.loads(TEXT.replace('```json', '').strip('`'))\nf(data['name'], data['age'])",
        "def ask():\n    return TEXT\ndata = json.loads(ask())\nprint(data['name'], data['age'])",
        "def ask():\n    r = CREATE\n    return r\ndata = json.loads(ask().choices[0].message.content)\nprint(data['name'], data['age'])",
        "def ask():\n    return json.loads(TEXT)\ndef use():\n    d = ask()\n    return d['name'], d['age']",
        "def parse(text):\n    return json.loads(text)\ndata = parse(TEXT)\nprint(data['name'], data['age'])",
        "def parse(text):\n    data = json.loads(text)\n    return data['name'], data['age']\nparse(TEXT)",
        "try:\n    data = json.loads(TEXT)\nexcept ValueError:\n    data = {}\nprint(data['name'], data['age'])",
        "if (data := json.loads(TEXT)):\n    print(data['name'], data['age'])",
        "data = json.loads(TEXT) or {}\nprint(data['name'], data['age'])",
        "from json import loads as parse\ndata = parse(TEXT)\nprint(data['name'], data['age'])",
        "class P(BaseModel):\n    name: str\n    age: int\np = P(**json.loads(TEXT))",
        "class P(BaseModel):\n    name: str\n    age: int\np = P.model_validate_json(TEXT)",
        "class P(BaseModel):\n    name: str\n    age: int\np = P.model_validate(json.loads(TEXT))",
        "class P(BaseModel):\n    name: str\n    age: int\np = P.parse_raw(TEXT)",
        "def ask():\n    return {'content': TEXT, 'used': 1}\nr = ask()\ndata = json.loads(r['content'])\nprint(data['name'], data['age'])",
        "def ask():\n    return {'x': {'content': TEXT}}\ndata = json.loads(ask()['x'].get('content', ''))\nprint(data['name'], data['age'])",
        "def ask():\n    c = CREATE\n    return c.choices[0].message.content, c.usage\ntext, used = ask()\ndata = json.loads(text)\nprint(data['name'], data['age'])",
        "def ask():\n    return 1, TEXT\ndata = json.loads(ask()[1])\nprint(data['name'], data['age'])",
        "def ask():\n    return json.loads(TEXT), None\ndata, error = ask()\nprint(data['name'], error['code'], data['age'])",
        "from dataclasses import dataclass\n@dataclass\nclass R:\n    text: str\n    used: int\ndef ask():\n    return R(text=TEXT, used=1)\ndata = json.loads(ask().text)\nprint(data['name'], data['age'])",
        "def parse(r):\n    return json.loads(r['content'])\ndata = parse({'content': TEXT})\nprint(data['name'], data['age'])",
        "for text in [TEXT]:\n    data = json.loads(text)\n    print(data['name'], data['age'])",
        "def tidy(text):\n    return text.strip()\ndef ask():\n    return json.loads(tidy(tidy(TEXT)))\nasync def step():\n    return ask(), None\ndef act(rows):\n    for row in rows:\n        print(row['name'], row['age'])\ndef main():\n    rows, _ = asyncio.run(step())\n    act(rows)",
        "found = re.search('{.*}', TEXT)\ndata = json.loads(found.group(0))\nprint(data['name'], data['age'])",
        "found = re.compile('{.*}').search(TEXT)\ndata = json.loads(found.group())\nprint(data['name'], data['age'])",
        "data = json.loads(re.findall('{.*}', TEXT)[-1])\nprint(data['name'], data['age'])",
        "data = json.loads(TEXT)\nprint([(one['name'], one['age']) for one in data])",
        "data = json.loads(TEXT)\nfor number, one in enumerate(data):\n    print(number, one['name'], one['age'])",
        "class P:\n    def __init__(self, name, age):\n        self.name = name\np = P(**json.loads(TEXT))",
        "from pydantic import TypeAdapter\nclass P(BaseModel):\n    name: str\n    age: int\np = TypeAdapter(P).validate_json(TEXT)",
    ],
)
def test_keys_of_json(lines: str):
    found = found_in(lines)
    assert read(found, "output.keys") == ["name", "age"]
    assert set(read(found, "output.read_as")) & {"json", "pydantic"}


@pytest.mark.parametrize(
    "lines",
    [
        "def ask():\n    return {'content': TEXT, 'used': 1}\ndata = json.loads(ask()['used'])\nprint(data['name'])",
        "def ask():\n    return 1, TEXT\nused, text = ask()\ndata = json.loads(used)\nprint(data['name'])",
        "def ask():\n    return {'content': TEXT}\nr = ask()\nprint(r['name'], r == 'yes', 'no' in r)",
        "data = json.loads(str({'content': TEXT}))\nprint(data['name'])",
        "for key in {'content': TEXT}:\n    data = json.loads(key)\n    print(data['name'])",
    ],
)
def test_what_stands_beside_an_answer_is_not_it(lines: str):
    found = found_in(lines)
    assert (read(found, "output.keys"), read(found, "output.compared_with")) == ([], [])


def test_keys_of_an_asynchronous_answer():
    found = site("""
        import json
        from openai import AsyncOpenAI
        client = AsyncOpenAI()
        async def ask():
            r = await client.chat.completions.create(model="m", messages=[])
            return json.loads(r.choices[0].message.content)["name"]
    """)
    assert read(found, "output.keys") == ["name"]
    assert places(found, "output.keys") == ["app.py:6"]


def test_keys_of_a_response():
    found = site("""
        import json
        from openai import OpenAI
        r = OpenAI().responses.create(model="m", input="x")
        data = json.loads(r.output_text)
        print(data["name"])
    """)
    assert read(found, "output.keys") == ["name"]


def test_keys_of_the_answer_of_old():
    found = site("""
        import json, openai
        r = openai.ChatCompletion.create(model="m", messages=[])
        data = json.loads(r["choices"][0]["message"]["content"])
        print(data["name"])
    """)
    assert read(found, "output.keys") == ["name"]


def test_open_keys():
    found = found_in("for key, value in json.loads(TEXT).items():\n    print(key, value)")
    assert read(found, "output.keys") == []
    assert "iterated" in read(found, "output.read_as")


@pytest.mark.parametrize(
    "lines",
    [
        "data = json.loads('{}')\nanswer = CREATE\ndata['name']",
        "data = json.loads(TEXT)\ndata = {'name': 1}\ndata['name']",
        "r = CREATE\nr['name']",
        "def f(data):\n    return data['name']\nx = CREATE",
        "r = CREATE\ntry:\n    r = json.loads(r.choices[0].message.content)\nexcept ValueError:\n    r = {'text': r.choices[0].message.content}",
    ],
)
def test_keys_of_something_else(lines: str):
    assert keys(lines) == []


# --- other ways to read --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("number = int(TEXT)", {"number"}),
        ("score = float(TEXT.strip())", {"number"}),
        ("m = re.search(r'\\d+', TEXT)", {"regex"}),
        ("m = re.findall('x', TEXT)", {"regex"}),
        ("data = json.loads(TEXT)", {"json"}),
        ("def ask():\n    return TEXT", {"returned"}),
        ("class A:\n    def ask(self):\n        self.answer = TEXT", {"stored"}),
        ("ok = TEXT == 'yes'", {"compared"}),
        ("ok = 'yes' in TEXT.lower()", {"compared"}),
        ("print(TEXT)", set()),
    ],
)
def test_ways_to_read(lines: str, words: set[str]):
    assert set(read(found_in(lines), "output.read_as")) == words


@pytest.mark.parametrize(
    ("lines", "constants"),
    [
        ("if TEXT == 'yes':\n    pass", ["yes"]),
        ("answer = TEXT.strip().lower()\nif answer == 'yes':\n    pass\nelif answer == 'no':\n    pass", ["yes", "no"]),
        ("answer = TEXT\nassert answer in ('yes', 'no')", ["yes", "no"]),
        ("LABELS = ['a', 'b']\nif TEXT in LABELS:\n    pass", ["a", "b"]),
        ("if TEXT.startswith('yes'):\n    pass", ["yes"]),
        ("if 'spam' in TEXT:\n    pass", ["spam"]),
        ("def ask():\n    return TEXT\nif ask() == 'yes':\n    pass", ["yes"]),
        ("def check(answer):\n    return answer == 'yes'\ncheck(TEXT)", ["yes"]),
        ("data = json.loads(TEXT)\nif data['label'] == 'spam':\n    pass", ["spam"]),
        ("data = json.loads(TEXT)\nif 'label' in data:\n    pass", []),
        (
            "text = TEXT\nif text.startswith('```json') or text.endswith('```') or text == '' or '{' in text:\n    pass",
            [],
        ),
    ],
)
def test_constants_that_the_answer_is_compared_with(lines: str, constants: list[str]):
    assert read(found_in(lines), "output.compared_with") == constants


def test_a_call_beside_one_that_sends_the_same_with_a_schema():
    found = sites(
        {
            "app.py": HEAD
            + "class Person(BaseModel):\n    name: str\n"
            + "def ask(messages, able):\n    if able:\n"
            + "        return client.chat.completions.parse(model='gpt-5.5', messages=messages, response_format=Person)\n"
            + "    return client.chat.completions.create(model='gpt-5.5', messages=messages, response_format={'type': 'json_object'})\n"
            + "def other(messages):\n"
            + "    return client.chat.completions.create(model='gpt-5.5', messages=messages, response_format={'type': 'json_object'})\n"
        }
    )
    assert [read(one, "output.schema_beside") for one in found] == [False, True, False]


def test_a_stream():
    found = site(HEAD + f"for chunk in {CREATE[:-1]}, stream=True):\n    print(chunk.choices[0].delta.content)\n")
    assert "streamed" in read(found, "output.read_as")
    assert read(found, "argument.stream") is True


# --- formats -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "text"),
        (", response_format={'type': 'json_object'}", "json_object"),
        (", response_format={'type': 'text'}", "text"),
        (", response_format={'type': 'json_schema', 'json_schema': {'name': 'x', 'schema': {}}}", "json_schema"),
        (", response_format=dict(type='json_object')", "json_object"),
        (", response_format=FORMAT", "json_object"),
        (", **OPTIONS", "json_object"),
        (", tools=[{'type': 'function', 'function': {'name': 'f'}}], tool_choice='required'", "tools"),
    ],
)
def test_formats(given: str, expected: str):
    lines = "FORMAT = {'type': 'json_object'}\nOPTIONS = {'response_format': FORMAT}\n"
    assert read(site(HEAD + lines + CREATE[:-1] + given + ")\n"), "output.format") == expected


def test_a_class_as_format():
    found = site(
        HEAD
        + """
from typing import Literal
class Answer(BaseModel):
    label: Literal["a", "b"]
    sure: bool
r = client.beta.chat.completions.parse(model="gpt-4o", messages=[], response_format=Answer)
print(r.choices[0].message.parsed.label)
"""
    )
    assert read(found, "output.format") == "json_schema"
    assert read(found, "output.closed_schema") is True
    assert read(found, "output.keys") == ["label"]


def test_keys_that_are_read_show_json_in_a_prompt_that_is_not_seen():
    found = site(
        HEAD + "def ask(prompt):\n"
        "    r = client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content': prompt}])\n"
        "    return json.loads(r.choices[0].message.content)['verdict']\n"
    )
    assert (read(found, "output.format"), read(found, "output.keys")) == ("prose_json", ["verdict"])


@pytest.mark.parametrize(
    ("kind", "closed"),
    [("bool", True), ("int", True), ("Literal['a', 'b']", True), ("Color", True), ("list[str]", False), ("str", False)],
)
def test_types_that_leave_no_choice_of_words(kind: str, closed: bool):
    found = site(
        "from enum import Enum\nfrom typing import Literal\nfrom pydantic_ai import Agent\n"
        "class Color(Enum):\n    RED = 'red'\n"
        f"Agent('openai:gpt-5.5', output_type={kind}).run_sync('x')\n"
    )
    assert read(found, "output.closed_schema") is closed


def test_a_class_with_free_text_is_open():
    found = site(
        HEAD
        + "class Answer(BaseModel):\n    text: str\n"
        + "client.responses.parse(model='gpt-4o', input='x', text_format=Answer)\n"
    )
    assert (read(found, "output.format"), read(found, "output.closed_schema")) == ("json_schema", False)


CHOICE = "from typing import Annotated, Literal, TypedDict\nfrom pydantic import Field\n"


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ("kind: Literal['a', 'b']", "decision"),
        ("holds: bool\n    confidence: float", "explained_decision"),
        ("reasoning: str\n    kind: Literal['a', 'b']", "explained_decision"),
        ("grade: str = Field(description=\"'yes' if it fits, else 'no'\")", "decision"),
        ("found: str = Field(description='One of red, green or blue')", "decision"),
        ("found: Annotated[str, ..., \"either 'red' or 'blue'\"]", "decision"),
        ("sentiment: str", "decision"),
        ("kinds: list[Literal['a', 'b']]", "decision"),
        ("kind: Literal['a', 'b']\n    content: str", "text"),
        ("kind: Literal['a', 'b']\n    name: str", "open"),
        ("holds: bool\n    found: list[str]", "open"),
        ("reasoning: str", "open"),
    ],
)
def test_what_a_schema_leaves_to_say(fields: str, asks: str):
    found = site(
        HEAD
        + CHOICE
        + f"class Answer(BaseModel):\n    {fields}\n"
        + "client.responses.parse(model='gpt-4o', input='x', text_format=Answer)\n"
    )
    assert read(found, "output.schema_asks") == asks


@pytest.mark.parametrize(
    ("kind", "asks"), [("'string'", "open"), ("['boolean', 'null']", "decision"), ("[]", "open"), ("7", "open")]
)
def test_what_a_schema_that_is_data_leaves_to_say(kind: str, asks: str):
    schema = f"{{'type': 'object', 'properties': {{'a': {{'type': {kind}}}}}}}"
    given = f"text={{'format': {{'type': 'json_schema', 'name': 'x', 'schema': {schema}}}}}"
    found = site(HEAD + f"client.responses.create(model='gpt-4o', input='x', {given})\n")
    assert read(found, "output.schema_asks") == asks
    assert read(found, "output.closed_schema") is (asks == "decision")


def test_keys_of_an_answer_that_a_wrapper_gives_as_a_mapping():
    found = site(
        "from typing import TypedDict\nfrom langchain_openai import ChatOpenAI\n"
        "class Grade(TypedDict):\n    relevant: bool\n    why: str\n"
        "grade = ChatOpenAI(model='gpt-4o').with_structured_output(Grade).invoke('x')\n"
        "print(grade['relevant'], grade.get('why'))\n"
    )
    assert read(found, "output.keys") == ["relevant", "why"]


def test_json_asked_for_in_prose():
    lines = CREATE.replace("'x'", "'Answer as JSON with the key name.'")
    found = site(f"{HEAD}data = json.loads({lines}.choices[0].message.content)\nprint(data['name'])\n")
    assert (read(found, "output.format"), read(found, "output.keys")) == ("prose_json", ["name"])


# --- formats that are classes, or left open ------------------------------------------------------------------

WRAPPED = "import instructor\nfrom typing import Iterable, Optional, Type\nclass Item(BaseModel):\n    name: str\n"
MESSAGES = "model='gpt-4o', messages=[{'role': 'user', 'content': 'x'}]"


@pytest.mark.parametrize("given", ["Iterable[Item]", "list[Item]", "Item"])
def test_a_container_of_a_class_is_a_schema(given: str):
    call = f"instructor.from_openai(client).chat.completions.create({MESSAGES}, response_model={given})\n"
    assert read(site(HEAD + WRAPPED + call), "output.format") == "json_schema"


@pytest.mark.parametrize("annotation", ["Type[BaseModel]", "type[BaseModel]", "Optional[BaseModel] = None"])
def test_a_class_that_the_caller_chooses(annotation: str):
    lines = f"def ask(schema: {annotation}):\n    if schema:\n        return client.chat.completions.parse({MESSAGES}, response_format=schema)\n"
    assert read(site(HEAD + WRAPPED + lines), "output.format") == "json_schema"


def test_a_class_of_the_project_or_one_below_it_is_open():
    lines = (
        f"def ask(schema: Type[Item]):\n    return client.chat.completions.parse({MESSAGES}, response_format=schema)\n"
    )
    assert read(site(HEAD + WRAPPED + lines), "output.format") is UNKNOWN


@pytest.mark.parametrize(
    ("mode", "sent"),
    [
        ("", "json_schema"),
        (", mode=instructor.Mode.JSON", "json_object"),
        (", mode=instructor.Mode.MD_JSON", "prose_json"),
    ],
)
def test_a_wrapper_asks_for_a_class_in_its_own_way(mode: str, sent: str):
    call = f"instructor.from_openai(client{mode}).chat.completions.create({MESSAGES}, response_model=Item)\n"
    found = site(HEAD + WRAPPED + call)
    assert (read(found, "output.format"), read(found, "output.sent_as")) == ("json_schema", sent)


def test_a_client_that_was_changed_in_place():
    assert (
        read(
            site(HEAD + WRAPPED + f"client.chat.completions.create({MESSAGES}, response_model=Item)\n"), "output.format"
        )
        == "json_schema"
    )


def test_a_tool_that_must_be_called_whatever_else_comes_in():
    lines = (
        "def ask(tool, **more):\n    return client.chat.completions.create("
        + MESSAGES
        + ", tools=[tool], tool_choice=CHOICE, **more)\n"
    )
    forced = lines.replace("CHOICE", "{'type': 'function', 'function': {'name': 'f'}}")
    assert read(site(HEAD + forced), "output.format") == "tools"
    assert read(site(HEAD + lines.replace("CHOICE", "'auto'")), "output.format") is UNKNOWN


def test_an_assistants_run_with_tools():
    run = "client.beta.threads.runs.create(thread_id='t', assistant_id='a', tools=[{'type': 'file_search'}])\n"
    assert read(site(HEAD + run), "output.format") == "tools"


def test_words_that_stand_in_place_of_data_are_no_labels():
    found = found_in("text = TEXT\nif text != 'nothing found':\n    data = json.loads(text)\n    print(data['x'] == 'red')")
    assert read(found, "output.compared_with") == ["red"]


def test_a_label_is_looked_up_in_a_mapping():
    found = found_in("MODES = {'draw': 1, 'write': 2}\nmode = TEXT.lower()\nif mode not in MODES:\n    mode = 'write'")
    assert read(found, "output.compared_with") == ["draw", "write"]


TWO_WAYS = """
def ask(text, as_json=False):
    response = CREATE
    if as_json:
        return json.loads(response.choices[0].message.content)
    return response
def plain():
    return ask('x')['choices']
def parsed():
    return ask('x', as_json=True)['title']
"""


def test_what_a_caller_rules_out_is_not_done_with_its_answer():
    found = found_in(TWO_WAYS)
    assert sorted(str(path.facts["output.keys"].value) for path in found.paths) == ["['title']", "[]"]
