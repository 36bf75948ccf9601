"""Fingerprints of findings: the same for the same mistake after lines moved."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def fingerprint(likeness: Sequence[str], ordinal: int) -> str:
    """Sixteen hex digits. `likeness` is all but the line; `ordinal` counts those that are alike from 0."""
    text = "\x00".join([*likeness, str(ordinal)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
