"""Plain searches in the bytes of a file: can it hold a call site, does it mention a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

_PART_OF_A_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") | frozenset(
    range(0x80, 0x100)
)
_ONLY_WORDS = bytes(byte if byte in _PART_OF_A_WORD else ord(" ") for byte in range(0x100))


class Prefilter:
    """Keeps the files that have all words of any entry of a vocabulary; none can matter without.

    One search for each word: faster than a regular expression of all of them by orders of magnitude.
    """

    def __init__(self, vocabulary: Collection[Collection[bytes]]) -> None:
        self._groups = _groups(vocabulary)

    def keeps(self, data: bytes) -> bool:
        """Whether a file with these bytes can hold a call site."""
        return any(
            pivot in data and any(all(word in data for word in entry) for entry in entries)
            for pivot, entries in self._groups
        )


def _groups(vocabulary: Collection[Collection[bytes]]) -> list[tuple[bytes, list[Collection[bytes]]]]:
    """The entries, each under a word that it needs. The fewer such words, the less is searched in most files."""
    words = {word for entry in vocabulary for word in entry}
    needed = [(entry, {part for part in words if any(part in word for word in entry)}) for entry in vocabulary]
    groups: list[tuple[bytes, list[Collection[bytes]]]] = []
    while needed:
        counted = Counter(part for _, parts in needed for part in parts)
        if not counted:
            break  # entries without words: nothing can have them
        pivot = min(counted, key=lambda part: (-counted[part], -len(part), part))
        groups.append((pivot, [entry for entry, parts in needed if pivot in parts]))
        needed = [(entry, parts) for entry, parts in needed if pivot not in parts]
    return groups


def mentions(data: bytes, identifier: str) -> bool:
    """Whether the identifier stands in the bytes as a whole word, be it in code, text or a comment."""
    word = identifier.encode("utf-8", "surrogatepass")
    if not word:
        return False
    position = data.find(word)
    while position >= 0:
        end = position + len(word)
        before = position and data[position - 1] in _PART_OF_A_WORD
        if not before and (end == len(data) or data[end] not in _PART_OF_A_WORD):
            return True
        position = data.find(word, end)
    return False


def words_in(data: bytes) -> set[bytes]:
    """All words that `mentions` would find in the bytes."""
    return set(data.translate(_ONLY_WORDS).split())
