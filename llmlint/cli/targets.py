"""The paths of a command line come in; the project around them and what to report on go out."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from llmlint.discovery import SUFFIXES, find_root
from llmlint.errors import LlmlintError


class Target(NamedTuple):
    """`scope` holds paths relative to `root` with `/`; "." is all of it."""

    root: Path
    scope: tuple[str, ...]


def locate(names: Sequence[str]) -> Target:
    """The project that all the paths belong to. Raises `LlmlintError` with everything that is wrong with them."""
    paths = [Path(name) for name in names]
    mistakes = [mistake for path in paths for mistake in _mistakes(path)]
    if mistakes:
        raise LlmlintError("\n".join(mistakes))
    resolved = [path.resolve() for path in paths]
    root = _common_root(resolved)
    return Target(root, tuple(dict.fromkeys(path.relative_to(root).as_posix() for path in resolved)))


def _common_root(paths: Sequence[Path]) -> Path:
    """The project of all paths: a package with settings of its own is a part of the one around it."""
    folders = dict.fromkeys(path if path.is_dir() else path.parent for path in paths)
    roots = list(dict.fromkeys(find_root(folder) for folder in folders))
    outermost = min(roots, key=lambda root: len(root.parts))
    if all(root.is_relative_to(outermost) for root in roots):
        return outermost
    listed = "\n".join(f"  {root}" for root in roots)
    raise LlmlintError(f"these paths belong to different projects:\n{listed}\nRun llmlint once for each.")


def _mistakes(path: Path) -> Iterator[str]:
    try:
        if path.is_dir() or (path.is_file() and path.name.endswith(SUFFIXES)):
            return
        exists = path.exists()
    except (OSError, ValueError) as error:  # ValueError: a null character
        yield f"{path}: {getattr(error, 'strerror', None) or error}"
        return
    if str(path) == "-":
        yield "standard input can't be checked: a call is judged with the project around it.\nName the file."
    elif exists:
        yield f"{path} is no Python file or notebook.\nName .py or .ipynb files, or folders of them."
    else:
        yield f"{path} does not exist.{_guess(path)}"


def _guess(path: Path) -> str:
    try:
        names = [each.name for each in path.parent.iterdir()]
    except OSError:  # the folder is missing too
        return "\nName files or folders that exist."
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"\nDid you mean {path.parent / near[0]}?" if near else "\nName files or folders that exist."
