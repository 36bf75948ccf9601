"""Says something to the user on stderr, and sees to it that what was written to stdout has arrived."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from llmlint.errors import LlmlintError, ProblemsError

_told = 0


def number_told() -> int:
    """How often something was said so far."""
    return _told


def tell(*lines: str) -> None:
    """Writes whole lines. Nothing happens where stderr is closed.

    What strangers wrote into files may be part of them, so characters that steer a terminal are written out.
    """
    global _told  # noqa: PLW0603 - stderr is one for all, too
    _told += 1
    if sys.stderr is not None:
        from llmlint.reporters.escape import encodable, visible

        text = "".join(f"{visible(line)}\n" for each in lines for line in each.split("\n"))
        sys.stderr.write(encodable(getattr(sys.stderr, "encoding", None))(text))


def complain(error: LlmlintError) -> None:
    """Says why llmlint could not do its job."""
    if isinstance(error, ProblemsError):
        number = len(error.problems)
        summary = f"llmlint: {number:,} mistake{'s' * (number != 1)} to mend before it can run"
        tell(*map(str, error.problems), summary)
    else:
        tell(f"llmlint: {error}")


def say(*lines: str) -> None:
    """Writes whole lines to stdout, in what its encoding can take; for commands whose report is a few sentences."""
    if sys.stdout is not None:
        from llmlint.reporters.escape import encodable, visible

        fit = encodable(getattr(sys.stdout, "encoding", None))
        with writing_to_stdout():
            sys.stdout.write("".join(f"{fit(visible(line))}\n" for line in lines))


@contextmanager
def writing_to_stdout() -> Iterator[None]:
    """What is written inside of it has arrived afterwards. Raises `BrokenPipeError` where nobody takes it any
    more, and `LlmlintError` where it can't be written. Then stdout leads nowhere, because Python flushes it again.
    """
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise LlmlintError(f"the report can't be written: {error.strerror}.\nTry --output FILE.") from None
