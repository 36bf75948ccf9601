"""A finding is data: what is wrong where, how it is known, and what to do. Also what stayed undecided."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from enum import Enum

import msgspec

from llmlint.edits import Fix, Wanted
from llmlint.facts.call_site import Location, Step
from llmlint.facts.vocabulary import FactSpec


class Severity(Enum):
    """Ordered: a finding fails the run when its severity is at or above `--fail-on`."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Status(Enum):
    ACTIVE = "active"
    SUPPRESSED = "suppressed"
    BASELINED = "baselined"


class Finding(msgspec.Struct, frozen=True, gc=False):
    """`message` is one sentence of fact, one of consequence, one of advice. `evidence` leads to it, in order.

    `calls` are the call sites that it is about, where it is about any: it may stand elsewhere, at a caller or where the
    client is built. `ways` are, for each of them, the numbers of the paths on which it holds; none: all. `fingerprint`
    stays the same when lines move. `reason` says why a finding is suppressed. `help` is one line of what to do next,
    e.g. the command that explains the rule. `function` is the one around the call that it is about, "" for none.
    `wanted` are the fixes that its rule asks for, of which the first that can be made counts; `fix` is what became of
    them, None where nobody has looked or none can be made.
    """

    rule: str
    code: str
    severity: Severity
    location: Location
    message: str
    evidence: tuple[Step, ...] = ()
    status: Status = Status.ACTIVE
    fingerprint: str = ""
    help: str = ""
    reason: str = ""
    calls: tuple[Location, ...] = ()
    ways: tuple[tuple[int, ...], ...] = ()
    function: str = ""
    wanted: tuple[Wanted, ...] = ()
    fix: Fix | None = None


class Undecided(msgspec.Struct, frozen=True, gc=False):
    """A rule that could be neither TRUE nor FALSE at a call, with the facts that were missing and why."""

    rule: str
    code: str
    location: Location
    reasons: tuple[str, ...]


class RuleExample(msgspec.Struct, frozen=True):
    """Code that shows a rule at work. `verdict` is "bad" or "good"; `files` maps paths to contents."""

    verdict: str
    name: str
    files: Mapping[str, str]


class RuleOption(msgspec.Struct, frozen=True):
    """A setting of one rule. `default` is written as in the configuration file."""

    name: str
    default: str
    meaning: str


class RuleFix(msgspec.Struct, frozen=True):
    """A fix that a rule may ask for: its kind, what the kind does, and whether it is safe or unsafe."""

    kind: str
    meaning: str
    safety: str


class RuleInfo(msgspec.Struct, frozen=True):
    """What people are told about a rule, by reports and by `llmlint explain`. Texts have `code` in backticks.

    `summary` is one line; `rationale` says why it matters, `when_not` when not to care, `fix` what to do.
    `facts` are names of the vocabulary that decide, `references` sources as people read them.
    """

    name: str
    code: str
    severity: Severity
    summary: str
    category: str = ""
    rationale: str = ""
    when_not: str = ""
    fix: str = ""
    examples: tuple[RuleExample, ...] = ()
    facts: tuple[str, ...] = ()
    options: tuple[RuleOption, ...] = ()
    references: tuple[str, ...] = ()
    fixes: tuple[RuleFix, ...] = ()


class KeyInfo(msgspec.Struct, frozen=True):
    """What people are told about one key of conditions. `form` shows how it is written.

    `takes` are the types of fact that it can ask about; none where it joins conditions.
    """

    name: str
    form: str
    meaning: str
    takes: tuple[str, ...] = ()


class FormatInfo(msgspec.Struct, frozen=True):
    """How a placeholder of a message writes a value. `shown` is an example."""

    form: str
    meaning: str
    shown: str
    takes: tuple[str, ...] = ()


class Language(msgspec.Struct, frozen=True):
    """Everything that a rule may be made of, besides its texts."""

    facts: tuple[FactSpec, ...]
    keys: tuple[KeyInfo, ...]
    formats: tuple[FormatInfo, ...]
    option_types: tuple[tuple[str, str], ...]
    """Types of options, and what they accept."""


def fingerprint(likeness: Sequence[str], ordinal: int) -> str:
    """Sixteen hex digits. `likeness` is all but the line; `ordinal` counts those that are alike from 0."""
    text = "\x00".join([*likeness, str(ordinal)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
