"""What one run saw of a project's files, so that the next one needs to look only at those that changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from llmlint.linking.program.importers import Imports


class SeenFile(msgspec.Struct, frozen=True, array_like=True):
    """A file that could be read. `stamp` is its state on the disk, "" where that doesn't prove that it is the same."""

    stamp: str
    digest: str
    candidate: bool


class Snapshot(msgspec.Struct, frozen=True, array_like=True):
    """By path: the files, the names that each seems to change, what each imports. By word: the files that mention it.

    Only what was asked for is in `changes`, `imports` and `words`.
    """

    files: Mapping[str, SeenFile] = {}
    changes: Mapping[str, tuple[str, ...]] = {}
    imports: Mapping[str, Imports] = {}
    words: Mapping[str, tuple[str, ...]] = {}


NOTHING_SEEN = Snapshot()

encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Snapshot)


def decode(data: bytes) -> Snapshot:
    """A snapshot from its encoded form. Raises `msgspec.MsgspecError` when the data are not what they should be."""
    return _decoder.decode(data)


def digest(*parts: bytes) -> str:
    """Tells contents apart: different ones have different digests."""
    hashed = hashlib.blake2b(digest_size=16)
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.hexdigest()


def digest_of_names(names: Iterable[str]) -> str:
    """The same of names in order."""
    return digest("\0".join(names).encode("utf-8", "surrogatepass"))
