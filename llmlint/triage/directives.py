"""Reads the text of one comment that speaks to llmlint: a directive, or what is wrong with it, comes out."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from difflib import get_close_matches

import msgspec

FORM = "`# llmlint: ignore[rule-name] reason`"
LONGEST_NAME = 60
"""No rule has a longer name; longer ones are shown cut and not compared with others."""

_MARKER = re.compile(r"(?:^|#)\s*llmlint\s*:\s*", re.IGNORECASE)
_VERB = re.compile(r"[A-Za-z][\w-]*")
_NEXT_COMMENT = re.compile(r"\s#(?!\d)")  # "#12" is a ticket, not a comment
_CODE = re.compile(r"[A-Za-z]{2,8}\d{3,4}$")
_UNTIL = re.compile(r"\buntil[ :]+(\d{4}-\d{1,2}-\d{1,2})(?![\d-])", re.IGNORECASE)
_FORMS = ("ignore", "ignore-file")
_ELSEWHERE = ("disable", "noqa", "nolint", "nosec", "off", "skip", "suppress")
_ABOVE = ("ignore-line", "ignore-next", "ignore-next-line", "disable-next-line")


class Directive(msgspec.Struct, frozen=True):
    """`names` are as written, without doubles; empty for all rules. `whole_file` for `ignore-file`.

    `until` is the last day (ISO) on which it silences, "" for ever; the reason holds these words too.
    """

    whole_file: bool
    names: tuple[str, ...]
    reason: str
    until: str = ""

    @property
    def explained(self) -> bool:
        """Whether it says why, and not only until when."""
        return bool(_UNTIL.sub("", self.reason).strip(" ,;:.-"))


class Malformed(msgspec.Struct, frozen=True):
    """`what` is wrong, as a clause; `hint` says in a sentence what was probably meant."""

    what: str
    hint: str


def read_directive(text: str, known: Collection[str]) -> Directive | Malformed | None:
    """The directive in a comment. None if it only mentions llmlint. `known` are names and codes of rules."""
    marker = _MARKER.search(text)
    if marker is None:
        return None
    said = text[marker.end() :].strip()
    verb = _VERB.match(said)
    if verb is None:
        return Malformed("nothing is asked of llmlint", f"Write {FORM}.")
    if verb[0].lower() not in _FORMS:
        return Malformed(f"`{cut(verb[0])}` is not known", _hint_for_verb(verb[0].lower()))
    return _read_names(verb[0].lower(), said[verb.end() :].strip(), known)


def likely(name: str, known: Collection[str]) -> str:
    """The known name that was probably meant, or ""."""
    if len(name) > LONGEST_NAME:
        return ""
    matches = get_close_matches(name.lower(), {each.lower(): each for each in known}, n=1, cutoff=0.7)
    return next((each for each in known if matches and each.lower() == matches[0]), "")


def cut(name: str) -> str:
    """A name of strangers, short enough for a message."""
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"


def _read_names(verb: str, rest: str, known: Collection[str]) -> Directive | Malformed:
    whole_file = verb == "ignore-file"
    if not rest.startswith("["):
        return _without_brackets(verb, rest, known)
    inside, closed, after = rest[1:].partition("]")
    if not closed:
        return Malformed("the `[` is never closed", f"Write {FORM}.")
    names = tuple(dict.fromkeys(name.strip() for name in inside.split(",") if name.strip()))
    if not names:
        return Malformed("no rule stands between the brackets", f"Write {FORM}.")
    return _dated(Directive(whole_file, names, _reason(after)))


def _without_brackets(verb: str, rest: str, known: Collection[str]) -> Directive | Malformed:
    """All rules, unless what follows looks like a rule that was meant to stand in brackets."""
    word = re.split(r"[\s,)\]]", rest.lstrip("(:= "), maxsplit=1)[0]
    named = bool(_CODE.match(word)) or ("-" in word and bool(likely(word, known)))
    if named or rest[:1] in ("(", "=") or (rest[:1] == ":" and word):
        hint = cut(likely(word, known) or word or "rule-name")
        return Malformed(f"rules stand in brackets after `{verb}`", f"Write `# llmlint: {verb}[{hint}] reason`.")
    return _dated(Directive(verb == "ignore-file", (), _reason(rest)))


def _dated(directive: Directive) -> Directive | Malformed:
    """With the day up to which it holds, where the reason names one."""
    said = _UNTIL.search(directive.reason)
    if said is None:
        return directive
    try:
        return msgspec.structs.replace(directive, until=date.fromisoformat(said[1]).isoformat())
    except ValueError:
        return Malformed(f"`{said[1]}` is no day", "Write it as in `until 2027-01-31`.")


def _reason(text: str) -> str:
    """What follows the brackets, up to the next comment on the line, without leading dashes."""
    return _NEXT_COMMENT.split(text, maxsplit=1)[0].strip().lstrip("-\u2013\u2014:").strip()


def _hint_for_verb(verb: str) -> str:
    if verb in _ABOVE:
        return "`ignore[...]` alone on the line above a statement speaks about that statement."
    if verb in _ELSEWHERE or verb.startswith("ignore"):
        return f"Write {FORM}."
    meant = likely(verb, _FORMS)
    return f"Did you mean `{meant}[...]`?" if meant else f"llmlint knows {FORM} and `ignore-file[...]`."
