"""Renders a comparison of two revisions as JSON, format 1: the contract of docs/diff.schema.json."""

from __future__ import annotations

from typing import Any, TextIO

from llmlint.comparison import CallChange, Change, FixedFinding, NewFinding, Seen
from llmlint.cost.records import CallCost, Range
from llmlint.facts.call_site import CallSite
from llmlint.reporters.diff_report import DiffReport
from llmlint.reporters.escape import plain, whole
from llmlint.reporters.inventory import entry
from llmlint.reporters.json_report import FORMAT, finding_entry, span, steps, write
from llmlint.reporters.report import Report, View


def render(report: DiffReport, out: TextIO, _view: View) -> None:
    """Writes one JSON object in ASCII."""
    comparison = report.comparison
    document: dict[str, Any] = {
        "format": FORMAT,
        "tool": {"name": "llmlint", "version": report.after.version},
        "base": {"name": whole(report.base), "commit": report.base_commit},
        "head": {"name": whole(report.head), "commit": report.head_commit or None},
        "findings": {
            "new": [_new(each) for each in comparison.new],
            "fixed": [_fixed(each) for each in comparison.fixed],
        },
        "call_sites": {
            "added": [_alone(site, report.after) for site in comparison.added],
            "removed": [_alone(site, report.before) for site in comparison.removed],
            "changed": [_changed(each) for each in comparison.changed],
        },
        "summary": _summary(report),
    }
    write(document, out)


def _new(new: NewFinding) -> dict[str, Any]:
    return {"finding": finding_entry(new.finding), "annotate": span(new.place), "causes": steps(new.causes)}


def _fixed(fixed: FixedFinding) -> dict[str, Any]:
    return {"finding": finding_entry(fixed.finding), "how": fixed.how}


def _changed(change: CallChange) -> dict[str, Any]:
    return {
        "before": entry(change.before),
        "after": entry(change.after),
        "changes": [_change(each) for each in change.changes],
        "callers_added": steps(change.callers_added),
        "callers_removed": steps(change.callers_removed),
        "causes": steps(change.causes),
        "cost": {"before": _cost(change.cost_before), "after": _cost(change.cost_after)},
    }


def _alone(site: CallSite, report: Report) -> dict[str, Any]:
    return {"call_site": entry(site), "cost": _cost(report.costs.at(site.location))}


def _cost(cost: CallCost | None) -> dict[str, float] | None:
    return None if cost is None or cost.per_1000_calls is None else _range(cost.per_1000_calls)


def _range(money: Range) -> dict[str, float]:
    """US dollars, without the noise of sums of binary fractions."""
    return {"low": round(money.low, 9), "expected": round(money.expected, 9), "high": round(money.high, 9)}


def _change(change: Change) -> dict[str, Any]:
    return {
        "name": change.name,
        "fact": change.fact,
        "unit": change.unit,
        "before": _seen(change.before),
        "after": _seen(change.after),
    }


def _seen(seen: Seen) -> dict[str, Any]:
    return {"values": [plain(value) for value in seen.values], "absent": seen.absent, "unknown": seen.unknown}


def _summary(report: DiffReport) -> dict[str, Any]:
    comparison = report.comparison
    return {
        "new": len(comparison.new),
        "fixed": len(comparison.fixed),
        "added": len(comparison.added),
        "removed": len(comparison.removed),
        "changed": len(comparison.changed),
        "unchanged": comparison.unchanged,
        "cost": {
            "before": _range(comparison.cost.before),
            "after": _range(comparison.cost.after),
            "unknown": comparison.cost.unknown,
        },
        "undecided": {"before": len(report.before.undecided), "after": len(report.after.undecided)},
    }
