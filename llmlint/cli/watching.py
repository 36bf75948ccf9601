"""Reports again whenever files of the project are saved, until the user ends it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.messages import complain, tell, writing_to_stdout
from llmlint.cli.targets import locate
from llmlint.errors import LlmlintError

_MISSING = "--watch needs the package watchfiles, which is not installed.\nInstall it: pip install 'llmlint[watch]'"
_STEP = 50
"""Milliseconds without another change after which files count as saved."""
_SHOWN = 3
"""Names of changed files that fit into a line."""
_BUSY = frozenset(
    (
        *(".git", ".hg", ".svn", ".idea", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
        *(".nox", ".tox", ".venv", "__pycache__", "node_modules"),
    )
)
"""Folders in which tools write all the time what says nothing about the project."""
_CLEAR = "\x1b[H\x1b[2J"
"""Empties the screen, but not what was scrolled out of it."""


def watch(arguments: argparse.Namespace, once: Callable[[argparse.Namespace], ExitCode]) -> ExitCode:
    """Runs `once` now and after every change; the exit code is that of the last run that came to its end."""
    if arguments.add_ignores:
        raise LlmlintError("--add-ignores changes the files that --watch waits for.\nLeave out one of them.")
    root = locate(arguments.paths).root
    code = ExitCode.INTERRUPTED
    try:
        for number, changed in enumerate(changes(root, _written(arguments, root))):
            if number:
                _clear_screen()
                tell(_headline(changed))
            code = _guarded(arguments, once)
            if not number:
                tell(f"llmlint: watching {root}; Ctrl-C ends it")
    except KeyboardInterrupt:
        tell("llmlint: stopped watching")
    return code


def changes(root: Path, written: Sequence[Path]) -> Iterator[Sequence[str]]:
    """Names of files below a folder that were saved, made or deleted, relative to it; each time at least one.

    What comes first is no change: it says that from now on none is missed. `written` are files and folders that a run
    itself changes. Raises `LlmlintError` where watching isn't possible.
    """
    try:
        from watchfiles import DefaultFilter
        from watchfiles import watch as notices
    except ImportError:
        raise LlmlintError(_MISSING) from None
    matters = DefaultFilter(ignore_dirs=())  # of its rules only those about files that editors and Python leave behind
    began = False
    try:
        for found in notices(
            root,
            watch_filter=matters,
            step=_STEP,
            rust_timeout=_STEP,
            yield_on_timeout=True,  # so that it says when it has begun
            ignore_permission_denied=True,
        ):
            names = sorted({name for _, path in found if (name := _heeded(Path(path), root, written))})
            if names or not began:
                began = True
                yield names
    except (OSError, RuntimeError) as error:
        raise LlmlintError(
            f"{root} can't be watched: {error}.\n"
            "Set the environment variable WATCHFILES_FORCE_POLLING=1 to look at the files again and again instead."
        ) from None


def _heeded(path: Path, root: Path, written: Sequence[Path]) -> str:
    """The name of a file as it is shown; nothing where it makes no difference to a report."""
    if not path.is_relative_to(root) or any(path.is_relative_to(each) for each in written):
        return ""
    name = path.relative_to(root)
    return "" if _BUSY.intersection(name.parts) else name.as_posix()


def _written(arguments: argparse.Namespace, root: Path) -> tuple[Path, ...]:
    """What a run itself writes. A cache folder may hold the project too."""
    from llmlint.cache.database import owned_files
    from llmlint.cache.folder import place_of

    cache = place_of(root, arguments.cache_dir).folder.resolve()
    kept = owned_files(cache) if root.is_relative_to(cache) else [cache]
    return (*kept, *([arguments.output.resolve()] if arguments.output else ()))


def _guarded(arguments: argparse.Namespace, once: Callable[[argparse.Namespace], ExitCode]) -> ExitCode:
    """What is wrong with settings, rules or files is told, and may be mended by the next change."""
    try:
        return once(arguments)
    except LlmlintError as error:
        complain(error)
        return ExitCode.FAILED


def _clear_screen() -> None:
    if sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        with writing_to_stdout():
            sys.stdout.write(_CLEAR)


def _headline(changed: Sequence[str]) -> str:
    rest = len(changed) - _SHOWN
    more = f" and {rest:,} more" if rest > 0 else ""
    return f"llmlint: {datetime.now():%H:%M:%S} changed: {', '.join(changed[:_SHOWN])}{more}"
