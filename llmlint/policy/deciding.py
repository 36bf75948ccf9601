"""A rule with its options filled in: what it says of a call path, remembered for those that are alike in its facts."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from llmlint.edits import Wanted
from llmlint.facts.call_site import ABSENT, CallPath, CallSite, Fact, known
from llmlint.findings import Undecided
from llmlint.policy import messages
from llmlint.policy.conditions import OPTION, compiled
from llmlint.policy.describing import subjects
from llmlint.policy.fixing import Fixing
from llmlint.policy.grouping import Group
from llmlint.policy.messages import Template
from llmlint.policy.numbering import Key, Numbering, Numbers
from llmlint.policy.rules import MATCHED_TEXT, AllOf, Condition, Message, OptionValues, Rule, Variant
from llmlint.ternary import FALSE, TRUE, UNKNOWN, Ternary

FILE = "surroundings.file"
"""The fact that is the same for all calls of a file: its path."""
MOST_REMEMBERED = 1_000
"""Kinds of call path that one rule keeps in mind."""

_T = TypeVar("_T")
Facts: TypeAlias = "Mapping[str, Fact]"


class Judge:
    """One rule as it is where its options have certain values."""

    def __init__(self, rule: Rule, options: OptionValues, numbering: Numbering) -> None:
        self.rule = rule
        self._options = options
        self._condition = compiled(rule.when, options)
        guards = tuple(_about_the_file(rule.when))
        self._guard = compiled(AllOf(guards), options).holds if guards else None
        self._variants = [
            (compiled(each.when, options).holds, messages.parse(_said_by(rule.message, each)))
            for each in rule.message.variants
        ]
        self._fixing = Fixing(rule, options)
        self._said = messages.parse(_said_by(rule.message))
        self.key: Key = numbering.key(subjects(rule.when))
        self._said_key: Key = numbering.key(said_about(rule))
        self.given: dict[Hashable, Ternary] = {}
        """By `key`, the verdicts already given, for who asks often."""
        self._missing: dict[Hashable, tuple[str, ...]] = {}
        self._sentences: dict[Hashable, str] = {}

    @property
    def guarded(self) -> bool:
        """Whether the condition asks something of the file alone."""
        return self._guard is not None

    def concerns(self, path: str) -> bool:
        """False where what the condition asks of the file alone rules out all calls in it."""
        return self._guard is None or self._guard({FILE: known(path)}) is not FALSE

    def verdicts(self, paths: Sequence[CallPath], numbers: Sequence[Numbers]) -> list[Ternary]:
        """Those on the paths, of which `numbers` are the numbers."""
        key, given = self.key, self.given.get
        return [
            self._first(path, number) if (verdict := given(key(number))) is None else verdict
            for path, number in zip(paths, numbers, strict=True)
        ]

    def _first(self, path: CallPath, numbers: Numbers) -> Ternary:
        """The verdict on the first path of its kind."""
        verdict = self._condition.holds(path.facts)
        _remember(self.given, self.key(numbers), verdict)
        return verdict

    def undecided(self, site: CallSite, verdicts: Sequence[Ternary], numbers: Sequence[Numbers]) -> Undecided:
        """Why the rule can't tell about the call site, of whose paths some are UNKNOWN."""
        reasons: dict[str, None] = {}
        for path, number, verdict in zip(site.paths, numbers, verdicts, strict=True):
            if verdict is UNKNOWN:
                for name in self._lacking(number, path.facts):
                    fact = path.facts.get(name, ABSENT)
                    reasons[f"{name}: {fact.reason or _value_reason(fact)}"] = None
        return Undecided(self.rule.rule, self.rule.code, site.location, tuple(reasons))

    def _lacking(self, numbers: Numbers, facts: Facts) -> tuple[str, ...]:
        """The facts without which the verdict on a path is UNKNOWN."""
        key = self.key(numbers)
        names = self._missing.get(key)
        if names is None:
            names = tuple(dict.fromkeys(self._condition.missing(facts)))
            _remember(self._missing, key, names)
        return names

    def message(self, facts: Facts, numbers: Numbers) -> str:
        """What is said of a path on which the verdict is TRUE."""
        key = self._said_key(numbers)
        said = self._sentences.get(key)
        if said is None:
            said = messages.fill(self._template(facts), facts, self._options)
            _remember(self._sentences, key, said)
        return said

    def wanted(self, site: CallSite, group: Group) -> tuple[Wanted, ...]:
        """The fixes that are asked for at a finding."""
        return self._fixing.wanted(site, group)

    def _template(self, facts: Facts) -> Template:
        """That of the first variant that holds, else the message's own."""
        return next((template for holds, template in self._variants if holds(facts) is TRUE), self._said)


def _remember(known: dict[Hashable, _T], key: Hashable, value: _T) -> None:
    """Forgets all the rest where it has become too much."""
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[key] = value


def read_by(rule: Rule) -> Iterator[str]:
    """The facts that decide what the rule says, and whether it says anything."""
    yield from subjects(rule.when)
    yield from said_about(rule)


def said_about(rule: Rule) -> Iterator[str]:
    """The facts that stand in the sentences of a rule, or decide which of them are said."""
    for variant in (None, *rule.message.variants):
        if variant is not None:
            yield from subjects(variant.when)
        for place in messages.placeholders(messages.parse(_said_by(rule.message, variant))):
            if not place.name.startswith(OPTION):
                yield place.name


def _about_the_file(condition: Condition) -> Iterator[Condition]:
    """The parts without which the condition is not TRUE and that ask about nothing but the file."""
    if isinstance(condition, AllOf):
        for part in condition.of:
            yield from _about_the_file(part)
    elif set(subjects(condition)) == {FILE}:
        yield condition


def _said_by(message: Message, variant: Variant | None = None) -> str:
    """The three sentences as one text; a variant has some of its own."""
    own = (message.fact, message.consequence, message.advice)
    other = (variant.fact, variant.consequence, variant.advice) if variant else ("", "", "")
    return " ".join(second or first for first, second in zip(own, other, strict=True))


def _value_reason(fact: Fact) -> str:
    """Why a fact that is known left a condition undecided."""
    if fact.value is None:
        return "its value is not constant"
    if isinstance(fact.value, list | dict):
        return "not all of it is constant"
    return f"only the first {MATCHED_TEXT:,} characters are looked at"
