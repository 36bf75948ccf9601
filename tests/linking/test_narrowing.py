"""A value under a condition: None is left out, or it is one of a few texts; callers that a condition rules out."""

from __future__ import annotations

import pytest
from programs import ABSENT, UNKNOWN, path_facts, read, site

HEAD = "from openai import OpenAI\nclient = OpenAI()\n"
CALL = 'client.chat.completions.create(model="gpt-4o", messages=[], max_tokens=cap)'


def cap(body: str):
    """The cap's fact for a function with the parameter `cap=None`."""
    lines = "".join(f"    {line}\n" for line in body.replace("CALL", CALL).split("\n"))
    return read(site(f"{HEAD}def ask(cap=None):\n{lines}"), "argument.output_cap")


@pytest.mark.parametrize(
    "body",
    [
        "if cap is not None:\n    CALL",
        "if cap:\n    CALL",
        "if cap is None:\n    raise ValueError\nCALL",
        "if not cap:\n    return\nCALL",
        "if cap is None:\n    pass\nelse:\n    CALL",
        "if cap is None or cap < 0:\n    return\nCALL",
        "if client and cap is not None:\n    CALL",
        "if isinstance(cap, int):\n    CALL",
    ],
)
def test_it_is_given_there(body: str):
    assert cap(body) is None  # given, whatever it is


@pytest.mark.parametrize(
    "body",
    [
        "CALL",
        "if client or cap is not None:\n    CALL",
        "if cap is None and client:\n    return\nCALL",
        "if cap is None:\n    print()\nCALL",
        "for one in client:\n    if cap is None:\n        break\nCALL",
        "CALL\nif cap is None:\n    raise ValueError",
    ],
)
def test_it_may_be_missing_there(body: str):
    assert cap(body) is UNKNOWN


def test_what_is_bound_after_the_condition_counts():
    assert cap("if cap:\n    cap = None\n    CALL") is ABSENT
    assert cap("if cap is None:\n    raise ValueError\ncap = None\nCALL") is ABSENT


def test_an_attribute():
    program = f"""{HEAD}
class Model:
    def __init__(self, cap=None):
        self.cap = cap
    def ask(self):
        if self.cap is not None:
            return {CALL.replace("=cap", "=self.cap")}
"""
    assert read(site(program), "argument.output_cap") is None


@pytest.mark.parametrize("condition", ["cap is None", "not cap", "cap is None or cap < 0"])
def test_a_default_that_is_filled_in(condition: str):
    assert cap(f"if {condition}:\n    cap = 100\nCALL") is None


def test_a_default_that_is_filled_in_sometimes():
    assert cap("if client:\n    cap = 100\nCALL") is UNKNOWN
    assert cap("if cap is None and client:\n    cap = 100\nCALL") is UNKNOWN
    assert cap("if not cap:\n    cap = None\nCALL") is UNKNOWN


def test_a_key_that_each_of_several_mappings_has():
    found = site(f"""{HEAD}
def options(many):
    if many:
        return {{"model": "a", "max_tokens": 7, "n": 3}}
    return {{"model": "b", "max_tokens": 7}}
client.chat.completions.create(messages=[], **options(input()))
""")
    assert (read(found, "argument.output_cap"), read(found, "argument.choices")) == (7, UNKNOWN)
    assert read(found, "model.ids") == ["a", "b"]


ASK = "client.chat.completions.create(model=model, messages=[])"


def model(body: str, call: str = ""):
    """The models of a function with the parameters `model` and `other`, and of a program that calls it."""
    lines = "".join(f"    {line}\n" for line in body.replace("ASK", ASK).split("\n"))
    return read(site(f"{HEAD}def ask(model, other):\n{lines}{call}\n"), "model.ids")


@pytest.mark.parametrize(
    ("body", "models"),
    [
        ('if model == "gpt-4o":\n    ASK', ["gpt-4o"]),
        ('if model in ("gpt-4o", "o3"):\n    ASK', ["gpt-4o", "o3"]),
        ('if model == "gpt-4o" or model == "o3":\n    ASK', ["gpt-4o", "o3"]),
        ('if other and model == "o3":\n    ASK', ["o3"]),
        ('if other:\n    pass\nelif model == "o3":\n    ASK', ["o3"]),
        ('if model == "o3":\n    model = "gpt-4o"\n    ASK', ["gpt-4o"]),
        ('if model != "o3":\n    ASK', UNKNOWN),
        ('if model == "o3" or other:\n    ASK', UNKNOWN),
        ('if model == "o3":\n    pass\nASK', UNKNOWN),
    ],
)
def test_a_text_that_a_condition_names(body: str, models: object):
    assert model(body) == models


@pytest.mark.parametrize(
    "condition",
    [
        '"gpt" in model',
        'model.startswith("gpt")',
        'model in ["gpt-4o"]',
        'model in {"gpt-4o": 1}',
        'model == "gpt-4o"',
    ],
)
def test_callers_that_a_condition_rules_out(condition: str):
    program = f"""{HEAD}
def ask(model):
    if {condition}:
        return {ASK}
def first():
    return ask("gpt-4o")
def second():
    return ask("o3")
"""
    assert list(path_facts(site(program), "model.ids").values()) == [(["gpt-4o"],)]
    negated = program.replace(f"if {condition}", f"if not ({condition})")
    assert list(path_facts(site(negated), "model.ids").values()) == [(["o3"],)]


def test_an_arm_that_no_known_caller_reaches_is_judged_on_its_own():
    body = 'if "gpt" in model:\n    return 1\nelif model == "o3":\n    return ASK'
    assert model(body, 'ask("gpt-4o", 1)') == ["o3"]
