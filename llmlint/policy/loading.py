"""Rule files go in, checked rules come out; all mistakes of all files are reported at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from llmlint import yamlfile
from llmlint.cost.records import SavingRule
from llmlint.document import Document
from llmlint.errors import Problem, ProblemsError
from llmlint.findings import Severity
from llmlint.policy.checking import Checker, check_options
from llmlint.policy.examples import examples
from llmlint.policy.fixes import fixes
from llmlint.policy.options import plain
from llmlint.policy.rulefile import RuleFile
from llmlint.policy.rules import Option, Reference, Rule

SUFFIXES = (".yaml", ".yml")


def builtin_rules() -> Path:
    """The folder of the rules that come with llmlint: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parent / "rules"


def rule_files(locations: Sequence[Path]) -> list[Path]:
    """The rule files among and below the locations, sorted. Raises `ProblemsError` where there is none."""
    found: list[Path] = []
    problems: list[Problem] = []
    for location in locations:
        files = sorted(_below(location))
        found.extend(files)
        if not files:
            there = location.exists()
            hint = "put a rule file NAME.yaml here" if there else "name a rule file or a folder of .yaml files"
            message = "no rules here: no .yaml file" if there else "no rules here: there is no such file or folder"
            problems.append(Problem(str(location), 0, 0, message, hint))
    if problems:
        raise ProblemsError(problems)
    return sorted(set(found))


def load_rules(locations: Sequence[Path]) -> tuple[Rule, ...]:
    """The rules of files and folders, sorted by code. Raises `ProblemsError` with every mistake in them."""
    return read_rules(locations)[0]


def read_rules(locations: Sequence[Path]) -> tuple[tuple[Rule, ...], Mapping[str, Document]]:
    """The same rules, and by their `source` the documents that they stand in."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    for path in rule_files(locations):
        try:
            documents[str(path)] = document = yamlfile.load(path, str(path))
            rules.append(rule_from(document))
        except ProblemsError as error:
            problems.extend(error.problems)
    problems.extend(_taken_twice(rules, documents))
    if problems:
        raise ProblemsError(problems)
    return tuple(sorted(rules, key=lambda rule: rule.code)), documents


def rule_from(document: Document) -> Rule:
    """The rule of one document. Raises `ProblemsError` with every mistake in it."""
    file = yamlfile.validate(document, RuleFile)
    options = {name: Option(each.type, plain(each.default), each.description) for name, each in file.options.items()}
    checker = Checker(document, options)
    check_options(checker)
    when = checker.condition(file.when, ("when",))
    rule = Rule(
        rule=file.rule,
        code=file.code,
        category=file.category,
        severity=Severity(file.severity),
        summary=file.summary,
        rationale=file.rationale,
        when=when,
        message=checker.message(file.message, when),
        saving=SavingRule(file.saving.kind, tuple(file.saving.endpoints)) if file.saving else None,
        about=checker.about(file.about),
        evidence=checker.evidence(file.evidence),
        options=options,
        fix=file.fix,
        fixes=fixes(file.fixes, checker, when),
        when_not=file.when_not,
        references=tuple(Reference(each.url, each.as_of) for each in file.references),
        examples=examples(file.examples, checker),
        source=document.name,
    )
    if checker.problems:
        raise ProblemsError(checker.problems)
    return rule


def _below(location: Path) -> Iterator[Path]:
    if location.is_dir():
        yield from (path for path in location.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    elif location.is_file():
        yield location


def _taken_twice(rules: Sequence[Rule], documents: dict[str, Document]) -> Iterator[Problem]:
    """A problem for each name and code that an earlier file has already."""
    first: dict[str, Rule] = {}
    for rule in rules:
        for key, word in (("rule", rule.rule), ("code", rule.code)):
            if word in first:
                yield documents[rule.source].problem(
                    (key,), f"`{word}` is taken by {first[word].source}", f"choose another {key}"
                )
            first.setdefault(word, rule)
