"""How arguments are spelled at each endpoint, which spelling is right now, and what the prompt consists of."""

from __future__ import annotations

import pytest

from llmlint.catalog import Catalog
from llmlint.catalog.entries import Endpoint
from llmlint.catalog.loading import load_catalog
from llmlint.catalog.provider_schema import ARGUMENTS


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def endpoint(catalog: Catalog, path: str) -> Endpoint:
    found = catalog.endpoint(catalog.client("openai"), path.split("."))
    assert found is not None
    return found


def spelled(catalog: Catalog, path: str, argument: str) -> list[str]:
    return [".".join(spelling.path) for spelling in endpoint(catalog, path).arguments.get(argument, ())]


@pytest.mark.parametrize(
    ("path", "argument", "spellings"),
    [
        ("chat.completions.create", "output_cap", ["max_completion_tokens", "max_tokens"]),
        ("chat.completions.create", "format", ["response_format", "response_model"]),
        ("chat.completions.create", "tools", ["tools", "functions"]),
        ("chat.completions.create", "effort", ["reasoning_effort"]),
        ("chat.completions.create", "user", ["safety_identifier", "user"]),
        ("chat.completions.create", "timeout", ["timeout"]),
        ("chat.completions.parse", "stream", []),
        ("chat.completions.parse", "output_cap", ["max_completion_tokens", "max_tokens"]),
        ("responses.create", "output_cap", ["max_output_tokens"]),
        ("responses.create", "format", ["text.format"]),
        ("responses.create", "effort", ["reasoning.effort"]),
        ("responses.create", "verbosity", ["text.verbosity"]),
        ("responses.create", "previous_response", ["previous_response_id", "conversation"]),
        ("responses.create", "seed", []),
        ("responses.create", "stop", []),
        ("responses.create", "choices", []),
        ("responses.parse", "format", ["text_format", "text.format"]),
        ("responses.stream", "format", ["text_format", "text.format"]),
        ("completions.create", "output_cap", ["max_tokens"]),
        ("completions.create", "choices", ["n", "best_of"]),
        ("embeddings.create", "output_cap", []),
        ("embeddings.create", "dimensions", ["dimensions"]),
        ("batches.create", "completion_window", ["completion_window"]),
        ("beta.threads.runs.create", "output_cap", ["max_completion_tokens"]),
        ("beta.realtime.sessions.create", "output_cap", ["max_response_output_tokens"]),
        ("ChatCompletion.create", "model", ["model", "engine", "deployment_id"]),
        ("ChatCompletion.create", "timeout", ["request_timeout"]),
        ("Completion.create", "prompt", ["prompt"]),
    ],
)
def test_spellings(catalog: Catalog, path: str, argument: str, spellings: list[str]):
    assert spelled(catalog, path, argument) == spellings


def test_deprecated_spellings_name_their_successor(catalog: Catalog):
    create = endpoint(catalog, "chat.completions.create")
    outdated = {s.path[0]: s.use for spellings in create.arguments.values() for s in spellings if s.use}
    assert outdated == {
        "max_tokens": "max_completion_tokens",
        "functions": "tools",
        "function_call": "tool_choice",
        "user": "safety_identifier",
        "prompt_cache_retention": "prompt_cache_options",
    }


@pytest.mark.parametrize(
    ("path", "cap"),
    [
        ("chat.completions.create", "max_completion_tokens"),
        ("chat.completions.stream", "max_completion_tokens"),
        ("responses.create", "max_output_tokens"),
        ("completions.create", "max_tokens"),
        ("ChatCompletion.create", "max_tokens"),
        ("beta.threads.runs.create_and_poll", "max_completion_tokens"),
        ("embeddings.create", ""),
        ("decisions.create", ""),
        ("responses.compact", ""),
        ("moderations.create", ""),
    ],
)
def test_right_spelling_of_the_cap(catalog: Catalog, path: str, cap: str):
    assert endpoint(catalog, path).cap_parameter == cap


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("chat.completions.create", ["tools", "format", "messages"]),
        ("responses.parse", ["tools", "format", "instructions", "input"]),
        ("completions.create", ["prompt"]),
        ("embeddings.create", ["input"]),
        ("ChatCompletion.acreate", ["tools", "format", "messages"]),
    ],
)
def test_prompt_in_rendered_order(catalog: Catalog, path: str, parts: list[str]):
    assert [part.argument for part in endpoint(catalog, path).prompt] == parts


@pytest.mark.parametrize(
    ("path", "today", "status"),
    [
        ("chat.completions.create", "2026-11-23", "active"),
        ("beta.threads.runs.create", "2026-08-25", "deprecated"),
        ("beta.threads.runs.create", "2026-08-26", "shutdown"),
        ("videos.create", "2026-09-24", "shutdown"),
        ("evals.create", "2026-11-23", "deprecated"),
        ("evals.create", "2026-12-01", "shutdown"),
        ("images.create_variation", "2026-11-23", "shutdown"),
        ("audio.translations.create", "2026-11-23", "deprecated"),
        ("ChatCompletion.create", "2026-11-23", "deprecated"),
    ],
)
def test_lifecycle_on_a_day(catalog: Catalog, path: str, today: str, status: str):
    assert endpoint(catalog, path).lifecycle.on(today) == status


@pytest.mark.parametrize(
    ("path", "batchable"),
    [
        ("chat.completions.create", True),
        ("responses.create", True),
        ("embeddings.create", True),
        ("completions.create", True),
        ("moderations.create", True),
        ("images.edit", True),
        ("ChatCompletion.create", True),
        ("audio.speech.create", False),
        ("files.create", False),
        ("responses.stream", False),
    ],
)
def test_what_batches_take(catalog: Catalog, path: str, batchable: bool):
    assert endpoint(catalog, path).batchable is batchable


def test_streams_are_context_managers(catalog: Catalog):
    assert endpoint(catalog, "responses.stream").manager
    assert not endpoint(catalog, "responses.create").manager


def test_defaults_of_the_api(catalog: Catalog):
    assert endpoint(catalog, "responses.create").defaults == {"store": True}
    assert endpoint(catalog, "completions.create").defaults == {"output_cap": 16}


def test_answers(catalog: Catalog):
    chat = endpoint(catalog, "chat.completions.create").answer
    assert ("choices", "*", "message", "content") in chat["text"]
    assert ("output_text",) in endpoint(catalog, "responses.create").answer["text"]


def test_every_part_and_default_speaks_of_an_argument(catalog: Catalog):
    for provider in catalog.data.providers:
        for entry in provider.endpoints:
            assert {part.argument for part in entry.prompt} <= ARGUMENTS
            assert set(entry.defaults) <= ARGUMENTS
            assert set(entry.arguments) <= ARGUMENTS
