"""The examples of a rule file: their code, and the lines where they say that the rule speaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from llmlint.document import Path
from llmlint.errors import suggest
from llmlint.policy.checking import Checker
from llmlint.policy.options import fits, plain
from llmlint.policy.rulefile import ExampleFile, ExamplesFile
from llmlint.policy.rules import Example

SNIPPET = "example.py"
Verdict = Literal["good", "bad", "undecided"]
VERDICTS: tuple[Verdict, ...] = ("bad", "good", "undecided")
_MARK = re.compile(r"#\s*(finding|undecided)\s*$")
_EXPECTED = {"bad": {"finding"}, "good": set[str](), "undecided": {"undecided"}}


class Mark(NamedTuple):
    """A line that says what the rule says there. In a notebook `cell` is the index among all cells."""

    path: str
    cell: int | None
    line: int
    word: str


def marks(example: Example) -> list[Mark]:
    """The marked lines of all files of the example, in order."""
    return [mark for path, text in example.files.items() for mark in _marks(path, text)]


def unmarked(path: str, text: str) -> str:
    """The same code without marks; a notebook stays as it is."""
    if path.endswith(".ipynb"):
        return text
    return "\n".join(_MARK.sub("", line).rstrip() if _MARK.search(line) else line for line in text.split("\n"))


def examples(file: ExamplesFile, checker: Checker) -> tuple[Example, ...]:
    """The examples of a rule file. Reports names used twice and marks that don't fit the verdict."""
    names: set[str] = set()
    result: list[Example] = []
    for verdict in VERDICTS:
        for index, each in enumerate(getattr(file, verdict)):
            path = ("examples", verdict, index)
            if each.name in names:
                checker.report((*path, "name"), f"a second example named `{each.name}`", "choose another name")
            names.add(each.name)
            _check_options(each, path, checker)
            _check_fixed(verdict, each, path, checker)
            result.append(example := _example(verdict, each))
            if {mark.word for mark in marks(example)} != _EXPECTED[verdict]:
                checker.report(path, _expectation(verdict))
    return tuple(result)


def _example(verdict: Verdict, file: ExampleFile) -> Example:
    options = {name: plain(value) for name, value in file.options.items()}
    files = dict(file.files or {SNIPPET: file.code or ""})
    return Example(verdict, file.name, files, options, _fixed(file, files))


def _fixed(file: ExampleFile, files: dict[str, str]) -> dict[str, str]:
    if file.fixed is None:
        return {}
    return {**files, **({SNIPPET: file.fixed} if isinstance(file.fixed, str) else file.fixed)}


def _check_fixed(verdict: Verdict, file: ExampleFile, path: Path, checker: Checker) -> None:
    if file.fixed is None:
        return
    here = (*path, "fixed")
    if verdict != "bad":
        checker.report(here, f"a {verdict} example has nothing to mend", "only bad examples have `fixed`")
    elif isinstance(file.fixed, str) != (file.code is not None):
        hint = "text beside `code`, a mapping from paths to text beside `files`"
        checker.report(here, "`fixed` has another form than the example", hint)
    elif any(_MARK.search(line) for text in _texts(file.fixed) for line in text.split("\n")):
        checker.report(here, "mended code has no marks", "the rule must say nothing there")


def _texts(fixed: str | dict[str, str]) -> list[str]:
    return [fixed] if isinstance(fixed, str) else list(fixed.values())


def _check_options(file: ExampleFile, path: Path, checker: Checker) -> None:
    for name, value in file.options.items():
        option = checker.options.get(name)
        if option is None:
            checker.report((*path, "options", name), f"unknown option `{name}`", suggest(name, checker.options))
        elif not fits(option.type, value):
            checker.report((*path, "options", name), f"option `{name}` must be of type {option.type}")


def _expectation(verdict: Verdict) -> str:
    if verdict == "good":
        return "a good example has no line marked `# finding` or `# undecided`"
    word = "finding" if verdict == "bad" else "undecided"
    return f"lines of this example where the rule speaks must end in `# {word}`, and there must be one"


def _marks(path: str, text: str) -> Iterator[Mark]:
    for cell, lines in _stretches(path, text):
        for number, line in enumerate(lines, 1):
            if found := _MARK.search(line):
                yield Mark(path, cell, number, found.group(1))


def _stretches(path: str, text: str) -> Iterator[tuple[int | None, list[str]]]:
    """The lines of the file, or of each code cell of a notebook with its index."""
    if not path.endswith(".ipynb"):
        yield None, text.split("\n")
        return
    try:
        cells = json.loads(text)["cells"]
        for index, cell in enumerate(cells):
            if cell["cell_type"] == "code":
                yield index, "".join(cell["source"]).split("\n")
    except (ValueError, KeyError, TypeError):
        return  # no notebook: nothing is marked, which the caller reports
