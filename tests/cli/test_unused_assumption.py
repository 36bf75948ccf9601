"""What the settings assume and no call needs is told, with the name that was probably meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SETTINGS = """\
import os
MODEL = os.environ["OPENAI_MODEL"]
LIMIT = load()
class Options:
    temperature: float
"""
MAIN = """\
from openai import OpenAI
from app.settings import LIMIT, MODEL, Options

def ask(question):
    return OpenAI().chat.completions.create(
        model=MODEL, max_tokens=LIMIT, temperature=Options().temperature,
        messages=[{"role": "user", "content": question}],
    )
"""


@pytest.fixture
def assuming(project: Path, llmlint):
    (project / "src" / "app.py").unlink()
    (project / "src" / "app").mkdir()
    (project / "src" / "app" / "__init__.py").write_text("")
    (project / "src" / "app" / "settings.py").write_text(SETTINGS)
    (project / "src" / "app" / "main.py").write_text(MAIN)

    def run(table: str, *more: str) -> tuple[int, list[tuple[int, str]]]:
        (project / "llmlint.toml").write_text(f"[assume.{table}\n")
        result = llmlint("check", "--select", "unused-assumption", "--format", "json", *more)
        found = json.loads(result.out)["findings"]
        assert {each["path"] for each in found} <= {"llmlint.toml"}
        return result.code, [(each["line"], each["message"]) for each in found]

    return run


@pytest.mark.parametrize(
    "table",
    [
        'environment]\nOPENAI_MODEL = "gpt-5.5"',
        "values]\napp.settings.LIMIT = 100",
        "values]\n'src.app.settings.LIMIT' = 100",
        "values]\napp.settings.Options.temperature = 0.5",
    ],
)
def test_what_a_call_depends_on(assuming, table: str):
    assert assuming(table) == (0, [])
    assert assuming(table) == (0, []), "the same from the cache"


@pytest.mark.parametrize(
    ("table", "written", "meant"),
    [
        ('environment]\nOPENAI_MODLE = "x"', "OPENAI_MODLE", "OPENAI_MODEL"),
        ("values]\napp.setings.LIMIT = 100", "app.setings.LIMIT", "app.settings.LIMIT"),
        ("values]\napp.settings.LIMITS = 100", "app.settings.LIMITS", "app.settings.LIMIT"),
        ("values]\napp.settings.LIMT = 1", "app.settings.LIMT", "app.settings.LIMIT"),
        ('returns]\nunleash.variant = "x"', "unleash.variant", None),
    ],
)  # fmt: skip
def test_what_no_call_depends_on(assuming, table: str, written: str, meant: str | None):
    code, ((line, message),) = assuming(table)
    assert (code, line) == (1, 2)
    hint = f" (did you mean `{meant}`?)" if meant else ""
    assert message.startswith(f"No call of a model depends on `{written}`, which is assumed here{hint}.")
    assert assuming(table) == (code, [(line, message)]), "the same from the cache"


def test_it_is_off_where_the_settings_say_so_and_no_part_of_a_folder(assuming, project: Path, llmlint):
    wrong = 'environment]\nNOBODY = "x"'
    assert assuming(wrong, "src")[1] == []
    assert assuming(wrong, "--ignore", "LLM908") == (0, [])


def test_what_an_extended_set_assumes_may_be_for_others(assuming, project: Path, llmlint):
    (project / "shared.toml").write_text('[assume.environment]\nNOBODY = "x"\n')
    assert assuming('environment]\nOPENAI_MODEL = "gpt-5.5"')[1] == []
    text = (project / "llmlint.toml").read_text()
    (project / "llmlint.toml").write_text(f'extends = ["./shared.toml"]\n{text}')
    assert "NOBODY" not in llmlint("check").out
