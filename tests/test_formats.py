"""CSV, JSON and Parquet say the same, and pandas reads each of them back."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.exports import formats
from tension.exports.choice import FORMATS, BadChoice, Choice
from tension.exports.citing import Taken
from tension.exports.formats import Column, Table, write
from tension.exports.spans import spans

COLUMNS = {
    "date": Column("day", "the day", "UTC"),
    "hour": Column("hour", "the hour", "UTC"),
    "seen_at": Column("time", "when", "UTC"),
    "title": Column("text", "words"),
    "n": Column("count", "how many", "articles"),
    "points": Column("number", "how much", "index points"),
}
NOON = pd.Timestamp("2022-02-24T12:00:05", tz="UTC")
ROWS = pd.DataFrame(
    {
        "points": [1.25, None],
        "date": [date(2022, 2, 24), date(2022, 2, 25)],
        "hour": [pd.Timestamp("2022-02-24T12:00"), pd.NaT],
        "seen_at": [NOON, pd.NaT],
        "title": ['=SUM(A1) «Война», "2"', None],
        "n": [3, None],
        "left out": [0, 0],
    }
)


def file(table: Table, file_format) -> io.BytesIO:
    return io.BytesIO(b"".join(write(table, file_format)))


def paged(*pages: pd.DataFrame) -> Table:
    found = [formats.typed(page, COLUMNS) for page in pages]
    return Table("made", COLUMNS, lambda: iter(found), found[0].head, lambda: sum(map(len, found)), large=True)


def test_csv_by_hand():
    assert file(Table.of("made", COLUMNS, ROWS), "csv").read().decode() == (
        "date,hour,seen_at,title,n,points\n"
        '2022-02-24,2022-02-24T12:00Z,2022-02-24T12:00:05Z,"\'=SUM(A1) «Война», ""2""",3,1.250000\n'
        "2022-02-25,,,,,\n"
    )


def test_json_by_hand():
    assert json.load(file(Table.of("made", COLUMNS, ROWS), "json")) == [
        {
            "date": "2022-02-24",
            "hour": "2022-02-24T12:00Z",
            "seen_at": "2022-02-24T12:00:05Z",
            "title": '=SUM(A1) «Война», "2"',
            "n": 3,
            "points": 1.25,
        },
        {"date": "2022-02-25", "hour": None, "seen_at": None, "title": "", "n": None, "points": None},
    ]


def test_parquet_has_types_and_says_what_its_columns_mean():
    written = file(Table.of("made", COLUMNS, ROWS), "parquet")
    table = pd.read_parquet(written)
    assert table["date"].tolist() == [pd.Timestamp("2022-02-24"), pd.Timestamp("2022-02-25")]
    assert table["seen_at"].tolist() == [NOON, pd.NaT]
    assert table["title"].tolist() == ['=SUM(A1) «Война», "2"', ""]
    assert table["n"].iloc[0] == 3
    assert table["n"].isna().tolist() == [False, True]
    assert table["points"].isna().tolist() == [False, True]
    field = pq.read_schema(written).field("points")
    assert field.metadata == {b"description": b"how much", b"unit": b"index points"}


@pytest.mark.parametrize("file_format", FORMATS)
def test_pages_make_one_file(file_format):
    read = {"csv": pd.read_csv, "json": pd.read_json, "parquet": pd.read_parquet}[file_format]
    table = read(file(paged(ROWS.head(1), ROWS.head(0), ROWS.tail(1)), file_format))
    assert list(table.columns) == list(COLUMNS)
    assert pd.to_datetime(table["date"]).dt.day.tolist() == [24, 25]
    assert table["points"].iloc[0] == 1.25


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_empty_table_is_a_good_file(file_format):
    written = file(Table.of("made", COLUMNS, ROWS.head(0)), file_format)
    if file_format == "json":
        assert json.load(written) == []
    else:
        table = pd.read_csv(written) if file_format == "csv" else pd.read_parquet(written)
        assert list(table.columns) == list(COLUMNS)
        assert table.empty


def test_large_parquet_is_sent_while_it_is_written(monkeypatch):
    monkeypatch.setattr(formats, "GROUP_ROWS", 2)
    begun = []

    def pages():
        for n in range(5):
            begun.append(n)
            yield formats.typed(ROWS.head(1), COLUMNS)

    pieces = write(Table("made", COLUMNS, pages, ROWS.head, lambda: 5, large=True), "parquet")
    assert next(pieces)
    assert begun == [0, 1]
    rest = b"".join(pieces)
    assert rest.endswith(b"PAR1")
    assert begun == [0, 1, 2, 3, 4]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_any_text_comes_back_whole(texts):
    columns = {"title": COLUMNS["title"]}
    table = Table.of("made", columns, pd.DataFrame({"title": texts}, dtype=object))
    assert json.load(file(table, "json")) == [{"title": text} for text in texts]
    assert pd.read_parquet(file(table, "parquet"))["title"].tolist() == texts


def test_days_are_taken_together_while_they_are_small():
    days = pd.Series([5, 1, 1, 9, 1], pd.date_range("2022-02-01", periods=5))
    runs = [(first.day, last.day) for first, last in spans(days, 3)]
    assert runs == [(5, 5), (4, 4), (2, 3), (1, 1)]
    assert spans(days.head(0), 3) == []


def test_an_address_asks_for_what_was_chosen_and_for_no_more():
    noon = datetime(2022, 3, 1, 12, 5, tzinfo=UTC)
    chosen = Choice(start=date(2022, 2, 1), frequency="W", as_of=noon, day=date(2022, 2, 2), signals=("red_line",))
    assert chosen.address("index", "csv") == (
        "/api/index.csv?start=2022-02-01&frequency=W&as_of=2022-03-01T12%3A05%3A00Z"
    )
    assert chosen.address("contributions", "json") == "/api/contributions.json?day=2022-02-02"
    assert chosen.address("codings", "parquet") == "/api/codings.parquet?start=2022-02-01&signal=red_line"
    assert Choice().address("stories", "csv") == "/api/stories.csv"


def test_the_end_of_a_day_is_written_as_the_day():
    end = datetime(2022, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)
    assert Choice(as_of=end).address("index", "csv") == "/api/index.csv?as_of=2022-03-01"


def test_a_choice_that_contradicts_itself_is_refused():
    with pytest.raises(BadChoice, match="start: 2022-02-02 is after the end, 2022-02-01"):
        Choice(start=date(2022, 2, 2), end=date(2022, 2, 1))
    with pytest.raises(BadChoice, match="as_of: hours"):
        Choice(frequency="H", as_of=datetime(2022, 2, 2, tzinfo=UTC))


def test_a_citation_names_versions_vintage_address_and_day():
    known = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    taken = Taken(
        "index", "http://here/api/index.csv?start=2022-02-01&end=2022-03-01", date(2026, 3, 2), known, "1.1", "m"
    )
    for said in (taken.in_words(), taken.in_bibtex()):
        for part in ("method 1.1", "model m", "as known at 2026-03-01 06:30 UTC", taken.address, "2026-03-02"):
            assert part in said
    assert taken.in_bibtex().startswith("@misc{tension2026,\n")
    assert taken.in_bibtex().count("{") == taken.in_bibtex().count("}")
