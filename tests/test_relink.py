"""What is taken over from earlier runs, and what several processes find, is what one run from scratch finds."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

from llmlint import relink
from llmlint.cache import Store
from llmlint.config.settings import Settings
from llmlint.knowledge import Knowledge, load_knowledge
from llmlint.pipeline import Outcome, run
from llmlint.relink import NO_MEANS, Means
from llmlint.timing import Stopwatch

SETTINGS = "MODEL = 'gpt-5-mini'\nCAP = 200\n"
CLIENT = """
import os
from openai import OpenAI
from app.settings import CAP, MODEL
client = OpenAI()
def ask(text, cap=CAP):
    return client.responses.create(model=MODEL, input=text, max_output_tokens=cap)
"""
JOB = """
from app.llm import ask
from pathlib import Path
def main():
    for line in open("names.txt"):
        print(ask(Path("prompt.txt").read_text() + line))
if __name__ == "__main__":
    main()
"""
OTHER = """
import openai
def first(text):
    return openai.OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}])
"""
BROKEN = "import openai\nclient = openai.OpenAI(\nclient.chat.completions.create("
SURROGATE = CLIENT + "\nHALF = '\\ud800'\n"
FILES = {
    "app/__init__.py": "",
    "app/settings.py": SETTINGS,
    "app/llm.py": CLIENT,
    "jobs/nightly.py": JOB,
    "web/views.py": OTHER,
    "prompt.txt": "Say it.",
}


@pytest.fixture(autouse=True)
def _folders_are_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program as small as these would be one unit."""
    monkeypatch.setattr(sys.modules["llmlint.linking.link"], "UNIT_LIMIT", 1)


@cache
def knowledge() -> Knowledge:
    return load_knowledge(Settings(), "2026-11-23")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "cache") as opened:
        yield opened


def outcome(root: Path, means: Means = NO_MEANS) -> Outcome:
    return run(root, ["."], knowledge(), Stopwatch(lambda _: None), means)


def result(found: Outcome) -> bytes:
    report = found.report
    return msgspec.msgpack.encode([report.findings, report.undecided, report.call_sites, report.skipped])


def test_nothing_is_read_again_where_nothing_changed(root: Path, store: Store) -> None:
    first = outcome(root, Means(store))
    again = outcome(root, Means(store))
    assert first.statistics["lowered"] == 4
    assert again.statistics["lowered"] == 0
    assert result(again) == result(first) == result(outcome(root))
    assert len(first.report.call_sites) == 2


def test_an_edit_lowers_one_file(root: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome(root, Means(store))
    lowered: list[bytes] = []
    monkeypatch.setattr(relink, "lower", lambda data, notebook: lowered.append(data) or real(data, notebook=notebook))
    (root / "app/settings.py").write_text(SETTINGS.replace("200", "300"))
    changed = outcome(root, Means(store))
    assert lowered == [SETTINGS.replace("200", "300").encode()]
    assert changed.report.call_sites[0].fact("argument.output_cap").value == 300
    assert result(changed) == result(outcome(root))


real = relink.lower


def test_what_only_a_data_file_decides(root: Path, store: Store) -> None:
    before = outcome(root, Means(store)).report.call_sites[0]
    (root / "prompt.txt").write_text("Say it in a very few words.")
    after = outcome(root, Means(store))
    assert after.report.call_sites[0] != before
    assert result(after) == result(outcome(root))


def test_a_branch_that_is_switched_to_and_back(root: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = result(outcome(root, Means(store)))
    (root / "app/settings.py").write_text(SETTINGS.replace("mini", "nano"))
    (root / "app/llm.py").write_text(CLIENT.replace("cap)", "cap, store=False)"))
    outcome(root, Means(store))
    (root / "app/settings.py").write_text(SETTINGS)
    (root / "app/llm.py").write_text(CLIENT)
    monkeypatch.setattr(relink.Relinker, "_link", None)  # nothing may be linked
    assert result(outcome(root, Means(store))) == first


def test_half_a_surrogate_pair(root: Path, store: Store) -> None:
    (root / "app/llm.py").write_text(SURROGATE)
    expected = result(outcome(root))
    assert result(outcome(root, Means(store))) == expected
    assert result(outcome(root, Means(store))) == expected


def test_a_broken_file_stays_a_finding(root: Path, store: Store) -> None:
    (root / "web/views.py").write_text(BROKEN)
    expected = result(outcome(root))
    assert "unreadable-source" in {each.rule for each in outcome(root, Means(store)).report.findings}
    assert result(outcome(root, Means(store))) == expected


def test_several_processes(root: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relink, "WORTH_A_PROCESS", 1)
    (root / "web/views.py").write_text(BROKEN)
    (root / "jobs/more.py").write_text(SURROGATE)
    expected = result(outcome(root))
    several = outcome(root, Means(Store.nothing(), 3))
    assert result(several) == expected
    assert several.statistics["lowered"] == outcome(root).statistics["lowered"]
    assert result(outcome(root, Means(store, 3))) == expected
    assert result(outcome(root, Means(store, 3))) == expected


EDITS = {
    "app/settings.py": [SETTINGS, SETTINGS.replace("mini", "nano"), "", "CAP = None\nMODEL = 'gpt-4o'\n"],
    "app/llm.py": [CLIENT, CLIENT.replace("cap=CAP", "cap=None"), BROKEN, SURROGATE, CLIENT.replace("ask", "tell")],
    "jobs/nightly.py": [JOB, JOB.replace("for line in", "line ="), "from app import llm\nllm.ask('x', 5)\n"],
    "jobs/llm.py": ["from app.llm import *\nask('y')\n", "def ask(text):\n    return text\n"],
    "web/views.py": [OTHER, OTHER.replace("gpt-4o", "gpt-5"), "from app.llm import ask\nask('z', cap=7)\n"],
    "web/notes.ipynb": ['{"cells": [{"cell_type": "code", "source": "from app.llm import ask\\nask(1)"}]}', "{"],
    "prompt.txt": ["Say it.", "Say " * 50],
    "pyproject.toml": ['[project]\nname = "app"\n', ""],
}


@pytest.mark.parametrize("seed", range(6))
def test_random_edits(root: Path, store: Store, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relink, "WORTH_A_PROCESS", 1)
    chance = random.Random(seed)
    for _ in range(8):
        for path in chance.sample(sorted(EDITS), chance.randint(1, 3)):
            target = root / path
            if target.exists() and chance.random() < 0.3:
                other = root / chance.choice(["moved", "app", "web"]) / target.name
                other.parent.mkdir(exist_ok=True)
                shutil.move(target, other)
            else:
                target.write_text(chance.choice(EDITS[path]))
        jobs = chance.choice([1, 1, 1, 2])
        assert result(outcome(root, Means(store, jobs))) == result(outcome(root))


def test_a_file_that_was_only_looked_at(root: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mention that can be no call is no reason to link again; one that can be is."""
    (root / "web/words.py").write_text("ask: str\n")
    outcome(root, Means(store))
    linked: list[tuple[str, ...]] = []
    link = relink.Relinker._link
    monkeypatch.setattr(relink.Relinker, "_link", lambda self, paths: linked.append(paths) or link(self, paths))
    (root / "web/words.py").write_text("ask: str  # which?\n")
    outcome(root, Means(store))
    assert linked == []
    (root / "web/words.py").write_text("import app.llm\napp.llm.ask('again', cap=None)\n")
    assert result(outcome(root, Means(store))) == result(outcome(root))
    assert ("app/llm.py",) in linked


def test_the_same_catalogue_in_another_process() -> None:
    """Sets are in another order there."""
    program = (
        "import hashlib; from llmlint.catalog.loading import load_catalog; from llmlint.relink import catalog_bytes;"
        "print(hashlib.sha256(catalog_bytes(load_catalog())).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[1])},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
