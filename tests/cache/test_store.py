"""The store gives back what was put into it, or nothing: whatever happens to its file."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmlint.cache import Store, store
from llmlint.cache.database import FILE, SET_ASIDE

WRITER = """
import sys
from pathlib import Path
from llmlint.cache import Store
kept = Store.open(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    kept.put("facts", f"{sys.argv[2]}-{number}", b"x" * 1000)
print("done", flush=True)
"""


def put(folder: Path, **items: bytes) -> None:
    with Store.open(folder) as kept:
        kept.put_many("facts", items.items())


def get(folder: Path, key: str) -> bytes | None:
    with Store.open(folder) as kept:
        return kept.get("facts", key)


def start(folder: Path, name: str, number: int, then: str = "kept.close()") -> subprocess.Popen[bytes]:
    program = WRITER + then
    command = [sys.executable, "-c", program, str(folder), name, str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])


def change(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / FILE)
    with connection:
        connection.execute(statement)
    connection.close()


def test_values_outlive_the_run(tmp_path: Path) -> None:
    put(tmp_path / "cache", a=b"1", b=b"")
    with Store.open(tmp_path / "cache") as kept:
        assert kept.get("facts", "a") == b"1"
        assert kept.get_many("facts", ["a", "b", "c"]) == {"a": b"1", "b": b""}
        assert kept.get("unit", "a") is None
        kept.put("facts", "a", b"2")
        assert kept.get("facts", b"a") == b"2"


def test_more_keys_than_one_query_takes(tmp_path: Path) -> None:
    items = {f"{number}": b"%d" % number for number in range(3000)}
    with Store.open(tmp_path) as kept:
        kept.put_many("facts", items.items())
        assert kept.get_many("facts", [*items, "absent"]) == items


def test_nothing_keeps_nothing() -> None:
    with Store.nothing() as kept:
        kept.put("facts", "a", b"1")
        assert kept.get("facts", "a") is None
        assert kept.prune(0) == 0
        assert kept.usage().total == 0


def test_folder_is_passed_over_by_git_and_backups(tmp_path: Path) -> None:
    put(tmp_path / "deep" / "cache", a=b"1")
    assert "*" in (tmp_path / "deep" / "cache" / ".gitignore").read_text().splitlines()
    assert (tmp_path / "deep" / "cache" / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d17278")


def test_a_folder_of_others_is_not_marked(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("")
    put(tmp_path, a=b"1")
    assert get(tmp_path, "a") == b"1"
    assert not (tmp_path / ".gitignore").exists()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE rows SET value = x'32'",
        "UPDATE rows SET value = '1'",
        "UPDATE rows SET key = x'62'",
        "UPDATE rows SET kind = 'unit'",
        "UPDATE rows SET seal = x''",
        "UPDATE rows SET used = 'long ago', value = x'33'",
    ],
)
def test_damaged_row_is_a_miss(tmp_path: Path, damage: str) -> None:
    put(tmp_path, a=b"1")
    change(tmp_path, damage)
    with Store.open(tmp_path) as kept:
        assert not kept.get_many("facts", ["a", "b"])
        assert not kept.get_many("unit", ["a", "b"])
    put(tmp_path, a=b"1")
    assert get(tmp_path, "a") == b"1"


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000, bytes(8192)])
def test_foreign_file_is_set_aside(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE).write_bytes(data)
    put(tmp_path, a=b"1")
    assert get(tmp_path, "a") == b"1"
    assert not data or (tmp_path / (FILE + SET_ASIDE)).read_bytes() == data


def test_database_of_others_is_set_aside(tmp_path: Path) -> None:
    change(tmp_path, "CREATE TABLE theirs (value)")
    put(tmp_path, a=b"1")
    assert get(tmp_path, "a") == b"1"
    assert (tmp_path / (FILE + SET_ASIDE)).exists()


def test_every_damaged_page_is_survived(tmp_path: Path) -> None:
    items = {f"key{number}": f"value{number}".encode() * 50 for number in range(200)}
    put(tmp_path, **items)
    whole = (tmp_path / FILE).read_bytes()
    for start_of_page in range(0, len(whole), 4096):
        damaged = whole[: start_of_page + 20] + b"\xa5" * 400 + whole[start_of_page + 420 :]
        (tmp_path / FILE).write_bytes(damaged)  # the same inode
        with Store.open(tmp_path) as kept:
            found = kept.get_many("facts", items)
            kept.put("facts", "new", b"1")
        assert found.items() <= items.items()


def test_cut_off_file_is_survived(tmp_path: Path) -> None:
    put(tmp_path, **{f"key{number}": b"x" * 900 for number in range(100)})
    with (tmp_path / FILE).open("r+b") as stream:
        stream.truncate(20_000)
    with Store.open(tmp_path) as kept:
        assert set(kept.get_many("facts", [f"key{number}" for number in range(100)]).values()) <= {b"x" * 900}
    put(tmp_path, a=b"1")
    put(tmp_path, a=b"1")
    assert get(tmp_path, "a") == b"1"


def test_damage_during_the_run_ends_the_use(tmp_path: Path) -> None:
    kept = Store.open(tmp_path)
    kept.put_many("facts", [(f"key{number}", b"x" * 900) for number in range(500)])
    kept.close()
    assert kept.get("facts", "key1") == b"x" * 900
    with (tmp_path / FILE).open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * 400_000)
    assert set(kept.get_many("facts", [f"key{number}" for number in range(500)]).values()) <= {b"x" * 900}
    kept.put("facts", "a", b"1")
    assert kept.get("facts", "a") in (None, b"1")
    kept.close()


def test_link_in_the_database_s_place_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious.txt"
    target.write_text("precious")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / FILE).symlink_to(target)
    put(tmp_path / "cache", a=b"1")
    assert get(tmp_path / "cache", "a") == b"1"
    assert target.read_text() == "precious"


def test_another_version_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a=b"1")
    monkeypatch.setattr(store, "build", lambda: "another")
    assert get(tmp_path, "a") is None
    put(tmp_path, a=b"2")
    assert get(tmp_path, "a") == b"2"


@pytest.mark.parametrize("portable", [False, True])
def test_copied_cache_is_believed_only_where_it_was_asked_for(tmp_path: Path, portable: bool) -> None:
    with Store.open(tmp_path / "one", portable=portable) as kept:
        kept.put("facts", "a", b"1")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / FILE).write_bytes((tmp_path / "one" / FILE).read_bytes())
    with Store.open(tmp_path / "two", portable=portable) as kept:
        assert kept.get("facts", "a") == (b"1" if portable else None)


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    put(tmp_path / "file" / "cache", a=b"1")
    assert get(tmp_path / "file" / "cache", "a") is None
    assert get(tmp_path / "file", "a") is None


def test_read_only_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a=b"1")
    before = (tmp_path / FILE).read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with Store.open(tmp_path) as kept:
        assert kept.get("facts", "a") == b"1"
        kept.put("facts", "b", b"2")
        assert kept.get("facts", "b") is None
    assert (tmp_path / FILE).read_bytes() == before


def test_full_disk(tmp_path: Path) -> None:
    put(tmp_path, a=b"1")
    kept = Store.open(tmp_path)
    assert kept.get("facts", "a") == b"1"
    assert kept._connection is not None
    kept._connection.execute("PRAGMA max_page_count = 10")  # SQLite says the same as on a full disk
    kept.put("facts", "b", b"x" * 100_000)
    assert kept.get("facts", "b") is None
    assert kept.get("facts", "a") == b"1"
    kept.close()


def test_two_runs_at_once(tmp_path: Path) -> None:
    running = [start(tmp_path, name, 60) for name in "abc"]
    for each in running:
        assert each.communicate(timeout=60)[0] == b"done\n"
        assert each.returncode == 0
    keys = [f"{name}-{number}" for name in "abc" for number in range(60)]
    with Store.open(tmp_path) as kept:
        assert len(kept.get_many("facts", keys)) == 180


def test_killed_run_leaves_it_usable(tmp_path: Path) -> None:
    running = start(tmp_path, "a", 20, then="while True: kept.put('facts', 'more', b'y' * 100000)")
    assert running.stdout is not None
    assert running.stdout.readline() == b"done\n"
    running.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    running.communicate(timeout=60)
    assert get(tmp_path, "a-19") == b"x" * 1000
    put(tmp_path, b=b"1")
    assert get(tmp_path, "b") == b"1"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_forked_process_has_a_connection_of_its_own(tmp_path: Path) -> None:
    kept = Store.open(tmp_path)
    kept.put("facts", "parent", b"1")
    child = os.fork()
    if not child:
        kept.put("facts", "child", kept.get("facts", "parent") or b"nothing")
        kept.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert kept.get("facts", "child") == b"1"
    kept.put("facts", "later", b"2")
    kept.close()
    assert get(tmp_path, "later") == b"2"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    now = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    yield now


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, clock: list[float]) -> None:
    for number in range(10):
        clock[0] += 100_000
        put(tmp_path, **{f"key{number}": b"x" * 1000})
    clock[0] += 100_000
    assert get(tmp_path, "key0") is not None
    with Store.open(tmp_path, limit_bytes=8_000) as kept:
        kept.put("facts", "new", b"x" * 1000)
    with Store.open(tmp_path) as kept:
        left = kept.get_many("facts", [f"key{number}" for number in range(10)] + ["new"])
        assert set(left) == {"key0", "key6", "key7", "key8", "key9", "new"}
        assert kept.usage().total <= 8_000
        assert kept.usage().rows == {"facts": 6}


def test_use_is_noted_only_now_and_then(tmp_path: Path, clock: list[float]) -> None:
    put(tmp_path, a=b"1")
    before = (tmp_path / FILE).read_bytes()
    clock[0] += 60
    get(tmp_path, "a")
    assert (tmp_path / FILE).read_bytes() == before
