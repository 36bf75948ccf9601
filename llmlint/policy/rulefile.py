"""The form of a rule file as people write it: keys, their meaning and their limits."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from llmlint.cost.records import SavingKind
from llmlint.edits import FixKind

Scalar = bool | int | float | str
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\n]+$")]
Date = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


Conditions = Annotated[list["ConditionFile"], Field(min_length=1, max_length=200)]


class Entry(BaseModel):
    """The common form: unknown keys are mistakes."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class MembersFile(Entry):
    """A condition on the items of a list, or on the keys of a mapping."""

    list: Line
    """The fact."""
    where: ConditionFile
    """The condition on one item, which is called `item`."""


class WeightedFile(Entry):
    weight: Annotated[int, Field(ge=-100, le=100)]
    when: ConditionFile


class CountFile(Entry):
    at_least: Scalar
    """A whole number, or an option."""
    of: Conditions


class ScoreFile(Entry):
    at_least: Scalar
    """A whole number, or an option."""
    of: Annotated[list[WeightedFile], Field(min_length=1, max_length=200)]


Globs = Annotated[
    dict[Line, Line | Annotated[list[Line], Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=1)
]
Subjects = Annotated[dict[Line, Scalar], Field(min_length=1, max_length=1)]


class ConditionFile(Entry):
    """Exactly one of these keys. `option.name` may stand for a fact, `$option.name` for a value."""

    model_config: ClassVar[ConfigDict] = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    all: Conditions | None = None
    """Every one of these conditions holds."""
    any: Conditions | None = None
    """At least one of these conditions holds."""
    not_: ConditionFile | None = Field(default=None, alias="not")
    """This condition does not hold."""
    unproven: ConditionFile | None = None
    """This condition is false or can't be told: the rule may then speak without proof."""
    count: CountFile | None = None
    """At least so many of these conditions hold."""
    score: ScoreFile | None = None
    """The weights of those conditions that hold add up to at least so much."""
    some: MembersFile | None = None
    """At least one item of the list meets the condition."""
    every: MembersFile | None = None
    """Every item of the list meets the condition."""
    present: Line | None = None
    """The fact is known to be there."""
    absent: Line | None = None
    """The fact is known not to be there."""
    equals: Subjects | None = None
    """The fact has this value."""
    one_of: Annotated[dict[Line, list[Scalar] | str], Field(min_length=1, max_length=1)] | None = None
    """The fact has one of these values."""
    matches: Annotated[dict[Line, str], Field(min_length=1, max_length=1)] | None = None
    """The regular expression is found in the text. Its repeats must be bounded."""
    like: Globs | None = None
    """The whole text is like this, or like one of these: `*` stands for any characters, `?` for one."""
    within: Globs | None = None
    """The path is within this file or folder, or one of these: globs as in the `paths` of settings."""
    contains: Subjects | None = None
    """The list has this item, the mapping this key, the text this part."""
    above: Subjects | None = None
    """The number is greater than this."""
    below: Subjects | None = None
    """The number is smaller than this."""
    at_least: Subjects | None = None
    """The number is this or greater."""
    at_most: Subjects | None = None
    """The number is this or smaller."""

    @model_validator(mode="after")
    def _one_key(self) -> ConditionFile:
        if len(self.model_fields_set) != 1:
            given = ", ".join(sorted(name.rstrip("_") for name in self.model_fields_set)) or "none"
            hint = "join conditions with `all: [...]` or `any: [...]`"
            raise PydanticCustomError(
                "one_key", "a condition has exactly one key, here: {given}", {"given": given, "hint": hint}
            )
        if getattr(self, self.key) is None:
            raise PydanticCustomError("empty", "this condition is empty", {"hint": "give it a fact or conditions"})
        return self

    @property
    def key(self) -> str:
        """The name of the field that is set."""
        return next(iter(self.model_fields_set))


class OptionFile(Entry):
    """Something that a project may set for this rule."""

    type: Literal["integer", "number", "string", "boolean", "list"]
    """What it accepts."""
    default: Scalar | list[Scalar]
    """What it is where nobody sets it."""
    description: Line
    """What it does, on one line."""


class VariantFile(Entry):
    """Other sentences for some findings. What isn't said here stays as it is."""

    when: ConditionFile
    """Where they are said: the first variant whose condition is TRUE counts."""
    fact: Line | None = None
    """What is so at this call."""
    consequence: Line | None = None
    """What it leads to."""
    advice: Line | None = None
    """What to do."""


class MessageFile(Entry):
    """The three sentences of a finding. `{fact}` and `{option.name}` are filled in."""

    fact: Line
    """What is so at this call."""
    consequence: Line
    """What it leads to."""
    advice: Line
    """What to do."""
    variants: list[VariantFile] = []
    """Other sentences for some findings."""


class SavingFile(Entry):
    """What changes in the cost of a call when a finding is followed."""

    kind: SavingKind
    """batch, flex: the prices of that service. standard_tier: no fast prices. cheaper_model: the one that
    `model.cheaper` names. cached_prefix: the fixed text behind the change is read from the cache. output_cap: no answer
    is longer than expected. single_answer: one answer instead of several.
    """
    endpoints: list[Literal["generation", "embedding", "decision"]] = []
    """Kinds of endpoints for which it holds; all if none is named."""


class FixFile(Entry):
    """A change of the code that llmlint can make."""

    kind: FixKind
    """What is done; docs/fixes.md has the kinds and what each takes."""
    safety: Literal["safe", "unsafe"]
    """safe: the program does what it did. unsafe: it may do something else, so that somebody must ask for it."""
    title: Line
    """What it does, as a sentence; `{fact}` and `{option.name}` are filled in."""
    when: ConditionFile | None = None
    """Where it is asked for, if not at all findings of the rule."""
    with_: Annotated[dict[Line, Scalar], Field(alias="with")] = {}
    """The parameters of the kind."""


class ReferenceFile(Entry):
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    """Where it stands."""
    as_of: Date
    """The day on which it was read."""


class ExampleFile(Entry):
    """Either `code` or `files`."""

    name: Line
    """What it shows; no two examples of a rule have the same."""
    code: Text | None = None
    """One file, which is called example.py."""
    files: Annotated[dict[Line, str], Field(min_length=1, max_length=20)] | None = None
    """A small project: paths to contents, with prompts, settings and notebooks if need be."""
    fixed: (
        Annotated[str, Field(min_length=1)] | Annotated[dict[Line, str], Field(min_length=1, max_length=20)] | None
    ) = None
    """The same code once it is mended, where the rule must say nothing; files that are not named stay as they are."""
    options: dict[str, Scalar | list[Scalar]] = {}
    """Options that the rule has in this example."""

    @model_validator(mode="after")
    def _one_form(self) -> ExampleFile:
        if (self.code is None) == (self.files is None):
            raise PydanticCustomError(
                "code_or_files",
                "an example has either `code` or `files`",
                {"hint": "`files` maps paths to code where one file is not enough"},
            )
        return self


class ExamplesFile(Entry):
    """Tested by `llmlint test`. Lines where the rule speaks end in `# finding`, or `# undecided`."""

    bad: list[ExampleFile] = []
    """The rule speaks on the lines that end in `# finding`."""
    good: list[ExampleFile] = []
    """The rule says nothing."""
    undecided: list[ExampleFile] = []
    """The rule can't tell on the lines that end in `# undecided`."""


class RuleFile(Entry):
    """One rule of llmlint: when it speaks, what it says, why, and code that proves it."""

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)+$", max_length=60)]
    """The name in kebab-case; it reads after "allow"."""
    code: Annotated[str, Field(pattern=r"^[A-Z]{2,8}[0-9]{3,4}$")]
    """A short code: capitals and digits, e.g. LLM001."""
    category: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=30)]
    """One word for what it is about: cost, correctness, governance ..."""
    severity: Literal["info", "warning", "error"]
    """How bad it is where nobody sets it; `fail-on` decides from which one on a run fails."""
    summary: Line
    """One line on what the rule finds."""
    rationale: Text
    """Why it matters, with numbers and their dates."""
    when: ConditionFile
    """The problem. The rule speaks where this is TRUE."""
    message: MessageFile
    """What is said at a finding."""
    about: Line | None = None
    """The argument that a finding is about, or `surroundings.loop`. Where the construction of a client gives the
    argument to every call, the finding stands there, once for all calls; what is about the loop stands at what the
    loop calls.
    """
    saving: SavingFile | None = None
    """How following the rule saves money, where that can be worked out."""
    evidence: list[Line] = []
    """The facts whose origins are shown with a finding, in this order."""
    options: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], OptionFile] = {}
    """What a project may set: names to their type, default and description."""
    fix: Text
    """How to mend it, with code."""
    fixes: list[FixFile] = []
    """What llmlint can do about a finding. Of those whose `when` is TRUE the first that can be done counts."""
    when_not: Text
    """When not to care."""
    references: list[ReferenceFile] = []
    """Sources of the claims, with the day on which each was read."""
    examples: ExamplesFile = ExamplesFile()
    """Code that shows the rule at work."""
