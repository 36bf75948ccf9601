"""Rules and call sites made by hand, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from llmlint import yamlfile
from llmlint.facts.call_site import CallPath, CallSite, Fact, Location, Step, absent, known, unknown
from llmlint.policy.loading import rule_from
from llmlint.policy.rules import Rule

RULE = """\
rule: loud-call
code: TST001
category: testing
severity: warning
summary: A call that is loud.
rationale: It hurts.
options:
  least: {type: integer, default: 10, description: tokens from which on it is loud}
  hosts: {type: list, default: [openai, azure], description: hosts that are heard}
when: WHEN
message:
  fact: "The call is loud."
  consequence: "It hurts."
  advice: "Be quiet."
evidence: [prompt.static_tokens, surroundings.loop]
fix: Be quiet.
when_not: Never.
"""


def rule_text(when: str = "{present: argument.stop}", **replaced: str) -> str:
    """A rule file; `replaced` exchanges whole lines by their key."""
    text = RULE.replace("WHEN", when)
    for key, line in replaced.items():
        old = next(each for each in text.split("\n") if each.strip().startswith(f"{key}:"))
        text = text.replace(old, line)
    return text


def rule(when: str = "{present: argument.stop}", **replaced: str) -> Rule:
    return rule_from(yamlfile.load(rule_text(when, **replaced), "rule.yaml"))


def place(line: int, path: str = "app.py") -> Location:
    return Location(path, line, 5, line, 40)


def facts(**values: Any) -> dict[str, Fact]:
    """Facts by name with `__` for the dot. Ellipsis is unknown; a fact stays as it is."""
    made = {name.replace("__", "."): value for name, value in values.items()}
    return {
        name: value if isinstance(value, Fact) else unknown("nobody says") if value is ... else known(value)
        for name, value in made.items()
    }


def path(*callers: int, at: str = "app.py", **values: Any) -> CallPath:
    """A call path through callers at these lines, nearest first."""
    steps = tuple(Step(place(line, at), f"caller at {line}") for line in callers)
    return CallPath(facts(**values), steps)


def site(*paths: CallPath, line: int = 1, file: str = "app.py", function: str = "ask") -> CallSite:
    return CallSite(place(line, file), function, "client.chat.completions.create", {}, paths or (path(),))


__all__ = ["absent", "facts", "known", "path", "place", "rule", "rule_text", "site", "unknown"]
