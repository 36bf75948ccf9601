"""Options that several commands have, and the settings that they come to."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from llmlint.errors import LlmlintError

if TYPE_CHECKING:
    from llmlint.config import Settings

SEVERITIES = ("info", "warning", "error", "never")
FAILING = (*SEVERITIES, "undecided")
SHOWABLE = ("undecided", "suppressed", "baselined")


def add_paths(parser: argparse.ArgumentParser) -> None:
    """PATHS: what to report on."""
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="files and folders to report on; the whole project around them is read (default: this folder)",
    )


def add_rule_options(parser: argparse.ArgumentParser) -> None:
    """Which rules, and where settings come from."""
    group = parser.add_argument_group("rules and settings")
    group.add_argument(
        "--select", action="append", default=[], metavar="RULES", help="only these rules (names or codes, a,b,c)"
    )
    group.add_argument("--ignore", action="append", default=[], metavar="RULES", help="not these rules")
    group.add_argument("--exclude", action="append", default=[], metavar="PATTERN", help="as in a .gitignore file")
    group.add_argument(
        "--rules", action="append", default=[], type=Path, metavar="PATH", help="more rules: a folder or a .yaml file"
    )
    group.add_argument("--no-baseline", action="store_true", help="report old findings as if there were no baseline")
    _add_settings_options(group)


def add_settings_options(parser: argparse.ArgumentParser) -> None:
    """Where settings come from."""
    _add_settings_options(parser.add_argument_group("settings"))


def _add_settings_options(group: argparse._ArgumentGroup) -> None:
    where = group.add_mutually_exclusive_group()
    where.add_argument("--config", type=Path, metavar="FILE", help="settings to use instead of the project's")
    where.add_argument("--no-config", action="store_true", help="ignore the project's settings")


def add_report_options(
    parser: argparse.ArgumentParser, formats: Iterable[str], default: str
) -> argparse._ArgumentGroup:
    """How the report looks, where it goes, and when it fails the run."""
    group = parser.add_argument_group("report")
    group.add_argument("--format", choices=list(formats), default=default, help=f"default: {default}")
    group.add_argument("--output", type=Path, metavar="FILE", help="write the report there instead of to stdout")
    group.add_argument(
        "--fail-on",
        type=failing,
        metavar="WHAT",
        help=f"lowest severity that makes the exit code 1 ({', '.join(SEVERITIES)}); with `,undecided` undecided "
        "verdicts do so too",
    )
    group.add_argument("--statistics", action="store_true", help="tell on stderr what was done and how long it took")
    return group


def settings_of(arguments: argparse.Namespace, root: Path) -> Settings:
    """The project's settings with what the command line asks for on top."""
    from llmlint.config import Settings, read_settings
    from llmlint.discovery import unsuitable

    settings = Settings() if arguments.no_config else read_settings(root, arguments.config)
    for pattern in arguments.exclude:
        if (reason := unsuitable(pattern)) is not None:
            raise LlmlintError(f"--exclude {pattern}: {reason}.\nWrite it as in a .gitignore file.")
    if getattr(arguments, "no_baseline", False):
        settings = replace(settings, baseline=None)
    return settings.changed(
        select=listed(arguments.select),
        ignore=listed(arguments.ignore),
        exclude=arguments.exclude,
        rules=arguments.rules,
        fail_on=getattr(arguments, "fail_on", None) or (),
    )


def listed(values: Iterable[str]) -> list[str]:
    """The words of options that may be repeated and hold commas."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def showable(value: str) -> list[str]:
    """The words of `--show`; what argparse calls to check them."""
    words = listed([value])
    wrong = [word for word in words if word not in SHOWABLE]
    if wrong:
        raise argparse.ArgumentTypeError(f"`{wrong[0]}` can't be shown (choose from {', '.join(SHOWABLE)})")
    return words


def failing(value: str) -> list[str]:
    """The words of `--fail-on`; what argparse calls to check them."""
    words = listed([value])
    wrong = [word for word in words if word not in FAILING]
    if wrong or not words:
        raise argparse.ArgumentTypeError(f"`{(wrong or [value])[0]}` is none of {', '.join(FAILING)}")
    if sum(word in SEVERITIES for word in words) > 1:
        raise argparse.ArgumentTypeError(f"`{value}` names more than one severity")
    return words
