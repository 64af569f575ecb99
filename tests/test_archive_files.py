"""Files of articles: usual names, odd bytes, clear errors."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest

from tension.archive.files import read_rows
from tension.errors import ArchiveError


def write(path, text, compress=False):
    path.write_bytes(gzip.compress(text.encode()) if compress else text.encode())
    return path


def test_usual_column_names_are_known(tmp_path):
    text = "Date,Headline,Description,Link,Outlet,Lang,junk\n2021-10-18,A,B,https://x.example/1,AFP,fr,?\n"
    (row,) = read_rows(write(tmp_path / "a.csv", text))
    assert (row.title, row.summary, row.url, row.publisher, row.language) == (
        "A",
        "B",
        "https://x.example/1",
        "AFP",
        "fr",
    )
    assert row.published_at == datetime(2021, 10, 18, tzinfo=UTC)
    assert row.id == "1"


def test_a_file_with_text_and_no_title_takes_the_text(tmp_path):
    (row,) = read_rows(write(tmp_path / "a.csv.gz", "date,text\n2012-01-01,Some words\n", compress=True))
    assert (row.title, row.text) == ("Some words", "")


def test_json_lines_are_read_and_blank_ones_passed_over(tmp_path):
    lines = [json.dumps({"id": 7, "title": "Ä", "text": "x", "published_at": "2021-10-18T12:00:00+03:00"}), "", "{}"]
    first, second = read_rows(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert (first.id, first.title, first.text) == ("7", "Ä", "x")
    assert first.published_at == datetime(2021, 10, 18, 9, tzinfo=UTC)
    assert second.title == ""


def test_columns_can_be_chosen(tmp_path):
    file = write(tmp_path / "a.csv", "first_seen,Titel\n2020-01-02T03:04:05Z,x\n")
    (row,) = read_rows(file, {"title": "Titel", "published_at": "first_seen"})
    assert row.title == "x"
    with pytest.raises(ArchiveError, match="asks for nowhere"):
        list(read_rows(file, {"title": "nowhere"}))
    with pytest.raises(ArchiveError, match="unknown field headline"):
        list(read_rows(file, {"headline": "Titel"}))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "date,words\n2020-01-01,x\n", "none of which is a title"),
        ("a.csv", "date,title\nsoon,x\n", "row 1: the date 'soon' cannot be read"),
        ("a.jsonl", '{"title": "x"}\nnot json\n', "line 2: not JSON"),
        ("a.jsonl", "[1]\n", "line 1: should be one JSON object"),
        ("a.xlsx", "x", "ending '.xlsx' is not known"),
        ("a.csv.gz", "not gzip", "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, name, text, says):
    with pytest.raises(ArchiveError, match=says):
        list(read_rows(write(tmp_path / name, text)))


def test_a_missing_file_and_wrong_bytes_are_named(tmp_path):
    with pytest.raises(ArchiveError, match="no such file"):
        list(read_rows(tmp_path / "none.csv"))
    file = tmp_path / "a.csv"
    file.write_bytes(b"title\n\xff\xfe\xff\n")
    with pytest.raises(ArchiveError, match="UTF-8"):
        list(read_rows(file))


def test_null_bytes_and_very_long_cells_are_read(tmp_path):
    (row,) = read_rows(write(tmp_path / "a.csv", f"title,text\na\0b,{'x' * 300_000}\n"))
    assert row.title == "ab"
    assert len(row.text) == 300_000


def test_a_mistyped_year_is_named(tmp_path):
    file = write(tmp_path / "a.csv", "date,title\n2022-02-24,A\n0202-02-24,B\n")
    with pytest.raises(ArchiveError, match=r"0202-02-24.*1900 to 2200"):
        list(read_rows(file))
