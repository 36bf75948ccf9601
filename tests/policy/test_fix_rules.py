"""What a rule file says about fixes, and what becomes of it at a finding."""

from __future__ import annotations

import pytest
from making import path, rule_text, site

from llmlint import yamlfile
from llmlint.edits import Safety
from llmlint.errors import ProblemsError
from llmlint.policy import evaluate
from llmlint.policy.loading import rule_from
from llmlint.policy.rules import Rule, decode, encode


def made(fix: str) -> Rule:
    return rule_from(yamlfile.load(rule_text("{present: argument.stop}") + fix, "r.yaml"))


def problems(fix: str) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        made(fix)
    return [str(problem).split(": ", 1)[1] for problem in caught.value.problems]


def entry(**changed: str) -> str:
    keys = {"kind": "set-argument", "safety": "unsafe", "title": '"Do it."', "with": "{argument: stop, value: 5}"}
    return "fixes:\n" + "".join(
        f"  {'-' if key == 'kind' else ' '} {key}: {value}\n" for key, value in (keys | changed).items()
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "set-arguments"}, "set-argument"),
        ({"safety": "risky"}, "safe"),
        ({"title": '"Do it"'}, "not a sentence (end it with a full stop)"),
        ({"title": '"Do {endpoint.apo}."'}, "unknown fact `endpoint.apo` (did you mean `endpoint.api`?)"),
        ({"title": '"Do {model.snapshot}."'}, "`model.snapshot` may be unknown or absent here"),
        ({"with": "{argument: stop}"}, "`set-argument` needs `value` (what it is set to; write it under `with`)"),
        ({"with": "{argument: stop, value: 5, valeu: 6}"}, "`set-argument` takes no `valeu` (did you mean `value`?)"),
        ({"with": "{argument: 5, value: 5}"}, "`argument` must be text (name of the argument)"),
        ({"with": "{argument: stop, value: $option.most}"}, "unknown option `$option.most`"),
        ({"with": '{argument: "{endpoint.apo}", value: 5}'}, "unknown fact `endpoint.apo`"),
        ({"kind": "move-behind", "with": "{source: prompt.sauce}"}, "unknown fact `prompt.sauce`"),
        ({"when": "{present: argument.stopp}"}, "unknown fact `argument.stopp` (did you mean `argument.stop`?)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_mistakes(changed, said):
    found = problems(entry(**changed))
    assert any(said in each for each in found), found


def wanted(fix: str, *paths):
    (finding,) = evaluate([made(fix)], [site(*paths)]).findings
    return finding.wanted


def test_facts_and_options_are_filled_in():
    fix = entry(
        title='"Set `{endpoint.cap_parameter}` to {option.least}."',
        **{"with": '{argument: "{endpoint.cap_parameter}", value: $option.least}'},
    )
    (one,) = wanted(fix, path(argument__stop=["x"], endpoint__cap_parameter="max_tokens"))
    assert (one.title, one.safety, one.standing) == ("Set `max_tokens` to 10.", Safety.UNSAFE, "call")
    assert one.values == {"argument": "max_tokens", "value": 10}


def test_without_a_value_there_is_no_fix():
    fix = entry(**{"with": '{argument: stop, value: "{model.snapshot}"}'})
    assert wanted(fix, path(argument__stop=["x"])) == ()
    (one,) = wanted(fix, path(argument__stop=["x"], model__snapshot="gpt-5.5-2026-04-23"))
    assert one.values["value"] == "gpt-5.5-2026-04-23"
    assert wanted(fix, path(argument__stop=["x"], model__snapshot="m" * 200)) == (), "messages cut what is long"


def test_only_what_holds_on_all_ways_is_asked_for():
    fix = entry(when="{present: argument.seed}")
    assert wanted(fix, path(2, argument__stop=["x"], argument__seed=1), path(3, argument__stop=["x"])) == ()
    assert len(wanted(fix, path(argument__stop=["x"], argument__seed=1))) == 1


def test_facts_are_handed_over_with_their_origins():
    fix = entry(kind="send-schema", **{"with": "{keys: output.keys, argument: a, schema: b}"})
    ways = [
        path(2, argument__stop=["x"], output__keys=["a", "b"]),
        path(3, argument__stop=["x"], output__keys=["b", "c"]),
    ]
    (one,) = wanted(fix, *ways)
    assert one.values["keys"] == ["a", "b", "c"]


def test_rules_with_fixes_can_be_kept():
    rule = made(entry())
    assert decode(encode([rule])) == (rule,)
