"""Says something to the user on stderr; stdout is for reports only."""

from __future__ import annotations

import sys


def tell(*lines: str) -> None:
    """Writes whole lines. Nothing happens where stderr is closed."""
    if sys.stderr is not None:
        text = "".join(f"{line}\n" for line in lines)
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
