"""Writes a report to stdout or a file, and statistics to stderr."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeAlias

from llmlint.cli.messages import tell, writing_to_stdout
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.reporters.report import View

Draw: TypeAlias = "Callable[[TextIO, View], None]"
"""Writes a page to a stream, in the view that suits it."""


def write(draw: Draw, output: Path | None = None, show: Set[str] = frozenset()) -> None:
    """Draws to stdout or, completely or not at all, to a file."""
    if output is None:
        _to_stdout(draw, show)
        return

    from llmlint.reporters.report import view_for

    page = io.StringIO()
    draw(page, view_for(page, os.environ, show))
    write_page(page.getvalue(), output)


def write_page(page: str, output: Path) -> None:
    """Writes a whole page to a file. Raises `LlmlintError` where it can't be written."""
    try:
        output.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise LlmlintError(f"{output} can't be written: {error.strerror}.\nName another file.") from None


def replace_file(path: Path, data: bytes) -> None:
    """Puts data in place of a file, completely or not at all, with the permissions it had.

    Raises `LlmlintError` where it can't be written.
    """
    import tempfile

    beside: Path | None = None
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        beside = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        beside.chmod(mode)
        beside.replace(path)
    except OSError as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise LlmlintError(f"{path.name} can't be written: {error.strerror}.\nCheck its permissions.") from None


def write_statistics(counts: Mapping[str, int], seconds: Mapping[str, float]) -> None:
    """Two columns on stderr."""
    tell(*(f"{name.replace('_', ' '):<28} {number:>10,}" for name, number in counts.items()))
    tell(*(f"{name:<28} {time:>10.3f} s" for name, time in seconds.items()))


def _to_stdout(draw: Draw, show: Set[str]) -> None:
    out = sys.stdout
    if out is None:  # closed by whoever started the process; the exit code still tells something
        return

    from llmlint.reporters.report import view_for

    with writing_to_stdout():
        draw(out, view_for(out, os.environ, show))
