"""The catalogue comes in; which names can be those of an endpoint in a file goes out, seen in the bytes of the file."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property, lru_cache

from llmlint.catalog import Catalog
from llmlint.catalog.entries import Provider
from llmlint.linking.program.spelling import Source

_CENTRAL = frozenset({"generation", "embedding"})
"""Endpoints whose objects are handed about, so that a call may stand far from the words of its path."""

_Words = tuple[bytes, ...]


class Vocabulary:
    """The last names of call paths: what a callee must end in to be looked at."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @cached_property
    def callables(self) -> frozenset[str]:
        """The last names of classes and functions that give a client which is itself called."""
        called = ("__call__",)
        found: set[str] = set()
        for provider in self._catalog.data.providers:
            dialects = {dialect.name for dialect in provider.dialects if "__call__" in dialect.paths}
            whole = any(called in endpoint.paths for endpoint in provider.endpoints)
            makers = [(client.name, client.dialect) for client in provider.clients]
            makers += [(wrapper.name, wrapper.dialect) for wrapper in provider.wrappers]
            found.update(name.rsplit(".", 1)[-1] for name, dialect in makers if whole or dialect in dialects)
        return frozenset(found)

    @cached_property
    def arguments(self) -> frozenset[str]:
        """Keywords of endpoints that are spelt like a method: `stream` is an argument and a way to call."""
        endpoints = [endpoint for provider in self._catalog.data.providers for endpoint in provider.endpoints]
        spelt = {one.path[0] for each in endpoints for spellings in each.arguments.values() for one in spellings}
        return frozenset(spelt & {name for _, methods in self._providers for name in methods})

    def methods_in(self, source: bytes) -> frozenset[str]:
        """Those that a file can call: of the providers whose vocabulary it has.

        `update` and `extend` are mostly those of dictionaries and lists; such a method counts only where the file has
        the words in front of it on a path (`.assistants`) as well.
        """
        return frozenset(
            name
            for entries, methods in self._providers
            if not entries or any(_has(source, words) for words in entries)
            for name, before in methods.items()
            if any(_has(source, words) for words in before)
        )

    def may_hold(self, source: bytes) -> bool:
        """Whether there can be a call site in a file that is no notebook."""
        methods = self.methods_in(source)
        if _called(methods, self.callables).search(source):
            return True
        return not Source(source).imported.isdisjoint(map(str.encode, methods))

    @cached_property
    def _providers(self) -> list[tuple[tuple[_Words, ...], dict[str, set[_Words]]]]:
        """Of each provider its vocabulary, and by method the words that stand before it on its paths."""
        found: list[tuple[tuple[_Words, ...], dict[str, set[_Words]]]] = []
        for provider in self._catalog.data.providers:
            entries = tuple(tuple(map(str.encode, entry)) for entry in provider.vocabulary)
            found.append((entries, _methods_of(provider)))
        return found


def _methods_of(provider: Provider) -> dict[str, set[_Words]]:
    found: dict[str, set[_Words]] = defaultdict(set)
    for endpoint in provider.endpoints:
        for path in (*endpoint.paths, *(shape.path for shape in endpoint.shapes)):
            words = [word for word in path[:-1] if word not in provider.containers]
            spelt = (word if word[:1].isupper() else f".{word}" for word in words)
            found[path[-1]].add(() if endpoint.kind in _CENTRAL else tuple(map(str.encode, spelt)))
    for dotted in (path for dialect in provider.dialects for path in dialect.paths):
        found[dotted.rsplit(".", 1)[-1]].add(())
    for name in provider.called_as:
        found[name].add(())
    for sender in provider.senders:
        found[sender.name.rsplit(".", 1)[-1]].add(())
    return found


def _has(source: bytes, words: _Words) -> bool:
    return all(word in source for word in words)


@lru_cache(maxsize=256)
def _called(methods: frozenset[str], callables: frozenset[str]) -> re.Pattern[bytes]:
    """An attribute that is a method, also one that is asked for by its name in quotes, a name that makes what can be
    called, or the call of what was computed.
    """
    attributes = "|".join(sorted(map(re.escape, methods))).encode() or rb"(?!)"
    makers = "|".join(sorted(map(re.escape, callables))).encode() or rb"(?!)"
    return re.compile(
        rb"\.[\s\\]*(?:" + attributes + rb")(?![\w\x80-\xff])"
        rb"|(?<![\w\x80-\xff])(?:" + makers + rb")[\s\\]*\("
        rb"|\)[\s\\]*\("
        rb"|getattr[\s\\]*\([\s\S]{0,200}?['\"](?:" + attributes + rb")['\"]"
    )
