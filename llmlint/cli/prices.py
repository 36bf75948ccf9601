"""`llmlint prices`: where prices come from, and newer ones when somebody asks for them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.messages import say
from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.prices.comparing import Change, Comparison

_EPILOG = """\
examples:
  llmlint prices                        where prices come from, and of which day they are
  llmlint prices --refresh              fetch newer ones, show what differs, and keep them for this user
  llmlint prices --refresh --installed  the same with those that the installed genai-prices ships
  llmlint prices --reset                delete them again

Only --refresh, here and as `llmlint audit --refresh-prices`, opens the network. It needs the extra `prices`:
pip install 'llmlint[prices]'. The file is ~/.config/llmlint/prices.json, or what LLMLINT_PRICES names; if that is
set to nothing, no file is read.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--refresh", action="store_true", help="fetch newer prices and keep them for this user")
    action.add_argument("--reset", action="store_true", help="delete the prices that were kept for this user")
    parser.add_argument(
        "--installed", action="store_true", help="with --refresh: those of the installed package, without network"
    )


def run(arguments: argparse.Namespace) -> ExitCode:
    """Does what was asked for, and says what it did."""
    if arguments.installed and not arguments.refresh:
        raise LlmlintError("--installed needs --refresh.\nWrite: llmlint prices --refresh --installed")
    if arguments.refresh:
        refresh(say, installed=arguments.installed)
    elif arguments.reset:
        _reset()
    else:
        say(*_described())
    return ExitCode.CLEAN


def refresh(write: Callable[..., None], *, installed: bool = False) -> None:
    """Fetches prices, says what differs from the catalogue, and keeps that for this user."""
    from llmlint.catalog.loading import load_catalog
    from llmlint.prices.comparing import compare
    from llmlint.prices.fetching import fetch
    from llmlint.prices.own_file import write_own

    path = _file()
    found = compare(load_catalog(), fetch(load_catalog(), installed=installed))
    write_own(path, found.own)
    write(*told(found, path))


def told(found: Comparison, path: Path) -> Iterator[str]:
    """The lines of a refresh: what was compared, each price that differs with the dates, new models, and the file."""
    fetched = found.own.fetched
    yield f"{found.checked:,} models compared with {found.own.source} on {fetched}."
    for change in found.changes:
        yield f"  {_change(change, fetched)}"
    if not found.changes:
        yield "No price differs from the catalogue."
    if found.added:
        yield f"{len(found.added):,} models that the catalogue doesn't know:"
        yield f"  {', '.join(found.added)}"
    yield f"Kept in {path}; `llmlint prices --reset` deletes it."


def _change(change: Change, fetched: str) -> str:
    from llmlint.prices.comparing import FIELDS

    old = "none" if change.old is None else f"${change.old:g}"
    price = f"{change.service} {FIELDS[change.field]}"
    return f"{change.model}: {price} {old} ({change.since}) -> ${change.new:g} ({fetched}) per million tokens"


def _described() -> Iterator[str]:
    from llmlint.catalog.loading import load_catalog
    from llmlint.prices.own_file import outdated, own_file, read_own

    catalog, path = load_catalog(), own_file()
    yield f"The catalogue of this version has prices of {catalog.data.models.as_of}."
    own = read_own(path)
    if path is None or own is None:
        where = f" {path}" if path is not None else ""
        yield f"There are no newer ones{where and f' in{where}'}; `llmlint prices --refresh` fetches them."
    elif outdated(catalog, own):
        yield f"{path} is older ({own.fetched}) and is not used; `llmlint prices --reset` deletes it."
    else:
        yield f"{path} has those of {len(own.models):,} models that differ, of {own.fetched} ({own.source})."


def _reset() -> None:
    path = _file()
    try:
        path.unlink()
    except FileNotFoundError:
        say(f"There is no {path}.")
    except OSError as error:
        raise LlmlintError(f"{path} can't be deleted: {error.strerror or error}.\nCheck its permissions.") from None
    else:
        say(f"Deleted {path}: the prices are those of the catalogue again.")


def _file() -> Path:
    from llmlint.prices.own_file import VARIABLE, is_foreign, own_file

    path = own_file()
    if path is None:
        raise LlmlintError(f"there is no place to keep prices.\nName a file in ${VARIABLE}.")
    if is_foreign(path):
        raise LlmlintError(f"{path} was not written by llmlint and is left alone.\nName another file in ${VARIABLE}.")
    return path
