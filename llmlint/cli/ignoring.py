"""`llmlint check --add-ignores`: writes comments that silence the findings of a run into the files."""

from __future__ import annotations

import argparse
import io
import tokenize
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from llmlint.cli.messages import tell
from llmlint.cli.output import replace_file
from llmlint.errors import LlmlintError
from llmlint.facts.call_site import Location
from llmlint.facts.syntax import ModuleFacts
from llmlint.findings import Finding, Status
from llmlint.fixes.ignores import Place, with_ignores
from llmlint.frontend import lower
from llmlint.own_rules import OWN_RULES
from llmlint.triage.comments import Comments

if TYPE_CHECKING:
    from llmlint.knowledge import Knowledge
    from llmlint.reporters.report import Report

_OWN = frozenset(rule.name for rule in OWN_RULES)


class _Left(NamedTuple):
    """A finding that no comment was added for, and why, as the end of "... left alone: "."""

    finding: Finding
    why: str


def comment_reason(arguments: argparse.Namespace, knowledge: Knowledge) -> str:
    """What the comments will say. Raises `LlmlintError` where that can't be said, or the settings ask for more."""
    demands = knowledge.settings.demands
    if arguments.until:
        try:
            date.fromisoformat(arguments.until)
        except ValueError:
            raise LlmlintError(f"--until {arguments.until}: that is no day.\nWrite it as 2027-01-31.") from None
    elif demands.require_expiry or demands.longest_days is not None:
        raise LlmlintError("the settings ask for a last day on every suppression.\nAdd --until DAY.")
    reason = arguments.reason or f"found on {knowledge.today}, not judged yet"
    if any(character in reason for character in "\r\n\0") or " #" in f" {reason}":
        raise LlmlintError("--reason must be one line of text without ` #`.\nWrite it in other words.")
    return f"until {arguments.until} {reason}" if arguments.until else reason


def add_ignores(report: Report, scope: Sequence[str], reason: str, knowledge: Knowledge) -> int:
    """Adds a comment for every active finding in the named files, and says what was done. How many were added."""
    wanted: dict[str, list[Finding]] = defaultdict(list)
    left: list[_Left] = []
    for finding in report.with_status(Status.ACTIVE):
        why = _unsuitable(finding, scope, knowledge)
        if why:
            left.append(_Left(finding, why))
        else:
            wanted[finding.location.path].append(finding)
    done = {}
    for path, findings in sorted(wanted.items()):
        done[path], untouched = _in_file(report.root, path, findings, reason, knowledge)
        left += untouched
    tell(*_told(done, left))
    return sum(done.values())


def _unsuitable(finding: Finding, scope: Sequence[str], knowledge: Knowledge) -> str:
    path = finding.location.path
    if not any(named in (".", path) or path.startswith(f"{named}/") for named in scope):
        return "it stands in a file that was not named"
    if finding.rule in _OWN:
        return "it is about a comment or a file, which no comment silences"
    if path.endswith(".ipynb"):
        return "notebooks are not changed; use the baseline or `overrides` for them"
    if knowledge.settings.demands.forbids(finding.rule):
        return "the settings don't allow it to be silenced"
    return ""


def _in_file(
    root: Path, path: str, findings: Sequence[Finding], reason: str, knowledge: Knowledge
) -> tuple[int, list[_Left]]:
    """Changes one file; how many findings are silenced now, and those that are not."""
    by_place: dict[Place, list[Finding]] = defaultdict(list)
    for each in findings:
        by_place[Place(each.location.line, max(each.location.line, each.location.end_line))].append(each)
    try:
        data = (root / path).read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (OSError, SyntaxError, UnicodeDecodeError, LookupError):
        return 0, [_Left(each, "its file can't be read") for each in findings]
    names = frozenset((*knowledge.codes, *knowledge.codes.values()))

    def silences(changed: str, moved: Mapping[Place, Place]) -> Collection[Place]:
        facts = lower(changed.encode(encoding), notebook=False)
        if not isinstance(facts, ModuleFacts):
            return ()
        comments = Comments(path, facts, names)
        return {
            old
            for old, new in moved.items()
            if all(_speaks(comments, Location(path, *new[:1], 1, new[1]), each.rule) for each in by_place[old])
        }

    wanted = {place: sorted({each.rule for each in group}) for place, group in by_place.items()}
    try:
        result = with_ignores(text, wanted, reason, silences)
        if result.moved:
            replace_file(root / path, result.text.encode(encoding))
    except UnicodeEncodeError:
        why = f"its file is written in {encoding}, which lacks a letter of the reason"
        return 0, [_Left(each, why) for each in findings]
    untouched = [_Left(each, "no place for a comment was found") for place in result.left for each in by_place[place]]
    return len(findings) - len(untouched), untouched


def _speaks(comments: Comments, location: Location, rule: str) -> bool:
    return any(rule in comments.spoken[index].directive.names for index in comments.at(location))


def _told(done: Mapping[str, int], left: Sequence[_Left]) -> Iterator[str]:
    from llmlint.reporters.wording import count

    changed = {path: number for path, number in done.items() if number}
    findings, files = count(sum(changed.values()), "finding"), count(len(changed), "file")
    yield f"llmlint: comments for {findings} in {files}" if changed else "llmlint: no comments added"
    yield from (f"  {path}: {number:,}" for path, number in changed.items())
    alike = Counter((finding.location.path, why) for finding, why in left)
    for (path, why), number in sorted(alike.items()):
        yield f"  left alone: {path} ({count(number, 'finding')}): {why}"
