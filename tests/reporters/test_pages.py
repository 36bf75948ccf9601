"""The pages of `facts` and `explain`, and the texts of rules."""

import io

import pytest
from reporting import CALL, CAP, PREFIX, assert_snapshot, call_site

from llmlint.facts.call_site import CallPath, CallSite, Location, Step, known
from llmlint.reporters import facts_page, rule_page
from llmlint.reporters.prose import Block, blocks
from llmlint.reporters.report import View


def facts_of(*sites, width=80):
    out = io.StringIO()
    facts_page.render(sites, out, View(width))
    return out.getvalue()


def explained(rule, width=80):
    out = io.StringIO()
    rule_page.render(rule, out, View(width))
    return out.getvalue()


def test_the_facts_of_a_call():
    assert_snapshot("facts.txt", facts_of(call_site()))


def test_the_page_of_a_rule():
    assert_snapshot("explain.txt", explained(CAP))


def test_a_rule_with_little_text_has_few_sections():
    text = explained(PREFIX)
    assert text.startswith("LLM101 changing-prompt-prefix  error  caching\n\nThe prompt changes early.\n")
    assert [line for line in text.splitlines() if line and not line.startswith(" ")][2:] == ["How to silence it"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("gpt-4o", "gpt-4o"),
        ("two words", '"two words"'),
        ("", '""'),
        (True, "true"),
        (None, "null"),
        (1234567, "1,234,567"),
        (0.5, "0.5"),
        (["a", "b c", 1], 'a, "b c", 1'),
        ([], "none"),
        ({"a": [float("inf")]}, '{"a": ["inf"]}'),
        ("\x1b[2J", r"\x1b[2J"),
        (float("nan"), "nan"),
        pytest.param(10**5_000, '"a number beyond 64 bits"', id="giant"),
    ],
)
def test_values_are_shown_as_rules_write_them(value, shown):
    facts = {"x.y": known(value)}
    assert f"    y                  {shown}\n" in facts_of(
        CallSite(CALL, "", "f", facts, (CallPath(facts),)), width=900
    )


def test_long_and_deep_values_are_cut():
    deep: list = ["x" * 999]
    for _ in range(3_000):
        deep = [deep]
    facts = {"x.deep": known(deep), "x.long": known("x" * 999)}
    text = facts_of(CallSite(CALL, "", "f", facts, (CallPath(facts),)))
    assert '"(nested too deeply)"' in text
    assert "x" * 240 + "…" in text
    assert "(999 characters)" in text


def test_evidence_that_facts_share_is_shown_once():
    step = Step(Location("a.py", 3), "the client is built")
    facts = {"client.host": known("openai", step), "client.async": known(False, step), "client.built": known("loop")}
    text = facts_of(CallSite(CALL, "", "f", facts, (CallPath(facts),)))
    host, is_async, evidence, built = text.splitlines()[3:7]
    assert [line.split()[0] for line in (host, is_async, built)] == ["host", "async", "built"]
    assert evidence == "      1. a.py:3  the client is built"


def test_many_ways_to_a_call_are_cut():
    paths = tuple(CallPath({}, (Step(Location("a.py", n), "calls it"),)) for n in range(1, 31))
    text = facts_of(CallSite(CALL, "", "f", {}, paths))
    assert "  way 12 through\n    1. a.py:12  calls it\n  and 18 more\n" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("one\ntwo\n\nthree", [Block(False, ["one two"]), Block(False, ["three"])]),
        ("Do:\n- one\n  more\n- two", [Block(False, ["Do:", "- one more", "- two"])]),
        ("```python\na\n\n  b\n```\nend", [Block(True, ["a", "", "  b"]), Block(False, ["end"])]),
        ("so:\n\n    a\n\n      b\nend", [Block(False, ["so:"]), Block(True, ["a", "", "  b"]), Block(False, ["end"])]),
        ("a\n    b", [Block(False, ["a b"])]),
        ("```\nnever closed", [Block(True, ["never closed"])]),
        ("```\n```", []),
    ],
)
def test_texts_of_rules_are_read_as_blocks(text, expected):
    assert blocks(text) == expected
