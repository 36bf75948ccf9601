"""What a checked rule consists of: plain, immutable, encodable records, free of YAML and of validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from llmlint.cost.records import SavingRule
from llmlint.edits import FixKind, Safety
from llmlint.findings import Severity

Scalar: TypeAlias = str | int | float | bool
OptionType = Literal["integer", "number", "string", "boolean", "list"]
OptionValues: TypeAlias = Mapping[str, Scalar | tuple[Scalar, ...]]

MATCHED_TEXT = 2_000
"""Patterns look at this many characters of a text; what stands behind them is not known to the rule."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The common form: frozen, encodable."""


# --- conditions -------------------------------------------------------------------------------------------


class OptionValue(Record, frozen=True, tag="option"):
    """`$option.name` in a rule file: the value that the option has where the rule is evaluated."""

    name: str


Operand: TypeAlias = Scalar | OptionValue | tuple[Scalar | OptionValue, ...]


class AllOf(Record, frozen=True, tag="all"):
    of: tuple[Condition, ...]


class AnyOf(Record, frozen=True, tag="any"):
    of: tuple[Condition, ...]


class Not(Record, frozen=True, tag="not"):
    of: Condition


class Unproven(Record, frozen=True, tag="unproven"):
    """Holds where the condition is FALSE or UNKNOWN: the only way to speak where nothing is known."""

    of: Condition


class Question(Record, frozen=True, tag="question"):
    """One operator on one subject: a fact, `option.NAME`, or `item` inside `Members`.

    `operator` is a key of `operators.OPERATORS`; the operand is True for operators that take none.
    """

    operator: str
    subject: str
    operand: Operand = True


class Members(Record, frozen=True, tag="members"):
    """Whether some or every item of a list fact meets the condition on `item`."""

    quantifier: Literal["some", "every"]
    subject: str
    where: Condition


class Weighted(Record, frozen=True):
    weight: int
    when: Condition


class Score(Record, frozen=True, tag="score"):
    """Whether the weights of the conditions that hold add up to at least so much."""

    at_least: int | OptionValue
    of: tuple[Weighted, ...]


Condition: TypeAlias = AllOf | AnyOf | Not | Unproven | Question | Members | Score


# --- rules ------------------------------------------------------------------------------------------------


class Option(Record, frozen=True):
    """A number or word of the rule that a project may set. `type` decides what it accepts."""

    type: OptionType
    default: Scalar | tuple[Scalar, ...]
    description: str


class Variant(Record, frozen=True):
    """Sentences that replace those of the message where `when` is TRUE; "" keeps the message's own."""

    when: Condition
    fact: str = ""
    consequence: str = ""
    advice: str = ""


class Message(Record, frozen=True):
    """The three sentences of a finding, as templates: see `messages`. Of the variants the first that holds counts."""

    fact: str
    consequence: str
    advice: str
    variants: tuple[Variant, ...] = ()


class FixRule(Record, frozen=True):
    """A fix that the rule asks for where `when` is TRUE, or always without it. `title` and those parameters that are
    texts are templates as in messages; `parameters` fit the kind.
    """

    kind: FixKind
    safety: Safety
    title: str
    parameters: dict[str, Scalar | OptionValue]
    when: Condition | None = None


class Reference(Record, frozen=True):
    """A source of the rule's claims and the day it was read (ISO)."""

    url: str
    as_of: str


class Example(Record, frozen=True):
    """Code that shows the rule at work. `files` maps paths to contents; a single snippet is `example.py`.

    `options` are those that the rule has in this example, where they are not the defaults. `fixed` holds the files of
    a bad example once they are mended, none where the example doesn't show that.
    """

    verdict: Literal["good", "bad", "undecided"]
    name: str
    files: dict[str, str]
    options: dict[str, Scalar | tuple[Scalar, ...]] = {}
    fixed: dict[str, str] = {}


class Rule(Record, frozen=True):
    """One rule as its file says, checked. `source` is the path of the file as shown to people."""

    rule: str
    code: str
    category: str
    severity: Severity
    summary: str
    rationale: str
    when: Condition
    message: Message
    evidence: tuple[str, ...]
    options: dict[str, Option]
    fix: str
    when_not: str
    references: tuple[Reference, ...]
    examples: tuple[Example, ...]
    source: str
    saving: SavingRule | None = None
    """How following the rule saves money; None where it doesn't, or nobody can say how much."""
    fixes: tuple[FixRule, ...] = ()
    """What llmlint may do about a finding; of several the first that can be done."""
    about: str = ""
    """The argument that a finding is about, without `argument.`; "" for the call itself."""

    def defaults(self) -> dict[str, Scalar | tuple[Scalar, ...]]:
        """The options with the values that the rule file gives them."""
        return {name: option.default for name, option in self.options.items()}


encode = msgspec.json.Encoder().encode
"""Rules in a form that `decode` reads back without any validation of YAML: for a cache."""

_decoder = msgspec.json.Decoder(tuple[Rule, ...])


def decode(data: bytes) -> tuple[Rule, ...]:
    """Rules from their encoded form. Raises `msgspec.MsgspecError` when the data are anything else."""
    return _decoder.decode(data)
