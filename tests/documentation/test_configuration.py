"""docs/configuration.md tells of every key of the settings, and its examples can be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llmlint.config.assume import assumptions_from
from llmlint.config.form import SettingsForm, SuppressionsForm
from llmlint.config.sources import GROUP, SETS
from llmlint.config.toml import parse_toml
from llmlint.validation import validate

TEXT = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_every_key_has_a_row():
    rows = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", TEXT, re.MULTILINE)
    keys = {key for row in rows for key in re.findall(r"`([a-z-]+)`", row)}
    assert keys == {field.alias or name for name, field in SettingsForm.model_fields.items()}


def test_every_demand_and_set_is_told_of():
    for name, field in SuppressionsForm.model_fields.items():
        assert f"\n{field.alias or name} = " in TEXT
    assert set(re.findall(r"^\| `(llmlint:\w+)` \|", TEXT, re.MULTILINE)) == {
        f"llmlint:{path.stem}" for path in SETS.glob("*.toml")
    }
    assert f'entry-points."{GROUP}"' in TEXT


@pytest.mark.parametrize("block", [block for block in BLOCKS if "not settings" not in block])
def test_examples_can_be_used(block: str):
    document = parse_toml(block.encode(), "llmlint.toml")
    validate(document, SettingsForm)
    problems: list = []
    assumptions_from(document.under("assume"), problems)
    assert not problems
