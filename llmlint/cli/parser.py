"""A parser of arguments that says what was probably meant, in two lines, where others print all of their options."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from llmlint.cli.exit_codes import ExitCode
from llmlint.cli.messages import tell


class Parser(argparse.ArgumentParser):
    """Leaves with `ExitCode.FAILED` on a mistake. Options are never shortened: scripts would break with new ones."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever the base class takes
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Two lines on stderr."""
        tell(f"{self.prog}: error: {message}", f"`{self.prog} --help` says what there is.")
        self.exit(ExitCode.FAILED)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 - as the base class
        """The arguments. An unknown option is told by the command that it was written for, with the nearest name."""
        given = list(args or ())
        parsed, unknown = super().parse_known_args(given, namespace)
        if unknown:
            self.error(self._unknown(unknown))
        return parsed, unknown

    def refuse_unknown(self, option: str) -> None:
        """Tells of an option that doesn't exist before anything else is missed."""
        if option.startswith("-") and option not in self._option_string_actions:
            self.error(self._unknown([option]))

    def _unknown(self, unknown: Sequence[str]) -> str:
        first = unknown[0].partition("=")[0]
        kind = "option" if first.startswith("-") else "argument"
        return f"unknown {kind} `{first}`{_hint(first, self._option_string_actions)}"

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401 - as the base class
        if action.choices is not None and value not in action.choices:
            choices = [str(each) for each in action.choices]
            said = f"`{value}` is none of {', '.join(choices)}{_hint(str(value), choices)}"
            raise argparse.ArgumentError(action, said)


def _hint(written: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(written, list(known), n=1)
    return f" (did you mean `{near[0]}`?)" if near else ""
