from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import RULE, path, rule, rule_text, site

from llmlint import yamlfile
from llmlint.errors import ProblemsError
from llmlint.policy import evaluate, rules
from llmlint.policy.loading import load_rules, rule_files, rule_from
from llmlint.policy.rulefile import ConditionFile


def problems(when: str = "{present: argument.stop}", **replaced: str) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        rule_from(yamlfile.load(rule_text(when, **replaced), "r.yaml"))
    return [str(problem) for problem in caught.value.problems]


def problem(when: str = "{present: argument.stop}", **replaced: str) -> str:
    (only,) = problems(when, **replaced)
    return only


WHEN_LINE = RULE.split("\n").index("when: WHEN") + 1

MISTAKES = [
    ("{present: argument.stopp}", "unknown fact `argument.stopp` (did you mean `argument.stop`?)"),
    ("{equals: {endpoint.kind: generator}}", "`generator` (did you mean `generation`?)"),
    ("{one_of: {surroundings.role: [tests, online]}}", "`surroundings.role` is never `tests`"),
    ("{equals: {argument.output_cap: '5'}}", '"5" is not a number'),
    ("{equals: {argument.stream: 1}}", "1 is not a boolean"),
    ("{equals: {model.ids: gpt}}", "`equals` takes a string or number or boolean, but `model.ids` is a list"),
    ("{above: {endpoint.api: 3}}", "`above` takes a number, but `endpoint.api` is a string"),
    ("{above: {argument.output_cap: many}}", '"many" is not a number'),
    ("{matches: {argument.output_cap: x}}", "`matches` takes a string"),
    ("{matches: {prompt.text: '(a+)+'}}", "the pattern repeats in too many ways"),
    ("{matches: {prompt.text: '(a'}}", "the pattern is no regular expression"),
    ("{one_of: {endpoint.api: chat}}", '"chat" is not a list (write [first, second])'),
    ("{one_of: {endpoint.api: $option.least}}", "option `least` is a integer, but a list is needed here"),
    ("{one_of: {endpoint.api: [$option.hosts]}}", "option `hosts` is a list, but a string is needed here"),
    ("{above: {argument.output_cap: $option.leest}}", "(did you mean `$option.least`?)"),
    ("{above: {option.leest: 3}}", "unknown fact `option.leest` (did you mean `option.least`?)"),
    ("{equals: {endpoint.api: $least}}", "unknown option `$least` (did you mean `$option.least`?)"),
    ("{some: {list: endpoint.api, where: {equals: {item: x}}}}", "`endpoint.api` is a string"),
    ("{some: {list: model.ids, where: {equals: {endpoint.api: x}}}}", "can't be asked inside of `where`"),
    ("{some: {list: model.ids, where: {some: {list: model.ids, where: {equals: {item: x}}}}}}", "can't stand inside"),
    ("{equals: {item: x}}", "unknown fact `item`"),
    ("{count: {at_least: 1.5, of: [{present: argument.stop}]}}", "1.5 is not a whole number"),
    ("{count: {at_least: two, of: [{present: argument.stop}]}}", '"two" is not a number'),
    ("{count: {at_least: true, of: [{present: argument.stop}]}}", "True is not a number"),
    ("{contains: {model.ids: [a]}}", "must be"),
    ("{like: {model.ids: x}}", "`like` takes a string, but `model.ids` is a list"),
    ("{like: {endpoint.api: 5}}", "`endpoint.api` must be text or a list, not the number 5"),
    ("{like: {endpoint.api: []}}", "`endpoint.api` must"),
    ("{like: {endpoint.api: $option.least}}", "option `least` is a integer, but a string or list is needed here"),
    ("{like: {endpoint.api: [$option.hosts]}}", "option `hosts` is a list, but a string is needed here"),
    ("{within: {surroundings.file: ./src}}", "`./src` matches no path: it goes through `.`"),
    ("{within: {surroundings.file: [src, ../x]}}", "`../x` matches no path: it goes through `..`"),
    ("{within: {surroundings.file: 'src\\a'}}", "it has a backslash (write it from the project's folder"),
    ("{presnt: argument.stop}", "unknown key `presnt` (did you mean `present`?)"),
    ("{present: argument.stop, absent: argument.seed}", "exactly one key, here: absent, present"),
    ("{}", "exactly one key, here: none"),
    ("{equals: {endpoint.api: chat, endpoint.id: x}}", "`equals`"),
    ("{all: []}", "`all`"),
    ("{present: null}", "this condition is empty"),
    ("{all: [present]}", "must be a mapping"),
    ("{not: " * 11 + "{present: argument.stop}" + "}" * 11, "nested more than 10 deep"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "words"), MISTAKES, ids=[when[:50] for when, _ in MISTAKES])
def test_mistake_in_a_condition(when, words):
    found = problems(when)
    assert any(words in each for each in found), found
    assert all(each.startswith(f"r.yaml:{WHEN_LINE}:") for each in found)


def test_places_point_at_the_key():
    when = "{all: [{present: argument.stop}, {equals: {endpoint.kind: x}}]}"
    column = f"when: {when}".index("endpoint.kind") + 1
    assert problem(when).startswith(f"r.yaml:{WHEN_LINE}:{column}: ")


@pytest.mark.parametrize(
    ("key", "line", "words"),
    [
        ("fact", '  fact: "No full stop"', "end it with a full stop"),
        ("fact", '  fact: "{model.ids:list}."', "may be unknown or absent here"),
        ("fact", '  fact: "{model.ids|the model}."', "is a list and can't be shown like that"),
        ("fact", '  fact: "{prompt.text:money|x}."', "is a string and can't be shown like that"),
        ("fact", '  fact: "{modle.ids:list|x}."', "did you mean `model.ids`"),
        ("fact", '  fact: "{model.ids:upper|x}."', "unknown format `upper`"),
        ("fact", '  fact: "an open { brace."', "single `{`"),
        ("fact", '  fact: "{option.leest}."', "did you mean `option.least`"),
        ("evidence", "evidence: [prompt.statictokens]", "did you mean `prompt.static_tokens`"),
        ("rule", "rule: Loud_Call", "`rule`"),
        ("code", "code: tst1", "`code`"),
        ("severity", "severity: warn", "did you mean `warning`"),
        ("least", "  least: {type: integer, default: 1.5, description: x}", "is not of type integer"),
        ("least", "  least: {type: integr, default: 1, description: x}", "did you mean `integer`"),
        ("fix", "fixx: Be quiet.", "unknown key `fixx`"),
        ("fix", "references: [{url: ftp://x, as_of: 2026-01-01}]\nfix: x", "`url`"),
        ("fix", "references: [{url: https://x.org, as_of: May 2026}]\nfix: x", "`as_of`"),
    ],
)
def test_mistake_elsewhere(key, line, words):
    found = problems(**{key: line})
    assert any(words in each for each in found), found


def test_a_fact_that_the_condition_proves_needs_no_alternative():
    when = "{contains: {model.ids: x}}"
    assert rule(when, fact='  fact: "{model.ids:list}."').message.fact == "{model.ids:list}."


keys = [field.alias or name for name, field in ConditionFile.model_fields.items()]
words = st.sampled_from(
    [*keys, "of", "at_least", "weight", "when", "list", "where", "item", "model.ids", "prompt.text", "argument.stream",
     "argument.output_cap", "endpoint.kind", "generation", "$option.least", "option.hosts", "$option.x", "(a+)+", ""]
)  # fmt: skip
values = st.recursive(
    st.one_of(words, st.integers(-2, 2), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=2)),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(keys), values, max_size=2))
def test_any_condition_is_taken_or_refused_with_places(when):
    """Whatever stands there: a rule that can be evaluated, or problems; nothing else."""
    try:
        each = rule_from(yamlfile.load(rule_text(json.dumps(when)), "r.yaml"))
    except ProblemsError as error:
        assert all(problem.line for problem in error.problems)
    else:
        evaluate([each], [site(path(model__ids=["a"], prompt__text="x", argument__output_cap=5))])


class TestExamples:
    def of(self, text: str) -> str:
        return problem(fix=f"examples: {text}\nfix: x")

    def test_bad_must_be_marked(self):
        assert "must end in `# finding`" in self.of("{bad: [{name: n, code: 'ask()'}]}")
        assert "must end in `# finding`" in self.of("{bad: [{name: n, code: 'ask() # undecided'}]}")

    def test_good_must_not(self):
        assert "has no line marked" in self.of("{good: [{name: n, code: 'ask() # finding'}]}")

    def test_names_are_unique(self):
        assert "a second example named `n`" in self.of("{good: [{name: n, code: a}, {name: n, code: b}]}")

    def test_code_or_files(self):
        assert "either `code` or `files`" in self.of("{good: [{name: n}]}")
        assert "either `code` or `files`" in self.of("{good: [{name: n, code: a, files: {a.py: b}}]}")


def test_all_problems_of_all_files_at_once(tmp_path):
    (tmp_path / "a.yaml").write_text(rule_text("{present: x.y}", severity="severity: loud"))
    (tmp_path / "b.yaml").write_text("rule: [")
    (tmp_path / "c.yml").write_text(rule_text("{all: [{present: x.y}, {present: model.idz}]}"))
    with pytest.raises(ProblemsError) as caught:
        load_rules([tmp_path])
    by_file = [each.path.rsplit("/", 1)[1] for each in caught.value.problems]
    assert by_file == ["a.yaml", "b.yaml", "c.yml", "c.yml"]


def test_names_and_codes_are_unique(tmp_path):
    (tmp_path / "a.yaml").write_text(rule_text())
    (tmp_path / "b.yaml").write_text(rule_text(code="code: TST002"))
    (tmp_path / "c.yaml").write_text(rule_text(rule="rule: soft-call"))
    with pytest.raises(ProblemsError) as caught:
        load_rules([tmp_path])
    first, second = caught.value.problems
    assert (first.path, first.line) == (str(tmp_path / "b.yaml"), 1)
    assert first.message == f"`loud-call` is taken by {tmp_path / 'a.yaml'}"
    assert (second.path, second.line) == (str(tmp_path / "c.yaml"), 2)


def test_files_and_folders(tmp_path):
    (tmp_path / "cost").mkdir()
    (tmp_path / "cost" / "b.yaml").write_text(rule_text(rule="rule: b-rule", code="code: TST001"))
    (tmp_path / "a.yml").write_text(rule_text(rule="rule: a-rule", code="code: TST002"))
    (tmp_path / "notes.txt").write_text("no rule")
    assert [each.rule for each in load_rules([tmp_path])] == ["b-rule", "a-rule"]
    assert rule_files([tmp_path / "a.yml", tmp_path]) == [tmp_path / "a.yml", tmp_path / "cost" / "b.yaml"]


def test_nothing_to_load(tmp_path):
    with pytest.raises(ProblemsError, match="no rules here"):
        load_rules([tmp_path / "nowhere"])


def test_encoded_rules_are_the_same():
    each = rule(
        "{all: [{some: {list: model.ids, where: {equals: {item: x}}}},"
        " {above: {argument.seed: $option.least}}, {one_of: {client.host: $option.hosts}},"
        " {not: {score: {at_least: 2, of: [{weight: 2, when: {any: [{absent: argument.stop}]}}]}}}]}"
    )
    assert rules.decode(rules.encode((each,))) == (each,)
