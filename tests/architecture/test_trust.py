"""llmlint never runs the code that it reads, and never opens the network."""

from __future__ import annotations

import ast
import socket
from pathlib import Path

import pytest

from llmlint.cli.main import main

ROOT = Path(__file__).parents[2]
RUNS_OR_TALKS = {
    *("asyncio", "ctypes", "ftplib", "http", "httpx", "marshal", "pickle", "requests", "runpy", "shelve", "smtplib"),
    *("genai_prices", "httpx2"),
    *("socket", "ssl", "subprocess", "urllib.request", "urllib3", "xmlrpc"),
}
FETCHING = ("genai_prices", "genai_prices.data_snapshot", "genai_prices.types", "httpx2")
ALLOWED = {
    ("llmlint/discovery/git.py", "subprocess"),
    *(("llmlint/prices/fetching.py", name) for name in FETCHING),
}
"""git is asked which files there are; prices are fetched when somebody asks for them."""
RUNNING = {"__import__", "compile", "eval", "exec"}


def imported(tree: ast.Module) -> set[str]:
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def called(tree: ast.Module) -> set[str]:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def test_nothing_is_imported_that_could():
    trees = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in (ROOT / "llmlint").rglob("*.py")
    }
    found = {
        (path, name)
        for path, tree in trees.items()
        for name in imported(tree)
        if name in RUNS_OR_TALKS or name.split(".")[0] in RUNS_OR_TALKS
    }
    assert found == ALLOWED
    assert {(path, name) for path, tree in trees.items() for name in called(tree) & RUNNING} == set()


TRAP = "from pathlib import Path\n\nfrom openai import OpenAI\n\nPath(__file__).with_name('sprung').touch()\n"
CALL = "print(OpenAI().responses.create(model='gpt-5.5', input=f'{OpenAI}').output_text)\n"


@pytest.mark.parametrize("command", ["check", "audit"])
def test_traps_are_not_sprung(command, tmp_path: Path, monkeypatch, capsys):
    """Not when a call is traced into a module, nor by names that tools import of their own accord."""

    def refuse(*_arguments, **_options):
        pytest.fail("llmlint opened the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for name in ("conftest.py", "setup.py", "sitecustomize.py", "helper.py", "llmlint.py", "openai.py"):
        (tmp_path / name).write_text(TRAP + "limit = 3\n")
    (tmp_path / "app.py").write_text(TRAP + "from helper import limit\n" + CALL)
    monkeypatch.chdir(tmp_path)
    main([command, "."])
    assert "app.py" in capsys.readouterr().out
    assert not (tmp_path / "sprung").exists()
