"""The citation is one: in CITATION.cff, on the Download page and in the README."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tension.exports.choice import FORMATS, TAKES
from tension.exports.citing import AUTHOR, TITLE

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_citation_file_says_what_the_page_says():
    said = YAML(typ="safe").load(ROOT / "CITATION.cff")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert said["cff-version"] == "1.2.0"
    assert said["title"] == TITLE
    assert said["authors"] == [{"name": AUTHOR}]
    assert (said["version"], said["license"]) == (project["version"], project["license"])


@pytest.mark.parametrize("table", TAKES)
def test_the_readme_names_every_table_with_its_parameters(table):
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `/api/{table}.")]
    for word in (*FORMATS, *TAKES[table]):
        assert f"`{word}`" in row or word in row.split("|")[1], word
