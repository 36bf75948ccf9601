"""`llmlint check --fix` and `--diff`: applies fixes to files, or shows what they would change, and says what it did."""

from __future__ import annotations

import argparse
import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TextIO

from llmlint.cli.caching import jobs_of, store_of
from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.messages import tell
from llmlint.cli.output import replace_file, write
from llmlint.cli.progress import progress
from llmlint.cli.targets import locate
from llmlint.errors import LlmlintError
from llmlint.fixes.source import decoded
from llmlint.mending import Left, Mended, Tools, mend
from llmlint.relink import Means
from llmlint.timing import Stopwatch

_LINE = re.compile(r"[^\n]*\n|[^\n]+")

if TYPE_CHECKING:
    from llmlint.findings import Finding
    from llmlint.knowledge import Knowledge
    from llmlint.pipeline import Outcome
    from llmlint.reporters.report import View


def check_options(arguments: argparse.Namespace) -> None:
    """Raises `LlmlintError` where options about fixes don't go together."""
    if not (arguments.fix or arguments.diff):
        if arguments.unsafe_fixes:
            raise LlmlintError("--unsafe-fixes says which fixes --fix and --diff may use.\nAdd one of them.")
        return
    option = "--diff" if arguments.diff else "--fix"
    if arguments.add_ignores:
        raise LlmlintError(f"{option} and --add-ignores both change files.\nRun one after the other.")
    if arguments.watch:
        raise LlmlintError(f"{option} changes what --watch waits for.\nLeave one of them out.")
    if arguments.diff and arguments.format != "text":
        raise LlmlintError(
            f"--diff shows changes, no findings, and has no format {arguments.format}.\n"
            "Leave --format out; `check --format json` has the edits of every fix."
        )


def mended(arguments: argparse.Namespace, outcome: Outcome, knowledge: Knowledge) -> Mended:
    """What becomes of the project when the fixes that are asked for are applied. Nothing is written yet."""
    target = locate(arguments.paths)
    with progress() as show, store_of(arguments, target.root) as store:
        tools = Tools(target.root, target.scope, knowledge, Stopwatch(show), Means(store, jobs_of(arguments)))
        return mend(outcome, tools, unsafe=arguments.unsafe_fixes)


def apply(result: Mended) -> Outcome:
    """Writes the changed files, and says what was done. What is left to report comes out."""
    root = result.outcome.report.root
    for path, (before, after) in sorted(result.files.items()):
        try:
            untouched = (root / path).read_bytes() == before
        except OSError as error:
            raise LlmlintError(f"{path} can't be read any more: {error.strerror}.\nRun llmlint again.") from None
        if not untouched:
            raise LlmlintError(f"{path} was changed while llmlint read it.\nRun llmlint again.")
        replace_file(root / path, after)
    tell(*_told("fixed", result))
    return result.outcome


def show(result: Mended, arguments: argparse.Namespace) -> ExitCode:
    """Writes what would be changed. The exit code says whether that is anything."""
    write(partial(_diffs, result), arguments.output)
    tell(*_told("would fix", result))
    return ExitCode.FINDINGS if result.files else ExitCode.CLEAN


def _diffs(result: Mended, out: TextIO, _view: View) -> None:
    """For `git apply`; only on a terminal characters that steer it are written out."""
    from llmlint.reporters.escape import encodable, visible

    fit = encodable(getattr(out, "encoding", None))
    show = visible if out.isatty() else str
    for path, (before, after) in sorted(result.files.items()):
        name = visible(path)
        for line in difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}"):
            body = line.removesuffix("\n")
            out.write(fit(f"{show(body)}\n" if body != line else f"{show(body)}\n\\ No newline at end of file\n"))


def _lines(data: bytes) -> list[str]:
    """Lines end with a line feed, and with nothing else."""
    read = decoded(data)
    return _LINE.findall(read[0]) if read is not None else []


def _told(done: str, result: Mended) -> Iterator[str]:
    from llmlint.reporters.wording import count

    if result.fixed:
        yield f"llmlint: {done} {count(len(result.fixed), 'finding')} in {count(len(result.files), 'file')}"
    else:
        yield f"llmlint: nothing {'to fix' if done == 'fixed' else 'would be fixed'}"
    for (path, rule), number in sorted(_counted(result.fixed).items()):
        yield f"  {path}: {rule}" + (f" ({number:,} times)" if number > 1 else "")
    if result.unsafe:
        which = "finding can be fixed" if result.unsafe == 1 else "findings can be fixed"
        yield f"  {result.unsafe:,} more {which} with --unsafe-fixes: what the program does may change"
    yield from _left(result.left)


def _counted(findings: Sequence[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.location.path, finding.rule) for finding in findings)


def _left(left: Sequence[Left]) -> Iterator[str]:
    from llmlint.reporters.wording import count

    alike = Counter((each.finding.location.path, each.why) for each in left)
    for (path, why), number in sorted(alike.items()):
        yield f"  left alone: {path} ({count(number, 'finding')}): {why}"
