"""What a usage file says, whatever its form: requests with their tokens, and where in the code they were made."""

from __future__ import annotations

from typing import Literal

import msgspec


class UsageEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One request, or several that are counted together.

    `cached_tokens` are part of `input_tokens`, as are `written_tokens`, which are None where nothing is said about
    them. `endpoint` and `tier` are as the file has them, "" if it doesn't. `path`, `line` and `function` are the place
    in the code. `where` names the row or span for people.
    """

    model: str
    endpoint: str = ""
    tier: str = ""
    requests: int = 1
    input_tokens: int = 0
    cached_tokens: int = 0
    written_tokens: int | None = None
    output_tokens: int = 0
    path: str = ""
    line: int = 0
    function: str = ""
    where: str = ""


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """All of a file. `days` is the time from its first request to its last, None if it doesn't say."""

    source: str
    kind: Literal["spans", "table"]
    entries: tuple[UsageEntry, ...]
    days: float | None = None
