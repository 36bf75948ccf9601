"""What a project wants of a rule: on or off, severity and options, for all files or for some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from llmlint.findings import Severity
from llmlint.globs import matches
from llmlint.policy.options import plain
from llmlint.policy.rules import OptionValues, Rule


class RulePolicy(msgspec.Struct, frozen=True):
    """One setting of a project. `rule` is a name or code, "" for all; `paths` are globs, none for all files.

    A glob is matched against the path relative to the project. `*` and `?` stay within a folder, `**` crosses
    them; without a slash it matches a file or folder anywhere; a folder stands for all below it.
    What is None stays as it is. It holds below `folder` ("" is the whole project), where its globs begin, and not below
    those `except_in`. `reset` takes back all that earlier ones said.
    """

    rule: str = ""
    paths: tuple[str, ...] = ()
    enabled: bool | None = None
    severity: Severity | None = None
    options: Mapping[str, object] = {}
    folder: str = ""
    except_in: tuple[str, ...] = ()
    reset: bool = False

    def concerns(self, rule: Rule) -> bool:
        """Whether it is about that rule."""
        return self.rule in ("", rule.rule, rule.code)

    def covers(self, path: str) -> bool:
        """Whether it is about the file."""
        if (self.folder and not _below(path, self.folder)) or any(_below(path, each) for each in self.except_in):
            return False
        inside = path[len(self.folder) + 1 :] if self.folder else path
        return not self.paths or any(matches(pattern, inside) for pattern in self.paths)


class Settings(NamedTuple):
    """How one rule is to be applied in one file. `options` are in the order of the rule file."""

    enabled: bool
    severity: Severity
    options: OptionValues


def settings_for(rule: Rule, policies: Sequence[RulePolicy], path: str) -> Settings:
    """The rule's own settings, changed by each policy in turn that concerns it and covers the file."""
    enabled, severity, options = True, rule.severity, rule.defaults()
    for policy in policies:
        if not (policy.concerns(rule) and policy.covers(path)):
            continue
        if policy.reset:
            enabled, severity, options = True, rule.severity, rule.defaults()
        enabled = enabled if policy.enabled is None else policy.enabled
        severity = policy.severity or severity
        options.update({name: plain(value) for name, value in policy.options.items() if name in options})
    return Settings(enabled, severity, options)


def _below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")
