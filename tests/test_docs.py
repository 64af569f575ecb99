"""What the README promises is there: settings, columns, commands, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tension.cli import main
from tension.exports import INDEX_COLUMNS
from tension.feeds.entries import DEFAULTS, REQUIRED
from tension.index.bands import N_DRAWS
from tension.index.levels import LEVELS
from tension.index.measure import METHOD_VERSION
from tension.index.panel import MEMORY_DAYS, PRIOR_STORIES, TRIAL_DAYS
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


def test_no_document_has_a_gap_and_the_cards_counts_are_those_of_the_files():
    card = (ROOT / "data" / "MODEL_CARD.md").read_text(encoding="utf-8")
    for text in (README, card, (ROOT / "docs" / "method.md").read_text(encoding="utf-8")):
        assert "@@" not in text
    folder = ROOT / "data"
    files = ([folder / "labels" / "headlines.jsonl"], [folder / "labels" / "second.jsonl"])
    for group in (*files, sorted((folder / "corpus").glob("*.jsonl"))):
        n = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in group)
        assert f"{n:,}" in card, group[0]


def test_the_method_names_the_constants_of_the_code():
    text = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    assert f"Method version {METHOD_VERSION}." in text
    for said in (
        f"κ = {PRIOR_STORIES:.0f}",
        f"half-life of {MEMORY_DAYS:.0f} days",
        f"on trial for {TRIAL_DAYS}",
        f"{N_DRAWS} draws",
        f"the {LEVELS['guarded']:.0f}th percentile",
    ):
        assert said in text, said
