"""Labels are kept without their texts, and find them again."""

from __future__ import annotations

import json

import pytest

from tension.archive.labels import join_labels, text_hash
from tension.errors import ArchiveError
from tension.records import Involvement
from tension.resources import resource
from tension.signals.codebook import KEYS

LABEL = {"language": "en", "involvement": "direct", "signals": ["expulsion"]}


def write(path, *lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_a_label_finds_its_text(tmp_path):
    labels = write(tmp_path / "l.jsonl", {"sha256": text_hash("Envoys sent  home", "Ten of\nthem."), **LABEL})
    archive = write(
        tmp_path / "a.jsonl",
        {"title": "Cup final"},
        {"title": "Envoys sent home", "summary": "Ten of them."},
        {"title": "Envoys sent home", "summary": "Ten of them."},
    )
    assert list(join_labels([labels], [archive])) == [
        {"title": "Envoys sent home", "summary": "Ten of them.", **LABEL},
    ]


def test_a_label_without_a_text_is_told(tmp_path):
    labels = write(tmp_path / "l.jsonl", {"sha256": text_hash("Envoys sent home", ""), **LABEL})
    archive = write(tmp_path / "a.jsonl", {"title": "Cup final"})
    with pytest.raises(ArchiveError, match="1 of 1 coded texts"):
        list(join_labels([labels], [archive]))


@pytest.mark.parametrize("name", ["headlines", "second"])
def test_the_labels_that_travel_are_codings_and_no_text(name):
    lines = [json.loads(line) for line in resource(f"data/labels/{name}.jsonl").open(encoding="utf-8")]
    assert len({line["sha256"] for line in lines}) == len(lines) > 500
    for line in lines:
        assert set(line) == {"sha256", "language", "involvement", "signals"}
        assert len(line["sha256"]) == 64
        assert Involvement(line["involvement"]) is not Involvement.NONE or not line["signals"]
        assert set(line["signals"]) <= set(KEYS)
