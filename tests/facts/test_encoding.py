from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from llmlint.facts.encoding import decode, encode
from llmlint.facts.syntax import ModuleFacts, Node
from llmlint.frontend import lower

PACKAGE = Path(__file__).parents[2] / "llmlint"
SOURCES = {
    "several targets": "a, b = c = f()",
    "a head": "if f() == 1:\n    pass\nelif g():\n    pass\nwhile x:\n    pass\nfor i in h():\n    pass",
    "a walrus in a head": "if (n := f()) and (m := (k := g())):\n    print(n, m, k)",
    "a walrus in a comprehension": "found = [y for x in xs if (y := f(x))]",
    "a with": "with open(p) as a, b() as (c, d):\n    pass",
    "a match": "match f():\n    case {'a': x}:\n        pass",
}


def shape(facts: ModuleFacts) -> list[int]:
    """For every place of a node in order: the number of the node, the first one seen being 0."""
    numbers: dict[int, int] = {}
    found: list[int] = []
    waiting: list[object] = [facts]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Node):
            new = id(node) not in numbers
            found.append(numbers.setdefault(id(node), len(numbers)))
            if new:
                waiting.extend(getattr(node, field) for field in node.__struct_fields__)
        elif isinstance(node, tuple):
            waiting.extend(node)
    return found


def lowered(source: str) -> ModuleFacts:
    facts = lower(source.encode())
    assert isinstance(facts, ModuleFacts)
    return facts


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_node_in_several_places_is_one_node_again(source: str) -> None:
    facts = lowered(dedent(source))
    assert facts.shared
    assert shape(decode(encode(facts))) == shape(facts)


def test_the_same_for_real_modules() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        facts = lowered(path.read_text())
        assert shape(decode(encode(facts))) == shape(facts), path


def test_what_is_shared_has_to_be_there() -> None:
    facts = msgspec.structs.replace(lowered("a = f()"), shared=((0, 0, 9),))
    with pytest.raises(msgspec.ValidationError):
        decode(encode(facts))
