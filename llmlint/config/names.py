"""Settings and the rules that there are come in; settings with the rules' own names go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TypeVar

import msgspec

from llmlint.config.agreeing import conflicts, limits
from llmlint.config.settings import ALL_RULES, Selection, Settings
from llmlint.errors import Problem, ProblemsError, suggest
from llmlint.findings import RuleInfo
from llmlint.policy.options import option_problems
from llmlint.policy.rules import Rule
from llmlint.triage import Demands, Place

Value = TypeVar("Value")


def with_rule_names(settings: Settings, rules: Sequence[Rule], own: Sequence[RuleInfo]) -> Settings:
    """The settings with names for codes. `own` are the rules that no file describes; they have no options.

    Raises `ProblemsError` with every rule, option or value of an option that doesn't exist.
    """
    names = _Names(rules, own)
    problems = [problem for selection in settings.selections for problem in names.problems(selection)]
    problems += names.unknown_in_demands(settings)
    if problems:
        raise ProblemsError(problems)
    selections = tuple(names.resolved(each) for each in settings.selections)
    if disagreeing := list(conflicts(selections)):
        raise ProblemsError(disagreeing)
    return replace(
        settings,
        selections=selections,
        demands=names.resolved_demands(settings.demands),
        demands_in=tuple(Place(each.folder, names.resolved_demands(each.demands)) for each in settings.demands_in),
        limits=tuple(limit for rule in rules for limit in limits(rule, settings)),
    )


class _Names:
    def __init__(self, rules: Sequence[Rule], own: Sequence[RuleInfo]) -> None:
        self._rules: Mapping[str, Rule] = {rule.rule: rule for rule in rules}
        codes = {rule.rule: rule.code for rule in rules} | {rule.name: rule.code for rule in own}
        self._written = {word.lower(): word for word in (*codes, *codes.values(), ALL_RULES)}
        self._names = {ALL_RULES: ALL_RULES} | {name.lower(): name for name in codes}
        self._names |= {code.lower(): name for name, code in codes.items()}

    def problems(self, selection: Selection) -> Iterator[Problem]:
        """Every name that doesn't exist, then every option that doesn't fit."""
        for key, written in (("select", selection.select or ()), ("ignore", selection.ignore)):
            for index, name in enumerate(written):
                yield from self._unknown(selection, (key, index), name)
        for key, table in (("severity", selection.severity), ("options", selection.options)):
            for name in table:
                yield from self._unknown(selection, (key, name), name)
            yield from self._twice(selection, key, table)
        for name, values in selection.options.items():
            yield from self._wrong_options(selection, name, values)

    def resolved(self, selection: Selection) -> Selection:
        """The selection with the rules' own names."""
        return replace(
            selection,
            select=None if selection.select is None else tuple(map(self._name, selection.select)),
            ignore=tuple(map(self._name, selection.ignore)),
            severity=self._renamed(selection.severity),
            options=self._renamed(selection.options),
            written=selection,
        )

    def unknown_in_demands(self, settings: Settings) -> Iterator[Problem]:
        """A problem for every rule that is never to be silenced and doesn't exist."""
        named = {name for each in settings.demands_in for name in each.demands.never} | settings.demands.never
        for name in sorted(named):
            if name.lower() not in self._names:
                near = get_close_matches(name.lower(), self._written, n=1)
                hint = f"did you mean `{self._written[near[0]]}`?" if near else "`llmlint rules` lists all of them"
                document, message = settings.document, f"there is no rule `{name}`"
                path = ("suppressions", "never")
                yield document.problem(path, message, hint) if document else Problem(settings.source, 0, 0, message)

    def resolved_demands(self, demands: Demands) -> Demands:
        """With the rules' own names."""
        return msgspec.structs.replace(demands, never=frozenset(map(self._name, demands.never)))

    def _name(self, written: str) -> str:
        return self._names[written.lower()]

    def _renamed(self, table: Mapping[str, Value]) -> dict[str, Value]:
        return {self._name(name): value for name, value in table.items()}

    def _unknown(self, selection: Selection, path: Sequence[str | int], name: str) -> Iterable[Problem]:
        if name.lower() not in self._names:
            near = get_close_matches(name.lower(), self._written, n=1)
            hint = f"did you mean `{self._written[near[0]]}`?" if near else "`llmlint rules` lists all of them"
            yield selection.problem(path, f"there is no rule `{name}`", hint)

    def _twice(self, selection: Selection, key: str, table: Iterable[str]) -> Iterator[Problem]:
        """A problem where a rule stands in a table by its name and by its code."""
        first: dict[str, str] = {}
        for written in table:
            name = self._names.get(written.lower(), written)
            if name in first:
                message = f"`{written}` is the same rule as `{first[name]}`"
                yield selection.problem((key, written), message, "name it once")
            first.setdefault(name, written)

    def _wrong_options(self, selection: Selection, written: str, values: Mapping[str, object]) -> Iterator[Problem]:
        name = self._names.get(written.lower())
        rule = self._rules.get(name or "")
        if rule is None:
            if name is not None:
                path = ("options", written)
                yield selection.problem(path, f"`{written}` has no options", "name a rule that has some")
            return
        for wrong in option_problems(rule, values):
            hint = suggest(wrong.option, wrong.allowed)
            yield selection.problem(("options", written, wrong.option), wrong.message, hint)
