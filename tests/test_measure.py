"""The measure on values small enough to compute by hand, and its properties."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tension.index.baseline import level, to_base
from tension.index.chain import mean_value
from tension.index.measure import smooth, weekday_factors
from tension.index.panel import (
    FAMILY_CAP,
    MEMORY_DAYS,
    PANEL_STORIES,
    POOLED_STORIES,
    PRIOR_STORIES,
    make_panel,
    membership,
    ratio_to_panel,
)
from tests.panels import NO_REFERENCE, POOLED, TODAY, measured, observations, simulated

PI = np.array([POOLED["threats"], POOLED["acts"], POOLED["easing"]])


def days_of(feed, *days):
    return [(feed, day) for day in days]


def test_an_archive_of_two_days_is_brought_to_a_mean_of_100():
    seen = observations([(1, "2022-01-01", 10, 5, 15, 2), (1, "2022-01-02", 10, 0, 10, 0)], archive=True)
    table = measured(seen)
    one, two = np.array([5, 15, 2]), np.array([0, 10, 0])
    first = (one + PRIOR_STORIES * PI) / (10 + PRIOR_STORIES)
    kept = 0.5 ** (1 / MEMORY_DAYS)
    panel = (one * kept + POOLED_STORIES * PI) / (10 * kept + POOLED_STORIES)
    mean = (one * kept + PANEL_STORIES * panel) / (10 * kept + PANEL_STORIES)
    second = (two + PRIOR_STORIES * mean) / (10 + PRIOR_STORIES)
    factor = 100 / np.mean([first[:2].sum(), second[:2].sum()])
    np.testing.assert_allclose(table[["threats", "acts", "easing"]].to_numpy(), factor * np.array([first, second]))
    np.testing.assert_allclose(table["index"], table["threats"] + table["acts"])
    np.testing.assert_allclose(table["net"], table["index"] - table["easing"])
    assert table["index"].mean() == pytest.approx(100)
    assert list(table["coverage_share"]) == [1, 1]
    assert list(table["n_stories"]) == [10, 10]


def test_a_day_that_too_few_feeds_observed_has_counts_and_no_value():
    days = ("2022-01-01", "2022-01-02")
    rows = [(f, "2022-01-01", 10, 1, 1, 0) for f in (1, 2, 3)] + [(1, "2022-01-02", 4, 9, 9, 9)]
    polled = [p for f in (1, 2, 3) for p in days_of(f, "2022-01-01")] + days_of(1, *days)
    second = measured(observations(rows, polled)).loc["2022-01-02"]
    assert second["status"] == "insufficient"
    assert second[["index", "net", "band_low", "band_high", "threats", "acts", "easing", "smoothed"]].isna().all()
    assert (second["n_articles"], second["n_feeds"]) == (4, 1)
    assert second["coverage_share"] == pytest.approx(1 / 3)


def test_failed_polls_leave_no_value_rather_than_a_calm_one():
    rows = [(1, "2022-01-01", 10, 5, 5, 0), (1, "2022-01-03", 10, 5, 5, 0)]
    table = measured(observations(rows, days_of(1, "2022-01-01", "2022-01-03")))
    assert list(table.index.strftime("%d")) == ["01", "03"]  # nothing is known of the second: no point at all
    assert (table["index"] > 0).all()


def test_a_feed_that_answered_without_news_counts_as_coverage_but_not_as_calm():
    rows = [(1, "2022-01-01", 10, 5, 5, 0), (2, "2022-01-01", 10, 5, 5, 0), (1, "2022-01-02", 10, 5, 5, 0)]
    polled = days_of(1, "2022-01-01", "2022-01-02") + days_of(2, "2022-01-01", "2022-01-02")
    table = measured(observations(rows, polled), 0.6)
    assert table.loc["2022-01-02", "coverage_share"] == 1
    assert table["index"].iloc[1] > table["index"].iloc[0]  # as calm, it would have been about a half


def test_stray_old_articles_of_one_feed_do_not_make_a_value():
    rows = [(f, "2022-01-10", 10, 1, 1, 0) for f in (1, 2, 3)] + [(1, "2003-05-05", 1, 9, 0, 0)]
    table = measured(observations(rows, [(f, "2022-01-10") for f in (1, 2, 3)]))
    assert table.loc["2003-05-05", "status"] == "insufficient"
    assert table.loc["2003-05-05", "n_articles"] == 1


def test_days_before_the_first_poll_count_when_the_founding_feeds_still_carry_them():
    rows = [(f, day, 10, 1, 1, 0) for f in (1, 2) for day in ("2022-01-08", "2022-01-10")]
    table = measured(observations(rows, [(1, "2022-01-10"), (2, "2022-01-10")]))
    assert table.loc["2022-01-08", "coverage_share"] == 1
    assert table["index"].notna().all()


def table_of_feeds(first, last, enabled):
    return pd.DataFrame(
        {
            "archive": False,
            "enabled": enabled,
            "first_polled_on": pd.to_datetime(first),
            "last_polled_on": pd.to_datetime(last),
            "interval_minutes": np.nan,
        },
        index=pd.RangeIndex(len(first), name="feed_id"),
    )


def test_a_feed_belongs_to_the_panel_after_its_trial_and_until_its_last_poll():
    days = pd.date_range("2022-01-02", periods=60)
    feeds = table_of_feeds(
        ["2022-01-02", "2022-01-05", "2022-01-02"], ["2022-03-02", "2022-03-02", "2022-01-09"], [True, True, False]
    )
    answered = np.ones((60, 3), bool)
    answered[10, 1] = False  # a day that it missed is no day of trial
    member = membership(feeds, days, np.ones((60, 3), bool), answered)
    assert member[:, 0].all()
    assert member[:, 1].tolist() == [False] * (3 + 28 + 1) + [True] * 28
    assert member[:, 2].tolist() == [True] * 8 + [False] * 52


def test_a_feed_that_is_switched_off_or_silent_leaves_and_is_on_trial_when_it_comes_back():
    days = pd.date_range("2022-01-01", periods=150)
    feeds = table_of_feeds(["2022-01-01"] * 3, ["2022-05-30"] * 3, [True] * 3)
    asked, answered = np.ones((150, 3), bool), np.ones((150, 3), bool)
    asked[20:50, 1] = answered[20:50, 1] = False  # switched off
    answered[20:60, 2] = False  # asked, and failing
    member = membership(feeds, days, asked, answered)
    assert member[:, 0].all()
    assert member[:, 1].tolist() == [True] * 22 + [False] * (28 + 28) + [True] * 72
    assert member[:, 2].tolist() == [True] * 48 + [False] * (12 + 28) + [True] * 62


def test_a_rest_of_the_whole_poller_sends_no_feed_away():
    days = pd.date_range("2022-01-01", periods=100)
    feeds = table_of_feeds(["2022-01-01"] * 2, ["2022-04-10"] * 2, [True] * 2)
    asked = np.ones((100, 2), bool)
    asked[20:60] = False
    assert membership(feeds, days, asked, asked).all()


def test_an_outage_of_the_network_sends_no_feed_away():
    days = pd.date_range("2022-01-01", periods=100)
    feeds = table_of_feeds(["2022-01-01"] * 2, ["2022-04-10"] * 2, [True] * 2)
    asked = np.ones((100, 2), bool)
    answered = asked.copy()
    answered[20:60] = False
    assert membership(feeds, days, asked, answered).all()


def test_a_feed_with_a_long_interval_stays():
    days = pd.date_range("2022-01-01", periods=60)
    feeds = table_of_feeds(["2022-01-01"] * 2, ["2022-03-01"] * 2, [True] * 2)
    feeds.loc[1, "interval_minutes"] = 4 * 24 * 60
    asked = np.ones((60, 2), bool)
    asked[:, 1] = np.arange(60) % 4 == 0
    assert membership(feeds, days, asked, asked)[:, 1].all()


def test_today_is_provisional_and_tomorrow_is_held_back():
    rows = [(1, day, 10, 1, 1, 0) for day in ("2022-02-28", "2022-03-01", "2022-03-02")]
    assert measured(observations(rows, archive=True))["status"].tolist() == ["final", "provisional"]


def test_smoothing_halves_a_shock_in_four_days():
    series = pd.Series(0.0, index=pd.date_range("2022-01-01", periods=400))
    series.iloc[300] = 1.0
    smoothed = smooth(series)
    assert smoothed.iloc[304] == pytest.approx(smoothed.iloc[300] / 2)
    series.iloc[310] = np.nan
    assert np.isnan(smooth(series).iloc[310])


def test_weekdays_are_evened_out_once_eight_weeks_are_known():
    days = pd.date_range("2022-01-03", periods=140)  # from a Monday
    weekly = pd.Series(np.where(days.dayofweek >= 5, 50.0, 120.0), index=days)
    factors = weekday_factors(weekly)
    assert (factors.iloc[:56] == 1).all()
    assert factors.iloc[-7:].tolist() == pytest.approx([1.2] * 5 + [0.5] * 2)
    assert smooth(weekly).iloc[-7:].std() < 0.1 * weekly.iloc[-7:].std()
    later = weekly.copy()
    later.iloc[-1] = 900.0
    pd.testing.assert_series_equal(weekday_factors(later).iloc[:-1], factors.iloc[:-1])  # trailing only


def test_a_live_panel_takes_the_level_of_the_reference_on_its_founding_days():
    days = pd.date_range("2022-01-01", periods=40)
    shares = pd.Series(2.0, index=days)
    shares.iloc[28:] = 5.0
    found = level(shares, pd.Series(150.0, index=days), complete=False, founding_days=28)
    assert found.factor == pytest.approx(75)
    assert found.provisional_until == pd.Timestamp.min  # founded


def test_a_live_panel_after_the_end_of_the_reference_takes_its_latest_level():
    reference = pd.Series([10.0] * 100 + [120.0] * 28, index=pd.date_range("2020-01-01", periods=128))
    shares = pd.Series(2.0, index=pd.date_range("2026-09-01", periods=3))
    found = level(shares, reference, complete=False, founding_days=28)
    assert found.factor == pytest.approx(60)
    assert found.provisional_until == pd.Timestamp.max


def test_the_base_is_the_mean_of_the_base_period():
    series = pd.Series([50.0, 150.0], index=pd.to_datetime(["2015-01-01", "2023-01-01"]))
    assert to_base(series) == pytest.approx(2)


# sources


def test_feeds_are_brought_to_one_level_by_their_ratio_on_common_days():
    sums, n = np.array([[4.0, 1.0]] * 300), np.full((300, 2), 10.0)
    ratio = ratio_to_panel(sums, n, np.ones((300, 2)), 0.25)
    assert ratio[0].tolist() == [1, 1]  # nothing is known yet
    assert ratio[-1, 0] / ratio[-1, 1] == pytest.approx(4, rel=0.15)


def constant(shares, n_days=240, weights=None, spans=None, enabled=None):
    """A world in which nothing changes: feeds of thirty stories a day, each at its own share."""
    days = pd.date_range(end=pd.Timestamp(TODAY), periods=n_days)
    spans = spans or {}
    rows, polled = [], []
    for feed, share in enumerate(shares):
        first, last = spans.get(feed, (0, n_days))
        rows += [(feed, day, 30, 0, 30 * share, 0) for day in days[first:last]]
        polled += [(feed, day) for day in days[first:last]]
    seen = observations(rows, polled, {"weight": weights} if weights else None)
    for feed in enabled or {}:
        seen.feeds.loc[feed, "enabled"] = enabled[feed]
    return measured(seen, reference=pd.Series(100.0, index=days))["index"]


CALM, HOT = 0.1, 1.0


@pytest.mark.parametrize(
    "world",
    [
        {"spans": {3: (60, 240)}},
        {"spans": {3: (60, 240)}, "weights": [1.0, 1.0, 1.0, 1e-9]},
        {"spans": {3: (0, 120)}, "enabled": {3: False}},
        {"spans": {3: (0, 120)}},
    ],
    ids=["enters", "enters without a vote", "leaves", "fails for good"],
)
def test_a_feed_of_another_level_moves_the_index_hardly(world):
    index = constant([CALM, CALM, CALM, HOT], **world)
    steps = index.pct_change().abs()
    assert steps.iloc[40:].max() < 0.06
    assert index.iloc[-1] == pytest.approx(index.iloc[40], rel=0.1)


def test_a_panel_whose_feeds_are_all_replaced_goes_on_at_its_level():
    spans = {0: (0, 130), 1: (0, 130), 2: (90, 240), 3: (90, 240)}
    index = constant([CALM, CALM, HOT, HOT], spans=spans, enabled={0: False, 1: False})
    assert index.iloc[-1] == pytest.approx(index.iloc[80], rel=0.15)


def test_a_new_panel_has_no_trend_of_its_own():
    for share in (0.03, 0.5):
        index = constant([share] * 5, n_days=90).iloc[1:]  # on the very first day nothing is known
        assert index.max() < 1.2 * index.min()


def test_a_family_of_feeds_weighs_no_more_than_two():
    rows = [(f, "2022-01-01", 10, 0, 10 if f < 6 else 0, 0) for f in range(9)]
    family = ["one"] * 6 + ["a", "b", "c"]
    panel, _ = make_panel(observations(rows, archive=True, feeds={"publisher": family}), POOLED, pd.Timestamp(TODAY))
    assert panel.weights[0, :6].sum() == pytest.approx(FAMILY_CAP)
    assert panel.weights[0, 6:].tolist() == [1, 1, 1]


@pytest.mark.parametrize("leaves", [False, True])
def test_a_feed_that_enters_or_leaves_makes_no_step(leaves):
    seen = simulated(n_feeds=6, n_days=150, means=np.array([6.0, 1, 1, 1, 1, 1]), level=np.ones(150))
    change = pd.Timestamp("2022-01-10")
    column = "last_polled_on" if leaves else "first_polled_on"
    feeds = seen.feeds.copy()
    feeds.loc[0, column] = change if leaves else change - pd.Timedelta(days=28)
    feeds.loc[0, "enabled"] = not leaves
    feed = seen.feed_days["feed_id"] == 0
    kept = seen.feed_days["day"] <= change if leaves else seen.feed_days["day"] >= feeds.loc[0, column]
    polled = seen.polled.merge(seen.feed_days.loc[~feed | kept, ["feed_id", "day"]])
    index = measured(type(seen)(seen.feed_days[~feed | kept], feeds, polled, seen.counts))["index"]
    before, after = index[:change].iloc[-40:], index[change:].iloc[1:41]
    noise = np.hypot(before.std(), after.std()) / np.sqrt(40)
    assert abs(after.mean() - before.mean()) < 3 * noise


# what shrinkage may do


feed_days = st.tuples(st.integers(1, 50), st.floats(0, 10), st.floats(0, 10), st.floats(0, 10))


def rows_of(days, times=1):
    return [
        (1 + i % 2, date(2022, 1, 1 + i // 2), times * n, times * n * t / 2, times * n * a / 2, times * n * e)
        for i, (n, t, a, e) in enumerate(days)
    ]


@given(st.lists(feed_days, min_size=1, max_size=30))
def test_values_are_finite_and_add_up(days):
    table = measured(observations(rows_of(days), archive=True))
    numbers = table[["index", "net", "threats", "acts", "easing", "smoothed", "band_low", "band_high"]].to_numpy()
    assert np.isfinite(numbers).all()
    assert (table[["threats", "acts", "easing"]] >= 0).all().all()
    np.testing.assert_allclose(table["index"], table["threats"] + table["acts"])


@given(st.lists(feed_days, min_size=2, max_size=30), st.integers(2, 5))
def test_without_shrinkage_more_of_the_same_changes_nothing(days, times):
    polled = [(row[0], row[1]) for row in rows_of(days)]
    one = measured(observations(rows_of(days), polled), shrink=False)
    other = measured(observations(rows_of(days, times), polled), shrink=False)
    np.testing.assert_allclose(one["index"], other["index"], rtol=1e-6)


@given(st.lists(feed_days, min_size=2, max_size=20), st.integers(2, 5))
def test_with_shrinkage_more_of_the_same_moves_the_day_toward_its_unshrunk_value_only(days, times):
    rows = [(1, date(2022, 1, 1 + i), n, n * t / 2, n * a / 2, n * e) for i, (n, t, a, e) in enumerate(days)]
    day, n, *sums = rows[-1][1:]
    doubled = [*rows[:-1], (1, day, times * n, *(times * total for total in sums))]

    def last(chosen, shrink=True):
        panel, _ = make_panel(observations(chosen, archive=True), POOLED, pd.Timestamp(TODAY), shrink)
        return mean_value(panel)[-1, :2].sum()

    before, after, unshrunk = last(rows), last(doubled), last(rows, shrink=False)
    assert min(before, unshrunk) - 1e-9 <= after <= max(before, unshrunk) + 1e-9


@given(st.lists(feed_days, min_size=2, max_size=20), st.floats(0, 10))
def test_a_story_at_or_above_its_feeds_mean_never_lowers_the_index(days, more):
    rows = rows_of(days)
    feed, day, n, threats, acts, easing = rows[-1]

    def panel_of(chosen):
        return make_panel(observations(chosen, archive=True), POOLED, pd.Timestamp(TODAY))[0]

    panel = panel_of(rows)
    shown = panel.values[-1, feed - 1, :2].sum() / panel.scale[-1, feed - 1] / (n + PRIOR_STORIES)
    told = min(10.0, shown + more)
    if told < shown:
        return
    after = panel_of([*rows[:-1], (feed, day, n + 1, threats, acts + told, easing)])
    assert mean_value(after)[-1, :2].sum() >= mean_value(panel)[-1, :2].sum() - 1e-9


@given(st.permutations(range(6)))
def test_the_order_of_arrival_does_not_matter(order):
    rows = [(1 + i % 2, f"2022-01-0{1 + i // 2}", 10 + i, i, 2 * i, 1) for i in range(6)]
    polled = [(row[0], row[1]) for row in rows]
    expected = measured(observations(rows, polled))
    pd.testing.assert_frame_equal(expected, measured(observations([rows[i] for i in order], polled)))


@settings(max_examples=20)
@given(st.integers(0, 2**31), st.integers(5, 40))
def test_a_later_day_rewrites_no_earlier_one(seed, known):
    seen = simulated(n_feeds=4, n_days=60, seed=seed)
    reference = pd.Series(100.0, index=pd.date_range("2021-01-01", periods=500))
    until = seen.feed_days["day"].sort_values().unique()[known - 1]
    then = measured(seen, reference=reference, today=until.date())
    now = measured(seen, reference=reference)
    columns = ["threats", "acts", "easing", "band_low", "band_high"]
    scale = now["index"].iloc[0] / then["index"].iloc[0]  # the level is provisional for 28 days
    np.testing.assert_allclose(now.loc[:until, columns] / scale, then[columns], rtol=1e-9)


def test_nothing_observed_gives_an_empty_table():
    assert measured(observations([])).empty
    assert measured(observations([]), reference=NO_REFERENCE).empty
