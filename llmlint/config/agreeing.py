"""Settings whose rules are known come in; where two contradict each other, and where rules don't hold, goes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from llmlint.config.settings import OFF, Selection, Settings
from llmlint.document import Path as KeyPath
from llmlint.errors import Problem
from llmlint.policy.rules import Rule
from llmlint.policy.settings import RulePolicy


class _Claim(NamedTuple):
    """What one document says about one thing, and where."""

    selection: Selection
    value: Any
    path: KeyPath


def conflicts(selections: Sequence[Selection]) -> Iterator[Problem]:
    """A problem wherever two things that are extended side by side want something different of a rule, and whoever
    extends both doesn't say what holds.
    """
    claims: dict[tuple[str, ...], list[_Claim]] = {}
    for selection in selections:
        if selection.document is not None:
            for key, claim in _claims(selection):
                claims.setdefault((selection.folder, *selection.paths, *key), []).append(claim)
    for key, several in claims.items():
        for index, later in enumerate(several):
            earlier = next((one for one in several[:index] if _apart(one, later) and one.value != later.value), None)
            if earlier is not None and not _settled(earlier, later, several):
                yield _conflict(key, earlier, later)


def limits(rule: Rule, settings: Settings) -> Iterator[RulePolicy]:
    """Where a rule that settings name doesn't hold: outside of the folder that names it, and in folders with settings
    that inherit nothing.
    """
    if not settings.homes and not settings.apart:
        return
    folders = _homes(Path(rule.source), settings)
    if folders and "" not in folders:
        yield RulePolicy(rule.rule, enabled=False, except_in=tuple(sorted(folders)))
    elif "" in folders:
        for apart in settings.apart:
            if apart not in folders:
                yield RulePolicy(rule.rule, enabled=False, folder=apart, except_in=tuple(sorted(folders - {""})))


def _homes(path: Path, settings: Settings) -> frozenset[str]:
    """The folders whose settings name the rules of a file, "" for the project's; none for rules of llmlint."""
    inner = {place.resolve() for place, _ in settings.homes}
    outer = {place.resolve() for place in settings.rules} - inner
    resolved = path.resolve()
    named = frozenset(folder for place, folder in settings.homes if resolved.is_relative_to(place.resolve()))
    return named | {""} if any(resolved.is_relative_to(place) for place in outer) else named


def _claims(selection: Selection) -> Iterator[tuple[tuple[str, ...], _Claim]]:
    for policy, path in selection.stated():
        if path[:1] in (("ignore",), ("severity",)):
            word = policy.severity.value if policy.severity else OFF
            yield ("severity", policy.rule), _Claim(selection, word, path)
        for name, value in policy.options.items():
            yield ("option", policy.rule, name), _Claim(selection, value, (*path, name))


def _apart(one: _Claim, other: _Claim) -> bool:
    """Whether neither of two documents extends the other."""
    mine, its = one.selection.lineage, other.selection.lineage
    return mine[: len(its)] != its and its[: len(mine)] != mine


def _settled(one: _Claim, other: _Claim, claims: Sequence[_Claim]) -> bool:
    """Whether a document that extends both says something itself."""
    mine, its = one.selection.lineage, other.selection.lineage
    shared = next((n for n, (a, b) in enumerate(zip(mine, its, strict=False)) if a != b), 0)
    return any(claim.selection.lineage == mine[:length] for claim in claims for length in range(shared + 1))


def _conflict(key: tuple[str, ...], earlier: _Claim, later: _Claim) -> Problem:
    what = f"option `{key[-1]}` of `{key[-2]}`" if key[-3:-2] == ("option",) else f"`{key[-1] or 'all'}`"
    said, before = _shown(later.value), _shown(earlier.value)
    message = f"{what} is {said} here, but {before} in {earlier.selection.origin(earlier.path)}"
    return later.selection.problem(later.path, message, "say which holds in the settings that extend both")


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value}"
