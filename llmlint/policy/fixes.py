"""The fixes of a rule: checked when its file is read; at a finding, what they ask for with the facts filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from llmlint.document import Path
from llmlint.edits import KINDS, Parameter, Safety, Standing, Wanted
from llmlint.errors import suggest
from llmlint.facts import vocabulary
from llmlint.facts.call_site import ABSENT, CallSite, FactValue, State, Step
from llmlint.policy import messages
from llmlint.policy.conditions import OPTION, compiled
from llmlint.policy.grouping import Group
from llmlint.policy.guarantees import known_facts
from llmlint.policy.rules import Condition, FixRule, OptionValue, OptionValues, Rule, Scalar
from llmlint.ternary import TRUE

if TYPE_CHECKING:  # what reads rule files is heavy, and most runs have the rules from the cache
    from llmlint.policy.checking import Checker
    from llmlint.policy.rulefile import FixFile

MOST_ORIGINS = 60


def fixes(files: Sequence[FixFile], checker: Checker, when: Condition) -> tuple[FixRule, ...]:
    """The fixes of a rule file. Reports parameters that are unknown, missing or of the wrong form."""
    return tuple(_fix(file, ("fixes", index), checker, when) for index, file in enumerate(files))


def _fix(file: FixFile, path: Path, checker: Checker, when: Condition) -> FixRule:
    own = None if file.when is None else checker.condition(file.when, (*path, "when"))
    certain = known_facts(when) | (known_facts(own) if own is not None else frozenset())
    known = {each.name: each for each in KINDS[file.kind].parameters}
    checker.sentence(file.title, (*path, "title"), certain | frozenset(_shown(file, known)))
    given: dict[str, Scalar | OptionValue] = {}
    for name, value in file.with_.items():
        here = (*path, "with", name)
        if name not in known:
            checker.report(here, f"`{file.kind}` takes no `{name}`", suggest(name, known))
        else:
            given[name] = _parameter(known[name], value, here, checker)
    for each in known.values():
        if each.needed and each.name not in file.with_:
            checker.report(path, f"`{file.kind}` needs `{each.name}`", f"{each.meaning}; write it under `with`")
    return FixRule(file.kind, Safety(file.safety), file.title, given, own)


def _shown(file: FixFile, known: Mapping[str, Parameter]) -> Iterator[str]:
    """The facts without which there is no fix: they stand in its parameters, and have no other words."""
    for name, value in file.with_.items():
        if name in known and known[name].type == "text" and isinstance(value, str):
            with suppress(messages.TemplateError):  # reported where the parameter is looked at
                yield from _needed(messages.parse(value))


def _needed(template: messages.Template) -> Iterator[str]:
    places = messages.placeholders(template)
    return (place.name for place in places if place.alternative is None and not place.name.startswith(OPTION))


def _parameter(spec: Parameter, value: Scalar, path: Path, checker: Checker) -> Scalar | OptionValue:
    if spec.type == "value":
        return checker.operand(value, path)
    if not isinstance(value, str):
        checker.report(path, f"`{spec.name}` must be text", spec.meaning)
    elif spec.type == "fact" and value not in vocabulary.NAMES:
        checker.report(path, f"unknown fact `{value}`", suggest(value, vocabulary.NAMES))
    elif spec.type == "text":
        checker.template(value, path)
    return value


class Fixing:
    """The fixes of one rule with its options filled in, ready to be asked for."""

    def __init__(self, rule: Rule, options: OptionValues) -> None:
        self._about = rule.about
        self._options = options
        self._fixes = [
            (fix, None if fix.when is None else compiled(fix.when, options).holds, dict(_templates(fix)))
            for fix in rule.fixes
        ]

    def wanted(self, site: CallSite, group: Group) -> tuple[Wanted, ...]:
        """What is asked for at a finding: only what is the same on all its paths."""
        if not self._fixes:
            return ()
        standing = _standing(site, group, self._about)
        found = (
            _wanted(fix, templates, group, self._options)
            for fix, holds, templates in self._fixes
            if holds is None or all(holds(path.facts) is TRUE for path in group.paths)
        )
        return tuple(replace(one, standing=standing) for one in found if one is not None)


def _templates(fix: FixRule) -> Iterator[tuple[str, messages.Template]]:
    yield "", messages.parse(fix.title)
    for spec in KINDS[fix.kind].parameters:
        value = fix.parameters.get(spec.name)
        if spec.type == "text" and isinstance(value, str):
            yield spec.name, messages.parse(value)


def _wanted(
    fix: FixRule, templates: dict[str, messages.Template], group: Group, options: OptionValues
) -> Wanted | None:
    values: dict[str, FactValue] = {}
    origins: dict[str, tuple[Step, ...]] = {}
    for spec in KINDS[fix.kind].parameters:
        if spec.name not in fix.parameters:
            continue
        given = fix.parameters[spec.name]
        if spec.type == "fact":
            values[spec.name], origins[spec.name] = _of_all_paths(str(given), group)
            continue
        if spec.name in templates:
            text = _same_text(templates[spec.name], group, options)
            if not text:
                return None
            given = text
        values[spec.name] = _plain(given, options)
    title = messages.fill(templates[""], group.paths[0].facts, options)
    return Wanted(fix.kind, title, fix.safety, "call", values, origins)


def _same_text(template: messages.Template, group: Group, options: OptionValues) -> str:
    """The text that all paths have; "" where they differ or a fact is not known."""
    needed = list(_needed(template))
    if any(path.facts.get(name, ABSENT).value is None for name in needed for path in group.paths):
        return ""
    texts = {messages.fill(template, path.facts, options) for path in group.paths}
    return texts.pop() if len(texts) == 1 else ""


def _of_all_paths(name: str, group: Group) -> tuple[FactValue, tuple[Step, ...]]:
    """Lists are joined; of other facts the value that all paths have, else None."""
    facts = [path.facts.get(name, ABSENT) for path in group.paths]
    steps = tuple(dict.fromkeys(step for fact in facts for step in fact.evidence))[:MOST_ORIGINS]
    if any(fact.state is not State.KNOWN for fact in facts):
        return None, steps
    if all(isinstance(fact.value, list) for fact in facts):
        items = [item for fact in facts if isinstance(fact.value, list) for item in fact.value]
        return [item for index, item in enumerate(items) if item not in items[:index]], steps
    alike = all(fact.value == facts[0].value for fact in facts)
    return (facts[0].value if alike else None), steps


def _plain(given: Scalar | OptionValue, options: OptionValues) -> FactValue:
    value = options[given.name] if isinstance(given, OptionValue) else given
    return list(value) if isinstance(value, tuple) else value


def _standing(site: CallSite, group: Group, about: str) -> Standing:
    if group.place == site.location:
        return "call"
    callers = {step.location for path in group.paths for step in path.callers}
    return "construction" if about and group.place not in callers else "caller"
