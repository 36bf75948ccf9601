"""What the page of an audit shows: a report comes in, plain values for the template and the script go out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from llmlint.comparison.changes import seen
from llmlint.cost.records import CallCost, MeasuredCost, Range, Saving
from llmlint.facts.call_site import ABSENT, CallSite, Fact, State, Step
from llmlint.findings import Finding, Status
from llmlint.reporters.charts import Bar
from llmlint.reporters.diff_wording import value
from llmlint.reporters.escape import visible, whole
from llmlint.reporters.fact_words import value_text
from llmlint.reporters.inventory import in_vocabulary_order, short
from llmlint.reporters.money import dollars, spread, weight
from llmlint.reporters.owners import Owners
from llmlint.reporters.report import Report
from llmlint.reporters.wording import count, place

MOST_STEPS = 8
MOST_BARS = 12
NOBODY = "nobody named"
ROOT = "(root)"
SEGMENT_SHARE = 0.12
"""How wide a part of unknown length is drawn, as a share of the fixed text."""


class PageData:
    """The rows of all tables, and what the panel shows of each call."""

    def __init__(self, report: Report, owners: Owners | None, today: date) -> None:
        self.report = report
        self._owners = owners
        self._today = today
        self._costs = {cost.location: cost for cost in report.costs.calls}
        self._savings = {saving.fingerprint: saving for saving in report.costs.savings}
        self._numbers = {site.location: number for number, site in enumerate(report.call_sites)}
        self._findings: dict[int, list[Finding]] = defaultdict(list)
        for finding in self.active:
            for number in self._about(finding):
                self._findings[number].append(finding)

    @property
    def active(self) -> tuple[Finding, ...]:
        """The findings that nothing silences, by what they save."""
        last = (0.0, 0.0)
        ranks = {
            each.fingerprint: (-each.per_1000_calls.expected, -each.per_1000_calls.high)
            for each in self._savings.values()
        }
        found = self.report.with_status(Status.ACTIVE)
        return tuple(sorted(found, key=lambda each: (ranks.get(each.fingerprint, last), each.location, each.code)))

    def calls(self) -> list[dict[str, Any]]:
        """The rows of the table, dearest first."""
        rows = [self._row(number, site) for number, site in enumerate(self.report.call_sites)]
        return sorted(rows, key=lambda row: (-row["cost"], row["number"]))

    def findings(self) -> list[dict[str, Any]]:
        """The rows of the list of what to do."""
        return [self._finding(finding) for finding in self.active]

    def details(self) -> list[dict[str, Any]]:
        """What the panel shows, by number of the call."""
        return [self._details(number, site) for number, site in enumerate(self.report.call_sites)]

    def sums(self) -> list[tuple[str, list[Bar]]]:
        """What calls cost by model, by folder and, where owners are named, by owner; tests are left out."""
        groups: list[tuple[str, Callable[[CallCost], Iterable[str]]]] = [
            ("Cost by model", lambda cost: [visible(cost.models[0] if cost.models else "unknown")]),
            ("Cost by folder", lambda cost: [folder(cost.location.path)]),
        ]
        if self._owners is not None:
            groups.append(("Cost by owner", lambda cost: self._owned(cost.location.path)))
        return [(title, _summed(self.report.costs.counted, key)) for title, key in groups]

    def shutdowns(self) -> list[dict[str, Any]]:
        """Models with an announced end, the first to go first, with the calls that use them."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for number, site in enumerate(self.report.call_sites):
            for path in site.paths:
                ids = path.facts.get("model.ids", ABSENT).value
                for name in ids if isinstance(ids, list) else ():
                    if isinstance(name, str) and name in self.report.ends:
                        found[(self.report.ends[name], visible(name))].add(number)
        rows = sorted(found.items())
        return [
            {"day": day, "model": model, "left": self._left(day), "calls": self._links(sorted(numbers))}
            for (day, model), numbers in rows
        ]

    def not_priced(self) -> list[dict[str, Any]]:
        """Why calls have no cost, most calls first."""
        reasons: dict[str, list[int]] = defaultdict(list)
        for cost in self.report.costs.unknown:
            if cost.location in self._numbers:
                reasons[cost.reason].append(self._numbers[cost.location])
        ordered = sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))
        return [{"reason": visible(reason), "calls": self._links(numbers)} for reason, numbers in ordered]

    def undecided(self) -> list[tuple[str, int]]:
        """Why rules can't tell, and how many verdicts each reason has."""
        return [(visible(reason), number) for reason, number in self.report.undecided_reasons().items()]

    def _row(self, number: int, site: CallSite) -> dict[str, Any]:
        said = short(site)
        cost = self._costs.get(site.location)
        known = cost.per_1000_calls if cost is not None else None
        findings = self._findings[number]
        tokens = [each for each in seen(site, "prompt.static_tokens").values if isinstance(each, int)]
        return {
            "number": number,
            "place": place(site.location),
            "function": visible(site.function),
            "callee": visible(site.callee),
            "models": ", ".join(map(visible, said["models"])) or "unknown",
            "endpoint": visible(said["endpoint"]),
            "cap": value(seen(site, "argument.output_cap")) if _capped(site) else "",
            "format": value(seen(site, "output.format")),
            "role": said["role"],
            "loop": said["loop"],
            "folder": folder(site.location.path),
            "owners": ", ".join(self._owned(site.location.path)) if self._owners else "",
            "tokens": max(tokens, default=-1),
            "tokens_text": _from_to(tokens),
            "cost": known.expected if known is not None else -1,
            "cost_text": spread(known) if known is not None else _no_price(cost),
            "month_text": _months(cost),
            "test": cost is not None and cost.test,
            "findings": len(findings),
            "worst": max((finding.severity.rank for finding in findings), default=-1),
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        saving = self._savings.get(finding.fingerprint)
        return {
            "place": place(finding.location),
            "rule": finding.rule,
            "code": finding.code,
            "severity": finding.severity.value,
            "message": visible(finding.message.replace("\n", " ")),
            "saving": _saved(saving),
            "some": saving is not None and saving.some_callers,
            "saves": saving.per_1000_calls.expected if saving is not None else 0,
            "month": spread(saving.per_month) if saving is not None and saving.per_month is not None else "",
            "calls": self._links(self._about(finding)),
            "evidence": _steps(finding.evidence),
        }

    def _details(self, number: int, site: CallSite) -> dict[str, Any]:
        cost = self._costs.get(site.location)
        return {
            "title": place(site.location),
            "callee": whole(visible(site.callee)),
            "function": whole(visible(site.function)),
            "cost": _cost_lines(cost),
            "findings": [self._finding(finding) for finding in self._findings[number]],
            "segments": segments(site),
            "one_way": len(site.paths) > 1 and site.fact("prompt.segments").state is State.UNKNOWN,
            "callers": _steps(site.callers),
            "ways": len(site.paths),
            "facts": [
                {"group": group, "facts": [_fact(name, fact) for name, fact in facts]}
                for group, facts in groupby(
                    in_vocabulary_order(site.joined).items(), lambda item: item[0].split(".")[0]
                )
            ],
        }

    def _about(self, finding: Finding) -> list[int]:
        """The calls that a finding is about: where it stands, else where it leads to."""
        places = (finding.location, *finding.calls, *(step.location for step in finding.evidence[:1]))
        return sorted({self._numbers[each] for each in places if each in self._numbers})

    def _links(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        return [{"number": each, "place": place(self.report.call_sites[each].location)} for each in numbers]

    def _owned(self, path: str) -> tuple[str, ...]:
        found = self._owners(path) if self._owners is not None else ()
        return tuple(map(visible, found)) or (NOBODY,)

    def _left(self, day: str) -> int | None:
        """Days from today."""
        try:
            return (date.fromisoformat(day) - self._today).days
        except ValueError:
            return None


def folder(path: str) -> str:
    """The first two folders of a path."""
    return visible("/".join(path.split("/")[:-1][:2])) or ROOT


def segments(site: CallSite) -> list[dict[str, Any]]:
    """The parts of the prompt in order, with the share of the bar that each takes (0 to 1)."""
    fact = site.fact("prompt.segments")
    listed = fact.value if isinstance(fact.value, list) else site.paths[0].facts.get("prompt.segments", ABSENT).value
    parts = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    fixed = sum(_tokens(each) for each in parts)
    widths = [_tokens(each) or max(1.0, fixed * SEGMENT_SHARE) for each in parts]
    return [
        {
            "state": str(each.get("state")),
            "words": whole(visible(_segment_words(each))),
            "share": round(width / sum(widths), 4),
        }
        for each, width in zip(parts, widths, strict=True)
    ]


def _segment_words(segment: Mapping[str, Any]) -> str:
    part = str(segment.get("part") or "prompt")
    state = segment.get("state")
    if state == "static":
        number = f"{_tokens(segment):,.0f} fixed tokens"
        if segment.get("partial"):
            return f"{part}: at least {number}, the rest isn't known"
        return f"{part}: {number}{'' if segment.get('exact') else ' (estimate)'}"
    if state == "changing":
        return f"{part}: {segment.get('source') or segment.get('change')} changes every {segment.get('every')}"
    if state == "fixed":
        return f"{part}: fixed while the program runs, text not known"
    history = "a conversation" if segment.get("history") else "not known"
    return f"{part}: {segment.get('reason') or history}"


def _tokens(segment: Mapping[str, Any]) -> float:
    tokens = segment.get("tokens")
    return float(tokens) if isinstance(tokens, int | float) else 0.0


def _fact(name: str, fact: Fact) -> dict[str, Any]:
    return {
        "name": name.partition(".")[2] or name,
        "state": fact.state.value,
        "value": whole(visible(value_text(name, fact))),
        "evidence": _steps(fact.evidence),
    }


def _steps(evidence: Sequence[Step]) -> list[str]:
    said = [whole(visible(f"{step.location}  {step.what}")) for step in evidence[:MOST_STEPS]]
    return [*said, *([f"and {len(evidence) - MOST_STEPS:,} more"] if len(evidence) > MOST_STEPS else [])]


def _cost_lines(cost: CallCost | None) -> list[str]:
    if cost is None:
        return []
    if cost.per_1000_calls is None:
        return [f"Cost: {whole(visible(_no_cost(cost)))}"]
    month = f", {spread(cost.per_month)} a month" if cost.per_month is not None else ""
    lines = [f"{spread(cost.per_1000_calls)} per 1,000 calls{month}", weight(cost)]
    if cost.models:
        lines.append(f"priced as {', '.join(cost.models)}, prices of {cost.prices_as_of}")
    if cost.measured is not None and cost.measured.cost is not None:
        lines.append(_measured(cost.measured, cost.measured.cost))
    return [whole(visible(line)) for line in (*lines, *cost.caveats) if line]


def _measured(measured: MeasuredCost, cost: float) -> str:
    month = f", {dollars(measured.per_month)} a month" if measured.per_month is not None else ""
    requests = count(measured.requests, "request")
    return f"measured: {requests} for {dollars(cost)}{month} (joined by {measured.joined_by})"


def _months(cost: CallCost | None) -> str:
    """What the call costs in a month: measured, and with the traffic that is given."""
    if cost is None:
        return ""
    measured = cost.measured.per_month if cost.measured is not None else None
    parts = [f"{dollars(measured)} a month, measured"] if measured is not None else []
    parts += [f"{spread(cost.per_month)} a month"] if cost.per_month is not None else []
    return "; ".join(parts)


def _no_cost(cost: CallCost | None) -> str:
    if cost is None:
        return "not worked out"
    return visible(cost.reason) if cost.reason else "not billed by tokens of text"


def _no_price(cost: CallCost | None) -> str:
    """The same in a word or two."""
    return "not by token" if cost is not None and cost.state == "not_by_token" else "unknown"


def _saved(saving: Saving | None) -> str:
    if saving is None or saving.per_1000_calls.high <= 0:
        return ""
    if saving.per_1000_calls.expected <= 0:
        return f"up to {dollars(saving.per_1000_calls.high)}"
    return spread(saving.per_1000_calls)


def _from_to(numbers: Sequence[int]) -> str:
    if not numbers:
        return "unknown"
    low, high = min(numbers), max(numbers)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _capped(site: CallSite) -> bool:
    return site.fact("endpoint.cap_parameter").state is State.KNOWN


def _summed(costs: Sequence[CallCost], keys: Callable[[CallCost], Iterable[str]]) -> list[Bar]:
    """The dearest first; those for which there is no room in one bar. Owners share what they own together."""
    sums: dict[str, float] = defaultdict(float)
    for cost in costs:
        money: Range | None = cost.per_1000_calls
        shared = list(keys(cost))
        for key in shared:
            sums[key] += (money.expected if money is not None else 0) / len(shared)
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(value for _, value in ordered[MOST_BARS:])
    return [*_bars(ordered[:MOST_BARS]), *([Bar(f"{len(ordered) - MOST_BARS:,} others", rest)] if rest else [])]


def _bars(ordered: Iterable[tuple[str, float]]) -> Iterator[Bar]:
    return (Bar(name, value) for name, value in ordered)
