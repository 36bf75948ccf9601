"""The path of a file of settings comes in, its bytes go out."""

from __future__ import annotations

from pathlib import Path

from llmlint.config.toml import MAX_BYTES
from llmlint.errors import LlmlintError, Problem, ProblemsError


def there(path: Path) -> bool:
    """Whether something is at a path that a stranger wrote; what can't be a path isn't there."""
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, or with a null character
        return False


def read_file(path: Path, name: str) -> bytes:
    """The bytes of a file that is called `name` before people; too many are cut where `parse_toml` complains of it.

    Raises `LlmlintError` where there is no file, and `ProblemsError` where it can't be read.
    """
    try:
        if not path.is_file():
            raise LlmlintError(f"{name} is not a file.\nName a TOML file with settings.")
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ProblemsError([Problem(name, 0, 0, f"can't be read: {reason}", "check its permissions")]) from None
