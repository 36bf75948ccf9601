"""`llmlint baseline`: writes down the findings that there are, so that only new ones are reported."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from llmlint.cli.caching import add_cache_options
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.options import add_rule_options
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.knowledge import Knowledge
    from llmlint.pipeline import Outcome
    from llmlint.triage.baseline import Entry

_EPILOG = """\
examples:
  llmlint baseline          the first time: take down all findings; later: drop those that are gone
  llmlint baseline --grow   take down new findings as well
  llmlint baseline --prune  only drop those that are gone, also where nobody can tell today

The file is llmlint-baseline.json unless `baseline` in the settings names another. `llmlint check` leaves what is in it
alone, and drops what is gone when it looks at the whole project. `check --no-baseline` reports everything.

exit code: 1 if there are new findings that were not taken down
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--grow", action="store_true", help="take down findings that are new")
    how.add_argument("--prune", action="store_true", help="only drop what is gone; the exit code is 0")
    add_rule_options(parser)
    add_cache_options(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Writes the file, and a table of what it holds for each rule."""
    from llmlint.cli.output import write
    from llmlint.cli.running import narrowed, run_on
    from llmlint.discovery import find_root
    from llmlint.findings import Status
    from llmlint.reporters.source import Source
    from llmlint.triage.baseline import entry_of

    root = find_root(Path())
    outcome, knowledge = run_on(arguments, [str(root)])
    path = baseline_path(knowledge, root)
    source = Source(root)
    new = [entry_of(each, lambda f: source.span(f.location)) for each in outcome.report.with_status(Status.ACTIVE)]
    first = not path.is_file()
    added = new if (first or arguments.grow) and not arguments.prune else []
    kept = (*outcome.baseline.kept, *(outcome.baseline.gone if narrowed(arguments) else ()))
    if arguments.prune and not narrowed(arguments):
        living = {each.fingerprint for each in outcome.report.findings}
        kept = tuple(entry for entry in kept if entry.fingerprint in living)
    gone = {entry.fingerprint for entry in knowledge.baseline} - {entry.fingerprint for entry in kept}
    entries = [*kept, *added]
    if not first or entries:
        write_baseline(path, entries)
    told = _Told(path.relative_to(root).as_posix(), entries, knowledge.baseline, len(added), len(gone))
    write(lambda out, _view: told.draw(out, left=0 if added else len(new)))
    return ExitCode.FINDINGS if new and not added and not arguments.prune else ExitCode.CLEAN


def baseline_path(knowledge: Knowledge, root: Path) -> Path:
    """The file that the settings name, or the usual one."""
    from llmlint.config.settings import BASELINE_FILE

    return knowledge.settings.baseline or root / BASELINE_FILE


def write_baseline(path: Path, entries: Iterable[Entry]) -> None:
    """Writes the file completely or not at all. Raises `LlmlintError` where that can't be done."""
    from llmlint.cli.output import replace_file
    from llmlint.triage.baseline import written

    replace_file(path, written(entries).encode("utf-8"))


def shrink(outcome: Outcome, knowledge: Knowledge, *, may_write: bool) -> None:
    """Drops what is gone from the baseline after a look at everything, or says that it could be dropped."""
    from llmlint.cli.messages import tell
    from llmlint.reporters.wording import count

    gone = outcome.baseline.gone
    path = knowledge.settings.baseline
    if not gone or path is None:
        return
    what = f"{count(len(gone), 'finding')} of {path.name} {'is' if len(gone) == 1 else 'are'} gone"
    if not may_write:
        tell(f"llmlint: {what}; `llmlint baseline` drops what is gone")
        return
    try:
        write_baseline(path, outcome.baseline.kept)
    except LlmlintError as error:
        tell(f"llmlint: {what}, but {error}")
    else:
        tell(f"llmlint: {what}, so it has {count(len(outcome.baseline.kept), 'finding')} now")


class _Told:
    """What people are told about a baseline that was written."""

    def __init__(self, name: str, entries: Sequence[Entry], before: Sequence[Entry], added: int, gone: int) -> None:
        self._name, self._entries, self._before = name, entries, before
        self._added, self._gone = added, gone

    def draw(self, out: TextIO, *, left: int) -> None:
        """`left` counts new findings that are not in it."""
        from llmlint.reporters.wording import count

        if not self._entries and not self._before:
            out.write("No findings, so no baseline is needed.\n" if not left else "")
        else:
            changes = f"{self._added:,} added, {self._gone:,} gone"
            out.write(f"{self._name}: {count(len(self._entries), 'finding')} ({changes})\n")
            for rule, now, before in _rows(self._entries, self._before):
                change = f"  {now - before:+,}" if now != before and before else ""
                out.write(f"  {now:>6,}  {rule}{change}\n")
        if left:
            verb = "is" if left == 1 else "are"
            out.write(f"{count(left, 'new finding')} {verb} not in it: mend them, or add them with --grow.\n")


def _rows(now: Iterable[Entry], before: Iterable[Entry]) -> list[tuple[str, int, int]]:
    counted: Mapping[str, int] = Counter(entry.rule for entry in now)
    earlier: Mapping[str, int] = Counter(entry.rule for entry in before)
    rules = sorted({*counted, *earlier}, key=lambda rule: (-counted.get(rule, 0), rule))
    return [(rule, counted.get(rule, 0), earlier.get(rule, 0)) for rule in rules]
