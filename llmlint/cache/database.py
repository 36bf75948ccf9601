"""Opens the SQLite file of a cache folder, whatever lies there: a database that works comes out, or none."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

FILE = "llmlint.sqlite3"
SET_ASIDE = ".set-aside"
BUSY_SECONDS = 2.0
"""How long a writer waits for another process. Who waits longer goes on without storing."""

_COMPANIONS = ("-wal", "-shm", "-journal")
_LOCK = "lock"

_SCHEMA = (
    "CREATE TABLE rows (kind TEXT NOT NULL, key BLOB NOT NULL, used INTEGER NOT NULL, size INTEGER NOT NULL, "
    "seal BLOB NOT NULL, value BLOB NOT NULL, UNIQUE (kind, key))",
    "CREATE INDEX by_use ON rows (used, size, kind)",
)


def owned_files(folder: Path) -> list[Path]:
    """The files in a cache folder that are ours, whether they exist or not."""
    names = [FILE, *(FILE + suffix for suffix in _COMPANIONS), FILE + SET_ASIDE, _LOCK]
    return [folder / name for name in names]


def connect(folder: Path) -> sqlite3.Connection | None:
    """A connection to the database in the folder, made anew where it is damaged or not ours; None if that fails."""
    path = folder / FILE
    if not os.access(folder, os.W_OK):
        return _unwritable(path)
    with _locked(folder):
        for _ in range(2):
            if not _is_plain(path):
                set_aside(folder)
            try:
                return _opened(path)
            except (sqlite3.Error, ValueError) as error:
                if passing(error):
                    return None
                set_aside(folder)
    return None


def passing(error: Exception) -> bool:
    """Whether an error says something about the machine or other processes, and nothing against the file."""
    words = ("locked", "busy", "full", "readonly", "unable to open", "I/O")
    return isinstance(error, sqlite3.OperationalError) and any(word in str(error) for word in words)


def clock(folder: Path) -> int:
    """The time (nanoseconds) that a file would get that changed now, or the machine's if that is earlier."""
    now = time.time_ns()
    with suppress(OSError):
        os.utime(folder / _LOCK)
        now = min(now, (folder / _LOCK).stat().st_mtime_ns)
    return now


def set_aside(folder: Path) -> None:
    """Moves what lies in the database's place out of the way, so that nothing of anybody is lost."""
    path = folder / FILE
    with suppress(OSError):
        path.replace(folder / (FILE + SET_ASIDE))
    for suffix in _COMPANIONS:
        with suppress(OSError):
            (folder / (FILE + suffix)).unlink()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    with ExitStack() as closing:
        closing.callback(connection.close)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        known = _schema_of(connection)
        if not known:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            for statement in _SCHEMA:
                connection.execute(statement)
        elif known != _SCHEMA:
            raise ValueError("the database is not ours")
        connection.execute("PRAGMA synchronous = NORMAL")
        closing.pop_all()
    return connection


def _unwritable(path: Path) -> sqlite3.Connection | None:
    """A database that nobody can change, if it is complete."""
    try:
        if not path.is_file() or path.with_name(path.name + "-wal").exists():
            return None
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
        if _schema_of(connection) == _SCHEMA:
            return connection
        connection.close()
    except (OSError, sqlite3.Error):
        pass  # as good as no cache
    return None


def _schema_of(connection: sqlite3.Connection) -> tuple[str, ...]:
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rootpage")
    return tuple(sql for (sql,) in found)


def _is_plain(path: Path) -> bool:
    """Whether the database and its companions are regular files, or missing: a link could lead anywhere."""
    for suffix in ("", *_COMPANIONS):
        try:
            if not stat.S_ISREG(os.lstat(f"{path}{suffix}").st_mode):
                return False
        except OSError:
            continue
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Only one process at a time opens or mends the database. Where that can't be had it goes without."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows

        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
    except (ImportError, OSError):
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
