"""Settings and a path come in; what holds there for a rule, and which line of which file says so, goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from llmlint.config.settings import Settings
from llmlint.findings import Severity
from llmlint.policy.settings import RulePolicy

OWN = "the rule's own"


@dataclass
class Effective:
    """What holds for one rule in one file. Origins are `file:line`, "command line" or `OWN`."""

    severity: Severity
    enabled: bool = True
    origin: str = OWN
    options: dict[str, tuple[object, str]] = field(default_factory=dict)
    """Those that differ from the rule's own."""


def effective(rule: str, severity: Severity, settings: Settings, path: str) -> Effective:
    """What the settings come to for the rule of that name, whose own severity is `severity`, in that file."""
    found = Effective(severity)
    for policy, origin in _stated(settings):
        if policy.rule not in ("", rule) or not policy.covers(path):
            continue
        if policy.reset:
            found = Effective(severity, origin=OWN)
        if policy.enabled is not None:
            if policy.enabled != found.enabled or policy.rule:
                found.origin = origin
            found.enabled = policy.enabled
        if policy.severity is not None:
            found.severity, found.origin = policy.severity, origin
        found.options.update({name: (value, origin) for name, value in policy.options.items()})
    return found


def _stated(settings: Settings) -> Iterator[tuple[RulePolicy, str]]:
    for selection in settings.selections:
        for policy, path in selection.stated():
            yield policy, selection.origin(path)
    for limit in settings.limits:
        yield limit, "it belongs to another folder"


def options_of(found: Effective, known: Mapping[str, object]) -> Iterator[tuple[str, object, str]]:
    """Name, value and origin of the options that the rule has."""
    return ((name, value, origin) for name, (value, origin) in found.options.items() if name in known)
