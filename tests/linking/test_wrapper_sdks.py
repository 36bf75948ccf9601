"""Libraries that stand before OpenAI: what their objects, methods and pipelines send, and to whom."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, models, read, site, sites

from llmlint.facts.call_site import CallSite


def told(found: CallSite) -> tuple[object, ...]:
    """Who answers, with which models and which cap."""
    return read(found, "client.host"), models(found), read(found, "argument.output_cap")


LANGCHAIN = "from langchain_openai import ChatOpenAI, AzureChatOpenAI, OpenAIEmbeddings\n"
AGENTS = "from agents import Agent, Runner, ModelSettings, OpenAIChatCompletionsModel\nfrom openai import AsyncOpenAI\n"
PYDANTIC_AI = "from pydantic_ai import Agent\nfrom pydantic_ai.models.openai import OpenAIChatModel\n"
LLAMA = "from llama_index.llms.openai import OpenAI\nfrom llama_index.core.llms import ChatMessage, MessageRole\n"


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (LANGCHAIN + 'ChatOpenAI(model="gpt-4o", max_tokens=9).invoke("hi")', ("openai", ["gpt-4o"], 9)),
        (LANGCHAIN + 'ChatOpenAI(model_name="gpt-4o").invoke("hi")', ("openai", ["gpt-4o"], ABSENT)),
        (LANGCHAIN + 'ChatOpenAI().invoke("hi")', ("openai", ["gpt-3.5-turbo"], ABSENT)),
        (LANGCHAIN + 'ChatOpenAI(model="gpt-4o", max_tokens=9).bind(max_tokens=5).invoke("hi")', ("openai", ["gpt-4o"], 5)),
        (LANGCHAIN + 'ChatOpenAI(model="gpt-4o").invoke("hi", max_tokens=4)', ("openai", ["gpt-4o"], 4)),
        (LANGCHAIN + 'ChatOpenAI(model="gpt-4o", model_kwargs={"max_tokens": 3}).with_retry().invoke("hi")', ("openai", ["gpt-4o"], 3)),
        (LANGCHAIN + 'ChatOpenAI(model="m", base_url="https://openrouter.ai/api/v1").invoke("hi")', ("other", ["m"], ABSENT)),
        (LANGCHAIN + 'AzureChatOpenAI(azure_deployment="big").invoke("hi")', ("azure", ["big"], ABSENT)),
        (LANGCHAIN + 'llm = ChatOpenAI(model="gpt-4o")\nllm("hi")', ("openai", ["gpt-4o"], ABSENT)),
        ("# file: agent.py\n" + LANGCHAIN + 'class Agent:\n    def __init__(self):\n        self.llm = ChatOpenAI(model="gpt-4o")\n# file: app.py\nfrom agent import Agent\nAgent().llm("hi")', ("openai", ["gpt-4o"], ABSENT)),
        (LANGCHAIN + "OpenAIEmbeddings().embed_query(text)", ("openai", ["text-embedding-ada-002"], ABSENT)),
        ('from langchain.chat_models import ChatOpenAI\nChatOpenAI(model_name="gpt-4")([])', ("openai", ["gpt-4"], ABSENT)),
        ('from langchain.chat_models import init_chat_model\ninit_chat_model("openai:gpt-4o").invoke("hi")', ("openai", ["gpt-4o"], ABSENT)),
        ('from langchain.chat_models import init_chat_model\ninit_chat_model("gpt-4o").invoke("hi")', ("openai", ["gpt-4o"], ABSENT)),
        ('from langchain.chat_models import init_chat_model\ninit_chat_model("claude-5", model_provider="anthropic").invoke("hi")', ("other", ["claude-5"], ABSENT)),
        ('from langchain.chat_models import init_chat_model\ninit_chat_model("anthropic:claude-5").invoke("hi")', ("other", ["claude-5"], ABSENT)),
        ('from langchain.chat_models import init_chat_model\nm = init_chat_model(configurable_fields=("model",))\nm.with_config({"model": "openai:gpt-4o", "max_tokens": 4}).invoke("hi")', ("openai", ["gpt-4o"], 4)),
        ('import litellm\nlitellm.api_base = None\ndef ask(**given):\n    litellm.completion(messages=[], **given)', ("unknown", "unknown", "unknown")),
        ('import litellm\nlitellm.completion(model="gpt-4o", messages=[], max_tokens=5)', ("openai", ["gpt-4o"], 5)),
        ('from litellm import completion\ncompletion("azure/big", [])', ("azure", ["big"], ABSENT)),
        ('from litellm import completion\ncompletion("anthropic/claude-5", [])', ("other", ["claude-5"], ABSENT)),
        ('from litellm import completion\ncompletion(model="openai/qwen", api_base="http://localhost:1234", messages=[])', ("other", ["qwen"], ABSENT)),
        ("from litellm import completion\ndef ask(model):\n    completion(model=model, messages=[])", ("unknown", "unknown", ABSENT)),
        ("from litellm import Router\nRouter(model_list=[]).completion(model='mine', messages=[])", ("unknown", ["mine"], ABSENT)),
        (AGENTS + 'Runner.run_sync(Agent(name="a", model="gpt-5.5", model_settings=ModelSettings(max_tokens=7)), "hi")', ("openai", ["gpt-5.5"], 7)),
        (AGENTS + 'Runner.run_sync(Agent(name="a", model=OpenAIChatCompletionsModel(model="gpt-4o", openai_client=AsyncOpenAI())), "hi")', ("openai", ["gpt-4o"], ABSENT)),
        (AGENTS + 'Runner.run_sync(Agent(name="a", model=OpenAIChatCompletionsModel(model="m", openai_client=AsyncOpenAI(base_url="https://api.deepseek.com"))), "hi")', ("other", ["m"], ABSENT)),
        (AGENTS + 'Runner.run_sync(Agent(name="a", model="litellm/anthropic/claude-5"), "hi")', ("other", ["anthropic/claude-5"], ABSENT)),
        (AGENTS + "def ask(agent):\n    Runner.run_sync(agent, 'hi')", ("unknown", "unknown", ABSENT)),
        (PYDANTIC_AI + 'Agent("openai:gpt-4o", model_settings={"max_tokens": 3}).run_sync("hi")', ("openai", ["gpt-4o"], 3)),
        (PYDANTIC_AI + 'Agent(OpenAIChatModel("gpt-4.1")).run_sync("hi")', ("openai", ["gpt-4.1"], ABSENT)),
        (PYDANTIC_AI + 'Agent[Deps, str]("openai:gpt-4o", deps_type=Deps).run_sync("hi")', ("openai", ["gpt-4o"], ABSENT)),
        (AGENTS + 'Runner.run_sync(Agent[Context](name="a", model="gpt-5.5"), "hi")', ("openai", ["gpt-5.5"], ABSENT)),
        (PYDANTIC_AI + 'Agent("anthropic:claude-5").run_sync("hi")', ("other", ["claude-5"], ABSENT)),
        ('import dspy\nlm = dspy.LM("openai/gpt-4o-mini", max_tokens=300)\nlm("hi")', ("openai", ["gpt-4o-mini"], 300)),
        ('import dspy\ndspy.configure(lm=dspy.LM("openai/gpt-4o-mini", max_tokens=300))\nanswer = dspy.Predict("q -> a")\nanswer(q="hi")', ("openai", ["gpt-4o-mini"], 300)),
        (LLAMA + 'OpenAI(model="gpt-4o", max_tokens=2).complete("hi")', ("openai", ["gpt-4o"], 2)),
        (LLAMA + 'OpenAI("gpt-4o").chat([])', ("openai", ["gpt-4o"], ABSENT)),
        ('import instructor\ninstructor.from_provider("openai/gpt-4o").create(messages=[], response_model=int)', ("openai", ["gpt-4o"], ABSENT)),
        ('import requests\nrequests.post("https://api.openai.com/v1/chat/completions", json={"model": "gpt-4o", "max_tokens": 6})', ("openai", ["gpt-4o"], 6)),
        ('import requests, json\nURL = "https://api.openai.com/v1"\nrequests.post(f"{URL}/responses", data=json.dumps({"model": "gpt-5.5"}))', ("openai", ["gpt-5.5"], ABSENT)),
        ('import httpx\nwith httpx.Client(base_url="https://api.openai.com/v1") as client:\n    client.post("/responses", json={"model": "gpt-5.5", "max_output_tokens": 8})', ("openai", ["gpt-5.5"], 8)),
        ('import aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as s:\n        await s.post("https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1", json={"model": "gpt-4o"})', ("azure", ["gpt-4o"], ABSENT)),
        ('import urllib.request, json\nurllib.request.Request("https://api.openai.com/v1/embeddings", json.dumps({"model": "text-embedding-3-small"}).encode())', ("openai", ["text-embedding-3-small"], ABSENT)),
    ],
)  # fmt: skip
def test_who_answers_with_what(program: str, expected: tuple[object, ...]):
    assert told(site(program)) == tuple(UNKNOWN if one == "unknown" else one for one in expected)


@pytest.mark.parametrize(
    "program",
    [
        'import requests\nrequests.post("http://localhost:8000/v1/chat/completions", json={"model": "x"})',
        'import requests\nrequests.post("https://api.openai.com/v1/files", json={})',
        'import requests\ndef f(base):\n    requests.post(base + "/v1/chat/completions", json={"model": "x"})',
        'import requests\nrequests.get("https://api.openai.com/v1/models")',
        "from langchain_anthropic import ChatAnthropic\nChatAnthropic(model='claude-5').invoke('hi')",
        "def run(chain, agent):\n    chain.invoke('hi')\n    agent.run('hi')",
        "# file: agents/__init__.py\nclass Agent: ...\nclass Runner:\n    @staticmethod\n    def run(agent, text): ...\n# file: app.py\nfrom agents import Agent, Runner\nRunner.run(Agent(), 'hi')",
        LANGCHAIN + "tools = [ChatOpenAI(model='gpt-4o')]\nbuild(llm=ChatOpenAI(model='gpt-4o'))",
    ],
)
def test_what_is_no_call(program: str):
    assert sites(program) == ()


# --- prompts -------------------------------------------------------------------------------------------------

CHAIN = LANGCHAIN + (
    "from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder, PromptTemplate\n"
    "from langchain_core.messages import SystemMessage, HumanMessage\n"
    "from langchain_core.output_parsers import JsonOutputParser, StrOutputParser\n"
    'llm = ChatOpenAI(model="gpt-4o")\n'
)


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ('llm.invoke([SystemMessage("Be kind."), HumanMessage(content="Hello")])', "Be kind.\nHello"),
        ('llm.invoke([("system", "Be kind."), ("human", "Hello")])', "Be kind.\nHello"),
        ('(ChatPromptTemplate.from_messages([("system", "Be {how}."), ("human", "{q}")]) | llm).invoke({"how": "kind", "q": "Hi"})', "Be kind.\nHi"),
        ('(ChatPromptTemplate.from_template("Say {{x}} to {who}") | llm | StrOutputParser()).invoke({"who": "me"})', "Say {x} to me"),
        ('llm.invoke(PromptTemplate.from_template("Dear {who}").format(who="you"))', "Dear you"),
        ('llm.invoke(ChatPromptTemplate.from_messages([("human", "To {who}")]).invoke({"who": "you"}))', "To you"),
    ],
)  # fmt: skip
def test_text_of_templates(program: str, text: str):
    assert read(site(CHAIN + program), "prompt.text") == text


def test_roles_and_what_is_filled_in_later():
    found = site(
        CHAIN
        + 'prompt = ChatPromptTemplate.from_messages([("system", "Answer."), MessagesPlaceholder("h"), ("human", "{q}")])\n'
        "def ask(q):\n    return (prompt | llm).invoke(q)\n"
    )
    assert read(found, "prompt.roles") == ["system", "history", "user"]
    assert read(found, "prompt.text") == "Answer."


def test_a_pipeline_from_elsewhere_hides_the_prompt():
    assert (
        read(site(CHAIN + "def ask(retriever, q):\n    return (retriever | llm).invoke(q)\n"), "prompt.text") is ABSENT
    )


def test_an_agents_instructions_may_be_a_function():
    found = site(
        AGENTS + "def tell(context, agent):\n    return 'Be kind.'\n"
        'Runner.run_sync(Agent(name="a", model="gpt-5.5", instructions=tell), "Hello")'
    )
    assert read(found, "prompt.text") == "Be kind.\nHello"


def test_message_objects_with_roles_of_an_enumeration():
    found = site(LLAMA + 'OpenAI("gpt-4o").chat([ChatMessage(role=MessageRole.SYSTEM, content="Be kind.")])')
    assert (read(found, "prompt.roles"), read(found, "prompt.text")) == (["system"], "Be kind.")


# --- answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "sent_as", "keys"),
    [
        ('x = (PromptTemplate.from_template("{q} as JSON") | llm | JsonOutputParser()).invoke(q)\nprint(x["a"], x.get("b"))', "prose_json", ["a", "b"]),
        ('from langchain_core.output_parsers import PydanticOutputParser\nx = (PromptTemplate.from_template("{q} as JSON") | llm | PydanticOutputParser(pydantic_object=Person)).invoke(q)\nprint(x.name)', "prose_json", ["name"]),
        ('import json\nx = json.loads(llm.invoke("Answer in JSON").content)\nprint(x["a"])', "prose_json", ["a"]),
        ('x = llm.bind(response_format={"type": "json_object"}).invoke(q).content', "json_object", []),
        ('x = llm.with_structured_output(Person).invoke(q)\nprint(x.name)', "json_schema", ["name"]),
        ('x = llm.with_structured_output(Person, method="json_mode").invoke(q)\nprint(x.name)', "json_object", ["name"]),
        ('x = llm.bind_tools([f]).invoke(q)', "tools", []),
    ],
)  # fmt: skip
def test_formats_and_readings(program: str, sent_as: str, keys: list[str]):
    found = site(CHAIN + "from people import Person\n" + program)
    assert (read(found, "output.sent_as"), read(found, "output.keys")) == (sent_as, keys)


def test_a_response_of_plain_http_is_read_as_json():
    found = site("""
        import json
        import requests
        def ask(q):
            body = {"model": "gpt-4o", "response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": q}]}
            response = requests.post("https://api.openai.com/v1/chat/completions", json=body, timeout=9)
            return json.loads(response.json()["choices"][0]["message"]["content"])["verdict"]
    """)
    assert (read(found, "output.sent_as"), read(found, "output.keys")) == ("json_object", ["verdict"])
    assert (read(found, "argument.timeout"), read(found, "client.sdk")) == (9, "http")


# --- who makes the client, and where ---------------------------------------------------------------------------


def test_an_object_that_its_class_makes_of_a_client():
    found = site(
        LANGCHAIN + "class Model:\n"
        "    def __init__(self, llm):\n        self.llm = llm\n"
        "    @classmethod\n    def of(cls):\n        return cls(ChatOpenAI(model='gpt-4o', max_tokens=9))\n"
        "    def ask(self, q):\n        return self.llm.invoke(q)\n"
        "def main(q):\n    return Model.of().ask(q)\n"
    )
    assert told(found) == ("openai", ["gpt-4o"], 9)


def test_a_package_of_the_project_that_has_the_name_of_an_sdk():
    found = site(
        "# file: app/agents/__init__.py\nclass Poet: ...\n# file: app/__init__.py\n# file: app/run.py\n"
        "from agents import Agent, Runner\nRunner.run_sync(Agent(name='a', model='gpt-5.5'), 'hi')\n"
    )
    assert told(found) == ("openai", ["gpt-5.5"], ABSENT)


def test_a_chain_around_a_model_says_nothing_of_the_cap():
    found = site(
        "from langchain.chat_models import ChatOpenAI\nfrom langchain.chains import LLMChain\n"
        "llm = ChatOpenAI(model='gpt-4o')\nchain = LLMChain(llm=llm, prompt='hi')\nchain.run('hi')\n"
    )
    assert found.paths[0].facts["client.gives"].evidence[0].location.line == 3


@pytest.mark.parametrize(
    ("setting", "host"),
    [
        ("", "openai"),
        ("set_default_openai_client(AsyncOpenAI(base_url='https://api.deepseek.com'))\n", "other"),
        ("set_default_openai_client(AsyncAzureOpenAI())\n", "azure"),
        ("set_default_openai_client(make())\n", UNKNOWN),
    ],
)
def test_an_agent_without_a_model_asks_the_programs_client(setting: str, host: object):
    found = site(
        "from agents import Agent, Runner, set_default_openai_client\nfrom openai import AsyncAzureOpenAI, AsyncOpenAI\n"
        "from elsewhere import make\n" + setting + "Runner.run_sync(Agent(name='a'), 'hi')\n"
    )
    assert read(found, "client.host") == host


def test_settings_that_cannot_be_followed_may_hold_a_cap():
    assert read(site(PYDANTIC_AI + "from s import settings\nAgent('openai:gpt-4o', model_settings=settings).run_sync('hi')"), "argument.output_cap") is UNKNOWN  # fmt: skip


@pytest.mark.parametrize(
    ("program", "host"),
    [
        ('import os, requests\nrequests.post(os.environ["OPENAI_BASE_URL"] + "/chat/completions", json={"model": "gpt-4o"})', "openai"),
        ('import io, json, os, aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as s:\n        url = os.getenv("OPENAI_BASE_URL", "https://api.openai.com/v1")\n        await s.post(f"{url}/embeddings", data=io.BytesIO(json.dumps({"model": "gpt-4o"}).encode()))', "openai"),
    ],
)  # fmt: skip
def test_a_url_out_of_the_variable_that_redirects_the_sdk(program: str, host: str):
    found = site(program)
    assert (read(found, "client.host"), models(found)) == (host, ["gpt-4o"])


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (AGENTS + "class Mine(Agent): ...\nRunner.run_sync(Mine(name='a', model='gpt-5.5'), 'hi')", ("openai", ["gpt-5.5"], ABSENT)),
        (AGENTS + "class Mine(Agent):\n    def __init__(self, **given):\n        super().__init__(name='x', model_settings=ModelSettings(max_tokens=5), **given)\nRunner.run_sync(Mine(model='gpt-5.5'), 'hi')", ("openai", ["gpt-5.5"], 5)),
        (LANGCHAIN + "class Mine(ChatOpenAI):\n    def __init__(self):\n        super().__init__(model='gpt-4o', max_tokens=5)\nMine().invoke('hi')", ("openai", ["gpt-4o"], 5)),
        (LANGCHAIN + "class Mine(ChatOpenAI):\n    max_tokens: int = 5\nMine(model='gpt-4o').invoke('hi')", ("openai", ["gpt-4o"], UNKNOWN)),
    ],
)  # fmt: skip
def test_classes_that_derive_from_a_library(program: str, expected: tuple[object, ...]):
    assert told(site(program)) == expected


AGENT = (
    "from langchain.agents import AgentExecutor, AgentType, create_agent, create_openai_tools_agent, initialize_agent\n"
)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("create_agent('openai:gpt-5.5', tools=[f], system_prompt='Be kind.').invoke({'messages': [('user', 'Hi')]})", ("openai", ["gpt-5.5"], "Be kind.\nHi")),
        ("create_agent('anthropic:claude-5', [f], system_prompt='Be kind.').invoke({'messages': [('user', 'Hi')]})", ("other", ["claude-5"], "Be kind.\nHi")),
        ("from langgraph.prebuilt import create_react_agent\ncreate_react_agent(llm, [f], prompt='Be kind.').invoke({'messages': [('user', 'Hi')]})", ("openai", ["gpt-4o"], "Be kind.\nHi")),
        ("AgentExecutor(agent=create_openai_tools_agent(llm, [f], hub.pull('a/b')), tools=[f]).invoke({'input': 'Hi'})", ("openai", ["gpt-4o"], ABSENT)),
        ("initialize_agent([f], llm, agent=AgentType.X).run('Hi')", ("openai", ["gpt-4o"], ABSENT)),
    ],
)  # fmt: skip
def test_agents_around_a_model(program: str, expected: tuple[object, ...]):
    found = site(CHAIN + AGENT + program)
    assert (read(found, "client.host"), models(found), read(found, "prompt.text")) == expected


def test_plain_texts_among_the_messages_of_a_template_are_the_users():
    found = site(CHAIN + "llm.invoke(ChatPromptTemplate.from_messages(['Dear {who}']).format_messages(who=who))")
    assert (read(found, "prompt.roles"), read(found, "prompt.text")) == (["user"], "Dear ")


def test_a_brace_outside_of_a_template_is_a_brace():
    assert read(site(CHAIN + "llm.invoke([('user', 'Say {x}')])"), "prompt.text") == "Say {x}"


def test_a_module_in_another_folder_that_has_the_name_of_a_library():
    found = site(
        "# file: other/streamlit.py\nimport os\n# file: chat/app.py\nimport streamlit as st\nfrom openai import OpenAI\n"
        "question = st.chat_input('?')\nif question:\n    OpenAI().responses.create(model='gpt-5.5', input=question)\n"
    )
    assert read(found, "surroundings.role") == "online"


def test_the_default_beside_a_variable_says_whose_model_it_is():
    program = 'import os\nfrom litellm import completion\ncompletion(os.getenv("MODEL"%s), [])'
    assert read(site(program % ', "gpt-4o"'), "client.host") == "openai"
    assert read(site(program % ', "anthropic/claude-5"'), "client.host") == "other"
    assert read(site(program % ""), "client.host") is UNKNOWN


def test_an_imported_function_that_an_object_keeps():
    found = site(
        "from litellm import completion\nclass Model:\n    def __init__(self):\n        self.client = completion\n"
        "    def ask(self, messages):\n        return self.client(model='gpt-4o', messages=messages, max_tokens=4)\n"
    )
    assert told(found) == ("openai", ["gpt-4o"], 4)
