"""What earlier runs worked out, kept on disk: keys come in, bytes that can be trusted come out, or nothing."""

from llmlint.cache.store import LIMIT_BYTES, Store, Usage

__all__ = ["LIMIT_BYTES", "Store", "Usage"]
