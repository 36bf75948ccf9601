"""Who owns files: the CODEOWNERS file of a project comes in, owners by path go out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""In the order in which they are looked for, at the root of the repository."""
LARGEST = 300_000
MOST_LINES = 5_000
MOST_WILDCARDS = 4
"""Per line: matching takes time that grows with the path's length to the power of their number."""

Owners = Callable[[str], tuple[str, ...]]
"""The owners of a file by its path relative to the project's root; none where nobody is named."""


def owners_of(root: Path) -> Owners | None:
    """None without a file, or with one that can't be read."""
    found = _found(root.resolve())
    if found is None:
        return None
    from codeowners import CodeOwners  # noqa: PLC0415 - only pages need it

    prefix, text = found
    owners = CodeOwners("\n".join(_suitable(text)))
    return lambda path: tuple(name for _, name in owners.of(f"{prefix}{path}"))


def _found(root: Path) -> tuple[str, str] | None:
    """The way from the repository to the project, and the text of the file."""
    for folder in (root, *root.parents):
        for name in PLACES:
            text = _read(folder, name)
            if text is not None:
                prefix = root.relative_to(folder).as_posix()
                return ("" if prefix == "." else f"{prefix}/"), text
        if (folder / ".git").exists():
            return None
    return None


def _read(folder: Path, name: str) -> str | None:
    try:
        path = (folder / name).resolve()
        if path.is_relative_to(folder) and path.is_file() and path.stat().st_size <= LARGEST:
            return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, RuntimeError):  # links in a circle
        pass
    return None


def _suitable(text: str) -> Iterator[str]:
    """The lines whose pattern can be used, in bounded time."""
    from codeowners import CodeOwners  # noqa: PLC0415

    for line in text.splitlines()[:MOST_LINES]:
        pattern = line.split("#")[0].strip()
        if len(re.findall(r"\*+", pattern)) > MOST_WILDCARDS:
            continue
        try:
            CodeOwners(line)
        except (ValueError, IndexError, re.error):
            continue
        yield line
