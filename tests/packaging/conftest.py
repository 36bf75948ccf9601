"""What the packaging tests share."""

from __future__ import annotations

import pytest
from installing import isolated, make_wheelhouse, requirements


@pytest.fixture(scope="session")
def offline(tmp_path_factory) -> dict[str, str]:
    """The environment of programs that install something."""
    wheelhouse = make_wheelhouse(tmp_path_factory.mktemp("wheels"), requirements())
    return isolated(wheelhouse, tmp_path_factory.mktemp("home"))
