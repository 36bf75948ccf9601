"""The inventory's entry of a call site: facts come in, the keys of `audit` and the facts as JSON go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from llmlint.cost.records import CallCost
from llmlint.facts.call_site import ABSENT, CallSite, Fact, FactValue, State
from llmlint.facts.vocabulary import NAMES
from llmlint.reporters.costs_json import cost_entry
from llmlint.reporters.escape import plain, whole
from llmlint.reporters.json_report import place, steps

UNKNOWN = "unknown"
FORMATS = ("text", "json_object", "json_schema", "tools", "prose_json")
LOOPS = ("none", "dataset", "retry", "agent", "conversation", "constant")
ROLES = ("online", "offline", "library", "test", "notebook")
VENDORS = ("openai", "azure", "other")

Facts = Mapping[str, Fact]


def entry(site: CallSite, cost: CallCost | None = None) -> dict[str, Any]:
    """One call site as plain values, keys in the order of the contract."""
    priced = {"cost": cost_entry(cost)} if cost is not None else {}
    return {**short(site), **priced, "facts": _facts(site.joined)}


def short(site: CallSite) -> dict[str, Any]:
    """The same without its facts."""
    return {
        **place(site.location),
        "column": site.location.column,
        "end_line": site.location.end_line or site.location.line,
        "function": whole(site.function),
        "endpoint": _agreed(site, lambda facts: _word(facts, "endpoint.id")),
        "kind": _agreed(site, lambda facts: _word(facts, "endpoint.kind")),
        "api": _agreed(site, lambda facts: _word(facts, "endpoint.api")),
        "vendor": _agreed(site, lambda facts: _word(facts, "client.host", VENDORS)),
        "models": _models(site),
        "output_cap": _agreed(site, _output_cap),
        "format": _agreed(site, _format),
        "role": _agreed(site, lambda facts: _word(facts, "surroundings.role", ROLES)),
        "loop": _agreed(site, lambda facts: _word(facts, "surroundings.loop", LOOPS, "none")),
        "callers": steps(site.callers),
    }


def in_vocabulary_order(facts: Facts) -> dict[str, Fact]:
    """The facts in the order in which the vocabulary declares them; others after them, by name."""
    known = [name for name in NAMES if name in facts]
    return {name: facts[name] for name in (*known, *sorted(facts.keys() - NAMES.keys()))}


def _facts(facts: Facts) -> dict[str, Any]:
    return {name: _fact(fact) for name, fact in in_vocabulary_order(facts).items()}


def _fact(fact: Fact) -> dict[str, Any]:
    result: dict[str, Any] = {"state": fact.state.value}
    if fact.state is State.KNOWN:
        result["value"] = plain(fact.value)
    elif fact.state is State.UNKNOWN:
        result["reason"] = whole(fact.reason)
    if fact.evidence:
        result["evidence"] = steps(fact.evidence)
    return result


def _agreed(site: CallSite, summarise: Callable[[Facts], str]) -> str:
    """The summary of the joined facts, else the one on which all paths agree, else unknown.

    Paths may agree on a summary where they differ in the fact: two caps are both a cap.
    """
    summary = summarise(site.joined)
    if summary != UNKNOWN:
        return summary
    of_paths = {summarise(path.facts) for path in site.paths}
    return of_paths.pop() if len(of_paths) == 1 else UNKNOWN


def _word(facts: Facts, name: str, words: tuple[str, ...] = (), absent: str = UNKNOWN) -> str:
    """The fact's value if it is text, and one of the words if there are any."""
    fact = facts.get(name, ABSENT)
    if fact.state is State.ABSENT:
        return absent
    known = isinstance(fact.value, str) and (not words or fact.value in words)
    return whole(str(fact.value)) if known else UNKNOWN


def _output_cap(facts: Facts) -> str:
    if facts.get("endpoint.cap_parameter", ABSENT).state is State.ABSENT:
        return "not_applicable"
    fact = facts.get("argument.output_cap", ABSENT)
    if fact.state is State.UNKNOWN:
        return UNKNOWN
    return "present" if fact.state is State.KNOWN else "absent"


def _format(facts: Facts) -> str:
    """Text where nothing else is asked for."""
    return _word(facts, "output.format", FORMATS, "text")


def _models(site: CallSite) -> list[str]:
    """The possible ids; where paths differ, those of all paths, if all of them are known."""
    joined = _ids(site.joined)
    if joined:
        return joined
    of_paths = [_ids(path.facts) for path in site.paths]
    return list(dict.fromkeys(name for names in of_paths for name in names)) if all(of_paths) else []


def _ids(facts: Facts) -> list[str]:
    value: FactValue = facts.get("model.ids", ABSENT).value
    names = value if isinstance(value, list) else [value]
    return [whole(name) for name in names if isinstance(name, str)]
