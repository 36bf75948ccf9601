"""Bars as inline SVG: names and numbers come in, markup without styles or scripts of its own goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from llmlint.reporters.escape import visible

WIDTH = 576
"""As wide as the page shows it, so that all charts have letters of one size."""
ROW = 28
LETTER = 1.2
"""How much wider a letter of the labels is on the page than what the library leaves room for."""
LONGEST_LABEL = 36

_DROPPED = {"defs", "desc", "title", "style", "script"}
_NAMESPACE = "{http://www.w3.org/2000/svg}"


class Bar(NamedTuple):
    label: str
    value: float


def bars(title: str, rows: Sequence[Bar], said: Callable[[float], str]) -> str:
    """One bar for each row, the first on top, each with its value in words."""
    import pygal  # noqa: PLC0415 - heavy, and only pages need it

    labels = [_short(row.label) for row in rows]
    room = int(max((len(label) for label in labels), default=0) * LETTER) + 12
    chart = pygal.HorizontalBar(
        width=WIDTH, height=ROW * len(rows) + 24, margin=4, margin_left=room, margin_right=70, spacing=4,
        show_legend=False, show_x_labels=False, show_y_labels=True, show_x_guides=False, show_y_guides=False,
        print_values=True, print_values_position="top", truncate_label=-1, js=[], css=[],
        formatter=said, range=(min(0.0, *(row.value for row in rows)), max(row.value for row in rows) or 1.0),
    )  # fmt: skip
    chart.x_labels = labels[::-1]
    chart.add("", [row.value for row in rows][::-1])
    tree = chart.render_tree()
    _clean(tree)
    tree.attrib.pop("id", None)
    tree.attrib.pop("class", None)
    tree.set("class", "chart")
    tree.set("role", "img")
    tree.set("aria-label", f"{title}: " + "; ".join(f"{row.label} {said(row.value)}" for row in rows))
    ElementTree.register_namespace("", _NAMESPACE.strip("{}"))
    return ElementTree.tostring(tree, encoding="unicode")


def _short(label: str) -> str:
    shown = visible(label)
    return shown if len(shown) <= LONGEST_LABEL else f"…{shown[1 - LONGEST_LABEL :]}"


def _clean(element: ElementTree.Element) -> None:
    """Without what a strict page forbids (styles, scripts, links), and without what only a pointer would see."""
    element.attrib.pop("style", None)
    for child in list(element):
        name = child.tag.removeprefix(_NAMESPACE) if isinstance(child.tag, str) else "script"  # a comment
        if name in _DROPPED or "tooltip-overlay" in child.get("class", ""):
            element.remove(child)
        else:
            _clean(child)
