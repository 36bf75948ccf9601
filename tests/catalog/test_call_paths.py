"""Every call path of the SDK is found behind its clients, and what is no inference is not."""

from __future__ import annotations

import pytest

from llmlint.catalog import Catalog
from llmlint.catalog.loading import load_catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


CLIENTS = {
    "openai.OpenAI": ("openai", False),
    "openai.Client": ("openai", False),
    "openai.AsyncOpenAI": ("openai", True),
    "openai.AsyncClient": ("openai", True),
    "openai._client.OpenAI": ("openai", False),
    "openai.AzureOpenAI": ("azure", False),
    "openai.AsyncAzureOpenAI": ("azure", True),
    "openai.lib.azure.AzureOpenAI": ("azure", False),
    "openai.lib.azure.AsyncAzureOpenAI": ("azure", True),
    "openai.BedrockOpenAI": ("other", False),
    "openai.AsyncBedrockOpenAI": ("other", True),
    "langfuse.openai.OpenAI": ("openai", False),
    "langfuse.openai.AsyncOpenAI": ("openai", True),
    "langfuse.openai.AzureOpenAI": ("azure", False),
    "langfuse.openai.openai.OpenAI": ("openai", False),
    "posthog.ai.openai.OpenAI": ("openai", False),
    "posthog.ai.openai.AsyncAzureOpenAI": ("azure", True),
    "groq.Groq": ("other", False),
    "groq.AsyncGroq": ("other", True),
    "zhipuai.ZhipuAI": ("other", False),
}

PATHS = {
    "chat.completions.create": ("generation", "chat"),
    "chat.completions.parse": ("generation", "chat"),
    "chat.completions.stream": ("generation", "chat"),
    "beta.chat.completions.create": ("generation", "chat"),
    "beta.chat.completions.parse": ("generation", "chat"),
    "beta.chat.completions.stream": ("generation", "chat"),
    "responses.create": ("generation", "responses"),
    "responses.parse": ("generation", "responses"),
    "responses.stream": ("generation", "responses"),
    "responses.compact": ("generation", "responses"),
    "responses.input_tokens.count": ("other", "responses"),
    "responses.connect.response.create": ("generation", "responses"),
    "beta.responses.create": ("generation", "responses"),
    "decisions.create": ("decision", "decisions"),
    "completions.create": ("generation", "completions"),
    "embeddings.create": ("embedding", "embeddings"),
    "batches.create": ("batch", "batches"),
    "files.create": ("file", "files"),
    "beta.assistants.create": ("assistant", "assistants"),
    "beta.assistants.update": ("assistant", "assistants"),
    "beta.threads.create": ("assistant", "assistants"),
    "beta.threads.create_and_run": ("assistant", "assistants"),
    "beta.threads.create_and_run_poll": ("assistant", "assistants"),
    "beta.threads.create_and_run_stream": ("assistant", "assistants"),
    "beta.threads.messages.create": ("assistant", "assistants"),
    "beta.threads.runs.create": ("assistant", "assistants"),
    "beta.threads.runs.create_and_poll": ("assistant", "assistants"),
    "beta.threads.runs.create_and_stream": ("assistant", "assistants"),
    "beta.threads.runs.stream": ("assistant", "assistants"),
    "beta.threads.runs.submit_tool_outputs": ("assistant", "assistants"),
    "beta.threads.runs.submit_tool_outputs_and_poll": ("assistant", "assistants"),
    "beta.threads.runs.submit_tool_outputs_stream": ("assistant", "assistants"),
    "beta.agents.create": ("assistant", "agents"),
    "beta.agents.update": ("assistant", "agents"),
    "beta.agents.sessions.create": ("assistant", "agents"),
    "beta.agents.sessions.stream": ("assistant", "agents"),
    "beta.agents.automations.create": ("assistant", "agents"),
    "beta.agents.environments.create": ("assistant", "agents"),
    "conversations.create": ("other", "conversations"),
    "conversations.items.create": ("other", "conversations"),
    "containers.create": ("other", "containers"),
    "vector_stores.create": ("file", "vector_stores"),
    "vector_stores.search": ("other", "vector_stores"),
    "vector_stores.files.create": ("file", "vector_stores"),
    "vector_stores.file_batches.create": ("file", "vector_stores"),
    "images.generate": ("image", "images"),
    "images.edit": ("image", "images"),
    "images.create_variation": ("image", "images"),
    "audio.speech.create": ("audio", "audio"),
    "audio.transcriptions.create": ("audio", "audio"),
    "audio.translations.create": ("audio", "audio"),
    "audio.voices.create": ("audio", "audio"),
    "videos.create": ("video", "videos"),
    "videos.remix": ("video", "videos"),
    "moderations.create": ("moderation", "moderations"),
    "fine_tuning.jobs.create": ("tuning", "fine_tuning"),
    "fine_tuning.alpha.graders.run": ("tuning", "fine_tuning"),
    "evals.create": ("evaluation", "evals"),
    "evals.runs.create": ("evaluation", "evals"),
    "realtime.connect": ("realtime", "realtime"),
    "realtime.client_secrets.create": ("realtime", "realtime"),
    "realtime.calls.create": ("realtime", "realtime"),
    "beta.realtime.connect": ("realtime", "realtime"),
    "live.create": ("realtime", "realtime"),
    "live.connect": ("realtime", "realtime"),
    "live.sessions.create": ("realtime", "realtime"),
    "realtime.translations.connect": ("realtime", "realtime"),
}

CLASS_API = {
    "ChatCompletion.create": ("generation", None),
    "ChatCompletion.acreate": ("generation", True),
    "Completion.create": ("generation", None),
    "Completion.acreate": ("generation", True),
    "Embedding.create": ("embedding", None),
    "Embedding.acreate": ("embedding", True),
    "Edit.create": ("generation", None),
    "Image.create": ("image", None),
    "Image.create_variation": ("image", None),
    "Audio.transcribe": ("audio", None),
    "Audio.atranscribe": ("audio", True),
    "Moderation.create": ("moderation", None),
    "File.create": ("file", None),
    "FineTune.create": ("tuning", None),
    "FineTuningJob.create": ("tuning", None),
}

NO_CALLS = [
    "chat.completions.list",
    "chat.completions.retrieve",
    "chat.completions.update",
    "chat.completions.delete",
    "chat.completions.messages.list",
    "responses.retrieve",
    "responses.cancel",
    "responses.delete",
    "responses.input_items.list",
    "models.list",
    "files.content",
]


@pytest.mark.parametrize("name", CLIENTS)
def test_client(catalog: Catalog, name: str):
    client = catalog.client(name)
    assert client is not None
    assert (client.host, client.asynchronous, client.module) == (*CLIENTS[name], False)
    assert catalog.endpoint(client, ("chat", "completions", "create")) is not None


@pytest.mark.parametrize("name", ["openai.OpenAIError", "anthropic", "openai.types.chat.ChatCompletion", "OpenAI", ""])
def test_no_client(catalog: Catalog, name: str):
    assert catalog.client(name) is None


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("owner", ["openai.OpenAI", "openai.AsyncAzureOpenAI", "openai"])
def test_call_path(catalog: Catalog, owner: str, path: str):
    endpoint = catalog.endpoint(catalog.client(owner), path.split("."))
    assert endpoint is not None
    assert (endpoint.kind, endpoint.api) == PATHS[path]


@pytest.mark.parametrize("path", CLASS_API)
def test_class_api_is_the_module_s(catalog: Catalog, path: str):
    client, endpoint = catalog.endpoint_by_name(f"openai.{path}")
    assert client.module
    assert (endpoint.api, endpoint.kind, endpoint.asynchronous) == ("legacy", *CLASS_API[path])
    assert catalog.endpoint(catalog.client("openai.OpenAI"), path.split(".")) is None


@pytest.mark.parametrize("path", NO_CALLS)
def test_no_call(catalog: Catalog, path: str):
    assert catalog.endpoint(catalog.client("openai.OpenAI"), path.split(".")) is None
    assert catalog.endpoint_by_shape(("client", *path.split("."))) is None
    assert catalog.is_other_method(path.split("."))


@pytest.mark.parametrize(
    "path",
    [
        "with_raw_response.chat.completions.create",
        "chat.completions.with_raw_response.create",
        "chat.completions.with_streaming_response.create",
        "with_options.chat.completions.create",
        "copy.with_options.beta.chat.completions.with_raw_response.create",
    ],
)
def test_keepers_do_not_count(catalog: Catalog, path: str):
    endpoint = catalog.endpoint(catalog.client("openai.OpenAI"), path.split("."))
    assert endpoint.id == "chat.completions.create"


def test_options_methods_are_told_from_attributes(catalog: Catalog):
    assert [catalog.keeper(name) for name in ("with_options", "copy")] == ["options", "options"]
    assert [catalog.keeper(name) for name in ("with_raw_response", "with_streaming_response")] == ["attribute"] * 2
    assert catalog.keeper("chat") is None


@pytest.mark.parametrize(
    ("written", "keywords", "endpoint"),
    [
        ("self.llm.chat.completions.create", [], "chat.completions.create"),
        ("self.completions.create", ["messages"], "chat.completions.create"),
        ("self.completions.create", ["prompt"], "completions.create"),
        ("self.completions.create", ["name"], None),
        ("c.responses.create", ["model", "input"], "responses.create"),
        ("c.responses.create", ["status"], None),
        ("c.responses.create", None, "responses.create"),
        ("c.beta.chat.completions.with_raw_response.parse", [], "chat.completions.parse"),
        ("x.embeddings.create", ["input"], "embeddings.create"),
        ("x.ChatCompletion.create", ["messages"], "legacy:ChatCompletion.create"),
        ("x.images.generate", ["prompt"], "images.generate"),
        ("x.images.generate", ["name"], None),
        ("x.files.create", ["name"], None),
        ("x.files.create", ["file", "purpose"], "files.create"),
        ("anthropic.messages.batches.create", ["requests"], None),
        ("create", ["messages", "model"], None),
    ],
)
def test_shape(catalog: Catalog, written: str, keywords: list[str] | None, endpoint: str | None):
    found = catalog.endpoint_by_shape(written.split("."), keywords)
    assert (found.id if found else None) == endpoint


def test_names_of_endpoints(catalog: Catalog):
    for name in ("openai.chat.completions.create", "langfuse.openai.openai.chat.completions.create"):
        client, endpoint = catalog.endpoint_by_name(name)
        assert (client.name, endpoint.id) == ("openai", "chat.completions.create")
    assert catalog.endpoint_by_name("os.path.join") is None
    assert catalog.endpoint_by_name("openai") is None


def test_resources(catalog: Catalog):
    resource = catalog.resource("openai.resources.chat.completions.AsyncCompletions")
    assert (resource.path, resource.asynchronous) == (("chat", "completions"), True)


@pytest.mark.parametrize(
    ("pieces", "kept"),
    [
        (b"client = AsyncAzureOpenAI()", True),
        (b"import openai\nclient = openai.Client()", True),
        (b"x = llm.chat.completions\\\n  .create(model=m)", True),
        (b"r = (client\n    .responses\n    .create(input=1))", True),
        (b"openai.ChatCompletion.acreate(x)", True),
        (b"import openai as o\no.Completion.create(prompt=p)", True),
        (b"client.audio.speech.create(input=t)", True),
        (b"from openai.types.chat import ChatCompletionMessageParam\nx = 1", False),
        (b"responses = []\nresponses.append(create())", False),
        (b"", False),
    ],
)
def test_prefilter_words(catalog: Catalog, pieces: bytes, kept: bool):
    assert any(all(word in pieces for word in entry) for entry in catalog.vocabulary) is kept


def test_every_call_path_is_kept_by_the_prefilter(catalog: Catalog):
    """Of a wrapper's, whose methods have everyday names, in the files that build a client or mention the package."""
    for provider in catalog.data.providers:
        package = provider.clients[0].name.split(".")[0] if provider.clients else ""
        for endpoint in provider.endpoints:
            head = "" if provider.exclusive else f"import {package}\n"
            owner = "openai" if provider.exclusive and endpoint.module_only else "self.c"
            for path in endpoint.paths:
                if path == ("__call__",):
                    continue
                code = f"{head}{owner}." + "\n.".join(path) + "()"
                assert any(all(word.decode() in code for word in entry) for entry in catalog.vocabulary), code
