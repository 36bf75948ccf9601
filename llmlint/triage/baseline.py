"""Findings and the baseline of old ones come in; the old ones get the status BASELINED, and what is gone is told.

An entry is the same finding as before while rule, file, function and call are the same, wherever the lines are. Where
that fails, the code itself (without its blanks) is looked for: in the file, in functions of that name, anywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence

import msgspec

from llmlint.errors import Problem, ProblemsError
from llmlint.findings import Finding, Status

FORMAT = 1
MAX_BYTES = 50_000_000

SourceOf = Callable[[Finding], str]
"""The code at a finding's place; "" where it can't be read."""


class Entry(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """One old finding. `code` is a hash of what stands there."""

    path: str
    rule: str
    function: str
    fingerprint: str
    code: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    findings: tuple[Entry, ...]


class Matched(msgspec.Struct, frozen=True):
    """`findings` as they came, old ones with status BASELINED. `gone` are entries that no finding has any more;
    `kept` the others, as they would be written today.
    """

    findings: tuple[Finding, ...]
    kept: tuple[Entry, ...]
    gone: tuple[Entry, ...]


def parse(data: bytes, name: str) -> tuple[Entry, ...]:
    """The entries of a baseline file. Raises `ProblemsError` if it is none."""
    hint = "take it from the history, or delete it and run `llmlint baseline`"
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemsError([Problem(name, *_place(data, str(error)), f"no baseline: {error}", hint)]) from None
    if file.format != FORMAT:
        message = f"a baseline of format {file.format}, and this llmlint reads format {FORMAT}"
        raise ProblemsError([Problem(name, 1, 1, message, "use the llmlint that wrote it, or write it anew")])
    return file.findings


def written(entries: Iterable[Entry]) -> str:
    """The text of a baseline file: one line for each entry, so that branches can be merged."""
    lines = [json.dumps(msgspec.to_builtins(entry)) for entry in sorted(set(entries))]
    body = ",\n".join(f"    {line}" for line in lines)
    return f'{{\n  "format": {FORMAT},\n  "findings": [{body and chr(10) + body + chr(10) + "  "}]\n}}\n'


def entry_of(finding: Finding, source_of: SourceOf) -> Entry:
    """What a baseline says about a finding."""
    location = finding.location
    return Entry(location.path, finding.rule, finding.function, finding.fingerprint, code_of(source_of(finding)))


def match(
    findings: Sequence[Finding], entries: Collection[Entry], source_of: SourceOf, paths: Collection[str]
) -> Matched:
    """Each entry stands for one finding at most, so that a copy of old code is new. `paths` are the files there are."""
    waiting = dict.fromkeys(entries)
    by_fingerprint = {(entry.rule, entry.fingerprint): entry for entry in waiting}
    gone = [
        entry
        for finding in findings
        if finding.status is Status.SUPPRESSED
        and (entry := by_fingerprint.pop((finding.rule, finding.fingerprint), None)) is not None
    ]
    for entry in gone:
        waiting.pop(entry, None)
    old: dict[int, Entry] = {}
    for index, finding in enumerate(findings):
        if finding.status is Status.ACTIVE:
            found = by_fingerprint.pop((finding.rule, finding.fingerprint), None)
            if found is not None:
                waiting.pop(found, None)
                old[index] = found
    _match_code(findings, waiting, old, source_of, frozenset(paths))
    kept = [entry_of(findings[index], source_of) for index in old]
    statuses = tuple(
        msgspec.structs.replace(finding, status=Status.BASELINED) if index in old else finding
        for index, finding in enumerate(findings)
    )
    return Matched(statuses, tuple(kept), tuple(sorted({*gone, *waiting})))


def code_of(source: str) -> str:
    """A hash of code that stays the same when it is formatted anew; "" for no code."""
    text = "".join(source.split()).replace(",)", ")").replace(",]", "]").replace(",}", "}").replace("'", '"')
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] if text else ""


def _match_code(
    findings: Sequence[Finding],
    waiting: dict[Entry, None],
    old: dict[int, Entry],
    source_of: SourceOf,
    paths: frozenset[str],
) -> None:
    """Pairs what is left by the code at its place, the nearest in the project first; then by the function alone,
    where the old file is not there any more.
    """
    rules = {entry.rule for entry in waiting}
    left = {
        index: entry_of(finding, source_of)
        for index, finding in enumerate(findings)
        if finding.status is Status.ACTIVE and index not in old and finding.rule in rules
    }
    for key in _KEYS:
        by_key: dict[Hashable, list[Entry]] = defaultdict(list)
        for entry in sorted(waiting, reverse=True):
            if entry.code and (key is not _BY_FUNCTION or (entry.function and entry.path not in paths)):
                by_key[key(entry)].append(entry)
        for index, now in list(left.items()):
            if now.code and (same := by_key.get(key(now))):
                old[index] = same.pop()
                del waiting[old[index]], left[index]


_BY_FUNCTION: Callable[[Entry], Hashable] = lambda entry: (entry.rule, entry.function)  # noqa: E731 - one of a list
_KEYS: tuple[Callable[[Entry], Hashable], ...] = (
    lambda entry: (entry.rule, entry.code, entry.path),
    lambda entry: (entry.rule, entry.code, entry.function),
    lambda entry: (entry.rule, entry.code),
    _BY_FUNCTION,
)


def _place(data: bytes, said: str) -> tuple[int, int]:
    """Line and column of the byte that an error names, else the start."""
    word = said.rpartition("byte ")[2].strip(")")
    position = int(word) if word.isdigit() else 0
    before = data[:position]
    return before.count(b"\n") + 1, position - before.rfind(b"\n")
