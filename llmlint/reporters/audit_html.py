"""Renders an audit as one HTML page that needs nothing else: no network, no other file, no script of strangers."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import date
from importlib import resources
from typing import Any, TextIO

from llmlint.cost.records import Range, total
from llmlint.errors import LlmlintError
from llmlint.findings import Status
from llmlint.reporters.charts import Bar, bars
from llmlint.reporters.escape import visible, whole
from llmlint.reporters.money import assumptions, dollars
from llmlint.reporters.owners import owners_of
from llmlint.reporters.page_data import PageData
from llmlint.reporters.report import Report, View
from llmlint.reporters.wording import count, looked_at, severities

SOON = 180
"""Days before a shutdown in which it is worth a headline."""


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes the page. Raises `LlmlintError` where the packages for pages are not installed."""
    out.write(page(report, date.today()))


def page(report: Report, today: date) -> str:
    """The page as of a day."""
    try:
        import jinja2  # noqa: PLC0415 - an extra

        data = PageData(report, owners_of(report.root), today)
        charts = [(title, bars(title, rows, dollars), rows) for title, rows in data.sums() if _worth_a_chart(rows)]
    except ImportError as error:
        raise LlmlintError(
            f"the page needs the package {error.name}, which is not installed.\n"
            "Install llmlint with the extra `report`: pip install 'llmlint[report]'"
        ) from None
    style, script = _file("page.css"), _file("page.js")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["money"] = dollars
    shutdowns = data.shutdowns()
    text = environment.from_string(_file("page.html")).render(
        name=visible(report.root.name),
        version=report.version,
        day=today.isoformat(),
        prices_as_of=report.costs.prices_as_of,
        cards=_cards(report, shutdowns),
        calls=data.calls(),
        findings=data.findings(),
        charts=charts,
        shutdowns=shutdowns,
        timeline=_timeline(shutdowns),
        undecided=data.undecided(),
        not_priced=data.not_priced(),
        assumptions=[visible(sentence) for sentence in assumptions(report.costs)],
        looked_at=looked_at(report),
        usage=report.costs.usage,
        skipped=[(str(each.location), each.message) for each in report.skipped],
        style=style,
        script=script,
        policy=_policy(style, script),
        data=_embedded(data.details()),
    )
    return whole(text)


def _worth_a_chart(rows: Sequence[Bar]) -> bool:
    return any(row.value > 0 for row in rows)


def _file(name: str) -> str:
    return (resources.files("llmlint.reporters") / "page" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Only these two texts may style and run; nothing may be loaded, sent or framed."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _embedded(details: Sequence[dict[str, Any]]) -> str:
    """JSON that no HTML parser takes for markup, wherever in it a tag or a comment would begin or end."""
    text = json.dumps(details, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _cards(report: Report, shutdowns: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """The figures on top: a title, a number, a few words."""
    costs = report.costs
    files = len({site.location.path for site in report.call_sites})
    cards = [("Call sites", f"{len(report.call_sites):,}", f"in {files:,} of {count(report.files, 'file')}")]
    if costs.counted:
        cards.append(("When each is called 1,000 times", *_figure(costs.per_1000_calls)))
    if costs.per_month is not None:
        cards.append(("A month, with the traffic given", *_figure(costs.per_month)))
    if costs.measured_per_month is not None:
        cards.append(("Measured, a month", dollars(costs.measured_per_month), "calls that usage could be joined to"))
    active = report.with_status(Status.ACTIVE)
    cards.append(("Findings", f"{len(active):,}", severities(report) or "nothing to mend"))
    saved = total(each.per_1000_calls for each in costs.savings)
    if saved.high > 0:
        cards.append(("They save, per 1,000 calls each", *_figure(saved)))
    if shutdowns:
        known = [row["left"] for row in shutdowns if row["left"] is not None]
        ended = sum(left < 0 for left in known)
        soon = sum(0 <= left <= SOON for left in known)
        cards.append(
            ("Models that end", f"{len(shutdowns):,}", f"{ended:,} already ended, {soon:,} will within {SOON} days")
        )
    if costs.unknown:
        cards.append(("Cost not known", f"{len(costs.unknown):,}", "left out of all sums"))
    if report.undecided:
        cards.append(("Undecided verdicts", f"{len(report.undecided):,}", f"on {_calls_undecided(report)}"))
    return cards


def _figure(money: Range) -> tuple[str, str]:
    """What is expected, and between which bounds."""
    if money.expected == 0 and money.high > 0:
        return f"up to {dollars(money.high)}", "nothing is certain"
    return dollars(money.expected), "" if money.exact else f"{dollars(money.low)} to {dollars(money.high)}"


def _calls_undecided(report: Report) -> str:
    return count(len({verdict.location for verdict in report.undecided}), "call")


def _timeline(shutdowns: Sequence[dict[str, Any]]) -> str:
    rows = [Bar(f"{row['model']} {row['day']}", max(0, row["left"])) for row in shutdowns if row["left"] is not None]
    return bars("Days until models end", rows, _days) if rows else ""


def _days(number: float) -> str:
    return f"{number:,.0f} days" if number > 0 else "ended"
