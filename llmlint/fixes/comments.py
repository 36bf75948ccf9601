"""`remove-suppression`: takes names out of a comment to llmlint, or the whole comment where none is left."""

from __future__ import annotations

import re

from llmlint.fixes.scene import Made, Scene
from llmlint.fixes.source import Change

_BRACKETS = re.compile(r"\[([^\]]*)\]")
_NEXT = re.compile(r"\s+#(?!\d)")
_MARKER = re.compile(r"#\s*llmlint\s*:", re.IGNORECASE)


def remove_suppression(scene: Scene) -> Made | None:
    """Nothing but the comment changes: code and other comments on the line stay."""
    source = scene.source
    found = _MARKER.search(source.line(scene.location.line), max(0, scene.location.column - 1))
    if found is None:
        return None
    line = source.offsets(scene.location)[0] - (scene.location.column - 1)
    start, end = line + found.start(), source.line_end(line)
    if behind := _NEXT.search(source.text, start + 1, end):
        end = behind.start()
    gone = scene.wanted.values.get("names")
    brackets = _BRACKETS.search(source.text, start, end)
    if isinstance(gone, list) and brackets is not None:
        names = [name.strip() for name in brackets[1].split(",")]
        kept = [name for name in names if name and name not in gone]
        if kept:
            return Made((Change(*brackets.span(1), ", ".join(kept)),))
    return Made((_without(scene, line, start, end),))


def _without(scene: Scene, line: int, start: int, end: int) -> Change:
    """The comment taken out: its line too where nothing else is on it."""
    text, newline = scene.source.text, scene.source.newline
    rest = text[end : scene.source.line_end(line)]
    if rest.strip():  # another comment follows, and takes its place
        return Change(start, end + len(rest) - len(rest.lstrip()), "")
    if not text[line:start].strip():
        whole = scene.source.line_end(line)
        return Change(line, whole + (len(newline) if text.startswith(newline, whole) else 0), "")
    return Change(line + len(text[line:start].rstrip()), scene.source.line_end(line), "")
