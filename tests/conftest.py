"""Tests say the same each time and on every machine: no time limits on single examples, no chance in choosing them."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

for name in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITLAB_CI", "COLUMNS", "NO_COLOR", "FORCE_COLOR"):
    os.environ.pop(name, None)  # the tests say the same in a terminal and on a host that builds
for name in [name for name in os.environ if name.startswith("LLMLINT_")]:
    if name not in ("LLMLINT_UPDATE_SNAPSHOTS", "LLMLINT_REPOSITORIES"):
        del os.environ[name]
os.environ["LLMLINT_PRICES"] = ""  # not the prices of whoever runs the tests
