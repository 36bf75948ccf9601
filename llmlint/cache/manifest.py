"""What a result rests on in the file system: paths come in, a record that can be compared with a later state goes out.

Standard library only, and little of it: comparing is nearly all that an unchanged run does.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TypedDict

SETTLED = 2_000_000_000
"""Nanoseconds after which a file that changes again gets another time, on any file system."""


class Manifest(TypedDict):
    """`paths`, and `places` of which only matters what they are, with the digest of their states.

    `young` ones had changed so shortly before that their state proves nothing: they come with the digests of their
    contents. `links` are paths with where they lead.
    """

    paths: list[str]
    places: list[str]
    state: str
    young: dict[str, str]
    links: dict[str, str]


Digest = Callable[[bytes], str]


def record(
    paths: Iterable[str], places: Iterable[str], started: int, known: Callable[[str], str], of: Digest
) -> Manifest | None:
    """The state of the paths, also of those that don't exist; None if one changed since `started` (nanoseconds).

    `known` gives the digest of the content that the result was made from, if there is one; `of` makes such digests.
    """
    young: dict[str, str] = {}
    read = set(paths)
    there = sorted(set(places) - read)
    links = {path: real for path in sorted((*read, *there)) if (real := os.path.realpath(path)) != path}
    listed = sorted({*read, *links.values()})
    states = [_state(path) for path in listed]
    for path, (_, changed) in zip(listed, states, strict=True):
        if changed >= started:
            return None
        if changed >= started - SETTLED:
            digest = known(path) or contents(path, of)
            if not digest:
                return None
            young[path] = digest
    state = _joined([each for each, _ in states], there)
    return Manifest(paths=listed, places=there, state=state, young=young, links=links)


def holds(manifest: Manifest, of: Digest) -> bool:
    """Whether everything is as it was."""
    return (
        _joined([_state(path)[0] for path in manifest["paths"]], manifest["places"]) == manifest["state"]
        and all(os.path.realpath(path) == real for path, real in manifest["links"].items())
        and all(contents(path, of) == digest for path, digest in manifest["young"].items())
    )


def settled(manifest: Manifest, now: int) -> bool:
    """Whether the young ones have come of age, so that their states alone are proof from now on."""
    return all(_state(path)[1] < now - SETTLED for path in manifest["young"])


def contents(path: str, of: Digest) -> str:
    """The digest of a regular file's bytes, or of a folder's names; "" if there is neither."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISDIR(mode):
            return of("\0".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape"))
        if stat.S_ISREG(mode):
            with open(path, "rb") as stream:
                return of(stream.read())
    except OSError:
        pass
    return ""


def _state(path: str) -> tuple[str, int]:
    """A text that is another one after any change, and the time of the last change."""
    try:
        status = os.lstat(path)
    except OSError as error:
        return f"{error.errno}", 0
    mode, changed, inode = status.st_mode, status.st_ctime_ns, status.st_ino
    return f"{mode} {status.st_size} {status.st_mtime_ns} {changed} {inode}", max(changed, status.st_mtime_ns)


def _joined(states: Iterable[str], places: Iterable[str]) -> str:
    text = "\n".join((*states, *map(_kind, places)))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _kind(path: str) -> str:
    """The same while it is the same file or folder."""
    try:
        status = os.lstat(path)
    except OSError as error:
        return f"{error.errno}"
    return f"{stat.S_IFMT(status.st_mode)} {status.st_ino}"
