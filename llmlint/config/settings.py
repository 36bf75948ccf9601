"""What a project asks for, as frozen values that the stages take; nothing here imports validation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from llmlint.catalog.assumptions import Assumptions
from llmlint.catalog.model_entries import OwnModel
from llmlint.cost.records import CostSettings
from llmlint.document import Document
from llmlint.document import Path as KeyPath
from llmlint.errors import Problem
from llmlint.findings import Severity
from llmlint.policy.settings import RulePolicy
from llmlint.triage import Demands, Place

ALL_RULES = "all"
OFF = "off"
BASELINE_FILE = "llmlint-baseline.json"
"""Where a baseline lies unless the settings name another file."""
NEVER = "never"
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Selection:
    """What to do with rules, for the files that match `paths` (none: all of them) below `folder`. Rules go by name or
    code.

    `lineage` is the way to it through what is extended: () for the project's own. `reset` takes back what was said
    before. `written` is the same before codes became names.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    document: Document | None = None
    """Where it was read, to tell where a mistake in it stands."""
    folder: str = ""
    lineage: tuple[int, ...] = ()
    reset: bool = False
    written: Selection | None = None

    def policies(self) -> tuple[RulePolicy, ...]:
        """The same as settings of single rules; later ones win."""
        return tuple(policy for policy, _ in self.stated())

    def stated(self) -> Iterator[tuple[RulePolicy, KeyPath]]:
        """The same, each with the way to it in the document."""
        written = self.written or self

        def policy(rule: str, **said: Any) -> RulePolicy:  # noqa: ANN401 - whatever a policy has
            return RulePolicy(_rule(rule), self.paths, folder=self.folder, **said)

        if self.reset:
            yield policy("", reset=True), ()
        if self.select is not None:
            yield policy("", enabled=False), ("select",)
            for index, name in enumerate(self.select):
                yield policy(name, enabled=True), ("select", index)
        for index, name in enumerate(self.ignore):
            yield policy(name, enabled=False), ("ignore", index)
        for (name, word), key in zip(self.severity.items(), written.severity, strict=True):
            severity = None if word == OFF else Severity(word)
            yield policy(name, enabled=False if word == OFF else None, severity=severity), ("severity", key)
        for (name, values), key in zip(self.options.items(), written.options, strict=True):
            yield policy(name, options=values), ("options", key)

    def origin(self, path: KeyPath) -> str:
        """Where one of its settings stands, for people."""
        if self.document is None:
            return "command line"
        line, _ = self.document.place(path)
        return f"{self.document.name}:{line}"

    def problem(self, path: Sequence[str | int], message: str, hint: str) -> Problem:
        """A mistake at one of its keys or items."""
        if self.document is None:
            return Problem("command line", 0, 0, message, hint)
        return self.document.problem(tuple(path), message, hint)


@dataclass(frozen=True)
class Settings:
    """All settings of a run. `selections` in order: the file's own, its overrides, the command line's.

    `fail_on` is the lowest severity that makes a run fail, None for never; undecided verdicts do so only where
    `fail_on_undecided`. `rules` and `providers` are
    folders or files besides those of llmlint. `baseline` is the file of old findings, which need not exist.
    """

    source: str = ""
    selections: tuple[Selection, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.WARNING
    fail_on_undecided: bool = False
    rules: tuple[Path, ...] = ()
    providers: tuple[Path, ...] = ()
    models: tuple[OwnModel, ...] = ()
    deployments: Mapping[str, str] = field(default_factory=dict)
    cost: CostSettings = field(default_factory=CostSettings)
    assumptions: Assumptions = field(default_factory=Assumptions)
    demands: Demands = field(default_factory=Demands)
    baseline: Path | None = None
    document: Document | None = None
    extends: tuple[str, ...] = ()
    inherit: bool = False
    stated: frozenset[str] = frozenset()
    """The keys that the file has, those of `suppressions` with it as a prefix."""
    sources: tuple[str, ...] = ()
    """What was read, in order, as shown to people."""
    homes: tuple[tuple[Path, str], ...] = ()
    """Rules that hold below a folder only: where they are read, and the folder."""
    apart: tuple[str, ...] = ()
    """Folders with settings of their own that inherit nothing."""
    demands_in: tuple[Place, ...] = ()
    """What such and other folders with settings demand of suppressions."""
    limits: tuple[RulePolicy, ...] = ()
    """Where rules of some folders don't hold; nothing wins over these."""

    @property
    def policies(self) -> tuple[RulePolicy, ...]:
        """What is wanted of each rule; later ones win."""
        return (*(policy for selection in self.selections for policy in selection.policies()), *self.limits)

    def changed(
        self,
        *,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        exclude: Sequence[str] = (),
        rules: Sequence[Path] = (),
        fail_on: Sequence[str] = (),
    ) -> Settings:
        """These settings with what the command line asks for on top."""
        severity, undecided = failing(fail_on, self.fail_on)
        asked = Selection(select=tuple(select) or None, ignore=tuple(ignore))
        return replace(
            self,
            selections=(*self.selections, asked),
            exclude=(*self.exclude, *exclude),
            rules=(*self.rules, *rules),
            fail_on=severity,
            fail_on_undecided=undecided if fail_on else self.fail_on_undecided,
        )


def failing(words: Sequence[str], otherwise: Severity | None) -> tuple[Severity | None, bool]:
    """The lowest severity that `fail-on` names (None for never), and whether undecided verdicts count."""
    severities = [None if word == NEVER else Severity(word) for word in words if word != UNDECIDED]
    return severities[-1] if severities else otherwise, UNDECIDED in words


def _rule(name: str) -> str:
    return "" if name == ALL_RULES else name
