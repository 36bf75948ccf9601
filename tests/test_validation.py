from __future__ import annotations

from enum import Enum
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from llmlint.errors import ProblemsError, suggest
from llmlint.validation import validate
from llmlint.yamlfile import load


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(Enum):
    LOW = "low"
    HIGH = "high"


class All(Strict):
    all: tuple[Condition, ...]


class Not(Strict):
    not_: Condition = Field(alias="not")


class Compare(Strict):
    fact: str
    equals: str | int | None = None
    at_least: float | None = Field(None, alias="at-least", ge=0)


Condition = All | Not | Compare


class Rule(Strict):
    name: str = Field(pattern="^[a-z-]+$")
    level: Level = Level.LOW
    when: Condition
    message: str = Field(description="One sentence. Another one.", min_length=3)
    kinds: tuple[Literal["a", "b"], ...] = Field((), max_length=2)
    prices: dict[Level, float] = {}

    @field_validator("message")
    @classmethod
    def _not_shouted(cls, value: str) -> str:
        if value.isupper():
            raise ValueError("`message` is written in capitals; use a sentence")
        if value == "hint":
            raise PydanticCustomError("no_hint", "`message` says nothing", {"hint": "say what is wrong"})
        return value

    @model_validator(mode="after")
    def _named(self) -> Rule:
        if self.name == "rule":
            raise ValueError("a rule can't be called `rule`")
        return self


for _model in (All, Not, Rule):
    _model.model_rebuild()

GOOD = "name: x\nmessage: one\n"


def problems_of(text: str) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        validate(load(text, "r.yaml"), Rule)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_document_becomes_the_model():
    rule = validate(load(GOOD + "level: high\nprices: {low: 1}\nkinds: [a]\nwhen: {not: {fact: f}}\n"), Rule)
    assert rule.level is Level.HIGH
    assert rule.prices == {Level.LOW: 1.0}
    assert rule.kinds == ("a",)
    assert rule.when == Not(**{"not": Compare(fact="f")})


def test_all_mistakes_at_once_each_at_its_place():
    assert problems_of(
        "name: X\nlevel: hihg\nwhen:\n  all:\n   - fct: 1\n   - fact: a\n     equals: [1]\n   - 3\nprices: {lwo: '1'}\n"
    ) == [
        "r.yaml:1:1: `message` is missing (One sentence)",
        'r.yaml:1:1: `name` must match the pattern ^[a-z-]+$, but is "X"',
        'r.yaml:2:1: `level` can\'t be "hihg" (did you mean `high`?)',
        "r.yaml:5:6: unknown key `fct` (did you mean `fact`?)",
        "r.yaml:7:6: `equals` must be text or a whole number, not a list",
        "r.yaml:8:6: item 3 of `all` must be a mapping, not the number 3",
        'r.yaml:9:10: `lwo` must be a number, not "1"',
        "r.yaml:9:10: unknown key `lwo` (did you mean `low`?)",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("when: {fact: f}\nmesage: x\nname: x", "2:1: unknown key `mesage` (did you mean `message`?)"),
        (GOOD + "when: {al: []}", "3:8: unknown key `al` (did you mean `all`?)"),
        (
            GOOD + "when: {not: {fact: f, at_least: 1}}",
            "3:23: unknown key `at_least` (did you mean `at-least`?)",
        ),
        (
            GOOD + "when: {fact: f, at-least: -1}",
            "3:17: `at-least` must be at least 0.0, but is the number -1",
        ),
        (GOOD + "when: {fact: f}\nqqq: 1", "4:1: unknown key `qqq` (allowed: `kinds`, `level`, "),
        (
            GOOD + "when: {fact: f}\nkinds: [a, c]",
            '4:12: item 2 of `kinds` can\'t be "c" (allowed: `a`, `b`)',
        ),
        (GOOD + "when: {fact: f}\nkinds: [a, b, a]", "4:1: `kinds` must have at most 2 items, but is a list"),
        (GOOD + "when: {fact: f}\nkinds: a", '4:1: `kinds` must be a list, not "a"'),
        (GOOD + "when: {fact: f}\nlevel: [1]", "4:1: `level` can't be a list (allowed: 'low' or 'high')"),
        (GOOD + "when:", "3:1: `when` must be a mapping, but is empty"),
        (GOOD + "when: {all: {}}", "3:8: `all` must be a list, not a mapping"),
        (GOOD + "when: {fact: true}", "3:8: `fact` must be text, not true"),
        (
            "name: x\nwhen: {fact: f}\nmessage: NO GOOD",
            "3:1: `message` is written in capitals; use a sentence",
        ),
        ("name: x\nwhen: {fact: f}\nmessage: hint", "3:1: `message` says nothing (say what is wrong)"),
        ("name: rule\nwhen: {fact: f}\nmessage: one", "1:1: a rule can't be called `rule`"),
        (
            "name: x\nwhen: {fact: f}\nmessage: n",
            '3:1: `message` must have at least 3 characters, but is "n"',
        ),
        ("- 1", "1:1: the file must be a mapping, not a list"),
        ("", "1:1: the file must be a mapping, but is empty"),
    ],
)
def test_words(text, expected):
    assert any(problem.startswith(f"r.yaml:{expected}") for problem in problems_of(text)), problems_of(text)


def test_numbers_in_quotes_are_no_numbers():
    assert problems_of(GOOD + "when: {fact: f, at-least: '1'}") == ['r.yaml:3:17: `at-least` must be a number, not "1"']


def test_a_part_of_a_file_is_checked_at_its_places():
    document = load("rules:\n  first:\n    name: x\n    message: one\n    whn: 1\n", "p.yaml")
    with pytest.raises(ProblemsError) as caught:
        validate(document.under("rules").under("first"), Rule)
    assert [str(problem) for problem in caught.value.problems] == [
        "p.yaml:2:3: `when` is missing in `first`",
        "p.yaml:5:5: unknown key `whn` (did you mean `when`?)",
    ]


def test_suggest():
    assert suggest("temprature", ["temperature", "tier"]) == "did you mean `temperature`?"
    assert suggest("zzz", ["b", "a"]) == "allowed: `a`, `b`"
    assert suggest("zzz", []) == ""
    assert suggest("zzz", [f"k{number:02}" for number in range(30)]).endswith("`k19` ...")
