"""Bytes under a kind and a key, kept from run to run. What can't be trusted or read is a miss, never an error."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType

from llmlint.cache.build import build
from llmlint.cache.database import FILE, connect, passing, set_aside

LIMIT_BYTES = 512_000_000
REFRESH_SECONDS = 6 * 3600
"""How old the note on a row's last use may get before a use of it is written down again."""
_KEPT_AFTER_PRUNING = 0.8
_KEYS_AT_ONCE = 400

Key = str | bytes


@dataclass(frozen=True)
class Usage:
    """How many values there are of each kind, and their bytes, by kind."""

    rows: Mapping[str, int]
    sizes: Mapping[str, int]

    @property
    def total(self) -> int:
        """Bytes of all values and keys."""
        return sum(self.sizes.values())


class Store:
    """A map on disk that several processes may use at once; a forked process gets a connection of its own.

    Every value carries a seal over its kind, its key and the build of llmlint, so that a damaged row, another
    version's and, unless the store is `portable`, one that was made in another place (a checkout of somebody
    else's cache) is a miss.
    """

    def __init__(self, folder: Path | None, limit_bytes: int, *, portable: bool) -> None:
        self.folder = folder
        self._limit_bytes = limit_bytes
        self._portable = portable
        self._process = 0
        self._connection: sqlite3.Connection | None = None
        self._inherited: list[sqlite3.Connection] = []  # never to be closed here: they are the parent's
        self._seal_key = b""
        self._stale: set[tuple[str, bytes]] = set()
        self._written = False
        self._now = int(time.time())

    @classmethod
    def open(cls, folder: Path, *, limit_bytes: int = LIMIT_BYTES, portable: bool = False) -> Store:
        """The store in a folder, which is made if need be. Never raises: at worst nothing is found or kept."""
        return cls(_prepared(folder), limit_bytes, portable=portable)

    @classmethod
    def nothing(cls) -> Store:
        """A store that finds and keeps nothing."""
        return cls(None, 0, portable=False)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, kind: str, key: Key) -> bytes | None:
        """The value under the key; None if there is none that can be trusted."""
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: str, keys: Iterable[Key]) -> dict[Key, bytes]:
        """The values of those keys that have one."""
        asked = {_bytes(key): key for key in keys}
        found: dict[Key, bytes] = {}
        with self._working() as connection:
            if connection is not None:
                for some in _portions(list(asked)):
                    found.update((asked[key], value) for key, value in self._sound(connection, kind, some))
        return found

    def put(self, kind: str, key: Key, value: bytes) -> None:
        """Keeps a value, in place of the one under that key."""
        self.put_many(kind, [(key, value)])

    def put_many(self, kind: str, items: Iterable[tuple[Key, bytes]]) -> None:
        """Keeps all of them, or none."""
        with self._working() as connection:
            if connection is None:
                return
            rows = [
                (kind, _bytes(key), self._now, len(value) + len(key), self._seal(kind, _bytes(key), value), value)
                for key, value in items
            ]
            with _transaction(connection):
                connection.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._written = True

    def usage(self) -> Usage:
        """What is in the store."""
        rows: list[tuple[str, int, int]] = []
        with self._working() as connection:
            if connection is not None:
                rows = list(connection.execute("SELECT kind, COUNT(*), SUM(size) FROM rows GROUP BY kind"))
        return Usage({kind: number for kind, number, _ in rows}, {kind: size for kind, _, size in rows})

    def prune(self, limit_bytes: int) -> int:
        """Removes what was not used for longest until the rest fits; says how many bytes went."""
        removed = 0
        with self._working() as connection:
            if connection is not None:
                with _transaction(connection):
                    removed = _prune(connection, limit_bytes)
                connection.execute("PRAGMA incremental_vacuum").fetchall()
        return removed

    def close(self) -> None:
        """Notes what was used, makes room, and lets go of the file. The store may be used again afterwards."""
        if self._connection is None or self._process != os.getpid():
            return
        with self._working() as connection:
            if connection is not None and self._stale:
                with _transaction(connection):
                    connection.executemany(
                        "UPDATE rows SET used = ? WHERE kind = ? AND key = ?",
                        [(self._now, *row) for row in sorted(self._stale)],
                    )
        if self._written:
            with self._working() as connection:
                total = _total(connection) if connection is not None else 0
            if total > self._limit_bytes:
                self.prune(int(self._limit_bytes * _KEPT_AFTER_PRUNING))
        self._stale.clear()
        self._written = False
        self._let_go()

    def _sound(self, connection: sqlite3.Connection, kind: str, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Key and value of the rows whose seal fits."""
        marks = ", ".join("?" * len(keys))
        query = f"SELECT key, used, seal, value FROM rows WHERE kind = ? AND key IN ({marks})"
        for key, used, seal, value in connection.execute(query, (kind, *keys)):
            if isinstance(key, bytes) and isinstance(value, bytes) and seal == self._seal(kind, key, value):
                if not isinstance(used, int) or not 0 <= self._now - used < REFRESH_SECONDS:
                    self._stale.add((kind, key))
                yield key, value

    def _seal(self, kind: str, key: bytes, value: bytes) -> bytes:
        digest = blake2b(digest_size=16, key=self._seal_key)
        for part in (kind.encode(), key, value):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return digest.digest()

    @contextmanager
    def _working(self) -> Iterator[sqlite3.Connection | None]:
        """This process's connection, or None. What goes wrong with the file ends its use, not the run."""
        try:
            yield self._connected()
        except (sqlite3.Error, sqlite3.Warning) as error:
            if not passing(error):
                folder = self.folder
                self._give_up()
                if folder is not None:
                    set_aside(folder)

    def _connected(self) -> sqlite3.Connection | None:
        if self.folder is not None and self._process != os.getpid():
            if self._connection is not None:
                self._inherited.append(self._connection)
            self._process = os.getpid()
            self._stale = set()
            self._written = False
            self._connection = connect(self.folder)
            home = "" if self._portable else _home(self.folder)
            self._seal_key = blake2b(f"{build()} {home}".encode(), digest_size=32).digest()
        return self._connection

    def _give_up(self) -> None:
        self._let_go()
        self.folder = None

    def _let_go(self) -> None:
        if self._connection is not None and self._process == os.getpid():
            with suppress(sqlite3.Error):  # it is of no use any more
                self._connection.close()
        self._connection = None
        self._process = 0


_IGNORE = "# Made by llmlint. Everything here can be deleted at any time.\n*\n"
_TAG = """\
Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of llmlint. https://bford.info/cachedir/ says what this file means to backup programs.
"""
MARKS = {".gitignore": _IGNORE, "CACHEDIR.TAG": _TAG}
"""The files that make git and backup programs pass a cache folder over."""


def _prepared(folder: Path) -> Path | None:
    """The folder with its marks; None where it can't be had. In a folder of others the marks are left out."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            for name, text in MARKS.items():
                (folder / name).write_text(text, encoding="utf-8")
    except OSError:
        return folder if folder.is_dir() else None
    return folder


def _home(folder: Path) -> str:
    """Numbers that nobody can foresee: a cache that came along with a repository fits nowhere."""
    try:
        return f"{folder.stat().st_ino} {(folder / FILE).stat().st_ino}"
    except OSError:  # it was removed meanwhile, and nothing in it is to be found again
        return os.urandom(16).hex()


def _prune(connection: sqlite3.Connection, limit_bytes: int) -> int:
    excess = _total(connection) - limit_bytes
    removed = 0
    leaving: list[tuple[int]] = []
    for row, size in connection.execute("SELECT rowid, size FROM rows ORDER BY used, size DESC"):
        if removed >= excess:
            break
        leaving.append((row,))
        removed += size
    connection.executemany("DELETE FROM rows WHERE rowid = ?", leaving)
    return removed


def _total(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT COALESCE(SUM(size), 0) FROM rows").fetchone()[0])


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _portions(keys: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        yield keys[start : start + _KEYS_AT_ONCE]


def _bytes(key: Key) -> bytes:
    return key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key
