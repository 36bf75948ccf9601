"""What the fixes of a rule ask for at a finding, with the facts filled in."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from llmlint.edits import KINDS, Parameter, Standing, Wanted
from llmlint.facts.call_site import ABSENT, CallSite, FactValue, State, Step
from llmlint.policy import messages
from llmlint.policy.conditions import OPTION, compiled
from llmlint.policy.grouping import LOOP, Group
from llmlint.policy.rules import FixRule, OptionValue, OptionValues, Rule, Scalar
from llmlint.ternary import TRUE

MOST_ORIGINS = 60


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
        if isinstance(value, str) and is_template(spec, value):
            yield spec.name, messages.parse(value)


def is_template(spec: Parameter, value: str) -> bool:
    """Whether facts are filled into a parameter: texts, and values that name no option."""
    return spec.type == "text" or (spec.type == "value" and not value.startswith("$"))


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
    asked = list(needed(template))
    if any(path.facts.get(name, ABSENT).value is None for name in asked for path in group.paths):
        return ""
    texts = {messages.fill(template, path.facts, options) for path in group.paths}
    text = texts.pop() if len(texts) == 1 else ""
    return "" if "…" in text else text  # messages cut what is long


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
    return "construction" if about not in {"", LOOP} and group.place not in callers else "caller"


def needed(template: messages.Template) -> Iterator[str]:
    """The facts without which a text can't be written."""
    places = messages.placeholders(template)
    return (place.name for place in places if place.alternative is None and not place.name.startswith(OPTION))
