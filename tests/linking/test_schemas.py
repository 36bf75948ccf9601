"""The schema that a request carries for a class: about as many tokens as the real one, named by its fields."""

from __future__ import annotations

import json

from programs import linked

from llmlint.linking.calls import prompts

PROGRAM = """
    from enum import Enum
    from typing import Literal, Optional

    from openai import OpenAI
    from pydantic import BaseModel, Field


    class Mood(Enum):
        GOOD = "good"
        BAD = "bad"


    class Named(BaseModel):
        name: str = Field(description="as people say it")


    class Person(Named):
        age: int | None
        mood: Mood
        kind: Literal["a", "b"]
        friends: list["Person"]
        boss: Optional[Named] = None
        notes: dict[str, int]


    def ask(question: str):
        return OpenAI().responses.parse(model="gpt-4o", input=question, text_format=Person)
"""


def test_fields_of_a_class_are_counted(monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(prompts, "schema_text", lambda *given: seen.append(real(*given)) or seen[-1])
    (site,) = linked(PROGRAM).call_sites
    schema = json.loads(seen[0])
    assert schema["required"] == ["name", "age", "mood", "kind", "friends", "boss", "notes"]
    fields = schema["properties"]
    assert fields["name"] == {"type": "string", "title": "Name", "description": "as people say it"}
    assert fields["age"]["anyOf"] == [{"type": "integer"}, {"type": "null"}]
    assert fields["mood"]["enum"] == ["good", "bad"]
    assert fields["kind"]["enum"] == ["a", "b"]
    assert fields["friends"]["type"] == "array"
    assert fields["notes"] == {"type": "object", "title": "Notes"}
    (segment,) = (
        each for each in site.fact("prompt.segments").value if each["part"] == "text_format" or "tokens" in each
    )
    assert segment["tokens"] > 80
    assert segment["exact"] is False


real = prompts.schema_text


def test_a_class_that_holds_itself_ends():
    program = """
        from openai import OpenAI
        from pydantic import BaseModel


        class Tree(BaseModel):
            left: "Tree"
            right: list[Tree] | None


        print(OpenAI().responses.parse(model="gpt-4o", input="x", text_format=Tree))
    """
    (site,) = linked(program).call_sites
    assert site.fact("prompt.segments").value
