"""The measure on values small enough to compute by hand, and its properties."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tension.index.baseline import level, to_base
from tension.index.measure import PRIOR_ARTICLES, Observations, measure, membership, smooth

NO_REFERENCE = pd.Series(dtype=float)
TODAY = date(2022, 3, 1)


def observations(rows, polled=(), feeds=None, archive=False) -> Observations:
    """rows: (feed, day, n, threats, acts, easing); polled: (feed, day)."""
    feed_days = pd.DataFrame(rows, columns=["feed_id", "day", "n_articles", "threats", "acts", "easing"])
    feed_days["day"] = pd.to_datetime(feed_days["day"])
    polled_days = pd.DataFrame(list(polled), columns=["feed_id", "day"])
    polled_days["day"] = pd.to_datetime(polled_days["day"])
    ids = pd.Index(sorted({row[0] for row in rows} | {row[0] for row in polled}), name="feed_id")
    table = pd.DataFrame({"weight": 1.0, "archive": archive, "enabled": True}, index=ids)
    first = polled_days.groupby("feed_id")["day"]
    table["first_polled_on"] = first.min().reindex(ids).astype("datetime64[ns]")
    table["last_polled_on"] = first.max().reindex(ids).astype("datetime64[ns]")
    if feeds:
        table = table.assign(**feeds)
    articles = feed_days.groupby("day")["n_articles"].sum()
    return Observations(feed_days, table, polled_days, articles)


def days_of(feed, *days):
    return [(feed, day) for day in days]


def test_an_archive_of_two_days_is_brought_to_a_mean_of_100():
    seen = observations([(1, "2022-01-01", 10, 5, 15, 2), (1, "2022-01-02", 10, 0, 10, 0)], archive=True)
    days = measure(seen, NO_REFERENCE, TODAY, 0.5)
    first = np.array([0.5, 1.5, 0.2])  # shares: the first day is its own mean so far, nothing to draw it to
    so_far = np.array([5, 25, 2]) / 20
    second = (np.array([0, 10, 0]) + PRIOR_ARTICLES * so_far) / (10 + PRIOR_ARTICLES)
    factor = 100 / np.mean([first[:2].sum(), second[:2].sum()])
    np.testing.assert_allclose(days[["threats", "acts", "easing"]].to_numpy(), factor * np.array([first, second]))
    np.testing.assert_allclose(days["index"], days["threats"] + days["acts"])
    np.testing.assert_allclose(days["net"], days["index"] - days["easing"])
    assert days["index"].mean() == pytest.approx(100)
    assert list(days["coverage_share"]) == [1, 1]


def test_a_day_that_too_few_feeds_observed_has_counts_and_no_value():
    days = ("2022-01-01", "2022-01-02")
    rows = [(f, "2022-01-01", 10, 1, 1, 0) for f in (1, 2, 3)] + [(1, "2022-01-02", 4, 9, 9, 9)]
    polled = [p for f in (1, 2, 3) for p in days_of(f, "2022-01-01")] + days_of(1, *days)
    table = measure(observations(rows, polled), NO_REFERENCE, TODAY, 0.5)
    second = table.loc["2022-01-02"]
    assert second["status"] == "insufficient"
    assert second[["index", "net", "threats", "acts", "easing", "smoothed"]].isna().all()
    assert (second["n_articles"], second["n_feeds"]) == (4, 1)
    assert second["coverage_share"] == pytest.approx(1 / 3)


def test_failed_polls_leave_no_value_rather_than_a_calm_one():
    rows = [(1, "2022-01-01", 10, 5, 5, 0), (1, "2022-01-03", 10, 5, 5, 0)]
    table = measure(observations(rows, days_of(1, "2022-01-01", "2022-01-03")), NO_REFERENCE, TODAY, 0.5)
    assert list(table.index.strftime("%d")) == ["01", "03"]  # nothing is known of the second: no point at all
    assert (table["index"] > 0).all()


def test_a_feed_that_answered_without_news_counts_as_coverage_but_not_as_calm():
    rows = [(1, "2022-01-01", 10, 5, 5, 0), (2, "2022-01-01", 10, 5, 5, 0), (1, "2022-01-02", 10, 5, 5, 0)]
    polled = days_of(1, "2022-01-01", "2022-01-02") + days_of(2, "2022-01-01", "2022-01-02")
    table = measure(observations(rows, polled), NO_REFERENCE, TODAY, 0.6)
    assert table.loc["2022-01-02", "coverage_share"] == 1
    assert table.loc["2022-01-02", "index"] == pytest.approx(table.loc["2022-01-01", "index"])


def test_stray_old_articles_of_one_feed_do_not_make_a_value():
    rows = [(f, "2022-01-10", 10, 1, 1, 0) for f in (1, 2, 3)] + [(1, "2003-05-05", 1, 9, 0, 0)]
    table = measure(observations(rows, [(f, "2022-01-10") for f in (1, 2, 3)]), NO_REFERENCE, TODAY, 0.5)
    assert table.loc["2003-05-05", "status"] == "insufficient"
    assert table.loc["2003-05-05", "n_articles"] == 1


def test_days_before_the_first_poll_count_when_the_founding_feeds_still_carry_them():
    rows = [(f, day, 10, 1, 1, 0) for f in (1, 2) for day in ("2022-01-08", "2022-01-10")]
    table = measure(observations(rows, [(1, "2022-01-10"), (2, "2022-01-10")]), NO_REFERENCE, TODAY, 0.5)
    assert table.loc["2022-01-08", "coverage_share"] == 1
    assert table["index"].notna().all()


def test_membership_starts_with_the_first_poll_and_ends_with_the_last_of_a_feed_switched_off():
    days = pd.date_range("2022-01-01", periods=6)
    feeds = pd.DataFrame(
        {
            "archive": False,
            "enabled": [True, True, False],
            "first_polled_on": pd.to_datetime(["2022-01-02", "2022-01-05", "2022-01-02"]),
            "last_polled_on": pd.to_datetime(["2022-01-06", "2022-01-06", "2022-01-03"]),
        },
        index=pd.Index([1, 2, 3], name="feed_id"),
    )
    member = membership(feeds, days)
    assert member[1].tolist() == [True] * 6
    assert member[2].tolist() == [False] * 4 + [True] * 2
    assert member[3].tolist() == [True] * 3 + [False] * 3


def test_today_is_provisional_and_tomorrow_is_held_back():
    rows = [(1, day, 10, 1, 1, 0) for day in ("2022-02-28", "2022-03-01", "2022-03-02")]
    table = measure(observations(rows, archive=True), NO_REFERENCE, TODAY, 0.5)
    assert table["status"].tolist() == ["final", "provisional"]


def test_smoothing_halves_a_shock_in_four_days():
    days = pd.date_range("2022-01-01", periods=400)
    series = pd.Series(0.0, index=days)
    series.iloc[300] = 1.0
    smoothed = smooth(series)
    assert smoothed.iloc[304] == pytest.approx(smoothed.iloc[300] / 2)
    series.iloc[310] = np.nan
    assert np.isnan(smooth(series).iloc[310])


def test_a_live_panel_takes_the_level_of_the_reference_on_its_founding_days():
    days = pd.date_range("2022-01-01", periods=40)
    shares = pd.Series(2.0, index=days)
    shares.iloc[28:] = 5.0
    reference = pd.Series(150.0, index=days)
    found = level(shares, reference, complete=False, founding_days=28)
    assert found.factor == pytest.approx(75)
    assert found.provisional_until == days[27]


def test_a_live_panel_after_the_end_of_the_reference_takes_its_latest_level():
    reference = pd.Series([10.0] * 100 + [120.0] * 28, index=pd.date_range("2020-01-01", periods=128))
    shares = pd.Series(2.0, index=pd.date_range("2026-09-01", periods=3))
    found = level(shares, reference, complete=False, founding_days=28)
    assert found.factor == pytest.approx(60)
    assert found.provisional_until == pd.Timestamp.max


def test_the_base_is_the_mean_of_the_base_period():
    series = pd.Series([50.0, 150.0], index=pd.to_datetime(["2015-01-01", "2023-01-01"]))
    assert to_base(series) == pytest.approx(2)


@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.floats(0, 10), st.floats(0, 10), st.floats(0, 10)), min_size=1, max_size=30
    )
)
def test_values_are_finite_and_add_up(days):
    rows = [(1, date(2022, 1, 1 + i), n, n * t / 2, n * a / 2, n * e) for i, (n, t, a, e) in enumerate(days)]
    table = measure(observations(rows, archive=True), NO_REFERENCE, TODAY, 0.5)
    assert np.isfinite(table[["index", "net", "threats", "acts", "easing", "smoothed"]].to_numpy()).all()
    assert (table[["threats", "acts", "easing"]] >= 0).all().all()
    np.testing.assert_allclose(table["index"], table["threats"] + table["acts"])


@given(st.permutations(range(6)))
def test_the_order_of_arrival_does_not_matter(order):
    rows = [(1 + i % 2, f"2022-01-0{1 + i // 2}", 10 + i, i, 2 * i, 1) for i in range(6)]
    polled = [(row[0], row[1]) for row in rows]
    expected = measure(observations(rows, polled), NO_REFERENCE, TODAY, 0.5)
    shuffled = measure(observations([rows[i] for i in order], polled), NO_REFERENCE, TODAY, 0.5)
    pd.testing.assert_frame_equal(expected, shuffled)


def test_nothing_observed_gives_an_empty_table():
    empty = observations([])
    assert measure(empty, NO_REFERENCE, TODAY, 0.5).empty
