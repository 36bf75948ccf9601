"""The text of a comment: what it says, or what is wrong with it."""

import pytest

from llmlint.triage.directives import Directive, Malformed, read_directive

KNOWN = ("missing-output-cap", "LLM102", "changing-prompt-prefix", "LLM101")


@pytest.mark.parametrize(
    ("text", "directive"),
    [
        ("# llmlint: ignore[missing-output-cap]", Directive(False, ("missing-output-cap",), "")),
        ("#llmlint:ignore[LLM102] short answers", Directive(False, ("LLM102",), "short answers")),
        ("# llmlint: ignore [ LLM102 , x-y, ] - why", Directive(False, ("LLM102", "x-y"), "why")),
        ("# llmlint: ignore[LLM102, LLM102]", Directive(False, ("LLM102",), "")),
        ("# noqa: E501  # llmlint: ignore[LLM102] why  # type: ignore", Directive(False, ("LLM102",), "why")),
        ("# llmlint: ignore[LLM102] see #12", Directive(False, ("LLM102",), "see #12")),
        ("# llmlint: ignore", Directive(False, (), "")),
        ("# llmlint: ignore the answer is short", Directive(False, (), "the answer is short")),
        ("# LLMLINT: IGNORE: ", Directive(False, (), "")),
        ("# llmlint: ignore-file[LLM102] generated", Directive(True, ("LLM102",), "generated")),
        ("# llmlint: ignore-file generated code", Directive(True, (), "generated code")),
    ],
)
def test_a_directive_is_read(text, directive):
    assert read_directive(text, KNOWN) == directive


@pytest.mark.parametrize("text", ["# about llmlint", "# see llmlint: it knows", "# llmlinter: ignore", "# x"])
def test_other_comments_say_nothing(text):
    assert read_directive(text, KNOWN) is None


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("# llmlint:", "nothing is asked", "ignore[rule-name]"),
        ("# llmlint: [LLM102]", "nothing is asked", "ignore[rule-name]"),
        ("# llmlint: ignroe[LLM102]", "`ignroe` is not known", "Did you mean `ignore[...]`?"),
        ("# llmlint: disable[LLM102]", "`disable` is not known", "ignore[rule-name]"),
        ("# llmlint: ignore-next-line[LLM102]", "is not known", "alone on the line above"),
        ("# llmlint: ignore[LLM102", "never closed", "ignore[rule-name]"),
        ("# llmlint: ignore[ , ]", "no rule stands", "ignore[rule-name]"),
        ("# llmlint: ignore missing-output-cap", "in brackets", "ignore[missing-output-cap] reason"),
        ("# llmlint: ignore: mising-output-cap", "in brackets", "ignore[missing-output-cap] reason"),
        ("# llmlint: ignore=LLM102", "in brackets", "ignore[LLM102] reason"),
        ("# llmlint: ignore-file(LLM102) why", "in brackets", "ignore-file[LLM102] reason"),
    ],
)
def test_what_is_malformed_is_explained(text, what, hint):
    malformed = read_directive(text, KNOWN)
    assert isinstance(malformed, Malformed)
    assert what in malformed.what
    assert hint in malformed.hint


@pytest.mark.parametrize(
    "text",
    [
        "# llmlint: ignore[" + "x" * 200_000 + "]",
        "# llmlint: ignore[" + "x," * 100_000,
        "# llmlint: " + "a-" * 100_000,
        "#" + " " * 200_000 + "llmlint",
        "# llmlint: ignore " + " #" * 100_000,
    ],
    ids=["long name", "many names", "long verb", "blanks", "many comments"],
)
def test_hostile_comments_are_read_quickly(text):
    read_directive(text, KNOWN)
