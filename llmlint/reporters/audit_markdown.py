"""Renders an audit as Markdown, to be read in an issue or a wiki: costs, findings, calls, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TextIO

from llmlint.reporters.escape import code_span, encodable, markdown, markdown_prose
from llmlint.reporters.money import assumptions, spread
from llmlint.reporters.page_data import PageData
from llmlint.reporters.report import Report, View
from llmlint.reporters.wording import count, looked_at, set_aside, totals


def render(report: Report, out: TextIO, _view: View) -> None:
    """Writes the page; rows are in the order of the page in HTML."""
    data = PageData(report, None, date.today())
    costs = report.costs
    parts = [
        f"# LLM calls of {markdown(report.root.name)}",
        f"{markdown(totals(report))} {markdown(looked_at(report))}",
    ]
    if costs.counted:
        money = f"{count(len(costs.counted), 'call')} made 1,000 times each: {spread(costs.per_1000_calls)}"
        month = f"; with the traffic given, {spread(costs.per_month)} a month" if costs.per_month is not None else ""
        parts.append(f"**{markdown(f'{money}{month}, at prices of {costs.prices_as_of}.')}**")
    parts += _section(
        "What to do, by what it saves", "Saves per 1,000 calls|Rule|Place|What", map(_finding, data.findings())
    )
    parts += _section(
        "Calls", "Place|Models|Cost of 1,000 calls|Fixed tokens|Output cap|Run by|Findings", map(_call, data.calls())
    )
    parts += _section("Models that end", "Day|Model|Calls", map(_shutdown, data.shutdowns()))
    parts += _section("Calls without a cost", "Calls|Why", map(_not_priced, data.not_priced()))
    parts += _section(
        "Why rules can't tell", "Verdicts|Reason", ((f"{n:,}", markdown_prose(why)) for why, n in data.undecided())
    )
    resting = [*assumptions(costs), *set_aside(report)]
    parts.append("\n".join(f"- {markdown_prose(sentence)}" for sentence in resting))
    out.write(encodable(out.encoding)("\n\n".join(part for part in parts if part) + "\n"))


def _section(title: str, columns: str, rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    names = columns.split("|")
    head = [f"| {' | '.join(names)} |", f"| {' | '.join('---' for _ in names)} |"]
    return [f"## {title}", "\n".join([*head, *lines])] if lines else []


def _finding(row: dict[str, Any]) -> Sequence[str]:
    rule = f"{markdown(row['code'])} {markdown(row['rule'])} ({row['severity']})"
    return markdown(_saving(row)) or "–", rule, code_span(row["place"]), markdown_prose(row["message"])


def _saving(row: dict[str, Any]) -> str:
    if not row["saving"]:
        return ""
    month = f", {row['month']} a month" if row["month"] else ""
    return f"{row['saving']}{' from there' if row['some'] else ''}{month}"


def _call(row: dict[str, Any]) -> Sequence[str]:
    place = code_span(row["place"]) + (f"<br>{code_span(row['function'])}" if row["function"] else "")
    words = (
        row["models"],
        f"{row['cost_text']}, {row['month_text']}" if row["month_text"] else row["cost_text"],
        row["tokens_text"],
        row["cap"] or "–",
        row["role"],
        f"{row['findings']:,}",
    )
    return place, *map(markdown, words)


def _shutdown(row: dict[str, Any]) -> Sequence[str]:
    calls = "<br>".join(code_span(call["place"]) for call in row["calls"])
    return markdown_prose(row["day"]), markdown(row["model"]), calls


def _not_priced(row: dict[str, Any]) -> Sequence[str]:
    return f"{len(row['calls']):,}", markdown_prose(row["reason"])
