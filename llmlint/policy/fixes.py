"""The fixes of a rule file, checked when it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from llmlint.document import Path
from llmlint.edits import KINDS, Parameter, Safety
from llmlint.errors import suggest
from llmlint.facts import vocabulary
from llmlint.policy import messages
from llmlint.policy.checking import Checker
from llmlint.policy.fixing import is_template, needed
from llmlint.policy.guarantees import known_facts
from llmlint.policy.rulefile import FixFile
from llmlint.policy.rules import Condition, FixRule, OptionValue, Scalar


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
        if name in known and isinstance(value, str) and is_template(known[name], value):
            with suppress(messages.TemplateError):  # reported where the parameter is looked at
                yield from needed(messages.parse(value))


def _parameter(spec: Parameter, value: Scalar, path: Path, checker: Checker) -> Scalar | OptionValue:
    if spec.type == "value":
        if isinstance(value, str) and is_template(spec, value):
            checker.template(value, path)
            return value
        return checker.operand(value, path)
    if not isinstance(value, str):
        checker.report(path, f"`{spec.name}` must be text", spec.meaning)
    elif spec.type == "fact" and value not in vocabulary.NAMES:
        checker.report(path, f"unknown fact `{value}`", suggest(value, vocabulary.NAMES))
    elif spec.type == "text":
        checker.template(value, path)
    return value
