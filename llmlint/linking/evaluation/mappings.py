"""What mappings hold under a key, and what several of them have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence

from llmlint.linking.evaluation.values import Constant, Entries, FromSplat, Text, Value, choice, options


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


def values_under(mapping: Entries, key: Value) -> list[Value]:
    """What a mapping may hold under a key that isn't known: all of it, or what has a key of the same pattern."""
    patterns = [_pattern(one) for one in options(key)]
    if None in patterns:
        return [value for _, value in mapping.entries]
    return [value for name, value in mapping.entries if any(_fits(name, one) for one in patterns if one is not None)]


def _pattern(key: Value) -> re.Pattern[str] | None:
    """What text fits a key; None where any does."""
    match key:
        case Constant(value=str(text)):
            return re.compile(re.escape(text))
        case Text(parts=parts) if any(isinstance(one, Constant) for one in parts):
            known = (re.escape(str(one.value)) if isinstance(one, Constant) else ".*" for one in parts)
            return re.compile("".join(known), re.DOTALL)
        case _:
            return None


def _fits(name: Value, pattern: re.Pattern[str]) -> bool:
    keys = options(name)
    return any(not isinstance(one, Constant) or pattern.fullmatch(str(one.value)) is not None for one in keys)


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
