"""What holds for every module of llmlint: its size, its names, and where errors are caught."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from llmlint.catalog.loading import load_catalog
from llmlint.facts.vocabulary import NAMES

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
VENDORS = {"azure", "bedrock", "claude", "gemini", "langchain", "mistral", "openai"}
WORDS = {"fireworks", "gradient", "perplexity", "replicate", "together"}
"""Packages of vendors that are called like words of the language."""
HOST_WORDS = set(NAMES["client.host"].values)
"""Rules compare `client.host` with these, so the code that finds it out must know them."""
NAMED_FOR_A_REASON = {
    "tiktoken_ext.openai_public": "what the tokenizer calls its own module",
}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Every module by its path."""
    paths = sorted((ROOT / "llmlint").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def test_modules_are_short(trees):
    lengths = {path: (ROOT / path).read_text(encoding="utf-8").count("\n") for path in trees}
    long = {path: length for path, length in lengths.items() if length > LONGEST_MODULE}
    assert not long, "split them where they have two subjects"


def test_functions_are_short(trees):
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long, f"more than {LONGEST_FUNCTION} lines"


def test_modules_say_what_they_are_for(trees):
    silent = [path for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)]
    assert not silent, "one or two sentences: what comes in, and what goes out"


def test_names_of_modules_mean_something(trees):
    parts = {part.removesuffix(".py") for path in trees for part in path.split("/")}
    assert parts & EMPTY_NAMES == set()


def test_no_vendor_is_named(trees):
    packages = {client.name.split(".")[0] for provider in load_catalog().data.providers for client in provider.clients}
    vendor = re.compile(rf"(?<![a-z])(?:{'|'.join(VENDORS | packages - WORDS)})(?![a-z])", re.IGNORECASE)
    named = [
        f"{path}:{line} {word}"
        for path, tree in trees.items()
        for line, word in words(tree)
        if vendor.search(word) and word not in HOST_WORDS and word not in NAMED_FOR_A_REASON
    ]
    assert not named, "vendors and their packages are data: name them in llmlint/catalog/providers"


def test_only_the_command_line_turns_errors_into_exit_codes(trees):
    wrong = [
        f"{path}:{line} {what}"
        for path, tree in trees.items()
        if not path.startswith("llmlint/cli/")
        for line, what in [*caught(tree), *called(tree)]
        if what in {"except LlmlintError", "except Exception", "except BaseException", "except", "exit()", "sys.exit()"}
    ]
    assert not wrong


def words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Names and strings of the code, with their lines; comments and docstrings may say what they like."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in documentation:
                yield node.lineno, text
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
                yield node.lineno, getattr(node, "module", None) or ""


def caught(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What `except` clauses name."""
    for handler in ast.walk(tree):
        if isinstance(handler, ast.ExceptHandler):
            named = [node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)] if handler.type else [""]
            yield from ((handler.lineno, f"except {name}".strip()) for name in named)


def called(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What is called, as written."""
    return ((node.lineno, f"{ast.unparse(node.func)}()") for node in ast.walk(tree) if isinstance(node, ast.Call))
