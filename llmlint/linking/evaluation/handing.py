"""How a callee calls a function that is handed to it: pools, executors, `map`, retry helpers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmlint.linking.evaluation.naming import dotted_name
from llmlint.linking.evaluation.values import Member, Value, options

if TYPE_CHECKING:
    from llmlint.linking.evaluation.resolver import Resolver


def handing_kind(resolver: Resolver, callee: Value) -> str:
    """How a callee calls the function handed to it: "elementwise", with the "rest" of its arguments, or ""."""
    ecosystem = resolver.catalog.ecosystem
    for option in options(callee):
        name = dotted_name(option)
        for table in ("concurrency", "calls_argument", "retry"):
            entry = ecosystem.function(table, name) if name else None
            if entry is None and isinstance(option, Member):
                entry = ecosystem.method(table, option.name)
            if entry is not None:
                return _HANDING.get(entry.kind, "")
    return ""


def runs_beside(resolver: Resolver, callee: Value) -> bool:
    """Does a callee run what is handed to it beside other calls: a pool, an executor, a task group?"""
    ecosystem = resolver.catalog.ecosystem
    for option in options(callee):
        name = dotted_name(option)
        if name and ecosystem.function("concurrency", name) is not None:
            return True
        if isinstance(option, Member) and ecosystem.method("concurrency", option.name) is not None:
            return True
    return False


PACKED = frozenset({"apply_async", "apply", "starmap", "starmap_async", "Timer", "Thread", "Process"})
_HANDING = {"map": "elementwise", "submit": "rest", "once": "rest", "bind": "rest", "call": "rest"}
"""What the catalogue's words mean for the arguments that a function handed over gets."""
