"""What is found in the candidates is what is found in all files, but for what docs/caching.md names.

`LLMLINT_REPOSITORIES` names folders, separated as in `PATH`, in which that is proved as well.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

import pytest
from programs import TODAY, MemoryProject, catalog, files_of

from llmlint.discovery import Folder, Prefilter, discover
from llmlint.linking import Linker, Project, together
from llmlint.linking.calls.vocabulary import Vocabulary
from llmlint.pipeline import lower_bytes
from llmlint.project import SourceProject

HERE = Path(__file__).parent
PROJECTS = sorted(path for path in (HERE.parents[1] / "fixtures" / "projects").iterdir() if path.is_dir())
REPOSITORIES = [Path(folder) for folder in os.environ.get("LLMLINT_REPOSITORIES", "").split(os.pathsep) if folder]
EVERY_FILE = Prefilter([(b"",)])
STEP = 1 if REPOSITORIES else 4
"""Only one in so many of the small programs is looked at in the runs that have to be quick."""


class WholeVocabulary(Vocabulary):
    """Asks no file for words: each may hold a call site, by any method of any provider."""

    @cached_property
    def all_methods(self) -> frozenset[str]:
        return frozenset(name for _, methods in self._providers for name in methods)

    def methods_in(self, source: bytes) -> frozenset[str]:
        return self.all_methods

    def may_hold(self, source: bytes) -> bool:
        return True


@cache
def vocabulary(whole: bool) -> Vocabulary:
    return WholeVocabulary(catalog()) if whole else Vocabulary(catalog())


def places(project: Project, *, whole: bool = False) -> list[str]:
    """Of all call sites in a project's candidates; `whole` asks none of these for words."""
    linker = Linker(project, catalog(), today=TODAY)
    linker._vocabulary = vocabulary(whole)
    found = together(linker.link(paths) for paths in linker.units).call_sites
    return [f"{each.location} {each.callee}" for each in found]


def project_in(root: Path, prefilter: Prefilter) -> SourceProject:
    return SourceProject(Folder(root), discover(root), prefilter, lower_bytes)


def compare(root: Path) -> str:
    """A line that tells what was compared."""
    few, every = project_in(root, Prefilter(catalog().vocabulary)), project_in(root, EVERY_FILE)
    found, expected = places(few), places(every, whole=True)
    assert every.candidates == every.paths
    assert found == expected
    return f"{root.name}: {len(few.paths)} files, {len(few.candidates)} candidates, {len(expected)} call sites"


@pytest.mark.parametrize("root", PROJECTS, ids=lambda root: root.name)
def test_projects(root: Path):
    compare(root)


@pytest.mark.skipif(not REPOSITORIES, reason="LLMLINT_REPOSITORIES names no folders")
@pytest.mark.parametrize("root", REPOSITORIES, ids=lambda root: root.name)
def test_repositories(root: Path):
    sys.stdout.write(f"{compare(root)}\n")


# --- words that stand elsewhere -------------------------------------------------------------------------------

CLIENT = "# file: a.py\nfrom openai import OpenAI\nclient = OpenAI()\n"
GIVEN = "(model='gpt-4o', messages=[])"


def prefiltered(files: Mapping[str, str]) -> MemoryProject:
    """The program with those files as candidates that a run would choose."""
    project, prefilter = MemoryProject(files), Prefilter(catalog().vocabulary)
    project.candidates = [path for path in project.paths if prefilter.keeps(files[path].encode())]
    return project


@pytest.mark.parametrize(
    "program",
    [
        CLIENT + f"ask = getattr(client.chat.completions, 'create')\nask{GIVEN}",
        CLIENT + f"chat = client.chat\n# file: b.py\nfrom a import chat\nchat.completions.create{GIVEN}",
        CLIENT + "# file: b.py\nfrom a import client\nclient.images.generate(model='gpt-image-1', prompt='x')",
        "# file: a.py\nfrom langchain_openai import ChatOpenAI\ndef get():\n    return ChatOpenAI(model='gpt-4o')\n"
        "# file: b.py\nfrom a import get\nget().invoke('x')",
        "# file: a.py\nfrom pydantic_ai import Agent\nagent = Agent('openai:gpt-4o')\n"
        "# file: b.py\nfrom a import agent\nagent.run_sync('x')",
    ],
)
def test_clients_of_other_modules(program: str):
    files = files_of(program)
    assert len(places(prefiltered(files))) == 1 == len(places(MemoryProject(files), whole=True))


@pytest.mark.parametrize(
    "program",
    [
        CLIENT + "llm = client.responses\n# file: b.py\nfrom a import llm\nllm.create(model='gpt-4o', input='x')",
        CLIENT
        + f"def get():\n    return client.chat.completions.create\n# file: b.py\nfrom a import get\nget(){GIVEN}",
        "# file: a.py\nURL = 'https://api.openai.com/v1/chat/completions'\n"
        "# file: b.py\nimport requests\nimport a\nrequests.post(a.URL, json={'model': 'gpt-4o', 'messages': []})",
    ],
)
def test_what_the_documentation_says_is_lost(program: str):
    """If one of these is found one day, docs/caching.md has to say so."""
    files = files_of(program)
    assert len(places(prefiltered(files))) == 0 < len(places(MemoryProject(files), whole=True))


# --- the programs of the other tests in this folder ----------------------------------------------------------


def text_of(node: ast.AST, names: Mapping[str, str]) -> str | None:
    """What an expression is, made of literals and of constants of its module; None where it isn't known."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.FormattedValue):
        return text_of(node.value, names)
    parts = node.values if isinstance(node, ast.JoinedStr) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [node.left, node.right]
    texts = [text_of(part, names) for part in parts or ()]
    return "".join(text for text in texts if text is not None) if parts and None not in texts else None


def texts_in(path: Path) -> Iterator[str]:
    """The texts of a module that are programs, by themselves or below its `HEAD`."""
    tree, names = ast.parse(path.read_text(encoding="utf-8")), {}
    for statement in tree.body:
        text = text_of(statement.value, names) if isinstance(statement, ast.Assign) else None
        if text is not None and isinstance(statement.targets[0], ast.Name):
            names[statement.targets[0].id] = text
    for node in ast.walk(tree):
        text = text_of(node, names)
        if text is not None and "(" in text:
            yield text if "import " in text else names.get("HEAD", "") + text


def is_program(files: Mapping[str, str]) -> bool:
    try:
        for path, text in files.items():
            if path.endswith(".py"):
                ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return any("import " in text for text in files.values())


def programs() -> list[dict[str, str]]:
    texts = dict.fromkeys(
        text for path in sorted({*HERE.glob("test_*.py")} - {Path(__file__)}) for text in texts_in(path)
    )
    return [files for files in map(files_of, texts) if is_program(files)]


def test_programs():
    lost, number = [], 0
    for files in programs()[::STEP]:
        project = MemoryProject(files)
        if expected := places(project, whole=True):
            number += len(expected)
            lost += [] if places(prefiltered(files)) == expected else [(files, expected)]
    assert not lost
    assert number > 300 // STEP
