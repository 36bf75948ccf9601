"""Which comments belong to a call, and what the policies of companies ask for besides: files, headers, projects, dates."""

# ruff: noqa: E501 (each program of a table stands on one line)
from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, path_facts, read, site

COMMENTS = "surroundings.comments"
HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
CREATE = "client.responses.create(model='gpt-5.5', input='x')"


def comments(program: str):
    return read(site(HEAD + program), COMMENTS)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (f"{CREATE}", []),
        (f"x = 1  # not here\n\n# owner: search\n# since May\nr = {CREATE}  # reviewed\ny = 2  # nor here",
         ["owner: search", "since May", "reviewed"]),
        (f"# before\n\nr = {CREATE}", []),
        (f"# owner\nr = (\n    # inner\n    {CREATE}\n)", ["owner", "inner"]),
        ("r = client.responses.create(\n    # first\n    model='gpt-5.5',  # second\n    input='# no'\n)  # last",
         ["first", "second", "last"]),
        (f"# llmlint: ignore[x] no remark\nr = {CREATE}", []),
        (f"#\n#: owner\nr = {CREATE}", [": owner"]),
        (f"text = '''\n# no comment\n'''\nr = {CREATE}", []),
        (f"# of the function\n@decorated\n@twice\n# inside\ndef f():  # at its head\n    y = 1  # no\n    return {CREATE}",
         ["of the function", "inside", "at its head"]),
    ],
)  # fmt: skip
def test_comments_at_the_call(program, expected):
    assert comments(program) == expected


def test_comments_of_callers_belong_to_their_way():
    program = (
        "def f(m):\n    return client.responses.create(model=m, input='x')  # own\nf('a')  # first\nf('b')  # second"
    )
    ways = path_facts(site(HEAD + program), COMMENTS)
    assert ways == {"app.py:5": (["own", "first"],), "app.py:6": (["own", "second"],)}
    assert comments(program) == ["own", "first", "second"]


def test_comments_have_their_place():
    fact = site(HEAD + f"# owner: search\nr = {CREATE}").fact(COMMENTS)
    assert [(step.location.line, step.what) for step in fact.evidence] == [(3, "the comment says `owner: search`")]


def test_files_on_the_way():
    found = site(
        """
        # file: llm/client.py
        from openai import OpenAI
        def ask(text):
            return OpenAI().responses.create(model='gpt-5.5', input=text)
        # file: jobs/night.py
        from llm.client import ask
        ask('x')
        """
    )
    assert read(found, "surroundings.file") == "llm/client.py"
    assert read(found, "surroundings.caller_files") == ["jobs/night.py"]


@pytest.mark.parametrize(
    ("program", "fact", "expected"),
    [
        ("OpenAI(project='p').responses.create(model='gpt-5.5', input='x')", "client.project", "p"),
        ("OpenAI().responses.create(model='gpt-5.5', input='x')", "client.project", ABSENT),
        ("def f(client: OpenAI):\n    client.responses.create(model='gpt-5.5', input='x')", "client.project", UNKNOWN),
        ("def f(client):\n    client.chat.completions.create(model='m', messages=[])", "client.timeout", UNKNOWN),
        ("def f(client: OpenAI):\n    client.with_options(timeout=5).responses.create(model='m', input='x')", "client.timeout", 5),
        ("import openai\nopenai.responses.create(model='gpt-5.5', input='x')", "client.project", ABSENT),
        ("OpenAI(organization='o').responses.create(model='gpt-5.5', input='x')", "client.organization", "o"),
        ("OpenAI(default_headers={'X-Team': 'a'}).responses.create(model='m', input='x')", "client.headers", {"X-Team": None}),
        ("OpenAI().with_options(default_headers={'X': 'a'}).responses.create(model='m', input='x')", "client.headers", {"X": None}),
        ("OpenAI().responses.create(model='m', input='x', extra_headers={'X-Team': 'a'})", "argument.headers", {"X-Team": None}),
        ("OpenAI().responses.create(model='m', input='x')", "argument.headers", ABSENT),
    ],
)  # fmt: skip
def test_what_tags_a_request(program, fact, expected):
    assert read(site("from openai import OpenAI\n" + program), fact) == expected


def test_no_secret_gets_into_the_facts():
    found = site(
        f"{HEAD}client.responses.create(model='m', input='x', extra_headers={{'Authorization': 'Bearer sk-1'}})"
    )
    assert read(found, "argument.headers") == {"Authorization": None}
    assert "sk-1" not in str(found)


def test_headers_of_plain_http():
    program = "import requests\nrequests.post('https://api.openai.com/v1/responses', json={'model': 'm', 'input': 'x'}, headers={'X': 'a'})"
    assert read(site(program), "argument.headers") == {"X": None}


@pytest.mark.parametrize(
    ("model", "pinned", "days"),
    [
        ("'gpt-4.1-2025-04-14'", True, 52),
        ("'gpt-4.1'", False, 52),
        ("'gpt-5.5'", False, ABSENT),
        ("'gpt-4.1' if x else 'gpt-5.5'", False, 52),
        ("'gpt-4.1-2025-04-14' if x else 'gpt-5.5'", UNKNOWN, 52),
        ("'gpt-4.1' if x else 'nobody-knows-it'", UNKNOWN, UNKNOWN),
        ("'nobody-knows-it'", UNKNOWN, UNKNOWN),
        ("os.environ['MODEL']", UNKNOWN, UNKNOWN),
        ("os.environ.get('MODEL', 'gpt-5.5')", UNKNOWN, ABSENT),
    ],
)
def test_snapshots_and_shutdowns(model, pinned, days):
    found = site(f"import os\n{HEAD}client.responses.create(model={model}, input='x')")
    assert (read(found, "model.pinned"), read(found, "model.days_left")) == (pinned, days)


def test_the_newest_snapshot():
    assert (
        read(site(f"{HEAD}client.responses.create(model='gpt-4.1', input='x')"), "model.snapshot")
        == "gpt-4.1-2025-04-14"
    )


def test_an_endpoint_that_goes():
    assistant = site(f"{HEAD}client.beta.assistants.create(model='gpt-4.1')")
    days = read(assistant, "endpoint.days_left")
    assert isinstance(days, int)
    assert (days <= 0) is (read(assistant, "endpoint.lifecycle") == "shutdown")
    assert read(site(HEAD + CREATE), "endpoint.days_left") == ABSENT
