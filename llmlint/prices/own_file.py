"""The user's own file of prices: where it is, what it says, and how it is written. Nothing here opens the network."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from llmlint.catalog.catalog import Catalog
from llmlint.catalog.model_entries import OwnModel
from llmlint.errors import LlmlintError, Problem, ProblemsError

VARIABLE = "LLMLINT_PRICES"
NAME = "prices.json"
FORMAT = 1
MAX_BYTES = 10_000_000
DEAREST = 10_000
"""US dollars per million tokens; what is dearer is a mistake."""


_HEAD = b'{"source":'
"""How a file of prices begins, without blanks."""


class OwnPrices(msgspec.Struct, frozen=True, kw_only=True):
    """What a refresh has found: models whose prices differ from the catalogue's, and models that it doesn't know.

    `fetched` is the ISO date of it, `source` the package and its version.
    """

    source: str
    fetched: str
    models: tuple[OwnModel, ...] = ()
    format: int = FORMAT


def own_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where the file is: what `LLMLINT_PRICES` says (nowhere, if it is empty), else the user's folder for settings."""
    if VARIABLE in environment:
        return Path(environment[VARIABLE]) if environment[VARIABLE] else None
    if sys.platform == "win32":
        folder = environment.get("APPDATA", "")
    else:
        folder = environment.get("XDG_CONFIG_HOME", "")
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    if not folder and not home:
        return None
    return (Path(folder) if folder else Path(home) / ".config") / "llmlint" / NAME


def is_foreign(path: Path) -> bool:
    """Whether something stands there that llmlint didn't write: it must neither be overwritten nor deleted."""
    try:
        with path.open("rb") as stream:
            head = b"".join(stream.read(80).split())
    except OSError:
        return False
    return not _HEAD.startswith(head[: len(_HEAD)])


def read_own(path: Path | None) -> OwnPrices | None:
    """What the file says; None where there is none. Raises `ProblemsError` if it is damaged."""
    if path is None:
        return None
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _damaged(path, f"can't be read: {error.strerror or error}") from None
    if len(data) > MAX_BYTES:
        raise _damaged(path, f"larger than {MAX_BYTES:,} bytes")
    try:
        found = msgspec.json.decode(data, type=OwnPrices)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise _damaged(path, f"no file of prices: {error}") from None
    if found.format != FORMAT:
        raise _damaged(path, f"written by another version (format {found.format})")
    wrong = next((model.id for model in found.models if not _sane(model)), None)
    if wrong is not None:
        raise _damaged(path, f"the prices of `{wrong}` can't be right")
    return found


def write_own(path: Path, prices: OwnPrices) -> None:
    """Writes the file as a whole, or not at all. Raises `LlmlintError` where that can't be done."""
    data = msgspec.json.format(msgspec.json.encode(prices), indent=1) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LlmlintError(f"{path} can't be written: {reason}.\nName another file in ${VARIABLE}.") from None


def with_own_prices(catalog: Catalog, prices: OwnPrices | None) -> Catalog:
    """The catalogue with newer prices. Those that were fetched before the catalogue was made are of no use."""
    if prices is None or outdated(catalog, prices):
        return catalog
    return catalog.with_models(prices.models)


def outdated(catalog: Catalog, prices: OwnPrices) -> bool:
    """Whether the catalogue is newer."""
    return prices.fetched < catalog.data.models.as_of


def _sane(model: OwnModel) -> bool:
    numbers = [
        number
        for price in model.prices.values()
        for number in (price.input, price.output, price.cached_input, price.cache_write)
        if number is not None
    ]
    return bool(model.id) and not model.alias_of and all(0 <= number <= DEAREST for number in numbers)


def _damaged(path: Path, message: str) -> ProblemsError:
    hint = "`llmlint prices --refresh` writes it anew, `llmlint prices --reset` deletes it"
    if is_foreign(path):
        hint = f"name another file in ${VARIABLE}"
    return ProblemsError([Problem(str(path), 0, 0, message, hint)])
