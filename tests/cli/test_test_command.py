from __future__ import annotations

from pathlib import Path

POLICY = """\
rule: fast-tier
code: ACME001
category: cost
severity: warning
summary: A call asks for the fast tier.
rationale: It is dear.
when: {equals: {argument.service_tier: fast}}
message: {fact: "A.", consequence: "B.", advice: "C."}
fix: Leave it out.
when_not: Never.
examples:
  bad:
    - name: own client
      code: |
        from acme.llm import Client
        Client().responses.create(model="gpt-5.5", input="Hello", service_tier="fast")  # finding
"""
GATEWAY = """\
provider: acme-gateway
as_of: 2026-11-23
clients:
  - {names: [acme.llm.Client], same_as: openai.OpenAI, host: openai}
"""


def write(project: Path, policy: str = POLICY) -> None:
    (project / "policies").mkdir(exist_ok=True)
    (project / "policies" / "fast.yaml").write_text(policy)


def test_the_rules_and_clients_of_the_settings(llmlint, project: Path):
    write(project)
    (project / "gateway.yaml").write_text(GATEWAY)
    (project / "llmlint.toml").write_text("rules = ['policies']\nproviders = ['gateway.yaml']\n")
    result = llmlint("test")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("ok   fast-tier  1 example\n")
    assert "warning: no example shows that the rule is silent" in result.out
    assert result.out.endswith("\n1 rule, 1 example: all as expected, 1 warning.\n")
    assert llmlint("test", "--strict").code == 1


def test_what_is_expected_and_what_is_found(llmlint, project: Path):
    text = POLICY.replace("finding", "undecided").replace("bad:", "undecided:")
    write(project, text.replace("acme.llm import Client", "openai import OpenAI as Client"))
    result = llmlint("test", "policies", "--no-config")
    assert result.code == 1
    assert result.out.splitlines()[:3] == [
        "FAIL fast-tier  1 example",
        "      policies/fast.yaml:13:7: undecided example `own client` is not as expected",
        "        example.py:2: expected undecided, found a finding: A. B. C.",
    ]
    assert result.out.endswith("\n1 rule, 1 example: 1 not as expected, 2 warnings.\n")


def test_examples_that_are_as_expected_are_listed_on_request(llmlint, project: Path):
    write(project, POLICY.replace("acme.llm import Client", "openai import OpenAI as Client"))
    assert "own client" not in llmlint("test", "policies").out
    assert "fast.yaml:13:7: bad example `own client` is as expected" in llmlint("test", "policies", "--verbose").out


def test_a_broken_rule_is_no_finding(llmlint, project: Path):
    write(project, POLICY.replace("service_tier: fast", "service_teir: fast"))
    result = llmlint("test", "policies")
    assert (result.code, result.out) == (2, "")
    assert "fast.yaml:7:17: unknown fact `argument.service_teir` (did you mean `argument.service_tier`?)" in result.err


def test_nothing_to_test(llmlint, project: Path):
    result = llmlint("test")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "llmlint: the settings name no rules of your own.\nName a folder or file: llmlint test policies/\n"
    )
    assert "no rules here" in llmlint("test", "nowhere").err


def test_rules_that_no_run_applies(llmlint, project: Path):
    write(project, POLICY.replace("acme.llm import Client", "openai import OpenAI as Client"))
    told = 'policies: not applied by `llmlint check`; to apply, add rules = ["policies"] to the settings\n'
    assert llmlint("test", "policies").err == told
    (project / "llmlint.toml").write_text('rules = ["policies"]\n')
    assert llmlint("test", "policies").err == ""
    assert llmlint("test", "policies/fast.yaml").err == ""
    (project / "empty").mkdir()
    assert "empty: no rules here: no .yaml file (put a rule file NAME.yaml here)" in llmlint("test", "empty").err
