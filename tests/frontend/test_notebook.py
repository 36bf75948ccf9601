"""Notebooks: which cells are read, where they are, and what is Python in them."""

from __future__ import annotations

import json

import pytest
from lowered import events

from llmlint.facts.syntax import ModuleFacts, SourceProblem
from llmlint.frontend import lower
from llmlint.frontend.magics import to_python


def code(*lines: str, **more: object) -> dict[str, object]:
    """A code cell."""
    return {"cell_type": "code", "source": list(lines), "outputs": [], "execution_count": None, **more}


TEXT = {"cell_type": "markdown", "source": ["# f(1)\n"]}


def notebook(*cells: object, **more: object) -> ModuleFacts:
    """Facts of a notebook of these cells."""
    found = lower(json.dumps({"cells": cells, "nbformat": 4, **more}).encode(), notebook=True)
    assert isinstance(found, ModuleFacts), found
    return found


def cells(facts: ModuleFacts) -> list[tuple[int, int, int]]:
    """Number, first line and lines of each cell."""
    return [(each.index, each.first_line, each.lines) for each in facts.cells]


def test_cells_are_one_module():
    facts = notebook(TEXT, code("a = f(1)\n", "b = 2"), TEXT, code(), code("c = g(\n", "  a)\n"))
    assert events(facts) == ["assign a = f(1)", "assign b = 2", "assign c = g(a)"]
    assert cells(facts) == [(1, 1, 2), (3, 3, 1), (4, 4, 3)]
    assert [(each.place.line, each.place.end_line) for each in facts.calls] == [(1, 1), (4, 5)]


def test_source_as_one_text_with_any_line_end():
    facts = notebook({"cell_type": "code", "source": "a = f(1)\r\nb = g(2)\rc = 3"}, code("d = 4"))
    assert [each.place.line for each in facts.calls] == [1, 2]
    assert cells(facts) == [(0, 1, 3), (1, 4, 1)]


def test_worksheets_of_older_formats():
    data = {
        "nbformat": 3,
        "worksheets": [
            {"cells": [{"cell_type": "heading"}, {"cell_type": "code", "input": ["a = f(1)"], "language": "python"}]},
            {"cells": [{"cell_type": "code", "input": "b = 2"}, {"cell_type": "code", "input": "c", "language": "r"}]},
        ],
    }
    facts = lower(json.dumps(data).encode(), notebook=True)
    assert isinstance(facts, ModuleFacts)
    assert (cells(facts), events(facts)) == ([(1, 1, 1), (2, 2, 1)], ["assign a = f(1)", "assign b = 2"])


@pytest.mark.parametrize(
    ("metadata", "read"),
    [
        ({}, True),
        ({"kernelspec": {"name": "python3", "language": "python"}}, True),
        ({"kernelspec": {"name": "ir", "language": "R"}}, False),
        ({"kernelspec": {"language": "python"}, "language_info": {"name": "julia"}}, False),
        ({"language_info": {"name": "ipython"}}, True),
        ({"language_info": "nonsense", "kernelspec": []}, True),
        ([], True),
    ],
)
def test_kernels(metadata, read):
    facts = notebook(code("a = 1"), metadata=metadata)
    assert bool(facts.cells) == bool(facts.scopes[0].events) == read


def test_cells_in_other_languages():
    facts = notebook(
        code("select 1", metadata={"vscode": {"languageId": "sql"}}),
        code("a = 1", metadata={"vscode": {"languageId": "python"}}),
        code("%%bash\n", "rm -r (\n"),
        code("b = 2"),
    )
    assert events(facts) == ["assign a = 1", "assign b = 2"]
    assert cells(facts) == [(1, 1, 1), (2, 2, 3), (3, 5, 1)]


def test_a_broken_cell_is_left_out_and_only_that_one():
    facts = notebook(code("a = f(1)"), code("b = = 2\n", "c = g(2)"), code("d = ("), code("x = '''"), code("e = h(3)"))
    assert events(facts) == ["assign a = f(1)", "assign e = h(3)"]
    assert cells(facts) == [(0, 1, 1), (1, 2, 2), (2, 4, 1), (3, 5, 1), (4, 6, 1)]
    assert [each.place.line for each in facts.calls] == [1, 6]


def test_a_cell_nested_too_deeply_is_left_out():
    assert events(notebook(code("(" * 1000 + ")" * 1000), code("a = 1"))) == ["assign a = 1"]


def test_await_and_directives():
    facts = notebook(code("a = await f(1)  # llmlint: ignore\n"), code("# llmlint: ignore[b] c\n", "g(2)"))
    assert facts.calls[0].awaited
    assert [(each.line, each.alone) for each in facts.comments] == [(1, False), (3, True)]


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"", "not valid JSON", 1),
        (b'{"cells": [\n\n}', "not valid JSON", 3),
        (b"[]", "no list of cells", 1),
        (b'{"cells": 1}', "no list of cells", 1),
        (b"[" * 100_000, "not valid JSON", 1),
        (b'{"cells": "\xff"}', "not valid JSON", 1),
        (b"1" * 5000, "not valid JSON", 1),
    ],
)
def test_no_notebook(data, message, line):
    found = lower(data, notebook=True)
    assert isinstance(found, SourceProblem)
    assert (found.kind, found.line) == ("notebook", line)
    assert message in found.message


def test_odd_cells_are_none():
    facts = notebook(
        1, [], None, {}, {"cell_type": "code"}, code(), {"cell_type": "code", "source": 1}, code("a\ud800 = 1"),
        {"cell_type": "code", "source": ["b = ", 2, "1"]}, {"metadata": 1},
    )  # fmt: skip
    assert events(facts) == ["assign b = 1"]


def test_byte_order_mark_and_outputs():
    data = '\ufeff{"cells": [{"cell_type": "code", "source": "a = 1", "outputs": [NaN]}]}'.encode()
    facts = lower(data, notebook=True)
    assert isinstance(facts, ModuleFacts)
    assert events(facts) == ["assign a = 1"]


def test_too_much_code():
    found = lower(json.dumps({"cells": [code("#" * 5_000_001)]}).encode(), notebook=True)
    assert isinstance(found, SourceProblem)
    assert found.kind == "too-large"


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("a = 1\nb", "a = 1\nb"),
        ("%matplotlib inline\na", "pass\na"),
        ("  %env A=1\n", "pass\n"),
        ("\n    a = 1\n    if b:\n      c\nd", "\na = 1\nif b:\n  c\nd"),
        ("    # a\nb", "    # a\nb"),
        ("pip install a[b]\ncd ..\nexport A=1\n", "pass\npass\npass\n"),
        ("pip = 1\ncd(a)\nls in a\npip.b\n", "pip = 1\ncd(a)\nls in a\npip.b\n"),
        ("!pip install 'a\nb", "pass\nb"),
        ("!!ls\n", "pass\n"),
        ("!pip install \\\n  a \\\n  b\nc", "pass\n\n\nc"),
        ("a = !ls (\nb", "a = None\nb"),
        ("a, b = %magic it's\nc", "a, b = None\nc"),
        ("a.b['c'] = !ls", "a.b['c'] = !ls"),
        ("a.b = !ls", "a.b = None"),
        ("a?\nb??\n?c\n??d.e", "pass\npass\npass\npass"),
        ("a = b % c\n%d\n", "a = b % c\npass\n"),
        ("if a:\n    !ls\nelse:\n    %cd b\n", "if a:\n    pass\nelse:\n    pass\n"),
        ("x = '''\n%no\n!no\n'''\n%yes", "x = '''\n%no\n!no\n'''\npass"),
        ("f(\n%s\n)", "f(\n%s\n)"),
        ("a = (b\n% c)\n", "a = (b\n% c)\n"),
        ("a = b \\\n% c\n", "a = b \\\n% c\n"),
        ("# %no\n%yes\n", "# %no\npass\n"),
        ("a  # b?\n", "a  # b?\n"),
        ("'a?'\n", "'a?'\n"),
        ("a != b\n", "a != b\n"),
        ("%time a = f(1)", "pass; a = f(1)"),
        ("%timeit -n 10 f(1)", "pass;         f(1)"),
        ("%time for a in b: c", "pass"),
        ("%time", "pass"),
        ("%%time\na = f(1)\n", "\na = f(1)\n"),
        ("\n# why\n%%capture out\na\n!ls", "\n\n\na\npass"),
        ("%%bash\nls\n\n", "\n\n\n"),
        ("%%html\n<b>\n", "\n\n"),
        ("%%\nx", "\n"),
        ("", ""),
    ],
)
def test_magics(source, python):
    found = to_python(source)
    assert found == python
    assert found.count("\n") == source.count("\n")
