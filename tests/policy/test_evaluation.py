from __future__ import annotations

from making import facts, known, path, place, rule, site

from llmlint.facts.call_site import Step
from llmlint.findings import Severity
from llmlint.policy import RulePolicy, evaluate

TOKENS = "{above: {prompt.static_tokens: 100}}"
LOUD, QUIET = {"prompt__static_tokens": 200}, {"prompt__static_tokens": 20}
OPEN = {"prompt__static_tokens": ...}


def findings(when, *calls, policies=(), **replaced):
    return evaluate([rule(when, **replaced)], calls, policies).findings


def test_a_finding():
    (finding,) = findings(TOKENS, site(path(**LOUD)))
    assert (finding.rule, finding.code, finding.severity) == ("loud-call", "TST001", Severity.WARNING)
    assert finding.location == place(1)
    assert finding.message == "The call is loud. It hurts. Be quiet."
    assert finding.help == "llmlint explain loud-call"


def test_nothing_to_say():
    verdicts = evaluate([rule(TOKENS)], [site(path(**QUIET))])
    assert (verdicts.findings, verdicts.undecided) == ((), ())


def test_message_is_filled_from_a_path_that_makes_it_true():
    fact = 'fact: "{prompt.static_tokens:number} tokens."'
    (finding,) = findings(TOKENS, site(path(20, **QUIET), path(30, **LOUD)), fact=f"  {fact}")
    assert finding.message.startswith("200 tokens.")


class TestUndecided:
    def test_reasons_are_named_once(self):
        verdicts = evaluate([rule(TOKENS)], [site(path(20, **OPEN), path(30, **OPEN))])
        assert verdicts.findings == ()
        (undecided,) = verdicts.undecided
        assert undecided.location == place(1)
        assert undecided.reasons == ("prompt.static_tokens: nobody says",)

    def test_true_wins_over_unknown(self):
        verdicts = evaluate([rule(TOKENS)], [site(path(20, **OPEN), path(30, **LOUD))])
        assert [finding.location.line for finding in verdicts.findings] == [30]
        assert verdicts.undecided == ()

    def test_unknown_wins_over_false(self):
        verdicts = evaluate([rule(TOKENS)], [site(path(20, **OPEN), path(30, **QUIET))])
        assert len(verdicts.undecided) == 1

    def test_value_that_is_not_constant(self):
        (undecided,) = evaluate([rule(TOKENS)], [site(path(prompt__static_tokens=None))]).undecided
        assert undecided.reasons == ("prompt.static_tokens: its value is not constant",)

    def test_text_too_long_to_search(self):
        call = site(path(prompt__text="x" * 5_000))
        (undecided,) = evaluate([rule("{matches: {prompt.text: y}}")], [call]).undecided
        assert undecided.reasons == ("prompt.text: only the first 2,000 characters are looked at",)


class TestEvidence:
    def evidence(self, *paths):
        (finding, *_) = findings(TOKENS, site(*paths))
        return [step.what for step in finding.evidence]

    def test_facts_in_the_order_of_the_rule_then_callers(self):
        values = facts(
            surroundings__loop=known("dataset", Step(place(7), "for row in rows")),
            prompt__static_tokens=known(200, Step(place(3), "PROMPT"), Step(place(4), "the text")),
            argument__stop=known([], Step(place(5), "not asked for")),
        )
        call = path(20, **{name.replace(".", "__"): fact for name, fact in values.items()})
        assert self.evidence(call) == ["PROMPT", "the text", "for row in rows", "caller at 20"]

    def test_the_call_comes_first_where_the_finding_stands_elsewhere(self):
        assert self.evidence(path(20, **LOUD), path(30, **QUIET)) == [
            "calls client.chat.completions.create",
            "caller at 20",
        ]

    def test_every_caller_that_makes_it_true_once(self):
        assert self.evidence(path(20, **LOUD), path(30, **LOUD), path(20, **LOUD)) == [
            "caller at 20",
            "caller at 30",
        ]

    def test_bounded(self):
        assert len(self.evidence(*(path(line, **LOUD) for line in range(2, 500)))) == 40


def test_a_caller_of_two_calls_is_told_once():
    calls = [site(path(20, **LOUD), path(30, **QUIET), line=line) for line in (3, 5)]
    (finding,) = findings(TOKENS, *calls)
    assert finding.location == place(20)
    assert [step.location.line for step in finding.evidence] == [3, 20, 5]


class TestFingerprints:
    def prints(self, *calls):
        return [finding.fingerprint for finding in findings(TOKENS, *calls)]

    def test_stay_when_lines_move(self):
        assert self.prints(site(path(**LOUD), line=3)) == self.prints(site(path(**LOUD), line=99))

    def test_differ_by_place(self):
        calls = [
            site(path(**LOUD), line=3),
            site(path(**LOUD), line=5),
            site(path(**LOUD), line=7, function="other"),
            site(path(**LOUD), file="b.py"),
        ]
        assert len(set(self.prints(*calls))) == 4

    def test_do_not_depend_on_the_order_of_call_sites(self):
        first, second = site(path(**LOUD), line=3), site(path(**LOUD), line=5)
        assert self.prints(first, second) == self.prints(second, first)

    def test_do_not_depend_on_other_rules(self):
        other = rule("{present: argument.stop}", rule="rule: other-rule", code="code: TST002")
        call = site(path(**LOUD))
        assert evaluate([other, rule(TOKENS)], [call]).findings == evaluate([rule(TOKENS)], [call]).findings


class TestPolicies:
    def test_off(self):
        verdicts = evaluate([rule(TOKENS)], [site(path(**OPEN))], [RulePolicy("loud-call", enabled=False)])
        assert (verdicts.findings, verdicts.undecided) == ((), ())

    def test_by_code_and_for_all_rules(self):
        for name in ("TST001", ""):
            assert findings(TOKENS, site(path(**LOUD)), policies=[RulePolicy(name, enabled=False)]) == ()

    def test_of_another_rule(self):
        assert findings(TOKENS, site(path(**LOUD)), policies=[RulePolicy("other", enabled=False)])

    def test_severity_by_path_and_the_last_one_wins(self):
        policies = [
            RulePolicy("loud-call", severity=Severity.ERROR),
            RulePolicy("loud-call", ("scripts",), severity=Severity.INFO),
        ]
        calls = [site(path(**LOUD), file="app.py"), site(path(**LOUD), file="scripts/a.py")]
        assert [each.severity for each in findings(TOKENS, *calls, policies=policies)] == [
            Severity.ERROR,
            Severity.INFO,
        ]

    def test_options(self):
        when = "{at_least: {prompt.static_tokens: $option.least}}"
        calls = [site(path(**QUIET), file="app.py"), site(path(**QUIET), file="jobs/a.py")]
        policies = [RulePolicy("loud-call", ("jobs/**",), options={"least": 1000})]
        assert [each.location.path for each in findings(when, *calls, policies=policies)] == ["app.py"]

    def test_switched_off_where_the_finding_would_stand(self):
        call = site(path(20, at="tests/t.py", **LOUD), path(30, **QUIET))
        policies = [RulePolicy("loud-call", ("tests",), enabled=False)]
        assert findings(TOKENS, call, policies=policies) == ()


def test_order_of_findings():
    second = rule("{above: {prompt.static_tokens: 100}}", rule="rule: another-rule", code="code: TST000")
    calls = [site(path(**LOUD), line=9), site(path(**LOUD), line=2), site(path(**LOUD), file="a.py")]
    found = evaluate([rule(TOKENS), second], calls).findings
    assert [(each.location.path, each.location.line, each.code) for each in found] == [
        ("a.py", 1, "TST000"),
        ("a.py", 1, "TST001"),
        ("app.py", 2, "TST000"),
        ("app.py", 2, "TST001"),
        ("app.py", 9, "TST000"),
        ("app.py", 9, "TST001"),
    ]


class TestRulesForSomeFolders:
    """What a condition asks about the file is answered once for all of its calls."""

    calls = tuple(
        site(path(surroundings__file=file, **LOUD), file=file) for file in ("llm/a.py", "llm/b.py", "web/a.py")
    )
    tested = "{equals: {surroundings.role: test}}"

    def places(self, when: str) -> list[str]:
        return [each.location.path for each in findings(when, *self.calls)]

    def test_within(self):
        assert self.places(f"{{all: [{TOKENS}, {{within: {{surroundings.file: llm/}}}}]}}") == ["llm/a.py", "llm/b.py"]
        assert self.places(f"{{all: [{TOKENS}, {{not: {{within: {{surroundings.file: llm/}}}}}}]}}") == ["web/a.py"]
        assert self.places("{within: {surroundings.file: web}}") == ["web/a.py"]

    def test_one_of_several_ways_to_be_true(self):
        inside = "{within: {surroundings.file: llm/}}"
        assert len(self.places(f"{{any: [{TOKENS}, {inside}]}}")) == 3
        assert self.places(f"{{any: [{self.tested}, {inside}]}}") == ["llm/a.py", "llm/b.py"]
        assert self.places(f"{{all: [{TOKENS}, {{any: [{inside}, {{like: {{surroundings.file: '*b.py'}}}}]}}]}}") == [
            "llm/a.py",
            "llm/b.py",
        ]

    def test_the_question_that_decided_last_is_asked_first_and_says_the_same(self):
        when = f"{{all: [{TOKENS}, {{equals: {{endpoint.api: chat}}}}]}}"
        calls = [
            site(path(prompt__static_tokens=tokens, endpoint__api=api), line=line)
            for line, (tokens, api) in enumerate([(500, "chat"), (500, "x"), (5, "chat"), (5, "x"), (500, "chat")], 1)
        ]
        assert [each.location.line for each in findings(when, *calls)] == [1, 5]
