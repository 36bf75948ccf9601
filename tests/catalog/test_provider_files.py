"""Users' provider files: what they can add, and that every mistake in them is named at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmlint.catalog.loading import load_catalog
from llmlint.errors import ProblemsError

HEAD = "provider: acme\nas_of: 2026-11-01\n"


def problems(tmp_path: Path, *texts: str) -> list[str]:
    """The mistakes in files `0.yaml`, `1.yaml` ..., as line:column: message (hint)."""
    files = []
    for index, text in enumerate(texts):
        files.append(tmp_path / f"{index}.yaml")
        files[-1].write_text(text)
    with pytest.raises(ProblemsError) as caught:
        load_catalog(files)
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]


def test_a_wrapper_of_the_house(tmp_path: Path):
    file = tmp_path / "acme.yaml"
    file.write_text(
        HEAD
        + """
clients:
  - {names: [acme.llm.Client], same_as: openai.AzureOpenAI}
  - {names: [acme.llm.Batch], same_as: acme.llm.Client, asynchronous: true}
  - {names: [acme.llm], module: true, host: openai}
wrappers:
  - {names: [acme.llm.traced], client: {name: target, position: 1}}
endpoints:
  acme.ask:
    kind: generation
    api: chat
    paths: [ask]
    cap: limit
    arguments:
      prompt: {name: question, position: 0}
      output_cap: limit
    prompt: question
prompts:
  question: [{argument: prompt, shape: text}]
vocabulary: [[llm.ask]]
"""
    )
    catalog = load_catalog([file])
    client = catalog.client("acme.llm.Client")
    assert (client.host, catalog.endpoint(client, ("responses", "create")).id) == ("azure", "responses.create")
    batch = catalog.client("acme.llm.Batch")
    assert (batch.host, batch.asynchronous, batch.options) == ("azure", True, client.options)
    module, ask = catalog.endpoint_by_name("acme.llm.ask")
    assert (module.name, ask.id, ask.cap_parameter) == ("acme.llm", "acme.ask", "limit")
    assert [(s.path, s.position) for s in ask.arguments["prompt"]] == [(("question",), 0)]
    assert [(s.path, s.position) for s in catalog.wrapper("acme.llm.traced").client] == [(("target",), 1)]
    assert (b"llm.ask",) in catalog.vocabulary
    assert catalog.endpoint(catalog.client("openai"), ("ask",)) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("clents: []\n", "did you mean `clients`?"),
        ("clients:\n  - {names: [a.B]}\n", "neither `host` nor `same_as`"),
        ("clients:\n  - {names: [a.B], host: opneai}\n", "opneai"),
        ("clients:\n  - {names: [a.B], same_as: openai.OpenAy}\n", "did you mean `openai.OpenAI`?"),
        ("clients:\n  - {names: [a.B], same_as: a.C}\n  - {names: [a.C], same_as: a.B}\n", "like itself"),
        ("clients:\n  - {names: [a.B], host: other, option_sets: [x]}\n", "unknown set of options `x`"),
        ("clients:\n  - {names: [openai.OpenAI], host: other}\n", "described twice"),
        ("clients:\n  - {names: [a-b], host: other}\n", "a-b"),
        ("wrappers:\n  - {names: [a.wrap], dialect: nobody}\n", "unknown dialect `nobody`"),
        ("wrappers:\n  - {names: [a.wrap], builds: true}\n", "`builds` without `same_as`"),
        ("wrappers:\n  - {names: [a.wrap], same_as: a.B}\n", "unknown client `a.B`"),
        ("argument_sets:\n  s: {temprature: t}\n", "did you mean `temperature`?"),
        ("endpoints:\n  e: {paths: [e]}\n", "`kind` and `api` are missing"),
        ("endpoints:\n  e: {like: nothing, paths: [e]}\n", "unknown endpoint `nothing`"),
        ("endpoints:\n  e: {like: e, paths: [e]}\n", "like itself"),
        ("endpoints:\n  e: {like: f, paths: [e]}\n  f: {like: e, paths: [f]}\n", "like itself"),
        ("endpoints:\n  e: {kind: generation, api: x, paths: [e], cap: max}\n", "current spelling of output_cap `max`"),
        ("endpoints:\n  e: {kind: generation, api: x, paths: []}\n", "nothing leads to it"),
        ("endpoints:\n  e: {kind: poem, api: x, paths: [e]}\n", "poem"),
        ("endpoints:\n  e: {kind: other, api: x, paths: [e], prompt: p}\n", "unknown prompt `p`"),
        ("endpoints:\n  e: {kind: other, api: x, paths: [e], argument_sets: [s]}\n", "unknown set of arguments `s`"),
        ("endpoints:\n  e: {kind: other, api: x, paths: [e, e]}\n", "belongs to `e` already"),
        ("dialects:\n  d: {paths: {create: nowhere}}\n", "unknown endpoint `nowhere`"),
        ("prompts:\n  p: [{argument: promt, shape: text}]\n", "did you mean `prompt`?"),
        ("as_of: yesterday\n", "as_of"),
        ("vocabulary: [[ab]]\n", "vocabulary"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, problem: str):
    head = "provider: acme\n" if text.startswith("as_of") else HEAD
    found = problems(tmp_path, head + text)
    assert found
    assert all(line.startswith("0.yaml:") for line in found)
    assert any(problem in line for line in found), found


def test_all_mistakes_of_all_files_are_named_at_once(tmp_path: Path):
    found = problems(
        tmp_path,
        HEAD + "clients:\n  - {names: [a.B]}\nargument_sets: {s: {temprature: t}}\n",
        "provider: zebra\nas_of: 2026-11-01\nclients:\n  - {names: [z.B]}\n",
    )
    assert [line.split(":")[:2] for line in found] == [["0.yaml", "4"], ["0.yaml", "5"], ["1.yaml", "4"]]


def test_one_provider_stands_in_one_file(tmp_path: Path):
    assert problems(tmp_path, HEAD, HEAD) == [
        f"1.yaml:1:1: provider `acme` is described twice (it is described in {tmp_path}/0.yaml already; keep one)"
    ]


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(ProblemsError, match="can't be read"):
        load_catalog([tmp_path / "missing.yaml"])
