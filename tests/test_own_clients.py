"""A client of the user's own, described in a provider file, is known wherever the project imports it from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmlint.cli.main import main

FILES = {
    "llmlint.toml": 'providers = ["llm/gateway.yaml"]\n',
    "llm/gateway.yaml": (
        "provider: acme-gateway\nas_of: 2026-11-23\n"
        "clients:\n  - {names: [acme.llm.Client], same_as: openai.OpenAI, host: openai}\n"
    ),
    "acme/llm.py": "class Client:\n    pass\n",
    "acme/settings.py": 'MODEL = "gpt-5.5"\n',
    "acme/inside.py": (
        "from . import settings\nfrom .llm import Client\n\n"
        "def ask(text):\n    return Client().responses.create(model=settings.MODEL, input=text)\n"
    ),
    "app.py": (
        "from acme import settings\nfrom acme.llm import Client\n\nclient = Client()\n\n"
        "def ask(text):\n    return client.responses.create(model=settings.MODEL, input=text)\n"
    ),
}


def test_it_is_a_client_and_its_package_is_still_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    main(["audit", "--format", "json", "."])
    sites = json.loads(capsys.readouterr().out)["call_sites"]
    stated = [(site["path"], site["vendor"], site["models"], site["output_cap"]) for site in sites]
    assert stated == [
        ("acme/inside.py", "openai", ["gpt-5.5"], "absent"),
        ("app.py", "openai", ["gpt-5.5"], "absent"),
    ]
