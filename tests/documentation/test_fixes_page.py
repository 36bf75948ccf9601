"""docs/fixes.md has every kind of fix and every parameter, and shows what can be written.

With LLMLINT_UPDATE_SNAPSHOTS=1 in the environment its table is written anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from llmlint.cli.main import main
from llmlint.config import Settings
from llmlint.edits import KINDS
from llmlint.knowledge import load_knowledge

PAGE = Path(__file__).parents[2] / "docs" / "fixes.md"
UPDATE = "LLMLINT_UPDATE_SNAPSHOTS"
TABLE = re.compile(r"(<!-- kinds -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def table() -> str:
    lines = ["| Kind | Parameter | Type | Needed | Meaning |", "| --- | --- | --- | --- | --- |"]
    for name, kind in KINDS.items():
        lines.append(f"| `{name}` |  |  |  | {kind.meaning} |")
        for each in kind.parameters:
            lines.append(f"|  | `{each.name}` | {each.type} | {'yes' if each.needed else ''} | {each.meaning} |")
    return "\n".join(lines) + "\n"


def test_all_kinds_are_there():
    text = PAGE.read_text(encoding="utf-8")
    if os.environ.get(UPDATE):
        PAGE.write_text(TABLE.sub(lambda found: f"{found[1]}{table()}{found[3]}", text), encoding="utf-8")
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found
    assert found[2] == table(), f"run this test with {UPDATE}=1 and read what it writes"


def test_all_rules_with_fixes_are_there():
    text = PAGE.read_text(encoding="utf-8")
    rules = [rule for rule in load_knowledge(Settings(), "2026-11-23").described() if rule.fixes]
    assert [rule.name for rule in rules if f"| `{rule.name}` |" not in text] == []
    assert {fix.kind for rule in rules for fix in rule.fixes} == set(KINDS)


def test_explain_names_them(capsys):
    assert main(["explain", "changing-prompt-prefix"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "What llmlint can do" in page
    assert "- safe: sorts a set of texts" in page
    assert "- unsafe: moves the line, sentence, item or message" in page
