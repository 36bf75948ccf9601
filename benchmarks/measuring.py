"""A command comes in; the processor time, time and memory that it took go out, with what it printed."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Measured:
    """Times in seconds, of the process and those that it started; `peak` is the most memory of one, in bytes."""

    wall: float
    processor: float
    peak: int
    code: int
    output: str


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Runs the command to its end. Its messages go nowhere."""
    with tempfile.TemporaryFile() as output, Path(os.devnull).open("wb") as nowhere:
        started = time.perf_counter()
        process = os.posix_spawnp(
            command[0],
            list(command),
            {**os.environ, **environment},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, output.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, nowhere.fileno(), 2),
            ],
        )
        _, status, usage = os.wait4(process, 0)
        wall = time.perf_counter() - started
        output.seek(0)
        printed = output.read().decode("utf-8", "replace")
    code = os.waitstatus_to_exitcode(status)
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _BYTES_PER_UNIT, code, printed)
