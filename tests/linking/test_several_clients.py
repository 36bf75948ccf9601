"""A client that may be built in several ways: what is stated holds for all of them, and what isn't seen is unknown."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, cap, models, read, reason, site

CHAT = "from langchain_openai import ChatOpenAI\n"
ENDPOINT = """
    from langchain_openai import AzureChatOpenAI, ChatOpenAI
    from langchain_anthropic import ChatAnthropic
    from langchain_groq import ChatGroq
    class Endpoint:
        def __init__(self, llm):
            self._llm = llm
        @classmethod
        def of(cls, config):
            if config.kind == 1: llm = ChatOpenAI(model=config.model, max_tokens=5)
            elif config.kind == 2: llm = AzureChatOpenAI(model=config.model, max_tokens=5)
            elif config.kind == 3: llm = ChatAnthropic(model=config.model)
            elif config.kind == 4: llm = ChatGroq(model=config.model)
            elif config.kind == 5: llm = ChatGroq(model=config.fast)
            else: llm = ChatGroq(model=config.small)
            return cls(llm=llm)
    class Search:
        def __init__(self, llm: Endpoint):
            self.endpoint = llm
        def ask(self, question):
            return self.endpoint._llm.invoke(question)
"""


@pytest.mark.parametrize(
    "program",
    [
        "llm = ChatOpenAI(model='gpt-4o', max_tokens=5)\nif read():\n    llm = ChatOpenAI(model='gpt-4o-mini')\nllm.invoke('x')",
        "def get(x):\n    return ChatOpenAI(model='gpt-4o', max_tokens=5) if x else ChatOpenAI(model='gpt-4o-mini')\nget(read()).invoke('x')",
        "class A:\n    def __init__(self, llm):\n        self.llm = llm\n    def ask(self):\n        self.llm.bind(stop=['.']).invoke('x')\n"
        "A(ChatOpenAI(model='gpt-4o', max_tokens=5)).ask()\nA(ChatOpenAI(model='gpt-4o-mini')).ask()",
    ],
)
def test_what_is_given_on_some_ways_only(program: str):
    found = site(CHAT + program)
    assert models(found) == ["gpt-4o", "gpt-4o-mini"]
    assert cap(found) is UNKNOWN
    assert read(found, "client.host") == "openai"


def test_what_is_given_on_all_ways():
    found = site(
        CHAT
        + "llm = ChatOpenAI(model='gpt-4o', max_tokens=5, timeout=3)\nif read():\n    llm = ChatOpenAI(model='gpt-4o', max_tokens=5)\nllm.invoke('x')"
    )
    assert (models(found), cap(found)) == (["gpt-4o"], 5)
    assert read(found, "client.timeout") is UNKNOWN


def test_a_pipeline_of_one_of_several():
    found = site(
        CHAT
        + "from langchain_core.prompts import ChatPromptTemplate\nprompt = ChatPromptTemplate.from_template('Say {x}')\n"
        + "llm = ChatOpenAI(model='gpt-4o', max_tokens=5)\nif read():\n    llm = ChatOpenAI(model='gpt-4o-mini')\n(prompt | llm).invoke({'x': 1})"
    )
    assert cap(found) is UNKNOWN
    assert models(found) == ["gpt-4o", "gpt-4o-mini"]


def test_a_client_whose_construction_is_not_seen():
    found = site(CHAT + "def ask(llm: ChatOpenAI):\n    return llm.invoke('x')")
    assert models(found) is UNKNOWN, "not the one that is asked where nothing is given"
    assert cap(found) is UNKNOWN
    assert "built" in reason(found, "argument.output_cap")
    found = site(
        "from openai import OpenAI\ndef ask(client: OpenAI):\n    return client.responses.create(model='gpt-4o', input='x')"
    )
    assert cap(found) is ABSENT, "a client of the API's own gives its requests none"
    assert read(found, "client.timeout") is UNKNOWN


def test_a_chain_around_one_of_several():
    found = site(
        CHAT
        + "from langchain.chains import LLMChain\nllm = ChatOpenAI(model='gpt-4o', max_tokens=5)\nif read():\n    llm = ChatOpenAI(model='gpt-4o-mini', max_tokens=9)\n"
        + "LLMChain(llm=llm, prompt='Say it').run('x')"
    )
    assert (models(found), cap(found)) == (["gpt-4o", "gpt-4o-mini"], None)
    assert read(found, "client.class") == "langchain_openai.ChatOpenAI"


def test_classes_that_differ():
    found = site(
        "from openai import AzureOpenAI, OpenAI\nclient = OpenAI()\nif read():\n    client = AzureOpenAI()\nclient.responses.create(model='gpt-4o', input='x')"
    )
    assert read(found, "client.class") is UNKNOWN
    assert read(found, "client.host") == "openai"


def test_what_is_handed_over_and_annotated():
    found = site("""
        from openai import AsyncAzureOpenAI
        class Client:
            def __init__(self, retry=None):
                self.retry = retry
            async def run(self, texts):
                client = AsyncAzureOpenAI()
                for text in texts:
                    if self.retry is not None:
                        await self.retry(self.embed, client, text)
                    else:
                        await self.embed(client, text)
            async def embed(self, client: AsyncAzureOpenAI, text):
                return await client.embeddings.create(model="text-embedding-3-small", input=text)
    """)
    assert read(found, "client.host") == "azure"


def test_more_than_are_told_apart():
    made = "".join(f"Search(Endpoint.of(read({n}))).ask('x')\n" for n in range(4))
    found = site(dedented(ENDPOINT) + made)
    assert read(found, "endpoint.id") == "invoke"
    assert read(found, "client.host") is UNKNOWN
    assert models(found) is UNKNOWN
    assert cap(found) is UNKNOWN


def test_a_method_that_is_called_on_all_of_them():
    asked = "self.endpoint._llm.with_structured_output(Answer, method='json_schema').invoke(question)"
    program = dedented(ENDPOINT).replace("self.endpoint._llm.invoke(question)", asked)
    made = "".join(f"Search(Endpoint.of(read({n}))).ask('x')\n" for n in range(4))
    found = site(f"import pydantic\nclass Answer(pydantic.BaseModel):\n    text: str\n{program}{made}")
    assert read(found, "output.format") == "json_schema"
    assert cap(found) is UNKNOWN


def test_hosts_of_more_than_are_told_apart():
    made = "".join(f"A(get('https://api.groq.com/{n}')).ask()\n" for n in range(30))
    program = (
        "from openai import OpenAI\ndef get(url):\n    return OpenAI(base_url=url)\nclass A:\n    def __init__(self, c):\n        self.c = c\n"
        "    def ask(self):\n        self.c.chat.completions.create(model='gpt-4o', messages=[])\n"
    )
    assert read(site(program + made), "client.host") in ("other", UNKNOWN)


@pytest.mark.parametrize(
    ("other", "host"),
    [
        ("from elsewhere import Other\nother = Other(key=1)", UNKNOWN),
        ("from tracing import Traced\nother = Traced(client)", "openai"),
        ("from unittest.mock import MagicMock\nother = MagicMock()", "openai"),
        ("from groq import Groq\nother = Groq()", UNKNOWN),
    ],
)
def test_a_client_of_another_package_on_one_way(other: str, host: object):
    found = site(
        f"from openai import OpenAI\nclient = OpenAI()\n{other}\ndef get(x):\n    return other if x else client\n"
        "get(read()).chat.completions.create(model='gpt-4o', messages=[])"
    )
    assert read(found, "client.host") == host


def dedented(text: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in text.splitlines()) + "\n"


# --- folders on the path ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("put", "expected"),
    [
        ("sys.path.insert(0, str(Path(__file__).parent.parent / 'agent'))", ["gpt-4o"]),
        ("sys.path.append(os.path.join(HERE, '../agent'))", ["gpt-4o"]),
        ("sys.path.append('../agent/')", ["gpt-4o"]),
        ("sys.path.append('../other')", UNKNOWN),
        ("HERE = 'agent'", UNKNOWN),
    ],
)
def test_a_module_in_a_folder_that_is_put_on_the_path(put: str, expected: object):
    found = site(f"""
# file: tasks/travel/evaluation/run.py
import os, sys
from pathlib import Path
from openai import OpenAI
{put}
from settings import MODEL
OpenAI().chat.completions.create(model=MODEL, messages=[])
# file: tasks/travel/agent/settings.py
MODEL = "gpt-4o"
# file: tasks/shopping/agent/settings.py
MODEL = "gpt-4"
""")
    assert models(found) == expected


# --- a prompt of which no text is known --------------------------------------------------------------------------


def test_an_answer_that_is_parsed_and_a_prompt_that_is_not_known():
    found = site("""
        import json
        from openai import OpenAI
        def ask(instructions, text):
            messages = [{"role": "system", "content": instructions}, {"role": "user", "content": text}]
            answer = OpenAI().chat.completions.create(model="gpt-4o", messages=messages)
            return json.loads(answer.choices[0].message.content)
    """)
    assert read(found, "output.format") is UNKNOWN
    assert read(found, "prompt.asks_json") is UNKNOWN


def test_the_package_of_a_method_that_is_one_of_two():
    found = site("""
        if read():
            import litellm
            completion = litellm.completion
        else:
            from openai import OpenAI
            completion = OpenAI().chat.completions.create
        def ask(model):
            return completion(model=model, messages=[])
    """)
    assert read(found, "client.sdk") is UNKNOWN
    assert read(found, "client.host") is UNKNOWN


@pytest.mark.parametrize("given", ["settings.get('url')", "None", "os.environ.get('MY_URL')"])
def test_an_address_from_the_settings_with_a_default(given: str):
    found = site(f"""
        import os, yaml
        from openai import OpenAI
        settings = yaml.safe_load(open("/etc/x.yml"))
        url = {given}
        client = OpenAI(base_url=url or "https://api.groq.com/openai/v1")
        client.chat.completions.create(model="m", messages=[])
    """)
    assert read(found, "client.host") == "other"
