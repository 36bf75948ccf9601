"""Who answers, what wrappers add, and what else is known about clients by name."""

from __future__ import annotations

import pytest

from llmlint.catalog import HOLE, Catalog, decode_catalog
from llmlint.catalog.loading import load_catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://API.OpenAI.com/v1/", "openai"),
        ("https://eu.api.openai.com/v1", "openai"),
        ("https://my-res.openai.azure.com/openai/v1/", "azure"),
        ("https://my.cognitiveservices.azure.com", "azure"),
        ("https://my.services.ai.azure.com/models", "azure"),
        (f"https://{HOLE}.openai.azure.com/", "azure"),
        ("http://localhost:8000/v1", "other"),
        (f"http://localhost:{HOLE}/v1", "other"),
        ("https://openrouter.ai/api/v1", "other"),
        ("https://api.openai.com.example.org/v1", "other"),
        ("https://notapi.openai.com.evil/v1", "other"),
        (f"https://{HOLE}.example.org", "other"),
        (f"https://{HOLE}.openai.com/v1", None),
        (f"http://{HOLE}:{HOLE}/v1", None),
        (f"{HOLE}/v1", None),
        ("/v1", None),
        ("", None),
        ("https://[::1", None),
    ],
)
def test_host(catalog: Catalog, url: str, host: str | None):
    assert catalog.host(url) == host


def option(catalog: Catalog, client: str, name: str) -> list[str]:
    return [".".join(spelling.path) for spelling in catalog.client(client).options.get(name, ())]


def test_options(catalog: Catalog):
    assert option(catalog, "openai.OpenAI", "redirect") == ["base_url", "websocket_base_url"]
    assert option(catalog, "openai.AsyncAzureOpenAI", "redirect") == ["base_url", "azure_endpoint"]
    assert option(catalog, "openai.AzureOpenAI", "deployment") == ["azure_deployment"]
    assert option(catalog, "openai.OpenAI", "deployment") == []
    assert option(catalog, "groq.Groq", "max_retries") == ["max_retries"]
    assert "api_base" in option(catalog, "openai", "redirect")


def test_environment_variables(catalog: Catalog):
    assert catalog.environment("OPENAI_BASE_URL") == "redirect"
    assert catalog.environment("OPENAI_API_VERSION") == "api_version"
    assert catalog.environment("HOME") is None


def test_providers_redirect(catalog: Catalog):
    assert catalog.redirect("openai.providers.vertex") == "other"
    assert catalog.redirect("os.getenv") is None


@pytest.mark.parametrize("name", ["openai.NOT_GIVEN", "openai.omit", "openai.Omit", "openai._types.not_given"])
def test_sentinels(catalog: Catalog, name: str):
    assert catalog.is_sentinel(name)
    assert not catalog.is_sentinel("openai.OpenAI")


def test_helpers_and_formats(catalog: Catalog):
    assert catalog.is_tool_helper("openai.pydantic_function_tool")
    assert not catalog.is_format_helper("openai.pydantic_function_tool")
    assert [catalog.format_of(word) for word in ("json_object", "json_schema", "text", "xml")] == [
        "json_object",
        "json_schema",
        "text",
        None,
    ]


@pytest.mark.parametrize(
    ("name", "argument", "dialect"),
    [
        ("langsmith.wrappers.wrap_openai", ("client",), ""),
        ("braintrust.wrap_openai", ("client",), ""),
        ("opik.integrations.openai.track_openai", ("openai_client",), ""),
        ("instructor.from_openai", ("client",), "instructor"),
        ("instructor.patch", ("client",), "instructor"),
        ("instructor.client.from_openai", ("client",), "instructor"),
    ],
)
def test_wrappers_take_a_client(catalog: Catalog, name: str, argument: tuple[str, ...], dialect: str):
    wrapper = catalog.wrapper(name)
    assert [(s.path, s.position) for s in wrapper.client] == [(argument, 0)]
    assert (wrapper.builds, wrapper.dialect) == (False, dialect)


def test_a_wrapper_may_build_the_client(catalog: Catalog):
    wrapper = catalog.wrapper("instructor.from_provider")
    assert (wrapper.builds, wrapper.same_as, wrapper.client) == (True, "openai.OpenAI", ())
    assert wrapper.model_names is not None
    assert wrapper.model_names.hosts == {"openai": "openai", "azure_openai": "azure"}


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("create", "chat.completions.create"),
        ("messages.create", "chat.completions.create"),
        ("chat.completions.create", "chat.completions.create"),
        ("chat.completions.create_with_completion", "chat.completions.create"),
        ("responses.create_iterable", "responses.create"),
        ("chat.completions.parse", "chat.completions.parse"),
        ("embeddings.create", "embeddings.create"),
        ("on", None),
    ],
)
def test_paths_of_a_dialect(catalog: Catalog, path: str, endpoint: str | None):
    found = catalog.endpoint(catalog.client("openai.OpenAI"), path.split("."), "instructor")
    assert (found.id if found else None) == endpoint


def test_arguments_of_a_dialect_win(catalog: Catalog):
    plain = catalog.client("openai.OpenAI")
    found = catalog.endpoint(plain, ("chat", "completions", "create"), "instructor")
    assert [s.path for s in found.arguments["format"]] == [("response_model",), ("response_format",)]
    assert [s.path for s in found.arguments["reasks"]] == [("max_retries",)]
    assert "reasks" not in catalog.endpoint(plain, ("chat", "completions", "create")).arguments
    assert catalog.endpoint(plain, ("create",)) is None


def test_modes_of_a_dialect(catalog: Catalog):
    assert catalog.mode_format("instructor", "instructor.Mode.JSON") == "json_object"
    assert catalog.mode_format("instructor", "instructor.function_calls.Mode.MD_JSON") == "prose_json"
    assert catalog.mode_format("instructor", "markdown_json_mode") == "prose_json"
    assert catalog.mode_format("instructor", "instructor.Mode.JSON_SCHEMA") == "json_schema"
    assert catalog.mode_format("nobody", "x") is None


def test_clients_with_paths_of_their_own_are_known(catalog: Catalog):
    client = catalog.client("anthropic.Anthropic")
    assert (client.host, client.endpoints) == ("other", "")
    assert catalog.endpoint(client, ("chat", "completions", "create")) is None


def test_the_compiled_catalogue_survives_encoding(catalog: Catalog):
    again = decode_catalog(catalog.encode())
    assert again == catalog
    assert again.client("groq.Groq") == catalog.client("groq.Groq")
