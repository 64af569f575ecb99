"""Where the index stands now, and which day stands for a week before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tension.index.now import day_before, members, now_of

REFERENCE = pd.Series(np.arange(100.0), index=pd.date_range("2021-01-01", periods=100))


def days(values: list[float | None]) -> pd.DataFrame:
    value = pd.Series(values, dtype=float)
    return pd.DataFrame(
        {"date": pd.date_range("2022-03-01", periods=len(values)), "index": value, "smoothed": value + 1}
    )


def test_the_last_day_with_a_value_is_held_against_the_week_before():
    now = now_of(days([10, 20, 30, 40, 50, 60, 70, 80, None]), REFERENCE, None)
    assert (now.latest["date"], now.latest["index"]) == (pd.Timestamp("2022-03-08"), 80)
    assert now.week["date"] == pd.Timestamp("2022-03-01")
    assert (now.moved("index"), now.moved("smoothed")) == (70, 70)
    assert (now.level.word, now.level.percentile, now.level.own_history) == ("elevated", 82, False)


def test_a_week_without_a_day_near_it_has_no_change():
    now = now_of(days([10, *[None] * 11, 80]), REFERENCE, None)
    assert now.week is None
    assert now.moved("index") is None
    assert np.isnan(now.stands_out)


def test_a_forerunner_lies_within_its_bounds():
    known = pd.DatetimeIndex(["2022-03-01", "2022-03-04", "2022-03-10"])
    last = pd.Timestamp("2022-03-12")
    assert day_before(known, last, 1, 2) == pd.Timestamp("2022-03-10")
    assert day_before(known, last, 7, 10) == pd.Timestamp("2022-03-04")
    assert day_before(known, last, 9, 10) is None
    assert day_before(known, last, 12, 20) is None


def test_a_panel_has_as_many_feeds_as_were_heard_by_their_share():
    assert members(pd.Series({"n_feeds": 38, "coverage_share": 38 / 41})) == 41
    assert members(pd.Series({"n_feeds": 0, "coverage_share": 0.0})) == 0
