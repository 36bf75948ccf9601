"""Small programs as text, linked without a file system, for the tests of this folder.

A program is one text: a line `# file: path` starts the next file, and what stands before any is `app.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from textwrap import dedent

from llmlint.catalog import Catalog
from llmlint.catalog.assumptions import Assumptions
from llmlint.catalog.loading import load_catalog
from llmlint.discovery import changed_names
from llmlint.facts.call_site import CallPath, CallSite, FactValue, State
from llmlint.facts.syntax import ModuleFacts
from llmlint.frontend import lower
from llmlint.linking import Linked, link

TODAY = "2026-11-23"
ABSENT, UNKNOWN = State.ABSENT, State.UNKNOWN
_HEADER = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


class MemoryProject:
    """A project whose files are in memory; every module is a candidate."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self.paths: Sequence[str] = sorted(path for path in files if path.endswith((".py", ".ipynb")))
        self.candidates = self.paths
        self._facts: dict[str, ModuleFacts | None] = {}

    def facts(self, path: str) -> ModuleFacts | None:
        if path not in self._facts:
            facts = lower(self._files[path].encode(), notebook=path.endswith(".ipynb"))
            self._facts[path] = facts if isinstance(facts, ModuleFacts) else None
        return self._facts[path]

    def containing(self, identifier: str) -> Sequence[str]:
        word = re.compile(rf"(?<!\w){re.escape(identifier)}(?!\w)")
        return [path for path in self.paths if word.search(self._files[path])]

    def source(self, path: str) -> bytes | None:
        return self._files[path].encode() if path in self._files else None

    def changing(self, name: str) -> Sequence[str]:
        return [path for path in self.paths if name in changed_names(self._files[path].encode())]

    def text(self, path: str) -> str | None:
        return None if path.endswith((".py", ".ipynb")) else self._files.get(path)


@cache
def catalog() -> Catalog:
    return load_catalog()


def files_of(program: str) -> dict[str, str]:
    """The files of a program by path."""
    first, *rest = _HEADER.split(dedent(program).lstrip("\n"))
    files = dict(zip(rest[::2], rest[1::2], strict=True))
    return ({"app.py": first} if first.strip() else {}) | files


def linked(program: str | Mapping[str, str], assumptions: Assumptions | None = None) -> Linked:
    files = files_of(program) if isinstance(program, str) else program
    return link(MemoryProject(files), catalog(), today=TODAY, assumptions=assumptions)


def sites(program: str | Mapping[str, str]) -> tuple[CallSite, ...]:
    return linked(program).call_sites


def site(program: str | Mapping[str, str]) -> CallSite:
    """The only call site of a program."""
    found = sites(program)
    assert len(found) == 1, f"one call site expected: {[str(each.location) for each in found]}"
    return found[0]


def read(where: CallSite | CallPath, name: str) -> FactValue | State:
    """The value of a fact, or `ABSENT` or `UNKNOWN`."""
    facts = where.joined if isinstance(where, CallSite) else where.facts
    if name not in facts:
        return ABSENT
    fact = facts[name]
    return fact.value if fact.state is State.KNOWN else fact.state


def reason(where: CallSite, name: str) -> str:
    """Why a fact is unknown."""
    return where.fact(name).reason


def models(where: CallSite | CallPath) -> FactValue | State:
    """The possible model ids, sorted; `UNKNOWN` when there are none, "..." behind them when others are possible."""
    ids = read(where, "model.ids")
    if not isinstance(ids, list):
        return ids
    more = ["..."] if read(where, "model.chosen_by_user") else []
    return sorted(str(each) for each in ids) + more


def cap(where: CallSite | CallPath) -> FactValue | State:
    return read(where, "argument.output_cap")


def places(where: CallSite, name: str) -> list[str]:
    """The places of a fact's evidence as `path:line`, in order."""
    return [f"{step.location.path}:{step.location.line}" for step in where.fact(name).evidence]


def path_facts(where: CallSite, *names: str) -> dict[str, tuple[FactValue | State, ...]]:
    """Facts per call path, by the place of the nearest caller as `path:line`, "" where there is none."""
    return {
        f"{path.callers[0].location.path}:{path.callers[0].location.line}" if path.callers else "": tuple(
            models(path) if name == "model.ids" else read(path, name) for name in names
        )
        for path in where.paths
    }
