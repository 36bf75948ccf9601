"""Dotted names for values that are not followed, as the catalogue's tables spell them."""

from __future__ import annotations

from llmlint.catalog import Catalog
from llmlint.linking.evaluation.values import External, Made, Member, Value
from llmlint.linking.program.trees import Dotted


def dotted_name(value: Value) -> str | None:
    """`package.Class.method` for a function, class or bound method outside the project; None for all else."""
    match value:
        case External(name=name):
            return name
        case Made(function=function):
            return dotted_name(function)
        case Member(owner=owner, name=name):
            prefix = dotted_name(owner)
            return f"{prefix}.{name}" if prefix else None
        case _:
            return None


def described(catalog: Catalog, parts: Dotted, name: str) -> Value | None:
    """A class or function in the module of these parts that a provider file of the user's describes."""
    for start in range(len(parts)):
        dotted = ".".join((*parts[start:], name))
        if catalog.describes(dotted):
            return External(dotted)
    return None
