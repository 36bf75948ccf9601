"""Lets git list a folder's files while something else is done; without subprocess, which takes long to import."""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress
from pathlib import Path

from llmlint.discovery.git import LIST_FILES, command, environment

TIMEOUT = 20.0
"""Seconds. Who waits longer asks again in the usual way."""


class RunningListing:
    """What git prints about the files that it knows in a folder."""

    def __init__(self, folder: Path) -> None:
        self._process = 0
        self._stream = -1
        if hasattr(os, "posix_spawnp"):
            with suppress(OSError):
                self._start(folder)

    def result(self) -> bytes | None:
        """All of it, warnings too; None where git failed or can't be asked this way. To be called once."""
        if self._stream < 0:
            return None
        parts: list[bytes] = []
        deadline = time.monotonic() + TIMEOUT
        try:
            while (left := deadline - time.monotonic()) > 0 and select.select([self._stream], [], [], left)[0]:
                if not (part := os.read(self._stream, 1 << 20)):
                    break
                parts.append(part)
            else:
                os.kill(self._process, signal.SIGKILL)
        finally:
            os.close(self._stream)
            self._stream = -1
            _, status = os.waitpid(self._process, 0)
        return b"".join(parts) if status == 0 else None

    def _start(self, folder: Path) -> None:
        words = command("-C", str(folder), *LIST_FILES)
        reading, writing = os.pipe()
        try:
            actions = [
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, writing, 1),
                (os.POSIX_SPAWN_DUP2, writing, 2),
            ]
            self._process = os.posix_spawnp(words[0], words, environment(), file_actions=actions)
            self._stream = reading
        finally:
            os.close(writing)
            if self._stream < 0:
                os.close(reading)
