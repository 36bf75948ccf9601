"""What a project's packaging files say: which packages are published, and which functions are console commands."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

import msgspec

from llmlint.linking.program.project import Project

_DEPTH = 6
"""Folders above a module that are looked into, at most."""
_SHORTEST = 4
"""Letters of a package's name that are enough to know it by the beginning of the project's."""
_NAME = re.compile(r"""^\s*name\s*=\s*["']?([A-Za-z][\w.-]*)""", re.MULTILINE)
_ABOUT = re.compile(r"^\s*(author|url|home[-_]?page|classifiers|license|description)\s*=", re.MULTILINE)
_QUOTED = re.compile(r"""^\s*["']?([A-Za-z][\w.-]*)(?=[\[<>=~!"',\s]|$)""", re.MULTILINE)
_COMMAND = re.compile(r"""=\s*["']?([A-Za-z_]\w*(?:\.\w+)*):([A-Za-z_]\w*)""")
_LIBRARY = "Software Development :: Libraries"
"""The classifier by which a project says that it is one, whatever it needs."""
_REQUIREMENT = re.compile(r"\s*([A-Za-z][\w.-]*)")


class Packaging:
    """Answers by path; each packaging file is read once."""

    def __init__(self, project: Project, servers: frozenset[str]) -> None:
        """`servers` are packages whose users build programs that serve, not libraries."""
        self._project = project
        self._servers = servers
        self._folders: dict[str, _Metadata] = {}
        self._libraries: dict[tuple[str, ...], str] = {}

    def published_as(self, path: str) -> str:
        """The library that a module is part of, by the nearest metadata that publish one; "" for none."""
        folders = PurePosixPath(path).parts[:-1]
        if folders not in self._libraries:
            self._libraries[folders] = self._library(folders)
        return self._libraries[folders]

    def _library(self, folders: tuple[str, ...]) -> str:
        for end in range(len(folders), max(-1, len(folders) - _DEPTH), -1):
            name = self._of("/".join(folders[:end])).name
            inside = [part.lower().replace("-", "_") for part in folders[end:]]
            whole = "_".join(inside)
            close = name and inside and (whole.startswith(name) or name.startswith(whole))
            if close or (name and inside and (set(inside) & _variants(name) or self._is_named(folders, end, name))):
                return name
        return ""

    def _is_named(self, folders: tuple[str, ...], end: int, name: str) -> bool:
        """Whether the package next to the metadata begins or ends as their name does: `mem0` of `mem0ai`."""
        start = end + 1 if folders[end] == "src" and len(folders) > end + 1 else end
        package = folders[start].lower().replace("_", "")
        known = self._project.source("/".join((*folders[: start + 1], "__init__.py"))) is not None
        begins = name.replace("_", "").startswith(package)
        ends = name.endswith("_" + folders[start].lower())
        return known and len(package) >= _SHORTEST and (begins or ends)

    def is_command(self, path: str, function: str) -> bool:
        """Whether a function of a module is what a console command starts."""
        pure = PurePosixPath(path)
        dotted = ".".join((*pure.parent.parts, *(() if pure.name == "__init__.py" else (pure.stem,))))
        folders = pure.parts[:-1]
        for end in range(len(folders), max(-1, len(folders) - _DEPTH), -1):
            for module, name in self._of("/".join(folders[:end])).commands:
                if name == function and (dotted == module or dotted.endswith("." + module)):
                    return True
        return False

    def _of(self, folder: str) -> _Metadata:
        if folder not in self._folders:
            prefix = f"{folder}/" if folder else ""
            texts = [self._project.text(f"{prefix}{file}") or "" for file in ("pyproject.toml", "setup.cfg")]
            setup = self._project.source(f"{prefix}setup.py")
            texts.append(setup.decode("utf-8", "replace") if setup and b"setup(" in setup else "")
            texts.append(self._project.text(f"{prefix}requirements.txt") or "")
            self._folders[folder] = self._metadata(*texts)
        return self._folders[folder]

    def _metadata(self, pyproject: str, configuration: str, setup: str, requirements: str) -> _Metadata:
        commands = frozenset(found for text in (pyproject, configuration, setup) for found in _COMMAND.findall(text))
        name = self._name(pyproject)
        if not name and "build-system" not in pyproject:
            name = self._name_of_setup(configuration + "\n" + setup, requirements)
        return _Metadata(name.lower().replace("-", "_").replace(".", "_"), commands)

    def _name_of_setup(self, setup: str, requirements: str) -> str:
        """The same of a `setup.py` or `setup.cfg`, if it says to others what the package is."""
        found = _NAME.search(setup) if _ABOUT.search(setup) else None
        needed = requirements.splitlines() if "requirements" in setup else []
        return found.group(1) if found and not self._serves([*needed, *_QUOTED.findall(setup)]) else ""

    def _serves(self, required: list[str]) -> bool:
        names = {found.group(1).lower() for item in required if (found := _REQUIREMENT.match(item))}
        return bool(names & self._servers)

    def _name(self, pyproject: str) -> str:
        """The name under which a `pyproject.toml` publishes a library; "" where it publishes none, or a server."""
        try:
            data = msgspec.toml.decode(pyproject) if pyproject else {}
        except msgspec.DecodeError:
            return ""
        poetry = _table(_table(data, "tool"), "poetry")
        about = _table(data, "project") or poetry
        if "build-system" not in data or poetry.get("package-mode") is False:
            return ""
        needed = about.get("dependencies", ())
        required = [item for item in needed if isinstance(item, str)] if isinstance(needed, list | dict) else []
        if isinstance(needed, dict):
            required = [item for item in required if not _is_optional(needed[item])]
        name = about.get("name")
        serves = self._serves(required) and not any(_LIBRARY in str(one) for one in _list(about.get("classifiers")))
        return name if isinstance(name, str) and not serves else ""


class _Metadata(msgspec.Struct, frozen=True):
    """What the files of one folder say: the name they publish, "" for none; commands as module and function."""

    name: str
    commands: frozenset[tuple[str, str]]


def _table(data: object, name: str) -> dict[str, Any]:
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_optional(requirement: object) -> bool:
    return isinstance(requirement, dict) and bool(requirement.get("optional"))


def _variants(name: str) -> set[str]:
    """The names that the package of a project may have."""
    return {
        name,
        name.removesuffix("_core"),
        name.removesuffix("_ai"),
        name.removeprefix("py"),
        name.removeprefix("python_"),
    }
