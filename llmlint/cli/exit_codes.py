"""What the process says about a run, the same for every command and format."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    CLEAN = 0
    """Nothing at or above `--fail-on`."""
    FINDINGS = 1
    FAILED = 2
    """llmlint could not do its job: bad usage, settings or rules, no files."""
    INTERRUPTED = 130
    """By the user, as the shell has it."""
    PIPE_CLOSED = 141
    """Whoever read the report stopped reading, as the shell has it."""
