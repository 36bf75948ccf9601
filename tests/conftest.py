"""Tests say the same each time and on every machine: no time limits on single examples, no chance in choosing them."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

os.environ["LLMLINT_PRICES"] = ""  # not the prices of whoever runs the tests
