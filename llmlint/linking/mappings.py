"""What several mappings have in common."""

from __future__ import annotations

from collections.abc import Sequence

from llmlint.linking.values import Constant, Entries, Value, choice


def in_all(alternatives: Sequence[Value]) -> tuple[tuple[Value, Value], ...]:
    """The keys that every one of several mappings has for certain, with what they have under them."""
    held: list[dict[str, list[Value]]] = []
    for option in alternatives:
        here: dict[str, list[Value]] = {}
        if isinstance(option, Entries) and not option.open:
            for index, (key, value) in enumerate(option.entries):
                if isinstance(key, Constant) and isinstance(key.value, str):
                    if index not in option.maybe:
                        here[key.value] = [value]
                    elif key.value in here:
                        here[key.value].append(value)
                elif not isinstance(key, Constant):
                    here.clear()  # it may be any key
        held.append(here)
    shared = [key for key in held[0] if all(key in here for here in held)]
    return tuple((Constant(key), choice([value for here in held for value in here[key]])) for key in shared)
