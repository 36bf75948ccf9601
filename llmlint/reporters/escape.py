"""Makes text of strangers safe for where it goes: terminals, Markdown, CI logs, JSON, spreadsheets."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from urllib.parse import quote

from llmlint.facts.call_site import FactValue

DEEPEST = 24
_LARGEST = 2**63

# Whatever can hide, reorder or forge text on a screen: C0 and C1 controls, line and paragraph separators,
# marks that change the direction of text, the byte-order mark, tag characters and lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~>$-])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    """The text on one line, with a tab as four blanks and every other unseen character as its escape."""
    return _UNSEEN.sub(_escape, text.replace("\t", "    "))


def encodable(encoding: str | None) -> Callable[[str], str]:
    """A function that replaces what a stream of that encoding can't take; None stands for UTF-8."""
    name = encoding or "utf-8"
    return lambda text: text.encode(name, "backslashreplace").decode(name)


def whole(text: str) -> str:
    """The text without lone surrogates, so that it can be encoded: what undecodable file names carry."""
    return _SURROGATES.sub("\ufffd", text)


def markdown(text: str) -> str:
    """Text that reads as itself in Markdown, on one line and inside a table."""
    one_line = visible(text.replace("\n", " "))
    return _MARKDOWN.sub(r"\\\1", one_line.replace("&", "&amp;").replace("<", "&lt;"))


def markdown_prose(text: str) -> str:
    """The same for text with `code` in backticks, which stays code."""
    plain_and_code = text.split("`")
    if len(plain_and_code) % 2 == 0:  # a backtick too many
        return markdown(text)
    return "".join(code_span(part) if at % 2 else markdown(part) for at, part in enumerate(plain_and_code))


def code_span(text: str) -> str:
    """A code span for Markdown that can stand in a table; backticks inside make the fence longer."""
    shown = visible(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown[:1] in ("`", "") or shown[-1:] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def uri(path: str) -> str:
    """A relative path as a URI; bytes of a file name that are no text stay the bytes they were."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:  # a lone half of a pair, as Windows allows in names
        return quote(path.encode("utf-8", "surrogatepass"))


def workflow_data(text: str) -> str:
    """The message of a workflow command; line breaks stay line breaks."""
    lines = (visible(line) for line in whole(text).split("\n"))
    return "\n".join(lines).replace("%", "%25").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """A value between the commas of a workflow command."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


def log_line(text: str) -> str:
    """A line of a CI log that can't be taken for a command."""
    return visible(whole(text)).replace("::", ": :").replace("##[", "## [")


def spreadsheet_cell(text: str) -> str:
    """A CSV field that a spreadsheet shows as text: what looks like a formula gets an apostrophe in front."""
    shown = visible(text)
    return f"'{shown}" if text.startswith(_FORMULA) else shown


def plain(value: FactValue, depth: int = 0) -> FactValue:
    """The value as any JSON reader takes it: no infinities, giant numbers, lone surrogates; not too deep."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST else "a number beyond 64 bits"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if depth == DEEPEST:
        return "(nested too deeply)"
    if isinstance(value, dict):
        return {whole(str(key)): plain(item, depth + 1) for key, item in value.items()}
    return [plain(item, depth + 1) for item in value]


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
