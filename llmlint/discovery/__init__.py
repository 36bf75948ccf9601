"""Finds the Python files of a project and tells which of them can hold a call site, without parsing any."""

from llmlint.discovery.changed import changed_names
from llmlint.discovery.contents import Contents, Folder
from llmlint.discovery.files import DEFAULT_EXCLUDES, SUFFIXES, Discovery, SourceFile, Unreadable, discover
from llmlint.discovery.nested import nested_folders
from llmlint.discovery.patterns import unsuitable
from llmlint.discovery.prefilter import Prefilter, mentions, words_in
from llmlint.discovery.roots import CONFIG_FILE, PROJECT_FILE, find_root, repository_around

__all__ = [
    "CONFIG_FILE",
    "Contents",
    "DEFAULT_EXCLUDES",
    "Discovery",
    "Folder",
    "PROJECT_FILE",
    "SUFFIXES",
    "Prefilter",
    "SourceFile",
    "Unreadable",
    "changed_names",
    "discover",
    "find_root",
    "mentions",
    "nested_folders",
    "repository_around",
    "unsuitable",
    "words_in",
]
