"""The CSV is a contract: columns, order, gaps, periods, vintages."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.exports import INDEX_COLUMNS, index_csv, index_table, parse_moment, without_formula
from tension.records import IndexPoint, PointStatus
from tension.storage.store import Store

NOW = datetime(2022, 2, 24, 12, tzinfo=UTC)


def point(day: date, value: float | None, n: int = 5, status: PointStatus = PointStatus.FINAL) -> IndexPoint:
    if value is None:
        return IndexPoint(day, *[None] * 8, n, None, 1, 0.2, PointStatus.INSUFFICIENT, "0.1", "m", NOW)
    parts = (value, value - 5, None, None, value * 0.25, value * 0.75, 5.0, value)
    return IndexPoint(day, *parts, n, None, 3, 1.0, status, "0.1", "m", NOW)


@pytest.fixture
def filled(sqlite_url):
    store = Store.open(sqlite_url)
    store.add_points(
        [
            point(date(2022, 2, 20), 100.0),
            point(date(2022, 2, 22), 130.0, status=PointStatus.PROVISIONAL),
            point(date(2022, 2, 23), None),
            point(date(2022, 2, 24), None, n=0),  # polled, but no article of that day
        ]
    )
    yield store
    store.engine.dispose()


def read(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), parse_dates=["date"])


def test_the_csv_has_the_columns_of_the_contract_in_their_order(filled):
    heading = index_csv(index_table(filled.engine)).splitlines()[0]
    assert heading == (
        "date,index,net,band_low,band_high,threats,acts,easing,smoothed,n_articles,n_stories,n_feeds,"
        "coverage_share,status,method_version,model_version,vintage_at"
    )
    assert heading == ",".join(INDEX_COLUMNS)


def test_every_day_from_the_first_to_the_last_article_is_there(filled):
    table = read(index_csv(index_table(filled.engine)))
    assert table["date"].dt.day.tolist() == [20, 21, 22, 23]
    assert table["status"].tolist() == ["final", "insufficient", "provisional", "insufficient"]
    assert table["index"].isna().tolist() == [False, True, False, True]
    assert table["n_articles"].tolist() == [5, 0, 5, 5]
    pd.testing.assert_series_equal(table["index"], table["threats"] + table["acts"], check_names=False)
    pd.testing.assert_series_equal(table["net"], table["index"] - table["easing"], check_names=False)


def test_start_and_end_say_otherwise(filled):
    table = index_table(filled.engine, date(2022, 2, 19), date(2022, 2, 20))
    assert table["date"].dt.day.tolist() == [19, 20]
    assert index_table(filled.engine, date(2022, 2, 21), date(2022, 2, 20)).empty


def test_weeks_and_months_are_means_of_the_days_with_a_value(filled):
    weeks = index_table(filled.engine, frequency="W")
    assert weeks["date"].dt.date.tolist() == [date(2022, 2, 14), date(2022, 2, 21)]
    assert weeks["index"].tolist() == [100, 130]
    assert weeks["n_articles"].tolist() == [5, 10]
    assert weeks["status"].tolist() == ["final", "provisional"]
    months = index_table(filled.engine, frequency="M")
    assert months["index"].tolist() == [115]
    assert months["date"].dt.date.tolist() == [date(2022, 2, 1)]


def test_as_of_gives_the_index_as_it_was_known(filled):
    filled.add_points([replace(point(date(2022, 2, 20), 170.0), vintage_at=NOW + timedelta(days=1))])
    assert index_table(filled.engine)["index"].iloc[0] == 170
    assert index_table(filled.engine, as_of=NOW)["index"].iloc[0] == 100
    assert index_table(filled.engine, as_of=NOW - timedelta(days=1)).empty


def test_an_empty_index_is_a_heading(sqlite_url):
    store = Store.open(sqlite_url)
    assert index_csv(index_table(store.engine)) == ",".join(INDEX_COLUMNS) + "\n"
    store.engine.dispose()


def test_moments_are_utc_and_a_day_means_its_end():
    assert parse_moment("2022-02-24") == datetime(2022, 2, 24, 23, 59, 59, 999999, tzinfo=UTC)
    assert parse_moment("2022-02-24T10:00") == datetime(2022, 2, 24, 10, tzinfo=UTC)
    assert parse_moment("2022-02-24T10:00 02:00") == datetime(2022, 2, 24, 8, tzinfo=UTC)  # "+" lost in a URL
    with pytest.raises(ValueError, match="write it as"):
        parse_moment("yesterday")


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(text):
    assert not without_formula(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert without_formula(text).endswith(text)
