"""What every format of `llmlint diff` gets: what differs, between which revisions, and the reports on both."""

from __future__ import annotations

from typing import Protocol, TextIO

import msgspec

from llmlint.comparison import Comparison
from llmlint.reporters.report import Report, View


class DiffReport(msgspec.Struct, frozen=True, kw_only=True):
    """`base` and `head` name the revisions for people; the commits are their hashes, "" for the working tree.

    `prefix` is the way from the repository's root to the project, "" or with a `/` at the end. `before` and `after`
    are the whole reports of both.
    """

    base: str
    base_commit: str
    head: str
    head_commit: str = ""
    prefix: str = ""
    comparison: Comparison
    before: Report
    after: Report


class RenderDiff(Protocol):
    """What each of these formats' modules offers as `render`: writes the whole report, ending with a newline."""

    def __call__(self, report: DiffReport, out: TextIO, view: View, /) -> None: ...
