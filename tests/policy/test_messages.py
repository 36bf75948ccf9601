from __future__ import annotations

import pytest
from making import absent, facts

from llmlint.policy.messages import Placeholder, TemplateError, fill, parse, placeholders


def filled(text: str, **values) -> str:
    return fill(parse(text), facts(**values), {"least": 1024, "hosts": ("openai", "azure")})


def test_parts():
    assert parse("a {x.y:list|the b} {{c}}") == (
        "a ",
        Placeholder("x.y", "list", "the b"),
        " ",
        "{",
        "c",
        "}",
    )
    assert placeholders(parse("{a}{b|}")) == [Placeholder("a", "", None), Placeholder("b", "", "")]


@pytest.mark.parametrize("text", ["a {b", "a } b", "{a{b}}", "{a:upper}", "{a:>10}"])
def test_what_is_no_template(text):
    with pytest.raises(TemplateError):
        parse(text)


@pytest.mark.parametrize(
    ("template", "value", "shown"),
    [
        ("{prompt.text}", "two\n  words", "two words"),
        ("{prompt.text}", "x" * 200, "x" * 99 + "…"),
        ("{prompt.text}", "{model.ids} {{", "{model.ids} {{"),
        ("{prompt.text}", True, "yes"),
        ("{prompt.text}", 12345, "12,345"),
        ("{prompt.text:list}", ["a"], "a"),
        ("{prompt.text:list}", ["a", "b", 3], "a, b and 3"),
        ("{prompt.text:list}", [str(n) for n in range(9)], "0, 1, 2, 3, 4 and 4 more"),
        ("{prompt.text:list}", [], "none"),
        ("{prompt.text:number}", 1234567, "1,234,567"),
        ("{prompt.text:number}", 2.50, "2.5"),
        ("{prompt.text:number}", 20.0, "20"),
        ("{prompt.text:money}", 1234.5, "$1,234.50"),
        ("{prompt.text:money}", 0.00123, "$0.0012"),
        ("{prompt.text:money}", 0, "$0.00"),
    ],
)
def test_values(template, value, shown):
    assert filled(template, prompt__text=value) == shown


def test_alternatives():
    assert filled("{model.ids:list|the model} costs", model__ids=...) == "the model costs"
    assert filled("{model.ids|the model} costs", model__ids=absent()) == "the model costs"
    assert filled("{model.ids|the model} costs") == "the model costs"
    assert filled("{model.ids|the model} costs", model__ids=None) == "the model costs"


def test_options():
    assert filled("{option.least:number} on {option.hosts:list}") == "1,024 on openai and azure"


def test_a_value_is_never_read_as_a_template():
    assert filled("{prompt.text} {model.ids|x}", prompt__text="{model.ids}") == "{model.ids} x"
