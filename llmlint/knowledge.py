"""Settings of a project come in; the rules and the catalogue that they ask for go out, checked against each other."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from llmlint.cache import Store
from llmlint.catalog.catalog import Catalog, decode_catalog
from llmlint.config import Settings
from llmlint.config.models import with_own_models
from llmlint.config.names import with_rule_names
from llmlint.cost import Pricing
from llmlint.errors import Problem, ProblemsError
from llmlint.findings import RuleInfo
from llmlint.own_rules import OWN_RULES
from llmlint.policy.describing import describe
from llmlint.policy.rules import Rule, decode, encode
from llmlint.prices.own_file import own_file, read_own, with_own_prices
from llmlint.triage.baseline import MAX_BYTES, Entry, parse


@dataclass(frozen=True)
class Knowledge:
    """`settings` name rules by their own names. `rules` are all that there are, also those that are off.

    `today` (ISO) is the day for which dated facts are judged.
    """

    settings: Settings
    rules: tuple[Rule, ...]
    catalog: Catalog
    today: str
    baseline: tuple[Entry, ...] = ()
    """The old findings that are to be left alone."""

    @property
    def codes(self) -> Mapping[str, str]:
        """The code of every rule by its name."""
        return {rule.rule: rule.code for rule in self.rules} | {rule.name: rule.code for rule in OWN_RULES}

    @property
    def pricing(self) -> Pricing:
        """What costs are worked out from."""
        own = frozenset(own.id for own in self.settings.models if own.prices)
        return Pricing(self.catalog, self.settings.cost, own)

    def described(self) -> tuple[RuleInfo, ...]:
        """What people are told about every rule, by code."""
        return tuple(sorted((*map(describe, self.rules), *OWN_RULES), key=lambda rule: rule.code))


KIND = "knowledge"
RULES, CATALOG = (f"{what} {__file__}" for what in ("rules", "catalog"))  # rules name the files that they stand in
_NO_STORE = Store.nothing()


def load_knowledge(settings: Settings, today: str, store: Store = _NO_STORE) -> Knowledge:
    """Reads the rules and the catalogue, with what the project adds. What comes with llmlint is read once.

    Raises `ProblemsError` with the mistakes of all files, and then those of the settings that name them.
    """
    problems: list[Problem] = []
    rules: tuple[Rule, ...] = ()
    catalog: Catalog | None = None
    try:
        rules = _rules(settings, store)
    except ProblemsError as error:
        problems += error.problems
    try:
        catalog = with_own_prices(_catalog(settings, store), read_own(own_file()))
    except ProblemsError as error:
        problems += error.problems
    entries: tuple[Entry, ...] = ()
    try:
        entries = _baseline(settings.baseline)
    except ProblemsError as error:
        problems += error.problems
    if problems or catalog is None:
        raise ProblemsError(problems)
    return replace(_checked(settings, rules, catalog, today), baseline=entries)


def _rules(settings: Settings, store: Store) -> tuple[Rule, ...]:
    """The store's seal tells the files of this llmlint from those of another; a project's own are always read."""
    if not settings.rules and (data := store.get(KIND, RULES)) is not None:
        with suppress(msgspec.MsgspecError):
            return decode(data)

    from llmlint.policy.loading import builtin_rules, load_rules

    rules = load_rules([builtin_rules(), *settings.rules])
    if not settings.rules:
        store.put(KIND, RULES, encode(rules))
    return rules


def _catalog(settings: Settings, store: Store) -> Catalog:
    if not settings.providers and (data := store.get(KIND, CATALOG)) is not None:
        with suppress(msgspec.MsgspecError):
            return decode_catalog(data)

    from llmlint.catalog.loading import load_catalog

    catalog = load_catalog(settings.providers)
    if not settings.providers:
        store.put(KIND, CATALOG, catalog.encode())
    return catalog


def _baseline(path: Path | None) -> tuple[Entry, ...]:
    """The entries of a baseline; none where there is no such file yet."""
    try:
        if path is None or not path.is_file():
            return ()
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        problem = Problem(str(path), 0, 0, f"can't be read: {error.strerror}", "check its permissions")
        raise ProblemsError([problem]) from None
    if len(data) > MAX_BYTES:
        raise ProblemsError([Problem(path.name, 0, 0, f"larger than {MAX_BYTES:,} bytes", "exclude some folders")])
    return parse(data, path.name)


def _checked(settings: Settings, rules: tuple[Rule, ...], catalog: Catalog, today: str) -> Knowledge:
    problems: list[Problem] = []
    named, extended = settings, catalog
    try:
        named = with_rule_names(settings, rules, OWN_RULES)
    except ProblemsError as error:
        problems += error.problems
    try:
        extended = with_own_models(catalog, settings)
    except ProblemsError as error:
        problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return Knowledge(named, rules, extended, today)
