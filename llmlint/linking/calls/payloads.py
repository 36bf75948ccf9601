"""Plain data that a request carries, such as tools, comes in; its text, as far as it is known, goes out."""

from __future__ import annotations

import json
from typing import NamedTuple

from llmlint.facts.call_site import FactValue
from llmlint.linking.evaluation.values import Constant, Entries, Items, Many, Value

MOST_ITEMS = 500
DEEPEST = 24
"""Collections inside of collections: schemas of tools nest deep."""


class Payload(NamedTuple):
    """`text` is JSON to count tokens by. `whole` says whether nothing is missing from it."""

    text: str
    whole: bool


def payload(value: Value) -> Payload:
    """What is sent for sure. Items of which there may be none are left out, keys without a known value are not."""
    data, whole = _known(value, 0)
    return Payload(json.dumps(data), whole)


def _known(value: Value, depth: int) -> tuple[FactValue, bool]:
    if depth > DEEPEST:
        return None, False
    match value:
        case Constant(value=str() | int() | float() | None as constant):
            return constant, True
        case Items(items=items):
            sure = [item for item in items[:MOST_ITEMS] if not isinstance(item, Many)]
            found = [_known(item, depth + 1) for item in sure]
            return [data for data, _ in found], len(sure) == len(items) and all(whole for _, whole in found)
        case Entries():
            return _mapping(value, depth)
        case _:
            return None, False


def _mapping(value: Entries, depth: int) -> tuple[FactValue, bool]:
    found: dict[str, FactValue] = {}
    whole = len(value.entries) <= MOST_ITEMS
    for position, (key, item) in enumerate(value.entries[:MOST_ITEMS]):
        if isinstance(key, Constant) and position not in value.maybe:
            found[str(key.value)], known = _known(item, depth + 1)
            whole = whole and known
        else:
            whole = False
    return {**found}, whole
