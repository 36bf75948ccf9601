"""A list of which only parts may be known comes in, with constant places; the items that stand there go out."""

from __future__ import annotations

from llmlint.facts import syntax
from llmlint.linking.evaluation.values import Many, Unknown, Value, choice


def between(items: tuple[Value, ...], bounds: syntax.Slice) -> tuple[Value, ...]:
    """The items of a list between constant bounds, if what is left out is there for certain; else any of all."""
    start, end = _index(bounds.lower), _index(bounds.upper)
    if bounds.step is None and start is not None and end is not None:
        ahead = items[:start] if start >= 0 else items[start:]
        behind = items[:end] if end > 0 else items[end:] if end < 0 else ()
        if max(abs(start), abs(end)) <= len(items) and not any(isinstance(one, Many) for one in (*ahead, *behind)):
            return items[start : end if bounds.upper is not None else None]
    return tuple(item if isinstance(item, Many) else Many(item) for item in items)


def _index(bound: syntax.Expression | None) -> int | None:
    """A constant bound; 0 for none, None for one that isn't constant."""
    if bound is None:
        return 0
    if isinstance(bound, syntax.UnaryOperation) and bound.operator == "-":
        inner = _index(bound.operand)
        return -inner if inner is not None else None
    return bound.value if isinstance(bound, syntax.Constant) and type(bound.value) is int else None


def nearest(items: tuple[Value, ...], index: int) -> Value:
    """What stands at a place before which there are items any number of times: the nearest that may, or another."""
    counted = items if index >= 0 else items[::-1]
    place = index if index >= 0 else -index - 1
    if not counted:
        return Unknown("the list is empty")
    item = counted[min(place, len(counted) - 1)]
    unknown = Unknown(f"how many items stand before [{index}] isn't known")
    return choice([item.item if isinstance(item, Many) else item, unknown])
