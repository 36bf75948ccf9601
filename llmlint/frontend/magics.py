"""Source of one notebook cell to Python with the same lines: magics, shell lines and help lines become `pass`."""

from __future__ import annotations

import re

from llmlint.frontend.scanning import LineScanner, skip_blank

_CELL_MAGIC = re.compile(r"(?:[ \t]*(?:\#[^\n]*)?\n)*%%(\w*)([^\n]*)")
_PYTHON_CELLS = frozenset(
    {"capture", "debug", "lprun", "memit", "mprun", "prun", "py", "python", "python3", "scalene", "time", "timeit"}
)
_LINE = r"[^\n\\]*(?:\\.[^\n\\]*)*(?:\\\Z)?"
_MAGIC = re.compile(rf"[%!?]{_LINE}", re.DOTALL)
_HELP = re.compile(r"[^\n#'\"]*\?[ \t]*(?=\n|\Z)")
_ASSIGNED = re.compile(rf"(?P<target>[^\n=!%'\"\#(){{}}]*[\w\]])[ \t]*=[ \t]*[%!]{_LINE}", re.DOTALL)
_BARE_COMMAND = re.compile(
    rf"(?:cd|conda|export|ls|mamba|mkdir|pip3?|uv)[ \t]+(?!(?:and|if|in|is|not|or)\b)[\w.~/-]{_LINE}", re.DOTALL
)
_INDENTED = re.compile(r"(?:[ \t]*\n)*([ \t]+)(?=[^\s#])")
_TIMED = re.compile(
    r"(?P<magic>%(?:memit|prun|time|timeit)(?:[ \t]+-\w+(?:[ \t]+\d+)?)*[ \t]+)"
    r"(?!(?:async|class|def|for|if|match|try|while|with)\b)(?=[^\s-])"
)


def to_python(source: str) -> str:
    """Blank what is no Python. A cell in another language becomes empty lines; one that is indented is moved left."""
    indented = _INDENTED.match(source)
    if indented is not None:
        source = re.sub(f"^{indented[1]}", "", source, flags=re.MULTILINE)
    cell = _CELL_MAGIC.match(source)
    if cell is None:
        return _lines(source)
    if cell[1] not in _PYTHON_CELLS:
        return blank(source)
    return blank(cell[0]) + _lines(source[cell.end() :])


def blank(source: str) -> str:
    """Only the line ends of a text."""
    return "\n" * source.count("\n")


def _lines(source: str) -> str:
    """Magics are looked for at the start of logical lines only: `%` in a string or expression is none."""
    pieces: list[str] = []
    scanner = LineScanner(source)
    done, position = 0, skip_blank(source, 0)
    while position < len(source):
        end, replacement = _replaced(source, position)
        if end > position:
            pieces += (source[done:position], replacement)
            done = end
        else:
            end = scanner.code(position)
        position = skip_blank(source, end)
    return "".join([*pieces, source[done:]])


def _replaced(source: str, position: int) -> tuple[int, str]:
    """Where a magic at the start of a logical line ends and what replaces it; `position` if there is none."""
    timed = _TIMED.match(source, position)
    if timed is not None:
        return timed.end(), "pass;".ljust(len(timed[0]))
    assigned = _ASSIGNED.match(source, position)
    if assigned is not None:
        return assigned.end(), f"{assigned['target']} = None{blank(assigned[0])}"
    for pattern in (_MAGIC, _HELP, _BARE_COMMAND):
        magic = pattern.match(source, position)
        if magic is not None:
            return magic.end(), f"pass{blank(magic[0])}"
    return position, ""
