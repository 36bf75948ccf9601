from __future__ import annotations

import io
import sys

import pytest

from llmlint.cli import progress as module
from llmlint.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal_for(monkeypatch) -> Terminal:
    """Called inside of a test: pytest puts its own stderr back between fixtures and tests."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_a_short_run_says_nothing(monkeypatch):
    terminal = terminal_for(monkeypatch)
    with progress() as tell:
        tell("reading")
    assert terminal.getvalue() == ""


def test_a_long_run_says_what_it_does_and_leaves_nothing(monkeypatch):
    terminal = terminal_for(monkeypatch)
    monkeypatch.setattr(module, "PATIENCE", 0)
    monkeypatch.setattr(module, "INTERVAL", 0)
    with pytest.raises(ZeroDivisionError), progress() as tell:
        tell("reading")
        tell("linking " + "x" * 1000)
        raise ZeroDivisionError
    shown = terminal.getvalue()
    assert "llmlint: reading ..." in shown
    assert shown.endswith("\r\x1b[K")
    assert max(map(len, shown.split("\r"))) < 300


@pytest.mark.parametrize("environment", ["pipe", "dumb", "closed"])
def test_no_terminal_no_progress(monkeypatch, environment: str):
    terminal = terminal_for(monkeypatch)
    monkeypatch.setattr(module, "PATIENCE", 0)
    stream = io.StringIO() if environment == "pipe" else terminal
    monkeypatch.setattr(sys, "stderr", None if environment == "closed" else stream)
    if environment == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    with progress() as tell:
        tell("reading")
    assert stream.getvalue() == ""
