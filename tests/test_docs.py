"""What the README promises is there: settings, columns, commands, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tension.cli import main
from tension.exports import INDEX_COLUMNS
from tension.feeds.entries import DEFAULTS, REQUIRED
from tension.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """Names in the first column of a table, as written in backticks."""
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_every_setting_is_listed():
    assert sorted(first_cells(section("Settings"))) == sorted(PREFIX + name.upper() for name in Settings.model_fields)


def test_every_column_of_the_csv_is_explained_in_order():
    assert first_cells(section("The index as CSV")) == list(INDEX_COLUMNS)


def test_every_key_of_a_feed_is_explained():
    assert sorted(first_cells(section("Feeds"))) == sorted([*REQUIRED, *DEFAULTS])


def test_every_command_is_listed():
    for name in main.commands:
        assert f"tension {name}" in README, name


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_links_lead_somewhere(target):
    assert (ROOT / target).exists()
