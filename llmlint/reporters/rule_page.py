"""Renders a rule as a page in the terminal: what it finds, why, what to do, and how to silence it."""

from __future__ import annotations

from typing import TextIO

from llmlint.facts.vocabulary import NAMES
from llmlint.findings import RuleExample, RuleInfo
from llmlint.reporters.report import View
from llmlint.reporters.terminal import SEVERITY_STYLE, Terminal

_EXAMPLES = {"bad": "llmlint speaks up", "good": "llmlint is silent"}


def render(rule: RuleInfo, out: TextIO, view: View) -> None:
    """Writes the page; sections for which the rule has no text are left out."""
    terminal = Terminal(out, view)
    terminal.line(
        terminal.text(f"{rule.code} {rule.name}", "bold"),
        "  ",
        terminal.text(rule.severity.value, SEVERITY_STYLE[rule.severity]),
        terminal.text(f"  {rule.category}", "dim"),
    )
    terminal.line()
    terminal.article(rule.summary)
    _section(terminal, "Why it matters", rule.rationale)
    _section(terminal, "When not to care", rule.when_not)
    _examples(terminal, rule)
    _section(terminal, "How to fix it", rule.fix)
    _section(terminal, "What llmlint can do", _fixes(rule))
    _section(terminal, "How to silence it", _silencing(rule))
    _section(terminal, "What decides", _facts(rule))
    _section(terminal, "Options", _options(rule))
    _section(terminal, "References", "\n".join(f"- {reference}" for reference in rule.references))


def _section(terminal: Terminal, title: str, text: str) -> None:
    if text.strip():
        terminal.line()
        terminal.line(terminal.text(title, "bold"))
        terminal.article(text, "  ")


def _examples(terminal: Terminal, rule: RuleInfo) -> None:
    """The first example of each verdict: the page is to be read, not to be complete."""
    for verdict, heading in _EXAMPLES.items():
        example = next((each for each in rule.examples if each.verdict == verdict), None)
        if example is not None:
            terminal.line()
            terminal.line(terminal.text(heading, "bold"), f": {example.name}")
            _code(terminal, example)


def _code(terminal: Terminal, example: RuleExample) -> None:
    for path, code in example.files.items():
        if len(example.files) > 1:
            terminal.line("    ", terminal.text(f"# {path}", "dim"))
        for line in code.rstrip().splitlines():
            terminal.line("    ", terminal.text(line, "cyan"))


def _silencing(rule: RuleInfo) -> str:
    return (
        "In the code, with the reason, on the line of the call or alone above its statement:\n\n"
        f"    # llmlint: ignore[{rule.name}] reason\n\n"
        "For a whole file, above its first statement:\n\n"
        f"    # llmlint: ignore-file[{rule.name}] reason\n"
    )


def _fixes(rule: RuleInfo) -> str:
    """The fixes that the rule may ask for; those that may change what a program does are unsafe."""
    if not rule.fixes:
        return ""
    kinds = dict.fromkeys(f"- {fix.safety}: {fix.meaning}" for fix in rule.fixes)
    return "\n".join(("`llmlint check --fix` (unsafe ones with `--unsafe-fixes`, `--diff` shows them):\n", *kinds))


def _facts(rule: RuleInfo) -> str:
    """The facts that the rule reads, with their meaning where the vocabulary has them."""
    return "\n".join(f"- `{name}`: {NAMES[name].meaning}" if name in NAMES else f"- `{name}`" for name in rule.facts)


def _options(rule: RuleInfo) -> str:
    return "\n".join(f"- `{option.name}` (default `{option.default}`): {option.meaning}" for option in rule.options)
