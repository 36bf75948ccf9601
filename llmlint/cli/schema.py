"""`llmlint schema KIND`: the JSON schema of a kind of file, for editors and for programs that read reports."""

from __future__ import annotations

import argparse

from llmlint.cli.exit_codes import ExitCode

KINDS = ("rule", "provider", "config", "report", "diff")
_EPILOG = """\
examples:
  llmlint schema rule > rule.schema.json      the form of a rule, with all facts and operators
  llmlint schema report                       what check and audit print with --format json

Editors that use yaml-language-server complete and check a rule file that begins with
  # yaml-language-server: $schema=rule.schema.json
and those that use taplo a llmlint.toml that begins with
  #:schema config.schema.json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))


def run(arguments: argparse.Namespace) -> ExitCode:
    """Writes the schema."""
    from llmlint.cli.output import write
    from llmlint.schemas import schema_text

    text = schema_text(arguments.kind)
    write(lambda out, _view: print(text, end="", file=out))
    return ExitCode.CLEAN
