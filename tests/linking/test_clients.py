"""Which object answers: OpenAI's clients through every name they go by, and what only looks like one."""

# ruff: noqa: E501 (each program of a table stands on one line)

from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, models, places, read, reason, site, sites

ASK = 'chat.completions.create(model="gpt-4o", messages=[])'


def host(program: str):
    return read(site(program), "client.host")


# --- names ---------------------------------------------------------------------------------------------------


def test_a_module_variable():
    found = site(f"""
        from openai import OpenAI
        client = OpenAI()
        def ask():
            return client.{ASK}
    """)
    assert (found.location.line, found.function, found.callee) == (4, "ask", "client.chat.completions.create")
    assert read(found, "client.host") == "openai"
    assert read(found, "client.class") == "openai.OpenAI"
    assert read(found, "client.async") is False
    assert read(found, "client.built") == "module"
    assert "app.py:2" in places(found, "client.host")


def test_a_function_variable():
    found = site(f"""
        import openai
        def ask():
            client = openai.OpenAI(timeout=3, max_retries=0)
            return client.{ASK}
    """)
    assert read(found, "client.host") == "openai"
    assert read(found, "client.built") == "function"


def test_an_annotated_attribute_whose_value_could_be_too_many_things():
    kinds = "\n".join(f"class K{n}:\n    pass" for n in range(20))
    cases = "\n".join(f"    if kind == {n}:\n        return K{n}()" for n in range(20))
    found = sites(
        f"import openai\n{kinds}\ndef make(kind):\n{cases}\n    return openai.OpenAI()\n"
        "class Agent:\n    def __init__(self, kind):\n        self.client: openai.OpenAI = make(kind)\n"
        "        self.runs = self.client.beta.threads.runs\n"
        "    def go(self):\n        return self.runs.create(thread_id='a', assistant_id='b')\n"
    )
    assert [read(one, "endpoint.id") for one in found] == ["beta.threads.runs.create"]
    assert read(found[0], "client.host") == "openai"


def test_an_asynchronous_client():
    found = site(f"""
        from openai import AsyncOpenAI
        client = AsyncOpenAI()
        async def ask():
            return await client.{ASK}
    """)
    assert (read(found, "client.host"), read(found, "client.async")) == ("openai", True)


@pytest.mark.parametrize(
    "lines",
    [
        "import openai\nclient = openai.OpenAI()",
        "import openai as o\nclient = o.OpenAI()",
        "from openai import OpenAI as Client\nclient = Client()",
        "from openai import OpenAI\nclient = OpenAI(api_key='x')",
        "from openai import OpenAI\nfirst = OpenAI()\nclient = first",
        "from openai import OpenAI\nclient: OpenAI = OpenAI()",
        "from openai import OpenAI\nclient, other = OpenAI(), None",
        "from openai import OpenAI\nif (client := OpenAI()) is None:\n    pass",
        "from openai import OpenAI\nclient = None\nclient = client or OpenAI()",
        "from openai import OpenAI\nmake = OpenAI\nclient = make()",
        "from openai import OpenAI\nwith OpenAI() as client:\n    pass",
        "from openai import *\nclient = OpenAI()",
        "import importlib\nopenai = importlib.import_module('openai')\nclient = openai.OpenAI()",
    ],
)
def test_spellings_of_one_client(lines: str):
    found = site(f"{lines}\nclient.{ASK}\n")
    assert (read(found, "client.host"), read(found, "client.class")) == ("openai", "openai.OpenAI")


def test_a_global_set_by_another_function():
    found = site(f"""
        from openai import OpenAI
        client = None
        def setup():
            global client
            client = OpenAI()
        def ask():
            return client.{ASK}
    """)
    assert read(found, "client.host") == "openai"


def test_a_client_of_another_module():
    found = site(f"""
        # file: clients.py
        from openai import OpenAI
        client = OpenAI()
        # file: app.py
        from clients import client as llm
        llm.{ASK}
    """)
    assert read(found, "client.host") == "openai"
    assert "clients.py:2" in places(found, "client.host")


def test_a_client_called_where_it_is_built():
    assert host(f"from openai import OpenAI\nOpenAI().{ASK}\n") == "openai"


# --- attributes ----------------------------------------------------------------------------------------------


def test_an_attribute_set_in_init():
    found = site(f"""
        from openai import OpenAI
        class Bot:
            def __init__(self):
                self.client = OpenAI()
            def ask(self):
                return self.client.{ASK}
    """)
    assert (read(found, "client.host"), found.function) == ("openai", "Bot.ask")
    assert "app.py:4" in places(found, "client.host")


def test_an_attribute_passed_to_init():
    found = site(f"""
        from openai import OpenAI
        class Bot:
            def __init__(self, client):
                self._client = client
            def ask(self):
                return self._client.{ASK}
        bot = Bot(OpenAI())
    """)
    assert read(found, "client.host") == "openai"


def test_an_attribute_with_a_default_in_init():
    found = site(f"""
        from openai import OpenAI
        class Bot:
            def __init__(self, client=None):
                self.client = client or OpenAI()
            def ask(self):
                return self.client.{ASK}
    """)
    assert read(found, "client.host") == "openai"


@pytest.mark.parametrize("decorator", ["property", "functools.cached_property"])
def test_a_property(decorator: str):
    found = site(f"""
        import functools
        from openai import OpenAI
        class Bot:
            @{decorator}
            def client(self):
                return OpenAI()
            def ask(self):
                return self.client.{ASK}
    """)
    assert read(found, "client.host") == "openai"


def test_a_lazy_property():
    found = site(f"""
        from openai import OpenAI
        class Bot:
            _client = None
            @property
            def client(self):
                if self._client is None:
                    self._client = OpenAI()
                return self._client
            def ask(self):
                return self.client.{ASK}
    """)
    assert read(found, "client.host") == "openai"


def test_a_parent_class_in_another_module():
    found = site(f"""
        # file: bots/parent.py
        from openai import AsyncOpenAI
        class Bot:
            def __init__(self):
                self.client = AsyncOpenAI()
        # file: bots/child.py
        from .parent import Bot
        class Polite(Bot):
            async def ask(self):
                return await self.client.{ASK}
        # file: bots/__init__.py
    """)
    assert (read(found, "client.host"), read(found, "client.async")) == ("openai", True)
    assert "bots/parent.py:4" in places(found, "client.host")


def test_the_child_sets_what_the_parent_uses():
    found = site(f"""
        from openai import OpenAI
        class Bot:
            def ask(self):
                return self.client.{ASK}
        class Ours(Bot):
            def __init__(self):
                self.client = OpenAI()
    """)
    assert read(found, "client.host") == "openai"


def test_a_class_attribute():
    assert (
        host(f"""
        from openai import OpenAI
        class Bot:
            client = OpenAI()
            @classmethod
            def ask(cls):
                return cls.client.{ASK}
    """)
        == "openai"
    )


@pytest.mark.parametrize(
    "body",
    [
        "@dataclass\nclass Bot:\n    client: OpenAI\n",
        "@dataclass\nclass Bot:\n    client: OpenAI = field(default_factory=OpenAI)\n",
        "@dataclass\nclass Bot:\n    client: 'OpenAI | None' = None\n",
        "class Bot(BaseModel):\n    client: OpenAI\n",
        "class Bot(BaseModel):\n    client: Optional[OpenAI] = None\n",
        "class Bot(BaseModel):\n    client: Any = Field(default_factory=OpenAI)\n",
        "class Bot(BaseModel):\n    client: Any = Field(default_factory=lambda: OpenAI())\n",
    ],
)
def test_fields(body: str):
    imports = (
        "from dataclasses import dataclass, field\nfrom typing import Any, Optional\nfrom openai import OpenAI\n"
        "from pydantic import BaseModel, Field\n"
    )
    assert host(f"{imports}{body}    def ask(self):\n        return self.client.{ASK}\n") == "openai"


def test_a_field_that_the_construction_fills():
    found = site(f"""
        from dataclasses import dataclass
        from typing import Any
        from openai import OpenAI
        @dataclass
        class Bot:
            name: str
            client: Any
            def ask(self):
                return self.client.{ASK}
        Bot("a", OpenAI()).ask()
    """)
    assert read(found, "client.host") == "openai"


def test_an_attribute_of_an_application_object():
    found = site(f"""
        # file: main.py
        from fastapi import FastAPI
        from openai import OpenAI
        app = FastAPI()
        def startup():
            app.state.client = OpenAI()
        @app.post("/ask")
        def ask():
            return app.state.client.{ASK}
    """)
    assert read(found, "client.host") == "openai"


def test_a_client_inside_an_attribute_of_an_attribute():
    found = site(f"""
        from openai import OpenAI
        class Deps:
            def __init__(self):
                self.openai = OpenAI()
        class Bot:
            def __init__(self, deps: Deps):
                self.deps = deps
            def ask(self):
                return self.deps.openai.{ASK}
    """)
    assert read(found, "client.host") == "openai"


# --- parameters ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "annotation",
    ["OpenAI", "'OpenAI'", "openai.OpenAI", "OpenAI | None", "Optional[OpenAI]", "Annotated[OpenAI, Depends(x)]"],
)
def test_a_parameter_by_its_annotation(annotation: str):
    found = site(f"""
        import openai
        from typing import Annotated, Optional
        from openai import OpenAI
        from fastapi import Depends
        def ask(client: {annotation}):
            return client.{ASK}
    """)
    assert (read(found, "client.host"), read(found, "client.class")) == ("openai", "openai.OpenAI")


def test_a_parameter_by_its_callers():
    found = site(f"""
        # file: asking.py
        def ask(client, question):
            return client.{ASK}
        # file: main.py
        from openai import AzureOpenAI
        from asking import ask
        ask(AzureOpenAI(), "why")
    """)
    assert read(found, "client.host") == "azure"
    assert [str(step.location) for step in found.callers] == ["main.py:3"]


def test_callers_with_clients_of_two_vendors():
    found = site(f"""
        from openai import OpenAI
        def ask(client):
            return client.{ASK}
        ask(OpenAI())
        ask(OpenAI(base_url="https://api.deepseek.com/v1"))
    """)
    assert [(str(p.callers[0].location), read(p, "client.host")) for p in found.paths] == [
        ("app.py:4", "openai"),
        ("app.py:5", "other"),
    ]
    assert read(found, "client.host") is UNKNOWN


def test_a_default_parameter():
    assert host(f"from openai import OpenAI\ndef ask(client=OpenAI()):\n    client.{ASK}\n") == "openai"


def test_a_parameter_of_nobody_has_an_unknown_host():
    found = site(f"def ask(client):\n    return client.{ASK}\n")
    assert read(found, "client.host") is UNKNOWN
    assert "client" in reason(found, "client.host")


def test_dependency_injection():
    found = site(f"""
        # file: deps.py
        from openai import AsyncOpenAI
        def get_client():
            return AsyncOpenAI()
        # file: routes.py
        from fastapi import APIRouter, Depends
        from deps import get_client
        router = APIRouter()
        @router.post("/")
        async def ask(client=Depends(get_client)):
            return await client.{ASK}
    """)
    assert read(found, "client.host") == "openai"


# --- factories -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "factory",
    [
        "def get_client():\n    return OpenAI()",
        "def get_client() -> OpenAI:\n    return make_it_somehow()",
        "@lru_cache\ndef get_client():\n    return OpenAI()",
        "@lru_cache(maxsize=1)\ndef get_client():\n    client = OpenAI()\n    return client",
        "@functools.cache\ndef get_client():\n    return OpenAI()",
        "get_client = lambda: OpenAI()",
        "get_client = functools.partial(OpenAI, timeout=3)",
        "get_client = OpenAI",
        "_client = None\ndef get_client():\n    global _client\n    if _client is None:\n        _client = OpenAI()\n    return _client",
        "@contextmanager\ndef open_client():\n    yield OpenAI()\ndef get_client():\n    with open_client() as c:\n        return c",
        "def inner():\n    return OpenAI()\ndef get_client():\n    return inner()",
        "def get_client(kind='x'):\n    if kind == 'x':\n        return OpenAI()\n    raise ValueError(kind)",
        "class Maker:\n    def __call__(self):\n        return OpenAI()\nget_client = Maker()",
        "class Maker:\n    @staticmethod\n    def make():\n        return OpenAI()\nget_client = Maker.make",
        "class Maker:\n    @classmethod\n    def make(cls):\n        return OpenAI()\nget_client = Maker().make",
    ],
)
def test_factories(factory: str):
    imports = "import functools\nfrom contextlib import contextmanager\nfrom functools import lru_cache\n"
    found = site(f"{imports}from openai import OpenAI\n{factory}\nget_client().{ASK}\n")
    assert (read(found, "client.host"), read(found, "client.class")) == ("openai", "openai.OpenAI")


def test_a_factory_that_chooses_by_its_argument():
    program = """
        from openai import OpenAI
        def make(kind):
            if kind == "local":
                return OpenAI(base_url="http://localhost:11434/v1")
            return OpenAI()
        make("KIND").{ask}
    """
    assert host(program.replace("{ask}", ASK).replace("KIND", "local")) == "other"
    assert host(program.replace("{ask}", ASK).replace("KIND", "cloud")) == "openai"


def test_context_managers():
    found = site(f"""
        from openai import AsyncOpenAI
        async def ask():
            async with AsyncOpenAI() as client:
                return await client.{ASK}
    """)
    assert read(found, "client.host") == "openai"


def test_a_context_manager_of_the_project():
    found = site(f"""
        from openai import OpenAI
        class Session:
            def __enter__(self):
                self.client = OpenAI()
                return self.client
            def __exit__(self, *_):
                self.client.close()
        with Session() as client:
            client.{ASK}
    """)
    assert read(found, "client.host") == "openai"


# --- collections ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["'fast'", "name", "names[0]"])
def test_a_dictionary_of_clients(key: str):
    found = site(f"""
        from openai import OpenAI
        import sys
        names = sys.argv
        name = input()
        clients = {{"fast": OpenAI(timeout=1), "slow": OpenAI()}}
        clients[{key}].{ASK}
    """)
    assert read(found, "client.host") == "openai"


def test_a_dictionary_of_clients_of_two_vendors():
    program = """
        from openai import OpenAI
        clients = {"us": OpenAI(), "them": OpenAI(base_url="https://api.groq.com/openai/v1")}
        clients[KEY].ASK
    """
    assert host(program.replace("ASK", ASK).replace("KEY", "'us'")) == "openai"
    assert host(program.replace("ASK", ASK).replace("KEY", "'them'")) == "other"
    assert host(program.replace("ASK", ASK).replace("KEY", "input()")) is UNKNOWN


def test_a_dictionary_filled_later():
    found = site(f"""
        from openai import OpenAI
        clients = {{}}
        def get(name):
            if name not in clients:
                clients[name] = OpenAI()
            return clients[name]
        get("a").{ASK}
    """)
    assert read(found, "client.host") == "openai"


def test_a_list_of_clients():
    assert host(f"from openai import OpenAI\nfor c in [OpenAI(), OpenAI()]:\n    c.{ASK}\n") == "openai"


# --- modules as clients --------------------------------------------------------------------------------------


def test_the_module_is_a_client():
    found = site(f"import openai\nopenai.{ASK}\n")
    assert (read(found, "client.host"), read(found, "client.class")) == ("openai", "openai")


def test_the_module_of_old():
    found = site('import openai\nopenai.ChatCompletion.create(model="gpt-4o", messages=[], max_tokens=7)\n')
    assert (read(found, "client.host"), read(found, "endpoint.api")) == ("openai", "legacy")
    assert models(found) == ["gpt-4o"]
    assert read(found, "argument.output_cap") == 7


def test_a_class_of_the_module_of_old_imported_by_name():
    found = site('from openai import ChatCompletion as C\nC.create(model="gpt-4o", messages=[])\n')
    assert read(found, "client.host") == "openai"


# --- derived clients and wrappers ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["with_options(timeout=3)", "copy(max_retries=1)", "with_options().with_options()"])
def test_clients_made_from_clients(method: str):
    assert host(f"from openai import OpenAI\nclient = OpenAI()\nclient.{method}.{ASK}\n") == "openai"
    assert host(f"from openai import AzureOpenAI\nclient = AzureOpenAI().{method}\nclient.{ASK}\n") == "azure"


@pytest.mark.parametrize("keeper", ["with_raw_response", "with_streaming_response"])
def test_raw_and_streaming_responses(keeper: str):
    found = site(
        f"from openai import OpenAI\nclient = OpenAI()\n"
        f"client.chat.completions.{keeper}.create(model='gpt-4o', messages=[])\n"
    )
    assert (read(found, "client.host"), models(found)) == ("openai", ["gpt-4o"])


@pytest.mark.parametrize(
    "lines",
    [
        "import instructor\nclient = instructor.from_openai(OpenAI())",
        "import instructor\nclient = instructor.patch(OpenAI())",
        "import instructor\ninner = OpenAI()\nclient = instructor.from_openai(inner, mode=instructor.Mode.JSON)",
        "from langsmith.wrappers import wrap_openai\nclient = wrap_openai(OpenAI())",
        "from langfuse.openai import OpenAI\nclient = OpenAI()",
        "from langfuse.openai import openai\nclient = openai.OpenAI()",
        "from braintrust import wrap_openai\nclient = wrap_openai(OpenAI())",
    ],
)
def test_wrappers_are_seen_through(lines: str):
    assert host(f"from openai import OpenAI\n{lines}\nclient.{ASK}\n") == "openai"


def test_a_wrapped_client_of_another_vendor():
    found = site(f"""
        import instructor
        from openai import OpenAI
        client = instructor.from_openai(OpenAI(base_url="https://api.mistral.ai/v1"))
        client.{ASK}
    """)
    assert read(found, "client.host") == "other"


def test_a_subclass_of_the_client():
    found = site(f"""
        from openai import OpenAI
        class Ours(OpenAI):
            pass
        Ours().{ASK}
    """)
    assert read(found, "client.host") == "openai"


def test_a_transparent_wrapper_of_the_project():
    found = site(f"""
        from openai import OpenAI
        class Logged:
            def __init__(self, client):
                self.client = client
            def __getattr__(self, name):
                return getattr(self.client, name)
        Logged(OpenAI()).{ASK}
    """)
    assert read(found, "client.host") in ("openai", UNKNOWN)


# --- who answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        "client = AzureOpenAI(azure_endpoint='https://x.openai.azure.com')",
        "client = AzureOpenAI(azure_endpoint=os.environ['ENDPOINT'], api_version='2024-02-01')",
        "client = OpenAI(base_url='https://x.openai.azure.com/openai/v1/')",
        "client = OpenAI(base_url=f'https://{os.environ[\"NAME\"]}.openai.azure.com/openai/v1/')",
        "client = openai.lib.azure.AzureOpenAI()",
    ],
)
def test_azure(lines: str):
    assert host(f"import os, openai\nfrom openai import AzureOpenAI, OpenAI\n{lines}\nclient.{ASK}\n") == "azure"


@pytest.mark.parametrize(
    "url",
    [
        "'https://api.openai.com/v1'",
        "None",
        "os.environ.get('OPENAI_BASE_URL')",
        "os.getenv('URL', 'https://api.openai.com/v1')",
        "URL",
        "'https://eu.api.openai.com/v1'",
    ],
)
def test_a_base_url_of_openai(url: str):
    program = "import os\nfrom openai import OpenAI\nURL = 'https://api.openai.com' + '/v1'\n"
    assert host(f"{program}client = OpenAI(base_url={url})\nclient.{ASK}\n") == "openai"


@pytest.mark.parametrize(
    "url",
    [
        "'https://api.groq.com/openai/v1'",
        "'http://localhost:8000/v1'",
        "f'http://{HOST}:8000/v1'",
        "URL",
        "Settings.url",
        "'https://%s/v1' % HOST",
        "os.getenv('URL', 'http://localhost:11434/v1')",
        "URLS['deepseek']",
    ],
)
def test_a_base_url_elsewhere(url: str):
    found = site(
        "import os\nfrom openai import OpenAI\nHOST = 'localhost'\nURL = 'https://openrouter.ai/api/v1'\n"
        "URLS = {'deepseek': 'https://api.deepseek.com'}\n"
        "class Settings:\n    url = 'https://api.together.xyz/v1'\n"
        f"client = OpenAI(base_url={url}, api_key='k')\nclient.{ASK}\n"
    )
    assert read(found, "client.host") == "other"


def test_a_base_url_that_differs():
    assert host(f"""
        import sys
        from openai import OpenAI
        url = "https://api.openai.com/v1" if sys.argv else "http://localhost:1/v1"
        OpenAI(base_url=url).{ASK}
    """) in ("openai", UNKNOWN)


def test_a_base_url_in_a_splat():
    found = site(f"""
        from openai import OpenAI
        settings = {{"api_key": "k", "base_url": "https://api.x.ai/v1"}}
        OpenAI(**settings).{ASK}
    """)
    assert read(found, "client.host") == "other"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("client.base_url = 'http://localhost:8000/v1'", "other"),
        ("if '/v1' in URL:\n    client.base_url = URL\nelse:\n    client.base_url = URL + '/v1'", "other"),
        ("if chosen:\n    client.base_url = 'http://localhost:8000/v1'", UNKNOWN),
        ("client.base_url = os.environ['OPENAI_BASE_URL']", "openai"),
        ("strange = OpenAI()\nstrange.base_url = 'http://localhost:8000/v1'", "openai"),
    ],
)
def test_a_base_url_that_is_set_once_the_client_is_built(lines: str, expected: object):
    start = "import os\nfrom openai import OpenAI\nURL = os.getenv('MY_SERVER', 'http://127.0.0.1:8080/v1')\n"
    assert host(f"{start}client = OpenAI()\n{lines}\nclient.{ASK}\n") == expected


def test_a_base_url_that_a_copy_overrides():
    assert (
        host(f"""
        from openai import OpenAI
        OpenAI().with_options(base_url="https://api.deepseek.com").{ASK}
    """)
        == "other"
    )


@pytest.mark.parametrize(
    "lines",
    [
        "from groq import Groq\nclient = Groq()",
        "import groq\nclient = groq.Groq()",
        "from mistralai import Mistral\nclient = Mistral()",
        "from together import Together\nclient = Together()",
        "from cerebras.cloud.sdk import Cerebras\nclient = Cerebras()",
    ],
)
def test_clients_of_other_vendors(lines: str):
    assert all(read(found, "client.host") == "other" for found in sites(f"{lines}\nclient.{ASK}\n"))


# --- look-alikes ---------------------------------------------------------------------------------------------


def test_a_class_of_the_project_with_the_same_methods():
    assert not sites(f"""
        class Completions:
            def create(self, **kwargs):
                return "no request"
        class Chat:
            completions = Completions()
        class Client:
            chat = Chat()
        Client().{ASK}
    """)


def test_an_orm_that_creates():
    assert not sites("""
        from django.db import models
        class Response(models.Model):
            pass
        Response.objects.create(model="gpt-4o")
    """)


@pytest.mark.parametrize(
    "lines",
    [
        "from unittest.mock import MagicMock\nclient = MagicMock()",
        "from unittest import mock\nclient = mock.Mock()",
        "from unittest.mock import create_autospec\nfrom openai import OpenAI\nclient = create_autospec(OpenAI)",
        "from types import SimpleNamespace\nclient = SimpleNamespace()",
    ],
)
def test_test_doubles(lines: str):
    assert not [s for s in sites(f"{lines}\nclient.{ASK}\n") if read(s, "client.host") in ("openai", "azure")]


def test_a_module_of_the_project_by_the_name_of_a_vendor():
    found = sites(f"""
        # file: groq.py
        class Groq:
            pass
        # file: app.py
        from openai import OpenAI
        OpenAI().{ASK}
    """)
    assert [read(each, "client.host") for each in found] == ["openai"]


def test_an_unknown_object_keeps_its_call_site():
    found = site("def ask(state):\n    return state['client'].chat.completions.create(model='gpt-4o', messages=[])\n")
    assert read(found, "client.host") is UNKNOWN
    assert models(found) == ["gpt-4o"]


def test_options_of_the_client_are_facts():
    found = site(f"""
        from openai import OpenAI
        OpenAI(timeout=20.0, max_retries=5).{ASK}
    """)
    assert (read(found, "client.timeout"), read(found, "client.max_retries")) == (20.0, 5)
    plain = site(f"from openai import OpenAI\nOpenAI().{ASK}\n")
    assert (read(plain, "client.timeout"), read(plain, "client.max_retries")) == (ABSENT, ABSENT)


# --- URLs, globals of the module, arguments of the request ---------------------------------------------------

GROQ = "https://api.groq.com/openai/v1"
OLD = 'openai.ChatCompletion.create(model="x", messages=[])'


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (f'url = None\n    if x:\n        url = "{GROQ}"\n    client = OpenAI(base_url=url)', UNKNOWN),
        ("client = OpenAI() if x else Groq()", UNKNOWN),
        ("client = OpenAI(base_url=x)", UNKNOWN),
        ('client = OpenAI(base_url=os.environ["AZURE_OPENAI_ENDPOINT"] + "/openai/v1/")', "azure"),
        ('e = os.getenv("AZURE_OPENAI_ENDPOINT")\n    client = OpenAI(base_url=f"{e.rstrip()}/openai/v1/")', "azure"),
        ('client = OpenAI(base_url=os.getenv("OPENAI_BASE_URL"))', "openai"),
        (f'client = OpenAI(base_url=os.getenv("MINE") or "{GROQ}")', "other"),
    ],
)
def test_where_a_client_sends_requests(lines: str, expected):
    head = "import os\nfrom groq import Groq\nfrom openai import OpenAI\ndef ask(x):\n"
    assert host(f"{head}    {lines}\n    return client.{ASK}\n") == expected


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (f'import openai\nopenai.api_base = "{GROQ}"\ndef f():\n    return {OLD}\n', "other"),
        (f'import openai\nopenai.base_url = "http://localhost:8000/v1/"\ndef f():\n    return openai.{ASK}\n', "other"),
        (
            f'import openai\ndef f():\n    openai.api_type = "azure"\n    openai.api_base = "https://x.y"\n    {OLD}\n',
            "azure",
        ),
        (f'import openai\ndef set(x):\n    openai.api_base = "{GROQ}"\ndef f():\n    return {OLD}\n', UNKNOWN),
        (f'import openai\ndef f(x):\n    if x:\n        openai.api_base = "{GROQ}"\n    return {OLD}\n', UNKNOWN),
        (f'import openai\ndef f(x):\n    if x:\n        openai.api_type = "azure"\n    return {OLD}\n', "openai"),
        (f"import openai\ndef f(x):\n    openai.api_key = x\n    return {OLD}\n", "openai"),
        (f'import openai, os\nopenai.api_base = os.getenv("OPENAI_API_BASE")\ndef f():\n    return {OLD}\n', "openai"),
        (f'import openai\ndef f():\n    return {OLD[:-1]}, api_base="{GROQ}")\n', "other"),
        (f'import openai\ndef f():\n    return {OLD[:-1]}, api_type="azure", api_base="https://x.y")\n', "azure"),
    ],
)
def test_globals_of_the_module_that_is_the_client(program: str, expected):
    assert host(program) == expected


def test_globals_set_in_another_module():
    asking = f"import openai\ndef ask():\n    return {OLD}\n"
    setting = f'import openai\nopenai.api_base = "{GROQ}"\n'
    assert host(f"# file: ask.py\n{asking}# file: main.py\n{setting}from ask import ask\nask()\n") is UNKNOWN
    assert host(f"# file: ask.py\nimport config\n{asking}# file: config.py\n{setting}") is UNKNOWN
    assert host(f"# file: ask.py\n{asking}# file: other.py\n{setting}") == "openai"


@pytest.mark.parametrize(
    ("lines", "endpoint"),
    [
        ("from openai.api_resources import Completion\nCompletion.create(prompt='x')", "legacy:Completion.create"),
        (
            "import openai.api_resources.chat_completion as c\nc.ChatCompletion.create(messages=[])",
            "legacy:ChatCompletion.create",
        ),
        (
            "from openai.embeddings_utils import get_embedding\nget_embedding('x', 'ada')",
            "legacy:embeddings_utils.get_embedding",
        ),
        (
            "import openai.embeddings_utils as u\nawait u.aget_embeddings(['x'])",
            "legacy:embeddings_utils.aget_embedding",
        ),
    ],
)
def test_other_doors_of_the_class_api(lines: str, endpoint: str):
    assert read(site(lines + "\n"), "endpoint.id") == endpoint


def test_what_a_class_of_another_library_holds():
    found = site("""
        from llama_index.llms.openai import OpenAIResponses
        class Patched(OpenAIResponses):
            def ask(self, text):
                return self._client.responses.create(input=text, model="gpt-4o")
    """)
    assert (read(found, "endpoint.id"), read(found, "client.host")) == ("responses.create", UNKNOWN)


def test_methods_that_are_added_under_computed_names_hide_no_client():
    found = site("""
        import openai

        class Agent:
            def __init__(self, tools):
                self.client = openai.OpenAI()
                for tool in tools:
                    def handler(message):
                        return message
                    setattr(self, tool.name, handler)
            def go(self):
                return self.client.responses.create(model="gpt-5-mini", input="hi")
        """)
    assert read(found, "client.host") == "openai"
    assert read(found, "client.class") == "openai.OpenAI"


@pytest.mark.parametrize(
    ("model", "host"),
    [
        ('"gpt-4o"', "openai"),
        ('"my-own-name"', "openai"),
        ('"deepseek-reasoner"', "other"),
        ('"meta-llama/Llama-3-70b"', "other"),
        ('"claude-3" if x else "gpt-4o"', UNKNOWN),
        ('os.getenv("MODEL", "deepseek-chat")', "other"),
    ],
)
def test_a_model_that_the_vendor_never_had_is_answered_elsewhere(model: str, host: object):
    found = site(f"""
        import os
        from openai import OpenAI
        def ask(x):
            return OpenAI().chat.completions.create(model={model}, messages=[])
        """)
    assert read(found, "client.host") == host


def test_a_client_that_is_passed_in_and_asked_for_a_foreign_model_is_another_vendors():
    found = site("""
        def ask(client):
            return client.chat.completions.create(model="deepseek-chat", messages=[])
        """)
    assert read(found, "client.host") == "other"
