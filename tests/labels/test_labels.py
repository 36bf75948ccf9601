"""The labels keep their form; they are compared with results by hand, not here."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import score

RULES = Path(__file__).parents[2] / "rules"
FIELDS = {"repo", "commit", "path", "line", "rule", "verdict", "reason"}


def test_every_label_has_its_form():
    names = {path.stem for path in RULES.glob("*/*.yaml")}
    for label in score.read_labels():
        assert set(label) - {"cell"} == FIELDS, label
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", label["repo"]), label
        assert re.fullmatch(r"[0-9a-f]{40}", label["commit"]), label
        assert not label["path"].startswith("/") and label["line"] > 0, label
        assert label["path"].endswith(".ipynb") == ("cell" in label), label
        assert label["rule"] in names, label
        assert label["verdict"] in {"yes", "no", "debatable"}, label
        assert 3 <= len(label["reason"]) <= 80, label


def test_no_place_is_labelled_twice():
    places = [(x["repo"], x["path"], x.get("cell"), x["line"], x["rule"]) for x in score.read_labels()]
    assert [place for place, times in Counter(places).items() if times > 1] == []


def test_a_repository_has_one_commit():
    commits = {(label["repo"], label["commit"]) for label in score.read_labels()}
    assert len(commits) == len({repo for repo, _ in commits})


def test_outcomes():
    label = {"path": "a.py", "line": 7, "rule": "r", "verdict": "yes"}
    here = {"rule": "r", "status": "active", "path": "a.py", "line": 5, "end_line": 9}
    caller = {**here, "path": "b.py", "evidence": [{"path": "a.py", "line": 7}]}
    assert score.outcome(label, [here]) == score.outcome(label, [caller]) == "TP"
    assert score.outcome(label, [{**here, "status": "suppressed"}]) == "FN"
    assert score.outcome({**label, "verdict": "no"}, [here]) == "FP"
    assert score.outcome({**label, "verdict": "no"}, [{**here, "rule": "other"}]) == "TN"
    assert score.outcome({**label, "verdict": "debatable"}, [here]) == "debatable, reported"
