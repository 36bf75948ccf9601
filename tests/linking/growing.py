"""Grows small random programs that send known values, from the tables of `steps`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any

from steps import (
    ACROSS,
    CLASSES,
    COLLECTIONS,
    CONDITIONS_FALSE,
    CONDITIONS_TRUE,
    FUNCTIONS,
    HEADER,
    MODELS,
    MODULE_LEVEL,
    NUMBERS,
    OTHER_MODELS,
    PLAIN,
    SENDS,
    TEXTS,
    WRAPPERS,
)


@dataclass
class Module:
    name: str
    path: str
    lines: list[str]


class Grower:
    """Grows one program with decisions taken by `pick`."""

    def __init__(self, pick: Callable[[Sequence[Any]], Any]) -> None:
        self._pick = pick
        self._number = 0
        self.modules = [Module("m0", "m0.py", [HEADER])]
        self.steps: list[str] = []

    @property
    def here(self) -> Module:
        return self.modules[-1]

    def files(self) -> dict[str, str]:
        files = {module.path: "\n".join(module.lines) + "\n" for module in self.modules}
        if any(path.startswith("pkg/") for path in files):
            files.setdefault("pkg/__init__.py", "")
        return files

    def grow(self, length: int, width: int) -> dict[str, str]:
        """A program with up to `length` steps for each value and `width` statements that send."""
        values = [(repr(self._pick(MODELS)), "str"), (repr(self._pick(range(11, 99))), "int")]
        for _ in range(self._pick(range(length + 1))):
            index = self._pick((0, 0, 1))
            values[index] = self._step(*values[index])
            if self._pick(range(4)) == 0:
                values = self._move(values)
            if len(self.modules) > 1 and self._pick(range(3)) == 0:
                values[index] = self._across(*values[index])
        for _ in range(self._pick(range(1, width + 1))):
            self._send(values)
        return self.files()

    def _fill(self, text: str, **given: str) -> str:
        self._number += 1
        true, false = self._pick(CONDITIONS_TRUE), self._pick(CONDITIONS_FALSE)
        return text.format(t=true, f=false, n=self._number, **given)

    def _other(self, kind: str) -> str:
        return repr(self._pick(OTHER_MODELS)) if kind == "str" else str(self._pick(range(900, 905)))

    def _step(self, value: str, kind: str) -> tuple[str, str]:
        own = TEXTS if kind == "str" else NUMBERS
        tables = (PLAIN, COLLECTIONS, FUNCTIONS, CLASSES, own, MODULE_LEVEL)
        table = self._pick(tables)
        code, expression = self._pick(table)
        other = self._other(kind)
        number = self._number
        filled = self._fill(f"{code}\0{expression}", x=value, o=other)
        code, expression = filled.split("\0")
        if table is not MODULE_LEVEL and code and self._pick(range(3)) == 0:
            wrapper, result = self._pick(WRAPPERS)
            given = {"code": indent(code, "    "), "deeper": indent(code, "        "), "e": expression, "o": other}
            code, expression = self._fill(f"{wrapper}\0{result}", **given).split("\0")
        assert self._number > number
        if code:
            self.here.lines.append(code)
        return expression if expression.isidentifier() else f"({expression})", kind

    def _move(self, values: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Goes on in another module, which imports the values."""
        self._number += 1
        n = self._number
        names = [f"x{n}", f"y{n}"]
        self.here.lines.extend(f"{name} = {value}" for name, (value, _) in zip(names, values, strict=True))
        before = self.here
        packaged = self._pick((False, True))
        name = f"pkg.m{n}" if packaged else f"m{n}"
        self.modules.append(Module(name, name.replace(".", "/") + ".py", [HEADER]))
        both_packaged = packaged and before.name.startswith("pkg.")
        how = self._pick(
            ("from", "import", "alias", "star", "rename", "relative" if both_packaged else "from", "patch")
        )
        x, y = names
        last = before.name.rsplit(".", 1)[-1]
        source, found = {
            "from": (f"from {before.name} import {x}, {y}", (x, y)),
            "import": (f"import {before.name}", (f"{before.name}.{x}", f"{before.name}.{y}")),
            "alias": (f"import {before.name} as o{n}", (f"o{n}.{x}", f"o{n}.{y}")),
            "star": (f"from {before.name} import *", (x, y)),
            "rename": (f"from {before.name} import {x} as p{n}, {y} as q{n}", (f"p{n}", f"q{n}")),
            "relative": (f"from .{last} import {x}, {y}", (x, y)),
            "patch": (
                f"import {before.name} as o{n}\no{n}.z{n} = o{n}.{x}\no{n}.{x} = {self._other('str')}",
                (f"o{n}.z{n}", f"o{n}.{y}"),
            ),
        }[how]
        self.here.lines.append(source)
        return [(found[0], values[0][1]), (found[1], values[1][1])]

    def _across(self, value: str, kind: str) -> tuple[str, str]:
        """A step that the last module takes together with this one."""
        there, here, expression = self._pick(ACROSS)
        name = f"mod{self._number}"
        other = self._other(kind)
        parts = self._fill(f"{there}\0{here}\0{expression}", x=value, o=other, m=name).split("\0")
        before = self.modules[-2]
        before.lines.append(parts[0])
        self.here.lines.append(f"import {before.name} as {name}")
        if parts[1]:
            self.here.lines.append(parts[1])
        return f"({parts[2]})", kind

    def _send(self, values: list[tuple[str, str]]) -> None:
        (model, _), (cap, _) = values
        text = self._pick(SENDS)
        filled = self._fill(text, m=model, c=cap, mo=self._other("str"), co=self._other("int"))
        defined, _, called = filled.partition("\0")
        if called and self._pick((False, True)):
            library = Module(f"lib{self._number}", f"lib{self._number}.py", [HEADER, defined])
            self.modules.insert(0, library)
            self.here.lines.append(f"from {library.name} import *")
        else:
            self.here.lines.append(defined)
        if called:
            self.here.lines.append(called)
