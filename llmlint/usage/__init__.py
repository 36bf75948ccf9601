"""A file of real usage comes in; records of requests go out, and are joined to the call sites that sent them."""

from llmlint.usage.joining import with_usage
from llmlint.usage.reading import read_usage
from llmlint.usage.records import Usage, UsageEntry

__all__ = ["Usage", "UsageEntry", "read_usage", "with_usage"]
