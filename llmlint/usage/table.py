"""Usage as CSV comes in: a table of our own, or an export of the provider's; its rows go out as requests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone

from llmlint.errors import Problem, ProblemsError
from llmlint.usage.records import Usage, UsageEntry

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "model": ("model", "snapshot_id", "model_name"),
    "requests": ("requests", "num_model_requests", "n_requests"),
    "input_tokens": ("input_tokens", "n_context_tokens_total", "prompt_tokens"),
    "output_tokens": ("output_tokens", "n_generated_tokens_total", "completion_tokens"),
    "cached_tokens": ("cached_tokens", "input_cached_tokens", "cached_input_tokens"),
    "written_tokens": ("cache_write_tokens", "input_cache_write_tokens"),
    "endpoint": ("endpoint", "operation"),
    "tier": ("service_tier", "tier"),
    "batch": ("batch",),
    "start": ("start_time", "start_time_iso", "date", "day", "timestamp"),
    "end": ("end_time", "end_time_iso"),
    "path": ("path", "file"),
    "line": ("line",),
    "function": ("function",),
}
"""What we read, and the names of its column, the first that is there."""
REQUIRED = ("model", "requests", "input_tokens")
MOST_ROWS = 2_000_000
MOST_TOLD = 10
DAY = 86_400
_TRUE = frozenset({"true", "1", "yes"})


class _RowError(Exception):
    """What is wrong with a row: the column and the words."""


def table_in(text: str, name: str) -> Usage:
    """The rows of a table. Raises `ProblemsError` with the lines of all mistakes, up to ten."""
    rows = csv.reader(io.StringIO(text, newline=""))
    problems: list[Problem] = []
    entries: list[UsageEntry] = []
    times: list[tuple[float, float]] = []
    try:
        columns = _columns(next(rows, []), name)
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise ProblemsError([Problem(name, rows.line_num, 1, f"more than {MOST_ROWS:,} rows", "sum them up")])
            if not any(cell.strip() for cell in row):
                continue
            try:
                entries += _entry(row, columns, f"row {number:,}")
                times += _times(row, columns)
            except _RowError as wrong:
                problems.append(Problem(name, rows.line_num, 1, str(wrong), "export the file again, or mend the row"))
            if len(problems) >= MOST_TOLD:
                break
    except csv.Error as error:
        problems.append(Problem(name, rows.line_num, 1, f"not valid CSV: {error}", "export the file again"))
    if problems:
        raise ProblemsError(problems)
    if not entries:
        raise ProblemsError([Problem(name, 0, 0, "there are no requests in the table", "export a time with traffic")])
    return Usage(source=name, kind="table", entries=tuple(entries), days=_days(times))


def _columns(header: Sequence[str], name: str) -> Mapping[str, int]:
    """The place of each column. Raises `ProblemsError` where one is missing that is needed."""
    given = {cell.strip().lower(): index for index, cell in enumerate(header)}
    found = {
        key: next(given[word] for word in words if word in given)
        for key, words in COLUMNS.items()
        if any(word in given for word in words)
    }
    missing = [f"`{key}`" for key in REQUIRED if key not in found]
    if missing:
        hint = "the first line names the columns; docs/cost.md lists them"
        raise ProblemsError([Problem(name, 1, 1, f"no usage table: no column {', '.join(missing)}", hint)])
    return found


def _entry(row: Sequence[str], columns: Mapping[str, int], where: str) -> Iterator[UsageEntry]:
    """The requests of a row; none where nothing was sent."""

    def cell(key: str) -> str:
        return _cell(row, columns, key)

    requests, sent = _number(cell("requests"), "requests"), _number(cell("input_tokens"), "input_tokens")
    written = cell("written_tokens")
    cached = _number(cell("cached_tokens"), "cached_tokens")
    if cached > sent:
        raise _RowError(f"{cached:,} of {sent:,} `input_tokens` are cached; give the cached ones as part of the input")
    if requests == 0:
        return
    yield UsageEntry(
        model=cell("model"),
        endpoint=cell("endpoint"),
        tier="batch" if cell("batch").lower() in _TRUE else cell("tier"),
        requests=requests,
        input_tokens=sent,
        cached_tokens=cached,
        written_tokens=_number(written, "written_tokens") if written else None,
        output_tokens=_number(cell("output_tokens"), "output_tokens"),
        path=cell("path"),
        line=_number(cell("line"), "line"),
        function=cell("function"),
        where=where,
    )


def _cell(row: Sequence[str], columns: Mapping[str, int], key: str) -> str:
    """What stands in a column, "" where the table has none. Raises `_RowError` where the row is shorter."""
    index = columns.get(key)
    if index is None:
        return ""
    if index >= len(row):
        raise _RowError(f"the row breaks off before `{key}`")
    return row[index].strip()


def _number(text: str, what: str) -> int:
    """A whole number, 0 where there is none. `12.0` is one, as spreadsheets write it."""
    if not text:
        return 0
    plain = text.removesuffix(".0")
    if not plain.isdecimal() or len(plain) > 15:
        raise _RowError(f"`{what}` is no number of things: `{text[:40]}`")
    return int(plain)


def _times(row: Sequence[str], columns: Mapping[str, int]) -> Iterator[tuple[float, float]]:
    """From when to when the row goes, in seconds; a day where only one date is given."""
    start, end = _seconds(_cell(row, columns, "start")), _seconds(_cell(row, columns, "end"))
    if start is not None:
        yield start, end if end is not None and end > start else start + DAY


def _seconds(text: str) -> float | None:
    """Seconds since 1970, given as such or as an ISO date."""
    plain = text.strip()
    if plain.isdecimal() and len(plain) in (9, 10):
        return float(plain)
    try:
        moment = datetime.fromisoformat(plain.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()


def _days(times: Sequence[tuple[float, float]]) -> float | None:
    if not times:
        return None
    return (max(end for _, end in times) - min(start for start, _ in times)) / DAY
