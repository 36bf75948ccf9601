"""What mappings hold under a key, and what several of them have in common."""

from __future__ import annotations

from collections.abc import Sequence

from llmlint.linking.evaluation.values import Constant, Entries, FromSplat, Value, choice, options


def entry_of(mapping: Value, key: str, missing: Value) -> Value:
    """`mapping[key]` or `missing`, where the mapping may lack the key on some ways."""
    found: list[Value] = []
    for option in options(mapping):
        if isinstance(option, Entries):
            found.append(_entry(option, key, missing))
        elif isinstance(option, Constant) and option.value is None:
            found.append(missing)
        else:
            found.extend((missing, FromSplat(option, key, trail=option.trail)))
    if all(value is missing for value in found):
        return missing
    return choice(found)


def _entry(mapping: Entries, key: str, missing: Value) -> Value:
    found: list[Value] = []
    for index in range(len(mapping.entries) - 1, -1, -1):
        name, value = mapping.entries[index]
        names = [option.value for option in options(name) if isinstance(option, Constant)]
        if len(names) < len(options(name)):
            found.append(FromSplat(value, key, trail=value.trail))
        elif key in names:
            found.append(value)
            if index not in mapping.maybe and len(names) == 1:
                return choice(found)
    return choice([*found, missing]) if found else missing


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
