"""What a fix is: what a rule asks for (`Wanted`) and what becomes of it in a file (`Fix`), both plain data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal, NamedTuple

import msgspec

from llmlint.facts.call_site import FactValue, Location, Step


class Safety(Enum):
    """Whether a fix keeps what the program does. An unsafe one is applied only when somebody asks for it."""

    SAFE = "safe"
    UNSAFE = "unsafe"


FixKind = Literal["set-argument", "send-schema", "move-behind", "sort-set", "remove-suppression"]
Standing = Literal["call", "construction", "caller", "comment"]
"""What stands at the place of a finding: the call itself, the construction of its client, a caller, a comment."""


class Wanted(msgspec.Struct, frozen=True, gc=False):
    """A fix that a rule asks for at a finding. `values` are the parameters of its kind, `origins` where facts among
    them come from.
    """

    kind: FixKind
    title: str
    safety: Safety
    standing: Standing
    values: Mapping[str, FactValue] = {}
    origins: Mapping[str, tuple[Step, ...]] = {}


class Edit(msgspec.Struct, frozen=True, order=True, gc=False):
    """The source in `location`, which ends before its end, becomes `text`. Nothing is removed where both are one."""

    location: Location
    text: str


class Fix(msgspec.Struct, frozen=True, gc=False):
    """`edits`, in one file and in its order, are to be made all or none; none where llmlint leaves the change to
    people. `sketch` is code that shows what is meant, "" where the edits say it all.
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...] = ()
    sketch: str = ""


class Parameter(NamedTuple):
    """What a rule file gives to a fix. `type`: `text` with places to fill in, `code` as it is, a `value` or
    `$option.name` (as text with places to fill in, too), or the name of a `fact`.
    """

    name: str
    type: Literal["text", "code", "value", "fact"]
    meaning: str
    needed: bool = True


class KindSpec(NamedTuple):
    """What people are told about a kind of fix."""

    meaning: str
    parameters: tuple[Parameter, ...] = ()


KINDS: Mapping[FixKind, KindSpec] = {
    "set-argument": KindSpec(
        "gives the call an argument, or another value to one that is written there as a constant; also in a "
        "dictionary that is splatted into the call",
        (
            Parameter("argument", "text", "name of the argument"),
            Parameter("value", "value", "what it is set to"),
            Parameter("instead_of", "code", "other names of it, which it replaces where they are None", needed=False),
        ),
    ),
    "send-schema": KindSpec(
        "makes a schema of the keys that the code reads from an answer and sends it with the request: a class where "
        "the project uses pydantic, else a JSON schema",
        (
            Parameter("keys", "fact", "keys that are read"),
            Parameter("prompt", "fact", "text in which examples show the types of keys", needed=False),
            Parameter("certain", "fact", "what must be true for a change; else it is only shown", needed=False),
            Parameter("argument", "code", "argument that takes the JSON schema"),
            Parameter("schema", "code", "what is written there: `$name` and `$schema` are filled in"),
            Parameter("method", "code", "method that takes a class, instead of the one that is called", needed=False),
            Parameter("class_argument", "code", "argument of that method for the class", needed=False),
            Parameter("answer", "code", "way from the answer to its text", needed=False),
            Parameter("parsed", "code", "way from that method's answer to the instance", needed=False),
            Parameter("package", "code", "distribution that has the method", needed=False),
            Parameter("since", "code", "its first version that has it", needed=False),
        ),
    ),
    "move-behind": KindSpec(
        "moves the line, sentence, item or message with what changes behind the fixed text of the prompt",
        (
            Parameter("source", "fact", "the expression that changes"),
            Parameter("text", "fact", "fixed text: nothing is moved where it speaks of above or below", needed=False),
        ),
    ),
    "sort-set": KindSpec(
        "sorts a set of texts where its order gets into a prompt",
        (Parameter("source", "fact", "what changes, with the place where the set is made"),),
    ),
    "remove-suppression": KindSpec("removes names from a comment to llmlint, or the whole comment"),
}
"""What a rule may ask for. `llmlint.fixes` has the code for each."""
