"""docs/providers.md: each provider file in it is taken as it stands, and makes the call sites that it promises."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from llmlint.cli.main import main

TEXT = (Path(__file__).parents[2] / "docs" / "providers.md").read_text(encoding="utf-8")
FILES = re.findall(r"^```yaml\n(provider: .*?)^```$", TEXT, re.MULTILINE | re.DOTALL)

PROGRAMS = [
    "from acme.llm import Client\nClient().chat.completions.create(model='gpt-5.5', messages=[], max_tokens=300)\n",
    "from acme import llm\nllm.ask('Why?', 'gpt-5.5', limit=300)\n",
    "import acme.llm\nacme.llm.ask('Why?', 'gpt-5.5', limit=300)\n",
    "import acme.llm as gateway\ngateway.ask('Why?', 'gpt-5.5', limit=300)\n",
    "from acme.llm import ask\nask('Why?', 'gpt-5.5', limit=300)\n",
    "from acme.agents import Agent\nagent = Agent('openai/gpt-5.5', limits={'output': 300})\nagent('Why?')\n",
    "from acme.agents import Agent\nAgent('gpt-5.5', limits={'output': 300}).run('Why?')\n",
]
USED = [0, 1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize("inside", [False, True], ids=["installed", "in the project"])
@pytest.mark.parametrize("case", list(zip(USED, PROGRAMS, strict=True)))
def test_a_file_of_the_guide(
    case: tuple[int, str],
    inside: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used, program = case
    if inside:
        (tmp_path / "acme").mkdir()
        (tmp_path / "acme" / "__init__.py").write_text("")
        (tmp_path / "acme" / "llm.py").write_text("class Client: ...\ndef ask(question, model, limit): ...\n")
        (tmp_path / "acme" / "agents.py").write_text("class Agent: ...\n")
    (tmp_path / "llmlint.toml").write_text('providers = ["acme.yaml"]\n', encoding="utf-8")
    (tmp_path / "acme.yaml").write_text(FILES[used], encoding="utf-8")
    (tmp_path / "app.py").write_text(program, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    main(["audit", "--format", "json", "."])
    sites = json.loads(capsys.readouterr().out)["call_sites"]
    assert [(s["vendor"], s["models"], s["output_cap"]) for s in sites] == [("openai", ["gpt-5.5"], "present")]


def test_every_file_of_the_guide_is_tried():
    assert set(USED) == set(range(len(FILES)))
