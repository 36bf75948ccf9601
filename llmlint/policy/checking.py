"""Conditions, messages and options of a rule file checked against the vocabulary and made into plain records.

Every mistake becomes a problem with its place in the document; the records are of use only if there was none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from llmlint.document import Document, Path
from llmlint.errors import Problem, suggest
from llmlint.facts import vocabulary
from llmlint.policy import messages, patterns
from llmlint.policy.conditions import ITEM, OPTION
from llmlint.policy.grouping import LOOP
from llmlint.policy.guarantees import known_facts
from llmlint.policy.operators import OPERATORS, SCALARS
from llmlint.policy.options import fits, kind_of
from llmlint.policy.rulefile import (
    ConditionFile,
    CountFile,
    MembersFile,
    MessageFile,
    ScoreFile,
    VariantFile,
    WeightedFile,
)
from llmlint.policy.rules import (
    AllOf,
    AnyOf,
    Condition,
    Members,
    Message,
    Not,
    Operand,
    Option,
    OptionValue,
    Question,
    Scalar,
    Score,
    Unproven,
    Variant,
    Weighted,
)

MAX_DEPTH = 10
MAX_CONDITIONS = 1_000
_NOTHING = AllOf(())


class Checker:
    """Collects `problems` while it turns the parts of one rule file into records."""

    def __init__(self, document: Document, options: dict[str, Option]) -> None:
        self.document = document
        self.options = options
        self.problems: list[Problem] = []
        self._conditions_seen = 0

    def report(self, path: Path, message: str, hint: str = "") -> None:
        """One more mistake, at the key or list item at the end of `path`."""
        self.problems.append(self.document.problem(path, message, hint))

    # --- conditions

    def condition(self, file: ConditionFile, path: Path, item: bool = False, depth: int = 1) -> Condition:
        """The condition as a record. `item` says whether it speaks about the item of a list."""
        if depth > MAX_DEPTH:
            self.report(path, f"conditions nested more than {MAX_DEPTH} deep", "make it flatter")
            return _NOTHING
        self._conditions_seen += 1
        if self._conditions_seen > MAX_CONDITIONS:
            if self._conditions_seen == MAX_CONDITIONS + 1:
                self.report(path, f"more than {MAX_CONDITIONS:,} conditions in one rule", "make several rules of it")
            return _NOTHING
        key = file.key.rstrip("_")
        content, inner = getattr(file, file.key), (*path, key)
        if isinstance(content, ConditionFile):
            part = self.condition(content, inner, item, depth + 1)
            return Not(part) if key == "not" else Unproven(part)
        if key in ("all", "any"):
            parts = tuple(self._conditions(content, inner, item, depth))
            return AllOf(parts) if key == "all" else AnyOf(parts)
        if isinstance(content, MembersFile):
            if item:
                self.report(inner, f"`{key}` can't stand inside of `where`", f"ask about `{ITEM}`")
            return self._members(key, content, inner, depth)
        if isinstance(content, (CountFile, ScoreFile)):
            return self._score(content, inner, item, depth)
        return self._question(key, content, inner, item)

    def _conditions(self, files: Sequence[ConditionFile], path: Path, item: bool, depth: int) -> Iterable[Condition]:
        for index, file in enumerate(files):
            yield self.condition(file, (*path, index), item, depth + 1)

    def _members(self, key: str, file: MembersFile, path: Path, depth: int) -> Condition:
        self._subject(file.list, ("list", "mapping"), (*path, "list"), f"`{key}`", item=False)
        where = self.condition(file.where, (*path, "where"), item=True, depth=depth + 1)
        return Members("some" if key == "some" else "every", file.list, where)

    def _score(self, file: CountFile | ScoreFile, path: Path, item: bool, depth: int) -> Condition:
        parts: list[Weighted] = []
        for index, part in enumerate(file.of):
            here = (*path, "of", index)
            if isinstance(part, WeightedFile):
                parts.append(Weighted(part.weight, self.condition(part.when, (*here, "when"), item, depth + 1)))
            elif isinstance(part, ConditionFile):
                parts.append(Weighted(1, self.condition(part, here, item, depth + 1)))
        return Score(self._threshold(file.at_least, (*path, "at_least")), tuple(parts))

    def _threshold(self, value: Scalar, path: Path) -> int | OptionValue:
        operand = self._operand(value, "number", path)
        if isinstance(operand, OptionValue) or (isinstance(operand, int) and not isinstance(operand, bool)):
            return operand
        if kind_of(value) == "number":
            self.report(path, f"{value} is not a whole number")
        return 0

    def _question(self, key: str, content: object, path: Path, item: bool) -> Condition:
        operator = OPERATORS[key]
        if isinstance(content, str):
            self._subject(content, operator.subjects, path, f"`{key}`", item)
            return Question(key, content)
        subject, value = next(iter(content.items())) if isinstance(content, dict) else ("", True)
        here = (*path, subject)
        kind = self._subject(subject, operator.subjects, here, f"`{key}`", item)
        if operator.operand == "pattern":
            self._pattern(value, here)
            return Question(key, subject, value)
        return Question(key, subject, self._operands(operator.operand, value, kind, subject, here))

    def _operands(self, wanted: str, value: object, kind: str, subject: str, path: Path) -> Operand:
        """The value or values that the subject is compared with, checked for type and vocabulary."""
        if wanted in ("globs", "paths"):
            return self._globs(value, path, wanted == "paths")
        if wanted == "number":
            kind = "number"
        elif wanted == "part":
            kind = "string" if kind in ("string", "mapping") else ""
        if wanted == "several" and not isinstance(value, list):
            return self._operand(value, "list", path)
        values = value if isinstance(value, list) else [value]
        operands = tuple(self._operand(one, kind, path) for one in values)
        self._vocabulary(subject, operands, path)
        return operands if isinstance(value, list) else operands[0]

    def _globs(self, value: object, path: Path, of_paths: bool) -> Operand:
        """One glob or several, or an option that holds them."""
        if isinstance(value, str) and value.startswith("$"):
            option = self._option_value(value, "", path)
            if (known := self.options.get(option.name)) and known.type not in ("string", "list"):
                self.report(path, f"option `{option.name}` is a {known.type}, but a string or list is needed here")
            return option
        found = tuple(self._glob(one, path, of_paths) for one in (value if isinstance(value, list) else [value]))
        return found if isinstance(value, list) else found[0]

    def _glob(self, value: object, path: Path, of_paths: bool) -> Scalar | OptionValue:
        operand = self._operand(value, "string", path)
        if of_paths and isinstance(operand, str) and (fault := _unfit_for_paths(operand)):
            self.report(path, f"`{operand}` matches no path: {fault}", "write it from the project's folder, with `/`")
        return operand

    def _operand(self, value: object, kind: str, path: Path) -> Scalar | OptionValue:
        """One value, or the option it names. `kind` is its type, "" for any."""
        if isinstance(value, str) and value.startswith("$"):
            return self._option_value(value, kind, path)
        if not isinstance(value, str | int | float | bool) or (kind and kind_of(value) != kind):
            self.report(path, f"{_shown(value)} is not a {kind}", "" if kind != "list" else "write [first, second]")
            return True
        return value

    def operand(self, value: Scalar, path: Path) -> Scalar | OptionValue:
        """A value, or the option that it names."""
        return self._operand(value, "", path)

    def _option_value(self, text: str, kind: str, path: Path) -> OptionValue:
        name = text.removeprefix("$").removeprefix(OPTION)
        option = self.options.get(name) if text.startswith("$" + OPTION) else None
        if option is None:
            self.report(
                path,
                f"unknown option `{text}`",
                suggest(text, (f"${OPTION}{known}" for known in self.options)),
            )
        elif kind and kind_of(option.default) != kind:
            self.report(path, f"option `{name}` is a {option.type}, but a {kind} is needed here")
        return OptionValue(name)

    def _vocabulary(self, subject: str, operands: Iterable[Operand], path: Path) -> None:
        spec = vocabulary.NAMES.get(subject)
        for operand in operands if spec and spec.values else ():
            if isinstance(operand, str) and spec and operand not in spec.values:
                self.report(path, f"`{subject}` is never `{operand}`", suggest(operand, spec.values))

    def _pattern(self, value: object, path: Path) -> None:
        refusal = patterns.problem(value) if isinstance(value, str) else "is no text"
        if refusal:
            self.report(path, f"the pattern {refusal}")

    # --- names

    def _subject(self, name: str, types: Sequence[str], path: Path, user: str, item: bool) -> str:
        """The type of what a condition asks about, "" if that is not fixed. Reports what does not fit."""
        if name == ITEM and item:
            return ""
        kind = self._type(name, path)
        if item:
            self.report(path, f"`{name}` can't be asked inside of `where`", f"ask about `{ITEM}`")
        elif kind and kind not in types:
            self.report(path, f"{user} takes a {' or '.join(types)}, but `{name}` is a {kind}", _operators_for(kind))
            return ""  # what it is compared with needs no complaint of its own
        return kind

    def _type(self, name: str, path: Path) -> str:
        """The type of a fact or option, "" and a problem if there is none of that name."""
        if name.startswith(OPTION) and (option := self.options.get(name.removeprefix(OPTION))):
            return kind_of(option.default)
        if name in vocabulary.NAMES:
            return vocabulary.NAMES[name].type
        known = [*vocabulary.NAMES, *(OPTION + option for option in self.options)]
        self.report(path, f"unknown fact `{name}`", suggest(name, known))
        return ""

    def about(self, name: str | None) -> str:
        """The argument that a finding is about, or the loop, checked."""
        if name is None or name == LOOP:
            return name or ""
        if name not in vocabulary.NAMES or not name.startswith("argument."):
            arguments = [each for each in vocabulary.NAMES if each.startswith("argument.")]
            self.report(("about",), f"unknown argument `{name}`", suggest(name, arguments))
        return name.removeprefix("argument.")

    def evidence(self, names: Sequence[str]) -> tuple[str, ...]:
        """The names of facts, each checked."""
        for index, name in enumerate(names):
            if name not in vocabulary.NAMES:
                self.report(("evidence", index), f"unknown fact `{name}`", suggest(name, vocabulary.NAMES))
        return tuple(names)

    # --- messages

    def message(self, file: MessageFile, when: Condition) -> Message:
        """The sentences, their placeholders checked against what the condition makes sure of."""
        certain = known_facts(when)
        for key in _SENTENCES:
            self.sentence(getattr(file, key), ("message", key), certain)
        variants = tuple(self._variant(each, index, certain) for index, each in enumerate(file.variants))
        return Message(file.fact, file.consequence, file.advice, variants)

    def _variant(self, file: VariantFile, index: int, certain: frozenset[str]) -> Variant:
        here: Path = ("message", "variants", index)
        when = self.condition(file.when, (*here, "when"))
        said = {key: text for key in _SENTENCES if (text := getattr(file, key)) is not None}
        for key, text in said.items():
            self.sentence(text, (*here, key), certain | known_facts(when))
        if not said:
            self.report(here, "it says nothing else", f"give one of {', '.join(f'`{key}`' for key in _SENTENCES)}")
        return Variant(when, **said)

    def sentence(self, text: str, path: Path, certain: frozenset[str]) -> None:
        """Reports what is wrong with a sentence that has places to fill in."""
        if not text.endswith("."):
            self.report(path, "not a sentence", "end it with a full stop")
        self.template(text, path, certain)

    def template(self, text: str, path: Path, certain: frozenset[str] | None = None) -> None:
        """The same of a text. Where `certain` is None, a fact that isn't known needs no other words."""
        try:
            places = messages.placeholders(messages.parse(text))
        except messages.TemplateError as error:
            self.report(path, str(error))
            return
        for place in places:
            self._placeholder(place, path, certain)

    def _placeholder(self, place: messages.Placeholder, path: Path, certain: frozenset[str] | None) -> None:
        kind = self._type(place.name, path)
        shown = messages.FORMATS[place.format][0]
        if kind and kind not in shown:
            formats = [name for name, (types, _) in messages.FORMATS.items() if kind in types and name]
            hint = f"write `{{{place.name}:{formats[0]}}}`" if formats else ""
            self.report(path, f"`{place.name}` is a {kind} and can't be shown like that", hint)
        may_lack = certain is not None and not place.name.startswith(OPTION) and place.name not in certain
        if kind and may_lack and place.alternative is None:
            self.report(
                path,
                f"`{place.name}` may be unknown or absent here",
                f"say what to write then: `{{{place.name}|the ...}}`",
            )


_SENTENCES = ("fact", "consequence", "advice")


def check_options(checker: Checker) -> None:
    """Reports defaults that don't fit the type of their option."""
    for name, option in checker.options.items():
        if not fits(option.type, option.default):
            checker.report(("options", name, "default"), f"the default of `{name}` is not of type {option.type}")


def _unfit_for_paths(glob: str) -> str:
    parts = glob.split("/")
    if "\\" in glob:
        return "it has a backslash"
    return f"it goes through `{parts[0] or '..'}`" if parts[0] == "." or ".." in parts else ""


def _operators_for(kind: str) -> str:
    names = [name for name, operator in OPERATORS.items() if kind in operator.subjects]
    names += ["some", "every"] if kind in ("list", "mapping") else []
    return "these take it: " + ", ".join(f"`{name}`" for name in names)


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) and kind_of(value) in SCALARS else f"{value!r:.60}"
