"""Bands hold what they promise: coverage by simulation, wider where less is known, the same in every run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tension.index.bands import bands
from tension.index.chain import mean_value
from tension.index.panel import make_panel
from tests.panels import POOLED, TODAY, measured, observations, simulated


def test_half_of_the_feeds_lie_in_the_source_band_on_nine_days_of_ten():
    seen = simulated(n_feeds=40, n_days=120, seed=4)
    panel, _ = make_panel(seen, POOLED, pd.Timestamp(TODAY))
    band = bands(panel, np.ones(len(panel.days), bool), sources_only=True)
    random, inside = np.random.default_rng(5), []
    for _ in range(30):
        half = np.isin(np.arange(40), random.permutation(40)[:20])
        value = mean_value(panel, half)[:, :2].sum(axis=1)
        inside.append((value >= band[:, 0]) & (value <= band[:, 1]))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.05)


def test_leaving_out_one_of_ten_families_stays_within_the_band_on_nine_days_of_ten():
    seen = simulated(n_feeds=12, n_days=120, seed=6)
    panel, _ = make_panel(seen, POOLED, pd.Timestamp(TODAY))
    band = bands(panel, np.ones(len(panel.days), bool))
    for feed in range(12):
        value = mean_value(panel, np.arange(12) != feed)[:, :2].sum(axis=1)
        assert np.mean((value >= band[:, 0]) & (value <= band[:, 1])) >= 0.9


def test_an_average_feed_more_moves_no_day_beyond_its_band():
    seen = simulated(n_feeds=12, n_days=60, seed=7)
    whole = measured(seen)
    average = seen.feed_days.groupby("day")[["n_effective", "threats", "acts", "easing", "squares", "variance"]].mean()
    more = pd.concat([seen.feed_days, average.reset_index().assign(feed_id=99)])
    feeds = pd.concat([seen.feeds, seen.feeds.iloc[[0]].set_axis([99]).assign(publisher="average")])
    feeds.index.name = "feed_id"
    polled = pd.concat([seen.polled, pd.DataFrame({"feed_id": 99, "day": average.index, "answered": True})])
    joined = measured(type(seen)(more, feeds, polled, seen.counts))["index"]
    assert ((joined >= whole["band_low"]) & (joined <= whole["band_high"])).all()


def test_a_band_is_wider_where_fewer_feeds_saw_the_day():
    seen = simulated(n_feeds=30, n_days=60, seed=8)
    day = seen.feed_days["day"].max()
    few = seen.feed_days[(seen.feed_days["day"] != day) | (seen.feed_days["feed_id"] < 6)]
    polled = seen.polled[(seen.polled["day"] != day) | (seen.polled["feed_id"] < 6)]
    thin = measured(type(seen)(few, seen.feeds, polled, seen.counts), 0.1).iloc[-1]
    whole = measured(seen).iloc[-1]
    assert thin["band_high"] - thin["band_low"] > 1.3 * (whole["band_high"] - whole["band_low"])


def test_a_band_is_wider_where_fewer_stories_were_told():
    def width(n):
        rows = [(1, day, 60, 6, 18, 1) for day in pd.date_range("2022-01-01", "2022-02-27")]
        table = measured(observations([*rows, (1, "2022-02-28", n, n * 0.1, n * 0.3, 0)], archive=True))
        return table["band_high"].iloc[-1] - table["band_low"].iloc[-1]

    widths = [width(n) for n in (1, 5, 20, 60, 200)]
    assert widths == sorted(widths, reverse=True)


def test_a_band_does_not_reach_below_zero():
    assert (measured(simulated(n_feeds=3, n_days=40, seed=9))["band_low"] >= 0).all()


def test_the_same_observations_give_the_same_band():
    pd.testing.assert_frame_equal(measured(simulated(6, 30)), measured(simulated(6, 30)))
