"""Runs small programs of our own making, imported from memory, with an `openai` that records what it is sent."""

from __future__ import annotations

import importlib.abc
import importlib.util
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from typing import Any, NamedTuple

CAPS = ("max_tokens", "max_completion_tokens")


class Sent(NamedTuple):
    """One request: where it was made, the model and the cap, None where there was none, whether a cap was passed at
    all, be it None; role and texts per message."""

    path: str
    line: int
    model: str | None
    cap: int | None
    capped: bool = True
    messages: tuple[tuple[str, tuple[str, ...]], ...] = ()


class _Memory(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules of a program, and nothing else."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._paths = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in files}
        self._files = files

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        found = self._paths.get(name)
        if found is None:
            return None
        return importlib.util.spec_from_loader(name, self, origin=found, is_package=found.endswith("/__init__.py"))

    def exec_module(self, module: types.ModuleType) -> None:
        path = self._paths[module.__name__]
        exec(compile(self._files[path], path, "exec"), module.__dict__)

    @property
    def names(self) -> list[str]:
        return list(self._paths)


class _Completions:
    def __init__(self, sent: list[Sent]) -> None:
        self._sent = sent

    def create(self, **given: Any) -> None:
        frame = sys._getframe(1)
        while frame.f_code.co_filename.endswith(("functools.py", "thread.py")):
            assert frame.f_back is not None
            frame = frame.f_back
        caps = [value for name, value in (given | given.get("extra_body", {})).items() if name in CAPS]
        messages = tuple((each["role"], _texts(each["content"])) for each in given.get("messages", ()))
        cap = caps[0] if caps else None
        where = frame.f_code.co_filename, frame.f_lineno
        self._sent.append(Sent(*where, given.get("model"), cap or None, bool(caps), messages))


def _texts(content: Any) -> tuple[str, ...]:
    return (content,) if isinstance(content, str) else tuple(part["text"] for part in content)


def _fake_openai(sent: list[Sent]) -> types.ModuleType:
    completions = types.SimpleNamespace(completions=_Completions(sent))

    class OpenAI:
        chat = completions

    module = types.ModuleType("openai")
    vars(module).update(OpenAI=OpenAI, NOT_GIVEN=None)
    return module


@contextmanager
def _importable(files: Mapping[str, str], sent: list[Sent]) -> Iterator[None]:
    finder = _Memory(files)
    kept = {name: sys.modules.pop(name, None) for name in [*finder.names, "openai"]}
    sys.modules["openai"] = _fake_openai(sent)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name, module in kept.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


def sent_by(files: Mapping[str, str], main: str) -> list[Sent]:
    """Runs the module `main` of a program of our own making; what it sent, in order."""
    sent: list[Sent] = []
    with _importable(files, sent):
        importlib.import_module(main)
    return sent
