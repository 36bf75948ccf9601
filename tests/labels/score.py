"""Compare the results of `llmlint audit --format json` with the labels in `rules.jsonl`.

    python tests/labels/score.py RESULTS [--misses]

RESULTS is a folder with one file OWNER+NAME.json per repository, made of that repository at the labels' commit.
Repositories without a file are left out; debatable labels count neither way.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

LABELS = Path(__file__).parent / "rules.jsonl"


def read_labels(path: Path = LABELS) -> list[dict[str, Any]]:
    """One label a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def places(finding: dict[str, Any]) -> set[tuple[str, int | None, int]]:
    """Where a finding stands, and the places that led to it: it may stand at a caller of the labelled call."""
    found = {(step["path"], step.get("cell"), step["line"]) for step in finding.get("evidence", ())}
    lines = range(finding["line"], finding["end_line"] + 1)
    return found | {(finding["path"], finding.get("cell"), line) for line in lines}


def outcome(label: dict[str, Any], findings: list[dict[str, Any]]) -> str:
    """TP, FP, FN or TN; `debatable` with what was done about it."""
    place = (label["path"], label.get("cell"), label["line"])
    own = [one for one in findings if one["rule"] == label["rule"] and one["status"] == "active"]
    said = any(place in places(one) for one in own)
    if label["verdict"] == "debatable":
        return "debatable, reported" if said else "debatable, silent"
    right = said == (label["verdict"] == "yes")
    return ("T" if right else "F") + ("P" if said else "N")


def main() -> None:
    """Prints a line per rule, and with `--misses` what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    for label in read_labels():
        result = given.results / (label["repo"].replace("/", "+") + ".json")
        if not result.exists():
            continue
        found = outcome(label, json.loads(result.read_text(encoding="utf-8"))["findings"])
        counts.setdefault(label["rule"], Counter())[found] += 1
        if given.misses and found in {"FP", "FN"}:
            cell = f" cell {label['cell']}" if "cell" in label else ""
            print(f"{found} {label['rule']} {label['repo']} {label['path']}{cell}:{label['line']} ({label['reason']})")
    for rule, count in sorted(counts.items()):
        print(f"{rule:32} " + "  ".join(f"{word} {number}" for word, number in sorted(count.items())))
        print(f"{'':32} precision {share(count, 'FP')}  recall {share(count, 'FN')}")


def share(count: Counter[str], wrong: str) -> str:
    """The true positives' share among themselves and the given mistakes."""
    among = count["TP"] + count[wrong]
    return f"{count['TP'] / among:.3f}" if among else "-"


if __name__ == "__main__":
    main()
