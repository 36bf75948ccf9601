"""`python -m llmlint` is `llmlint`."""

from llmlint.cli.main import entry

entry()
