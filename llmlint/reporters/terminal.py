"""Writes styled, wrapped lines to a stream; the only module that imports rich. Text is never markup."""

from __future__ import annotations

import re
from typing import TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from llmlint.findings import Severity
from llmlint.reporters.escape import encodable, visible
from llmlint.reporters.prose import blocks
from llmlint.reporters.report import NARROWEST, View

WIDEST_PROSE = 100
_SPAN = re.compile("`[^`]+`")
# A wide character (Chinese, Japanese, Korean) may begin a line; other text breaks at blanks only.
_WIDE = "\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_WORD = re.compile(f"[{_WIDE}] *|[^ {_WIDE}]+ *| +")

SEVERITY_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

_GLYPHS = {"bar": ("│", "|"), "rule": ("─", "-"), "cut": ("…", "..."), "gap": ("⋮", ":")}


class Terminal:
    """A page of text of a known width. What `line` gets is never broken, so that paths stay clickable."""

    def __init__(self, out: TextIO, view: View) -> None:
        encoding = getattr(out, "encoding", None)
        self.width = max(NARROWEST, view.width)
        self._encodable = encodable(encoding)
        self._ascii = any(self._encodable(fine) != fine for fine, _ in _GLYPHS.values())
        self._out = out
        self._console = (
            Console(
                file=out,
                width=self.width,
                color_system="standard",
                force_terminal=True,
                no_color=False,
                highlight=False,
                markup=False,
                emoji=False,
            )
            if view.color
            else None
        )

    def glyph(self, name: str) -> str:
        """A drawing character, or what stands for it where the stream is ASCII."""
        return _GLYPHS[name][self._ascii]

    def text(self, text: str, style: str = "") -> Text:
        """Text of strangers as a piece of a line: one line, nothing unseen."""
        return Text(self._encodable(visible(text)), style)

    def prose(self, text: str, style: str = "") -> Text:
        """The same, with `code` in backticks set apart where there is colour."""
        prose = self.text(text, style)
        for match in _SPAN.finditer(prose.plain):
            prose.stylize("bold", *match.span())
        return prose

    def line(self, *parts: str | Text) -> None:
        """One line, however long."""
        line = Text()
        for part in parts:
            line.append_text(part if isinstance(part, Text) else self.text(part))
        line.rstrip()
        if self._console is None:
            self._out.write(f"{line.plain}\n")
        else:
            self._console.print(line, soft_wrap=True)

    def wrapped(self, text: Text, indent: str = "", first: str | Text | None = None) -> None:
        """Prose in lines that fit; `first` stands before the first line and `indent` before the others."""
        head = self.text(indent) if first is None else first if isinstance(first, Text) else self.text(first)
        room = max(20, min(self.width, WIDEST_PROSE) - cell_len(indent))
        for number, piece in enumerate(text.divide(_breaks(text.plain, room))):
            piece.rstrip()
            self.line(head if number == 0 else self.text(indent), piece)

    def article(self, text: str, indent: str = "") -> None:
        """Text as people write it in YAML: prose is wrapped, list items hang, code stays as it is."""
        for number, block in enumerate(blocks(text)):
            if number:
                self.line()
            if block.code:
                for line in block.lines:
                    self.line(f"{indent}    ", self.text(line, "cyan"))
            for item in () if block.code else block.lines:
                hang = "  " if item.startswith("- ") else ""
                self.wrapped(self.prose(item), indent + hang, indent)

    def cut(self, text: str, room: int) -> str:
        """The text in at most `room` columns, with a mark where something is missing."""
        shown = self._encodable(visible(text))
        if cell_len(shown) <= room:
            return shown
        mark = self.glyph("cut")
        return set_cell_size(shown, max(0, room - len(mark))) + mark


def columns(text: str) -> int:
    """How many columns the text takes on a screen."""
    return cell_len(text)


def _breaks(text: str, room: int) -> list[int]:
    """Where to break prose. A word longer than the room, such as a path, stays whole."""
    breaks: list[int] = []
    used = 0
    for match in _WORD.finditer(text):
        width = cell_len(match[0].rstrip())
        if used and used + width > room:
            breaks.append(match.start())
            used = 0
        used += cell_len(match[0])
    return breaks
