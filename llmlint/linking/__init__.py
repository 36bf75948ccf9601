"""Linking: facts of many modules plus the provider catalogue become call sites; see `link.link`."""

from llmlint.linking.link import Linker, Unit, link, together
from llmlint.linking.program.project import Linked, Project

__all__ = ["Linked", "Linker", "Project", "Unit", "link", "together"]
